#define _GNU_SOURCE /* getopt_long */
#include "options.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <getopt.h>

enum kind {
    KIND_SEED,
    KIND_PORT,
    KIND_READY,
    KIND_HINTS,
    KIND_COUNTS,
    KIND_LOG,
    KIND_TRUTH,
    KIND_HITS,
    KIND_ZONES,
    KIND_FAULTS,
    KIND_FAIL_TYPE,
    KIND_LATENCY,
    KIND_SIGN,
    KIND_ANCHOR,
    KIND_LOOPBACK,
    KIND_PARENT,
    KIND_HELP,
    KIND_COUNT
};

/* What an option sets, if nothing needs to be looked at first. */
enum target { TARGET_OTHER, TARGET_TEXT, TARGET_FLAG };

#define TEXT(field) TARGET_TEXT, offsetof(struct options, field)
#define FLAG(field) TARGET_FLAG, offsetof(struct options, field)

static const struct row {
    const char *name;
    const char *argument; /* NULL: takes none */
    const char *help;
    enum target target;
    size_t offset; /* of the field that is set */
} rows[] = {
    [KIND_SEED] = {"seed", "N", "the world to play; 1 unless given", TARGET_OTHER, 0},
    [KIND_PORT] = {"port", "N", "port to serve; 53 unless given (referrals always lead to 53)",
                   TARGET_OTHER, 0},
    [KIND_READY] = {"ready-fd", "FD", "write \"ready\" to this descriptor when listening; else 1",
                    TARGET_OTHER, 0},
    [KIND_HINTS] = {"hints", "FILE", "write a root hints file", TEXT(hints)},
    [KIND_COUNTS] = {"counts", "FILE", "write what was asked, as JSON, at the end", TEXT(counts)},
    [KIND_LOG] = {"log", "FILE", "write each question: server, transport, type, RCODE, name",
                  TEXT(log)},
    [KIND_TRUTH] = {"truth", "NAME", "print what is true of a name and stop; -: of each line read",
                    TEXT(truth)},
    [KIND_HITS] = {"hits", "FILE", "write the questions that met a fault, one JSON line each",
                   TEXT(hits)},
    [KIND_ZONES] = {"zones", "FILE", "write how often each zone was asked, one JSON line each",
                    TEXT(zones)},
    [KIND_FAULTS] =
        {"faults", "LIST",
         "what goes wrong: all, off, or CLASS[=SHARE] parted by commas; off unless given",
         TARGET_OTHER, 0},
    [KIND_FAIL_TYPE] = {"fail-type", "TYPE=HOW",
                        "every question of the type fails below the TLDs: servfail or drop",
                        TARGET_OTHER, 0},
    [KIND_LATENCY] = {"latency", NULL, "each server has its distance: 4 to 900 ms, median 25",
                      FLAG(faults.latency)},
    [KIND_SIGN] = {"sign", NULL, "sign the root, the TLDs and 8.5 % of the domains", FLAG(sign)},
    [KIND_ANCHOR] = {"trust-anchor", "FILE", "write the root's key; implies --sign", TEXT(anchor)},
    [KIND_LOOPBACK] = {"raise-loopback", NULL, "set the interface lo up first",
                       FLAG(raise_loopback)},
    [KIND_PARENT] = {"stop-with-parent", NULL, "end when the process that started this one ends",
                     FLAG(stop_with_parent)},
    [KIND_HELP] = {"help", NULL, "print this and stop", FLAG(help)},
};
_Static_assert(sizeof rows / sizeof rows[0] == KIND_COUNT, "a row per option");

static void print_help(void)
{
    puts("simnet [OPTIONS]: plays the DNS of a simulated Internet on 127/8.\n");
    for (size_t i = 0; i < KIND_COUNT; i++) {
        const char *argument = rows[i].argument == NULL ? "" : rows[i].argument;
        printf("  --%s %-*s %s\n", rows[i].name, 18 - (int)__builtin_strlen(rows[i].name), argument,
               rows[i].help);
    }
    fputs("\nClasses of --faults:", stdout);
    for (size_t i = 0; i < FAULT_TYPE; i++)
        printf(" %s", faults_name((enum fault)i));
    putchar('\n');
}

static bool read_number(const struct row *row, const char *text, uint64_t max, uint64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && *number <= max)
        return true;
    fprintf(stderr, "simnet: --%s: '%s' is no number from 0 to %llu\n", row->name, text,
            (unsigned long long)max);
    return false;
}

static bool apply_faults(enum kind kind, const char *argument, struct faults *faults)
{
    bool ok =
        kind == KIND_FAULTS ? faults_parse(faults, argument) : faults_parse_type(faults, argument);

    if (!ok)
        fprintf(stderr, "simnet: --%s: '%s' is not understood\n", rows[kind].name, argument);
    return ok;
}

static bool apply(enum kind kind, const char *argument, struct options *options)
{
    const struct row *row = &rows[kind];
    uint64_t number = 0;

    if (row->target == TARGET_TEXT)
        *(const char **)(void *)((char *)options + row->offset) = argument;
    if (row->target == TARGET_FLAG)
        *(bool *)((char *)options + row->offset) = true;
    switch (kind) {
    case KIND_SEED:
        return read_number(row, argument, UINT64_MAX, &options->seed);
    case KIND_PORT:
        if (!read_number(row, argument, UINT16_MAX, &number))
            return false;
        options->port = (uint16_t)number;
        break;
    case KIND_READY:
        if (!read_number(row, argument, 1023, &number))
            return false;
        options->ready_fd = (int)number;
        break;
    case KIND_FAULTS:
    case KIND_FAIL_TYPE:
        return apply_faults(kind, argument, &options->faults);
    case KIND_ANCHOR:
        options->sign = true;
        break;
    case KIND_HELP:
        print_help();
        break;
    default: /* set above */
        break;
    }
    return true;
}

bool options_parse(int argc, char **argv, struct options *options)
{
    struct option table[KIND_COUNT + 1] = {0};
    int index = 0;

    *options = (struct options){.seed = 1, .port = 53, .ready_fd = 1};
    for (size_t i = 0; i < KIND_COUNT; i++) {
        table[i].name = rows[i].name;
        table[i].has_arg = rows[i].argument == NULL ? no_argument : required_argument;
    }
    for (int result; (result = getopt_long(argc, argv, "", table, &index)) != -1;)
        if (result != 0 || !apply((enum kind)index, optarg, options))
            return false;
    if (optind < argc)
        fprintf(stderr, "simnet: '%s' is not understood\n", argv[optind]);
    return optind == argc;
}
