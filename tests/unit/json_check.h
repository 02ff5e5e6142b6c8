/* A strict judge of JSON, written apart from the writer under test. */
#ifndef TESTS_JSON_CHECK_H
#define TESTS_JSON_CHECK_H

#include <mxsweep/slice.h>

/*
 * True when `text` is one JSON value of RFC 8259 and nothing else, in UTF-8 (RFC 3629), without
 * blanks between tokens and without a raw control character, DEL, C1, U+2028 or U+2029, and when no
 * object has two members of one name.
 */
bool json_is_valid(mxs_slice text);

#endif
