/*
 * What the user said on the command line, for all commands that ask the DNS; and how it becomes the
 * options of their parts.
 */
#ifndef SCANNER_SETTINGS_H
#define SCANNER_SETTINGS_H

#include "options.h"
#include "worker/worker.h"

struct settings {
    /* the resolver: the same in every command */
    struct texts stubs, unbound_options, forwarders;
    const char *root_hints, *trust_anchor, *psl, *exclude;
    bool special_use;
    double timeout_s;
    uint64_t ports, in_flight;
    /* scan */
    const char *output, *format, *list_id, *summary, *progress, *question_log;
    bool force, lenient, plan;
    uint64_t workers, rate, tld_rate, level, frame_size, retries;
    double sync_s, retry_wait_s;
    /* check */
    bool json;
    /* everywhere */
    bool help, quiet, verbose;
};

extern const struct command scan_command, check_command;

/* The defaults. */
void settings_init(struct settings *settings);

/* What the settings name and the workers read: loaded before they are closed, shared by all. */
struct settings_files {
    struct exclude *exclude; /* NULL without --exclude */
    psl_ctx_t *psl;          /* NULL when there is none on this machine */
};

/* False with the error set; settings_free_files in any case. */
bool settings_load_files(const struct settings *settings, struct settings_files *files,
                         struct error *error);
void settings_free_files(struct settings_files *files);

/* The worker's options, checked as far as can be before anything is begun. */
bool settings_make_worker(const struct settings *settings, const struct settings_files *files,
                          struct worker_options *options, struct error *error);

#endif
