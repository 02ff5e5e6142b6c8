/*
 * Small files, written whole: what is there is the old text or the new one, never a part.
 */
#ifndef SCANNER_DATASET_FILE_H
#define SCANNER_DATASET_FILE_H

#include <mxsweep/buffer.h>

#include "error.h"

/* Writes `text` beside `path` and renames it over. False with the error set. */
bool file_replace(const char *path, const struct mxs_buffer *text, struct error *error);

/* Writes all of `bytes`, through short writes and interruptions; errno says why not. */
bool file_write_all(int fd, mxs_slice bytes);

/* Makes the names in the folder of `path` durable. */
void file_sync_folder(const char *path);

#endif
