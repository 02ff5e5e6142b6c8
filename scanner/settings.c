#include "settings.h"

#include <unistd.h>

#include "limits.h"

#define ROW_TARGET(member) offsetof(struct settings, member)

/* clang-format off */
#define RESOLVER_ROWS                                                                             \
    {"root-hints", 0, OPTION_TEXT, "FILE", "the library's",                                       \
     "where the root servers are", ROW_TARGET(root_hints), 0, 0},                                 \
    {"stub", 0, OPTION_TEXTS, "ZONE=ADDR[@PORT]", NULL,                                           \
     "ask this server for a zone and all below it", ROW_TARGET(stubs), 0, 0},                     \
    {"forward", 0, OPTION_TEXTS, "ADDR[@PORT]", NULL,                                             \
     "ask this resolver instead of following delegations", ROW_TARGET(forwarders), 0, 0},         \
    {"trust-anchor", 0, OPTION_TEXT, "FILE|none", "the root's",                                   \
     "the keys that answers are validated with; none: do not validate",                           \
     ROW_TARGET(trust_anchor), 0, 0},                                                             \
    {"special-use", 0, OPTION_FLAG, NULL, NULL,                                                   \
     "ask about reserved names, and servers at reserved addresses (laboratories)",                \
     ROW_TARGET(special_use), 0, 0},                                                              \
    {"timeout", 0, OPTION_SECONDS, "S", "10",                                                     \
     "seconds that a question may take; a domain may take three times that",                      \
     ROW_TARGET(timeout_s), 0, 300},                                                              \
    {"ports", 0, OPTION_COUNT, "N", "512",                                                        \
     "source ports of each worker: more are harder to spoof and cost more",                       \
     ROW_TARGET(ports), 1, CONTEXT_PORTS_MAX},                                                    \
    {"psl", 0, OPTION_TEXT, "FILE", "the system's",                                               \
     "the public suffix list", ROW_TARGET(psl), 0, 0},                                            \
    {"unbound-option", 0, OPTION_TEXTS, "'name: value'", NULL,                                    \
     "a setting of libunbound, applied after our own", ROW_TARGET(unbound_options), 0, 0}

#define COMMON_ROWS                                                                               \
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, "say nothing but errors", ROW_TARGET(quiet), 0, 0},   \
    {"verbose", 'v', OPTION_FLAG, NULL, NULL, "let the resolver library say what it meets",       \
     ROW_TARGET(verbose), 0, 0},                                                                  \
    {"help", 'h', OPTION_FLAG, NULL, NULL, "print this and leave", ROW_TARGET(help), 0, 0}
/* clang-format on */

static const struct option_row scan_rows[] = {
    {"output", 'o', OPTION_TEXT, "FILE", "lines to standard output",
     "the dataset: X.ndjson.zst (frames) or X.ndjson (lines)", ROW_TARGET(output), 0, 0},
    {"force", 0, OPTION_FLAG, NULL, NULL, "overwrite an output that exists", ROW_TARGET(force), 0,
     0},
    {"workers", 'w', OPTION_COUNT, "N", "one per CPU", "worker processes", ROW_TARGET(workers), 1,
     WORKERS_MAX},
    {"in-flight", 'c', OPTION_COUNT, "N", "1000", "questions in flight in each worker",
     ROW_TARGET(in_flight), 1, 100000},
    {"rate", 0, OPTION_COUNT, "QPS", "2000",
     "questions a second of the whole run; 0: as fast as it goes", ROW_TARGET(rate), 0, 10000000},
    {"tld-rate", 0, OPTION_COUNT, "QPS", "200",
     "first questions a second for the names of one TLD; 0: no limit", ROW_TARGET(tld_rate), 0,
     10000000},
    {"exclude", 0, OPTION_TEXT, "FILE", NULL,
     "names, .suffixes and server address blocks that must not be asked", ROW_TARGET(exclude), 0,
     0},
    {"retries", 0, OPTION_COUNT, "N", "1",
     "rounds in which names with failed questions are tried again", ROW_TARGET(retries), 0, 10},
    {"retry-wait", 0, OPTION_SECONDS, "S", "60", "seconds before a name is tried again",
     ROW_TARGET(retry_wait_s), 0, 86400},
    RESOLVER_ROWS,
    {"format", 0, OPTION_TEXT, "FORM", "auto", "of the list: auto, list, csv or zone",
     ROW_TARGET(format), 0, 0},
    {"lenient", 0, OPTION_FLAG, NULL, NULL, "take domains out of URLs and mail addresses",
     ROW_TARGET(lenient), 0, 0},
    {"list-id", 0, OPTION_TEXT, "ID", NULL, "the list's own identifier, for the manifest",
     ROW_TARGET(list_id), 0, 0},
    {"level", 0, OPTION_COUNT, "N", "3", "zstd level", ROW_TARGET(level), 1, 19},
    {"frame-size", 0, OPTION_COUNT, "BYTES", "1048576", "bytes of lines in a frame",
     ROW_TARGET(frame_size), 1024, 64 << 20},
    {"sync", 0, OPTION_SECONDS, "S", "1", "seconds after which frames are forced to the disk",
     ROW_TARGET(sync_s), 0, 3600},
    {"plan", 0, OPTION_FLAG, NULL, NULL, "ask nothing: say what the sweep would ask",
     ROW_TARGET(plan), 0, 0},
    {"summary", 0, OPTION_TEXT, "FILE", NULL, "write the closing figures as JSON",
     ROW_TARGET(summary), 0, 0},
    {"progress", 0, OPTION_TEXT, "auto|always|never", "auto", "the line that tells how far it is",
     ROW_TARGET(progress), 0, 0},
    COMMON_ROWS,
};

static const struct option_row check_rows[] = {
    {"json", 0, OPTION_FLAG, NULL, NULL, "print the line that scan writes", ROW_TARGET(json), 0, 0},
    RESOLVER_ROWS,
    COMMON_ROWS,
};

const struct command scan_command = {
    .name = "scan",
    .operands = "[LIST|-]",
    .summary = "Reads a list of domains, asks the DNS how their e-mail stands, and writes one JSON "
               "line each.",
    .rows = scan_rows,
    .row_count = sizeof scan_rows / sizeof scan_rows[0],
};

const struct command check_command = {
    .name = "check",
    .operands = "DOMAIN...",
    .summary = "Says how the e-mail of a few domains stands.",
    .rows = check_rows,
    .row_count = sizeof check_rows / sizeof check_rows[0],
};

void settings_init(struct settings *settings)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);

    *settings = (struct settings){
        .timeout_s = 10,
        .ports = CONTEXT_PORTS_DEFAULT,
        .in_flight = 1000,
        .progress = "auto",
        .format = "auto",
        .workers = cpus < 1             ? 1
                   : cpus > WORKERS_MAX ? WORKERS_MAX
                                        : (uint64_t)cpus,
        .rate = 2000,
        .tld_rate = 200,
        .level = 3,
        .frame_size = 1 << 20,
        .retries = 1,
        .sync_s = 1,
        .retry_wait_s = 60,
    };
}

bool settings_load_files(const struct settings *settings, struct settings_files *files,
                         struct error *error)
{
    *files = (struct settings_files){0};
    if (settings->exclude != NULL) {
        files->exclude = exclude_load(settings->exclude, error);
        if (files->exclude == NULL)
            return false;
    }
    /* the system's list by default; without one, the library's own */
    files->psl = settings->psl != NULL ? psl_load_file(settings->psl) : psl_latest(NULL);
    if (files->psl == NULL && settings->psl != NULL)
        return error_set(error, "%s: no public suffix list", settings->psl);
    return true;
}

void settings_free_files(struct settings_files *files)
{
    exclude_free(files->exclude);
    psl_free(files->psl);
    *files = (struct settings_files){0};
}

bool settings_make_worker(const struct settings *settings, const struct settings_files *files,
                          struct worker_options *options, struct error *error)
{
    *options = (struct worker_options){
        .resolve = {.forwarders = settings->forwarders,
                    .stubs = settings->stubs,
                    .unbound_options = settings->unbound_options,
                    .root_hints = settings->root_hints,
                    .trust_anchor = settings->trust_anchor,
                    .special_use = settings->special_use,
                    .ports = (unsigned)settings->ports,
                    .ipv6 = context_has_ipv6(settings->special_use),
                    .exclude = files->exclude,
                    .debug = settings->verbose},
        .exclude = files->exclude,
        .in_flight = (unsigned)settings->in_flight,
        .timeout_ms = (unsigned)(settings->timeout_s * 1000),
        .unlimited = settings->rate == 0,
        .level = (int)settings->level,
        .frame_size = settings->frame_size,
        .input = {.lenient = settings->lenient,
                  .special_use = settings->special_use,
                  .psl = files->psl},
        .write = mxs_line_write,
    };
    return context_check(&options->resolve, error);
}
