/**
 * A buffer to append to. A failed append is remembered in `failed` and makes later ones do nothing,
 * so that a writer of many small pieces checks once, at its end.
 */
#ifndef MXSWEEP_BUFFER_H
#define MXSWEEP_BUFFER_H

#include <mxsweep/slice.h>

struct mxs_buffer {
    char *ptr; /**< Owned. */
    size_t len, capacity;
    bool failed; /**< Memory ran out; `ptr` holds what was written before. */
};

MXS_API void mxs_buffer_init(struct mxs_buffer *buffer);
/** Frees the memory and leaves an empty buffer. */
MXS_API void mxs_buffer_clear(struct mxs_buffer *buffer);
/** Empties the buffer, keeps its memory, forgets a failure. */
MXS_API void mxs_buffer_reset(struct mxs_buffer *buffer);

/** Room for `size` more bytes at `ptr + len`; false when memory is out. */
MXS_API bool mxs_buffer_reserve(struct mxs_buffer *buffer, size_t size);
MXS_API void mxs_buffer_append(struct mxs_buffer *buffer, mxs_slice bytes);
MXS_API void mxs_buffer_append_char(struct mxs_buffer *buffer, char c);
/** Appends `number` in decimal. */
MXS_API void mxs_buffer_append_number(struct mxs_buffer *buffer, uint64_t number);
MXS_API mxs_slice mxs_buffer_slice(const struct mxs_buffer *buffer);

#endif
