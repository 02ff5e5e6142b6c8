#include "dataset/dataset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <mxsweep/buffer.h>

#include "dataset/file.h"

enum {
    UNSYNCED_FRAMES_MAX = 16,
    SEEK_TABLE_MAGIC = 0x184D2A5E, /* a skippable frame, zstd seekable format 0.1.0 */
    SEEK_FOOTER_LEN = 9,
    SEEK_ENTRY_LEN = 8,
};
static const uint32_t seek_footer_magic = 0x8F92EAB1;

struct dataset {
    const char *path;
    enum dataset_form form;
    int fd;
    uint64_t size;           /* of the whole frames */
    struct mxs_buffer table; /* the seek table's entries */
    uint32_t frames;
    unsigned unsynced;
    double sync_s, synced_at;
    bool failed, reader_gone;
};

bool dataset_form_of(const char *path, enum dataset_form *form, struct error *error)
{
    mxs_slice text = path == NULL ? MXS_SLICE("-") : mxs_slice_of(path);

    if (mxs_slice_equal(text, MXS_SLICE("-")))
        *form = DATASET_STDOUT;
    else if (mxs_slice_ends_with(text, MXS_SLICE(".zst")))
        *form = DATASET_FRAMES;
    else if (mxs_slice_ends_with(text, MXS_SLICE(".ndjson")))
        *form = DATASET_LINES;
    else
        return error_set(error, "%s: an output's name ends in .zst (frames) or .ndjson (lines)",
                         path);
    return true;
}

static double now_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/*
 * Locked before it is emptied: an overwrite must not cut the file under a run that writes it. A
 * file that we make is made new (O_EXCL), never through a link that somebody laid there.
 */
static bool open_file(struct dataset *dataset, bool force, struct error *error)
{
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (force ? 0 : O_EXCL);
    struct stat status;

    dataset->fd = open(dataset->path, flags, 0644);
    if (dataset->fd < 0 && errno == EEXIST)
        return error_set(error, "%s: exists already (--force overwrites it)", dataset->path);
    if (dataset->fd < 0)
        return error_set_errno(error, errno, "%s", dataset->path);
    if (fstat(dataset->fd, &status) != 0 || !S_ISREG(status.st_mode))
        return error_set(error, "%s: is not a regular file", dataset->path);
    if (flock(dataset->fd, LOCK_EX | LOCK_NB) != 0)
        return error_set(error, "%s: another run writes it", dataset->path);
    if (ftruncate(dataset->fd, 0) != 0)
        return error_set_errno(error, errno, "%s", dataset->path);
    file_sync_folder(dataset->path);
    return true;
}

struct dataset *dataset_open(const struct dataset_options *options, struct error *error)
{
    struct dataset *dataset = calloc(1, sizeof *dataset);

    if (dataset == NULL) {
        (void)error_set(error, "out of memory");
        return NULL;
    }
    dataset->path = options->path;
    dataset->fd = STDOUT_FILENO;
    dataset->sync_s = options->sync_s;
    dataset->synced_at = now_s();
    if (!dataset_form_of(options->path, &dataset->form, error) ||
        (dataset->form != DATASET_STDOUT && !open_file(dataset, options->force, error))) {
        dataset_free(dataset);
        return NULL;
    }
    if (dataset->form == DATASET_STDOUT)
        dataset->path = "standard output";
    return dataset;
}

void dataset_free(struct dataset *dataset)
{
    if (dataset == NULL)
        return;
    if (dataset->fd > STDERR_FILENO)
        (void)close(dataset->fd);
    mxs_buffer_clear(&dataset->table);
    free(dataset);
}

/* Says why, and cuts the file back to its last whole frame. */
static bool fail(struct dataset *dataset, struct error *error)
{
    int reason = errno;

    dataset->failed = true;
    dataset->reader_gone = dataset->form == DATASET_STDOUT && reason == EPIPE;
    if (dataset->form != DATASET_STDOUT && ftruncate(dataset->fd, (off_t)dataset->size) != 0)
        return error_set_errno(error, reason, "%s: a torn frame stays at byte %llu", dataset->path,
                               (unsigned long long)dataset->size);
    return error_set_errno(error, reason, "%s", dataset->path);
}

static bool sync_file(struct dataset *dataset, struct error *error)
{
    dataset->unsynced = 0;
    dataset->synced_at = now_s();
    if (dataset->form == DATASET_STDOUT || fdatasync(dataset->fd) == 0)
        return true;
    return fail(dataset, error);
}

static void append_u32(struct mxs_buffer *buffer, uint32_t number)
{
    const unsigned char octets[4] = {(unsigned char)number, (unsigned char)(number >> 8),
                                     (unsigned char)(number >> 16), (unsigned char)(number >> 24)};

    mxs_buffer_append(buffer, (mxs_slice){(const char *)octets, sizeof octets});
}

bool dataset_append(struct dataset *dataset, mxs_slice frame, size_t raw_len, struct error *error)
{
    if (dataset->failed)
        return error_set(error, "%s: cannot be written any more", dataset->path);
    if (!file_write_all(dataset->fd, frame))
        return fail(dataset, error);
    dataset->size += frame.len;
    if (dataset->form == DATASET_FRAMES) {
        append_u32(&dataset->table, (uint32_t)frame.len);
        append_u32(&dataset->table, (uint32_t)raw_len);
        dataset->frames++;
    }
    if (++dataset->unsynced >= UNSYNCED_FRAMES_MAX ||
        now_s() - dataset->synced_at >= dataset->sync_s)
        return sync_file(dataset, error);
    return true;
}

/* The table is a skippable frame: its entries, then their number, a byte of flags, and a magic. */
static bool write_seek_table(struct dataset *dataset, struct error *error)
{
    struct mxs_buffer table;
    bool written;

    mxs_buffer_init(&table);
    append_u32(&table, SEEK_TABLE_MAGIC);
    append_u32(&table, dataset->frames * SEEK_ENTRY_LEN + SEEK_FOOTER_LEN);
    mxs_buffer_append(&table, mxs_buffer_slice(&dataset->table));
    append_u32(&table, dataset->frames);
    mxs_buffer_append_char(&table, '\0');
    append_u32(&table, seek_footer_magic);
    if (table.failed || dataset->table.failed)
        written = error_set(error, "%s: no memory for the seek table", dataset->path);
    else
        written = file_write_all(dataset->fd, mxs_buffer_slice(&table)) || fail(dataset, error);
    mxs_buffer_clear(&table);
    return written;
}

bool dataset_finish(struct dataset *dataset, struct error *error)
{
    if (dataset->failed)
        return true; /* said already */
    if (dataset->form == DATASET_FRAMES && !write_seek_table(dataset, error))
        return false;
    return sync_file(dataset, error);
}

bool dataset_reader_is_gone(const struct dataset *dataset)
{
    return dataset->reader_gone;
}

uint64_t dataset_size(const struct dataset *dataset)
{
    return dataset->size;
}
