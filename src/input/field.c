#include "input/field.h"

#include <mxsweep/address.h>

/* Text up to the first of `ends`, or all of it. */
static mxs_slice up_to(mxs_slice text, mxs_slice ends)
{
    for (size_t i = 0; i < text.len; i++)
        for (size_t k = 0; k < ends.len; k++)
            if (text.ptr[i] == ends.ptr[k])
                return (mxs_slice){text.ptr, i};
    return text;
}

static mxs_slice after_last_at(mxs_slice text)
{
    for (size_t i = text.len; i > 0; i--)
        if (text.ptr[i - 1] == '@')
            return mxs_slice_from(text, i);
    return text;
}

/*
 * authority = ... host [ ":" port ], port = *DIGIT: RFC 3986 section 3.2. Outside a URL a port has
 * digits: what is in front of a colon alone ("http:/ex.com") is no host.
 */
static mxs_slice without_port(mxs_slice text, bool is_url)
{
    size_t len = text.len;

    while (len > 0 && mxs_is_digit(text.ptr[len - 1]))
        len--;
    if (len > 0 && text.ptr[len - 1] == ':' && (is_url || len < text.len))
        text.len = len - 1;
    return text;
}

/* scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ): RFC 3986 section 3.1. 0 when none. */
static size_t scheme_len(mxs_slice text)
{
    size_t len = 0;

    while (len < text.len && (mxs_is_alphanumeric(text.ptr[len]) || text.ptr[len] == '+' ||
                              text.ptr[len] == '-' || text.ptr[len] == '.'))
        len++;
    if (len == 0 || !mxs_is_alpha(text.ptr[0]))
        return 0;
    return mxs_slice_starts_with(mxs_slice_from(text, len), MXS_SLICE("://")) ? len + 3 : 0;
}

/* SP, HTAB, LF, VT, FF, CR. */
static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

mxs_slice mxs_field_trim(mxs_slice text)
{
    const mxs_slice mark = MXS_SLICE("\xEF\xBB\xBF");

    if (mxs_slice_starts_with(text, mark))
        text = mxs_slice_from(text, mark.len);
    while (text.len > 0 && is_space(text.ptr[0]))
        text = mxs_slice_from(text, 1);
    while (text.len > 0 && is_space(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

bool mxs_field_is_address(mxs_slice text)
{
    struct mxs_address address;

    if (text.len >= 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']')
        return true;
    return mxs_address_parse(text, &address);
}

bool mxs_field_is_compound(mxs_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (is_space(text.ptr[i]) || text.ptr[i] == '@' || text.ptr[i] == '/' ||
            text.ptr[i] == ':' || text.ptr[i] == ',')
            return true;
    return false;
}

mxs_slice mxs_field_host(mxs_slice text)
{
    size_t scheme = scheme_len(text);

    /* A URL's path may hold an `@`, the local part of an address a slash: the scheme tells. */
    text = scheme > 0 ? mxs_slice_from(text, scheme) : after_last_at(text);
    text = after_last_at(up_to(text, MXS_SLICE("/?#")));
    return without_port(text, scheme > 0);
}
