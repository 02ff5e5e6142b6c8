/*
 * Names and credit going out: all of the pace is here, so that it can be counted.
 */
#include "sweep/state.h"

enum {
    BATCH_NAMES = 128, /* names of one message: small, so that all workers get some */
    RETRY_PICKS = 64,  /* names looked at before it is "none now" */
};

static void wait_for_list(struct sweep *sweep)
{
    const struct name_source *source = &sweep->options->source;

    if (ev_is_active(&sweep->list_readable))
        return;
    ev_io_set(&sweep->list_readable, source->wait_fd(source->context), EV_READ);
    ev_io_start(sweep->loop, &sweep->list_readable);
}

static void read_list(struct sweep *sweep)
{
    if (sweep->list_ended || ev_is_active(&sweep->list_readable) || ev_is_active(&sweep->list_busy))
        return;
    switch (window_fill(sweep->window, sweep->error)) {
    case LIST_ENTRY:
        break;
    case LIST_BUSY: /* the tick, or the next message, goes on with it */
        ev_timer_stop(sweep->loop, &sweep->list_busy);
        ev_timer_set(&sweep->list_busy, 0., 0.);
        ev_timer_start(sweep->loop, &sweep->list_busy);
        break;
    case LIST_WAIT:
        wait_for_list(sweep);
        break;
    case LIST_END:
        sweep->list_ended = true;
        break;
    case LIST_FAILED:
        sweep_fail(sweep);
        break;
    }
    sweep->result->read = window_read(sweep->window);
}

/* A name tried before whose TLD may be asked now; those that may not go to the end of the list. */
static struct name *next_retry(struct sweep *sweep)
{
    struct name *name;

    for (unsigned i = 0; i < RETRY_PICKS; i++) {
        name = name_list_take(&sweep->retries);
        if (name == NULL || window_may_ask(sweep->window, name, ev_now(sweep->loop)))
            return name;
        name_list_append(&sweep->retries, name);
    }
    return NULL;
}

/* Names tried before come first; then new ones, unless the queue `again` is full. */
static struct name *next_name(struct sweep *sweep)
{
    struct name *name = next_retry(sweep);

    if (name != NULL || sweep->draining)
        return name;
    if (window_is_low(sweep->window))
        read_list(sweep);
    return sweep->failed ? NULL : window_take(sweep->window, ev_now(sweep->loop));
}

static void put(struct sweep *sweep, struct slot *slot, struct name *name)
{
    name_write(name, name->company == COMPANY_POISON ? DEALT_POISON : 0, &sweep->batch);
    name->slot = slot->number;
    name->dealt_at = ev_now(sweep->loop);
    dealt_add(&sweep->dealt, name);
    slot->names_dealt++;
    slot->names_held++;
}

static void send_batch(struct sweep *sweep, struct slot *slot)
{
    if (sweep->batch.failed) {
        (void)error_set(sweep->error, "out of memory");
        sweep_fail(sweep);
    } else if (sweep->batch.len > 0) {
        sweep_tell(sweep, slot, MESSAGE_NAMES, sweep->batch.ptr, sweep->batch.len);
    }
    mxs_buffer_reset(&sweep->batch);
}

/* The name's first question is paid for with it; without a pace nothing is. */
static bool pay(struct sweep *sweep, uint64_t *credit)
{
    if (sweep->options->rate <= 0)
        return true;
    if (pace_take(&sweep->pace, ev_now(sweep->loop), 1) == 0)
        return false;
    (*credit)++;
    return true;
}

static void give_credit(struct sweep *sweep, struct slot *slot, uint64_t credit)
{
    if (credit == 0)
        return;
    slot->credit_given += credit;
    sweep_tell(sweep, slot, MESSAGE_CREDIT, &credit, sizeof credit);
}

/* Suspects go out a few at a time, or alone, and only when the last ones came back. */
static void deal_suspects(struct sweep *sweep, struct slot *slot)
{
    uint64_t credit = 0;

    if (slot->names_held > 0)
        return;
    if (sweep->suspects.first == NULL) {
        slot->company = COMPANY_MANY;
        return;
    }
    slot->company = sweep->suspects.first->company;
    do {
        if (!window_may_ask(sweep->window, sweep->suspects.first, ev_now(sweep->loop)) ||
            !pay(sweep, &credit))
            break;
        put(sweep, slot, name_list_take(&sweep->suspects));
    } while (slot->company == COMPANY_FEW && slot->names_held < COMPANY_FEW_MAX &&
             sweep->suspects.first != NULL && sweep->suspects.first->company == COMPANY_FEW);
    give_credit(sweep, slot, credit);
    send_batch(sweep, slot);
    if (slot->names_held > 0)
        sweep_tell(sweep, slot, MESSAGE_FLUSH, NULL, 0);
}

static bool deal_batch(struct sweep *sweep, struct slot *slot)
{
    uint64_t wanted = slot_names_wanted(slot), dealt = 0, credit = 0;
    struct name *name;

    while (dealt < wanted && dealt < BATCH_NAMES && pay(sweep, &credit)) {
        name = next_name(sweep);
        if (name == NULL) {
            if (credit > 0) { /* the token goes back: no name may be asked for now */
                credit--;
                sweep->pace.tokens += 1;
            }
            break;
        }
        put(sweep, slot, name);
        dealt++;
    }
    give_credit(sweep, slot, credit);
    send_batch(sweep, slot);
    return dealt > 0;
}

/* A batch to each worker in turn, until none wants more or there is nothing to give now. */
static void deal_names(struct sweep *sweep)
{
    bool dealt = true;

    while (dealt && !sweep->failed) {
        dealt = false;
        for (unsigned i = 0; i < sweep->crew.size && !sweep->failed; i++) {
            struct slot *slot = &sweep->crew.slots[(sweep->next_slot + i) % sweep->crew.size];
            if (!slot_is_filled(slot) || slot->finishing)
                continue;
            if (slot->company != COMPANY_MANY)
                deal_suspects(sweep, slot);
            else
                dealt = deal_batch(sweep, slot) || dealt;
        }
        sweep->next_slot++;
    }
}

/* Names begun come before new ones; those that want credit get equal shares as far as they want. */
static void deal_credit(struct sweep *sweep)
{
    uint64_t wanted = 0, waiting = 0, left;

    for (unsigned i = 0; i < sweep->crew.size; i++) {
        uint64_t wants = slot_questions_wanted(&sweep->crew.slots[i]);
        wanted += wants;
        waiting += wants > 0;
    }
    left = pace_take(&sweep->pace, ev_now(sweep->loop), wanted);
    for (unsigned i = 0; i < sweep->crew.size && left > 0; i++) {
        struct slot *slot = &sweep->crew.slots[(sweep->next_slot + i) % sweep->crew.size];
        uint64_t wants = slot_questions_wanted(slot);
        uint64_t share = waiting > 0 ? (left + waiting - 1) / waiting : 0;
        if (wants == 0)
            continue;
        share = share < wants ? share : wants;
        give_credit(sweep, slot, share);
        left -= share;
        waiting--;
    }
}

static bool nothing_to_deal(const struct sweep *sweep)
{
    return sweep->retries.count == 0 && sweep->suspects.count == 0 &&
           (sweep->draining || (sweep->list_ended && window_is_empty(sweep->window)));
}

/* A worker that has nothing more to expect finishes; the last one to go ends the generation. */
static void finish_workers(struct sweep *sweep)
{
    for (unsigned i = 0; i < sweep->crew.size; i++) {
        struct slot *slot = &sweep->crew.slots[i];
        if (!slot_is_filled(slot) || slot->finishing)
            continue;
        slot->finishing = true;
        sweep_tell(sweep, slot, MESSAGE_FINISH, NULL, 0);
    }
}

void deal(struct sweep *sweep)
{
    if (sweep->failed || sweep->stopping || sweep->outage.down)
        return;
    if (sweep->again.bytes > AGAIN_BYTES_MAX)
        sweep->draining = true;
    if (sweep->options->rate > 0)
        deal_credit(sweep);
    deal_names(sweep);
    if (!sweep->failed && nothing_to_deal(sweep))
        finish_workers(sweep);
}

void deal_again(struct sweep *sweep, struct slot *slot)
{
    struct name_list held = {0};
    struct name *name;

    (void)dealt_take_all(&sweep->dealt, slot->number, &held);
    while ((name = name_list_take(&held)) != NULL) {
        if (name->company < COMPANY_POISON)
            name->company++;
        name_list_append(&sweep->suspects, name);
    }
}
