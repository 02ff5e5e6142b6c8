#include "dataset/manifest.h"

#include <stdio.h>

#include "dataset/file.h"
#include "sweep/summary.h"
#include "version.h"

static const char *const state_texts[] = {
    [MANIFEST_RUNNING] = "running",
    [MANIFEST_DONE] = "done",
    [MANIFEST_INTERRUPTED] = "interrupted",
    [MANIFEST_FAILED] = "failed",
};

static void text(struct mxs_json *json, const char *key, const char *value)
{
    mxs_json_key(json, key);
    mxs_json_string(json, value);
}

static void number(struct mxs_json *json, const char *key, uint64_t value)
{
    mxs_json_key(json, key);
    mxs_json_number(json, value);
}

static void boolean(struct mxs_json *json, const char *key, bool value)
{
    mxs_json_key(json, key);
    mxs_json_bool(json, value);
}

static void open_member(struct mxs_json *json, const char *key)
{
    mxs_json_key(json, key);
    mxs_json_open_object(json);
}

static void write_time(struct mxs_json *json, const char *key, time_t when)
{
    char stamp[32] = "";
    struct tm utc;

    if (when != 0 && gmtime_r(&when, &utc) != NULL)
        (void)strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &utc);
    text(json, key, stamp[0] == '\0' ? NULL : stamp);
}

static void write_program(struct mxs_json *json)
{
    const char *name, *version;

    open_member(json, "program");
    text(json, "name", "mxsweep");
    text(json, "version", MXSWEEP_VERSION);
    text(json, "rules", MXS_RULES_VERSION);
    text(json, "line_schema", MXS_SCHEMA);
    open_member(json, "libraries");
    for (size_t i = 0; version_library(i, &name, &version); i++)
        text(json, name, version);
    mxs_json_close_object(json);
    mxs_json_close_object(json);
}

static void write_list(const struct manifest *manifest, struct mxs_json *json)
{
    char hex[65];

    open_member(json, "list");
    text(json, "path", manifest->list_path);
    text(json, "id", manifest->settings->list_id);
    if (manifest->state == MANIFEST_DONE) {
        list_digest(manifest->list, hex);
        text(json, "sha256", hex);
    }
    mxs_json_close_object(json);
}

static void write_texts(struct mxs_json *json, const char *key, const struct texts *texts)
{
    mxs_json_key(json, key);
    mxs_json_open_array(json);
    for (size_t i = 0; i < texts->count; i++)
        mxs_json_string(json, texts->items[i]);
    mxs_json_close_array(json);
}

static void write_options(const struct settings *settings, struct mxs_json *json)
{
    open_member(json, "options");
    number(json, "workers", settings->workers);
    number(json, "in_flight", settings->in_flight);
    number(json, "rate", settings->rate);
    number(json, "tld_rate", settings->tld_rate);
    text(json, "exclude", settings->exclude);
    number(json, "timeout_ms", (uint64_t)(settings->timeout_s * 1000));
    number(json, "retries", settings->retries);
    number(json, "retry_wait_ms", (uint64_t)(settings->retry_wait_s * 1000));
    number(json, "level", settings->level);
    number(json, "frame_size", settings->frame_size);
    boolean(json, "lenient", settings->lenient);
    boolean(json, "special_use", settings->special_use);
    mxs_json_close_object(json);
}

static void write_library_settings(struct mxs_json *json)
{
    const char *name, *value;

    mxs_json_key(json, "settings");
    mxs_json_open_array(json);
    for (size_t i = 0; context_setting(i, &name, &value); i++) {
        char line[160];
        (void)snprintf(line, sizeof line, "%s %s", name, value);
        mxs_json_string(json, line);
    }
    mxs_json_close_array(json);
}

static void write_resolver(const struct manifest *manifest, struct mxs_json *json)
{
    const struct resolve_options *resolve = &manifest->worker->resolve;

    open_member(json, "resolver");
    text(json, "trust_anchor", context_trust_anchor(resolve));
    text(json, "root_hints", resolve->root_hints);
    write_texts(json, "forwarders", &resolve->forwarders);
    write_texts(json, "stubs", &resolve->stubs);
    number(json, "ports_per_worker", resolve->ports);
    boolean(json, "ipv6", resolve->ipv6);
    write_library_settings(json);
    write_texts(json, "more_settings", &resolve->unbound_options);
    mxs_json_close_object(json);
}

static void write_data(const struct manifest *manifest, struct mxs_json *json)
{
    const char *psl = manifest->settings->psl;

    open_member(json, "data");
    text(json, "special_purpose_registries", mxs_address_registry_date);
    text(json, "public_suffix_list", psl != NULL ? psl : psl_dist_filename());
    write_time(json, "public_suffix_list_built", psl != NULL ? 0 : psl_builtin_file_time());
    mxs_json_close_object(json);
}

static void write_all(const struct manifest *manifest, struct mxs_json *json)
{
    mxs_json_open_object(json);
    text(json, "schema", "mxsweep-manifest/1");
    text(json, "state", state_texts[manifest->state]);
    write_program(json);
    write_time(json, "started_at", manifest->started_at);
    write_time(json, "finished_at", manifest->finished_at);
    write_list(manifest, json);
    open_member(json, "output");
    text(json, "path", manifest->output);
    number(json, "bytes", manifest->bytes);
    mxs_json_close_object(json);
    write_options(manifest->settings, json);
    write_resolver(manifest, json);
    write_data(manifest, json);
    if (manifest->result != NULL) {
        open_member(json, "counts");
        summary_write(manifest->result, json);
        mxs_json_close_object(json);
    }
    mxs_json_close_object(json);
}

/* X.ndjson.zst, X.zst and X.ndjson all give X.manifest.json. */
static bool make_path(const char *output, char *path, size_t room)
{
    mxs_slice name = mxs_slice_of(output);

    if (mxs_slice_ends_with(name, MXS_SLICE(".zst")))
        name.len -= 4;
    if (mxs_slice_ends_with(name, MXS_SLICE(".ndjson")))
        name.len -= 7;
    return snprintf(path, room, "%.*s.manifest.json", (int)name.len, name.ptr) < (int)room;
}

bool manifest_save(const struct manifest *manifest, struct error *error)
{
    char path[4096];
    struct mxs_buffer buffer;
    struct mxs_json json;
    bool saved;

    if (!make_path(manifest->output, path, sizeof path))
        return error_set(error, "%s: the name is too long", manifest->output);
    mxs_buffer_init(&buffer);
    mxs_json_init(&json, &buffer);
    write_all(manifest, &json);
    mxs_buffer_append_char(&buffer, '\n');
    saved = file_replace(path, &buffer, error);
    mxs_buffer_clear(&buffer);
    return saved;
}
