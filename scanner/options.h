/*
 * Options: one row each, which parses, checks and explains itself.
 *
 * A command has a table; the table makes the parser, --help, and what else lists options.
 */
#ifndef SCANNER_OPTIONS_H
#define SCANNER_OPTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "error.h"
#include "texts.h"

enum option_kind {
    OPTION_FLAG,    /* bool */
    OPTION_COUNT,   /* uint64_t within [least, most] */
    OPTION_SECONDS, /* double, decimals allowed, within [least, most] */
    OPTION_TEXT,    /* const char * */
    OPTION_TEXTS,   /* struct texts: may be given again and again */
};

struct option_row {
    const char *name; /* without the dashes */
    char letter;      /* short form, or 0 */
    enum option_kind kind;
    const char *argument; /* how --help calls it; NULL for a flag */
    const char *fallback; /* the default in words, for --help only; NULL: none */
    const char *help;
    size_t target;        /* offset of the value in the settings */
    uint64_t least, most; /* of a number */
};

enum { GROUPS_MAX = 8 };

struct command {
    const char *name;
    const char *operands; /* for the usage line: "[LIST|-]" */
    const char *summary;
    /* up to the first that has no rows */
    struct option_group {
        const char *title;
        const struct option_row *rows;
        size_t count;
    } groups[GROUPS_MAX];
};

/*
 * Parses `argv[1]`... into `settings`, whose defaults stand already. Returns where the operands
 * begin, which are moved to the end of `argv`; or -1 with the error set: an unknown option, a
 * missing or a bad argument.
 */
int options_parse(const struct command *command, int argc, char **argv, void *settings,
                  struct error *error);

/* Writes what --help prints. */
void options_help(const struct command *command, FILE *out);

#endif
