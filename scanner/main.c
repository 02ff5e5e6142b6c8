#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "version.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"scan", scan_main, "sweep a list of domains into a dataset"},
    {"check", check_main, "look at a few domains and say what was found"},
    {"lint", lint_main, "judge the texts of records without the DNS"},
};

static void print_usage(FILE *out)
{
    (void)fputs("Usage: mxsweep COMMAND [OPTIONS] ...\n\n", out);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        (void)fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
    (void)fputs("\n'mxsweep COMMAND --help' lists the options of a command.\n", out);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        version_print();
        return 0;
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    (void)fprintf(stderr, "mxsweep: unknown command '%s' (see mxsweep --help)\n", argv[1]);
    return 2;
}
