#define _GNU_SOURCE /* recvmmsg, sendmmsg, struct in_pktinfo */
#include "udp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wheel.h"

enum {
    BATCH = 64,
    BATCHES_MAX = 16, /* then TCP gets its turn */
    REQUEST_MAX = 4096,
    BUFFER_SIZE = 8 * 1024 * 1024,
};

/* One packet: request, where it came from, and its answer. */
struct slot {
    uint8_t request[REQUEST_MAX];
    uint8_t response[UDP_RESPONSE_MAX];
    struct sockaddr_in peer;
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in_pktinfo))];
    struct iovec in, out;
};

struct udp {
    struct responder *responder;
    int descriptor;
    struct slot slots[BATCH];
    struct mmsghdr received[BATCH];
    struct mmsghdr sent[BATCH];
    struct wheel wheel;
};

static int open_socket(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1, size = BUFFER_SIZE;

    if (descriptor < 0)
        return -1;
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
        (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
        (void)setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    if (setsockopt(descriptor, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) == 0 &&
        bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0)
        return descriptor;
    close(descriptor);
    return -1;
}

struct udp *udp_new(struct responder *responder, uint16_t port)
{
    struct udp *udp = calloc(1, sizeof *udp);

    if (udp == NULL)
        return NULL;
    udp->responder = responder;
    udp->descriptor = open_socket(port);
    if (udp->descriptor < 0) {
        free(udp);
        return NULL;
    }
    for (size_t i = 0; i < BATCH; i++) {
        struct slot *slot = &udp->slots[i];
        slot->in = (struct iovec){slot->request, sizeof slot->request};
    }
    return udp;
}

void udp_free(struct udp *udp)
{
    if (udp == NULL)
        return;
    wheel_clear(&udp->wheel);
    close(udp->descriptor);
    free(udp);
}

/* Packets that did not fit into the receive buffer: they were lost on our side. */
uint64_t udp_drops(const struct udp *udp)
{
    uint32_t figures[SK_MEMINFO_VARS] = {0};
    socklen_t size = sizeof figures;

    if (getsockopt(udp->descriptor, SOL_SOCKET, SO_MEMINFO, figures, &size) != 0)
        return 0;
    return figures[SK_MEMINFO_DROPS];
}

int udp_descriptor(const struct udp *udp)
{
    return udp->descriptor;
}

static int receive(struct udp *udp)
{
    for (size_t i = 0; i < BATCH; i++) {
        struct slot *slot = &udp->slots[i];
        udp->received[i].msg_hdr = (struct msghdr){.msg_name = &slot->peer,
                                                   .msg_namelen = sizeof slot->peer,
                                                   .msg_iov = &slot->in,
                                                   .msg_iovlen = 1,
                                                   .msg_control = slot->control,
                                                   .msg_controllen = sizeof slot->control};
    }
    return recvmmsg(udp->descriptor, udp->received, BATCH, 0, NULL);
}

/* The packet's IP_PKTINFO, which a later send reuses to answer from the same address. */
static struct in_pktinfo *packet_info(struct msghdr *message)
{
    struct cmsghdr *header = CMSG_FIRSTHDR(message);

    if (header == NULL || header->cmsg_level != IPPROTO_IP || header->cmsg_type != IP_PKTINFO)
        return NULL;
    return (struct in_pktinfo *)(void *)CMSG_DATA(header);
}

/* Puts an answer among those under way; without memory it is lost, as a network would. */
static void delay(struct udp *udp, const struct slot *slot, const struct answer *answer,
                  struct in_addr source)
{
    struct packet *packet = malloc(sizeof *packet + answer->len);

    if (packet == NULL) {
        udp->responder->counts.unsent++;
        return;
    }
    packet->peer = slot->peer;
    packet->source = source;
    packet->len = answer->len;
    memcpy(packet->bytes, answer->bytes, answer->len);
    wheel_add(&udp->wheel, packet, udp->responder->referee.now_ms + answer->delay_ms);
}

/* Answers one packet and adds it to those to be sent. */
static bool answer(struct udp *udp, size_t index, struct mmsghdr *out)
{
    struct slot *slot = &udp->slots[index];
    struct msghdr *message = &udp->received[index].msg_hdr;
    struct in_pktinfo *info = packet_info(message);
    struct request request = {.transport = TRANSPORT_UDP,
                              .bytes = {slot->request, udp->received[index].msg_len}};
    struct answer answer = {.bytes = slot->response, .capacity = sizeof slot->response};

    if (info == NULL || (message->msg_flags & MSG_TRUNC) != 0 ||
        message->msg_namelen != sizeof slot->peer || slot->peer.sin_port == 0)
        return false;
    request.address = ntohl(info->ipi_addr.s_addr);
    responder_answer(udp->responder, &request, &answer);
    if (answer.len == 0)
        return false;
    if (answer.delay_ms > 0) {
        delay(udp, slot, &answer, info->ipi_addr);
        return false;
    }
    info->ipi_spec_dst = info->ipi_addr;
    info->ipi_ifindex = 0;
    slot->out = (struct iovec){slot->response, answer.len};
    out->msg_hdr = *message;
    out->msg_hdr.msg_iov = &slot->out;
    out->msg_hdr.msg_flags = 0;
    return true;
}

/* Sends all; a packet the kernel refuses is dropped, as a network would. */
static void send_all(struct udp *udp, unsigned count)
{
    for (unsigned done = 0; done < count;) {
        int sent = sendmmsg(udp->descriptor, udp->sent + done, count - done, 0);
        if (sent > 0) {
            done += (unsigned)sent;
        } else if (sent == 0 || errno != EINTR) {
            udp->responder->counts.unsent++;
            done++;
        }
    }
}

void udp_serve(struct udp *udp)
{
    for (unsigned batch = 0; batch < BATCHES_MAX; batch++) {
        int received = receive(udp);
        unsigned count = 0;
        for (int i = 0; i < received; i++)
            if (answer(udp, (size_t)i, &udp->sent[count]))
                count++;
        send_all(udp, count);
        if (received < BATCH)
            return;
    }
}

bool udp_has_pending(const struct udp *udp)
{
    return udp->wheel.count > 0;
}

/* Makes a message of a packet that was under way, in slot `index`. */
static void unpack(struct udp *udp, unsigned index, const struct packet *packet)
{
    struct slot *slot = &udp->slots[index];
    struct msghdr *message = &udp->sent[index].msg_hdr;
    struct cmsghdr *header;
    struct in_pktinfo info = {.ipi_spec_dst = packet->source};

    memcpy(slot->response, packet->bytes, packet->len);
    slot->peer = packet->peer;
    slot->out = (struct iovec){slot->response, packet->len};
    memset(slot->control, 0, sizeof slot->control);
    *message = (struct msghdr){.msg_name = &slot->peer,
                               .msg_namelen = sizeof slot->peer,
                               .msg_iov = &slot->out,
                               .msg_iovlen = 1,
                               .msg_control = slot->control,
                               .msg_controllen = sizeof slot->control};
    header = CMSG_FIRSTHDR(message);
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(header), &info, sizeof info);
}

void udp_release(struct udp *udp)
{
    uint64_t now_ms = udp->responder->referee.now_ms;
    struct packet *packet = wheel_take(&udp->wheel, now_ms);

    while (packet != NULL) {
        unsigned count = 0;
        for (; packet != NULL && count < BATCH; packet = wheel_take(&udp->wheel, now_ms)) {
            unpack(udp, count++, packet);
            free(packet);
        }
        send_all(udp, count);
    }
}
