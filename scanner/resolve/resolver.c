#include "resolve/resolver.h"

#include <stdlib.h>

#include <ev.h>
#include <unbound-event.h>
#include <unbound.h>

#include <mxsweep/packet.h>

#include "resolve/event_base.h"

enum { CLASS_IN = 1, TYPE_PTR = 12 };

/* A list through question->older and ->newer. */
struct chain {
    struct question *oldest, *newest;
};

struct resolver {
    struct ev_loop *loop;
    struct ub_event_base *base;
    struct ub_ctx *context;
    ev_timer deadline;
    double timeout_s;
    struct chain in_flight; /* all have the same time to live: the oldest is the next to expire */
    struct chain settled;
    struct mxs_buffer name_text;
    struct resolver_counts counts;
    bool validates;
};

static void chain_append(struct chain *chain, struct question *question)
{
    question->newer = NULL;
    question->older = chain->newest;
    if (chain->newest != NULL)
        chain->newest->newer = question;
    else
        chain->oldest = question;
    chain->newest = question;
}

static void chain_remove(struct chain *chain, struct question *question)
{
    if (question->older != NULL)
        question->older->newer = question->newer;
    else
        chain->oldest = question->newer;
    if (question->newer != NULL)
        question->newer->older = question->older;
    else
        chain->newest = question->older;
}

/* Takes the question out of flight and queues it, its answer filled in. */
static void settle(struct question *question)
{
    struct resolver *resolver = question->resolver;
    double elapsed_s = ev_now(resolver->loop) - question->started_at;

    question->elapsed_ms = elapsed_s > 0 ? (unsigned)(elapsed_s * 1000) : 0;
    chain_remove(&resolver->in_flight, question);
    chain_append(&resolver->settled, question);
    resolver->counts.in_flight--;
    resolver->counts.settled[question->answer->lookup]++;
}

/* libunbound's `sec`: 0 insecure, 1 bogus, 2 secure. Without an anchor nothing was validated. */
static enum mxs_dnssec read_security(const struct resolver *resolver, int security)
{
    if (security == 1)
        return MXS_DNSSEC_BOGUS;
    if (!resolver->validates)
        return MXS_DNSSEC_INDETERMINATE;
    return security == 2 ? MXS_DNSSEC_SECURE : MXS_DNSSEC_INSECURE;
}

/*
 * The outcome of one question. `rcode` other than 0 means that the library gave up, and the packet
 * is then stale memory of another name: it is never looked at. NXDOMAIN comes with `rcode` 0; the
 * true RCODE is in the packet. `security` 1 is bogus although the packet holds an answer.
 */
/* NOLINTNEXTLINE(readability-function-size): the signature is the library's */
static void on_answer(void *context, int rcode, void *packet, int packet_len, int security,
                      char *why_bogus, int was_ratelimited)
{
    struct question *question = context;
    struct mxs_packet reply = {
        .bytes = packet,
        .len = packet_len > 0 ? (size_t)packet_len : 0,
        .why_bogus = why_bogus == NULL ? MXS_SLICE("") : mxs_slice_of(why_bogus),
    };

    (void)was_ratelimited; /* the library's own limit is never set */
    if (question == NULL)
        return; /* resolver_warm's */
    reply.dnssec = read_security(question->resolver, security);
    if (rcode != 0)
        mxs_answer_fail(question->answer, MXS_LOOKUP_TEMP, MXS_ERROR_FAILED);
    else
        (void)mxs_packet_read(&reply, question->arena, question->answer);
    settle(question);
}

static void restart_deadline(struct resolver *resolver)
{
    const struct question *oldest = resolver->in_flight.oldest;
    double wait_s;

    if (oldest == NULL)
        return; /* a start sets it again */
    wait_s = oldest->started_at + resolver->timeout_s - ev_now(resolver->loop);
    ev_timer_stop(resolver->loop, &resolver->deadline);
    ev_timer_set(&resolver->deadline, wait_s > 0.001 ? wait_s : 0.001, 0.);
    ev_timer_start(resolver->loop, &resolver->deadline);
}

/* ub_cancel only mutes: a late reply is merely cached by the library. */
static void on_deadline(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct resolver *resolver = timer->data;
    struct question *oldest;

    (void)revents;
    while ((oldest = resolver->in_flight.oldest) != NULL &&
           ev_now(loop) - oldest->started_at >= resolver->timeout_s) {
        (void)ub_cancel(resolver->context, oldest->async_id);
        mxs_answer_fail(oldest->answer, MXS_LOOKUP_TEMP, MXS_ERROR_TIMEOUT);
        settle(oldest);
    }
    restart_deadline(resolver);
}

static bool is_none(const char *trust_anchor)
{
    return trust_anchor != NULL && mxs_slice_equal(mxs_slice_of(trust_anchor), MXS_SLICE("none"));
}

struct resolver *resolver_new(struct ev_loop *loop, const struct resolve_options *options,
                              unsigned timeout_ms, struct error *error)
{
    struct resolver *resolver = calloc(1, sizeof *resolver);

    if (resolver != NULL)
        resolver->base = event_base_new(loop);
    if (resolver == NULL || resolver->base == NULL) {
        (void)error_set(error, "out of memory");
        free(resolver);
        return NULL;
    }
    resolver->loop = loop;
    resolver->timeout_s = timeout_ms / 1000.0;
    resolver->validates = !is_none(options->trust_anchor);
    resolver->context = context_new(options, resolver->base, error);
    mxs_buffer_init(&resolver->name_text);
    ev_init(&resolver->deadline, on_deadline);
    resolver->deadline.data = resolver;
    if (resolver->context == NULL) {
        event_base_free(resolver->base);
        free(resolver);
        return NULL;
    }
    return resolver;
}

/*
 * The name is of a built-in zone, and one that stays local with --special-use too: the answer comes
 * from inside the call. Where the user opened that zone the question goes out, and on_answer drops
 * what comes.
 */
bool resolver_warm(struct resolver *resolver, struct error *error)
{
    int status = ub_resolve_event(resolver->context, "1.0.0.127.in-addr.arpa.", TYPE_PTR, CLASS_IN,
                                  NULL, on_answer, NULL);

    return status == 0 || error_set(error, "the resolver cannot start: %s", ub_strerror(status));
}

void resolver_free(struct resolver *resolver)
{
    if (resolver == NULL)
        return;
    ev_timer_stop(resolver->loop, &resolver->deadline);
    ub_ctx_delete(resolver->context);
    event_base_free(resolver->base);
    mxs_buffer_clear(&resolver->name_text);
    free(resolver);
}

/* The name with its final dot and a NUL, as libunbound reads it; NULL when memory is out. */
static const char *write_name(struct resolver *resolver, struct mxs_name name)
{
    struct mxs_buffer *text = &resolver->name_text;

    mxs_buffer_reset(text);
    mxs_name_write(name, text);
    if (!mxs_name_is_root(name))
        mxs_buffer_append_char(text, '.');
    mxs_buffer_append_char(text, '\0');
    return text->failed ? NULL : text->ptr;
}

void resolver_start(struct resolver *resolver, struct question *question)
{
    const char *name = write_name(resolver, question->answer->name);
    bool first = resolver->in_flight.oldest == NULL;

    question->resolver = resolver;
    question->started_at = ev_now(resolver->loop);
    chain_append(&resolver->in_flight, question);
    question->number = ++resolver->counts.started;
    if (++resolver->counts.in_flight > resolver->counts.in_flight_peak)
        resolver->counts.in_flight_peak = resolver->counts.in_flight;
    if (name == NULL || ub_resolve_event(resolver->context, name, question->answer->type, CLASS_IN,
                                         question, on_answer, &question->async_id) != 0) {
        mxs_answer_fail(question->answer, MXS_LOOKUP_TEMP, MXS_ERROR_INTERNAL);
        settle(question);
    }
    if (first)
        restart_deadline(resolver);
}

struct question *resolver_next(struct resolver *resolver)
{
    struct question *question = resolver->settled.oldest;

    if (question != NULL)
        chain_remove(&resolver->settled, question);
    return question;
}

const struct resolver_counts *resolver_counts(const struct resolver *resolver)
{
    return &resolver->counts;
}
