/*
 * A few texts of the command line: the uses of an option that may be given again and again.
 */
#ifndef SCANNER_TEXTS_H
#define SCANNER_TEXTS_H

#include <stddef.h>

enum { TEXTS_MAX = 32 };

struct texts {
    const char *items[TEXTS_MAX];
    size_t count;
};

#endif
