/*
 * The options of all commands: one row each, in groups that commands share.
 */
#include "limits.h"
#include "settings.h"

#define AT(member)  offsetof(struct settings, member)
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct option_row output_rows[] = {
    {"output", 'o', OPTION_TEXT, "FILE", "lines to standard output",
     "the dataset: X.ndjson.zst (frames) or X.ndjson (lines)", AT(output), 0, 0},
    {"force", 0, OPTION_FLAG, NULL, NULL, "overwrite an output that exists", AT(force), 0, 0},
    {"level", 0, OPTION_COUNT, "N", "3", "zstd level", AT(level), 1, 19},
    {"frame-size", 0, OPTION_COUNT, "BYTES", "1048576", "bytes of lines in a frame", AT(frame_size),
     1024, 64 << 20},
    {"sync", 0, OPTION_SECONDS, "S", "1", "seconds after which frames are forced to the disk",
     AT(sync_s), 0, 3600},
    {"summary", 0, OPTION_TEXT, "FILE", NULL, "write the closing figures as JSON", AT(summary), 0,
     0},
    {"question-log", 0, OPTION_TEXT, "FILE", NULL,
     "write each question: its worker, when it was sent and answered (for the bench)",
     AT(question_log), 0, 0},
    {"progress", 0, OPTION_TEXT, "auto|always|never", "auto", "the line that tells how far it is",
     AT(progress), 0, 0},
};

static const struct option_row list_rows[] = {
    {"format", 0, OPTION_TEXT, "FORM", "auto", "of the list: auto, list, csv or zone", AT(format),
     0, 0},
    {"lenient", 0, OPTION_FLAG, NULL, NULL, "take domains out of URLs and mail addresses",
     AT(lenient), 0, 0},
    {"list-id", 0, OPTION_TEXT, "ID", NULL, "the list's own identifier, for the manifest",
     AT(list_id), 0, 0},
    {"plan", 0, OPTION_FLAG, NULL, NULL, "ask nothing: say what the sweep would ask", AT(plan), 0,
     0},
};

static const struct option_row crew_rows[] = {
    {"workers", 'w', OPTION_COUNT, "N", "one per CPU", "worker processes", AT(workers), 1,
     WORKERS_MAX},
    {"in-flight", 'c', OPTION_COUNT, "N", "1000", "questions in flight in each worker",
     AT(in_flight), 1, 100000},
};

static const struct option_row pace_rows[] = {
    {"rate", 0, OPTION_COUNT, "QPS", "2000",
     "questions a second of the whole run; 0: as fast as it goes", AT(rate), 0, 10000000},
    {"tld-rate", 0, OPTION_COUNT, "QPS", "200",
     "first questions a second for the names of one TLD; 0: no limit", AT(tld_rate), 0, 10000000},
    {"retries", 0, OPTION_COUNT, "N", "1; 0 for check",
     "rounds in which names with failed questions are tried again", AT(retries), 0, 10},
    {"retry-wait", 0, OPTION_SECONDS, "S", "60", "seconds before a name is tried again",
     AT(retry_wait_s), 0, 86400},
    {"exclude", 0, OPTION_TEXT, "FILE", NULL,
     "names, .suffixes and server address blocks that must not be asked", AT(exclude), 0, 0},
};

static const struct option_row resolver_rows[] = {
    {"root-hints", 0, OPTION_TEXT, "FILE", "the library's", "where the root servers are",
     AT(root_hints), 0, 0},
    {"stub", 0, OPTION_TEXTS, "ZONE=ADDR[@PORT]", NULL,
     "ask this server for a zone and all below it", AT(stubs), 0, 0},
    {"forward", 0, OPTION_TEXTS, "ADDR[@PORT]", NULL,
     "ask this resolver instead of following delegations", AT(forwarders), 0, 0},
    {"trust-anchor", 0, OPTION_TEXT, "FILE|none", "the root's",
     "the keys that answers are validated with; none: do not validate", AT(trust_anchor), 0, 0},
    {"special-use", 0, OPTION_FLAG, NULL, NULL,
     "ask about reserved names, and servers at reserved addresses (laboratories)", AT(special_use),
     0, 0},
    {"timeout", 0, OPTION_SECONDS, "S", "10",
     "seconds that a question may take; a domain may take three times that", AT(timeout_s), 0, 300},
    {"ports", 0, OPTION_COUNT, "N", "512",
     "source ports of each worker: more are harder to spoof and cost more", AT(ports), 1,
     CONTEXT_PORTS_MAX},
    {"psl", 0, OPTION_TEXT, "FILE", "the system's", "the public suffix list", AT(psl), 0, 0},
    {"unbound-option", 0, OPTION_TEXTS, "'name: value'", NULL,
     "a setting of libunbound, applied after our own", AT(unbound_options), 0, 0},
};

static const struct option_row page_rows[] = {
    {"json", 0, OPTION_FLAG, NULL, NULL, "print the line that scan writes", AT(json), 0, 0},
};

static const struct option_row common_rows[] = {
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, "say nothing but errors", AT(quiet), 0, 0},
    {"verbose", 'v', OPTION_FLAG, NULL, NULL, "let the resolver library say what it meets",
     AT(verbose), 0, 0},
    {"help", 'h', OPTION_FLAG, NULL, NULL, "print this and leave", AT(help), 0, 0},
};

const struct command scan_command = {
    .name = "scan",
    .operands = "[LIST|-]",
    .summary =
        "Reads a list of domains, asks the DNS how their e-mail stands, and writes one JSON\n"
        "line each.",
    .groups =
        {
            {"Output", output_rows, COUNT(output_rows)},
            {"List", list_rows, COUNT(list_rows)},
            {"Workers", crew_rows, COUNT(crew_rows)},
            {"Pace", pace_rows, COUNT(pace_rows)},
            {"Resolver", resolver_rows, COUNT(resolver_rows)},
            {"Common", common_rows, COUNT(common_rows)},
        },
};

const struct command check_command = {
    .name = "check",
    .operands = "DOMAIN...",
    .summary = "Says how the e-mail of a few domains stands.",
    .groups =
        {
            {"Output", page_rows, COUNT(page_rows)},
            {"Pace", pace_rows, COUNT(pace_rows)},
            {"Resolver", resolver_rows, COUNT(resolver_rows)},
            {"Common", common_rows, COUNT(common_rows)},
        },
};
