/*
 * A window of fixed size over a list's bytes, and lines out of it.
 *
 * Bytes that were looked at stay where they are until the next call that fills the window.
 */
#ifndef SCANNER_SWEEP_LIST_WINDOW_H
#define SCANNER_SWEEP_LIST_WINDOW_H

#include <mxsweep/slice.h>

#include "sweep/list_source.h"

enum {
    LIST_WINDOW_SIZE = 64 << 10,
    LIST_LINE_KEPT = 32 << 10, /* of a line that the window cannot hold */
    LIST_FILLS_MAX = 16,       /* of one call of list_next */
};

struct list_window {
    struct list_source *source; /* the caller's */
    size_t start, end;
    unsigned fills;    /* since the caller set it to 0 */
    bool ended;        /* the source has no more */
    bool line_is_cut;  /* the line at `start` has lost bytes */
    bool line_is_text; /* and not all of them were white space */
    char bytes[LIST_WINDOW_SIZE];
};

struct list_line {
    mxs_slice text; /* without LF or CR LF */
    bool is_blank;  /* white space and nothing else */
    bool is_cut;    /* LIST_LINE_KEPT bytes of a longer line */
};

/* The bytes that were not taken yet. */
mxs_slice list_window_pending(const struct list_window *window);
void list_window_take(struct list_window *window, size_t len);

/* True when nothing more fits in before something is taken. */
bool list_window_is_full(const struct list_window *window);

/*
 * Reads more behind the pending bytes; for a window that is not full. SOURCE_END sets `ended`;
 * SOURCE_BUSY after LIST_FILLS_MAX fills, and nothing was read.
 */
enum source_status list_window_fill(struct list_window *window, struct error *error);

/* Takes a line; the last needs no end. What was read of a line before a failure is not given. */
enum source_status list_window_line(struct list_window *window, struct list_line *line,
                                    struct error *error);

/* The bytes up to a line's end, as they stand in the window, without a final CR. */
mxs_slice list_line_text(mxs_slice bytes);
bool list_line_is_blank(mxs_slice text);

#endif
