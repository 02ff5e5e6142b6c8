#include "sweep/sweep.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "limits.h"
#include "sweep/pace.h"
#include "worker/channel.h"

enum { BATCH_NAMES = 128 /* names of one message: small, so that all workers get some */ };
static const double stop_deadline_s = 5.0;
static const double progress_interval_s = 0.5;

struct sweep;

/* A worker as the supervisor sees it. */
struct slot {
    struct sweep *sweep;
    pid_t pid;
    struct channel channel;
    uint64_t names_wanted, credit_wanted;
    struct worker_status status;
    bool told_to_finish;
};

struct sweep {
    const struct sweep_options *options;
    struct sweep_result *result;
    struct error *error;
    struct ev_loop *loop;
    struct slot slots[WORKERS_MAX];
    unsigned open_slots; /* workers that are still there */
    unsigned next_slot;  /* whose turn it is to be served first */
    struct pace pace;
    struct mxs_buffer batch;
    ev_timer credit, progress, stop_deadline;
    ev_io list_readable;
    ev_signal interrupt, terminate, hangup;
    double started_at;
    bool source_ended, stopping, failed;
};

/* ---- ending */

static void kill_workers(struct sweep *sweep)
{
    for (unsigned i = 0; i < sweep->options->workers; i++)
        if (channel_is_open(&sweep->slots[i].channel))
            (void)kill(sweep->slots[i].pid, SIGKILL);
}

/* The run cannot go on; `sweep->error` says why. What was written stays. */
static void fail(struct sweep *sweep)
{
    if (sweep->failed)
        return;
    sweep->failed = true;
    sweep->source_ended = true;
    kill_workers(sweep);
    ev_break(sweep->loop, EVBREAK_ALL);
}

static void tell(struct slot *slot, uint32_t kind, const void *body, size_t len)
{
    struct channel_part part = {body, len};

    if (!channel_send(&slot->channel, kind, &part, 1)) {
        (void)error_set(slot->sweep->error, "out of memory");
        fail(slot->sweep);
    }
}

static void tell_all(struct sweep *sweep, uint32_t kind)
{
    for (unsigned i = 0; i < sweep->options->workers; i++)
        if (channel_is_open(&sweep->slots[i].channel))
            tell(&sweep->slots[i], kind, NULL, 0);
}

static void finish_workers(struct sweep *sweep)
{
    for (unsigned i = 0; i < sweep->options->workers; i++) {
        struct slot *slot = &sweep->slots[i];
        if (slot->told_to_finish || !channel_is_open(&slot->channel))
            continue;
        slot->told_to_finish = true;
        tell(slot, MESSAGE_FINISH, NULL, 0);
    }
}

/* ---- names */

static void append_name(struct mxs_buffer *batch, const struct list_entry *entry)
{
    struct dealt_name name = {
        .index = entry->index,
        .rank = entry->rank,
        .text_len = (uint32_t)entry->text.len,
        .meta_len = (uint32_t)entry->meta.len,
    };

    mxs_buffer_append(batch, (mxs_slice){(const char *)&name, sizeof name});
    mxs_buffer_append(batch, entry->text);
    mxs_buffer_append(batch, entry->meta);
}

static void wait_for_list(struct sweep *sweep)
{
    ev_io_set(&sweep->list_readable, sweep->options->source.wait_fd(sweep->options->source.context),
              EV_READ);
    ev_io_start(sweep->loop, &sweep->list_readable);
}

/* Reads up to `count` names into the batch; returns how many. */
static uint64_t read_names(struct sweep *sweep, uint64_t count)
{
    const struct name_source *source = &sweep->options->source;
    struct list_entry entry;
    uint64_t got = 0;

    mxs_buffer_reset(&sweep->batch);
    while (got < count && !sweep->source_ended && !ev_is_active(&sweep->list_readable)) {
        switch (source->next(source->context, &entry, sweep->error)) {
        case LIST_ENTRY:
            append_name(&sweep->batch, &entry);
            got++;
            break;
        case LIST_WAIT:
            wait_for_list(sweep);
            break;
        case LIST_END:
            sweep->source_ended = true;
            break;
        case LIST_FAILED:
            fail(sweep);
            break;
        }
    }
    sweep->result->read += got;
    return got;
}

static void deal_to(struct sweep *sweep, struct slot *slot)
{
    uint64_t wanted = slot->names_wanted < BATCH_NAMES ? slot->names_wanted : BATCH_NAMES;
    uint64_t got;

    if (wanted == 0 || !channel_is_open(&slot->channel))
        return;
    got = read_names(sweep, wanted);
    if (got == 0 || sweep->failed)
        return;
    slot->names_wanted -= got;
    tell(slot, MESSAGE_NAMES, sweep->batch.ptr, sweep->batch.len);
}

/* A batch to each worker in turn, until none wants more or the list has no more to give now. */
static void deal_names(struct sweep *sweep)
{
    uint64_t before;

    do {
        before = sweep->result->read;
        for (unsigned i = 0; i < sweep->options->workers; i++)
            deal_to(sweep, &sweep->slots[(sweep->next_slot + i) % sweep->options->workers]);
        sweep->next_slot++;
    } while (sweep->result->read != before && !sweep->failed);
    if (sweep->source_ended && !sweep->failed)
        finish_workers(sweep);
}

static void on_list_readable(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct sweep *sweep = watcher->data;

    (void)revents;
    ev_io_stop(loop, watcher);
    deal_names(sweep);
}

/* ---- credit */

static void grant(struct slot *slot, uint64_t credit)
{
    slot->credit_wanted -= credit;
    tell(slot, MESSAGE_CREDIT, &credit, sizeof credit);
}

/* What the bucket holds goes to the workers that wait, in equal shares as far as they want them. */
static void on_credit(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct sweep *sweep = timer->data;
    uint64_t wanted = 0, left, waiting = 0;

    (void)revents;
    for (unsigned i = 0; i < sweep->options->workers; i++) {
        wanted += sweep->slots[i].credit_wanted;
        waiting += sweep->slots[i].credit_wanted > 0;
    }
    left = pace_take(&sweep->pace, ev_now(loop), wanted);
    for (unsigned i = 0; i < sweep->options->workers && left > 0; i++) {
        struct slot *slot = &sweep->slots[(sweep->next_slot + i) % sweep->options->workers];
        uint64_t share = waiting > 0 ? (left + waiting - 1) / waiting : 0;
        if (slot->credit_wanted == 0)
            continue;
        if (share > slot->credit_wanted)
            share = slot->credit_wanted;
        grant(slot, share);
        left -= share;
        waiting--;
    }
    sweep->next_slot++;
}

/* ---- from the workers */

/* Sums up what the workers said last. */
static void sum_status(struct sweep *sweep)
{
    struct worker_status sum = {0};

    for (unsigned i = 0; i < sweep->options->workers; i++) {
        const struct worker_status *status = &sweep->slots[i].status;
        sum.questions += status->questions;
        for (size_t k = 0; k < sizeof sum.settled / sizeof sum.settled[0]; k++)
            sum.settled[k] += status->settled[k];
        sum.cache_hits += status->cache_hits;
        sum.cache_misses += status->cache_misses;
        sum.cache_dropped += status->cache_dropped;
        sum.cache_entries += status->cache_entries;
        sum.cache_bytes += status->cache_bytes;
        sum.cache_bytes_peak += status->cache_bytes_peak;
        sum.in_flight += status->in_flight;
        sum.in_flight_peak += status->in_flight_peak;
        sum.domains += status->domains;
    }
    sweep->result->status = sum;
    sweep->result->elapsed_s = ev_now(sweep->loop) - sweep->started_at;
}

/* A worker is not trusted: its message must be as long as it says. */
static bool frame_is_sound(mxs_slice body, struct frame_head *head)
{
    if (body.len < sizeof *head)
        return false;
    memcpy(head, body.ptr, sizeof *head);
    return head->counts.lines <= (body.len - sizeof *head) / sizeof(uint64_t);
}

static void take_frame(struct slot *slot, mxs_slice body)
{
    struct sweep *sweep = slot->sweep;
    const struct frame_sink *sink = &sweep->options->sink;
    struct frame_head head;
    uint64_t *indexes;
    size_t indexes_len;

    if (!frame_is_sound(body, &head))
        return;
    indexes_len = head.counts.lines * sizeof *indexes;
    indexes = malloc(indexes_len); /* the body is not aligned */
    if (indexes == NULL) {
        (void)error_set(sweep->error, "out of memory");
        fail(sweep);
        return;
    }
    memcpy(indexes, body.ptr + sizeof head, indexes_len);
    if (sink->append(sink->context, &head, indexes, mxs_slice_from(body, sizeof head + indexes_len),
                     sweep->error))
        line_counts_add(&sweep->result->written, &head.counts);
    else
        fail(sweep);
    free(indexes);
}

static void take_failure(struct slot *slot, mxs_slice body)
{
    (void)error_set(slot->sweep->error, "%.*s", (int)body.len, body.ptr);
    fail(slot->sweep);
}

static uint64_t read_count(mxs_slice body)
{
    uint64_t count = 0;

    if (body.len == sizeof count)
        memcpy(&count, body.ptr, sizeof count);
    return count;
}

static void take_status(struct slot *slot, mxs_slice body)
{
    if (body.len == sizeof slot->status)
        memcpy(&slot->status, body.ptr, sizeof slot->status);
    sum_status(slot->sweep);
}

static void on_message(void *owner, uint32_t kind, mxs_slice body)
{
    struct slot *slot = owner;

    switch (kind) {
    case MESSAGE_WANT_NAMES:
        slot->names_wanted = read_count(body);
        deal_names(slot->sweep);
        break;
    case MESSAGE_WANT_CREDIT:
        slot->credit_wanted += read_count(body);
        break;
    case MESSAGE_FRAME:
        take_frame(slot, body);
        break;
    case MESSAGE_STATUS:
        take_status(slot, body);
        break;
    case MESSAGE_FAILED:
        take_failure(slot, body);
        break;
    default:
        break;
    }
}

/* Collects the dead worker. A worker that was not told to go has failed. */
static void on_closed(void *owner)
{
    struct slot *slot = owner;
    struct sweep *sweep = slot->sweep;
    struct rusage usage = {0};
    int status = 0;

    while (wait4(slot->pid, &status, 0, &usage) < 0 && errno == EINTR)
        continue;
    if ((uint64_t)usage.ru_maxrss * 1024 > sweep->result->worker_memory_peak)
        sweep->result->worker_memory_peak = (uint64_t)usage.ru_maxrss * 1024;
    slot->credit_wanted = 0;
    slot->names_wanted = 0;
    if (!sweep->failed && !sweep->stopping && status != 0) {
        if (WIFSIGNALED(status))
            (void)error_set(sweep->error, "worker %d was ended by signal %d", (int)slot->pid,
                            WTERMSIG(status));
        else
            (void)error_set(sweep->error, "worker %d ended with status %d", (int)slot->pid,
                            WEXITSTATUS(status));
        fail(sweep);
    }
    if (--sweep->open_slots == 0)
        ev_break(sweep->loop, EVBREAK_ALL);
}

/* ---- workers */

/*
 * In the child: nothing of the supervisor's stays open. CLOEXEC does not help without exec, and a
 * copy of a sibling's socket would hide its death. 0 is the channel; 1 is standard error, so that
 * nothing printed by a library can get into the data.
 */
static _Noreturn void become_worker(const struct worker_options *options, int fd, pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || dup2(fd, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        _exit(1);
    (void)close_range(STDERR_FILENO + 1, ~0U, 0);
#if MXSWEEP_SANDBOX
    _exit(worker_run(options, STDIN_FILENO));
#else
    exit(worker_run(options, STDIN_FILENO)); /* leak checkers and gcov work at exit */
#endif
}

static bool spawn(struct sweep *sweep, unsigned number)
{
    struct slot *slot = &sweep->slots[number];
    struct worker_options options = sweep->options->worker;
    pid_t parent = getpid();
    int ends[2];

    options.resolve.first_port += number * options.resolve.ports;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return error_set_errno(sweep->error, errno, "no socket pair");
    slot->pid = fork();
    if (slot->pid == 0)
        become_worker(&options, ends[1], parent);
    (void)close(ends[1]);
    if (slot->pid < 0) {
        (void)close(ends[0]);
        return error_set_errno(sweep->error, errno, "no worker process");
    }
    slot->sweep = sweep;
    slot->channel.owner = slot;
    slot->channel.on_message = on_message;
    slot->channel.on_closed = on_closed;
    channel_open(&slot->channel, sweep->loop, ends[0]);
    sweep->open_slots++;
    return true;
}

/* ---- time and signals */

static void on_progress(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct sweep *sweep = timer->data;

    (void)revents;
    sweep->result->elapsed_s = ev_now(loop) - sweep->started_at;
    if (sweep->options->on_progress != NULL)
        sweep->options->on_progress(sweep->options->progress_context, sweep->result, false);
}

static void on_stop_deadline(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    kill_workers(timer->data);
}

/* The first signal: no new names, and a few seconds for those begun. The second: at once. */
static void on_signal(struct ev_loop *loop, ev_signal *watcher, int revents)
{
    struct sweep *sweep = watcher->data;

    (void)revents;
    if (sweep->stopping) {
        kill_workers(sweep);
        return;
    }
    sweep->stopping = true;
    sweep->source_ended = true;
    sweep->result->signal = watcher->signum;
    tell_all(sweep, MESSAGE_STOP);
    ev_timer_set(&sweep->stop_deadline, stop_deadline_s, 0.);
    ev_timer_start(loop, &sweep->stop_deadline);
}

static void watch_signal(struct sweep *sweep, ev_signal *watcher, int signum)
{
    ev_signal_init(watcher, on_signal, signum);
    watcher->data = sweep;
    ev_signal_start(sweep->loop, watcher);
}

static void watch(struct sweep *sweep)
{
    watch_signal(sweep, &sweep->interrupt, SIGINT);
    watch_signal(sweep, &sweep->terminate, SIGTERM);
    watch_signal(sweep, &sweep->hangup, SIGHUP);
    ev_init(&sweep->list_readable, on_list_readable);
    sweep->list_readable.data = sweep;
    ev_init(&sweep->stop_deadline, on_stop_deadline);
    sweep->stop_deadline.data = sweep;
    ev_timer_init(&sweep->progress, on_progress, progress_interval_s, progress_interval_s);
    sweep->progress.data = sweep;
    ev_timer_start(sweep->loop, &sweep->progress);
    if (sweep->options->rate <= 0)
        return;
    ev_timer_init(&sweep->credit, on_credit, 0., PACE_INTERVAL_S);
    sweep->credit.data = sweep;
    ev_timer_start(sweep->loop, &sweep->credit);
}

static void unwatch(struct sweep *sweep)
{
    ev_signal_stop(sweep->loop, &sweep->interrupt);
    ev_signal_stop(sweep->loop, &sweep->terminate);
    ev_signal_stop(sweep->loop, &sweep->hangup);
    ev_io_stop(sweep->loop, &sweep->list_readable);
    ev_timer_stop(sweep->loop, &sweep->stop_deadline);
    ev_timer_stop(sweep->loop, &sweep->progress);
    ev_timer_stop(sweep->loop, &sweep->credit);
}

/* Whoever is left after a failure is gone or about to be: SIGKILL was sent. */
static void collect_workers(struct sweep *sweep)
{
    kill_workers(sweep);
    for (unsigned i = 0; i < sweep->options->workers; i++) {
        struct slot *slot = &sweep->slots[i];
        if (!channel_is_open(&slot->channel))
            continue;
        channel_close(&slot->channel);
        while (waitpid(slot->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
}

static bool run(struct sweep *sweep)
{
    (void)fflush(NULL); /* a child must not print our buffers again */
    for (unsigned i = 0; i < sweep->options->workers; i++)
        if (!spawn(sweep, i))
            return false;
    watch(sweep);
    ev_run(sweep->loop, 0);
    unwatch(sweep);
    sum_status(sweep);
    if (sweep->options->on_progress != NULL)
        sweep->options->on_progress(sweep->options->progress_context, sweep->result, true);
    return !sweep->failed;
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
    sweep->loop = ev_default_loop(EVFLAG_AUTO);
    if (sweep->loop == NULL) {
        free(sweep);
        return error_set(error, "no event loop");
    }
    ev_now_update(sweep->loop);
    sweep->started_at = ev_now(sweep->loop);
    pace_init(&sweep->pace, options->rate, sweep->started_at);
    mxs_buffer_init(&sweep->batch);
    done = run(sweep);
    collect_workers(sweep);
    mxs_buffer_clear(&sweep->batch);
    free(sweep);
    return done;
}
