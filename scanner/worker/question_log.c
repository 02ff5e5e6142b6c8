#include "worker/question_log.h"

#include <unistd.h>

#include "worker/protocol.h"

enum { SEND_BYTES = 64 << 10 };

void question_log_init(struct question_log *log, struct channel *channel)
{
    log->channel = channel;
    log->worker = (uint64_t)getpid();
    mxs_buffer_init(&log->lines);
}

void question_log_clear(struct question_log *log)
{
    mxs_buffer_clear(&log->lines);
}

static void append_field(struct mxs_buffer *lines, uint64_t number)
{
    mxs_buffer_append_number(lines, number);
    mxs_buffer_append_char(lines, ' ');
}

static uint64_t to_microseconds(double seconds)
{
    return (uint64_t)(seconds * 1e6);
}

void question_log_note(struct question_log *log, const struct question *question, double now)
{
    struct mxs_buffer *lines = &log->lines;

    if (log->channel == NULL)
        return;
    append_field(lines, log->worker);
    append_field(lines, question->number);
    append_field(lines, question->after);
    append_field(lines, to_microseconds(question->started_at));
    append_field(lines, to_microseconds(now));
    mxs_buffer_append(lines, mxs_slice_of(mxs_lookup_text(question->answer->lookup)));
    mxs_buffer_append_char(lines, ' ');
    append_field(lines, question->answer->type);
    mxs_name_write(question->answer->name, lines);
    mxs_buffer_append_char(lines, '\n');
    if (lines->len >= SEND_BYTES)
        question_log_send(log);
}

void question_log_send(struct question_log *log)
{
    struct channel_part part = {log->lines.ptr, log->lines.len};

    if (log->lines.len > 0 && !log->lines.failed)
        (void)channel_send(log->channel, MESSAGE_LOG, &part, 1);
    mxs_buffer_reset(&log->lines);
}
