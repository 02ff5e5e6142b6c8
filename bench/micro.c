/*
 * micro: what the parts of the sweep cost by themselves.
 *
 *     micro LIST [OPTIONS OF mxsweep scan]
 *
 * Asks what a sweep of LIST (one name a line) asks, wave by wave, and keeps the reply packets. Then
 * each part runs over all of it again, without a network: reading names, reading packets, judging
 * (with look-ups in the answer cache, as often as the waves made it run), writing lines,
 * compressing them. Prints microseconds of CPU as one JSON object: the median of several passes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mxsweep/line.h>

#include "dataset/frame.h"
#include "limits.h"
#include "settings.h"
#include "wave.h"

enum { PASSES = 7, READ_MAX = 256 };

struct bench {
    struct settings settings;
    struct settings_files files;
    struct worker_options options;
    struct waves waves;
    struct frame frame;
    struct mxs_arena postures;
    uint64_t runs; /* evaluations that the waves took */
};

/* ---- the parts: each goes over everything once */

static void read_names(struct bench *bench)
{
    struct mxs_arena arena;
    struct mxs_input input;

    mxs_arena_init(&arena);
    for (size_t i = 0; i < bench->waves.subject_count; i++) {
        mxs_arena_reset(&arena);
        (void)mxs_input_read(&arena, bench->waves.subjects[i].text, &bench->options.input, &input);
    }
    mxs_arena_clear(&arena);
}

/* An arena of its own for each, as an entry of the answer cache has. */
static void read_packets(struct bench *bench)
{
    for (size_t i = 0; i < bench->waves.reply_count; i++) {
        const struct reply *reply = &bench->waves.replies[i];
        struct mxs_answer answer = {.name = reply->entry->answer.name,
                                    .type = reply->entry->answer.type};
        struct mxs_arena arena;
        if (reply->packet.bytes == NULL)
            continue;
        mxs_arena_init(&arena);
        (void)mxs_packet_read(&reply->packet, &arena, &answer);
        mxs_arena_clear(&arena);
    }
}

/* As a sweep does: again and again until nothing is pending. */
static void judge_by_waves(struct bench *bench)
{
    struct mxs_arena arena;

    bench->runs = 0;
    mxs_arena_init(&arena);
    for (size_t i = 0; i < bench->waves.subject_count; i++)
        bench->runs += waves_judge(&bench->waves, &bench->waves.subjects[i], &arena);
    mxs_arena_clear(&arena);
}

static void judge_once(struct bench *bench)
{
    struct mxs_arena arena;

    mxs_arena_init(&arena);
    for (size_t i = 0; i < bench->waves.subject_count; i++) {
        mxs_arena_reset(&arena);
        (void)waves_judge_settled(&bench->waves, &bench->waves.subjects[i], &arena);
    }
    mxs_arena_clear(&arena);
}

static void write_lines(struct bench *bench)
{
    mxs_buffer_reset(&bench->frame.lines);
    for (size_t i = 0; i < bench->waves.subject_count; i++) {
        const struct subject *subject = &bench->waves.subjects[i];
        const struct mxs_line line = {
            .index = i,
            .scanned_at = MXS_SLICE("2026-11-24T00:00:00Z"),
            .elapsed_ms = 100,
            .input = &subject->input,
            .posture = subject->posture,
        };
        mxs_line_write(&line, &bench->frame.lines);
    }
}

/* In frames as large as the dataset's. */
static void compress(struct bench *bench)
{
    struct mxs_buffer all = bench->frame.lines;
    size_t packed = 0;

    for (size_t at = 0; at < all.len; at += bench->options.frame_size) {
        size_t left = all.len - at;
        bench->frame.lines.ptr = all.ptr + at;
        bench->frame.lines.len =
            left < bench->options.frame_size ? left : bench->options.frame_size;
        packed += frame_pack(&bench->frame).len;
    }
    bench->frame.lines = all;
    bench->waves.packed_bytes = packed;
}

/* ---- measuring */

static double cpu_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return a < b ? -1 : a > b;
}

/* Microseconds of one pass, of the median pass. */
static double measure(struct bench *bench, void (*part)(struct bench *))
{
    double passes[PASSES];

    part(bench); /* memory and caches as they will be */
    for (size_t i = 0; i < PASSES; i++) {
        double begin = cpu_us();
        part(bench);
        passes[i] = cpu_us() - begin;
    }
    qsort(passes, PASSES, sizeof passes[0], compare);
    return passes[PASSES / 2];
}

static void say(const char *key, double value)
{
    (void)printf(",\"%s\":%.3f", key, value);
}

static void measure_all(struct bench *bench)
{
    double domains = (double)bench->waves.subject_count;
    double replies = (double)bench->waves.reply_count;

    (void)printf("{\"domains\":%zu,\"questions\":%zu", bench->waves.subject_count,
                 bench->waves.reply_count);
    say("name_us", measure(bench, read_names) / domains);
    say("packet_us", measure(bench, read_packets) / replies);
    say("packets_us", measure(bench, read_packets) / domains);
    say("judge_us", measure(bench, judge_by_waves) / domains);
    say("judge_once_us", measure(bench, judge_once) / domains);
    say("runs", (double)bench->runs / domains);
    say("json_us", measure(bench, write_lines) / domains);
    say("line_bytes", (double)bench->frame.lines.len / domains);
    say("zstd_us", measure(bench, compress) / domains);
    say("zstd_ratio", (double)bench->frame.lines.len / (double)bench->waves.packed_bytes);
    (void)printf("}\n");
}

/* ---- the world */

static bool load_list(struct bench *bench, const char *path, struct error *error)
{
    FILE *list = fopen(path, "re");
    char line[READ_MAX];
    bool added = true;

    if (list == NULL)
        return error_set(error, "%s: cannot be read", path);
    while (added && fgets(line, sizeof line, list) != NULL)
        added = waves_add(&bench->waves, (mxs_slice){line, strcspn(line, "\n")});
    (void)fclose(list);
    return added || error_set(error, "out of memory");
}

static bool prepare(struct bench *bench, const char *path, struct error *error)
{
    if (!settings_load_files(&bench->settings, &bench->files, error) ||
        !settings_make_worker(&bench->settings, &bench->files, &bench->options, error) ||
        !limits_fit(&bench->options.resolve, 1, error) ||
        !waves_init(&bench->waves, &bench->options, error) || !load_list(bench, path, error) ||
        !waves_ask(&bench->waves, error))
        return false;
    mxs_arena_init(&bench->postures);
    for (size_t i = 0; i < bench->waves.subject_count; i++) {
        struct subject *subject = &bench->waves.subjects[i];
        subject->posture = waves_judge_settled(&bench->waves, subject, &bench->postures);
        if (subject->posture == NULL)
            return error_set(error, "out of memory");
    }
    return frame_init(&bench->frame, bench->options.level, error);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct error error = {"usage: micro LIST [OPTIONS OF mxsweep scan]"};
    int operand, status = 2;

    settings_init(&bench.settings);
    operand = options_parse(&scan_command, argc, argv, &bench.settings, &error);
    if (operand >= 0 && argc - operand == 1)
        status = prepare(&bench, argv[operand], &error) ? 0 : 1;
    if (status == 0)
        measure_all(&bench);
    else
        (void)fprintf(stderr, "micro: %s\n", error.text);
    frame_clear(&bench.frame);
    mxs_arena_clear(&bench.postures);
    waves_clear(&bench.waves);
    settings_free_files(&bench.files);
    return status;
}
