/*
 * The list reader: whatever the bytes, an entry keeps to its bounds, `meta` is a JSON object, and
 * a pipe that gives the bytes in pieces gives the same entries as a file.
 *
 * The first byte is the format, the second the size of a pipe's pieces, the third how long a run a
 * `~` stands for, so that short inputs reach past the reader's window.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <mxsweep/buffer.h>
#include <mxsweep/input.h>

#include "sweep/list.h"

enum { META_MAX = 4096, BYTES_MAX = 192 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Takes a JSON string from the front of `*rest`. */
static void require_string(mxs_slice *rest)
{
    size_t at = 1;

    require(rest->len > 0 && rest->ptr[0] == '"');
    while (at < rest->len && rest->ptr[at] != '"') {
        require((unsigned char)rest->ptr[at] >= 0x20);
        at += rest->ptr[at] == '\\' ? 2 : 1;
    }
    require(at < rest->len);
    *rest = mxs_slice_from(*rest, at + 1);
}

static void require_char(mxs_slice *rest, char c)
{
    require(rest->len > 0 && rest->ptr[0] == c);
    *rest = mxs_slice_from(*rest, 1);
}

static void require_meta(mxs_slice meta)
{
    mxs_slice rest = meta;
    char separator = '{';

    if (meta.len == 0)
        return;
    require(meta.len <= META_MAX && mxs_slice_is_utf8(meta));
    while (rest.len > 1) {
        require_char(&rest, separator);
        require_string(&rest);
        require_char(&rest, ':');
        require_string(&rest);
        separator = ',';
    }
    require_char(&rest, '}');
}

static void take_down(const struct list_entry *entry, struct mxs_buffer *got)
{
    require(entry->text.len <= MXS_INPUT_MAX + 1);
    require(entry->text.len == 0 || memchr(entry->text.ptr, '\n', entry->text.len) == NULL);
    require_meta(entry->meta);
    mxs_buffer_append_number(got, entry->rank);
    mxs_buffer_append_char(got, '\n');
    mxs_buffer_append(got, entry->text);
    mxs_buffer_append_char(got, '\n');
    mxs_buffer_append(got, entry->meta);
    mxs_buffer_append_char(got, '\n');
}

/* The reason alone: names differ, and where damage shows depends on the steps that led there. */
static void take_down_error(const struct error *error, struct mxs_buffer *got)
{
    const char *reason = strstr(error->text, ": ");

    require(reason != NULL);
    if (strncmp(reason, ": damaged at byte ", strlen(": damaged at byte ")) == 0)
        reason = strstr(reason + 1, ": ");
    require(reason != NULL);
    mxs_buffer_append(got, mxs_slice_of(reason));
}

static enum list_status drain(struct list *list, uint64_t *count, struct mxs_buffer *got)
{
    struct list_entry entry;
    struct error error;
    enum list_status status;

    while ((status = list_next(list, &entry, &error)) == LIST_ENTRY || status == LIST_BUSY) {
        if (status == LIST_BUSY)
            continue;
        require(entry.index == (*count)++);
        take_down(&entry, got);
    }
    if (status == LIST_FAILED)
        take_down_error(&error, got);
    return status;
}

static struct list *open_descriptor(int fd, enum list_format format, struct mxs_buffer *got)
{
    char path[32];
    struct error error;
    struct list *list;

    (void)snprintf(path, sizeof path, "/dev/fd/%d", fd);
    list = list_open(path, format, &error);
    if (list == NULL)
        take_down_error(&error, got);
    return list;
}

static void read_file(enum list_format format, mxs_slice bytes, struct mxs_buffer *got)
{
    int fd = memfd_create("list", 0);
    uint64_t count = 0;
    struct list *list;

    require(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
    list = open_descriptor(fd, format, got);
    if (list != NULL)
        require(drain(list, &count, got) != LIST_WAIT);
    list_free(list);
    (void)close(fd);
}

static void read_pipe(enum list_format format, mxs_slice bytes, size_t piece,
                      struct mxs_buffer *got)
{
    enum list_status status = LIST_WAIT;
    uint64_t count = 0;
    struct list *list;
    int ends[2];

    require(pipe(ends) == 0);
    list = open_descriptor(ends[0], format, got);
    require(list != NULL);
    while (status == LIST_WAIT && bytes.len > 0) {
        size_t len = bytes.len < piece ? bytes.len : piece;
        require(write(ends[1], bytes.ptr, len) == (ssize_t)len);
        bytes = mxs_slice_from(bytes, len);
        status = drain(list, &count, got);
    }
    (void)close(ends[1]);
    if (status == LIST_WAIT)
        require(drain(list, &count, got) != LIST_WAIT);
    list_free(list);
    (void)close(ends[0]);
}

static void stretch(mxs_slice data, size_t run, struct mxs_buffer *bytes)
{
    for (size_t i = 0; i < data.len && bytes->len < BYTES_MAX; i++) {
        bool is_run = data.ptr[i] == '~' && i > 0;
        for (size_t k = is_run ? run : 1; k > 0; k--)
            mxs_buffer_append_char(bytes, data.ptr[is_run ? i - 1 : i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_buffer bytes, from_file, from_pipe;
    enum list_format format;

    if (size < 4)
        return 0;
    format = (enum list_format)(data[0] % 4);
    mxs_buffer_init(&bytes);
    mxs_buffer_init(&from_file);
    mxs_buffer_init(&from_pipe);
    stretch((mxs_slice){(const char *)data + 3, size - 3}, (size_t)data[2] << 9, &bytes);
    if (bytes.len > 0) {
        size_t piece = bytes.len > 4096 ? 4096U + data[1] : 1U + data[1] % 32U;
        read_file(format, mxs_buffer_slice(&bytes), &from_file);
        read_pipe(format, mxs_buffer_slice(&bytes), piece, &from_pipe);
        require(!bytes.failed && !from_file.failed && !from_pipe.failed);
        require(mxs_slice_equal(mxs_buffer_slice(&from_file), mxs_buffer_slice(&from_pipe)));
    }
    mxs_buffer_clear(&bytes);
    mxs_buffer_clear(&from_file);
    mxs_buffer_clear(&from_pipe);
    return 0;
}
