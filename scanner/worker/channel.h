/*
 * Messages between supervisor and worker over one stream socket: 8 bytes of header, then the body.
 *
 * Both sides use the same code. Writing never blocks: what the socket does not take is kept, and
 * its size is the sender's business (channel_backlog). The socket belongs to the channel.
 */
#ifndef SCANNER_WORKER_CHANNEL_H
#define SCANNER_WORKER_CHANNEL_H

#include <mxsweep/buffer.h>

#include <ev.h>

enum { CHANNEL_BODY_MAX = 64 << 20 /* a longer one is a broken peer */ };

/* A piece of a message's body. */
struct channel_part {
    const void *ptr;
    size_t len;
};

struct channel {
    struct ev_loop *loop;
    int fd;
    ev_io readable, writable;
    struct mxs_buffer in, out;
    size_t in_used, out_sent;
    void *owner;
    /* One whole message; the body lives until the return. */
    void (*on_message)(void *owner, uint32_t kind, mxs_slice body);
    /* The peer is gone, or sent nonsense. Called at most once; the channel is closed already. */
    void (*on_closed)(void *owner);
};

/* Takes `fd`, which is made non-blocking, and begins to read. Set owner and callbacks before. */
void channel_open(struct channel *channel, struct ev_loop *loop, int fd);
/* Stops, closes the socket and frees the buffers. Fine for one that is closed. */
void channel_close(struct channel *channel);
bool channel_is_open(const struct channel *channel);

/* Sends one message made of `count` parts. False when memory is out: nothing of it was sent. */
bool channel_send(struct channel *channel, uint32_t kind, const struct channel_part *parts,
                  size_t count);

/* Bytes that wait for the socket. */
size_t channel_backlog(const struct channel *channel);

/* Blocks until everything is written or the peer is gone: for a worker's last words. */
void channel_flush(struct channel *channel);

#endif
