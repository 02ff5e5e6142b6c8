/*
 * A domain in flight: its entry of the list, the answers it was given, what it waits for.
 */
#ifndef SCANNER_WORKER_DOMAIN_H
#define SCANNER_WORKER_DOMAIN_H

#include <mxsweep/posture.h>

#include "worker/protocol.h"

struct domain {
    uint64_t index, rank;
    struct mxs_arena arena; /* the input */
    struct mxs_input input;
    struct mxs_answers answers;
    unsigned waiting;    /* answers that are pending */
    unsigned wave_ms;    /* the slowest of this wave's questions */
    unsigned network_ms; /* the waves so far: what the domain's own deadline is measured in */
    double started_at;
    struct domain *next; /* in the queue of those that are ready */
};

/*
 * A domain from what the supervisor dealt; `source` answers its questions. NULL when memory is out.
 * The caller gives back the answers it holds before domain_free().
 */
struct domain *domain_new(const struct dealt_name *name, mxs_slice text,
                          const struct mxs_input_options *options,
                          struct mxs_answers_source source);
void domain_free(struct domain *domain);

#endif
