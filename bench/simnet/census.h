/**
 * Questions per zone: how many, and how many in the busiest second.
 */
#ifndef SIMNET_CENSUS_H
#define SIMNET_CENSUS_H

#include <stdio.h>

#include "name.h"

struct zone_count {
    uint64_t key;
    size_t name_at; /**< Where the apex begins in `names`. */
    uint32_t count; /**< 0: a free place. */
    uint32_t second, in_second, peak;
};

/** Zeroed, it is empty. Costs 40 octets and the name for each zone that is asked. */
struct census {
    bool failed; /**< There was no memory for a zone. */
    size_t used, capacity;
    struct zone_count *zones;
    size_t names_len, names_capacity;
    uint8_t *names;
};

void census_clear(struct census *census);

/** Counts a question in the zone `apex` (wire form). */
void census_count(struct census *census, struct span apex, uint64_t now_ms);

/** Writes one JSON line per zone: `zone`, `queries`, `peak_per_second`. False when writing failed,
 * or memory was short before. */
bool census_write(const struct census *census, FILE *file);

#endif
