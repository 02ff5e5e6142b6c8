/**
 * Arenas: memory for what dies together.
 *
 * Single pieces are never freed. A failed allocation returns NULL and is remembered in `failed`, so
 * that a run of small steps can be checked once at its end. Not safe for use by two threads.
 */
#ifndef MXSWEEP_ARENA_H
#define MXSWEEP_ARENA_H

#include <mxsweep/slice.h>

struct mxs_arena_block;

struct mxs_arena {
    struct mxs_arena_block *blocks; /**< Newest first; the arena owns them. */
    char *next, *end;               /**< What is free in the newest block. */
    size_t bytes;                   /**< Size of all blocks, for those who bound memory. */
    bool failed;                    /**< An allocation failed since the last reset. */
};

/** An empty arena. Allocates nothing, cannot fail. */
MXS_API void mxs_arena_init(struct mxs_arena *arena);
/** Frees everything and leaves an empty arena. */
MXS_API void mxs_arena_clear(struct mxs_arena *arena);
/** Forgets what was allocated but keeps one block for the next round. */
MXS_API void mxs_arena_reset(struct mxs_arena *arena);

/** `size` zeroed bytes, aligned for any object, or NULL. */
MXS_API void *mxs_arena_alloc(struct mxs_arena *arena, size_t size);
/** `count` zeroed objects of `size` bytes, or NULL, also when the product does not fit. */
MXS_API void *mxs_arena_array(struct mxs_arena *arena, size_t count, size_t size);
/** A copy of `bytes` in the arena; its `ptr` is NULL when memory is out. */
MXS_API mxs_slice mxs_arena_copy(struct mxs_arena *arena, mxs_slice bytes);

#endif
