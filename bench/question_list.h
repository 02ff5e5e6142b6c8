/*
 * The questions of a log (scanner/worker/question_log.h), worker by worker, in the order of
 * sending, each linked with those that came after it.
 */
#ifndef BENCH_QUESTION_LIST_H
#define BENCH_QUESTION_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* One question; `name` has its final dot and lives as long as the lists. */
struct logged {
    uint64_t worker, number;
    uint64_t after; /* number of the question whose outcome led to this one; 0: none */
    int type;
    char *name;
    struct logged *first_after, *next_after; /* those that came after this one */
    struct logged *next_ready;               /* for whoever asks them */
};

struct question_list {
    struct logged *items;
    size_t count;
};

struct question_lists {
    struct question_list *items; /* one for each worker */
    size_t count;
    struct logged *questions; /* of all of them */
    char *text;               /* of the names */
};

/* False with the error set: no such file, a line that is none of a log, out of memory. */
bool question_lists_read(struct question_lists *lists, const char *path, struct error *error);
void question_lists_clear(struct question_lists *lists);

#endif
