#include "commands.h"

#include <stdlib.h>
#include <string.h>

#include "lint/input.h"
#include "lint/page.h"
#include "lint/type.h"
#include "options.h"

enum {
    LINE_MAX_BYTES = 1 << 20, /* of input: a TXT record of 64 KiB, each byte as an escape, fits */
    ARENA_KEPT = 4 << 20      /* bytes the arena may keep from one record to the next */
};

/* DESIGN.md section 5, in its order; NULL: not built yet. */
static const struct {
    const char *name;
    const struct lint_type *type;
} types[] = {
    {"spf", &lint_spf}, {"dmarc", NULL}, {"dkim", NULL}, {"mta-sts", NULL},
    {"tls-rpt", NULL},  {"bimi", NULL},  {"tlsa", NULL},
};

struct settings_lint {
    bool json, help;
};

#define ROW_TARGET(member) offsetof(struct settings_lint, member)

static const struct option_row rows[] = {
    {"json", 0, OPTION_FLAG, NULL, NULL,
     "an output line of JSON for each record; lines of input are JSON too: \"record\", "
     "{\"id\":1,\"record\":\"...\"} or {\"id\":1,\"record_base64\":\"...\"}",
     ROW_TARGET(json), 0, 0},
    {"help", 'h', OPTION_FLAG, NULL, NULL, "print this and leave", ROW_TARGET(help), 0, 0},
};

static const struct command lint_command = {
    .name = "lint",
    .operands = "TYPE [RECORD...]",
    .summary =
        "Judges record texts without the DNS: the operands, or the lines of standard input.\n"
        "TYPE is spf. Exits 1 when a record is one that receivers would not use.",
    .groups = {{"Options", rows, sizeof rows / sizeof rows[0]}},
};

/* One run of the command. */
struct lint {
    const struct lint_type *type;
    bool json;
    struct mxs_arena arena; /* of one record */
    struct mxs_buffer line, out;
    unsigned long long count;
    bool all_valid;
};

static int complain(const char *text, const char *detail, const char *hint, int status)
{
    (void)fprintf(stderr, "mxsweep lint: %s%s%s\n", text, detail, hint);
    return status;
}

static void write_finding(struct mxs_json *json, const struct mxs_finding *finding)
{
    mxs_json_open_object(json);
    mxs_json_key(json, "id");
    mxs_json_string(json, mxs_finding_kinds[finding->id].id);
    mxs_json_key(json, "severity");
    mxs_json_string(json, mxs_severity_text(finding->severity));
    mxs_json_key(json, "name");
    mxs_json_null(json); /* a text has no name */
    mxs_json_key(json, "args");
    mxs_json_open_object(json);
    for (unsigned i = 0; i < finding->arg_count; i++) {
        const struct mxs_finding_arg *arg = &finding->args[i];
        mxs_json_key(json, arg->key);
        if (arg->text.ptr != NULL)
            (void)mxs_json_text(json, arg->text);
        else
            mxs_json_number(json, arg->number);
    }
    mxs_json_close_object(json);
    mxs_json_close_object(json);
}

static void write_record(struct mxs_json *json, mxs_slice record)
{
    mxs_json_key(json, "record");
    if (record.ptr == NULL) {
        mxs_json_null(json);
    } else if (!mxs_json_text(json, record)) {
        mxs_json_key(json, "txt_binary"); /* rules section 1.5 */
        mxs_json_bool(json, true);
    }
}

/* One line for one of input, also where there was no record in it. */
static void write_line(struct lint *lint, const struct lint_input *input,
                       const struct lint_verdict *verdict)
{
    struct mxs_json json;

    mxs_json_init(&json, &lint->out);
    mxs_json_open_object(&json);
    if (input->id.ptr != NULL) {
        mxs_json_key(&json, "id");
        mxs_json_raw(&json, input->id);
    }
    write_record(&json, input->record);
    mxs_json_key(&json, "type");
    mxs_json_string(&json, lint->type->name);
    mxs_json_key(&json, "valid");
    mxs_json_bool(&json, verdict->valid);
    if (input->error != NULL) {
        mxs_json_key(&json, "error");
        mxs_json_string(&json, input->error);
    }
    mxs_json_key(&json, "findings");
    mxs_json_open_array(&json);
    for (size_t i = 0; i < verdict->findings.count; i++)
        write_finding(&json, &verdict->findings.items[i]);
    mxs_json_close_array(&json);
    mxs_json_key(&json, "parsed");
    if (verdict->parsed != NULL)
        lint->type->write_parsed(verdict, &json);
    else
        mxs_json_null(&json);
    mxs_json_close_object(&json);
    mxs_buffer_append_char(&lint->out, '\n');
}

/* Judges a record and prints the verdict at once; false when memory or standard output fail. */
static bool lint_record(struct lint *lint, const struct lint_input *input)
{
    struct lint_verdict verdict = {0};

    if (input->error == NULL && !lint->type->judge(&lint->arena, input->record, &verdict))
        return false;
    mxs_buffer_reset(&lint->out);
    if (!lint->json && lint->count > 0)
        mxs_buffer_append_char(&lint->out, '\n');
    if (lint->json)
        write_line(lint, input, &verdict);
    else
        lint_page_write(lint->type, input->record, &verdict, &lint->out);
    lint->count++;
    lint->all_valid = lint->all_valid && verdict.valid;
    if (lint->arena.bytes > ARENA_KEPT)
        mxs_arena_clear(&lint->arena);
    mxs_arena_reset(&lint->arena);
    return !lint->out.failed && fwrite(lint->out.ptr, 1, lint->out.len, stdout) == lint->out.len;
}

/* A line without its end; false at the end of input. What is over the limit is not kept. */
static bool read_line(struct mxs_buffer *line, bool *too_long)
{
    int c;

    mxs_buffer_reset(line);
    *too_long = false;
    while ((c = getc_unlocked(stdin)) != EOF && c != '\n') {
        if (line->len < LINE_MAX_BYTES)
            mxs_buffer_append_char(line, (char)c);
        else
            *too_long = true;
    }
    return c != EOF || line->len > 0;
}

static bool lint_json_line(struct lint *lint, bool too_long)
{
    struct lint_input input = {.error = "the line is longer than 1 MiB"};

    if (!too_long && !lint_input_read(&lint->arena, mxs_buffer_slice(&lint->line), &input))
        return false;
    return lint_record(lint, &input);
}

/* A line of text is a record; an empty one is none, and the CR of a CRLF belongs to its end. */
static bool lint_text_line(struct lint *lint, bool too_long)
{
    struct lint_input input = {.record = mxs_buffer_slice(&lint->line)};

    if (mxs_slice_ends_with(input.record, MXS_SLICE("\r")))
        input.record.len--;
    if (too_long) {
        lint->all_valid = false;
        (void)complain("a line is longer than 1 MiB", "", "", 0);
        return true;
    }
    return input.record.len == 0 || lint_record(lint, &input);
}

static bool lint_lines(struct lint *lint)
{
    bool too_long, done = true;

    while (done && read_line(&lint->line, &too_long))
        done = !lint->line.failed &&
               (lint->json ? lint_json_line(lint, too_long) : lint_text_line(lint, too_long));
    return done && ferror(stdin) == 0;
}

static bool lint_operands(struct lint *lint, char **records, int count)
{
    bool done = true;

    for (int i = 0; i < count && done; i++)
        done = lint_record(lint, &(struct lint_input){.record = mxs_slice_of(records[i])});
    return done;
}

static int run(struct lint *lint, char **records, int count)
{
    bool done;

    mxs_arena_init(&lint->arena);
    mxs_buffer_init(&lint->line);
    mxs_buffer_init(&lint->out);
    (void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* who writes a line may wait for its verdict */
    done = count > 0 ? lint_operands(lint, records, count) : lint_lines(lint);
    done = fflush(stdout) == 0 && done;
    mxs_buffer_clear(&lint->out);
    mxs_buffer_clear(&lint->line);
    mxs_arena_clear(&lint->arena);
    if (!done)
        return complain("memory, standard input or standard output failed", "", "", 1);
    return lint->all_valid ? 0 : 1;
}

/* 0 with the type set, or the exit status. */
static int find_type(const char *name, const struct lint_type **type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].name, name) != 0)
            continue;
        *type = types[i].type;
        return *type != NULL ? 0 : complain("not built yet: ", name, "", 2);
    }
    return complain("unknown type: ", name, " (see mxsweep lint --help)", 2);
}

int lint_main(int argc, char **argv)
{
    const char hint[] = " (see mxsweep lint --help)";
    struct settings_lint settings = {0};
    struct lint lint = {.all_valid = true};
    struct error error;
    int operand = options_parse(&lint_command, argc, argv, &settings, &error);
    int status;

    if (operand < 0)
        return complain(error.text, "", hint, 2);
    if (settings.help) {
        options_help(&lint_command, stdout);
        return 0;
    }
    if (operand == argc)
        return complain("no type given", "", hint, 2);
    status = find_type(argv[operand], &lint.type);
    if (status != 0)
        return status;
    lint.json = settings.json;
    return run(&lint, argv + operand + 1, argc - operand - 1);
}
