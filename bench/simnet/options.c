#define _GNU_SOURCE /* getopt_long */
#include "options.h"

#include <errno.h>
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
    KIND_LOOPBACK,
    KIND_PARENT,
    KIND_HELP,
    KIND_COUNT
};

static const struct row {
    const char *name;
    const char *argument; /* NULL: takes none */
    const char *help;
} rows[] = {
    [KIND_SEED] = {"seed", "N", "the world to play; 1 unless given"},
    [KIND_PORT] = {"port", "N", "port to serve; 53 unless given (referrals always lead to 53)"},
    [KIND_READY] = {"ready-fd", "FD", "write \"ready\" to this descriptor when listening; else 1"},
    [KIND_HINTS] = {"hints", "FILE", "write a root hints file"},
    [KIND_COUNTS] = {"counts", "FILE", "write what was asked, as JSON, at the end"},
    [KIND_LOG] = {"log", "FILE", "write each question: server, transport, type, RCODE, name"},
    [KIND_TRUTH] = {"truth", "NAME", "print what is true of a name and stop; -: of each line read"},
    [KIND_LOOPBACK] = {"raise-loopback", NULL, "set the interface lo up first"},
    [KIND_PARENT] = {"stop-with-parent", NULL, "end when the process that started this one ends"},
    [KIND_HELP] = {"help", NULL, "print this and stop"},
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

static bool apply(enum kind kind, const char *argument, struct options *options)
{
    uint64_t number = 0;

    switch (kind) {
    case KIND_SEED:
        return read_number(&rows[kind], argument, UINT64_MAX, &options->seed);
    case KIND_PORT:
        if (!read_number(&rows[kind], argument, UINT16_MAX, &number))
            return false;
        options->port = (uint16_t)number;
        break;
    case KIND_READY:
        if (!read_number(&rows[kind], argument, 1023, &number))
            return false;
        options->ready_fd = (int)number;
        break;
    case KIND_HINTS:
        options->hints = argument;
        break;
    case KIND_COUNTS:
        options->counts = argument;
        break;
    case KIND_LOG:
        options->log = argument;
        break;
    case KIND_TRUTH:
        options->truth = argument;
        break;
    case KIND_LOOPBACK:
        options->raise_loopback = true;
        break;
    case KIND_PARENT:
        options->stop_with_parent = true;
        break;
    case KIND_HELP:
        options->help = true;
        print_help();
        break;
    case KIND_COUNT:
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
