/*
 * A domain in flight: its entry of the list, the answers it was given, what it waits for.
 */
#ifndef SCANNER_WORKER_DOMAIN_H
#define SCANNER_WORKER_DOMAIN_H

#include <mxsweep/line.h>

#include "worker/protocol.h"

struct domain {
    struct dealt_name name;
    struct mxs_arena arena; /* the input, and the list's extra columns */
    struct mxs_input input;
    mxs_slice meta;
    struct mxs_answers answers;
    unsigned waiting;    /* answers that are pending */
    uint64_t woken_by;   /* the question that was waited for last, or 0 */
    unsigned wave_ms;    /* the slowest of this wave's questions */
    unsigned network_ms; /* the waves so far: what the domain's own deadline is measured in */
    double started_at;
    struct domain *next;          /* in the queue of those that are ready */
    struct domain *older, *newer; /* among all that are begun */
};

/*
 * A domain from what the supervisor dealt: `bytes` are the name's text and then its meta. `source`
 * answers its questions. NULL when memory is out. Who made it gives back the answers it holds
 * before domain_free().
 */
struct domain *domain_new(const struct dealt_name *name, const char *bytes,
                          const struct mxs_input_options *options,
                          struct mxs_answers_source source);
void domain_free(struct domain *domain);

/* The domain is on the exclude list: its line is written without a question. */
void domain_exclude(struct domain *domain);

/* True when some area of the verdict rests on a question that failed for now (`temp`). */
bool domain_failed(const struct mxs_posture *posture);

#endif
