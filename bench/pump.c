/*
 * pump: what a packet out and a packet in cost, with nothing done about either.
 *
 *     pump SERVER EXCHANGES
 *
 * Asks SERVER (an IPv4 address, port 53) for the MX of made-up names, 64 questions at a time from
 * one socket: first with sendmmsg() and recvmmsg(), then with a call for each packet, which is what
 * libunbound does. Prints microseconds of CPU per exchange as one JSON object.
 */
#define _GNU_SOURCE /* sendmmsg, recvmmsg */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    BATCH = 64,
    PACKET_MAX = 1232,
    QUERY_MAX = 64,
    PORT = 53,
    WAIT_S = 1, /* an answer that takes longer is lost */
};

static uint8_t queries[BATCH][QUERY_MAX], replies[BATCH][PACKET_MAX];
static struct iovec query_parts[BATCH], reply_parts[BATCH];
static struct mmsghdr query_messages[BATCH], reply_messages[BATCH];

/* `nameN.com MX IN`, ID = N; returns its length. */
static size_t write_query(uint8_t *query, unsigned number)
{
    static const uint8_t header[12] = {[5] = 1}; /* no flags; one question */
    static const uint8_t tail[] = {3, 'c', 'o', 'm', 0, 0, 15, 0, 1};
    char label[32];
    int len = snprintf(label, sizeof label, "name%u", number);

    memcpy(query, header, sizeof header);
    query[0] = (uint8_t)(number >> 8);
    query[1] = (uint8_t)number;
    query[sizeof header] = (uint8_t)len;
    memcpy(query + sizeof header + 1, label, (size_t)len);
    memcpy(query + sizeof header + 1 + len, tail, sizeof tail);
    return sizeof header + 1 + (size_t)len + sizeof tail;
}

static void prepare(void)
{
    for (unsigned i = 0; i < BATCH; i++) {
        query_parts[i] = (struct iovec){queries[i], write_query(queries[i], i)};
        reply_parts[i] = (struct iovec){replies[i], sizeof replies[i]};
        query_messages[i].msg_hdr = (struct msghdr){.msg_iov = &query_parts[i], .msg_iovlen = 1};
        reply_messages[i].msg_hdr = (struct msghdr){.msg_iov = &reply_parts[i], .msg_iovlen = 1};
    }
}

/* One round; returns how many answers came. */
static unsigned exchange_batch(int fd)
{
    unsigned got = 0;

    if (sendmmsg(fd, query_messages, BATCH, 0) != BATCH)
        return 0;
    while (got < BATCH) {
        int more = recvmmsg(fd, reply_messages, BATCH - got, MSG_WAITFORONE, NULL);
        if (more <= 0)
            break;
        got += (unsigned)more;
    }
    return got;
}

static unsigned exchange_singly(int fd)
{
    unsigned got = 0;

    for (unsigned i = 0; i < BATCH; i++)
        if (send(fd, queries[i], query_parts[i].iov_len, 0) < 0)
            return 0;
    while (got < BATCH && recv(fd, replies[0], sizeof replies[0], 0) > 0)
        got++;
    return got;
}

static double cpu_us(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* Microseconds of CPU per exchange; a negative number when answers were lost. */
static double measure(int fd, unsigned exchanges, unsigned (*exchange)(int))
{
    double begin = cpu_us();
    unsigned done = 0;

    while (done < exchanges) {
        if (exchange(fd) < BATCH)
            return -1;
        done += BATCH;
    }
    return (cpu_us() - begin) / done;
}

static int open_socket(const char *server)
{
    const struct timeval wait = {.tv_sec = WAIT_S};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && inet_pton(AF_INET, server, &address.sin_addr) == 1 &&
        connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0)
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

int main(int argc, char **argv)
{
    unsigned exchanges = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    int fd = exchanges > 0 ? open_socket(argv[1]) : -1;
    double batch, singly;

    if (fd < 0) {
        (void)fprintf(stderr, "usage: pump SERVER EXCHANGES (an address that can be reached)\n");
        return 2;
    }
    prepare();
    batch = measure(fd, exchanges, exchange_batch);
    singly = measure(fd, exchanges, exchange_singly);
    (void)close(fd);
    if (batch < 0 || singly < 0) {
        (void)fprintf(stderr, "pump: answers were lost\n");
        return 1;
    }
    (void)printf("{\"exchanges\":%u,\"batch_us\":%.3f,\"single_us\":%.3f}\n", exchanges, batch,
                 singly);
    return 0;
}
