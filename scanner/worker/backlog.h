/*
 * Names that were dealt to the worker and not begun yet.
 */
#ifndef SCANNER_WORKER_BACKLOG_H
#define SCANNER_WORKER_BACKLOG_H

#include "worker/protocol.h"

struct backlog {
    struct mxs_buffer bytes;
    size_t at;      /* where the next name begins */
    uint64_t count; /* of names left */
};

/* Adds the body of a MESSAGE_NAMES; returns how many names it held. */
uint64_t backlog_add(struct backlog *backlog, mxs_slice body);
/* Takes the next name. `*bytes` (its text, then its meta) lives until the next backlog_add. */
void backlog_take(struct backlog *backlog, struct dealt_name *name, const char **bytes);
/* Forgets all. */
void backlog_clear(struct backlog *backlog);

#endif
