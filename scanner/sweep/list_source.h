/*
 * The bytes of a list: out of a file or a pipe, unpacked on the way.
 */
#ifndef SCANNER_SWEEP_LIST_SOURCE_H
#define SCANNER_SWEEP_LIST_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct list_source;

enum source_status {
    SOURCE_BYTES, /* something was given */
    SOURCE_BUSY,  /* enough for one call: see list_window_fill */
    SOURCE_WAIT,  /* a pipe has nothing to read now */
    SOURCE_END,
    SOURCE_FAILED, /* the error says why; every later read fails alike */
};

/* Opens `path`, or standard input for "-"; NULL, with the error set, when there is nothing to read
 * from. No byte is read yet. */
struct list_source *list_source_open(const char *path, struct error *error);
void list_source_free(struct list_source *source);

/*
 * Unpacked bytes: with SOURCE_BYTES at least one and at most `size`, else none. What could be
 * unpacked before a damaged or missing part is given before the failure is.
 */
enum source_status list_source_read(struct list_source *source, char *room, size_t size,
                                    size_t *len, struct error *error);

int list_source_fd(const struct list_source *source);

/* The list's name in messages. */
const char *list_source_name(const struct list_source *source);

/* SHA-256 in hex of the bytes read from the file so far; empty when memory is out. */
void list_source_digest(const struct list_source *source, char hex[65]);

/* Bytes of the file that were taken up by what was given, and its size; size 0 for a pipe.
 * `is_packed` when bytes of the file are not the bytes given. */
void list_source_position(const struct list_source *source, uint64_t *read, uint64_t *size,
                          bool *is_packed);

#endif
