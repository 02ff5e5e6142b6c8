#include "worker/backlog.h"

#include <string.h>

static uint64_t count_names(mxs_slice body)
{
    struct dealt_name name;
    uint64_t count = 0;

    while (body.len >= sizeof name) {
        memcpy(&name, body.ptr, sizeof name);
        body = mxs_slice_from(body, sizeof name + name.text_len + name.meta_len);
        count++;
    }
    return count;
}

uint64_t backlog_add(struct backlog *backlog, mxs_slice body)
{
    uint64_t count = count_names(body);

    if (backlog->at > 0) { /* what is left moves to the front */
        memmove(backlog->bytes.ptr, backlog->bytes.ptr + backlog->at,
                backlog->bytes.len - backlog->at);
        backlog->bytes.len -= backlog->at;
        backlog->at = 0;
    }
    mxs_buffer_append(&backlog->bytes, body);
    backlog->count += count;
    return count;
}

void backlog_take(struct backlog *backlog, struct dealt_name *name, const char **bytes)
{
    const char *at = backlog->bytes.ptr + backlog->at;

    memcpy(name, at, sizeof *name);
    *bytes = at + sizeof *name;
    backlog->at += sizeof *name + name->text_len + name->meta_len;
    backlog->count--;
}

void backlog_clear(struct backlog *backlog)
{
    mxs_buffer_clear(&backlog->bytes);
    backlog->at = 0;
    backlog->count = 0;
}
