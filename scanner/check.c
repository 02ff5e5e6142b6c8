#include "commands.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "limits.h"
#include "report/page.h"
#include "resolve/forwarder.h"
#include "settings.h"
#include "sweep/sweep.h"

/* The domains of one call, and what is to be printed of each, in their order. */
struct check {
    struct settings settings;
    char **domains;
    size_t count, next;
    struct mxs_buffer *pages; /* one for each domain */
};

static enum list_status next_domain(void *context, struct list_entry *entry, struct error *error)
{
    struct check *check = context;

    (void)error;
    if (check->next == check->count)
        return LIST_END;
    *entry = (struct list_entry){.index = check->next,
                                 .text = mxs_slice_of(check->domains[check->next])};
    if (entry->text.len > MXS_INPUT_MAX + 1)
        entry->text.len = MXS_INPUT_MAX + 1;
    check->next++;
    return LIST_ENTRY;
}

static int no_fd(void *context)
{
    (void)context;
    return -1;
}

/* Each frame is one page. */
static bool keep_page(void *context, const struct packed_frame *frame, struct error *error)
{
    struct check *check = context;

    if (frame->count != 1 || frame->indexes[0] >= check->count)
        return error_set(error, "the worker sent what nobody asked for");
    mxs_buffer_append(&check->pages[frame->indexes[0]], frame->bytes);
    return true;
}

static void print_pages(const struct check *check)
{
    for (size_t i = 0; i < check->count; i++) {
        const struct mxs_buffer *page = &check->pages[i];
        if (i > 0 && !check->settings.json)
            (void)fputc('\n', stdout);
        if (page->len > 0)
            (void)fwrite(page->ptr, 1, page->len, stdout);
    }
}

static bool run(struct check *check, struct sweep_result *result, struct error *error)
{
    struct sweep_options options = {
        .workers = 1,
        .rate = (double)check->settings.rate,
        .tld_rate = check->settings.rate == 0 ? 0 : (double)check->settings.tld_rate,
        .retries = (unsigned)check->settings.retries,
        .retry_wait_s = check->settings.retry_wait_s,
        .source = {next_domain, no_fd, check},
        .sink = {keep_page, check},
    };
    struct settings_files files;
    bool done;

    if (!settings_load_files(&check->settings, &files, error) ||
        !settings_make_worker(&check->settings, &files, &options.worker, error) ||
        !limits_fit(&options.worker.resolve, 1, error) ||
        !forwarder_check(&options.worker.resolve, options.worker.timeout_ms, error))
        return false;
    options.worker.level = 0;
    options.worker.frame_size = 1; /* a frame for each line */
    if (!check->settings.json)
        options.worker.write = page_write;
    done = sweep_run(&options, result, error);
    settings_free_files(&files);
    return done;
}

static int complain(const char *text, const char *hint, int status)
{
    (void)fprintf(stderr, "mxsweep check: %s%s\n", text, hint);
    return status;
}

static int check_domains(struct check *check)
{
    struct error error;
    struct sweep_result result = {0};
    int status = 0;

    check->pages = calloc(check->count, sizeof *check->pages);
    if (check->pages == NULL)
        return complain("out of memory", "", 1);
    if (!run(check, &result, &error))
        status = complain(error.text, "", 1);
    else if (result.signal != 0)
        status = 128 + result.signal;
    print_pages(check);
    for (size_t i = 0; i < check->count; i++)
        mxs_buffer_clear(&check->pages[i]);
    free(check->pages);
    if (fflush(stdout) != 0 && status == 0)
        status = 1;
    return status;
}

int check_main(int argc, char **argv)
{
    const char hint[] = " (see mxsweep check --help)";
    struct check check = {0};
    struct error error;
    int operand;

    settings_init(&check.settings);
    check.settings.retries = 0; /* somebody waits */
    operand = options_parse(&check_command, argc, argv, &check.settings, &error);
    if (operand < 0)
        return complain(error.text, hint, 2);
    if (check.settings.help) {
        options_help(&check_command, stdout);
        return 0;
    }
    if (operand == argc)
        return complain("no domain given", hint, 2);
    check.domains = argv + operand;
    check.count = (size_t)(argc - operand);
    return check_domains(&check);
}
