/*
 * Asking: from a domain's question to its answer, through the cache and the resolver, within the
 * questions in flight and the credit that the supervisor gives.
 */
#ifndef SCANNER_WORKER_ASKING_H
#define SCANNER_WORKER_ASKING_H

#include "resolve/cache.h"
#include "resolve/exclude.h"
#include "worker/domain.h"
#include "worker/question_log.h"

struct ev_loop;

struct asking {
    struct ev_loop *loop;
    struct resolver *resolver;
    struct cache *cache;
    const struct exclude *exclude; /* names not to be asked about; may be NULL */
    struct domain *asker;          /* who asks now, and waits for what is pending */
    struct entry *first, *last;    /* the queue of questions to send */
    uint64_t queued;               /* its length */
    unsigned in_flight_max;
    uint64_t credit;                   /* questions that may be sent */
    bool unlimited;                    /* no credit is needed */
    bool paused;                       /* send nothing */
    bool failed;                       /* memory is out */
    struct domain *ready, *ready_last; /* domains that have all they asked for */
    struct waiter *spare;
    struct question_log log;
};

enum { ASKING_CACHE_BYTES = 32 << 20 };

/* Makes cache and resolver; `loop`, and what bounds the asking, are set. False with the error set.
 */
bool asking_init(struct asking *asking, const struct resolve_options *options, unsigned timeout_ms,
                 struct error *error);

void asking_clear(struct asking *asking);

/* The source of answers for a domain's set: `context` is the asking, `asker` must be set. */
const struct mxs_answer *asking_fetch(void *context, struct mxs_name name, uint16_t type);

/* Sends queued questions as far as they may be sent. */
void asking_send(struct asking *asking);

/* True when another domain may begin: nothing older waits to be sent, and there is room. */
bool asking_has_room(const struct asking *asking);

/* Takes the outcomes that came in; domains that wait for nothing more become ready. */
void asking_take_settled(struct asking *asking);

/* The next ready domain, or NULL. */
struct domain *asking_next_ready(struct asking *asking);

/* Gives back the answers that a finished domain holds. */
void asking_release(struct asking *asking, struct domain *domain);

#endif
