#define _POSIX_C_SOURCE 200809L
#include "server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sys/epoll.h>
#include <unistd.h>

#include "tcp.h"
#include "udp.h"

enum { EVENTS_MAX = 64 };

struct server {
    struct responder *responder;
    int epoll;
    struct udp *udp;
    struct tcp *tcp;
};

static bool open_all(struct server *server, struct responder *responder, uint16_t port)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}; /* NULL: UDP */

    server->responder = responder;
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (server->epoll < 0)
        return false;
    server->udp = udp_new(responder, port);
    if (server->udp == NULL ||
        epoll_ctl(server->epoll, EPOLL_CTL_ADD, udp_descriptor(server->udp), &event) != 0)
        return false;
    server->tcp = tcp_new(responder, server->epoll, port);
    return server->tcp != NULL;
}

struct server *server_new(struct responder *responder, uint16_t port)
{
    struct server *server = calloc(1, sizeof *server);

    if (server != NULL && open_all(server, responder, port))
        return server;
    fprintf(stderr, "simnet: cannot listen on port %u: %s\n", port, strerror(errno));
    server_free(server);
    return NULL;
}

void server_free(struct server *server)
{
    if (server == NULL)
        return;
    if (server->udp != NULL)
        server->responder->counts.dropped += udp_drops(server->udp);
    udp_free(server->udp);
    tcp_free(server->tcp);
    if (server->epoll >= 0)
        close(server->epoll);
    free(server);
}

/* Tells the referee what time it is, and sends what is due. */
static void tick(struct server *server)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    server->responder->referee.now_ms =
        (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    udp_release(server->udp);
}

bool server_run(struct server *server, const sigset_t *wait_mask, const volatile sig_atomic_t *stop)
{
    struct epoll_event events[EVENTS_MAX];

    while (*stop == 0) {
        int timeout_ms = udp_has_pending(server->udp) ? 1 : -1;
        int count = epoll_pwait(server->epoll, events, EVENTS_MAX, timeout_ms, wait_mask);
        if (count < 0 && errno != EINTR) {
            fprintf(stderr, "simnet: epoll: %s\n", strerror(errno));
            return false;
        }
        tick(server);
        for (int i = 0; i < count; i++) {
            void *tag = events[i].data.ptr;
            if (tag == NULL)
                udp_serve(server->udp);
            else if (tag == tcp_listener_tag(server->tcp))
                tcp_accept(server->tcp);
            else
                tcp_serve(server->tcp, tag);
        }
    }
    return true;
}
