/*
 * The dataset being written: whole frames, one after another, in a file or on standard output.
 *
 * A file is locked against a second run, never written through a symbolic link, and after a failed
 * write cut back to its last whole frame, so that what is there is good. A `.zst` file ends with
 * the seek table of zstd's seekable format.
 */
#ifndef SCANNER_DATASET_DATASET_H
#define SCANNER_DATASET_DATASET_H

#include <mxsweep/slice.h>

#include "error.h"

struct dataset;

enum dataset_form {
    DATASET_STDOUT, /* plain lines on standard output */
    DATASET_LINES,  /* plain lines in a file */
    DATASET_FRAMES, /* zstd frames in a file */
};

/* What `path` asks for by its name: NULL or "-", X.ndjson, X.zst; false with the error for others.
 */
bool dataset_form_of(const char *path, enum dataset_form *form, struct error *error);

struct dataset_options {
    const char *path; /* NULL or "-": standard output */
    bool force;       /* overwrite what is there */
    double sync_s;    /* seconds after which written frames are forced to the disk */
};

/* NULL with the error set: the file exists, is in use, cannot be made. */
struct dataset *dataset_open(const struct dataset_options *options, struct error *error);

/* Appends one frame that holds `raw_len` bytes of lines. False with the error set; nothing of the
 * frame is left in the file then, and nothing more can be appended. */
bool dataset_append(struct dataset *dataset, mxs_slice frame, size_t raw_len, struct error *error);

/* Writes the seek table and forces all to the disk. False with the error set. */
bool dataset_finish(struct dataset *dataset, struct error *error);

/* True when the reader of standard output is gone: no error of ours. */
bool dataset_reader_is_gone(const struct dataset *dataset);

/* Bytes written so far. */
uint64_t dataset_size(const struct dataset *dataset);

void dataset_free(struct dataset *dataset);

#endif
