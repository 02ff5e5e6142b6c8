#include "settings.h"

#include <unistd.h>

#include "limits.h"

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
        .log_questions = settings->question_log != NULL,
        .input = {.lenient = settings->lenient,
                  .special_use = settings->special_use,
                  .psl = files->psl},
        .write = mxs_line_write,
    };
    return context_check(&options->resolve, error);
}
