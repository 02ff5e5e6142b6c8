/**
 * What the look-up of a name leans on: the zones on the way, their servers' names and zones, and
 * where aliases lead. Told by the model without packets.
 */
#ifndef SIMNET_NEEDS_H
#define SIMNET_NEEDS_H

#include <stdio.h>

#include "delegation.h"

enum { NEEDS_MAX = 64 };

/** A name and the zone it is in; for a zone itself the name is the apex. */
struct need {
    struct name name;
    struct zone zone;
};

struct needs {
    size_t count; /**< What exceeds NEEDS_MAX is left out. */
    struct need items[NEEDS_MAX];
};

/** Adds `name`, its zone below the TLD, the names of that zone's servers and their zones. */
void needs_add(const struct world *world, const struct name *name, struct needs *needs);

/** Writes `,"needs":[names],"servers":[addresses],"faults":[{"zone":...,"fault":...}]` and
 * `,"unknown_allowed":BOOL`. */
void needs_write(const struct world *world, const struct needs *needs, FILE *file);

#endif
