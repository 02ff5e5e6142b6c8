#include "sweep/outage.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { QUESTIONS_LEAST = 100 /* fewer say nothing */ };
static const double patience_s = 2.0; /* for an answer of the root */
static const double probe_interval_s = 5.0;

/* `. NS IN`, no recursion desired: RFC 1035 section 4.1. */
static const unsigned char question[] = {0x6D, 0x78, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};

static void on_reply(struct ev_loop *loop, ev_io *watcher, int revents);
static void on_patience(struct ev_loop *loop, ev_timer *timer, int revents);

void outage_init(struct outage *outage, struct ev_loop *loop)
{
    outage->loop = loop;
    for (unsigned i = 0; i < 2; i++) {
        outage->fds[i] = -1;
        ev_init(&outage->replies[i], on_reply);
        outage->replies[i].data = outage;
    }
    ev_init(&outage->patience, on_patience);
    outage->patience.data = outage;
}

static void close_sockets(struct outage *outage)
{
    for (unsigned i = 0; i < 2; i++) {
        ev_io_stop(outage->loop, &outage->replies[i]);
        if (outage->fds[i] >= 0)
            (void)close(outage->fds[i]);
        outage->fds[i] = -1;
    }
}

void outage_clear(struct outage *outage)
{
    close_sockets(outage);
    ev_timer_stop(outage->loop, &outage->patience);
}

/* New sockets for each try: a late answer to an old one must not count. */
static void open_sockets(struct outage *outage)
{
    static const int families[2] = {AF_INET, AF_INET6};

    close_sockets(outage);
    for (unsigned i = 0; i < 2; i++) {
        outage->fds[i] = socket(families[i], SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (outage->fds[i] < 0)
            continue;
        ev_io_set(&outage->replies[i], outage->fds[i], EV_READ);
        ev_io_start(outage->loop, &outage->replies[i]);
    }
}

static void send_question(const struct outage *outage, const struct server *server)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server->port)};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6,
                                .sin6_port = htons((uint16_t)server->port)};
    bool is_ipv4 = server->address.len == 4;
    const struct sockaddr *to =
        is_ipv4 ? (const struct sockaddr *)&ipv4 : (const struct sockaddr *)&ipv6;

    memcpy(&ipv4.sin_addr, server->address.octets, sizeof ipv4.sin_addr);
    memcpy(&ipv6.sin6_addr, server->address.octets, sizeof ipv6.sin6_addr);
    if (outage->fds[is_ipv4 ? 0 : 1] >= 0)
        (void)sendto(outage->fds[is_ipv4 ? 0 : 1], question, sizeof question, 0, to,
                     is_ipv4 ? sizeof ipv4 : sizeof ipv6);
}

static void set_patience(struct outage *outage, double seconds)
{
    ev_timer_stop(outage->loop, &outage->patience);
    ev_timer_set(&outage->patience, seconds, 0.);
    ev_timer_start(outage->loop, &outage->patience);
}

static void ask_root(struct outage *outage)
{
    open_sockets(outage);
    for (size_t i = 0; i < outage->roots.count; i++)
        send_question(outage, &outage->roots.servers[i]);
    set_patience(outage, outage->down ? probe_interval_s : patience_s);
}

static void forget_reports(struct outage *outage)
{
    memset(outage->reports, 0, sizeof outage->reports);
}

static void on_reply(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct outage *outage = watcher->data;
    char packet[512];
    bool was_down = outage->down;

    (void)loop;
    (void)revents;
    /* an ICMP error reads as an error: that is no answer */
    if (recv(watcher->fd, packet, sizeof packet, 0) < (ssize_t)sizeof question)
        return;
    close_sockets(outage);
    ev_timer_stop(outage->loop, &outage->patience);
    outage->suspected = false;
    outage->down = false;
    forget_reports(outage);
    if (was_down)
        outage->on_up(outage->owner);
}

static void on_patience(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct outage *outage = timer->data;

    (void)revents;
    if (!outage->down) {
        outage->down = true;
        outage->since = ev_now(loop);
        outage->on_down(outage->owner);
    }
    ask_root(outage);
}

/* The newest reports that together hold the last questions. */
static struct outage_report sum_reports(const struct outage *outage)
{
    struct outage_report sum = {0};

    for (unsigned i = 0; i < OUTAGE_REPORTS && sum.settled < OUTAGE_QUESTIONS; i++) {
        const struct outage_report *report =
            &outage->reports[(outage->newest + OUTAGE_REPORTS - i) % OUTAGE_REPORTS];
        sum.settled += report->settled;
        sum.failed += report->failed;
    }
    return sum;
}

double outage_failing(const struct outage *outage)
{
    struct outage_report sum = sum_reports(outage);

    return sum.settled < QUESTIONS_LEAST ? 0 : (double)sum.failed / (double)sum.settled;
}

void outage_note(struct outage *outage, uint64_t settled, uint64_t failed)
{
    if (settled == 0)
        return;
    outage->newest = (outage->newest + 1) % OUTAGE_REPORTS;
    outage->reports[outage->newest] = (struct outage_report){settled, failed};
    if (outage->suspected || outage->down || outage_failing(outage) <= 0.5)
        return;
    outage->suspected = true;
    ask_root(outage);
}
