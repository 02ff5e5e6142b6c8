/**
 * The UDP side: batches in, batches out, each answer from the address that was asked.
 */
#ifndef SIMNET_UDP_H
#define SIMNET_UDP_H

#include "responder.h"

struct udp;

/** Opens a socket on 0.0.0.0:`port`; NULL with errno set. */
struct udp *udp_new(struct responder *responder, uint16_t port);
void udp_free(struct udp *udp);
int udp_descriptor(const struct udp *udp);

/** How many packets the kernel dropped because we were too slow. */
uint64_t udp_drops(const struct udp *udp);

/** Answers what has arrived, a bounded number of batches. */
void udp_serve(struct udp *udp);

/** Sends the answers whose time has come (`now_ms` of the referee). */
void udp_release(struct udp *udp);

/** Whether answers are under way. */
bool udp_has_pending(const struct udp *udp);

#endif
