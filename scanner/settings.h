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
    struct texts stubs, unbound_options;
    const char *root_hints, *trust_anchor, *psl;
    bool special_use;
    double timeout_s;
    uint64_t ports, in_flight;
    /* scan */
    const char *output, *list_id, *summary, *progress;
    bool force, lenient;
    uint64_t workers, rate, level, frame_size, retries;
    double sync_s, retry_wait_s;
    /* check */
    bool json;
    /* everywhere */
    bool help, quiet, verbose;
};

/* Rows that commands have in common; `settings_rows` says which are whose. */
extern const struct command scan_command, check_command;

/* The defaults. */
void settings_init(struct settings *settings);

/* The worker's options; the public suffix list is loaded, and freed by settings_clear_worker. */
bool settings_make_worker(const struct settings *settings, struct worker_options *options,
                          struct error *error);
void settings_clear_worker(struct worker_options *options);

#endif
