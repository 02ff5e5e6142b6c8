#include "sweep/list_source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "sweep/list_unpack.h"

enum {
    RAW_SIZE = 128 << 10,
    SHA256_SIZE = 256 / 8, /* bytes */
};

struct list_source {
    char *name;
    int fd;
    bool owns_fd, may_wait;
    uint64_t size, read;
    EVP_MD_CTX *digest;
    size_t start, end; /* of `raw`, what was read and is not unpacked yet */
    bool raw_ended;
    bool failed;
    struct error failure;
    struct list_unpack unpack;
    char raw[RAW_SIZE];
};

static enum source_status fail(struct list_source *source)
{
    source->failed = true;
    return SOURCE_FAILED;
}

static enum source_status fail_damaged(struct list_source *source, const char *reason)
{
    uint64_t at = source->read - (source->end - source->start);

    (void)error_set(&source->failure, "%s: damaged at byte %" PRIu64 ": %s", source->name, at,
                    reason);
    return fail(source);
}

/* True when a read would not block; what poll() cannot tell, read() will. */
static bool is_readable(int fd)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};

    return poll(&wanted, 1, 0) != 0;
}

static bool take_in(struct list_source *source, size_t len)
{
    if (EVP_DigestUpdate(source->digest, source->raw + source->end, len) != 1)
        return error_set(&source->failure, "%s: cannot make its digest", source->name);
    source->end += len;
    source->read += len;
    return true;
}

/* More raw bytes behind those there are; at the end of the file none, and `raw_ended`. */
static enum source_status fill(struct list_source *source)
{
    ssize_t got;

    if (source->start == source->end)
        source->start = source->end = 0;
    if (source->may_wait && !is_readable(source->fd))
        return SOURCE_WAIT;
    do {
        got = read(source->fd, source->raw + source->end, RAW_SIZE - source->end);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return SOURCE_WAIT;
    if (got < 0) {
        (void)error_set_errno(&source->failure, errno, "%s: cannot be read", source->name);
        return fail(source);
    }
    source->raw_ended = got == 0;
    return take_in(source, (size_t)got) ? SOURCE_BYTES : fail(source);
}

static mxs_slice raw_bytes(const struct list_source *source)
{
    return (mxs_slice){source->raw + source->start, source->end - source->start};
}

static enum source_status begin(struct list_source *source)
{
    while (list_unpack_begin(&source->unpack, raw_bytes(source), source->raw_ended) ==
           LIST_PACKING_UNKNOWN) {
        enum source_status status = fill(source);
        if (status != SOURCE_BYTES)
            return status;
    }
    if (source->unpack.failure == NULL)
        return SOURCE_BYTES;
    (void)error_set(&source->failure, "%s: %s", source->name, source->unpack.failure);
    return fail(source);
}

static enum source_status read_on(struct list_source *source, char *room, size_t size, size_t *len)
{
    enum source_status status = SOURCE_BYTES;

    if (source->unpack.packing == LIST_PACKING_UNKNOWN)
        status = begin(source);
    while (status == SOURCE_BYTES) {
        mxs_slice packed = raw_bytes(source);
        *len = list_unpack_step(&source->unpack, &packed, room, size);
        source->start = source->end - packed.len;
        if (source->unpack.failure != NULL)
            status = fail_damaged(source, source->unpack.failure);
        if (*len > 0)
            return SOURCE_BYTES; /* a failure waits for the next call */
        if (packed.len > 0 || status != SOURCE_BYTES)
            continue;
        if (source->raw_ended)
            return source->unpack.within ? fail_damaged(source, "it ends before its data does")
                                         : SOURCE_END;
        status = fill(source);
    }
    return status;
}

enum source_status list_source_read(struct list_source *source, char *room, size_t size,
                                    size_t *len, struct error *error)
{
    enum source_status status = SOURCE_FAILED;

    *len = 0;
    if (!source->failed)
        status = read_on(source, room, size, len);
    if (status == SOURCE_FAILED)
        *error = source->failure;
    return status;
}

static bool open_file(struct list_source *source, const char *path, struct error *error)
{
    struct stat status;

    source->owns_fd = strcmp(path, "-") != 0;
    source->fd = source->owns_fd ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
    if (source->fd < 0 || fstat(source->fd, &status) != 0)
        return error_set_errno(error, errno, "%s", source->name);
    if (S_ISDIR(status.st_mode))
        return error_set(error, "%s: is a directory", source->name);
    source->may_wait = !S_ISREG(status.st_mode);
    source->size = source->may_wait ? 0 : (uint64_t)status.st_size;
    return true;
}

static bool prepare(struct list_source *source, const char *path, struct error *error)
{
    source->fd = -1;
    source->name = strdup(strcmp(path, "-") == 0 ? "standard input" : path);
    source->digest = EVP_MD_CTX_new();
    if (source->name == NULL || source->digest == NULL ||
        EVP_DigestInit_ex(source->digest, EVP_sha256(), NULL) != 1)
        return error_set(error, "%s: out of memory", path);
    return open_file(source, path, error);
}

struct list_source *list_source_open(const char *path, struct error *error)
{
    struct list_source *source = calloc(1, sizeof *source);

    if (source == NULL) {
        (void)error_set(error, "%s: out of memory", path);
        return NULL;
    }
    if (prepare(source, path, error))
        return source;
    list_source_free(source);
    return NULL;
}

void list_source_free(struct list_source *source)
{
    if (source == NULL)
        return;
    list_unpack_clear(&source->unpack);
    EVP_MD_CTX_free(source->digest);
    if (source->owns_fd && source->fd >= 0)
        (void)close(source->fd);
    free(source->name);
    free(source);
}

int list_source_fd(const struct list_source *source)
{
    return source->fd;
}

const char *list_source_name(const struct list_source *source)
{
    return source->name;
}

void list_source_digest(const struct list_source *source, char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char hash[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *copied = EVP_MD_CTX_new();
    size_t len = 0;

    if (copied != NULL && EVP_MD_CTX_copy_ex(copied, source->digest) == 1 &&
        EVP_DigestFinal_ex(copied, hash, NULL) == 1) {
        for (size_t i = 0; i < SHA256_SIZE; i++) {
            hex[len++] = digits[hash[i] >> 4];
            hex[len++] = digits[hash[i] & 15];
        }
    }
    hex[len] = '\0';
    EVP_MD_CTX_free(copied);
}

void list_source_position(const struct list_source *source, uint64_t *read, uint64_t *size,
                          bool *is_packed)
{
    *read = source->read - (source->end - source->start);
    *size = source->size;
    *is_packed = source->unpack.packing != LIST_PACKING_NONE;
}
