/* What every unit test includes: cmocka, and text in blocks of its exact size. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <mxsweep/slice.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** A copy on the heap with no byte more, so that a sanitizer sees a read past the end. */
static inline mxs_slice exact_copy(const char *text, size_t len)
{
    char *copy = malloc(len);

    assert_true(copy != NULL || len == 0);
    if (len > 0)
        memcpy(copy, text, len);
    return (mxs_slice){copy, len};
}

static inline void assert_slice_equal(mxs_slice got, const char *want)
{
    if (got.len != strlen(want) ||
        (got.len > 0 && (got.ptr == NULL || memcmp(got.ptr, want, got.len) != 0)))
        fail_msg("got \"%.*s\", want \"%s\"", (int)got.len, got.ptr ? got.ptr : "", want);
}

#endif
