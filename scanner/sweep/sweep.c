#include "sweep/sweep.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sweep/state.h"

static const double stop_deadline_s = 5.0;
static const double progress_interval_s = 0.5;
static const double outage_wait_s = 0.5; /* before it is looked again whether it is one */
enum {
    HUNG_DEADLINES = 3, /* without a word for so many question deadlines */
    STILLBORN_MAX = 5,
};

/* ---- shared with deal.c and lines.c */

void sweep_fail(struct sweep *sweep)
{
    if (sweep->failed)
        return;
    sweep->failed = true;
    crew_kill(&sweep->crew);
    ev_break(sweep->loop, EVBREAK_ALL);
}

void sweep_tell(struct sweep *sweep, struct slot *slot, uint32_t kind, const void *body, size_t len)
{
    if (slot_tell(slot, kind, body, len))
        return;
    (void)error_set(sweep->error, "out of memory");
    sweep_fail(sweep);
}

void sweep_say(const struct sweep *sweep, const char *format, ...)
{
    va_list arguments;

    if (sweep->options->quiet)
        return;
    va_start(arguments, format);
    if (isatty(STDERR_FILENO) == 1)
        (void)fputs("\r\033[K", stderr);
    (void)fputs("mxsweep: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
}

static void tell_all(struct sweep *sweep, uint32_t kind)
{
    for (unsigned i = 0; i < sweep->crew.size; i++)
        if (slot_is_filled(&sweep->crew.slots[i]))
            sweep_tell(sweep, &sweep->crew.slots[i], kind, NULL, 0);
}

/* ---- from the workers */

static void sum_up(struct sweep *sweep)
{
    crew_sum(&sweep->crew, &sweep->result->status);
    sweep->result->worker_memory_peak = sweep->crew.memory_peak;
    sweep->result->again = sweep->again.count;
    sweep->result->elapsed_s = ev_now(sweep->loop) - sweep->started_at;
}

static uint64_t count_settled(const struct worker_status *status)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < sizeof status->settled / sizeof status->settled[0]; i++)
        sum += status->settled[i];
    return sum;
}

static void take_status(struct sweep *sweep, struct slot *slot, mxs_slice body)
{
    struct worker_status before = slot->status;

    if (body.len != sizeof slot->status)
        return;
    memcpy(&slot->status, body.ptr, sizeof slot->status);
    sum_up(sweep);
    outage_note(&sweep->outage, count_settled(&slot->status) - count_settled(&before),
                slot->status.settled[MXS_LOOKUP_TEMP] - before.settled[MXS_LOOKUP_TEMP]);
}

static void on_message(void *owner, struct slot *slot, uint32_t kind, mxs_slice body)
{
    struct sweep *sweep = owner;

    switch ((enum message_to_supervisor)kind) {
    case MESSAGE_WANT:
        if (body.len == sizeof slot->want)
            memcpy(&slot->want, body.ptr, sizeof slot->want);
        if (sweep->options->rate <= 0)
            deal(sweep);
        break;
    case MESSAGE_FRAME:
        lines_take_frame(sweep, slot, body);
        deal(sweep);
        break;
    case MESSAGE_AGAIN:
        lines_take_again(sweep, slot, body);
        break;
    case MESSAGE_STATUS:
        take_status(sweep, slot, body);
        break;
    case MESSAGE_FAILED:
        (void)error_set(sweep->error, "worker: %.*s", (int)body.len, body.ptr);
        sweep_fail(sweep);
        break;
    case MESSAGE_LOG:
        if (sweep->options->question_log != NULL)
            (void)fwrite(body.ptr, 1, body.len, sweep->options->question_log);
        break;
    }
}

/* ---- generations */

static void fill(struct sweep *sweep, unsigned number)
{
    if (!crew_fill(&sweep->crew, number, sweep->error)) {
        sweep_fail(sweep);
        return;
    }
    if (sweep->suspects.count > 0)
        sweep->crew.slots[number].company = COMPANY_FEW;
}

static bool is_work_left(const struct sweep *sweep)
{
    return sweep->again.count + sweep->suspects.count + sweep->retries.count + sweep->last.count >
               0 ||
           !window_is_empty(sweep->window) || !sweep->list_ended;
}

static void begin_generation(struct sweep *sweep)
{
    struct name *name;

    sweep->result->retried += sweep->again.count;
    while ((name = name_list_take(&sweep->again)) != NULL)
        name_list_append(&sweep->retries, name);
    sweep->draining = false;
    sweep->result->again_wait_s = 0;
    for (unsigned i = 0; i < sweep->crew.size && !sweep->failed; i++)
        fill(sweep, i);
}

/* When the last of those that wait may be tried again. */
static double again_due_at(const struct sweep *sweep)
{
    double due_at = 0;

    for (const struct name *name = sweep->again.first; name != NULL; name = name->next)
        if (name->due_at > due_at)
            due_at = name->due_at;
    return due_at;
}

/* The generation is over: the next one begins when what failed may be tried again. */
static void end_generation(struct sweep *sweep)
{
    double wait_s;

    if (!sweep->stopping)
        lines_settle_last(sweep, true);
    if (sweep->failed)
        return;
    wait_s = sweep->last.count > 0 ? outage_wait_s : again_due_at(sweep) - ev_now(sweep->loop);
    if (sweep->stopping || !is_work_left(sweep)) {
        ev_break(sweep->loop, EVBREAK_ALL);
        return;
    }
    if (wait_s <= 0) {
        begin_generation(sweep);
        return;
    }
    sweep->result->again_wait_s = wait_s;
    ev_timer_set(&sweep->retry_wait, wait_s, 0.);
    ev_timer_start(sweep->loop, &sweep->retry_wait);
}

static void on_retry_wait(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct sweep *sweep = timer->data;

    (void)loop;
    (void)revents;
    if (sweep->last.count > 0)
        end_generation(sweep); /* it is known by now whether this is an outage */
    else
        begin_generation(sweep);
}

/* A worker that did not leave by itself: what it had is tried again, in smaller company. */
static void lose_worker(struct sweep *sweep, struct slot *slot, int status)
{
    sweep->result->workers_lost++;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        sweep_say(sweep, "worker %d tried what its sandbox forbids; its %llu names are tried again",
                  (int)slot->pid, (unsigned long long)slot->names_held);
    else if (WIFSIGNALED(status))
        sweep_say(sweep, "worker %d was ended by signal %d; its %llu names are tried again",
                  (int)slot->pid, WTERMSIG(status), (unsigned long long)slot->names_held);
    else
        sweep_say(sweep, "worker %d ended with status %d; its %llu names are tried again",
                  (int)slot->pid, WEXITSTATUS(status), (unsigned long long)slot->names_held);
    deal_again(sweep, slot);
}

static void on_gone(void *owner, struct slot *slot, int status)
{
    struct sweep *sweep = owner;
    bool lost = status != 0 || slot->names_held > 0;

    sweep->stillborn = slot->heard ? 0 : sweep->stillborn + 1;
    if (sweep->failed)
        return;
    if (sweep->stillborn > STILLBORN_MAX) {
        (void)error_set(sweep->error, "workers die as they begin (status %d)", status);
        sweep_fail(sweep);
        return;
    }
    if (lost && !sweep->stopping) {
        lose_worker(sweep, slot, status);
        if (slot->names_held > 0 || !slot->finishing)
            fill(sweep, slot->number);
    }
    if (sweep->crew.present == 0)
        end_generation(sweep);
}

/* ---- outage */

static void on_down(void *owner)
{
    struct sweep *sweep = owner;

    sweep_say(sweep, "most questions fail and the root does not answer: paused until it does");
    tell_all(sweep, MESSAGE_PAUSE);
}

static void on_up(void *owner)
{
    struct sweep *sweep = owner;
    double paused_s = ev_now(sweep->loop) - sweep->outage.since;

    sweep->result->outage_s += paused_s;
    sweep->outage_over_at = ev_now(sweep->loop);
    sweep_say(sweep, "the root answers again after %.0f s: going on", paused_s);
    tell_all(sweep, MESSAGE_RESUME);
    deal(sweep);
}

/* ---- time */

static void on_tick(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    deal(timer->data);
}

/* A worker without a word for so long hangs. Its channel is read to the end as it dies. */
static void kill_hung(struct sweep *sweep)
{
    double patience_s = HUNG_DEADLINES * sweep->options->worker.timeout_ms / 1000.0 + 1;
    bool we_slept = ev_now(sweep->loop) - sweep->second_at > 5; /* and with us the workers */

    sweep->second_at = ev_now(sweep->loop);
    for (unsigned i = 0; i < sweep->crew.size; i++) {
        struct slot *slot = &sweep->crew.slots[i];
        if (we_slept)
            slot->heard_at = ev_now(sweep->loop);
        if (!slot_is_filled(slot) || ev_now(sweep->loop) - slot->heard_at < patience_s)
            continue;
        sweep_say(sweep, "worker %d hangs", (int)slot->pid);
        slot->heard_at = ev_now(sweep->loop);
        (void)kill(slot->pid, SIGKILL);
    }
}

/* A rise of failures slows a paced run down, by halves, and it recovers slowly. */
static void adapt_pace(struct sweep *sweep)
{
    double failing = outage_failing(&sweep->outage);
    double before = sweep->pace_share;

    if (sweep->options->rate <= 0 || sweep->outage.down)
        return;
    if (failing > 0.2 && sweep->pace_share > 1.0 / 16)
        sweep->pace_share /= 2;
    else if (failing < 0.1 && sweep->pace_share < 1)
        sweep->pace_share += 0.05;
    if (sweep->pace_share > 1)
        sweep->pace_share = 1;
    sweep->pace.rate = sweep->options->rate * sweep->pace_share;
    if (before == 1 && sweep->pace_share < 1)
        sweep_say(sweep, "%.0f %% of the last questions failed: slowing down", failing * 100);
}

static void on_second(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct sweep *sweep = timer->data;

    (void)loop;
    (void)revents;
    kill_hung(sweep);
    adapt_pace(sweep);
    lines_settle_last(sweep, false);
    deal(sweep);
}

static void show_progress(struct sweep *sweep, bool last)
{
    sum_up(sweep);
    if (ev_is_active(&sweep->retry_wait))
        sweep->result->again_wait_s = ev_timer_remaining(sweep->loop, &sweep->retry_wait);
    if (sweep->options->on_progress != NULL)
        sweep->options->on_progress(sweep->options->progress_context, sweep->result, last);
}

static void on_progress(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    show_progress(timer->data, false);
}

static void on_list_readable(struct ev_loop *loop, ev_io *watcher, int revents)
{
    ev_io_stop(loop, watcher);
    (void)revents;
    deal(watcher->data);
}

/* ---- signals */

static void on_stop_deadline(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct sweep *sweep = timer->data;

    (void)loop;
    (void)revents;
    crew_kill(&sweep->crew);
}

/* The first signal: no new names, and a few seconds for those begun. The second: at once. */
static void on_signal(struct ev_loop *loop, ev_signal *watcher, int revents)
{
    struct sweep *sweep = watcher->data;

    (void)revents;
    if (sweep->stopping) {
        crew_kill(&sweep->crew);
        return;
    }
    sweep->stopping = true;
    sweep->result->signal = watcher->signum;
    tell_all(sweep, MESSAGE_STOP);
    ev_timer_set(&sweep->stop_deadline, stop_deadline_s, 0.);
    ev_timer_start(loop, &sweep->stop_deadline);
    if (sweep->crew.present == 0)
        ev_break(loop, EVBREAK_ALL);
}

/* ---- life */

static void watch_signal(struct sweep *sweep, ev_signal *watcher, int signum)
{
    ev_signal_init(watcher, on_signal, signum);
    watcher->data = sweep;
    ev_signal_start(sweep->loop, watcher);
}

static void watch_timer(struct sweep *sweep, ev_timer *timer,
                        void (*callback)(struct ev_loop *, ev_timer *, int), double interval_s)
{
    ev_timer_init(timer, callback, interval_s, interval_s);
    timer->data = sweep;
    if (interval_s > 0)
        ev_timer_start(sweep->loop, timer);
}

static void watch(struct sweep *sweep)
{
    watch_signal(sweep, &sweep->interrupt, SIGINT);
    watch_signal(sweep, &sweep->terminate, SIGTERM);
    watch_signal(sweep, &sweep->hangup, SIGHUP);
    ev_init(&sweep->list_readable, on_list_readable);
    sweep->list_readable.data = sweep;
    watch_timer(sweep, &sweep->tick, on_tick,
                sweep->options->rate > 0 || sweep->options->tld_rate > 0 ? PACE_INTERVAL_S : 0);
    watch_timer(sweep, &sweep->second, on_second, 1.0);
    watch_timer(sweep, &sweep->progress, on_progress, progress_interval_s);
    watch_timer(sweep, &sweep->stop_deadline, on_stop_deadline, 0);
    watch_timer(sweep, &sweep->retry_wait, on_retry_wait, 0);
    watch_timer(sweep, &sweep->list_busy, on_tick, 0);
}

static void unwatch(struct sweep *sweep)
{
    ev_timer *const timers[] = {&sweep->tick,          &sweep->second,     &sweep->progress,
                                &sweep->stop_deadline, &sweep->retry_wait, &sweep->list_busy};

    for (size_t i = 0; i < sizeof timers / sizeof timers[0]; i++)
        ev_timer_stop(sweep->loop, timers[i]);
    ev_signal_stop(sweep->loop, &sweep->interrupt);
    ev_signal_stop(sweep->loop, &sweep->terminate);
    ev_signal_stop(sweep->loop, &sweep->hangup);
    ev_io_stop(sweep->loop, &sweep->list_readable);
}

static bool prepare(struct sweep *sweep)
{
    const struct sweep_options *options = sweep->options;

    sweep->loop = ev_loop_new(EVFLAG_AUTO); /* the default loop would collect our workers */
    if (sweep->loop == NULL)
        return error_set(sweep->error, "no event loop");
    ev_now_update(sweep->loop);
    sweep->started_at = ev_now(sweep->loop);
    pace_init(&sweep->pace, options->rate, sweep->started_at);
    sweep->pace_share = 1;
    sweep->second_at = sweep->started_at;
    sweep->crew.loop = sweep->loop;
    sweep->crew.worker = &options->worker;
    sweep->crew.size = options->workers;
    sweep->crew.owner = sweep;
    sweep->crew.on_message = on_message;
    sweep->crew.on_gone = on_gone;
    sweep->outage.owner = sweep;
    sweep->outage.on_down = on_down;
    sweep->outage.on_up = on_up;
    outage_init(&sweep->outage, sweep->loop);
    sweep->window = window_new(&options->source, options->tld_rate);
    if (sweep->window == NULL)
        return error_set(sweep->error, "out of memory");
    return frame_init(&sweep->frame, options->worker.level, sweep->error) &&
           roots_find(&options->worker.resolve, &sweep->outage.roots, sweep->error);
}

static bool run(struct sweep *sweep)
{
    watch(sweep);
    begin_generation(sweep);
    if (!sweep->failed)
        ev_run(sweep->loop, 0);
    if (sweep->stopping && !sweep->failed)
        lines_write_again(sweep);
    show_progress(sweep, true);
    unwatch(sweep);
    return !sweep->failed;
}

static void clear(struct sweep *sweep)
{
    crew_clear(&sweep->crew);
    if (sweep->loop != NULL)
        outage_clear(&sweep->outage);
    dealt_clear(&sweep->dealt);
    name_list_clear(&sweep->retries);
    name_list_clear(&sweep->suspects);
    name_list_clear(&sweep->again);
    name_list_clear(&sweep->last);
    window_free(sweep->window);
    mxs_buffer_clear(&sweep->batch);
    frame_clear(&sweep->frame);
    if (sweep->loop != NULL)
        ev_loop_destroy(sweep->loop);
}

bool sweep_run(const struct sweep_options *options, struct sweep_result *result,
               struct error *error)
{
    struct sweep *sweep = calloc(1, sizeof *sweep);
    bool done;

    *result = (struct sweep_result){0};
    if (sweep == NULL)
        return error_set(error, "out of memory");
    sweep->options = options;
    sweep->result = result;
    sweep->error = error;
    done = prepare(sweep) && run(sweep);
    clear(sweep);
    free(sweep);
    return done;
}
