/*
 * Rows of a CSV list, RFC 4180 but for fields with line breaks: a quote that its line does not
 * close, or with text after it, stands for itself.
 *
 * A first row with a field named domain, origin or name (in this order, in any case) is a header;
 * its names are the keys of `meta`, and its field `rank` is the rank. Without one the columns are
 * rank, domain, column3... A column without a name of its own is called after its number.
 */
#ifndef SCANNER_SWEEP_LIST_CSV_H
#define SCANNER_SWEEP_LIST_CSV_H

#include <mxsweep/buffer.h>

#include "sweep/list.h"
#include "sweep/list_window.h"

enum {
    LIST_CSV_EXTRA_MAX = 32,                 /* columns in `meta` */
    LIST_CSV_META_MAX = 4096,                /* bytes of it */
    LIST_CSV_NAMED = LIST_CSV_EXTRA_MAX + 2, /* extra ones, rank and domain */
};

struct list_csv {
    bool begun;
    size_t domain, rank;             /* columns, from 0 */
    struct mxs_buffer keys;          /* JSON strings, one after another */
    size_t key_ends[LIST_CSV_NAMED]; /* where each ends */
    struct mxs_buffer meta;          /* of the row at hand */
    size_t extras_left;              /* columns that it may still take */
    size_t unquoted_len;
    char unquoted[LIST_WINDOW_SIZE]; /* its fields that had quotes inside */
};

void list_csv_init(struct list_csv *csv);
void list_csv_clear(struct list_csv *csv);

/* True when `line` has a comma outside quotes. */
bool list_csv_has_columns(mxs_slice line);

/*
 * Reads a row into `entry`, whose slices point into the line and `csv`; false when memory is out.
 *
 * The first row may be a header: then `*is_entry` is false and `entry` zeroed. A row of one field
 * is that field, a longer one without a field for the domain has the empty text. A line that was
 * cut before the domain's end is the text itself.
 */
bool list_csv_read(struct list_csv *csv, const struct list_line *line, struct list_entry *entry,
                   bool *is_entry);

#endif
