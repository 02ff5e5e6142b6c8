/*
 * Names on their way: each entry of the list is kept from the moment it is read until its line is
 * in the dataset, so that no worker's death loses one.
 */
#ifndef SCANNER_SWEEP_NAMES_H
#define SCANNER_SWEEP_NAMES_H

#include "sweep/list.h"
#include "worker/protocol.h"

/* How much company a name has among the names of its worker, by what it has been through. */
enum company {
    COMPANY_MANY,
    COMPANY_FEW,   /* its worker died: at most COMPANY_FEW_MAX at a time */
    COMPANY_NONE,  /* and again: alone */
    COMPANY_POISON /* and alone: its line says so, and no question is asked */
};
enum { COMPANY_FEW_MAX = 16 };

struct name {
    struct name *next; /* in a list, or in the table of dealt names */
    uint64_t index, rank;
    uint32_t text_len, meta_len;
    unsigned round; /* times it was given back */
    enum company company;
    bool outage;                /* it was given back for an outage once */
    unsigned slot;              /* whose it is, while dealt */
    double dealt_at;            /* the last time */
    double due_at;              /* when it may be tried again */
    struct line_counts *counts; /* with `line`: what it would count for, if it were written now */
    char *line;
    size_t line_len;
    char bytes[]; /* text, then meta */
};

/* A copy of the entry; NULL when memory is out. */
struct name *name_new(const struct list_entry *entry);
void name_free(struct name *name);
/* Keeps the line that may be its last word. False when memory is out. */
bool name_keep_line(struct name *name, const struct line_counts *counts, mxs_slice line);
/* What it takes in memory. */
size_t name_bytes(const struct name *name);
/* Appends the name as a worker reads it. */
void name_write(const struct name *name, unsigned flags, struct mxs_buffer *out);

/* First in, first out. */
struct name_list {
    struct name *first, *last;
    uint64_t count;
    size_t bytes;
};
void name_list_append(struct name_list *list, struct name *name);
struct name *name_list_take(struct name_list *list);
void name_list_clear(struct name_list *list);

/* The names that workers have, by index. */
struct dealt {
    struct name *buckets[1 << 14];
    uint64_t count;
};
void dealt_add(struct dealt *dealt, struct name *name);
/* Takes the name out of the table; NULL when this slot has no name of that index. */
struct name *dealt_take(struct dealt *dealt, uint64_t index, unsigned slot);
/* Moves all names of a slot to a list; returns how many. */
uint64_t dealt_take_all(struct dealt *dealt, unsigned slot, struct name_list *list);
void dealt_clear(struct dealt *dealt);

#endif
