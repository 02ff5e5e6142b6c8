/**
 * One line of the dataset: a posture as a JSON object on a line of its own, schema `mxsweep/1`.
 *
 * The schema is scanner/schema/mxsweep-1.schema.json. Keys are stable; new ones may come. Areas
 * that this version does not judge have no key.
 */
#ifndef MXSWEEP_LINE_H
#define MXSWEEP_LINE_H

#include <mxsweep/json.h>
#include <mxsweep/posture.h>

#define MXS_SCHEMA "mxsweep/1"

enum {
    MXS_LINE_MAX = 1 << 20 /**< Bytes of a line; a longer one is cut in its lists and says so. */
};

/** What a line says beside the posture. */
struct mxs_line {
    uint64_t index;       /**< Number of the entry in its list, from 0. */
    uint64_t rank;        /**< The list's rank; 0 when it has none. */
    mxs_slice scanned_at; /**< RFC 3339, UTC. */
    uint64_t elapsed_ms;
    const struct mxs_input *input;
    const struct mxs_posture *posture;
    mxs_slice meta; /**< The list's extra columns, a JSON object; empty: none. */
};

/**
 * Appends the line and its line feed. A line over MXS_LINE_MAX is written again with its lists cut
 * to their first entries and `"truncated":true`. Failure of memory is remembered in `out`.
 */
MXS_API void mxs_line_write(const struct mxs_line *line, struct mxs_buffer *out);

#endif
