#include "resolve/event_base.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/time.h>

#include <ev.h>
#include <unbound-event.h>

struct base {
    struct ub_event_base super; /* first: libunbound knows only this part */
    struct ev_loop *loop;
};

struct event {
    struct ub_event super; /* first, for the same reason */
    struct ev_loop *loop;
    ev_io io;
    ev_timer timer;
    int fd;
    short bits; /* UB_EV_READ, _WRITE, _PERSIST */
    void (*callback)(int fd, short bits, void *argument);
    void *argument;
};

static void stop(struct event *event)
{
    ev_io_stop(event->loop, &event->io);
    ev_timer_stop(event->loop, &event->timer);
}

/*
 * The callback may free the event, so nothing of it is touched afterwards. As in libevent, an event
 * that persists starts its timeout anew each time it fires.
 */
static void fire(struct event *event, short bits)
{
    if ((event->bits & UB_EV_PERSIST) == 0)
        stop(event);
    else if (ev_is_active(&event->timer))
        ev_timer_again(event->loop, &event->timer);
    event->callback(event->fd, bits, event->argument);
}

static void on_io(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct event *event = watcher->data;
    int bits = 0;

    (void)loop;
    if ((revents & EV_READ) != 0)
        bits |= UB_EV_READ;
    if ((revents & EV_WRITE) != 0)
        bits |= UB_EV_WRITE;
    fire(event, (short)bits);
}

static void on_timer(struct ev_loop *loop, ev_timer *watcher, int revents)
{
    (void)loop;
    (void)revents;
    fire(watcher->data, UB_EV_TIMEOUT);
}

static void set_io(struct event *event)
{
    int events = 0;

    if ((event->bits & UB_EV_READ) != 0)
        events |= EV_READ;
    if ((event->bits & UB_EV_WRITE) != 0)
        events |= EV_WRITE;
    ev_io_set(&event->io, event->fd, events);
}

static void start_timer(struct event *event, const struct timeval *timeout)
{
    event->timer.repeat = (double)timeout->tv_sec + (double)timeout->tv_usec * 1e-6;
    if (event->timer.repeat <= 0)
        event->timer.repeat = 1e-6; /* 0 would mean "never" */
    ev_timer_again(event->loop, &event->timer);
}

static void event_add_bits(struct ub_event *super, short bits)
{
    struct event *event = (struct event *)super;

    event->bits = (short)(event->bits | bits);
    set_io(event);
}

static void event_del_bits(struct ub_event *super, short bits)
{
    struct event *event = (struct event *)super;

    event->bits = (short)(event->bits & ~bits);
    set_io(event);
}

static void event_set_fd(struct ub_event *super, int fd)
{
    struct event *event = (struct event *)super;

    event->fd = fd;
    set_io(event);
}

static void event_free(struct ub_event *super)
{
    stop((struct event *)super);
    free(super);
}

static int event_add(struct ub_event *super, struct timeval *timeout)
{
    struct event *event = (struct event *)super;

    stop(event);
    if ((event->bits & (UB_EV_READ | UB_EV_WRITE)) != 0 && event->fd >= 0)
        ev_io_start(event->loop, &event->io);
    if (timeout != NULL)
        start_timer(event, timeout);
    return 0;
}

static int event_del(struct ub_event *super)
{
    stop((struct event *)super);
    return 0;
}

static int event_add_timer(struct ub_event *super, struct ub_event_base *base,
                           void (*callback)(int, short, void *), void *argument,
                           struct timeval *timeout)
{
    struct event *event = (struct event *)super;

    (void)base;
    stop(event);
    event->callback = callback;
    event->argument = argument;
    event->bits = UB_EV_TIMEOUT;
    event->fd = -1;
    start_timer(event, timeout);
    return 0;
}

static int no_signal_add(struct ub_event *event, struct timeval *timeout)
{
    (void)event;
    (void)timeout;
    return -1;
}

static int no_signal_del(struct ub_event *event)
{
    (void)event;
    return -1;
}

static void nothing_to_unregister(struct ub_event *event)
{
    (void)event;
}

static void nothing_would_block(struct ub_event *event, int bits)
{
    (void)event;
    (void)bits;
}

static struct ub_event_vmt event_functions = {
    .add_bits = event_add_bits,
    .del_bits = event_del_bits,
    .set_fd = event_set_fd,
    .free = event_free,
    .add = event_add,
    .del = event_del,
    .add_timer = event_add_timer,
    .del_timer = event_del,
    .add_signal = no_signal_add,
    .del_signal = no_signal_del,
    .winsock_unregister_wsaevent = nothing_to_unregister,
    .winsock_tcp_wouldblock = nothing_would_block,
};

/* NULL without memory: libunbound copes with that. */
static struct ub_event *base_new_event(struct ub_event_base *super, int fd, short bits,
                                       void (*callback)(int, short, void *), void *argument)
{
    struct event *event = calloc(1, sizeof *event);

    if (event == NULL)
        return NULL;
    event->super.magic = UB_EVENT_MAGIC;
    event->super.vmt = &event_functions;
    event->loop = ((struct base *)super)->loop;
    event->fd = fd;
    event->bits = bits;
    event->callback = callback;
    event->argument = argument;
    ev_init(&event->io, on_io);
    ev_init(&event->timer, on_timer);
    event->io.data = event;
    event->timer.data = event;
    set_io(event);
    return &event->super;
}

static struct ub_event *base_new_signal(struct ub_event_base *base, int fd,
                                        void (*callback)(int, short, void *), void *argument)
{
    (void)base;
    (void)fd;
    (void)callback;
    (void)argument;
    return NULL;
}

static struct ub_event *base_no_winsock(struct ub_event_base *base, void *wsaevent,
                                        void (*callback)(int, short, void *), void *argument)
{
    (void)wsaevent;
    return base_new_signal(base, -1, callback, argument);
}

static void base_free(struct ub_event_base *super)
{
    (void)super; /* event_base_free() does it */
}

static int base_dispatch(struct ub_event_base *super)
{
    (void)super; /* the loop is ours to run */
    return -1;
}

static int base_loopexit(struct ub_event_base *super, struct timeval *timeout)
{
    (void)super;
    (void)timeout;
    return -1;
}

static struct ub_event_base_vmt base_functions = {
    .free = base_free,
    .dispatch = base_dispatch,
    .loopexit = base_loopexit,
    .new_event = base_new_event,
    .new_signal = base_new_signal,
    .winsock_register_wsaevent = base_no_winsock,
};

struct ub_event_base *event_base_new(struct ev_loop *loop)
{
    struct base *base = calloc(1, sizeof *base);

    if (base == NULL)
        return NULL;
    base->super.magic = UB_EVENT_MAGIC;
    base->super.vmt = &base_functions;
    base->loop = loop;
    return &base->super;
}

void event_base_free(struct ub_event_base *base)
{
    free(base);
}
