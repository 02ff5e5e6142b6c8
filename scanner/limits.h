/*
 * What the machine gives a worker: descriptors and ports, settled before the first packet.
 */
#ifndef SCANNER_LIMITS_H
#define SCANNER_LIMITS_H

#include "resolve/context.h"

enum {
    WORKERS_MAX = 64,
    PORTS_LEAST = 16,       /* fewer lose datagrams in the socket buffers */
    DESCRIPTORS_SPARE = 24, /* the channel, epoll, stderr, what libraries hold */
};

/*
 * Raises the limit on open files and fits the port pool of each of `workers` workers into it and
 * into the ports there are. False, with the error set, when that leaves too few: a refusal at
 * start, not a storm of failures. On success `resolve->ports` may be smaller than asked for, and
 * `first_port` is where the first worker's slice begins.
 */
bool limits_fit(struct resolve_options *resolve, unsigned workers, struct error *error);

#endif
