#include <mxsweep/slice.h>

#include <string.h>

mxs_slice mxs_slice_of(const char *string)
{
    return (mxs_slice){string, strlen(string)};
}

bool mxs_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool mxs_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool mxs_is_alphanumeric(char c)
{
    return mxs_is_alpha(c) || mxs_is_digit(c);
}

bool mxs_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

char mxs_lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        c = (char)(c - 'A' + 'a');
    return c;
}

static bool equal_bytes(const char *a, const char *b, size_t len)
{
    return len == 0 || memcmp(a, b, len) == 0;
}

static bool equal_bytes_nocase(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (mxs_lower(a[i]) != mxs_lower(b[i]))
            return false;
    return true;
}

bool mxs_slice_equal(mxs_slice a, mxs_slice b)
{
    return a.len == b.len && equal_bytes(a.ptr, b.ptr, a.len);
}

bool mxs_slice_equal_nocase(mxs_slice a, mxs_slice b)
{
    return a.len == b.len && equal_bytes_nocase(a.ptr, b.ptr, a.len);
}

bool mxs_slice_starts_with(mxs_slice text, mxs_slice prefix)
{
    return text.len >= prefix.len && equal_bytes(text.ptr, prefix.ptr, prefix.len);
}

bool mxs_slice_starts_with_nocase(mxs_slice text, mxs_slice prefix)
{
    return text.len >= prefix.len && equal_bytes_nocase(text.ptr, prefix.ptr, prefix.len);
}

bool mxs_slice_ends_with(mxs_slice text, mxs_slice suffix)
{
    return text.len >= suffix.len &&
           (suffix.len == 0 ||
            equal_bytes(text.ptr + (text.len - suffix.len), suffix.ptr, suffix.len));
}

int mxs_slice_compare(mxs_slice a, mxs_slice b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common > 0 ? memcmp(a.ptr, b.ptr, common) : 0;

    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

mxs_slice mxs_slice_from(mxs_slice text, size_t from)
{
    if (from > text.len)
        from = text.len;
    return from == 0 ? text : (mxs_slice){text.ptr + from, text.len - from};
}

mxs_slice mxs_slice_trim(mxs_slice text)
{
    while (text.len > 0 && mxs_is_blank(text.ptr[0]))
        text = mxs_slice_from(text, 1);
    while (text.len > 0 && mxs_is_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

bool mxs_slice_split(mxs_slice *rest, char separator, mxs_slice *field)
{
    const char *found;

    *field = *rest;
    if (rest->ptr == NULL)
        return false;
    found = rest->len > 0 ? memchr(rest->ptr, separator, rest->len) : NULL;
    if (found == NULL) {
        *rest = (mxs_slice){NULL, 0};
    } else {
        field->len = (size_t)(found - rest->ptr);
        *rest = mxs_slice_from(*rest, field->len + 1);
    }
    return true;
}

bool mxs_slice_to_number(mxs_slice text, uint64_t max, uint64_t *number)
{
    uint64_t value = 0;

    *number = 0;
    if (text.len == 0)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!mxs_is_digit(text.ptr[i]))
            return false;
        uint64_t digit = (uint64_t)(text.ptr[i] - '0');
        if (value > max / 10 || (value == max / 10 && digit > max % 10))
            return false;
        value = value * 10 + digit;
    }
    *number = value;
    return true;
}

/* Octets of the sequence that `lead` begins, 0 when nothing may begin so (RFC 3629 section 4). */
static size_t sequence_len(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/* The second octet excludes overlong forms, surrogates and what lies beyond U+10FFFF. */
static bool second_octet_fits(unsigned char lead, unsigned char second)
{
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;

    return second >= low && second <= high;
}

bool mxs_slice_is_utf8(mxs_slice text)
{
    const unsigned char *octets = (const unsigned char *)text.ptr;

    for (size_t i = 0, len; i < text.len; i += len) {
        len = sequence_len(octets[i]);
        if (len == 0 || len > text.len - i)
            return false;
        if (len > 1 && !second_octet_fits(octets[i], octets[i + 1]))
            return false;
        for (size_t k = 2; k < len; k++)
            if ((octets[i + k] & 0xC0) != 0x80)
                return false;
    }
    return true;
}
