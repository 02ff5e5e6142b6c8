#include "json_check.h"

#include <string.h>

enum { DEPTH_MAX = 32, MEMBERS_MAX = 64 };

struct reader {
    const unsigned char *at, *end;
};

static bool read_value(struct reader *reader, unsigned depth);

static bool take(struct reader *reader, const char *literal)
{
    size_t len = strlen(literal);

    if ((size_t)(reader->end - reader->at) < len || memcmp(reader->at, literal, len) != 0)
        return false;
    reader->at += len;
    return true;
}

static bool is_hex(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* What follows a backslash. */
static bool read_escape(struct reader *reader)
{
    if (reader->at == reader->end)
        return false;
    unsigned char c = *reader->at++;
    if (c != 'u')
        return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
    if (reader->end - reader->at < 4)
        return false;
    for (int i = 0; i < 4; i++)
        if (!is_hex(*reader->at++))
            return false;
    return true;
}

static bool is_tail(struct reader *reader, unsigned char low, unsigned char high)
{
    if (reader->at == reader->end || *reader->at < low || *reader->at > high)
        return false;
    reader->at++;
    return true;
}

/* A sequence of two to four octets by the table of RFC 3629 section 4; C1 and U+2028/9 refused. */
static bool read_sequence(struct reader *reader)
{
    unsigned char lead = *reader->at++;
    unsigned char low = 0x80, high = 0xBF;

    if (lead >= 0xC2 && lead <= 0xDF)
        return is_tail(reader, lead == 0xC2 ? 0xA0 : 0x80, 0xBF);
    if (lead == 0xE2 && reader->end - reader->at >= 2 && reader->at[0] == 0x80 &&
        (reader->at[1] == 0xA8 || reader->at[1] == 0xA9))
        return false;
    if (lead == 0xE0 || lead == 0xF0)
        low = lead == 0xE0 ? 0xA0 : 0x90;
    if (lead == 0xED || lead == 0xF4)
        high = lead == 0xED ? 0x9F : 0x8F;
    if (lead >= 0xE0 && lead <= 0xEF)
        return is_tail(reader, low, high) && is_tail(reader, 0x80, 0xBF);
    return lead >= 0xF0 && lead <= 0xF4 && is_tail(reader, low, high) &&
           is_tail(reader, 0x80, 0xBF) && is_tail(reader, 0x80, 0xBF);
}

static bool read_string(struct reader *reader)
{
    if (!take(reader, "\""))
        return false;
    while (reader->at < reader->end && *reader->at != '"') {
        unsigned char c = *reader->at;
        if (c < 0x20 || c == 0x7F)
            return false;
        if (c >= 0x80) {
            if (!read_sequence(reader))
                return false;
            continue;
        }
        reader->at++;
        if (c == '\\' && !read_escape(reader))
            return false;
    }
    return take(reader, "\"");
}

/* Our numbers are whole and not negative. */
static bool read_number(struct reader *reader)
{
    const unsigned char *start = reader->at;

    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
        reader->at++;
    return reader->at > start && (*start != '0' || reader->at == start + 1);
}

static bool read_array(struct reader *reader, unsigned depth)
{
    if (take(reader, "]"))
        return true;
    do {
        if (!read_value(reader, depth))
            return false;
    } while (take(reader, ","));
    return take(reader, "]");
}

static bool read_object(struct reader *reader, unsigned depth)
{
    mxs_slice names[MEMBERS_MAX];
    unsigned count = 0;

    if (take(reader, "}"))
        return true;
    do {
        const unsigned char *start = reader->at;
        if (count == MEMBERS_MAX || !read_string(reader))
            return false;
        names[count] = (mxs_slice){(const char *)start, (size_t)(reader->at - start)};
        for (unsigned i = 0; i < count; i++)
            if (mxs_slice_equal(names[i], names[count]))
                return false;
        count++;
        if (!take(reader, ":") || !read_value(reader, depth))
            return false;
    } while (take(reader, ","));
    return take(reader, "}");
}

static bool read_value(struct reader *reader, unsigned depth)
{
    if (depth == DEPTH_MAX || reader->at == reader->end)
        return false;
    if (take(reader, "{"))
        return read_object(reader, depth + 1);
    if (take(reader, "["))
        return read_array(reader, depth + 1);
    if (take(reader, "null") || take(reader, "true") || take(reader, "false"))
        return true;
    return *reader->at == '"' ? read_string(reader) : read_number(reader);
}

bool json_is_valid(mxs_slice text)
{
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    struct reader reader = {bytes, bytes + text.len};

    return read_value(&reader, 0) && reader.at == reader.end;
}
