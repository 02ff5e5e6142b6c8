/*
 * The door: what a worker shuts behind itself before the first packet comes in.
 *
 * Inside, the process can talk over its socket to the supervisor and over UDP and TCP sockets that
 * it opens, print to standard error, and compute. It opens no file, starts no process, signals
 * nobody and listens to nobody (trust.md sections 6 and 8). There is no way back.
 *
 * What must be open was opened before: the resolver is warm (resolver_warm), the libraries are
 * (door_warm_libraries), the public suffix list is loaded. The process has one thread.
 *
 * Built with MXSWEEP_SANDBOX 0, door_close() does nothing: sanitizers, gcov and valgrind cannot
 * live inside. Nothing here keeps a hijacked worker from sending UDP anywhere: no filter of this
 * kind sees the address.
 */
#ifndef SCANNER_WORKER_DOOR_H
#define SCANNER_WORKER_DOOR_H

#include <stddef.h>
#include <stdint.h>

#include "resolve/context.h"

enum { DOOR_PORTS_MAX = 2 * TEXTS_MAX + 1 };

struct door_options {
    uint16_t tcp_ports[DOOR_PORTS_MAX]; /* which TCP may connect to */
    size_t tcp_port_count;
    bool debug; /* one line to standard error: what was shut */
};

/* Port 53, and those of the stubs and forwarders. */
void door_options_init(struct door_options *options, const struct resolve_options *resolve);

/*
 * Makes OpenSSL and the C library load now what they would load at first use; libidn2 and zstd load
 * nothing. From here on the process knows no time zone but UTC.
 */
void door_warm_libraries(void);

/*
 * Drops privileges (privileges.h), then shuts files (landlock.h) and system calls (syscalls.h).
 * False with the error set when a step that this kernel has went wrong; a step that it lacks is
 * left out, and only the debug line says so.
 */
bool door_close(const struct door_options *options, struct error *error);

#endif
