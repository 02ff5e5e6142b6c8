/*
 * A frame being filled: whole lines with their indexes, compressed when it is full.
 *
 * A frame of the dataset is one independent zstd frame with content size and checksum. Where the
 * output is plain lines, a frame is just those lines.
 */
#ifndef SCANNER_DATASET_FRAME_H
#define SCANNER_DATASET_FRAME_H

#include <mxsweep/posture.h>

#include "error.h"

/* Why an area of a line is unknown. */
enum unknown_reason {
    UNKNOWN_TIMEOUT,
    UNKNOWN_FAILED,
    UNKNOWN_MALFORMED,
    UNKNOWN_ALIAS_LOOP,
    UNKNOWN_INTERNAL,
    UNKNOWN_BOGUS,
    UNKNOWN_LIMIT,
    UNKNOWN_REASONS
};

/* What the lines of a frame, or of a dataset, amount to. */
struct line_counts {
    uint64_t lines;
    uint64_t judged;        /* lines that asked the DNS */
    uint64_t unknown_lines; /* lines with at least one area that is unknown */
    uint64_t unknown[MXS_AREA_COUNT][UNKNOWN_REASONS];
};

/* `timeout failed malformed alias_loop internal bogus limit`. */
const char *unknown_reason_text(enum unknown_reason reason);
void line_counts_add(struct line_counts *sum, const struct line_counts *more);
/* Counts one line. */
void line_counts_note(struct line_counts *counts, const struct mxs_posture *posture);

struct frame {
    struct mxs_buffer lines;
    struct mxs_buffer packed;
    struct mxs_buffer indexes; /* uint64_t each */
    struct line_counts counts;
    void *compressor; /* ZSTD_CCtx, or NULL for plain lines */
};

/* `level` is zstd's; 0 keeps the lines as they are. False when memory is out. */
bool frame_init(struct frame *frame, int level, struct error *error);
void frame_clear(struct frame *frame);

/* Notes that a line for `index` was appended to `frame->lines`. */
void frame_note(struct frame *frame, uint64_t index, const struct mxs_posture *posture);

/* The frame's bytes, until the next call; `ptr` NULL when memory is out. Then frame_reset(). */
mxs_slice frame_pack(struct frame *frame);
void frame_reset(struct frame *frame);

#endif
