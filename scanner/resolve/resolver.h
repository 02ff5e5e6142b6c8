/*
 * One question, one answer: libunbound driven by the worker's loop.
 *
 * resolver_start() never calls back. A question that is settled stands in the resolver's queue
 * until resolver_next() hands it out: the outcome may be there before resolver_start() returns, and
 * the worker must not be re-entered from under the library (it calls back inside ub_resolve_event).
 * Every question started is handed out exactly once: answered, failed, or past its deadline.
 */
#ifndef SCANNER_RESOLVE_RESOLVER_H
#define SCANNER_RESOLVE_RESOLVER_H

#include <mxsweep/answer.h>

#include "resolve/context.h"

struct ev_loop;
struct resolver;

/* A question on its way. Part of whoever asked; the resolver's own fields are below the line. */
struct question {
    struct mxs_answer *answer; /* holds name and type; is settled in place */
    struct mxs_arena *arena;   /* for what the answer points to */
    unsigned elapsed_ms;       /* from start to outcome */
    uint64_t number;           /* in the order of start, from 1 */
    uint64_t after;            /* whoever asked: the question that led to this one, or 0 */
    /* ---- */
    struct resolver *resolver;
    struct question *older, *newer; /* in flight, in order of start; then in the queue */
    double started_at;
    int async_id;
};

/* What became of the questions, for the summary. */
struct resolver_counts {
    uint64_t started;    /* handed to libunbound */
    uint64_t settled[8]; /* by enum mxs_lookup */
    unsigned in_flight, in_flight_peak;
};

/* NULL with the error set. `timeout_ms` is the deadline of every question. */
struct resolver *resolver_new(struct ev_loop *loop, const struct resolve_options *options,
                              unsigned timeout_ms, struct error *error);
/*
 * Makes the library read its root hints and trust anchor now: by itself it does so at the first
 * question. No packet is sent and nothing is counted. False, with the error set, when it cannot: no
 * question would ever be answered.
 */
bool resolver_warm(struct resolver *resolver, struct error *error);

/* Questions in flight are forgotten. */
void resolver_free(struct resolver *resolver);

/*
 * Sends `question`, whose `answer` (pending) and `arena` are set. It must stay in place until it is
 * handed out.
 */
void resolver_start(struct resolver *resolver, struct question *question);

/* The next settled question, or NULL. */
struct question *resolver_next(struct resolver *resolver);

const struct resolver_counts *resolver_counts(const struct resolver *resolver);

#endif
