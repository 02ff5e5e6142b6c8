/*
 * The manifest beside a dataset: what a paper's data appendix needs to know of the run.
 */
#ifndef SCANNER_DATASET_MANIFEST_H
#define SCANNER_DATASET_MANIFEST_H

#include <time.h>

#include "settings.h"
#include "sweep/sweep.h"

enum manifest_state { MANIFEST_RUNNING, MANIFEST_DONE, MANIFEST_INTERRUPTED, MANIFEST_FAILED };

struct manifest {
    enum manifest_state state;
    const struct settings *settings;
    const struct worker_options *worker;
    const char *output; /* the dataset's path */
    const char *list_path;
    const struct list *list;
    const struct sweep_result *result; /* NULL at the start */
    time_t started_at, finished_at;
    uint64_t bytes; /* of the dataset */
};

/*
 * Writes the manifest, its name the output's less .ndjson and .zst, with .manifest.json behind.
 * False with the error set.
 */
bool manifest_save(const struct manifest *manifest, struct error *error);

#endif
