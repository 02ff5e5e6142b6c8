#include "sweep/list_window.h"

#include <string.h>

mxs_slice list_window_pending(const struct list_window *window)
{
    return (mxs_slice){window->bytes + window->start, window->end - window->start};
}

void list_window_take(struct list_window *window, size_t len)
{
    window->start += len;
}

bool list_window_is_full(const struct list_window *window)
{
    return window->end - window->start == LIST_WINDOW_SIZE;
}

enum source_status list_window_fill(struct list_window *window, struct error *error)
{
    enum source_status status;
    size_t len;

    if (window->fills++ >= LIST_FILLS_MAX)
        return SOURCE_BUSY;
    if (window->start > 0) {
        memmove(window->bytes, window->bytes + window->start, window->end - window->start);
        window->end -= window->start;
        window->start = 0;
    }
    status = list_source_read(window->source, window->bytes + window->end,
                              LIST_WINDOW_SIZE - window->end, &len, error);
    window->end += len;
    window->ended = status == SOURCE_END;
    return status;
}

/* ASCII white space but LF; rules section 3 step 1 trims the same. */
static bool is_space(char c)
{
    return mxs_is_blank(c) || c == '\r' || c == '\v' || c == '\f';
}

bool list_line_is_blank(mxs_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_space(text.ptr[i]))
            return false;
    return true;
}

mxs_slice list_line_text(mxs_slice bytes)
{
    if (bytes.len > 0 && bytes.ptr[bytes.len - 1] == '\r')
        bytes.len--;
    return bytes;
}

/* A line fills the window: its first bytes stay, and there is room to find its end. */
static void cut_line(struct list_window *window)
{
    mxs_slice lost = mxs_slice_from(list_window_pending(window), LIST_LINE_KEPT);

    window->line_is_cut = true;
    window->line_is_text = window->line_is_text || !list_line_is_blank(lost);
    window->end = window->start + LIST_LINE_KEPT;
}

/* Gives and takes the line of `len` bytes before its LF. */
static void take_line(struct list_window *window, size_t len, struct list_line *line)
{
    mxs_slice bytes = {list_window_pending(window).ptr, len};
    mxs_slice kept = {bytes.ptr, window->line_is_cut ? LIST_LINE_KEPT : len};

    line->is_cut = window->line_is_cut;
    line->is_blank = list_line_is_blank(bytes) && !window->line_is_text;
    line->text = line->is_cut ? kept : list_line_text(kept);
    window->line_is_cut = window->line_is_text = false;
    list_window_take(window, len);
    if (window->start < window->end)
        list_window_take(window, 1);
}

enum source_status list_window_line(struct list_window *window, struct list_line *line,
                                    struct error *error)
{
    enum source_status status = SOURCE_BYTES;

    while (status == SOURCE_BYTES || status == SOURCE_END) {
        mxs_slice pending = list_window_pending(window);
        const char *end = pending.len > 0 ? memchr(pending.ptr, '\n', pending.len) : NULL;
        if (end != NULL || (window->ended && pending.len > 0)) {
            take_line(window, end != NULL ? (size_t)(end - pending.ptr) : pending.len, line);
            return SOURCE_BYTES;
        }
        if (window->ended)
            return SOURCE_END;
        if (list_window_is_full(window))
            cut_line(window);
        status = list_window_fill(window, error);
    }
    return status;
}
