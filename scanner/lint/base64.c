#include "lint/base64.h"

#include <string.h>

static bool read_digit(char c, uint32_t *value)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c == '\0' ? NULL : strchr(digits, c);

    *value = found == NULL ? 0 : (uint32_t)(found - digits);
    return found != NULL;
}

/* Four digits, of which the last `padding` are equals signs. */
static bool read_quantum(const char *text, size_t padding, char *bytes)
{
    uint32_t value = 0, digit;

    for (size_t i = 0; i < 4; i++) {
        digit = 0;
        if (i < 4 - padding && !read_digit(text[i], &digit))
            return false;
        value = value << 6 | digit;
    }
    for (size_t i = 0; i < 3 - padding; i++)
        bytes[i] = (char)(value >> (16 - 8 * i) & 0xFF);
    return true;
}

bool base64_read(struct mxs_arena *arena, mxs_slice text, mxs_slice *bytes)
{
    size_t padding = mxs_slice_ends_with(text, MXS_SLICE("=="))  ? 2
                     : mxs_slice_ends_with(text, MXS_SLICE("=")) ? 1
                                                                 : 0;
    char *out = mxs_arena_alloc(arena, text.len / 4 * 3);

    *bytes = (mxs_slice){NULL, 0};
    if (out == NULL || text.len % 4 != 0)
        return false;
    for (size_t i = 0; i < text.len / 4; i++) {
        bool last = i + 1 == text.len / 4;
        if (!read_quantum(text.ptr + 4 * i, last ? padding : 0, out + 3 * i))
            return false;
    }
    *bytes = (mxs_slice){out, text.len / 4 * 3 - padding};
    return true;
}
