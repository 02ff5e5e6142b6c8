/*
 * The outage guard: when the network or the resolver behind us dies, a sweep must not become a
 * dataset of unknowns.
 *
 * When most of the last questions failed, somebody at the root is asked at once. An answer, any
 * answer, means that this is no outage. Without one the run pauses, and the root is asked every few
 * seconds until it answers. The packet that comes back is not read: that it comes is all.
 */
#ifndef SCANNER_SWEEP_OUTAGE_H
#define SCANNER_SWEEP_OUTAGE_H

#include <ev.h>

#include "resolve/roots.h"

enum {
    OUTAGE_QUESTIONS = 1000, /* the last so many are looked at */
    OUTAGE_REPORTS = 64,     /* in at most so many reports */
};

struct outage {
    struct ev_loop *loop;
    struct roots roots;
    struct outage_report {
        uint64_t settled, failed;
    } reports[OUTAGE_REPORTS]; /* a ring, the newest at `newest` */
    unsigned newest;
    bool suspected; /* the root was asked and has not answered yet */
    bool down;
    double since;
    int fds[2]; /* IPv4, IPv6; -1 */
    ev_io replies[2];
    ev_timer patience; /* for an answer, then between two tries */
    void *owner;
    void (*on_down)(void *owner); /* the run is to pause */
    void (*on_up)(void *owner);   /* and to go on; `since` says when it began */
};

/* Set roots, owner and callbacks before. */
void outage_init(struct outage *outage, struct ev_loop *loop);
void outage_clear(struct outage *outage);

/* So many more questions were settled, so many of them failed. */
void outage_note(struct outage *outage, uint64_t settled, uint64_t failed);

/* Share of failed ones among the last questions, 0 to 1; 0 while there are too few to tell. */
double outage_failing(const struct outage *outage);

#endif
