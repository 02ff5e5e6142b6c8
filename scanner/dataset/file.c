#include "dataset/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool file_write_all(int fd, mxs_slice bytes)
{
    while (bytes.len > 0) {
        ssize_t written = write(fd, bytes.ptr, bytes.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes = mxs_slice_from(bytes, (size_t)written);
    }
    return true;
}

void file_sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
    free(folder);
}

static bool write_new(const char *path, mxs_slice text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool written;

    if (fd < 0)
        return false;
    written = file_write_all(fd, text) && fsync(fd) == 0;
    return close(fd) == 0 && written;
}

bool file_replace(const char *path, const struct mxs_buffer *text, struct error *error)
{
    char beside[4096];
    int reason;

    if (text->failed)
        return error_set(error, "%s: out of memory", path);
    if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
        return error_set(error, "%s: the name is too long", path);
    if (write_new(beside, mxs_buffer_slice(text)) && rename(beside, path) == 0) {
        file_sync_folder(path);
        return true;
    }
    reason = errno;
    (void)unlink(beside);
    return error_set_errno(error, reason, "%s", path);
}
