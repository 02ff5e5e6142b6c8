/*
 * The line that tells how far a run is, on standard error, rewritten in place on a terminal.
 */
#ifndef SCANNER_SWEEP_PROGRESS_H
#define SCANNER_SWEEP_PROGRESS_H

#include "sweep/sweep.h"

struct progress {
    bool shown;
    const struct list *list; /* for the share done; may be NULL */
    double rate;             /* lines a second, smoothed */
    uint64_t last_lines;
    double last_s;
    bool written;
};

/* `when` is auto, always or never; false with the error set for another word. */
bool progress_init(struct progress *progress, const char *when, bool quiet, const struct list *list,
                   struct error *error);

/* For sweep_options.on_progress. */
void progress_update(void *context, const struct sweep_result *result, bool last);

#endif
