/**
 * The command line.
 */
#ifndef SIMNET_OPTIONS_H
#define SIMNET_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
    uint64_t seed;
    uint16_t port;
    int ready_fd;          /**< Where "ready" is written; 1 unless told. */
    const char *hints;     /**< File for the root hints, or NULL. */
    const char *log;       /**< File for the questions, or NULL. */
    const char *truth;     /**< A name to tell the truth about instead of serving, or NULL. */
    const char *counts;    /**< File for the counts, or NULL. */
    bool raise_loopback;   /**< Set the interface lo up first. */
    bool stop_with_parent; /**< Stop when the process that started us ends. */
    bool help;             /**< Help was asked for and printed. */
};

/** Reads the arguments. False, with a line on stderr, when they are wrong. */
bool options_parse(int argc, char **argv, struct options *options);

#endif
