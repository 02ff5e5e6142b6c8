#include "sweep/crew.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { END_MS = 5000 /* from a closed channel to the end of the process */ };

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

static void on_message(void *owner, uint32_t kind, mxs_slice body)
{
    struct slot *slot = owner;

    slot->heard_at = ev_now(slot->crew->loop);
    slot->heard = true;
    slot->crew->on_message(slot->crew->owner, slot, kind, body);
}

static void add_status(struct worker_status *sum, const struct worker_status *status)
{
    sum->questions += status->questions;
    for (size_t i = 0; i < sizeof sum->settled / sizeof sum->settled[0]; i++)
        sum->settled[i] += status->settled[i];
    sum->cache_hits += status->cache_hits;
    sum->cache_misses += status->cache_misses;
    sum->cache_dropped += status->cache_dropped;
}

/* Peaks and present figures are those of workers that live side by side. */
static void add_present(struct worker_status *sum, const struct worker_status *status)
{
    add_status(sum, status);
    sum->cache_entries += status->cache_entries;
    sum->cache_bytes += status->cache_bytes;
    sum->cache_bytes_peak += status->cache_bytes_peak;
    sum->in_flight += status->in_flight;
    sum->in_flight_peak += status->in_flight_peak;
    sum->domains += status->domains;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

void crew_sum(const struct crew *crew, struct worker_status *sum)
{
    struct worker_status present = {0};

    for (unsigned i = 0; i < crew->size; i++)
        add_present(&present, &crew->slots[i].status);
    *sum = crew->retired;
    add_status(sum, &present);
    sum->cache_entries = present.cache_entries;
    sum->cache_bytes = present.cache_bytes;
    sum->in_flight = present.in_flight;
    sum->domains = present.domains;
    sum->cache_bytes_peak = larger(crew->retired.cache_bytes_peak, present.cache_bytes_peak);
    sum->in_flight_peak = larger(crew->retired.in_flight_peak, present.in_flight_peak);
}

/* Before a slot's figures go: what stood side by side is remembered as it was at its highest. */
static void retire_status(struct slot *slot)
{
    struct crew *crew = slot->crew;
    struct worker_status sum;

    crew_sum(crew, &sum);
    add_status(&crew->retired, &slot->status);
    crew->retired.cache_bytes_peak = sum.cache_bytes_peak;
    crew->retired.in_flight_peak = sum.in_flight_peak;
    slot->status = (struct worker_status){0};
}

/* The worker's channel is closed, so its end is near; one that does not come is brought about. */
static int collect(pid_t pid, struct rusage *usage)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    int status = 0;

    for (unsigned waited_ms = 0; waited_ms < END_MS; waited_ms++) {
        pid_t collected = wait4(pid, &status, WNOHANG, usage);
        if (collected == pid || (collected < 0 && errno != EINTR))
            return status;
        (void)nanosleep(&moment, NULL);
    }
    (void)kill(pid, SIGKILL);
    while (wait4(pid, &status, 0, usage) < 0 && errno == EINTR)
        continue;
    return status;
}

static void on_closed(void *owner)
{
    struct slot *slot = owner;
    struct crew *crew = slot->crew;
    struct rusage usage = {0};
    int status = collect(slot->pid, &usage);

    crew->memory_peak = larger(crew->memory_peak, (uint64_t)usage.ru_maxrss * 1024);
    retire_status(slot);
    crew->present--;
    crew->on_gone(crew->owner, slot, status);
}

static void begin_slot(struct slot *slot, struct crew *crew, unsigned number, pid_t pid)
{
    *slot = (struct slot){.crew = crew, .number = number, .pid = pid};
    slot->heard_at = ev_now(crew->loop);
    slot->channel.owner = slot;
    slot->channel.on_message = on_message;
    slot->channel.on_closed = on_closed;
}

bool crew_fill(struct crew *crew, unsigned number, struct error *error)
{
    struct worker_options options = *crew->worker;
    pid_t parent = getpid(), pid;
    int ends[2];

    options.resolve.first_port += number * options.resolve.ports;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return error_set_errno(error, errno, "no socket pair");
    (void)fflush(NULL); /* a child must not print our buffers again */
    pid = fork();
    if (pid == 0)
        become_worker(&options, ends[1], parent);
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return error_set_errno(error, errno, "no worker process");
    }
    begin_slot(&crew->slots[number], crew, number, pid);
    channel_open(&crew->slots[number].channel, crew->loop, ends[0]);
    crew->present++;
    return true;
}

bool slot_is_filled(const struct slot *slot)
{
    return channel_is_open(&slot->channel);
}

bool slot_tell(struct slot *slot, uint32_t kind, const void *body, size_t len)
{
    struct channel_part part = {body, len};

    return channel_send(&slot->channel, kind, &part, 1);
}

/* `given` in all, `taken` when it said that it wants `wanted`: the difference is on its way. */
static uint64_t still_wanted(uint64_t wanted, uint64_t given, uint64_t taken)
{
    uint64_t under_way = given - taken;

    return wanted > under_way ? wanted - under_way : 0;
}

uint64_t slot_names_wanted(const struct slot *slot)
{
    if (!slot_is_filled(slot) || slot->finishing)
        return 0;
    return still_wanted(slot->want.names, slot->names_dealt, slot->want.names_taken);
}

uint64_t slot_questions_wanted(const struct slot *slot)
{
    if (!slot_is_filled(slot))
        return 0;
    return still_wanted(slot->want.questions, slot->credit_given, slot->want.credit_taken);
}

void crew_kill(struct crew *crew)
{
    for (unsigned i = 0; i < crew->size; i++)
        if (slot_is_filled(&crew->slots[i]))
            (void)kill(crew->slots[i].pid, SIGKILL);
}

void crew_clear(struct crew *crew)
{
    crew_kill(crew);
    for (unsigned i = 0; i < crew->size; i++) {
        struct slot *slot = &crew->slots[i];
        if (!slot_is_filled(slot))
            continue;
        channel_close(&slot->channel);
        while (waitpid(slot->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
}
