#include "worker/worker.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "worker/asking.h"
#include "worker/backlog.h"
#include "worker/door.h"
#include "worker/outbox.h"

enum {
    NAMES_LOW = 128,          /* without a pace: ask for more names below this */
    NAMES_HIGH = 256,         /* and for so many */
    FRAMES_WAITING = 4 << 20, /* bytes the supervisor has not taken yet */
    PATIENCE_OF_DOMAIN = 3,   /* a domain's deadline in question deadlines, rules 17.4 */
    SEND_SOON_BYTES = 32 << 10,
};
static const double status_interval_s = 1.0;
static const double stop_deadline_s = 4.0; /* the supervisor waits five */

struct worker {
    const struct worker_options *options;
    struct ev_loop *loop;
    struct channel channel;
    struct asking asking;
    struct backlog backlog;
    struct outbox outbox;
    struct mxs_arena evaluation; /* reset before each run */
    struct worker_want want;     /* now */
    struct worker_want said;     /* and as the supervisor knows it */
    struct domain *newest;       /* of those begun and not finished */
    uint64_t domains;            /* how many they are */
    ev_prepare turn;
    ev_timer status, stop_deadline;
    bool no_more_names, stopping, flush_when_idle, failed;
};

/* The worker cannot go on: says why and leaves the loop. */
static void fail(struct worker *worker, const char *why)
{
    struct channel_part part = {why, strlen(why)};

    worker->failed = true;
    (void)channel_send(&worker->channel, MESSAGE_FAILED, &part, 1);
    ev_break(worker->loop, EVBREAK_ALL);
}

/* ---- domains */

/*
 * A failed question may be answered later, or have failed in an outage: the supervisor keeps the
 * line until it knows.
 */
static bool is_last_word(const struct worker *worker, const struct domain *domain,
                         const struct mxs_posture *posture)
{
    return worker->stopping || (domain->name.flags & DEALT_POISON) != 0 || !domain_failed(posture);
}

static void begin_domain(struct worker *worker, struct domain *domain)
{
    domain->started_at = ev_now(worker->loop);
    domain->older = worker->newest;
    if (worker->newest != NULL)
        worker->newest->newer = domain;
    worker->newest = domain;
    worker->domains++;
}

static void drop_domain(struct worker *worker, struct domain *domain)
{
    if (domain->newer != NULL)
        domain->newer->older = domain->older;
    else
        worker->newest = domain->older;
    if (domain->older != NULL)
        domain->older->newer = domain->newer;
    asking_release(&worker->asking, domain);
    domain_free(domain);
    worker->domains--;
}

static void finish_domain(struct worker *worker, struct domain *domain,
                          const struct mxs_posture *posture)
{
    if (is_last_word(worker, domain, posture))
        outbox_keep(&worker->outbox, domain, posture, ev_now(worker->loop));
    else
        outbox_give_back(&worker->outbox, domain, posture, ev_now(worker->loop));
    if (worker->outbox.failed)
        fail(worker, "out of memory");
    drop_domain(worker, domain);
}

/* A domain's own deadline, measured in the waves it waited for: rules section 17.4. */
static void note_wave(const struct worker *worker, struct domain *domain)
{
    domain->network_ms += domain->wave_ms;
    domain->wave_ms = 0;
    if (domain->answers.closed == MXS_ERROR_NONE &&
        domain->network_ms >= PATIENCE_OF_DOMAIN * worker->options->timeout_ms)
        domain->answers.closed = MXS_ERROR_TIMEOUT;
}

/* One run. The domain then waits for the next wave, or its line is written and it is gone. */
static void evaluate(struct worker *worker, struct domain *domain)
{
    const struct mxs_posture_options options = {.special_use = worker->options->input.special_use};
    const struct mxs_posture *posture;

    note_wave(worker, domain);
    mxs_arena_reset(&worker->evaluation);
    worker->asking.asker = domain;
    posture = mxs_posture_evaluate(&worker->evaluation, &domain->input, &options, &domain->answers);
    worker->asking.asker = NULL;
    if (posture == NULL || worker->asking.failed)
        fail(worker, "out of memory");
    else if (!domain->answers.pending)
        finish_domain(worker, domain, posture);
}

static void evaluate_ready(struct worker *worker)
{
    struct domain *domain;

    while (!worker->failed && (domain = asking_next_ready(&worker->asking)) != NULL)
        evaluate(worker, domain);
}

static void begin_name(struct worker *worker)
{
    const struct mxs_answers_source source = {asking_fetch, &worker->asking};
    struct dealt_name name;
    const char *bytes;
    struct domain *domain;

    backlog_take(&worker->backlog, &name, &bytes);
    domain = domain_new(&name, bytes, &worker->options->input, source);
    if (domain == NULL) {
        fail(worker, "out of memory");
        return;
    }
    if (domain->input.scannable && exclude_covers(worker->options->exclude, domain->input.domain))
        domain_exclude(domain);
    begin_domain(worker, domain);
    evaluate(worker, domain);
}

/* A full socket holds the reader back: lines not taken yet bound the names begun. */
static bool may_begin(const struct worker *worker)
{
    return worker->backlog.count > 0 && !worker->failed && asking_has_room(&worker->asking) &&
           channel_backlog(&worker->channel) < FRAMES_WAITING;
}

static void begin_names(struct worker *worker)
{
    while (may_begin(worker)) {
        begin_name(worker);
        asking_send(&worker->asking);
    }
}

/* ---- what the worker could use */

static uint64_t room_in_flight(const struct worker *worker)
{
    uint64_t used = resolver_counts(worker->asking.resolver)->in_flight + worker->asking.queued +
                    worker->backlog.count;

    return used < worker->options->in_flight ? worker->options->in_flight - used : 0;
}

/*
 * Without a pace names are kept ready. With one, a name is dealt when its first question may go
 * out, so that the supervisor's pace is the pace on the wire.
 */
static uint64_t names_wanted(const struct worker *worker)
{
    if (worker->no_more_names || worker->asking.paused ||
        channel_backlog(&worker->channel) >= FRAMES_WAITING)
        return 0;
    if (!worker->options->unlimited)
        return asking_has_room(&worker->asking) ? room_in_flight(worker) : 0;
    return worker->backlog.count < NAMES_LOW ? NAMES_HIGH - worker->backlog.count : 0;
}

static uint64_t questions_wanted(const struct worker *worker)
{
    const struct asking *asking = &worker->asking;
    uint64_t in_flight = resolver_counts(asking->resolver)->in_flight;
    uint64_t room = in_flight < asking->in_flight_max ? asking->in_flight_max - in_flight : 0;
    uint64_t sendable = asking->queued < room ? asking->queued : room;

    if (asking->unlimited || asking->paused || sendable <= asking->credit)
        return 0;
    return sendable - asking->credit;
}

static void say_wants(struct worker *worker)
{
    struct channel_part part = {&worker->said, sizeof worker->said};

    worker->want.names = names_wanted(worker);
    worker->want.questions = questions_wanted(worker);
    if (memcmp(&worker->want, &worker->said, sizeof worker->said) == 0)
        return;
    worker->said = worker->want;
    (void)channel_send(&worker->channel, MESSAGE_WANT, &part, 1);
}

/* ---- the turn */

static bool is_idle(const struct worker *worker)
{
    return worker->backlog.count == 0 && worker->domains == 0;
}

/* All the worker's work, once for each turn of the loop: no callback does any. */
static void on_turn(struct ev_loop *loop, ev_prepare *watcher, int revents)
{
    struct worker *worker = watcher->data;

    (void)revents;
    do {
        asking_take_settled(&worker->asking);
        evaluate_ready(worker);
        asking_send(&worker->asking);
        begin_names(worker);
        asking_take_settled(&worker->asking); /* some are answered as they are asked */
    } while (worker->asking.ready != NULL && !worker->failed);
    if ((worker->options->send_soon && worker->outbox.frame.lines.len >= SEND_SOON_BYTES) ||
        (worker->flush_when_idle && is_idle(worker)))
        outbox_send(&worker->outbox);
    say_wants(worker);
    if (worker->no_more_names && is_idle(worker))
        ev_break(loop, EVBREAK_ALL);
}

/* ---- from the supervisor */

static void take_names(struct worker *worker, mxs_slice body)
{
    worker->want.names_taken += backlog_add(&worker->backlog, body);
    worker->flush_when_idle = false;
    if (worker->backlog.bytes.failed)
        fail(worker, "out of memory");
}

static void take_credit(struct worker *worker, mxs_slice body)
{
    uint64_t credit = 0;

    memcpy(&credit, body.ptr, sizeof credit);
    worker->asking.credit += credit;
    worker->want.credit_taken += credit;
}

static void stop_soon(struct worker *worker)
{
    worker->stopping = true;
    worker->no_more_names = true;
    backlog_clear(&worker->backlog);
    ev_timer_set(&worker->stop_deadline, stop_deadline_s, 0.);
    ev_timer_start(worker->loop, &worker->stop_deadline);
}

static void on_message(void *owner, uint32_t kind, mxs_slice body)
{
    struct worker *worker = owner;

    switch ((enum message_to_worker)kind) {
    case MESSAGE_NAMES:
        take_names(worker, body);
        break;
    case MESSAGE_CREDIT:
        take_credit(worker, body);
        break;
    case MESSAGE_FLUSH:
        worker->flush_when_idle = true;
        break;
    case MESSAGE_FINISH:
        worker->no_more_names = true;
        break;
    case MESSAGE_STOP:
        stop_soon(worker);
        break;
    case MESSAGE_PAUSE:
        worker->asking.paused = true;
        break;
    case MESSAGE_RESUME:
        worker->asking.paused = false;
        break;
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
    const struct resolver_counts *asked = resolver_counts(worker->asking.resolver);
    const struct cache_counts *cached = cache_counts(worker->asking.cache);
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
        outbox_send(&worker->outbox);
    question_log_send(&worker->asking.log);
}

/* ---- life */

/* One epoll and no more: no timerfd, no inotify, nothing that the environment asks for. */
static struct ev_loop *new_loop(void)
{
    return ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV | EVFLAG_NOINOTIFY | EVFLAG_NOTIMERFD);
}

/* After this nothing can be opened any more. */
static bool shut_the_door(struct worker *worker, struct error *error)
{
    struct door_options options;

    door_options_init(&options, &worker->options->resolve);
    door_warm_libraries();
    return resolver_warm(worker->asking.resolver, error) && door_close(&options, error);
}

static bool prepare(struct worker *worker, int fd, struct error *error)
{
    const struct worker_options *options = worker->options;

    worker->loop = new_loop();
    if (worker->loop == NULL)
        return error_set(error, "no event loop");
    worker->channel.owner = worker;
    worker->channel.on_message = on_message;
    worker->channel.on_closed = on_closed;
    channel_open(&worker->channel, worker->loop, fd);
    worker->outbox.channel = &worker->channel;
    worker->outbox.frame_size = options->frame_size;
    worker->outbox.write = options->write;
    worker->asking.loop = worker->loop;
    worker->asking.in_flight_max = options->in_flight;
    worker->asking.unlimited = options->unlimited;
    worker->asking.exclude = options->exclude;
    if (options->log_questions)
        question_log_init(&worker->asking.log, &worker->channel);
    return asking_init(&worker->asking, &options->resolve, options->timeout_ms, error) &&
           outbox_init(&worker->outbox, options->level, error) && shut_the_door(worker, error);
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
        outbox_send(&worker->outbox);
        question_log_send(&worker->asking.log);
        send_status(worker);
    }
    channel_flush(&worker->channel);
}

/* The channel last: the supervisor waits for an end that follows soon. */
static void clear(struct worker *worker)
{
    while (worker->newest != NULL)
        drop_domain(worker, worker->newest);
    asking_clear(&worker->asking);
    outbox_clear(&worker->outbox);
    backlog_clear(&worker->backlog);
    mxs_arena_clear(&worker->evaluation);
    channel_close(&worker->channel);
    if (worker->loop != NULL)
        ev_loop_destroy(worker->loop);
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
    clear(&worker);
    return worker.failed ? 1 : 0;
}
