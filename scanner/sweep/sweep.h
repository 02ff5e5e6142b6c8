/*
 * The supervisor: names to the workers, frames to the sink, and nothing of the DNS parsed here.
 */
#ifndef SCANNER_SWEEP_SWEEP_H
#define SCANNER_SWEEP_SWEEP_H

#include "sweep/list.h"
#include "worker/protocol.h"
#include "worker/worker.h"

/* Where names come from: a list, or the operands of a command. Slices live until the next call. */
struct name_source {
    enum list_status (*next)(void *context, struct list_entry *entry, struct error *error);
    int (*wait_fd)(void *context); /* what to wait for after LIST_WAIT */
    void *context;
};

/* Where frames go. `indexes` are those of its lines. False with the error set ends the run. */
struct frame_sink {
    bool (*append)(void *context, const struct frame_head *head, const uint64_t *indexes,
                   mxs_slice frame, struct error *error);
    void *context;
};

/* What the run amounts to; kept up to date while it goes. */
struct sweep_result {
    uint64_t read;               /* names taken from the source */
    struct line_counts written;  /* lines that reached the sink */
    struct worker_status status; /* all workers together; peaks are added up */
    uint64_t worker_memory_peak; /* bytes, of the largest worker */
    double elapsed_s;
    int signal; /* that ended the run, or 0 */
};

struct sweep_options {
    struct worker_options worker; /* `first_port` is the first worker's */
    unsigned workers;
    double rate; /* questions a second of the whole run; 0: no limit */
    struct name_source source;
    struct frame_sink sink;
    /* Called now and then while the run goes, for a progress line; may be NULL. */
    void (*on_progress)(void *context, const struct sweep_result *result, bool last);
    void *progress_context;
};

/*
 * Runs to the end of the source, or to a signal: then what is in flight is given a few seconds.
 * False with the error set when the run failed; `result` holds what was reached in any case.
 */
bool sweep_run(const struct sweep_options *options, struct sweep_result *result,
               struct error *error);

#endif
