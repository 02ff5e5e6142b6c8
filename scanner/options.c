#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <mxsweep/slice.h>

enum { ROWS_MAX = 64, HELP_COLUMN = 30, HELP_WIDTH = 80, FIRST_LONG = 256 };

static bool bad(const struct option_row *row, const char *text, const char *expected,
                struct error *error)
{
    return error_set(error, "--%s: '%s' is not %s", row->name, text, expected);
}

static bool parse_count(const struct option_row *row, const char *text, uint64_t *value,
                        struct error *error)
{
    if (mxs_slice_to_number(mxs_slice_of(text), row->most, value) && *value >= row->least)
        return true;
    return error_set(error, "--%s: '%s' is not a number from %llu to %llu", row->name, text,
                     (unsigned long long)row->least, (unsigned long long)row->most);
}

/* Digits, with a point and up to three more behind. */
static bool parse_seconds(const struct option_row *row, const char *text, double *value,
                          struct error *error)
{
    mxs_slice rest = mxs_slice_of(text), whole, decimals = {NULL, 0};
    uint64_t seconds, thousandths = 0;

    (void)mxs_slice_split(&rest, '.', &whole);
    decimals = rest;
    if (decimals.len > 3 || !mxs_slice_to_number(whole, row->most, &seconds) ||
        (decimals.ptr != NULL && !mxs_slice_to_number(decimals, 999, &thousandths)))
        return bad(row, text, "a number of seconds", error);
    for (size_t i = decimals.len; i < 3; i++)
        thousandths *= 10;
    *value = (double)seconds + (double)thousandths / 1000;
    if (*value < (double)row->least || *value > (double)row->most)
        return error_set(error, "--%s: '%s' is not within %llu to %llu seconds", row->name, text,
                         (unsigned long long)row->least, (unsigned long long)row->most);
    return true;
}

static bool add_text(const struct option_row *row, const char *text, struct texts *texts,
                     struct error *error)
{
    if (texts->count == TEXTS_MAX)
        return error_set(error, "--%s: given more than %d times", row->name, TEXTS_MAX);
    texts->items[texts->count++] = text;
    return true;
}

static bool apply(const struct option_row *row, const char *text, void *settings,
                  struct error *error)
{
    void *target = (char *)settings + row->target;

    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)target = true;
        return true;
    case OPTION_COUNT:
        return parse_count(row, text, target, error);
    case OPTION_SECONDS:
        return parse_seconds(row, text, target, error);
    case OPTION_TEXT:
        *(const char **)target = text;
        return true;
    case OPTION_TEXTS:
        return add_text(row, text, target, error);
    }
    return false;
}

/* Row number `index` of all groups together; NULL past the last. */
static const struct option_row *row_at(const struct command *command, size_t index)
{
    for (size_t i = 0; i < GROUPS_MAX; i++) {
        if (index < command->groups[i].count)
            return &command->groups[i].rows[index];
        index -= command->groups[i].count;
    }
    return NULL;
}

/* getopt's two forms of the table. A long option carries its row's number. */
struct forms {
    struct option longs[ROWS_MAX + 1];
    char shorts[2 * ROWS_MAX + 2];
};

static void make_forms(const struct command *command, struct forms *forms)
{
    const struct option_row *row;
    char *at = forms->shorts;

    memset(forms, 0, sizeof *forms);
    *at++ = ':'; /* a missing argument is told apart */
    for (size_t i = 0; i < ROWS_MAX && (row = row_at(command, i)) != NULL; i++) {
        bool argument = row->kind != OPTION_FLAG;
        forms->longs[i] = (struct option){row->name, argument ? required_argument : no_argument,
                                          NULL, FIRST_LONG + (int)i};
        if (row->letter == 0)
            continue;
        *at++ = row->letter;
        if (argument)
            *at++ = ':';
    }
}

static const struct option_row *find_row(const struct command *command, int value)
{
    const struct option_row *row = NULL;

    if (value >= FIRST_LONG)
        return row_at(command, (size_t)(value - FIRST_LONG));
    for (size_t i = 0; (row = row_at(command, i)) != NULL && row->letter != value; i++)
        continue;
    return row;
}

int options_parse(const struct command *command, int argc, char **argv, void *settings,
                  struct error *error)
{
    struct forms forms;
    int value;

    make_forms(command, &forms);
    opterr = 0;
    optind = 1;
    while ((value = getopt_long(argc, argv, forms.shorts, forms.longs, NULL)) != -1) {
        const char *given = argv[optind - 1];
        if (value == ':')
            (void)error_set(error, "%s: an argument is missing", given);
        else if (value == '?')
            (void)error_set(error, "unknown option '%s'", given);
        else if (apply(find_row(command, value), optarg, settings, error))
            continue;
        return -1;
    }
    return optind;
}

static void write_wrapped(const char *text, FILE *out)
{
    size_t column = HELP_COLUMN;

    while (*text != '\0') {
        size_t len = strcspn(text, " ");
        if (column > HELP_COLUMN && column + 1 + len > HELP_WIDTH) {
            (void)fprintf(out, "\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        }
        column += (size_t)fprintf(out, "%s%.*s", column > HELP_COLUMN ? " " : "", (int)len, text);
        text += len;
        text += strspn(text, " ");
    }
    (void)fputc('\n', out);
}

static void help_row(const struct option_row *row, FILE *out)
{
    char head[64], help[512];
    int len =
        snprintf(head, sizeof head, "  %c%c%s--%s%s%s", row->letter != 0 ? '-' : ' ',
                 row->letter != 0 ? row->letter : ' ', row->letter != 0 ? ", " : "  ", row->name,
                 row->argument != NULL ? " " : "", row->argument != NULL ? row->argument : "");

    (void)fputs(head, out);
    if (len >= HELP_COLUMN)
        (void)fprintf(out, "\n%*s", HELP_COLUMN, "");
    else
        (void)fprintf(out, "%*s", HELP_COLUMN - len, "");
    (void)snprintf(help, sizeof help, row->fallback != NULL ? "%s (default: %s)" : "%s", row->help,
                   row->fallback);
    write_wrapped(help, out);
}

void options_help(const struct command *command, FILE *out)
{
    (void)fprintf(out, "Usage: mxsweep %s [OPTIONS] %s\n%s\n\n", command->name, command->operands,
                  command->summary);
    for (size_t i = 0; i < GROUPS_MAX && command->groups[i].count > 0; i++) {
        (void)fprintf(out, "%s%s:\n", i > 0 ? "\n" : "", command->groups[i].title);
        for (size_t k = 0; k < command->groups[i].count; k++)
            help_row(&command->groups[i].rows[k], out);
    }
}
