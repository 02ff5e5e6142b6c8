#include "worker/worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "resolve/cache.h"
#include "worker/channel.h"
#include "worker/domain.h"

enum {
    NAMES_LOW = 256,        /* ask for more names below this */
    NAMES_HIGH = 1024,      /* and for so many */
    BACKLOG_MAX = 4 << 20,  /* bytes of frames the supervisor has not taken yet */
    PATIENCE_OF_DOMAIN = 3, /* a domain's deadline in question deadlines, rules 17.4 */
    SEND_SOON_BYTES = 32 << 10,
};
static const double status_interval_s = 1.0;
static const double stop_deadline_s = 4.0; /* the supervisor waits five */

/* A queue of entries whose questions wait to be sent. */
struct entry_queue {
    struct entry *first, *last;
};

struct worker {
    const struct worker_options *options;
    struct ev_loop *loop;
    struct channel channel;
    struct resolver *resolver;
    struct cache *cache;
    struct frame frame;
    struct mxs_arena evaluation; /* reset before each run */
    struct mxs_buffer names;     /* dealt and not begun */
    size_t names_at;
    uint64_t names_left, names_wanted;
    struct domain *ready, *ready_last;
    struct domain *current; /* the one being evaluated: who asks, waits */
    struct entry_queue to_send;
    uint64_t to_send_count;
    struct waiter *spare_waiters;
    uint64_t credit, credit_wanted;
    uint64_t domains;
    ev_prepare turn;
    ev_timer status, stop_deadline;
    bool no_more_names, stopping, failed;
};

/* ---- leaving */

/* The worker cannot go on: says why and leaves the loop. */
static void fail(struct worker *worker, const char *why)
{
    struct channel_part part = {why, strlen(why)};

    worker->failed = true;
    (void)channel_send(&worker->channel, MESSAGE_FAILED, &part, 1);
    ev_break(worker->loop, EVBREAK_ALL);
}

/* ---- asking: the evaluation's source of answers */

static void add_waiter(struct worker *worker, struct entry *entry)
{
    struct waiter *waiter = worker->spare_waiters;

    if (waiter != NULL)
        worker->spare_waiters = waiter->next;
    else
        waiter = malloc(sizeof *waiter);
    if (waiter == NULL) {
        fail(worker, "out of memory");
        return;
    }
    waiter->who = worker->current;
    waiter->next = entry->waiters;
    entry->waiters = waiter;
    worker->current->waiting++;
}

static void queue_to_send(struct worker *worker, struct entry *entry)
{
    entry->queued = NULL;
    if (worker->to_send.last != NULL)
        worker->to_send.last->queued = entry;
    else
        worker->to_send.first = entry;
    worker->to_send.last = entry;
    worker->to_send_count++;
}

/* mxs_answers_source.fetch: the domain's set holds the entry until the domain is done. */
static const struct mxs_answer *fetch(void *context, struct mxs_name name, uint16_t type)
{
    struct worker *worker = context;
    bool created;
    struct entry *entry = cache_hold(worker->cache, name, type, ev_now(worker->loop), &created);

    if (entry == NULL)
        return NULL;
    if (created)
        queue_to_send(worker, entry);
    if (entry->answer.lookup == MXS_LOOKUP_PENDING)
        add_waiter(worker, entry);
    return &entry->answer;
}

/* Sends what may be sent: within the questions in flight, and within the credit. */
static void send_questions(struct worker *worker)
{
    const struct resolver_counts *counts = resolver_counts(worker->resolver);

    while (worker->to_send.first != NULL && counts->in_flight < worker->options->in_flight &&
           (worker->options->unlimited || worker->credit > 0)) {
        struct entry *entry = worker->to_send.first;
        worker->to_send.first = entry->queued;
        if (worker->to_send.first == NULL)
            worker->to_send.last = NULL;
        worker->to_send_count--;
        if (!worker->options->unlimited)
            worker->credit--;
        resolver_start(worker->resolver, &entry->question);
    }
}

/* ---- answers that came */

static struct entry *entry_of(struct question *question)
{
    return (struct entry *)(void *)question->answer; /* the answer is its entry's first member */
}

static void queue_ready(struct worker *worker, struct domain *domain)
{
    domain->next = NULL;
    if (worker->ready != NULL)
        worker->ready_last->next = domain;
    else
        worker->ready = domain;
    worker->ready_last = domain;
}

static void wake_waiters(struct worker *worker, struct entry *entry)
{
    while (entry->waiters != NULL) {
        struct waiter *waiter = entry->waiters;
        struct domain *domain = waiter->who;
        entry->waiters = waiter->next;
        waiter->next = worker->spare_waiters;
        worker->spare_waiters = waiter;
        if (entry->question.elapsed_ms > domain->wave_ms)
            domain->wave_ms = entry->question.elapsed_ms;
        if (--domain->waiting == 0)
            queue_ready(worker, domain);
    }
}

static void take_settled(struct worker *worker)
{
    struct question *question;

    while ((question = resolver_next(worker->resolver)) != NULL) {
        struct entry *entry = entry_of(question);
        cache_settle(worker->cache, entry, ev_now(worker->loop));
        wake_waiters(worker, entry);
    }
}

/* ---- frames */

static void send_frame(struct worker *worker)
{
    struct frame_head head = {.counts = worker->frame.counts, .raw_len = worker->frame.lines.len};
    mxs_slice packed;

    if (worker->frame.counts.lines == 0)
        return;
    packed = frame_pack(&worker->frame);
    if (packed.ptr == NULL) {
        fail(worker, "out of memory");
        return;
    }
    struct channel_part parts[] = {
        {&head, sizeof head},
        {worker->frame.indexes.ptr, worker->frame.indexes.len},
        {packed.ptr, packed.len},
    };
    if (!channel_send(&worker->channel, MESSAGE_FRAME, parts, 3))
        fail(worker, "out of memory");
    frame_reset(&worker->frame);
}

/* RFC 3339 in UTC, to the second: when the verdict was reached. */
static mxs_slice write_time(char text[32])
{
    time_t now = time(NULL);
    struct tm utc;
    size_t len = gmtime_r(&now, &utc) == NULL ? 0 : strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);

    return (mxs_slice){text, len};
}

static void write_line(struct worker *worker, const struct domain *domain,
                       const struct mxs_posture *posture)
{
    char time_text[32];
    double elapsed_s = ev_now(worker->loop) - domain->started_at;
    struct mxs_line line = {
        .index = domain->index,
        .rank = domain->rank,
        .scanned_at = write_time(time_text),
        .elapsed_ms = elapsed_s > 0 ? (uint64_t)(elapsed_s * 1000) : 0,
        .input = &domain->input,
        .posture = posture,
    };

    worker->options->write(&line, &worker->frame.lines);
    frame_note(&worker->frame, domain->index, posture);
    if (worker->frame.lines.len >= worker->options->frame_size)
        send_frame(worker);
}

/* ---- domains */

static void finish_domain(struct worker *worker, struct domain *domain)
{
    for (unsigned i = 0; i < domain->answers.held_count; i++)
        cache_release(worker->cache, (struct entry *)(void *)domain->answers.held[i]);
    domain_free(domain);
    worker->domains--;
}

/* One run. The domain then waits for the next wave, or its line is written and it is gone. */
static void evaluate(struct worker *worker, struct domain *domain)
{
    const struct mxs_posture_options options = {.special_use = worker->options->input.special_use};
    const struct mxs_posture *posture;

    domain->network_ms += domain->wave_ms;
    domain->wave_ms = 0;
    domain->answers.out_of_time =
        domain->network_ms >= PATIENCE_OF_DOMAIN * worker->options->timeout_ms;
    mxs_arena_reset(&worker->evaluation);
    worker->current = domain;
    posture = mxs_posture_evaluate(&worker->evaluation, &domain->input, &options, &domain->answers);
    worker->current = NULL;
    if (posture == NULL) {
        fail(worker, "out of memory");
    } else if (!domain->answers.pending) {
        write_line(worker, domain, posture);
        finish_domain(worker, domain);
    }
}

static void evaluate_ready(struct worker *worker)
{
    while (worker->ready != NULL && !worker->failed) {
        struct domain *domain = worker->ready;
        worker->ready = domain->next;
        evaluate(worker, domain);
    }
}

/* Begins the next name that was dealt. */
static void begin_name(struct worker *worker)
{
    const char *at = worker->names.ptr + worker->names_at;
    const struct mxs_answers_source source = {fetch, worker};
    struct dealt_name name;
    struct domain *domain;

    memcpy(&name, at, sizeof name);
    worker->names_at += sizeof name + name.text_len + name.meta_len;
    worker->names_left--;
    domain = domain_new(&name, (mxs_slice){at + sizeof name, name.text_len},
                        &worker->options->input, source);
    if (domain == NULL) {
        fail(worker, "out of memory");
        return;
    }
    domain->started_at = ev_now(worker->loop);
    worker->domains++;
    evaluate(worker, domain);
}

/*
 * New names only when nothing older waits to be sent: the questions of names begun come first, and
 * the frames not yet taken hold the reader back.
 */
static bool may_begin(const struct worker *worker)
{
    return worker->names_left > 0 && worker->to_send.first == NULL && !worker->failed &&
           resolver_counts(worker->resolver)->in_flight < worker->options->in_flight &&
           channel_backlog(&worker->channel) < BACKLOG_MAX;
}

static void begin_names(struct worker *worker)
{
    while (may_begin(worker)) {
        begin_name(worker);
        send_questions(worker);
    }
}

/* ---- the turn */

static void want(struct worker *worker, uint32_t kind, uint64_t count)
{
    struct channel_part part = {&count, sizeof count};

    (void)channel_send(&worker->channel, kind, &part, 1);
}

/* Says what the worker lacks, once for each lack. */
static void ask_supervisor(struct worker *worker)
{
    uint64_t lacking;

    if (!worker->no_more_names && worker->names_wanted == 0 && worker->names_left < NAMES_LOW) {
        worker->names_wanted = NAMES_HIGH - worker->names_left;
        want(worker, MESSAGE_WANT_NAMES, worker->names_wanted);
    }
    if (worker->options->unlimited || worker->to_send_count <= worker->credit_wanted)
        return;
    lacking = worker->to_send_count - worker->credit_wanted;
    worker->credit_wanted += lacking;
    want(worker, MESSAGE_WANT_CREDIT, lacking);
}

static bool is_done(const struct worker *worker)
{
    return worker->no_more_names && worker->names_left == 0 && worker->domains == 0;
}

/* All the worker's work, once for each turn of the loop: no callback does any. */
static void on_turn(struct ev_loop *loop, ev_prepare *watcher, int revents)
{
    struct worker *worker = watcher->data;

    (void)revents;
    do {
        take_settled(worker);
        evaluate_ready(worker);
        send_questions(worker);
        begin_names(worker);
        take_settled(worker); /* some are answered as they are asked */
    } while (worker->ready != NULL && !worker->failed);
    if (worker->options->send_soon &&
        (worker->frame.lines.len >= SEND_SOON_BYTES || is_done(worker)))
        send_frame(worker);
    ask_supervisor(worker);
    if (is_done(worker))
        ev_break(loop, EVBREAK_ALL);
}

/* ---- from the supervisor */

/* Names already dealt move to the front, new ones come behind. */
static void take_names(struct worker *worker, mxs_slice body)
{
    struct dealt_name name;

    if (worker->names_at > 0) {
        memmove(worker->names.ptr, worker->names.ptr + worker->names_at,
                worker->names.len - worker->names_at);
        worker->names.len -= worker->names_at;
        worker->names_at = 0;
    }
    mxs_buffer_append(&worker->names, body);
    if (worker->names.failed) {
        fail(worker, "out of memory");
        return;
    }
    worker->names_wanted = 0;
    while (body.len >= sizeof name) {
        memcpy(&name, body.ptr, sizeof name);
        body = mxs_slice_from(body, sizeof name + name.text_len + name.meta_len);
        worker->names_left++;
    }
}

static void take_credit(struct worker *worker, mxs_slice body)
{
    uint64_t credit = 0;

    memcpy(&credit, body.ptr, sizeof credit);
    worker->credit += credit;
    worker->credit_wanted -= credit < worker->credit_wanted ? credit : worker->credit_wanted;
}

static void stop_soon(struct worker *worker)
{
    worker->stopping = true;
    worker->no_more_names = true;
    worker->names_left = 0;
    ev_timer_set(&worker->stop_deadline, stop_deadline_s, 0.);
    ev_timer_start(worker->loop, &worker->stop_deadline);
}

static void on_message(void *owner, uint32_t kind, mxs_slice body)
{
    struct worker *worker = owner;

    switch (kind) {
    case MESSAGE_NAMES:
        take_names(worker, body);
        break;
    case MESSAGE_CREDIT:
        take_credit(worker, body);
        break;
    case MESSAGE_FINISH:
        worker->no_more_names = true;
        break;
    case MESSAGE_STOP:
        stop_soon(worker);
        break;
    default:
        fail(worker, "the supervisor sent an unknown message");
    }
}

/* Without a supervisor there is nobody to work for. */
static void on_closed(void *owner)
{
    struct worker *worker = owner;

    worker->failed = true;
    ev_break(worker->loop, EVBREAK_ALL);
}

static void on_stop_deadline(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)timer;
    (void)revents;
    ev_break(loop, EVBREAK_ALL);
}

/* ---- status */

static void send_status(struct worker *worker)
{
    const struct resolver_counts *asked = resolver_counts(worker->resolver);
    const struct cache_counts *cached = cache_counts(worker->cache);
    struct worker_status status = {
        .questions = asked->started,
        .cache_hits = cached->hits,
        .cache_misses = cached->misses,
        .cache_dropped = cached->dropped,
        .cache_entries = cached->entries,
        .cache_bytes = cached->bytes,
        .cache_bytes_peak = cached->bytes_peak,
        .in_flight = asked->in_flight,
        .in_flight_peak = asked->in_flight_peak,
        .domains = worker->domains,
    };
    struct channel_part part = {&status, sizeof status};

    memcpy(status.settled, asked->settled, sizeof status.settled);
    (void)channel_send(&worker->channel, MESSAGE_STATUS, &part, 1);
}

static void on_status(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct worker *worker = timer->data;

    (void)loop;
    (void)revents;
    send_status(worker);
    if (worker->options->send_soon)
        send_frame(worker);
}

/* ---- life */

static bool prepare(struct worker *worker, int fd, struct error *error)
{
    uint64_t seed = 0;

    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        return error_set(error, "no random bytes");
    worker->loop = ev_loop_new(EVFLAG_AUTO);
    if (worker->loop == NULL)
        return error_set(error, "no event loop");
    worker->channel.owner = worker;
    worker->channel.on_message = on_message;
    worker->channel.on_closed = on_closed;
    channel_open(&worker->channel, worker->loop, fd);
    worker->cache = cache_new(WORKER_CACHE_BYTES, seed);
    if (worker->cache == NULL)
        return error_set(error, "out of memory");
    worker->resolver =
        resolver_new(worker->loop, &worker->options->resolve, worker->options->timeout_ms, error);
    return worker->resolver != NULL && frame_init(&worker->frame, worker->options->level, error);
}

static void watch(struct worker *worker)
{
    ev_prepare_init(&worker->turn, on_turn);
    worker->turn.data = worker;
    ev_prepare_start(worker->loop, &worker->turn);
    ev_timer_init(&worker->status, on_status, status_interval_s, status_interval_s);
    worker->status.data = worker;
    ev_timer_start(worker->loop, &worker->status);
    ev_init(&worker->stop_deadline, on_stop_deadline);
}

/* What a worker that ends by itself says last. */
static void last_words(struct worker *worker)
{
    if (!worker->failed) {
        send_frame(worker);
        send_status(worker);
    }
    channel_flush(&worker->channel);
}

/* The signals of a terminal go to the whole group, but the supervisor decides. */
static void ignore_signals(void)
{
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
}

int worker_run(const struct worker_options *options, int fd)
{
    struct worker worker = {.options = options};
    struct error error;

    ignore_signals();
    mxs_arena_init(&worker.evaluation);
    mxs_buffer_init(&worker.names);
    if (prepare(&worker, fd, &error)) {
        watch(&worker);
        ev_run(worker.loop, 0);
    } else if (channel_is_open(&worker.channel)) {
        fail(&worker, error.text);
    } else {
        (void)fprintf(stderr, "mxsweep: worker: %s\n", error.text);
        worker.failed = true;
    }
    last_words(&worker);
    return worker.failed ? 1 : 0;
}
