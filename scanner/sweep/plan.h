/*
 * A dry run: what a sweep of this list would ask, and how long it would take at this pace.
 */
#ifndef SCANNER_SWEEP_PLAN_H
#define SCANNER_SWEEP_PLAN_H

#include <stdio.h>

#include "sweep/list.h"

struct plan_options {
    double rate, tld_rate; /* 0: no limit */
};

/* Reads the whole list, asks nothing, prints. False with the error set when it cannot be read. */
bool plan_print(struct list *list, const struct plan_options *options, FILE *out,
                struct error *error);

#endif
