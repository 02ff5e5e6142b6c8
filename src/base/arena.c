#include <mxsweep/arena.h>

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

struct mxs_arena_block {
    struct mxs_arena_block *older;
    size_t size; /* of the whole block, this header included */
    alignas(max_align_t) char memory[];
};

enum { FIRST_BLOCK = 512, LARGEST_GROWTH = 64 << 10, ALIGNMENT = alignof(max_align_t) };

void mxs_arena_init(struct mxs_arena *arena)
{
    *arena = (struct mxs_arena){0};
}

void mxs_arena_clear(struct mxs_arena *arena)
{
    while (arena->blocks != NULL) {
        struct mxs_arena_block *block = arena->blocks;
        arena->blocks = block->older;
        free(block);
    }
    mxs_arena_init(arena);
}

void mxs_arena_reset(struct mxs_arena *arena)
{
    struct mxs_arena_block *kept = arena->blocks;

    arena->failed = false;
    if (kept == NULL)
        return;
    arena->blocks = kept->older; /* the newest block is the largest: keep that one */
    mxs_arena_clear(arena);
    kept->older = NULL;
    arena->blocks = kept;
    arena->next = kept->memory;
    arena->end = (char *)kept + kept->size;
    arena->bytes = kept->size;
}

/* Adds a block with room for `size` bytes; blocks double until they are large. */
static bool grow(struct mxs_arena *arena, size_t size)
{
    size_t wanted = arena->blocks == NULL ? FIRST_BLOCK : arena->blocks->size * 2;
    struct mxs_arena_block *block;

    if (wanted > LARGEST_GROWTH)
        wanted = LARGEST_GROWTH;
    if (size > SIZE_MAX / 2)
        return false;
    if (wanted < size + sizeof *block)
        wanted = size + sizeof *block;
    block = malloc(wanted);
    if (block == NULL)
        return false;
    block->older = arena->blocks;
    block->size = wanted;
    arena->blocks = block;
    arena->next = block->memory;
    arena->end = (char *)block + wanted;
    arena->bytes += wanted;
    return true;
}

void *mxs_arena_alloc(struct mxs_arena *arena, size_t size)
{
    size_t wanted = size == 0 ? 1 : size; /* so that nothing, too, has an address */
    size_t rounded = (wanted + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    char *memory;

    if (rounded < size || (rounded > (size_t)(arena->end - arena->next) && !grow(arena, rounded))) {
        arena->failed = true;
        return NULL;
    }
    memory = arena->next;
    arena->next += rounded;
    memset(memory, 0, rounded);
    return memory;
}

void *mxs_arena_array(struct mxs_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 2 / size) {
        arena->failed = true;
        return NULL;
    }
    return mxs_arena_alloc(arena, count * size);
}

mxs_slice mxs_arena_copy(struct mxs_arena *arena, mxs_slice bytes)
{
    char *copy = mxs_arena_alloc(arena, bytes.len);

    if (copy == NULL)
        return (mxs_slice){NULL, 0};
    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    return (mxs_slice){copy, bytes.len};
}
