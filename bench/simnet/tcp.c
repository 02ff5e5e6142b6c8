#define _GNU_SOURCE /* accept4 */
#include "tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 1024,
    REQUEST_MAX = 4096,
    LENGTH_SIZE = 2, /* before each message: RFC 1035 section 4.2.2 */
    BACKLOG = 1024,
};

struct connection {
    int descriptor; /* -1: a free place */
    uint32_t address;
    uint64_t last_used; /* the turn of the server, not a time */
    bool waits_to_write;
    size_t in_len, out_len, out_done;
    uint8_t in[LENGTH_SIZE + REQUEST_MAX];
    uint8_t out[LENGTH_SIZE + RESPONSE_MAX];
};

struct tcp {
    struct responder *responder;
    int descriptor, epoll;
    uint64_t turn;
    struct connection connections[CONNECTIONS_MAX];
};

static int open_listener(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

    if (descriptor < 0)
        return -1;
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0 &&
        listen(descriptor, BACKLOG) == 0)
        return descriptor;
    close(descriptor);
    return -1;
}

static bool watch(const struct tcp *tcp, int descriptor, int operation, uint32_t events, void *tag)
{
    struct epoll_event event = {.events = events, .data.ptr = tag};

    return epoll_ctl(tcp->epoll, operation, descriptor, &event) == 0;
}

struct tcp *tcp_new(struct responder *responder, int epoll, uint16_t port)
{
    struct tcp *tcp = calloc(1, sizeof *tcp); /* pages are touched when a place is first used */

    if (tcp == NULL)
        return NULL;
    tcp->responder = responder;
    tcp->epoll = epoll;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        tcp->connections[i].descriptor = -1;
    tcp->descriptor = open_listener(port);
    if (tcp->descriptor >= 0 &&
        watch(tcp, tcp->descriptor, EPOLL_CTL_ADD, EPOLLIN, tcp_listener_tag(tcp)))
        return tcp;
    if (tcp->descriptor >= 0)
        close(tcp->descriptor);
    free(tcp);
    return NULL;
}

static void close_connection(struct connection *connection)
{
    close(connection->descriptor); /* takes it out of the epoll instance */
    connection->descriptor = -1;
}

void tcp_free(struct tcp *tcp)
{
    if (tcp == NULL)
        return;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        if (tcp->connections[i].descriptor >= 0)
            close_connection(&tcp->connections[i]);
    close(tcp->descriptor);
    free(tcp);
}

void *tcp_listener_tag(struct tcp *tcp)
{
    return tcp;
}

/* A free place, or that of the connection unused for longest. */
static struct connection *find_place(struct tcp *tcp)
{
    struct connection *oldest = &tcp->connections[0];

    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *connection = &tcp->connections[i];
        if (connection->descriptor < 0)
            return connection;
        if (connection->last_used < oldest->last_used)
            oldest = connection;
    }
    close_connection(oldest);
    return oldest;
}

void tcp_accept(struct tcp *tcp)
{
    for (;;) {
        int descriptor = accept4(tcp->descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), on = 1;
        struct sockaddr_in address = {0};
        socklen_t size = sizeof address;
        struct connection *connection;
        if (descriptor < 0)
            return;
        if (getsockname(descriptor, (struct sockaddr *)&address, &size) != 0) {
            close(descriptor);
            continue;
        }
        (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connection = find_place(tcp);
        connection->descriptor = descriptor;
        connection->address = ntohl(address.sin_addr.s_addr);
        connection->last_used = ++tcp->turn;
        connection->waits_to_write = false;
        connection->in_len = connection->out_len = connection->out_done = 0;
        tcp->responder->counts.connections++;
        if (!watch(tcp, descriptor, EPOLL_CTL_ADD, EPOLLIN, connection))
            close_connection(connection);
    }
}

enum step { STEP_DONE, STEP_WAIT, STEP_CLOSE };

/* Sends what is left of the current answer. */
static enum step flush(struct connection *connection)
{
    while (connection->out_done < connection->out_len) {
        ssize_t sent = send(connection->descriptor, connection->out + connection->out_done,
                            connection->out_len - connection->out_done, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK ? STEP_WAIT : STEP_CLOSE;
        connection->out_done += (size_t)sent;
    }
    connection->out_len = connection->out_done = 0;
    return STEP_DONE;
}

/* Answers the first query in the buffer. STEP_WAIT: it is not whole yet. */
static enum step answer(struct tcp *tcp, struct connection *connection)
{
    struct request request = {.transport = TRANSPORT_TCP, .address = connection->address};
    struct answer out = {.bytes = connection->out + LENGTH_SIZE, .capacity = RESPONSE_MAX};
    size_t len, used;

    if (connection->in_len < LENGTH_SIZE)
        return STEP_WAIT;
    len = (size_t)connection->in[0] << 8 | connection->in[1];
    if (len > REQUEST_MAX)
        return STEP_CLOSE;
    used = LENGTH_SIZE + len;
    if (connection->in_len < used)
        return STEP_WAIT;
    request.bytes = (struct span){connection->in + LENGTH_SIZE, len};
    responder_answer(tcp->responder, &request, &out);
    len = out.len;
    connection->in_len -= used;
    memmove(connection->in, connection->in + used, connection->in_len);
    if (len == 0)
        return STEP_CLOSE;
    connection->out[0] = (uint8_t)(len >> 8);
    connection->out[1] = (uint8_t)len;
    connection->out_len = LENGTH_SIZE + len;
    return STEP_DONE;
}

/* Reads once. STEP_DONE: there is more to look at. */
static enum step fill(struct connection *connection)
{
    ssize_t got = recv(connection->descriptor, connection->in + connection->in_len,
                       sizeof connection->in - connection->in_len, 0);

    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return STEP_WAIT;
    if (got <= 0)
        return STEP_CLOSE;
    connection->in_len += (size_t)got;
    return STEP_DONE;
}

/* Goes on until the client must read or write: a client that does not read is not read from. */
static enum step advance(struct tcp *tcp, struct connection *connection)
{
    for (;;) {
        enum step step = flush(connection);
        if (step != STEP_DONE)
            return step;
        step = answer(tcp, connection);
        if (step == STEP_WAIT)
            step = fill(connection);
        if (step != STEP_DONE)
            return step;
    }
}

void tcp_serve(struct tcp *tcp, void *tag)
{
    struct connection *connection = tag;
    bool waits_to_write;

    if (connection->descriptor < 0)
        return; /* closed earlier in this turn, to make room */
    connection->last_used = ++tcp->turn;
    if (advance(tcp, connection) == STEP_CLOSE) {
        close_connection(connection);
        return;
    }
    waits_to_write = connection->out_len > 0;
    if (waits_to_write == connection->waits_to_write)
        return;
    connection->waits_to_write = waits_to_write;
    if (!watch(tcp, connection->descriptor, EPOLL_CTL_MOD, waits_to_write ? EPOLLOUT : EPOLLIN,
               connection))
        close_connection(connection);
}
