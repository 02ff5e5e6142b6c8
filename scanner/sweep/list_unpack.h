/*
 * The packing of a list: none, gzip or zstd, known by the first bytes. Unpacking is a stream of
 * small steps in bounded memory, whatever a list unpacks to; a zstd window over 128 MiB is refused.
 *
 * Several gzip members or zstd frames in a row are one list, skippable frames are passed over.
 */
#ifndef SCANNER_SWEEP_LIST_UNPACK_H
#define SCANNER_SWEEP_LIST_UNPACK_H

#include <zlib.h>
#include <zstd.h>

#include <mxsweep/slice.h>

enum list_packing {
    LIST_PACKING_UNKNOWN, /* more bytes are needed to tell */
    LIST_PACKING_NONE,
    LIST_PACKING_GZIP,
    LIST_PACKING_ZSTD,
    LIST_PACKING_FOREIGN, /* one that we do not read */
};

struct list_unpack {
    enum list_packing packing;
    const char *failure; /* what is wrong; NULL: nothing yet */
    bool within;         /* a gzip member or zstd frame has begun and not ended */
    bool zlib_ready;
    z_stream zlib;
    ZSTD_DCtx *zstd;
    size_t zstd_step;  /* bytes to give it at most: the rest of a block */
    bool zstd_pending; /* the last room was too small: more may come without input */
};

/*
 * Looks at the first bytes, all that were read so far; `is_all` when the list has no more. Once it
 * returns another packing than LIST_PACKING_UNKNOWN, unpacking may begin, unless there is a failure
 * (a foreign packing, no memory). `unpack` must be zeroed memory.
 */
enum list_packing list_unpack_begin(struct list_unpack *unpack, mxs_slice bytes, bool is_all);
void list_unpack_clear(struct list_unpack *unpack);

/*
 * Consumes packed bytes from the front of `*packed`; the length of what was unpacked into `room` is
 * returned. 0 with bytes consumed: call again. 0 with none consumed: it needs more of them. With a
 * failure, what was unpacked before it is in the room.
 */
size_t list_unpack_step(struct list_unpack *unpack, mxs_slice *packed, char *room, size_t size);

#endif
