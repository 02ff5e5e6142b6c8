#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "dataset/dataset.h"
#include "dataset/manifest.h"
#include "limits.h"
#include "resolve/forwarder.h"
#include "sweep/plan.h"
#include "sweep/progress.h"
#include "sweep/summary.h"

/* A scan from its options to its exit status. */
struct scan {
    struct settings settings;
    const char *list_path;
    struct settings_files files;
    struct worker_options worker;
    struct list *list;
    struct dataset *dataset;
    FILE *question_log; /* NULL without --question-log */
    struct progress progress;
    struct sweep_result result;
    struct manifest manifest;
    bool keeps_manifest; /* not for standard output */
};

static int complain(const struct error *error)
{
    (void)fprintf(stderr, "mxsweep: %s\n", error->text);
    return 1;
}

static enum list_status next_name(void *context, struct list_entry *entry, struct error *error)
{
    return list_next(context, entry, error);
}

static int wait_fd(void *context)
{
    return list_fd(context);
}

static bool append_frame(void *context, const struct packed_frame *frame, struct error *error)
{
    return dataset_append(context, frame->bytes, frame->raw_len, error);
}

static bool parse_format(const char *text, enum list_format *format, struct error *error)
{
    static const char *const words[] = {
        [LIST_AUTO] = "auto",
        [LIST_PLAIN] = "list",
        [LIST_CSV] = "csv",
        [LIST_ZONE] = "zone",
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(text, words[i]) == 0) {
            *format = (enum list_format)i;
            return true;
        }
    return error_set(error, "--format: '%s' is not auto, list, csv or zone", text);
}

static bool open_question_log(struct scan *scan, struct error *error)
{
    const char *path = scan->settings.question_log;

    if (path == NULL)
        return true;
    scan->question_log = fopen(path, "we");
    return scan->question_log != NULL || error_set_errno(error, errno, "%s", path);
}

/* Writing was not checked as it went: what failed is remembered by the stream. */
static bool close_question_log(struct scan *scan, struct error *error)
{
    FILE *log = scan->question_log;
    bool failed;

    if (log == NULL)
        return true;
    scan->question_log = NULL;
    failed = ferror(log) != 0;
    failed |= fclose(log) != 0;
    return !failed || error_set(error, "%s: cannot be written", scan->settings.question_log);
}

/* All that can be refused is refused before the output is touched. */
static bool open_parts(struct scan *scan, struct error *error)
{
    const struct settings *settings = &scan->settings;
    enum dataset_form form;
    enum list_format format = LIST_AUTO;

    if (!dataset_form_of(settings->output, &form, error) ||
        !parse_format(settings->format, &format, error) ||
        !settings_load_files(settings, &scan->files, error) ||
        !settings_make_worker(settings, &scan->files, &scan->worker, error) ||
        !limits_fit(&scan->worker.resolve, (unsigned)settings->workers, error))
        return false;
    if (form != DATASET_FRAMES)
        scan->worker.level = 0;
    scan->worker.send_soon = form == DATASET_STDOUT;
    scan->keeps_manifest = form != DATASET_STDOUT;
    scan->list = list_open(scan->list_path, format, error);
    if (scan->list == NULL ||
        !forwarder_check(&scan->worker.resolve, scan->worker.timeout_ms, error) ||
        !progress_init(&scan->progress, settings->progress, settings->quiet, scan->list, error))
        return false;
    if (!open_question_log(scan, error))
        return false;
    scan->dataset = dataset_open(
        &(struct dataset_options){settings->output, settings->force, settings->sync_s}, error);
    return scan->dataset != NULL;
}

static bool save_manifest(struct scan *scan, enum manifest_state state, struct error *error)
{
    if (!scan->keeps_manifest)
        return true;
    scan->manifest.state = state;
    scan->manifest.bytes = dataset_size(scan->dataset);
    if (state != MANIFEST_RUNNING)
        scan->manifest.finished_at = time(NULL);
    return manifest_save(&scan->manifest, error);
}

static bool sweep(struct scan *scan, struct error *error)
{
    struct sweep_options options = {
        .worker = scan->worker,
        .workers = (unsigned)scan->settings.workers,
        .rate = (double)scan->settings.rate,
        .tld_rate = scan->settings.rate == 0 ? 0 : (double)scan->settings.tld_rate,
        .retries = (unsigned)scan->settings.retries,
        .retry_wait_s = scan->settings.retry_wait_s,
        .quiet = scan->settings.quiet,
        .source = {next_name, wait_fd, scan->list},
        .sink = {append_frame, scan->dataset},
        .question_log = scan->question_log,
        .on_progress = progress_update,
        .progress_context = &scan->progress,
    };

    bool swept = sweep_run(&options, &scan->result, error);
    struct error later;

    return close_question_log(scan, swept ? error : &later) && swept;
}

/* Closes the dataset whatever happened before; the first error is the one that is told. */
static bool close_parts(struct scan *scan, bool swept, struct error *error)
{
    struct error later;
    enum manifest_state state = !swept                     ? MANIFEST_FAILED
                                : scan->result.signal != 0 ? MANIFEST_INTERRUPTED
                                                           : MANIFEST_DONE;
    bool finished = dataset_finish(scan->dataset, swept ? error : &later);

    scan->manifest.result = &scan->result;
    if (!save_manifest(scan, finished ? state : MANIFEST_FAILED,
                       swept && finished ? error : &later))
        return false;
    return swept && finished;
}

static int conclude(const struct scan *scan, bool done, const struct error *error)
{
    const struct sweep_result *result = &scan->result;
    struct error summary_error;

    if (!done && dataset_reader_is_gone(scan->dataset))
        return 128 + SIGPIPE; /* as in a pipe to head: nothing to say */
    if (!scan->settings.quiet)
        summary_print(result, stderr);
    if (scan->settings.summary != NULL &&
        !summary_save(result, scan->settings.summary, &summary_error))
        return complain(&summary_error);
    if (!done)
        return complain(error);
    if (result->signal != 0)
        return 128 + result->signal;
    if (result->written.lines < result->read) {
        (void)fprintf(stderr, "mxsweep: fewer lines were written than names read\n");
        return 1;
    }
    return 0;
}

static int run(struct scan *scan)
{
    struct error error = {""};
    bool done;

    (void)signal(SIGPIPE, SIG_IGN);
    scan->manifest = (struct manifest){
        .settings = &scan->settings,
        .worker = &scan->worker,
        .output = scan->settings.output,
        .list_path = scan->list_path,
        .started_at = time(NULL),
    };
    if (!open_parts(scan, &error))
        return complain(&error);
    scan->manifest.list = scan->list;
    if (!save_manifest(scan, MANIFEST_RUNNING, &error))
        return complain(&error);
    done = sweep(scan, &error);
    done = close_parts(scan, done, &error);
    return conclude(scan, done, &error);
}

static int plan(struct scan *scan)
{
    const struct plan_options options = {
        .rate = (double)scan->settings.rate,
        .tld_rate = scan->settings.rate == 0 ? 0 : (double)scan->settings.tld_rate,
    };
    enum list_format format = LIST_AUTO;
    struct error error;

    if (!parse_format(scan->settings.format, &format, &error))
        return complain(&error);
    scan->list = list_open(scan->list_path, format, &error);
    if (scan->list == NULL || !plan_print(scan->list, &options, stdout, &error))
        return complain(&error);
    return 0;
}

static int wrong_usage(const struct error *error)
{
    (void)fprintf(stderr, "mxsweep scan: %s (see mxsweep scan --help)\n", error->text);
    return 2;
}

int scan_main(int argc, char **argv)
{
    struct scan scan = {0};
    struct error error;
    int operand, status = 0;

    settings_init(&scan.settings);
    operand = options_parse(&scan_command, argc, argv, &scan.settings, &error);
    if (operand < 0) {
        status = wrong_usage(&error);
    } else if (scan.settings.help) {
        options_help(&scan_command, stdout);
    } else if (argc - operand > 1) {
        (void)error_set(&error, "one list at a time, not also '%s'", argv[operand + 1]);
        status = wrong_usage(&error);
    } else {
        scan.list_path = operand < argc ? argv[operand] : "-";
        status = scan.settings.plan ? plan(&scan) : run(&scan);
    }
    (void)close_question_log(&scan, &error); /* open only if the scan never began */
    list_free(scan.list);
    dataset_free(scan.dataset);
    settings_free_files(&scan.files);
    return status;
}
