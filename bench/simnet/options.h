/**
 * The command line.
 */
#ifndef SIMNET_OPTIONS_H
#define SIMNET_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "faults.h"

struct options {
    uint64_t seed;
    uint16_t port;
    int ready_fd;       /**< Where "ready" is written; 1 unless told. */
    const char *hints;  /**< File for the root hints, or NULL. */
    const char *log;    /**< File for the questions, or NULL. */
    const char *truth;  /**< A name to tell the truth about instead of serving, or NULL. */
    const char *counts; /**< File for the counts, or NULL. */
    const char *hits;   /**< File for the questions that met a fault, or NULL. */
    const char *zones;  /**< File for the questions per zone, or NULL. */
    const char *anchor; /**< File for the root's trust anchor, or NULL. */
    struct faults faults;
    bool sign;             /**< The root, the TLDs and a share of the domains are signed. */
    bool raise_loopback;   /**< Set the interface lo up first. */
    bool stop_with_parent; /**< Stop when the process that started us ends. */
    bool help;             /**< Help was asked for and printed. */
};

/** Reads the arguments. False, with a line on stderr, when they are wrong. */
bool options_parse(int argc, char **argv, struct options *options);

#endif
