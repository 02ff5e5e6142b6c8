/*
 * What this program is and what it is linked with: for --version and the manifest.
 */
#ifndef SCANNER_VERSION_H
#define SCANNER_VERSION_H

#include <stdbool.h>
#include <stddef.h>

/* Name and version of linked library number `index`, as it says itself; false past the last. */
bool version_library(size_t index, const char **name, const char **version);

/* Prints what --version prints. */
void version_print(void);

#endif
