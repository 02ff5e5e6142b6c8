#include "wave.h"

#include <stdlib.h>
#include <string.h>

#include <ev.h>
#include <unbound-event.h>
#include <unbound.h>

#include "resolve/event_base.h"

enum { CLASS_IN = 1, NAME_TEXT_MAX = 1024 };

static struct waves *present; /* a callback of the library has only its reply */

bool waves_init(struct waves *waves, const struct worker_options *options, struct error *error)
{
    struct ub_event_base *base;

    *waves = (struct waves){.options = options};
    present = waves;
    waves->cache = cache_new(SIZE_MAX, 1);
    waves->loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    base = waves->loop == NULL ? NULL : event_base_new(waves->loop);
    if (waves->cache == NULL || base == NULL)
        return error_set(error, "out of memory");
    waves->context = context_new(&options->resolve, base, error);
    return waves->context != NULL;
}

/* The event base goes with the process: it must outlive the context. */
void waves_clear(struct waves *waves)
{
    for (size_t i = 0; i < waves->subject_count; i++)
        mxs_arena_clear(&waves->subjects[i].arena);
    for (size_t i = 0; i < waves->reply_count; i++)
        free((void *)waves->replies[i].packet.bytes);
    if (waves->context != NULL)
        ub_ctx_delete(waves->context);
    cache_free(waves->cache);
    free(waves->subjects);
    free(waves->replies);
    *waves = (struct waves){0};
}

/* Room for one more of `size` bytes each; false when memory is out. */
static bool grow(void **items, size_t count, size_t *room, size_t size)
{
    size_t more = *room == 0 ? 1024 : *room * 2;
    void *larger;

    if (count < *room)
        return true;
    larger = reallocarray(*items, more, size);
    if (larger == NULL)
        return false;
    *items = larger;
    *room = more;
    return true;
}

bool waves_add(struct waves *waves, mxs_slice text)
{
    struct subject *subject;

    if (!grow((void **)&waves->subjects, waves->subject_count, &waves->subject_room,
              sizeof *waves->subjects))
        return false;
    subject = &waves->subjects[waves->subject_count++];
    *subject = (struct subject){.judged = false};
    mxs_arena_init(&subject->arena);
    if (!mxs_input_read(&subject->arena, text, &waves->options->input, &subject->input))
        return false;
    subject->text = subject->input.text;
    return true;
}

/* ---- answers, from the cache */

static struct reply *reply_of(struct waves *waves, const struct entry *entry)
{
    return &waves->replies[entry->question.number];
}

static bool note_question(struct waves *waves, struct entry *entry)
{
    if (!grow((void **)&waves->replies, waves->reply_count, &waves->reply_room,
              sizeof *waves->replies))
        return false;
    entry->question.number = waves->reply_count;
    waves->replies[waves->reply_count++] = (struct reply){.entry = entry, .wave = waves->wave};
    return true;
}

/* A reply that this wave is only about to ask for. */
static void hide(struct waves *waves, struct entry *entry)
{
    struct reply *reply = reply_of(waves, entry);

    if (reply->wave < waves->wave || entry->answer.lookup == MXS_LOOKUP_PENDING)
        return;
    entry->answer.lookup = MXS_LOOKUP_PENDING;
    waves->hidden[waves->hidden_count++] = reply;
}

static const struct mxs_answer *fetch(void *context, struct mxs_name name, uint16_t type)
{
    struct waves *waves = context;
    bool created;
    struct entry *entry = cache_hold(waves->cache, name, type, 0, &created);

    if (entry == NULL || (created && !note_question(waves, entry))) {
        waves->failed = true;
        return NULL;
    }
    hide(waves, entry);
    return &entry->answer;
}

static void show_hidden(struct waves *waves)
{
    while (waves->hidden_count > 0) {
        struct reply *reply = waves->hidden[--waves->hidden_count];
        reply->entry->answer.lookup = reply->lookup;
    }
}

static const struct mxs_posture *run(struct waves *waves, const struct subject *subject,
                                     struct mxs_answers *answers, struct mxs_arena *arena)
{
    const struct mxs_posture_options options = {.special_use = waves->options->input.special_use};

    return mxs_posture_evaluate(arena, &subject->input, &options, answers);
}

static void release(struct waves *waves, const struct mxs_answers *answers)
{
    for (unsigned i = 0; i < answers->held_count; i++)
        cache_release(waves->cache, (struct entry *)(void *)answers->held[i]);
}

unsigned waves_judge(struct waves *waves, const struct subject *subject, struct mxs_arena *arena)
{
    struct mxs_answers answers;
    unsigned runs = 0;

    mxs_answers_init(&answers, (struct mxs_answers_source){fetch, waves});
    do {
        waves->wave = runs++;
        mxs_arena_reset(arena);
        (void)run(waves, subject, &answers, arena);
        show_hidden(waves);
    } while (answers.pending);
    release(waves, &answers);
    return runs;
}

const struct mxs_posture *waves_judge_settled(struct waves *waves, const struct subject *subject,
                                              struct mxs_arena *arena)
{
    const struct mxs_posture *posture;
    struct mxs_answers answers;

    waves->wave = UINT32_MAX;
    mxs_answers_init(&answers, (struct mxs_answers_source){fetch, waves});
    posture = run(waves, subject, &answers, arena);
    release(waves, &answers);
    return posture;
}

/* ---- asking */

static bool keep_packet(struct reply *reply, const void *packet, size_t len)
{
    uint8_t *copy = malloc(len + 1);

    if (copy == NULL)
        return false;
    memcpy(copy, packet, len);
    reply->packet.bytes = copy;
    reply->packet.len = len;
    return true;
}

/* The signature is the library's. */
/* NOLINTBEGIN(readability-function-size,readability-non-const-parameter) */
static void on_answer(void *context, int rcode, void *packet, int packet_len, int security,
                      char *why_bogus, int was_ratelimited)
/* NOLINTEND(readability-function-size,readability-non-const-parameter) */
{
    struct entry *entry = context;
    struct reply *reply = reply_of(present, entry);

    (void)why_bogus;
    (void)was_ratelimited;
    present->in_flight--;
    reply->packet.dnssec = security == 1   ? MXS_DNSSEC_BOGUS
                           : security == 2 ? MXS_DNSSEC_SECURE
                                           : MXS_DNSSEC_INSECURE;
    if (rcode != 0)
        mxs_answer_fail(&entry->answer, MXS_LOOKUP_TEMP, MXS_ERROR_FAILED);
    else if (!keep_packet(reply, packet, (size_t)packet_len) ||
             !mxs_packet_read(&reply->packet, &entry->arena, &entry->answer))
        present->failed = true;
    reply->lookup = entry->answer.lookup;
    cache_settle(present->cache, entry, 0);
}

/* Fails the question when it cannot even be asked. */
static void ask(struct waves *waves, struct entry *entry)
{
    struct mxs_buffer text;
    int status;

    mxs_buffer_init(&text);
    mxs_name_write(entry->answer.name, &text);
    mxs_buffer_append(&text, (mxs_slice){".", 2}); /* and its NUL */
    waves->in_flight++;
    status = ub_resolve_event(waves->context, text.ptr, entry->answer.type, CLASS_IN, entry,
                              on_answer, NULL);
    if (status != 0)
        on_answer(entry, status, NULL, 0, 0, NULL, 0);
    mxs_buffer_clear(&text);
}

static void on_turn(struct ev_loop *loop, ev_prepare *watcher, int revents)
{
    struct waves *waves = watcher->data;

    (void)revents;
    while (waves->asked < waves->reply_count && waves->in_flight < waves->options->in_flight)
        ask(waves, waves->replies[waves->asked++].entry);
    if (waves->in_flight == 0)
        ev_break(loop, EVBREAK_ALL);
}

static void ask_all(struct waves *waves)
{
    ev_prepare turn;

    ev_prepare_init(&turn, on_turn);
    turn.data = waves;
    ev_prepare_start(waves->loop, &turn);
    ev_run(waves->loop, 0);
    ev_prepare_stop(waves->loop, &turn);
}

/* One wave of every name that is not through; returns how many are left. What is asked anew gets
 * the wave's number. */
static size_t begin_wave(struct waves *waves, unsigned wave)
{
    struct mxs_arena arena;
    size_t left = 0;

    mxs_arena_init(&arena);
    for (size_t i = 0; i < waves->subject_count; i++) {
        struct subject *subject = &waves->subjects[i];
        struct mxs_answers answers;
        if (subject->judged)
            continue;
        mxs_answers_init(&answers, (struct mxs_answers_source){fetch, waves});
        waves->wave = wave;
        mxs_arena_reset(&arena);
        (void)run(waves, subject, &answers, &arena);
        show_hidden(waves);
        subject->judged = !answers.pending;
        left += answers.pending;
        release(waves, &answers);
    }
    mxs_arena_clear(&arena);
    return left;
}

bool waves_ask(struct waves *waves, struct error *error)
{
    for (unsigned wave = 0; begin_wave(waves, wave) > 0 && !waves->failed; wave++)
        ask_all(waves);
    return !waves->failed || error_set(error, "out of memory");
}
