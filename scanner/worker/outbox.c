#include "worker/outbox.h"

#include <time.h>

bool outbox_init(struct outbox *outbox, int level, struct error *error)
{
    mxs_buffer_init(&outbox->again);
    return frame_init(&outbox->frame, level, error);
}

void outbox_clear(struct outbox *outbox)
{
    frame_clear(&outbox->frame);
    mxs_buffer_clear(&outbox->again);
}

/* RFC 3339 in UTC, to the second: when the verdict was reached. */
static mxs_slice write_time(char text[32])
{
    time_t now = time(NULL);
    struct tm utc;
    size_t len = gmtime_r(&now, &utc) == NULL ? 0 : strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);

    return (mxs_slice){text, len};
}

static void write_line(const struct outbox *outbox, const struct domain *domain,
                       const struct mxs_posture *posture, double now, struct mxs_buffer *out)
{
    char time_text[32];
    double elapsed_s = now - domain->started_at;
    struct mxs_line line = {
        .index = domain->name.index,
        .rank = domain->name.rank,
        .scanned_at = write_time(time_text),
        .elapsed_ms = elapsed_s > 0 ? (uint64_t)(elapsed_s * 1000) : 0,
        .input = &domain->input,
        .posture = posture,
        .meta = domain->meta,
    };

    outbox->write(&line, out);
}

void outbox_keep(struct outbox *outbox, const struct domain *domain,
                 const struct mxs_posture *posture, double now)
{
    write_line(outbox, domain, posture, now, &outbox->frame.lines);
    frame_note(&outbox->frame, domain->name.index, posture);
    if (outbox->frame.lines.len >= outbox->frame_size)
        outbox_send(outbox);
}

void outbox_give_back(struct outbox *outbox, const struct domain *domain,
                      const struct mxs_posture *posture, double now)
{
    struct again_head head = {.index = domain->name.index};

    line_counts_note(&head.counts, posture);
    mxs_buffer_reset(&outbox->again);
    write_line(outbox, domain, posture, now, &outbox->again);
    struct channel_part parts[] = {{&head, sizeof head}, {outbox->again.ptr, outbox->again.len}};
    if (outbox->again.failed || !channel_send(outbox->channel, MESSAGE_AGAIN, parts, 2))
        outbox->failed = true;
}

void outbox_send(struct outbox *outbox)
{
    struct frame *frame = &outbox->frame;
    struct frame_head head = {.counts = frame->counts, .raw_len = frame->lines.len};
    mxs_slice packed;

    if (frame->counts.lines == 0)
        return;
    packed = frame_pack(frame);
    struct channel_part parts[] = {
        {&head, sizeof head},
        {frame->indexes.ptr, frame->indexes.len},
        {packed.ptr, packed.len},
    };
    if (packed.ptr == NULL || !channel_send(outbox->channel, MESSAGE_FRAME, parts, 3))
        outbox->failed = true;
    frame_reset(frame);
}
