#include "sweep/summary.h"

#include "dataset/file.h"

static unsigned long long ull(uint64_t number)
{
    return (unsigned long long)number;
}

static uint64_t area_total(const struct line_counts *counts, unsigned area)
{
    uint64_t total = 0;

    for (unsigned reason = 0; reason < UNKNOWN_REASONS; reason++)
        total += counts->unknown[area][reason];
    return total;
}

bool summary_is_degraded(const struct line_counts *counts)
{
    for (unsigned area = 0; area < MXS_AREA_COUNT; area++) {
        uint64_t failed = area_total(counts, area) - counts->unknown[area][UNKNOWN_BOGUS];
        if (failed * 50 > counts->judged)
            return true;
    }
    return false;
}

static void print_unknown(const struct line_counts *counts, FILE *out)
{
    for (unsigned area = 0; area < MXS_AREA_COUNT; area++) {
        if (area_total(counts, area) == 0)
            continue;
        (void)fprintf(out, "  unknown %-8s", mxs_area_text((enum mxs_area)area));
        for (unsigned reason = 0; reason < UNKNOWN_REASONS; reason++)
            if (counts->unknown[area][reason] > 0)
                (void)fprintf(out, " %llu %s", ull(counts->unknown[area][reason]),
                              unknown_reason_text((enum unknown_reason)reason));
        (void)fputc('\n', out);
    }
}

void summary_print(const struct sweep_result *result, FILE *out)
{
    const struct worker_status *status = &result->status;
    uint64_t asked = status->cache_hits + status->cache_misses;

    (void)fprintf(out, "%llu read, %llu written, %llu unknown in part, in %.1f s\n",
                  ull(result->read), ull(result->written.lines), ull(result->written.unknown_lines),
                  result->elapsed_s);
    print_unknown(&result->written, out);
    (void)fprintf(
        out,
        "  questions_sent %llu: %llu ok, %llu nodata, %llu nxdomain, %llu temp, "
        "%llu bogus; at most %llu in flight\n",
        ull(status->questions), ull(status->settled[MXS_LOOKUP_OK]),
        ull(status->settled[MXS_LOOKUP_NODATA]),
        ull(status->settled[MXS_LOOKUP_NXDOMAIN] + status->settled[MXS_LOOKUP_NXDOMAIN_TARGET]),
        ull(status->settled[MXS_LOOKUP_TEMP]), ull(status->settled[MXS_LOOKUP_BOGUS]),
        ull(status->in_flight_peak));
    if (result->retried > 0 || result->workers_lost > 0 || result->outage_s > 0)
        (void)fprintf(out, "  %llu tried again, %llu workers lost, %.0f s paused for outages\n",
                      ull(result->retried), ull(result->workers_lost), result->outage_s);
    (void)fprintf(out,
                  "  cache: %.1f %% of %llu answers were there, %llu MiB at most; memory %llu "
                  "MiB a worker at most\n",
                  asked == 0 ? 0.0 : 100.0 * (double)status->cache_hits / (double)asked, ull(asked),
                  ull(status->cache_bytes_peak >> 20), ull(result->worker_memory_peak >> 20));
}

static void number(struct mxs_json *json, const char *key, uint64_t value)
{
    mxs_json_key(json, key);
    mxs_json_number(json, value);
}

static void write_unknown(const struct line_counts *counts, struct mxs_json *json)
{
    mxs_json_key(json, "unknown");
    mxs_json_open_object(json);
    for (unsigned area = 0; area < MXS_AREA_COUNT; area++) {
        if (area_total(counts, area) == 0)
            continue;
        mxs_json_key(json, mxs_area_text((enum mxs_area)area));
        mxs_json_open_object(json);
        for (unsigned reason = 0; reason < UNKNOWN_REASONS; reason++)
            if (counts->unknown[area][reason] > 0)
                number(json, unknown_reason_text((enum unknown_reason)reason),
                       counts->unknown[area][reason]);
        mxs_json_close_object(json);
    }
    mxs_json_close_object(json);
}

static void write_settled(const struct worker_status *status, struct mxs_json *json)
{
    mxs_json_key(json, "answers");
    mxs_json_open_object(json);
    for (unsigned lookup = MXS_LOOKUP_OK; lookup <= MXS_LOOKUP_LIMIT; lookup++)
        number(json, mxs_lookup_text((enum mxs_lookup)lookup), status->settled[lookup]);
    mxs_json_close_object(json);
}

static void write_cache(const struct worker_status *status, struct mxs_json *json)
{
    mxs_json_key(json, "cache");
    mxs_json_open_object(json);
    number(json, "hits", status->cache_hits);
    number(json, "misses", status->cache_misses);
    number(json, "dropped", status->cache_dropped);
    number(json, "entries", status->cache_entries);
    number(json, "bytes_peak", status->cache_bytes_peak);
    mxs_json_close_object(json);
}

void summary_write(const struct sweep_result *result, struct mxs_json *json)
{
    number(json, "read", result->read);
    number(json, "written", result->written.lines);
    number(json, "judged", result->written.judged);
    number(json, "unknown_lines", result->written.unknown_lines);
    write_unknown(&result->written, json);
    number(json, "elapsed_ms", (uint64_t)(result->elapsed_s * 1000));
    number(json, "questions_sent", result->status.questions);
    number(json, "in_flight_peak", result->status.in_flight_peak);
    write_settled(&result->status, json);
    write_cache(&result->status, json);
    number(json, "worker_memory_peak", result->worker_memory_peak);
    number(json, "retried", result->retried);
    number(json, "workers_lost", result->workers_lost);
    number(json, "outage_ms", (uint64_t)(result->outage_s * 1000));
    mxs_json_key(json, "degraded");
    mxs_json_bool(json, summary_is_degraded(&result->written));
}

bool summary_save(const struct sweep_result *result, const char *path, struct error *error)
{
    struct mxs_buffer text;
    struct mxs_json json;
    bool saved;

    mxs_buffer_init(&text);
    mxs_json_init(&json, &text);
    mxs_json_open_object(&json);
    summary_write(result, &json);
    mxs_json_close_object(&json);
    mxs_buffer_append_char(&text, '\n');
    saved = file_replace(path, &text, error);
    mxs_buffer_clear(&text);
    return saved;
}
