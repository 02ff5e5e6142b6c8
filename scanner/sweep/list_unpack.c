#include "sweep/list_unpack.h"

#include <string.h>

enum {
    WINDOW_LOG_MAX = 27, /* 128 MiB: as much as zstd --long needs (trust.md section 6) */
    GZIP_ONLY = 15 + 16, /* inflateInit2: the largest window; a gzip header and no other */
    FIRST_ZSTD_STEP = 5, /* a frame's magic number and descriptor, RFC 8878 section 3.1.1 */
    BLOCK_HEADER = 3,    /* bytes, section 3.1.1.2 */
};

/* First bytes, RFC 1952 section 2.3.1 and RFC 8878 section 3.1; and two packings that lists come
 * in and that we do not read. */
static const struct magic {
    enum list_packing packing;
    const char *refusal;
    size_t len;
    unsigned char bytes[6];
    unsigned char first_mask; /* bits of the first byte that count */
} magics[] = {
    {LIST_PACKING_GZIP, NULL, 2, {0x1F, 0x8B}, 0xFF},
    {LIST_PACKING_ZSTD, NULL, 4, {0x28, 0xB5, 0x2F, 0xFD}, 0xFF},
    {LIST_PACKING_ZSTD, NULL, 4, {0x50, 0x2A, 0x4D, 0x18}, 0xF0},
    {LIST_PACKING_FOREIGN, "is a zip archive: unpack it first", 4, {'P', 'K', 3, 4}, 0xFF},
    {LIST_PACKING_FOREIGN, "is xz: unpack it first", 6, {0xFD, '7', 'z', 'X', 'Z', 0}, 0xFF},
};

/* How many bytes of the magic number `bytes` begins with. */
static size_t matched(const struct magic *magic, mxs_slice bytes)
{
    size_t count = 0;

    while (count < magic->len && count < bytes.len) {
        unsigned char byte = (unsigned char)bytes.ptr[count];
        if (count == 0)
            byte &= magic->first_mask;
        if (byte != magic->bytes[count])
            break;
        count++;
    }
    return count;
}

static enum list_packing packing_of(mxs_slice bytes, bool is_all, const char **refusal)
{
    bool is_open = bytes.len == 0;

    *refusal = NULL;
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        size_t count = matched(&magics[i], bytes);
        if (count == magics[i].len) {
            *refusal = magics[i].refusal;
            return magics[i].packing;
        }
        is_open = is_open || count == bytes.len;
    }
    return is_open && !is_all ? LIST_PACKING_UNKNOWN : LIST_PACKING_NONE;
}

static bool start_zstd(struct list_unpack *unpack)
{
    unpack->zstd_step = FIRST_ZSTD_STEP;
    unpack->zstd = ZSTD_createDCtx();
    return unpack->zstd != NULL &&
           !ZSTD_isError(ZSTD_DCtx_setParameter(unpack->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX));
}

enum list_packing list_unpack_begin(struct list_unpack *unpack, mxs_slice bytes, bool is_all)
{
    bool ready = true;

    unpack->packing = packing_of(bytes, is_all, &unpack->failure);
    if (unpack->packing == LIST_PACKING_GZIP)
        ready = unpack->zlib_ready = inflateInit2(&unpack->zlib, GZIP_ONLY) == Z_OK;
    else if (unpack->packing == LIST_PACKING_ZSTD)
        ready = start_zstd(unpack);
    if (!ready)
        unpack->failure = "out of memory";
    return unpack->packing;
}

void list_unpack_clear(struct list_unpack *unpack)
{
    if (unpack->zlib_ready)
        (void)inflateEnd(&unpack->zlib);
    (void)ZSTD_freeDCtx(unpack->zstd);
    *unpack = (struct list_unpack){0};
}

static size_t copy(mxs_slice *packed, char *room, size_t size)
{
    size_t len = packed->len < size ? packed->len : size;

    if (len > 0)
        memcpy(room, packed->ptr, len);
    *packed = mxs_slice_from(*packed, len);
    return len;
}

static size_t step_gzip(struct list_unpack *unpack, mxs_slice *packed, char *room, size_t size)
{
    z_stream *zlib = &unpack->zlib;
    int result;

    if (!unpack->within && packed->len == 0)
        return 0;
    if (!unpack->within)
        (void)inflateReset(zlib);
    zlib->next_in = (z_const Bytef *)packed->ptr;
    zlib->avail_in = (uInt)packed->len;
    zlib->next_out = (Bytef *)room;
    zlib->avail_out = (uInt)size;
    result = inflate(zlib, Z_NO_FLUSH);
    unpack->within = result != Z_STREAM_END;
    if (result != Z_STREAM_END && result != Z_OK && result != Z_BUF_ERROR) /* the last: no input */
        unpack->failure = zlib->msg != NULL ? zlib->msg : "no gzip data";
    *packed = mxs_slice_from(*packed, packed->len - zlib->avail_in);
    return size - zlib->avail_out;
}

/*
 * The bytes of the next step, by the library's hint: it asks for a block and the header behind it,
 * and we give the block first. What it unpacked in a call that fails is lost, so a step must not
 * end one block and begin another.
 */
static size_t zstd_step(size_t hint)
{
    if (hint == 0)
        return FIRST_ZSTD_STEP;
    return hint > BLOCK_HEADER ? hint - BLOCK_HEADER : hint;
}

static size_t step_zstd(struct list_unpack *unpack, mxs_slice *packed, char *room, size_t size)
{
    ZSTD_inBuffer in = {packed->ptr, packed->len, 0};
    ZSTD_outBuffer out = {NULL, size, 0};
    size_t result;

    if (packed->len == 0 && !unpack->zstd_pending) /* calls that achieve nothing are counted */
        return 0;
    out.dst = room;
    if (in.size > unpack->zstd_step)
        in.size = unpack->zstd_step;
    result = ZSTD_decompressStream(unpack->zstd, &out, &in);
    if (ZSTD_isError(result)) {
        unpack->failure = ZSTD_getErrorName(result);
        return 0;
    }
    unpack->within = result != 0;
    unpack->zstd_step = zstd_step(result);
    unpack->zstd_pending = unpack->within && out.pos == size;
    *packed = mxs_slice_from(*packed, in.pos);
    return out.pos;
}

size_t list_unpack_step(struct list_unpack *unpack, mxs_slice *packed, char *room, size_t size)
{
    if (unpack->packing == LIST_PACKING_GZIP)
        return step_gzip(unpack, packed, room, size);
    if (unpack->packing == LIST_PACKING_ZSTD)
        return step_zstd(unpack, packed, room, size);
    return copy(packed, room, size);
}
