/**
 * The server loop: one UDP socket and one TCP listener on 0.0.0.0:53, so on all of 127/8.
 */
#ifndef SIMNET_SERVER_H
#define SIMNET_SERVER_H

#include <signal.h>

#include "responder.h"

struct server;

/** Opens the sockets on `port`. NULL, with a line on stderr, when that fails. `responder` must
 * outlive the server. */
struct server *server_new(struct responder *responder, uint16_t port);
void server_free(struct server *server);

/**
 * Serves until a signal handler sets `*stop`.
 *
 * The handler's signals are blocked by the caller; `wait_mask`, the mask while the loop waits,
 * lets them in. False, with a line on stderr, when the loop cannot go on.
 */
bool server_run(struct server *server, const sigset_t *wait_mask,
                const volatile sig_atomic_t *stop);

#endif
