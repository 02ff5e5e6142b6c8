/**
 * The TCP side: connections are kept open and answered query by query (RFC 7766).
 */
#ifndef SIMNET_TCP_H
#define SIMNET_TCP_H

#include "responder.h"

struct tcp;

/** Listens on 0.0.0.0:`port`, registered with the epoll instance `epoll`; NULL with errno set. */
struct tcp *tcp_new(struct responder *responder, int epoll, uint16_t port);
void tcp_free(struct tcp *tcp);

/** The tag of the listener's events; those of connections are any other pointer into `tcp`. */
void *tcp_listener_tag(struct tcp *tcp);

/** Takes new connections. When all places are taken, the one idle for longest makes room. */
void tcp_accept(struct tcp *tcp);

/** Goes on with the connection of an event's tag. */
void tcp_serve(struct tcp *tcp, void *tag);

#endif
