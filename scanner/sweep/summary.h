/*
 * The closing figures of a run: for a person on standard error, and as JSON for --summary.
 */
#ifndef SCANNER_SWEEP_SUMMARY_H
#define SCANNER_SWEEP_SUMMARY_H

#include <stdio.h>

#include <mxsweep/json.h>

#include "sweep/sweep.h"

void summary_print(const struct sweep_result *result, FILE *out);

/* The members of an object that is open: counts, questions, cache, memory. */
void summary_write(const struct sweep_result *result, struct mxs_json *json);

/* Writes the whole object to a file. */
bool summary_save(const struct sweep_result *result, const char *path, struct error *error);

/* True when in more than 2 % of some area's lines a question it needs ended temp or limit. */
bool summary_is_degraded(const struct line_counts *counts);

#endif
