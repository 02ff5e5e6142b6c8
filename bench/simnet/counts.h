/**
 * What was asked: the referee's figures.
 */
#ifndef SIMNET_COUNTS_H
#define SIMNET_COUNTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "referee.h"

enum { COUNTS_TYPES = 258 }; /**< Types up to CAA (257); the rest is counted as other. */

struct counts {
    uint64_t udp, tcp;    /**< Queries answered. */
    uint64_t ignored;     /**< Packets that were no query. */
    uint64_t truncated;   /**< Answers with TC. */
    uint64_t unanswered;  /**< Queries swallowed by a fault. */
    uint64_t unsent;      /**< UDP answers the kernel did not take. */
    uint64_t dropped;     /**< UDP queries lost because we were too slow; set at the end. */
    uint64_t connections; /**< TCP connections accepted. */
    uint64_t rcodes[16];
    uint64_t by_type[COUNTS_TYPES];
    uint64_t other_types;
    uint64_t by_server[ZONE_KIND_COUNT + 1];
};

void counts_note(struct counts *counts, unsigned type, enum zone_kind server, bool tcp);

/** Writes one JSON object, with the referee's sums and the CPU seconds this process used. False
 * when writing failed. */
bool counts_write(const struct counts *counts, const struct referee *referee, FILE *file);

#endif
