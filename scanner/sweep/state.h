/*
 * A run in progress; shared by sweep.c (its life), deal.c (names and credit going out) and lines.c
 * (what comes back).
 */
#ifndef SCANNER_SWEEP_STATE_H
#define SCANNER_SWEEP_STATE_H

#include "sweep/crew.h"
#include "sweep/outage.h"
#include "sweep/pace.h"
#include "sweep/sweep.h"

enum { AGAIN_BYTES_MAX = 64 << 20 };

struct sweep {
    const struct sweep_options *options;
    struct sweep_result *result;
    struct error *error;
    struct ev_loop *loop;
    struct crew crew;
    struct window *window;
    struct dealt dealt;
    struct name_list retries;  /* tried before, and due in this generation */
    struct name_list suspects; /* their worker died; dealt in small company */
    struct name_list again;    /* to be tried again by the next generation */
    struct name_list last;     /* tried often enough; written when this is no outage */
    struct pace pace;
    double pace_share; /* of the rate, while failures make us slow down */
    struct outage outage;
    struct mxs_buffer batch;
    struct frame frame; /* for lines that the supervisor writes itself */
    unsigned next_slot; /* whose turn it is to be served first */
    ev_timer tick, second, progress, stop_deadline, retry_wait, list_busy;
    ev_io list_readable;
    ev_signal interrupt, terminate, hangup;
    double started_at, second_at;
    double outage_over_at; /* when the last one was over; 0: there was none */
    unsigned stillborn;    /* workers in a row that died without a word */
    bool list_ended;       /* nothing more comes into the window */
    bool draining;         /* `again` is full: a new generation first */
    bool stopping;         /* a signal came */
    bool failed;           /* the error says why */
};

/* sweep.c: the run cannot go on; `sweep->error` says why. What was written stays. */
void sweep_fail(struct sweep *sweep);
/* sweep.c: sends a message, or fails the run. */
void sweep_tell(struct sweep *sweep, struct slot *slot, uint32_t kind, const void *body,
                size_t len);
/* sweep.c: one line on standard error, clear of the progress line. */
void sweep_say(const struct sweep *sweep, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* deal.c: deals names and credit as far as they are wanted and the pace allows. */
void deal(struct sweep *sweep);
/* deal.c: what a worker had when it died goes where it is tried again in smaller company. */
void deal_again(struct sweep *sweep, struct slot *slot);

/* lines.c: what workers send back. */
void lines_take_frame(struct sweep *sweep, struct slot *slot, mxs_slice body);
void lines_take_again(struct sweep *sweep, struct slot *slot, mxs_slice body);
/*
 * lines.c: writes the lines of names that were tried often enough and did not fail in an outage.
 * `at_once`: without waiting for their time; but not while an outage is suspected.
 */
void lines_settle_last(struct sweep *sweep, bool at_once);
/* lines.c: writes the lines that are known of names that will not be tried again. */
void lines_write_again(struct sweep *sweep);

#endif
