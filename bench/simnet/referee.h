/**
 * The referee's memory: which questions met a fault, and how hard servers are asked.
 */
#ifndef SIMNET_REFEREE_H
#define SIMNET_REFEREE_H

#include <stdio.h>

#include "census.h"
#include "faults.h"

enum { REFEREE_SERVERS = 1 << 16 };

/** A question that met a fault: kept once, with how often. */
struct hit {
    uint64_t key;
    uint64_t count; /**< 0: a free place. */
    size_t name_at; /**< Where its name begins in `names`. */
    uint32_t server;
    uint16_t type;
    uint8_t fault;
    uint8_t zone_labels;
};

/** A server that left questions unanswered, and how many it was asked since the first of them. */
struct silence {
    uint32_t server; /**< 0: a free place. */
    uint32_t queries, unanswered;
};

/** Questions to a server in one second. */
struct load {
    uint32_t server;
    uint32_t second;
    uint32_t count;
};

struct peak {
    uint32_t server;
    uint32_t count;
};

struct referee {
    bool keeps_hits;  /**< Hits are remembered, not just counted. */
    bool keeps_zones; /**< So are zones: `census`. */
    bool failed;      /**< There was no memory for a hit. */
    struct census census;
    size_t used, capacity;
    struct hit *hits;
    size_t names_len, names_capacity;
    uint8_t *names;
    size_t silent_used, silent_capacity;
    struct silence *silent;
    uint64_t now_ms;
    uint64_t by_fault[FAULT_COUNT];
    struct peak peaks[ZONE_KIND_COUNT + 1]; /**< The busiest second of each kind of server. */
    struct load loads[REFEREE_SERVERS];
};

void referee_clear(struct referee *referee);

/** Counts a question to `server` in the second of `now_ms`; returns how many that makes. */
uint32_t referee_count(struct referee *referee, uint32_t server, enum zone_kind kind);

/** Notes that a question met a fault. */
void referee_hit(struct referee *referee, const struct hit *what, const struct name *name);

/** Notes that `server` left a question unanswered. */
void referee_silent(struct referee *referee, uint32_t server);

/** Writes one JSON line per hit, and one per server that left questions unanswered. False when
 * writing failed, or memory was short before. */
bool referee_write_hits(const struct referee *referee, FILE *file);

#endif
