/*
 * Memory that runs out: stands in front of malloc, calloc and realloc of the program under test.
 * The test is to be linked with --wrap for these three.
 */
#ifndef TESTS_SCARCE_H
#define TESTS_SCARCE_H

#include <stdbool.h>

/* Lets allocation number `at` (from 1) fail, and with `all` every later one, too. */
void scarce_begin(unsigned at, bool all);
/* Ends it; true when an allocation failed meanwhile. */
bool scarce_end(void);

#endif
