#include <mxsweep/buffer.h>

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void mxs_buffer_init(struct mxs_buffer *buffer)
{
    *buffer = (struct mxs_buffer){0};
}

void mxs_buffer_clear(struct mxs_buffer *buffer)
{
    free(buffer->ptr);
    mxs_buffer_init(buffer);
}

void mxs_buffer_reset(struct mxs_buffer *buffer)
{
    buffer->len = 0;
    buffer->failed = false;
}

static bool grow(struct mxs_buffer *buffer, size_t size)
{
    size_t capacity = buffer->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : buffer->capacity;
    char *memory;

    if (size > SIZE_MAX / 4 - buffer->len)
        return false;
    while (capacity - buffer->len < size)
        capacity *= 2;
    memory = realloc(buffer->ptr, capacity);
    if (memory == NULL)
        return false;
    buffer->ptr = memory;
    buffer->capacity = capacity;
    return true;
}

bool mxs_buffer_reserve(struct mxs_buffer *buffer, size_t size)
{
    if (buffer->failed)
        return false;
    if (buffer->capacity - buffer->len < size && !grow(buffer, size))
        buffer->failed = true;
    return !buffer->failed;
}

void mxs_buffer_append(struct mxs_buffer *buffer, mxs_slice bytes)
{
    if (bytes.len == 0 || !mxs_buffer_reserve(buffer, bytes.len))
        return;
    memcpy(buffer->ptr + buffer->len, bytes.ptr, bytes.len);
    buffer->len += bytes.len;
}

void mxs_buffer_append_char(struct mxs_buffer *buffer, char c)
{
    if (mxs_buffer_reserve(buffer, 1))
        buffer->ptr[buffer->len++] = c;
}

void mxs_buffer_append_number(struct mxs_buffer *buffer, uint64_t number)
{
    char digits[20]; /* 2^64 has 20 */
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    mxs_buffer_append(buffer, (mxs_slice){digits + at, sizeof digits - at});
}

mxs_slice mxs_buffer_slice(const struct mxs_buffer *buffer)
{
    return (mxs_slice){buffer->ptr, buffer->len};
}
