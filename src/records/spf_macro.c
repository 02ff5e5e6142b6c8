#include "records/spf_macro.h"

#include <string.h>

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* Bytes of `text` up to the first percent sign. */
static size_t literal_len(mxs_slice text)
{
    const char *percent = memchr(text.ptr, '%', text.len);

    return percent == NULL ? text.len : (size_t)(percent - text.ptr);
}

static uint32_t add_digit(uint32_t number, char digit)
{
    uint32_t value = (uint32_t)(digit - '0');

    return number > (UINT32_MAX - value) / 10 ? UINT32_MAX : number * 10 + value;
}

/* transformers = *DIGIT [ "r" ]; section 7.3: where a number is given, it is not zero. */
static bool read_transformers(mxs_slice text, size_t *at, struct mxs_spf_piece *piece)
{
    size_t start = *at;

    while (*at < text.len && mxs_is_digit(text.ptr[*at]))
        piece->parts = add_digit(piece->parts, text.ptr[(*at)++]);
    if (*at > start && piece->parts == 0)
        return false;
    if (*at < text.len && mxs_lower(text.ptr[*at]) == 'r') {
        piece->reversed = true;
        (*at)++;
    }
    return true;
}

/* "%{" macro-letter transformers *delimiter "}": its length, or 0. */
static size_t read_expand(mxs_slice text, struct mxs_spf_piece *piece)
{
    size_t at = 3, start;

    if (text.len < 4 || !is_one_of(mxs_lower(text.ptr[2]), "slodiphcrtv"))
        return 0;
    piece->letter = mxs_lower(text.ptr[2]);
    piece->url_escaped = piece->letter != text.ptr[2];
    if (!read_transformers(text, &at, piece))
        return 0;
    start = at;
    while (at < text.len && is_one_of(text.ptr[at], ".-+,/_="))
        at++;
    if (at == text.len || text.ptr[at] != '}')
        return 0;
    piece->delimiters = (mxs_slice){text.ptr + start, at - start};
    return at + 1;
}

bool mxs_spf_next_piece(mxs_slice *rest, struct mxs_spf_piece *piece)
{
    size_t len;

    *piece = (struct mxs_spf_piece){0};
    if (rest->len == 0)
        return false;
    len = literal_len(*rest);
    if (len > 0) {
        piece->kind = MXS_SPF_LITERAL;
    } else if (rest->len > 1 && is_one_of(rest->ptr[1], "%_-")) {
        piece->kind = MXS_SPF_ESCAPE;
        len = 2;
    } else if (rest->len > 1 && rest->ptr[1] == '{' && (len = read_expand(*rest, piece)) > 0) {
        piece->kind = MXS_SPF_EXPAND;
    } else {
        *piece = (struct mxs_spf_piece){.kind = MXS_SPF_BROKEN};
        len = 1;
    }
    piece->text = (mxs_slice){rest->ptr, len};
    *rest = mxs_slice_from(*rest, len);
    return true;
}

unsigned mxs_spf_macro_bit(char letter)
{
    static const char letters[] = "slodiphv"; /* in the order of enum mxs_spf_macro */
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);

    return found == NULL ? 0 : 1U << (found - letters);
}
