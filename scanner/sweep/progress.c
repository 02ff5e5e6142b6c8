#include "sweep/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is(const char *text, const char *word)
{
    return strcmp(text, word) == 0;
}

bool progress_init(struct progress *progress, const char *when, bool quiet, const struct list *list,
                   struct error *error)
{
    *progress = (struct progress){.list = list};
    if (!is(when, "auto") && !is(when, "always") && !is(when, "never"))
        return error_set(error, "--progress: '%s' is not auto, always or never", when);
    progress->shown =
        !quiet && (is(when, "always") || (is(when, "auto") && isatty(STDERR_FILENO) == 1));
    return true;
}

/* Smoothed over some seconds, so that the time left does not jump. */
static void update_rate(struct progress *progress, const struct sweep_result *result)
{
    double seconds = result->elapsed_s - progress->last_s;
    double rate;

    if (seconds <= 0)
        return;
    rate = (double)(result->written.lines - progress->last_lines) / seconds;
    progress->rate = progress->rate > 0 ? progress->rate * 0.8 + rate * 0.2 : rate;
    progress->last_s = result->elapsed_s;
    progress->last_lines = result->written.lines;
}

/* Share of the list that is read, and from it the time left; nothing for a pipe. */
static void write_share(const struct progress *progress, const struct sweep_result *result,
                        char *text, size_t room)
{
    uint64_t at = 0, size = 0;
    double share, left_s;

    text[0] = '\0';
    if (progress->list != NULL)
        list_position(progress->list, &at, &size);
    if (size == 0 || at == 0 || result->read == 0)
        return;
    share = (double)at / (double)size * (double)result->written.lines / (double)result->read;
    if (share <= 0)
        return;
    left_s = result->elapsed_s / share - result->elapsed_s;
    (void)snprintf(text, room, " %.1f %%, %.0f s left,", share * 100, left_s);
}

void progress_update(void *context, const struct sweep_result *result, bool last)
{
    struct progress *progress = context;
    char share[64], wait[96] = "";

    if (!progress->shown)
        return;
    update_rate(progress, result);
    write_share(progress, result, share, sizeof share);
    if (result->again_wait_s > 0)
        (void)snprintf(wait, sizeof wait, "; %llu names are tried again in %.0f s",
                       (unsigned long long)result->again, result->again_wait_s);
    (void)fprintf(stderr,
                  "\r\033[K%llu lines,%s %.0f/s, %llu unknown, %llu questions, %llu in flight%s",
                  (unsigned long long)result->written.lines, share, progress->rate,
                  (unsigned long long)result->written.unknown_lines,
                  (unsigned long long)result->status.questions,
                  (unsigned long long)result->status.in_flight, wait);
    if (last)
        (void)fputs("\r\033[K", stderr);
    (void)fflush(stderr);
}
