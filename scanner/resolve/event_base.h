/*
 * libunbound's pluggable event base (unbound-event.h) over libev: one ev_io and one ev_timer for
 * each of its events. No thread, no pipe.
 */
#ifndef SCANNER_RESOLVE_EVENT_BASE_H
#define SCANNER_RESOLVE_EVENT_BASE_H

struct ev_loop;
struct ub_event_base;

/* NULL when memory is out. The loop must outlive the base, and the base every context made with it.
 */
struct ub_event_base *event_base_new(struct ev_loop *loop);
void event_base_free(struct ub_event_base *base);

#endif
