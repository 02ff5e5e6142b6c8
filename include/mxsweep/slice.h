/**
 * Slices: bytes that belong to someone else.
 *
 * A slice is a pointer and a length, passed by value. It owns nothing and ends nowhere: no function
 * here reads past `len`, and none needs a final NUL. All functions are pure and allocate nothing.
 */
#ifndef MXSWEEP_SLICE_H
#define MXSWEEP_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mxsweep/api.h>

typedef struct mxs_slice {
    const char *ptr;
    size_t len;
} mxs_slice;

/** A slice over a string literal. */
#define MXS_SLICE(literal) ((mxs_slice){("" literal), sizeof(literal) - 1})

/** A slice over a NUL-terminated string of our own; never for bytes from outside. */
MXS_API mxs_slice mxs_slice_of(const char *string);

MXS_API bool mxs_is_alpha(char c);
MXS_API bool mxs_is_digit(char c);
MXS_API bool mxs_is_alphanumeric(char c);
/** SP or HTAB, the blanks of RFC 5234 WSP. */
MXS_API bool mxs_is_blank(char c);
/** ASCII lower case; other bytes unchanged, whatever the locale. */
MXS_API char mxs_lower(char c);

MXS_API bool mxs_slice_equal(mxs_slice a, mxs_slice b);
/** Equal but for the case of ASCII letters. */
MXS_API bool mxs_slice_equal_nocase(mxs_slice a, mxs_slice b);
MXS_API bool mxs_slice_starts_with(mxs_slice text, mxs_slice prefix);
MXS_API bool mxs_slice_starts_with_nocase(mxs_slice text, mxs_slice prefix);
MXS_API bool mxs_slice_ends_with(mxs_slice text, mxs_slice suffix);
/** Bytewise order, a prefix before what it begins: negative, 0 or positive. */
MXS_API int mxs_slice_compare(mxs_slice a, mxs_slice b);

/** `text` from offset `from` on; the empty end when `from` is beyond it. */
MXS_API mxs_slice mxs_slice_from(mxs_slice text, size_t from);
/** `text` without blanks (SP, HTAB) at both ends. */
MXS_API mxs_slice mxs_slice_trim(mxs_slice text);

/**
 * Takes the next field of `*rest`, up to `separator` or the end.
 *
 * Returns false when nothing is left. "a;" gives "a" and then an empty field, so an empty text
 * gives one empty field; after the last field `rest->ptr` is NULL.
 */
MXS_API bool mxs_slice_split(mxs_slice *rest, char separator, mxs_slice *field);

/**
 * Reads an unsigned decimal number that fills the whole of `text` and is at most `max`.
 *
 * Returns false, with `*number` 0, for anything else: empty, a sign, a blank, a larger number.
 */
MXS_API bool mxs_slice_to_number(mxs_slice text, uint64_t max, uint64_t *number);

/** True when `text` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
MXS_API bool mxs_slice_is_utf8(mxs_slice text);

#endif
