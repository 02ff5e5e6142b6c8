/*
 * A worker started as root becomes `nobody`, for good.
 */
#ifndef SCANNER_WORKER_PRIVILEGES_H
#define SCANNER_WORKER_PRIVILEGES_H

#include "error.h"

enum { PRIVILEGES_NOBODY = 65534 /* user nobody, group nogroup */ };

/*
 * Root's worker gets uid and gid PRIVILEGES_NOBODY and no further group. Every worker, whoever
 * started it, loses all its capabilities. The signal at the parent's death stays set.
 *
 * Where root may not change its uid (a user namespace that maps uid 0 alone, a container without
 * CAP_SETUID) it keeps it, without capabilities. False with the error set when what was dropped
 * could be taken back, or the parent is gone.
 */
bool privileges_drop(struct error *error);

#endif
