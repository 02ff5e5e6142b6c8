#include "worker/asking.h"

#include <stdlib.h>
#include <sys/random.h>

#include <ev.h>

bool asking_init(struct asking *asking, const struct resolve_options *options, unsigned timeout_ms,
                 struct error *error)
{
    uint64_t seed = 0;

    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        return error_set(error, "no random bytes");
    asking->cache = cache_new(ASKING_CACHE_BYTES, seed);
    if (asking->cache == NULL)
        return error_set(error, "out of memory");
    asking->resolver = resolver_new(asking->loop, options, timeout_ms, error);
    return asking->resolver != NULL;
}

void asking_clear(struct asking *asking)
{
    resolver_free(asking->resolver); /* before the questions it may still hold */
    question_log_clear(&asking->log);
    cache_free(asking->cache);
    while (asking->spare != NULL) {
        struct waiter *waiter = asking->spare;
        asking->spare = waiter->next;
        free(waiter);
    }
    *asking = (struct asking){0};
}

static void add_waiter(struct asking *asking, struct entry *entry)
{
    struct waiter *waiter = asking->spare;

    if (waiter != NULL)
        asking->spare = waiter->next;
    else
        waiter = malloc(sizeof *waiter);
    if (waiter == NULL) {
        asking->failed = true;
        return;
    }
    waiter->who = asking->asker;
    waiter->next = entry->waiters;
    entry->waiters = waiter;
    asking->asker->waiting++;
}

static void queue(struct asking *asking, struct entry *entry)
{
    entry->queued = NULL;
    if (asking->last != NULL)
        asking->last->queued = entry;
    else
        asking->first = entry;
    asking->last = entry;
    asking->queued++;
}

/* A question at or below an excluded name is not sent, whoever names it; it ends `limit`. */
static void settle_excluded(struct asking *asking, struct entry *entry)
{
    mxs_answer_fail(&entry->answer, MXS_LOOKUP_LIMIT, MXS_ERROR_NONE);
    cache_settle(asking->cache, entry, ev_now(asking->loop));
}

const struct mxs_answer *asking_fetch(void *context, struct mxs_name name, uint16_t type)
{
    struct asking *asking = context;
    bool created;
    struct entry *entry = cache_hold(asking->cache, name, type, ev_now(asking->loop), &created);

    if (entry == NULL)
        return NULL;
    if (created) {
        if (exclude_covers(asking->exclude, name))
            settle_excluded(asking, entry);
        else
            queue(asking, entry);
        entry->question.after = asking->asker->woken_by;
    }
    if (entry->answer.lookup == MXS_LOOKUP_PENDING)
        add_waiter(asking, entry);
    return &entry->answer;
}

static bool may_send(const struct asking *asking)
{
    return asking->first != NULL && !asking->paused &&
           resolver_counts(asking->resolver)->in_flight < asking->in_flight_max &&
           (asking->unlimited || asking->credit > 0);
}

void asking_send(struct asking *asking)
{
    while (may_send(asking)) {
        struct entry *entry = asking->first;
        asking->first = entry->queued;
        if (asking->first == NULL)
            asking->last = NULL;
        asking->queued--;
        if (!asking->unlimited)
            asking->credit--;
        resolver_start(asking->resolver, &entry->question);
    }
}

bool asking_has_room(const struct asking *asking)
{
    return asking->first == NULL && !asking->paused &&
           resolver_counts(asking->resolver)->in_flight < asking->in_flight_max;
}

static void queue_ready(struct asking *asking, struct domain *domain)
{
    domain->next = NULL;
    if (asking->ready != NULL)
        asking->ready_last->next = domain;
    else
        asking->ready = domain;
    asking->ready_last = domain;
}

static void wake_waiters(struct asking *asking, struct entry *entry)
{
    while (entry->waiters != NULL) {
        struct waiter *waiter = entry->waiters;
        struct domain *domain = waiter->who;
        entry->waiters = waiter->next;
        waiter->next = asking->spare;
        asking->spare = waiter;
        if (entry->question.elapsed_ms > domain->wave_ms)
            domain->wave_ms = entry->question.elapsed_ms;
        if (--domain->waiting > 0)
            continue;
        domain->woken_by = entry->question.number;
        queue_ready(asking, domain);
    }
}

/* A question's answer is the first member of its entry: see cache.h. */
static struct entry *entry_of(const struct question *question)
{
    return (struct entry *)(void *)question->answer;
}

void asking_take_settled(struct asking *asking)
{
    struct question *question;

    while ((question = resolver_next(asking->resolver)) != NULL) {
        struct entry *entry = entry_of(question);
        question_log_note(&asking->log, question, ev_now(asking->loop));
        /* waiters first: an entry without holder may be dropped as it is settled */
        wake_waiters(asking, entry);
        cache_settle(asking->cache, entry, ev_now(asking->loop));
    }
}

struct domain *asking_next_ready(struct asking *asking)
{
    struct domain *domain = asking->ready;

    if (domain != NULL)
        asking->ready = domain->next;
    return domain;
}

void asking_release(struct asking *asking, struct domain *domain)
{
    for (unsigned i = 0; i < domain->answers.held_count; i++)
        cache_release(asking->cache, (struct entry *)(void *)domain->answers.held[i]);
}
