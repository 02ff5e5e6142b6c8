/*
 * What workers send back: frames for the sink, and lines that are not the last word yet.
 *
 * A worker is not trusted: a message must be as long as it says, and speak of names the worker has.
 */
#include <stdlib.h>
#include <string.h>

#include "sweep/state.h"

/* A line's last word waits so long: the outage guard needs it to notice and to ask the root. */
static const double last_word_s = 4.0;

/* libunbound holds an outage against servers for up to 42 s more (measured). */
static const double aftermath_s = 60.0;

static void out_of_memory(struct sweep *sweep)
{
    (void)error_set(sweep->error, "out of memory");
    sweep_fail(sweep);
}

/* The names of a frame leave the table; false when one is not this worker's. */
static bool settle_names(struct sweep *sweep, struct slot *slot, const uint64_t *indexes,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct name *name = dealt_take(&sweep->dealt, indexes[i], slot->number);
        if (name == NULL)
            return error_set(sweep->error, "worker %d wrote a line nobody asked for",
                             (int)slot->pid);
        name_free(name);
        slot->names_held--;
    }
    return true;
}

static void append_frame(struct sweep *sweep, const struct line_counts *counts,
                         const struct packed_frame *frame)
{
    const struct frame_sink *sink = &sweep->options->sink;

    if (sink->append(sink->context, frame, sweep->error))
        line_counts_add(&sweep->result->written, counts);
    else
        sweep_fail(sweep);
}

void lines_take_frame(struct sweep *sweep, struct slot *slot, mxs_slice body)
{
    struct frame_head head;
    uint64_t *indexes;
    size_t indexes_len;

    if (body.len < sizeof head)
        return;
    memcpy(&head, body.ptr, sizeof head);
    if (head.counts.lines > (body.len - sizeof head) / sizeof *indexes)
        return;
    indexes_len = head.counts.lines * sizeof *indexes;
    indexes = malloc(indexes_len); /* a copy, because the body is not aligned */
    if (indexes == NULL) {
        out_of_memory(sweep);
        return;
    }
    memcpy(indexes, body.ptr + sizeof head, indexes_len);
    struct packed_frame frame = {
        .bytes = mxs_slice_from(body, sizeof head + indexes_len),
        .raw_len = head.raw_len,
        .indexes = indexes,
        .count = head.counts.lines,
    };
    if (settle_names(sweep, slot, indexes, head.counts.lines))
        append_frame(sweep, &head.counts, &frame);
    else
        sweep_fail(sweep);
    free(indexes);
}

/* The name was asked about in an outage, or while the resolver still held it against the servers.
 */
static bool was_hit_by_outage(const struct sweep *sweep, const struct name *name)
{
    return sweep->outage.down ||
           (sweep->outage_over_at > 0 && name->dealt_at < sweep->outage_over_at + aftermath_s);
}

/* It is tried again, however often it was, but once only. */
static void forgive(struct sweep *sweep, struct name *name)
{
    name->outage = true;
    name->due_at = ev_now(sweep->loop);
    name_list_append(&sweep->again, name);
}

/*
 * Each time counts as a round. After the last one the line is as good as written; it only waits
 * until it is sure that what failed did not fail in an outage.
 */
static void put_aside(struct sweep *sweep, struct name *name)
{
    double now = ev_now(sweep->loop);

    name->company = COMPANY_MANY;
    if (name->round++ < sweep->options->retries) {
        name->due_at = now + sweep->options->retry_wait_s;
        name_list_append(&sweep->again, name);
    } else if (!name->outage && was_hit_by_outage(sweep, name)) {
        forgive(sweep, name);
    } else {
        name->due_at = now + last_word_s;
        name_list_append(&sweep->last, name);
    }
}

void lines_take_again(struct sweep *sweep, struct slot *slot, mxs_slice body)
{
    struct again_head head;
    struct name *name;

    if (body.len < sizeof head)
        return;
    memcpy(&head, body.ptr, sizeof head);
    name = dealt_take(&sweep->dealt, head.index, slot->number);
    if (name == NULL)
        return;
    slot->names_held--;
    if (!name_keep_line(name, &head.counts, mxs_slice_from(body, sizeof head))) {
        name_free(name);
        out_of_memory(sweep);
        return;
    }
    put_aside(sweep, name);
    sweep->result->again = sweep->again.count;
}

static void write_frame(struct sweep *sweep)
{
    struct packed_frame frame = {
        .bytes = frame_pack(&sweep->frame),
        .raw_len = sweep->frame.lines.len,
        .indexes = (const uint64_t *)(const void *)sweep->frame.indexes.ptr,
        .count = sweep->frame.counts.lines,
    };

    if (frame.bytes.ptr == NULL)
        out_of_memory(sweep);
    else
        append_frame(sweep, &sweep->frame.counts, &frame);
    frame_reset(&sweep->frame);
}

static void write_known_line(struct sweep *sweep, const struct name *name)
{
    struct frame *frame = &sweep->frame;

    if (name->line == NULL)
        return; /* never finished: a resumed run will */
    mxs_buffer_append(&frame->lines, (mxs_slice){name->line, name->line_len});
    mxs_buffer_append(&frame->indexes, (mxs_slice){(const char *)&name->index, sizeof name->index});
    line_counts_add(&frame->counts, name->counts);
}

static void write_known_lines(struct sweep *sweep, struct name_list *list)
{
    struct name *name;

    while ((name = name_list_take(list)) != NULL) {
        write_known_line(sweep, name);
        name_free(name);
        if (sweep->frame.lines.len >= sweep->options->worker.frame_size)
            write_frame(sweep);
    }
}

static void forgive_all(struct sweep *sweep)
{
    struct name_list tried_enough = {0};
    struct name *name;

    while ((name = name_list_take(&sweep->last)) != NULL) {
        if (name->outage)
            name_list_append(&tried_enough, name);
        else
            forgive(sweep, name);
    }
    sweep->last = tried_enough;
}

void lines_settle_last(struct sweep *sweep, bool at_once)
{
    struct name_list due = {0};

    if (sweep->outage.down)
        forgive_all(sweep);
    else if (sweep->outage.suspected)
        return;
    while (sweep->last.first != NULL &&
           (at_once || sweep->last.first->due_at <= ev_now(sweep->loop)))
        name_list_append(&due, name_list_take(&sweep->last));
    write_known_lines(sweep, &due);
    if (sweep->frame.counts.lines > 0 && at_once)
        write_frame(sweep);
}

void lines_write_again(struct sweep *sweep)
{
    for (unsigned i = 0; i < sweep->crew.size; i++) {
        struct name_list held = {0};
        (void)dealt_take_all(&sweep->dealt, i, &held);
        write_known_lines(sweep, &held);
    }
    write_known_lines(sweep, &sweep->suspects);
    write_known_lines(sweep, &sweep->retries);
    write_known_lines(sweep, &sweep->again);
    write_known_lines(sweep, &sweep->last);
    if (sweep->frame.counts.lines > 0)
        write_frame(sweep);
    sweep->result->again = 0;
}
