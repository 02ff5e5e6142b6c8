#include "dataset/frame.h"

#include <zstd.h>

static const char *const reason_texts[UNKNOWN_REASONS] = {
    [UNKNOWN_TIMEOUT] = "timeout",     [UNKNOWN_FAILED] = "failed",
    [UNKNOWN_MALFORMED] = "malformed", [UNKNOWN_ALIAS_LOOP] = "alias_loop",
    [UNKNOWN_INTERNAL] = "internal",   [UNKNOWN_BOGUS] = "bogus",
    [UNKNOWN_LIMIT] = "limit",
};

static const enum unknown_reason reason_of_error[] = {
    [MXS_ERROR_NONE] = UNKNOWN_INTERNAL,         [MXS_ERROR_TIMEOUT] = UNKNOWN_TIMEOUT,
    [MXS_ERROR_FAILED] = UNKNOWN_FAILED,         [MXS_ERROR_MALFORMED] = UNKNOWN_MALFORMED,
    [MXS_ERROR_ALIAS_LOOP] = UNKNOWN_ALIAS_LOOP, [MXS_ERROR_INTERNAL] = UNKNOWN_INTERNAL,
};

const char *unknown_reason_text(enum unknown_reason reason)
{
    return reason_texts[reason];
}

void line_counts_add(struct line_counts *sum, const struct line_counts *more)
{
    sum->lines += more->lines;
    sum->judged += more->judged;
    sum->unknown_lines += more->unknown_lines;
    for (unsigned area = 0; area < MXS_AREA_COUNT; area++)
        for (unsigned reason = 0; reason < UNKNOWN_REASONS; reason++)
            sum->unknown[area][reason] += more->unknown[area][reason];
}

static enum unknown_reason reason_of(const struct mxs_area_failure *failure)
{
    if (failure->lookup == MXS_LOOKUP_BOGUS)
        return UNKNOWN_BOGUS;
    return failure->lookup == MXS_LOOKUP_LIMIT ? UNKNOWN_LIMIT : reason_of_error[failure->error];
}

void line_counts_note(struct line_counts *counts, const struct mxs_posture *posture)
{
    bool unknown = false;

    counts->lines++;
    counts->judged += posture->judged;
    for (unsigned area = 0; area < MXS_AREA_COUNT; area++) {
        const struct mxs_area_failure *failure = &posture->failures[area];
        if (!failure->failed)
            continue;
        unknown = true;
        counts->unknown[area][reason_of(failure)]++;
    }
    counts->unknown_lines += unknown;
}

bool frame_init(struct frame *frame, int level, struct error *error)
{
    *frame = (struct frame){0};
    if (level == 0)
        return true;
    frame->compressor = ZSTD_createCCtx();
    if (frame->compressor == NULL ||
        ZSTD_isError(ZSTD_CCtx_setParameter(frame->compressor, ZSTD_c_compressionLevel, level)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(frame->compressor, ZSTD_c_checksumFlag, 1)))
        return error_set(error, "no zstd compressor for level %d", level);
    return true;
}

void frame_clear(struct frame *frame)
{
    mxs_buffer_clear(&frame->lines);
    mxs_buffer_clear(&frame->packed);
    mxs_buffer_clear(&frame->indexes);
    (void)ZSTD_freeCCtx(frame->compressor);
    *frame = (struct frame){0};
}

void frame_note(struct frame *frame, uint64_t index, const struct mxs_posture *posture)
{
    mxs_buffer_append(&frame->indexes, (mxs_slice){(const char *)&index, sizeof index});
    line_counts_note(&frame->counts, posture);
}

mxs_slice frame_pack(struct frame *frame)
{
    size_t room, len;

    if (frame->lines.failed || frame->indexes.failed)
        return (mxs_slice){NULL, 0};
    if (frame->compressor == NULL)
        return mxs_buffer_slice(&frame->lines);
    room = ZSTD_compressBound(frame->lines.len);
    mxs_buffer_reset(&frame->packed);
    if (!mxs_buffer_reserve(&frame->packed, room))
        return (mxs_slice){NULL, 0};
    len = ZSTD_compress2(frame->compressor, frame->packed.ptr, room, frame->lines.ptr,
                         frame->lines.len);
    if (ZSTD_isError(len))
        return (mxs_slice){NULL, 0};
    frame->packed.len = len;
    return mxs_buffer_slice(&frame->packed);
}

void frame_reset(struct frame *frame)
{
    mxs_buffer_reset(&frame->lines);
    mxs_buffer_reset(&frame->packed);
    mxs_buffer_reset(&frame->indexes);
    frame->counts = (struct line_counts){0};
}
