#include "worker/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 64 << 10 };

struct header {
    uint32_t kind;
    uint32_t len;
};
_Static_assert(sizeof(struct header) == 8, "the header is 8 bytes");

static void on_writable(struct ev_loop *loop, ev_io *watcher, int revents);
static void on_readable(struct ev_loop *loop, ev_io *watcher, int revents);

void channel_open(struct channel *channel, struct ev_loop *loop, int fd)
{
    channel->loop = loop;
    channel->fd = fd;
    (void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    mxs_buffer_init(&channel->in);
    mxs_buffer_init(&channel->out);
    channel->in_used = 0;
    channel->out_sent = 0;
    ev_io_init(&channel->readable, on_readable, fd, EV_READ);
    ev_io_init(&channel->writable, on_writable, fd, EV_WRITE);
    channel->readable.data = channel;
    channel->writable.data = channel;
    ev_io_start(loop, &channel->readable);
}

bool channel_is_open(const struct channel *channel)
{
    return channel->fd >= 0 && channel->loop != NULL;
}

void channel_close(struct channel *channel)
{
    if (!channel_is_open(channel))
        return;
    ev_io_stop(channel->loop, &channel->readable);
    ev_io_stop(channel->loop, &channel->writable);
    (void)close(channel->fd);
    channel->fd = -1;
    mxs_buffer_clear(&channel->in);
    mxs_buffer_clear(&channel->out);
}

static void fail(struct channel *channel)
{
    channel_close(channel);
    channel->on_closed(channel->owner);
}

/* Writes what the socket takes. False when the peer is gone. */
static bool write_some(struct channel *channel)
{
    while (channel->out_sent < channel->out.len) {
        ssize_t sent = send(channel->fd, channel->out.ptr + channel->out_sent,
                            channel->out.len - channel->out_sent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK;
        channel->out_sent += (size_t)sent;
    }
    mxs_buffer_reset(&channel->out);
    channel->out_sent = 0;
    return true;
}

/* A lost peer is noticed by the reader; here it only ends the writing. */
static void pump(struct channel *channel)
{
    if (!write_some(channel)) {
        mxs_buffer_reset(&channel->out);
        channel->out_sent = 0;
    }
    if (channel->out.len > 0)
        ev_io_start(channel->loop, &channel->writable);
    else
        ev_io_stop(channel->loop, &channel->writable);
}

static void on_writable(struct ev_loop *loop, ev_io *watcher, int revents)
{
    (void)loop;
    (void)revents;
    pump(watcher->data);
}

/* Moves what is unsent to the front, so that the buffer does not grow for ever. */
static void compact(struct mxs_buffer *buffer, size_t *used)
{
    if (*used == 0)
        return;
    memmove(buffer->ptr, buffer->ptr + *used, buffer->len - *used);
    buffer->len -= *used;
    *used = 0;
}

bool channel_send(struct channel *channel, uint32_t kind, const struct channel_part *parts,
                  size_t count)
{
    struct header header = {.kind = kind, .len = 0};
    size_t len = 0;

    if (!channel_is_open(channel))
        return true; /* a lost peer is on_closed's business */
    for (size_t i = 0; i < count; i++)
        len += parts[i].len;
    header.len = (uint32_t)len;
    compact(&channel->out, &channel->out_sent);
    if (len > CHANNEL_BODY_MAX || !mxs_buffer_reserve(&channel->out, sizeof header + len)) {
        channel->out.failed = false;
        return false;
    }
    mxs_buffer_append(&channel->out, (mxs_slice){(const char *)&header, sizeof header});
    for (size_t i = 0; i < count; i++)
        mxs_buffer_append(&channel->out, (mxs_slice){parts[i].ptr, parts[i].len});
    pump(channel);
    return true;
}

size_t channel_backlog(const struct channel *channel)
{
    return channel->out.len - channel->out_sent;
}

void channel_flush(struct channel *channel)
{
    while (channel_is_open(channel) && channel_backlog(channel) > 0) {
        struct pollfd poll_fd = {.fd = channel->fd, .events = POLLOUT};
        if (poll(&poll_fd, 1, -1) < 0 && errno != EINTR)
            return;
        if (!write_some(channel))
            return;
    }
}

/* Hands out every whole message in the buffer. False when the peer sends nonsense. */
static bool deliver(struct channel *channel)
{
    struct header header;

    while (channel_is_open(channel) && channel->in.len - channel->in_used >= sizeof header) {
        const char *at = channel->in.ptr + channel->in_used;
        memcpy(&header, at, sizeof header);
        if (header.len > CHANNEL_BODY_MAX)
            return false;
        if (channel->in.len - channel->in_used - sizeof header < header.len)
            break;
        channel->in_used += sizeof header + header.len;
        channel->on_message(channel->owner, header.kind,
                            (mxs_slice){at + sizeof header, header.len});
    }
    return true;
}

static void on_readable(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct channel *channel = watcher->data;
    ssize_t got;

    (void)loop;
    (void)revents;
    compact(&channel->in, &channel->in_used);
    if (!mxs_buffer_reserve(&channel->in, READ_SIZE)) {
        fail(channel);
        return;
    }
    got = recv(channel->fd, channel->in.ptr + channel->in.len,
               channel->in.capacity - channel->in.len, 0);
    if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
        return;
    if (got <= 0) {
        fail(channel);
        return;
    }
    channel->in.len += (size_t)got;
    if (!deliver(channel))
        fail(channel);
}
