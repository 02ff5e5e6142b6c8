/*
 * floor: what a sweep's questions cost when nobody looks at the answers.
 *
 *     floor LOG [OPTIONS OF mxsweep scan]
 *
 * LOG is what `mxsweep scan --question-log` wrote. For each worker in it a process asks the same
 * questions again through the same resolver context, event base and port slices, which the same
 * options make; the answers are thrown away. A question waits until the one it came after is
 * answered, no more than --in-flight are out at once, and a new domain's first question is sent
 * only when nothing older waits: the order of a sweep. Prints one JSON object; its times are those
 * of the workers alone, without the reading of the log.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ev.h>
#include <unbound-event.h>
#include <unbound.h>

#include "limits.h"
#include "question_list.h"
#include "resolve/event_base.h"
#include "settings.h"

enum { CLASS_IN = 1, RCODE_MASK = 15, HEADER_LEN = 12 };

/* What one process tells the first. */
struct tally {
    uint64_t asked, failed, denied, bogus;
    uint64_t user_us, system_us; /* these and the next are the parent's to fill in */
    uint64_t memory_peak;        /* bytes, of the largest process */
};

/* A process that plays one worker. */
struct replay {
    struct question_list *list;
    struct ev_loop *loop;
    struct ub_ctx *context;
    unsigned in_flight, in_flight_max;
    size_t next;                       /* where a question that came after none is looked for */
    struct logged *ready, *last_ready; /* those whose predecessor is answered */
    uint64_t left;
    struct tally tally;
    ev_prepare turn;
};

static struct replay replay; /* one in each process; a callback has only its question */

/* ---- the order of a sweep */

static void queue(struct logged *question)
{
    question->next_ready = NULL;
    if (replay.ready != NULL)
        replay.last_ready->next_ready = question;
    else
        replay.ready = question;
    replay.last_ready = question;
}

/* The next question to be sent: one that waited, else the next that waits for nothing. */
static struct logged *take_next(void)
{
    struct logged *question = replay.ready;

    if (question != NULL) {
        replay.ready = question->next_ready;
        return question;
    }
    while (replay.next < replay.list->count && replay.list->items[replay.next].after != 0)
        replay.next++;
    return replay.next < replay.list->count ? &replay.list->items[replay.next++] : NULL;
}

/* The signature is the library's. */
/* NOLINTBEGIN(readability-function-size,readability-non-const-parameter) */
static void on_answer(void *context, int rcode, void *packet, int packet_len, int security,
                      char *why_bogus, int was_ratelimited)
/* NOLINTEND(readability-function-size,readability-non-const-parameter) */
{
    struct logged *question = context;

    (void)why_bogus;
    (void)was_ratelimited;
    if (rcode != 0)
        replay.tally.failed++;
    else if (packet_len >= HEADER_LEN)
        replay.tally.denied += (((const uint8_t *)packet)[3] & RCODE_MASK) != 0;
    replay.tally.bogus += security == 1;
    replay.in_flight--;
    replay.left--;
    for (struct logged *next = question->first_after; next != NULL; next = next->next_after)
        queue(next);
}

static void ask(struct logged *question)
{
    int status;

    replay.in_flight++;
    replay.tally.asked++;
    status = ub_resolve_event(replay.context, question->name, question->type, CLASS_IN, question,
                              on_answer, NULL);
    if (status != 0)
        on_answer(question, status, NULL, 0, 0, NULL, 0);
}

static void on_turn(struct ev_loop *loop, ev_prepare *watcher, int revents)
{
    struct logged *question;

    (void)watcher;
    (void)revents;
    while (replay.in_flight < replay.in_flight_max && (question = take_next()) != NULL)
        ask(question);
    if (replay.left == 0)
        ev_break(loop, EVBREAK_ALL);
}

/* ---- processes */

static bool run_worker(struct question_list *list, const struct worker_options *options,
                       struct error *error)
{
    struct ub_event_base *base;

    replay.list = list;
    replay.left = list->count;
    replay.in_flight_max = options->in_flight;
    replay.loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV | EVFLAG_NOINOTIFY | EVFLAG_NOTIMERFD);
    base = replay.loop == NULL ? NULL : event_base_new(replay.loop);
    if (base == NULL)
        return error_set(error, "out of memory");
    replay.context = context_new(&options->resolve, base, error);
    if (replay.context == NULL)
        return false;
    ev_prepare_init(&replay.turn, on_turn);
    ev_prepare_start(replay.loop, &replay.turn);
    ev_run(replay.loop, 0);
    ub_ctx_delete(replay.context);
    event_base_free(base);
    ev_loop_destroy(replay.loop);
    return true;
}

/* In the child. The tally goes through the pipe; a child that fails writes none. */
static _Noreturn void become_worker(struct question_list *list,
                                    const struct worker_options *options, int fd)
{
    struct error error;

    if (!run_worker(list, options, &error)) {
        (void)fprintf(stderr, "floor: %s\n", error.text);
        _exit(1);
    }
    _exit(write(fd, &replay.tally, sizeof replay.tally) == sizeof replay.tally ? 0 : 1);
}

static void add_tally(struct tally *sum, const struct tally *more)
{
    sum->asked += more->asked;
    sum->failed += more->failed;
    sum->denied += more->denied;
    sum->bogus += more->bogus;
}

static uint64_t to_microseconds(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

/* Waits for all children; false when one of them failed. */
static bool collect(int fd, struct tally *sum)
{
    struct tally one;
    struct rusage usage;
    bool good = true;
    int status;

    while (read(fd, &one, sizeof one) == sizeof one)
        add_tally(sum, &one);
    while (wait4(-1, &status, 0, &usage) > 0) {
        uint64_t peak = (uint64_t)usage.ru_maxrss * 1024;
        good = good && status == 0;
        sum->user_us += to_microseconds(usage.ru_utime);
        sum->system_us += to_microseconds(usage.ru_stime);
        if (peak > sum->memory_peak)
            sum->memory_peak = peak;
    }
    return good;
}

static bool run_workers(struct question_lists *lists, const struct worker_options *options,
                        struct tally *sum)
{
    int ends[2];

    if (pipe(ends) != 0)
        return false;
    for (size_t i = 0; i < lists->count; i++) {
        struct worker_options own = *options;
        own.resolve.first_port += (unsigned)i * own.resolve.ports;
        pid_t pid = fork();
        if (pid < 0)
            return false;
        if (pid == 0)
            become_worker(&lists->items[i], &own, ends[1]);
    }
    (void)close(ends[1]);
    return collect(ends[0], sum);
}

static int complain(const struct error *error)
{
    (void)fprintf(stderr, "floor: %s\n", error->text);
    return 1;
}

static void print(size_t workers, unsigned ports, const struct tally *tally)
{
    (void)printf("{\"workers\":%zu,\"ports\":%u", workers, ports);
    (void)printf(",\"asked\":%llu", (unsigned long long)tally->asked);
    (void)printf(",\"failed\":%llu", (unsigned long long)tally->failed);
    (void)printf(",\"denied\":%llu", (unsigned long long)tally->denied);
    (void)printf(",\"bogus\":%llu", (unsigned long long)tally->bogus);
    (void)printf(",\"user_us\":%llu", (unsigned long long)tally->user_us);
    (void)printf(",\"system_us\":%llu", (unsigned long long)tally->system_us);
    (void)printf(",\"worker_memory_peak\":%llu}\n", (unsigned long long)tally->memory_peak);
}

static int run(const struct settings *settings, struct question_lists *lists)
{
    struct settings_files files = {0};
    struct worker_options options;
    struct tally sum = {0};
    struct error error;

    if (!settings_load_files(settings, &files, &error) ||
        !settings_make_worker(settings, &files, &options, &error) ||
        !limits_fit(&options.resolve, (unsigned)lists->count, &error))
        return complain(&error);
    if (!run_workers(lists, &options, &sum))
        return complain(&(struct error){"a worker failed"});
    settings_free_files(&files);
    print(lists->count, options.resolve.ports, &sum);
    return 0;
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct question_lists lists = {0};
    struct error error;
    int operand, status;

    settings_init(&settings);
    operand = options_parse(&scan_command, argc, argv, &settings, &error);
    if (operand < 0 || argc - operand != 1) {
        (void)fprintf(stderr, "usage: floor LOG [OPTIONS OF mxsweep scan]%s%s\n",
                      operand < 0 ? "; " : "", operand < 0 ? error.text : "");
        return 2;
    }
    if (!question_lists_read(&lists, argv[operand], &error))
        return complain(&error);
    status = run(&settings, &lists);
    question_lists_clear(&lists);
    return status;
}
