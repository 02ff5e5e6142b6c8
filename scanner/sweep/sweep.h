/*
 * The supervisor: names to the workers, frames to the sink, and nothing of the DNS parsed here.
 *
 * Every name is kept until its line is with the sink. What was tried and has no line yet goes to
 * the queue `again`: a verdict that rests on a failed question, and what a dead or hung worker had.
 * It is worked off by a new generation of workers, whose caches are fresh.
 */
#ifndef SCANNER_SWEEP_SWEEP_H
#define SCANNER_SWEEP_SWEEP_H

#include <stdio.h>

#include "sweep/window.h"
#include "worker/worker.h"

/* A frame as it goes into the dataset. */
struct packed_frame {
    mxs_slice bytes;
    size_t raw_len;          /* of its lines */
    const uint64_t *indexes; /* of its lines */
    size_t count;            /* how many they are */
};

/* Where frames go. False with the error set ends the run. */
struct frame_sink {
    bool (*append)(void *context, const struct packed_frame *frame, struct error *error);
    void *context;
};

/* What the run amounts to; kept up to date while it goes. */
struct sweep_result {
    uint64_t read;               /* names taken from the source */
    struct line_counts written;  /* lines that reached the sink */
    struct worker_status status; /* all workers together */
    uint64_t worker_memory_peak; /* bytes, of the largest worker that ended */
    uint64_t again;              /* names that wait to be tried again */
    double again_wait_s;         /* and for how long yet; 0 when nobody waits */
    uint64_t retried;            /* names that were tried again */
    uint64_t workers_lost;       /* workers that died or hung */
    double outage_s;             /* seconds paused for outages */
    double elapsed_s;
    int signal; /* that ended the run, or 0 */
};

struct sweep_options {
    struct worker_options worker; /* `first_port` is the first worker's */
    unsigned workers;
    double rate;     /* questions a second of the whole run; 0: no limit */
    double tld_rate; /* first questions a second and TLD; 0: no limit */
    unsigned retries;
    double retry_wait_s;
    struct name_source source;
    struct frame_sink sink;
    FILE *question_log; /* where the workers' logs go; NULL: nowhere */
    bool quiet;         /* say nothing on standard error of outages and lost workers */
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
