#include "sweep/list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <mxsweep/input.h>

#include "sweep/list_csv.h"
#include "sweep/list_source.h"
#include "sweep/list_window.h"
#include "sweep/list_zone.h"

struct list {
    struct list_source *source;
    enum list_format format;
    bool mark_passed; /* a byte order mark is gone, if there was one */
    bool begun;       /* and the format is settled */
    bool failed;
    struct error failure;
    uint64_t count; /* entries given */
    struct list_window window;
    struct list_csv csv;
    struct list_zone zone;
};

static bool is_comment(mxs_slice text)
{
    mxs_slice trimmed = mxs_slice_trim(text);

    return trimmed.len > 0 && trimmed.ptr[0] == '#';
}

static bool is_zone_comment(mxs_slice text)
{
    return mxs_slice_starts_with(text, MXS_SLICE(";"));
}

/* Takes the next line of `*rest`; one without an end only when `is_last`. */
static bool next_line(mxs_slice *rest, bool is_last, mxs_slice *line)
{
    const char *end = rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;

    if (end == NULL && (rest->len == 0 || !is_last))
        return false;
    *line = *rest;
    if (end != NULL)
        line->len = (size_t)(end - rest->ptr);
    *rest = mxs_slice_from(*rest, line->len + (end != NULL));
    *line = list_line_text(*line);
    return true;
}

static enum list_format format_of(mxs_slice line)
{
    if (list_zone_begins(line))
        return LIST_ZONE;
    return list_csv_has_columns(line) ? LIST_CSV : LIST_PLAIN;
}

/* A full window that does not tell the format: one line, or comments, which are taken. */
static enum list_format sniff_full(struct list_window *window, mxs_slice rest)
{
    if (rest.len == LIST_WINDOW_SIZE && is_zone_comment(rest))
        return LIST_ZONE;
    if (rest.len == LIST_WINDOW_SIZE && !is_comment(rest))
        return format_of(rest);
    list_window_take(window, LIST_WINDOW_SIZE - rest.len);
    return LIST_AUTO;
}

/*
 * The format by the first line that is neither blank nor a comment; LIST_AUTO while more must be
 * read. Lines that are comments in a zone file alone stay in the window, as other formats have them
 * as entries; a window full of nothing else is a zone file.
 */
static enum list_format sniff(struct list_window *window)
{
    mxs_slice rest = list_window_pending(window);
    bool is_full = list_window_is_full(window), zone_comment = false;
    mxs_slice line;

    while (next_line(&rest, window->ended, &line)) {
        if (is_zone_comment(line))
            zone_comment = true;
        else if (!list_line_is_blank(line) && !is_comment(line))
            return format_of(line);
    }
    if (zone_comment && (window->ended || is_full))
        return LIST_ZONE;
    if (window->ended)
        return LIST_PLAIN;
    return is_full ? sniff_full(window, rest) : LIST_AUTO;
}

/* Drops a byte order mark; false while it is not known whether there is one. */
static bool pass_mark(struct list_window *window)
{
    const mxs_slice mark = MXS_SLICE("\xEF\xBB\xBF");
    mxs_slice pending = list_window_pending(window);

    if (mxs_slice_starts_with(pending, mark))
        list_window_take(window, mark.len);
    else if (!window->ended && mxs_slice_starts_with(mark, pending))
        return false;
    return true;
}

/* Looks at the beginning of what is in the window; false while more must be read. */
static bool settle(struct list *list)
{
    if (!list->mark_passed)
        list->mark_passed = pass_mark(&list->window);
    if (list->mark_passed && list->format == LIST_AUTO)
        list->format = sniff(&list->window);
    return list->mark_passed && list->format != LIST_AUTO;
}

/* Settles the format. A comment that fills the window is passed as a line of its own. */
static enum source_status begin(struct list *list, struct error *error)
{
    struct list_window *window = &list->window;

    while (!settle(list)) {
        struct list_line comment;
        enum source_status status = window->line_is_cut || list_window_is_full(window)
                                        ? list_window_line(window, &comment, error)
                                        : list_window_fill(window, error);
        if (status != SOURCE_BYTES && status != SOURCE_END)
            return status;
    }
    list->begun = true;
    return SOURCE_BYTES;
}

static enum source_status fail_zone(const struct list *list, struct error *error)
{
    (void)error_set(error, "%s: line %" PRIu64 ": %s", list_source_name(list->source),
                    list->zone.line, list->zone.failure);
    return SOURCE_FAILED;
}

/* The next owner among the bytes in the window, or at the end of the file. */
static enum list_zone_event read_zone(struct list *list, mxs_slice *owner)
{
    mxs_slice bytes = list_window_pending(&list->window);
    size_t len = bytes.len;
    enum list_zone_event event = list_zone_feed(&list->zone, &bytes, owner);

    list_window_take(&list->window, len - bytes.len);
    if (event == LIST_ZONE_MORE && list->window.ended)
        event = list_zone_finish(&list->zone, owner);
    return event;
}

static enum source_status next_owner(struct list *list, struct list_entry *entry,
                                     struct error *error)
{
    enum source_status status = SOURCE_BYTES;

    while (status == SOURCE_BYTES) {
        switch (read_zone(list, &entry->text)) {
        case LIST_ZONE_GIVES:
            return SOURCE_BYTES;
        case LIST_ZONE_BAD:
            return fail_zone(list, error);
        case LIST_ZONE_MORE:
            break;
        }
        if (list->window.ended)
            return SOURCE_END;
        status = list_window_fill(&list->window, error);
        if (status == SOURCE_END)
            status = SOURCE_BYTES;
    }
    return status;
}

static enum source_status next_row(struct list *list, struct list_entry *entry, struct error *error)
{
    enum source_status status = SOURCE_BYTES;
    struct list_line line;
    bool is_entry = false;

    while (!is_entry && status == SOURCE_BYTES) {
        status = list_window_line(&list->window, &line, error);
        if (status != SOURCE_BYTES || line.is_blank || is_comment(line.text))
            continue;
        if (list->format == LIST_PLAIN) {
            entry->text = line.text;
            is_entry = true;
        } else if (!list_csv_read(&list->csv, &line, entry, &is_entry)) {
            (void)error_set(error, "%s: out of memory", list_source_name(list->source));
            status = SOURCE_FAILED;
        }
    }
    return status;
}

static enum source_status read_entry(struct list *list, struct list_entry *entry,
                                     struct error *error)
{
    enum source_status status = SOURCE_BYTES;

    if (!list->begun)
        status = begin(list, error);
    if (status != SOURCE_BYTES)
        return status;
    return list->format == LIST_ZONE ? next_owner(list, entry, error)
                                     : next_row(list, entry, error);
}

struct list *list_open(const char *path, enum list_format format, struct error *error)
{
    struct list *list = calloc(1, sizeof *list);

    if (list == NULL) {
        (void)error_set(error, "%s: out of memory", path);
        return NULL;
    }
    list->format = format;
    list_csv_init(&list->csv);
    list_zone_init(&list->zone);
    list->source = list->window.source = list_source_open(path, error);
    /* The first bytes tell at once whether it can be unpacked. */
    if (list->source != NULL && list_window_fill(&list->window, error) != SOURCE_FAILED)
        return list;
    list_free(list);
    return NULL;
}

void list_free(struct list *list)
{
    if (list == NULL)
        return;
    list_csv_clear(&list->csv);
    list_source_free(list->source);
    free(list);
}

enum list_status list_next(struct list *list, struct list_entry *entry, struct error *error)
{
    static const enum list_status statuses[] = {
        [SOURCE_BYTES] = LIST_ENTRY, [SOURCE_BUSY] = LIST_BUSY,     [SOURCE_WAIT] = LIST_WAIT,
        [SOURCE_END] = LIST_END,     [SOURCE_FAILED] = LIST_FAILED,
    };
    enum source_status status = SOURCE_FAILED;

    *entry = (struct list_entry){0};
    list->window.fills = 0;
    if (!list->failed)
        status = read_entry(list, entry, &list->failure);
    if (status == SOURCE_FAILED) {
        list->failed = true;
        *error = list->failure;
    }
    if (status != SOURCE_BYTES) {
        *entry = (struct list_entry){0};
        return statuses[status];
    }
    if (entry->text.len > MXS_INPUT_MAX + 1)
        entry->text.len = MXS_INPUT_MAX + 1;
    entry->index = list->count++;
    return LIST_ENTRY;
}

int list_fd(const struct list *list)
{
    return list_source_fd(list->source);
}

void list_digest(const struct list *list, char hex[65])
{
    list_source_digest(list->source, hex);
}

void list_position(const struct list *list, uint64_t *read, uint64_t *size)
{
    bool is_packed;

    list_source_position(list->source, read, size, &is_packed);
    if (!is_packed)
        *read -= list_window_pending(&list->window).len;
}
