/*
 * The list of a sweep: entries, one after another, out of a file or a pipe, in bounded memory.
 *
 * Forms: plain (one name a line), CSV (`rank,domain`, or a header with a field domain, origin or
 * name), zone file (owner names of NS records); each as it is, gzip'd or zstd'd. An entry is a line
 * that is neither blank nor a comment (zone file: an owner name on first sight; CSV: a row after
 * the header).
 */
#ifndef SCANNER_SWEEP_LIST_H
#define SCANNER_SWEEP_LIST_H

#include <mxsweep/slice.h>

#include "error.h"

struct list;

enum list_format { LIST_AUTO, LIST_PLAIN, LIST_CSV, LIST_ZONE };

enum list_status {
    LIST_ENTRY, /* an entry was given */
    LIST_BUSY,  /* much was read and nothing found: call again, there may be other things to do */
    LIST_WAIT,  /* a pipe has nothing to read now: wait for list_fd() to be readable */
    LIST_END,
    LIST_FAILED, /* the file cannot be read on; the error says why */
};

struct list_entry {
    uint64_t index; /* from 0 */
    uint64_t rank;  /* 0: the list has none */
    mxs_slice text; /* the domain field as written, at most MXS_INPUT_MAX + 1 bytes of it */
    mxs_slice meta; /* a JSON object of the extra columns; empty without */
};

/*
 * Opens `path`, or standard input for "-". NULL, with the error set, when it cannot be read: no
 * such file, a directory, a compressed form that is damaged at its start.
 */
struct list *list_open(const char *path, enum list_format format, struct error *error);
void list_free(struct list *list);

/* The next entry; its slices live until the next call. */
enum list_status list_next(struct list *list, struct list_entry *entry, struct error *error);

/* The descriptor to wait for after LIST_WAIT. */
int list_fd(const struct list *list);

/* SHA-256 in hex of the bytes read so far, as they stand in the file; whole once LIST_END was met.
 */
void list_digest(const struct list *list, char hex[65]);

/* Bytes of the file consumed and its size; size 0 for a pipe. For the progress line. */
void list_position(const struct list *list, uint64_t *read, uint64_t *size);

#endif
