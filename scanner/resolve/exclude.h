/*
 * Names and addresses that must not be asked: the wishes of those who do not want to be scanned.
 *
 * A file of lines: a name or `.suffix` (either means itself and all below), or an address block of
 * name servers; `#` comments.
 */
#ifndef SCANNER_RESOLVE_EXCLUDE_H
#define SCANNER_RESOLVE_EXCLUDE_H

#include <mxsweep/name.h>

#include "error.h"

struct exclude;

/* NULL with the error set: the file cannot be read, or a line is none of the three. */
struct exclude *exclude_load(const char *path, struct error *error);
void exclude_free(struct exclude *exclude);

/* True when `name` is, or lies below, a listed name. `exclude` may be NULL. */
bool exclude_covers(const struct exclude *exclude, struct mxs_name name);

/* The listed names one after another, in no order: `*at` begins with 0. False past the last. */
bool exclude_next_name(const struct exclude *exclude, size_t *at, struct mxs_name *name);

/* Block number `index` of servers not to be asked, as written; NULL past the last. */
const char *exclude_block(const struct exclude *exclude, size_t index);

#endif
