#include "resolve/exclude.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsweep/address.h>

enum { FIRST_SLOTS = 1024 };

struct exclude {
    struct mxs_arena arena;
    struct mxs_name *slots; /* open addressing; a zeroed name is a free slot */
    size_t slot_count, name_count;
    unsigned fewest_labels; /* of the names: nothing shorter is covered */
    char **blocks;
    size_t block_count;
};

static struct mxs_name *find_slot(const struct exclude *exclude, struct mxs_name name)
{
    size_t at = mxs_name_hash(name, 0) & (exclude->slot_count - 1);

    while (exclude->slots[at].wire != NULL && !mxs_name_equal(exclude->slots[at], name))
        at = (at + 1) & (exclude->slot_count - 1);
    return &exclude->slots[at];
}

static bool grow(struct exclude *exclude)
{
    struct exclude larger = *exclude;

    larger.slot_count = exclude->slot_count == 0 ? FIRST_SLOTS : exclude->slot_count * 2;
    larger.slots = calloc(larger.slot_count, sizeof *larger.slots);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < exclude->slot_count; i++)
        if (exclude->slots[i].wire != NULL)
            *find_slot(&larger, exclude->slots[i]) = exclude->slots[i];
    free(exclude->slots);
    *exclude = larger;
    return true;
}

static bool add_name(struct exclude *exclude, struct mxs_name name)
{
    if (exclude->name_count * 2 >= exclude->slot_count && !grow(exclude))
        return false;
    *find_slot(exclude, name) = name;
    exclude->name_count++;
    if (name.labels < exclude->fewest_labels)
        exclude->fewest_labels = name.labels;
    return true;
}

static bool add_block(struct exclude *exclude, mxs_slice text)
{
    char **blocks = realloc(exclude->blocks, (exclude->block_count + 1) * sizeof *blocks);

    if (blocks == NULL)
        return false;
    exclude->blocks = blocks;
    blocks[exclude->block_count] = strndup(text.ptr, text.len);
    return blocks[exclude->block_count++] != NULL;
}

/* An address, or one with /length behind. */
static bool is_block(mxs_slice text)
{
    struct mxs_address address;
    mxs_slice rest = text, base;
    uint64_t len;

    (void)mxs_slice_split(&rest, '/', &base);
    if (!mxs_address_parse(base, &address))
        return false;
    return rest.ptr == NULL || mxs_slice_to_number(rest, (uint64_t)address.len * 8, &len);
}

static mxs_slice trim(mxs_slice line)
{
    while (line.len > 0 && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r'))
        line.len--;
    return mxs_slice_trim(line);
}

/* False with the error set, but for the place, which the caller knows. */
static bool add_line(struct exclude *exclude, mxs_slice line, struct error *error)
{
    struct mxs_name name;

    line = trim(line);
    if (line.len == 0 || line.ptr[0] == '#')
        return true;
    if (is_block(line))
        return add_block(exclude, line) || error_set(error, "out of memory");
    if (line.ptr[0] == '.')
        line = mxs_slice_from(line, 1);
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.ptr[i] >= 0x80 || mxs_is_blank(line.ptr[i]))
            return error_set(error, "not a name (IDNs in their xn-- form) nor an address block");
    if (mxs_name_parse_plain(&exclude->arena, line, &name) != MXS_NAME_OK)
        return error_set(error, "not a name, a .suffix or an address block");
    return add_name(exclude, name) || error_set(error, "out of memory");
}

static bool read_lines(struct exclude *exclude, FILE *file, const char *path, struct error *error)
{
    char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t len;
    bool sound = true;

    while (sound && (len = getline(&line, &room, file)) >= 0) {
        struct error reason;
        number++;
        if (!add_line(exclude, (mxs_slice){line, (size_t)len}, &reason))
            sound = error_set(error, "%s, line %zu: %s", path, number, reason.text);
    }
    if (sound && ferror(file))
        sound = error_set_errno(error, errno, "%s", path);
    free(line);
    return sound;
}

struct exclude *exclude_load(const char *path, struct error *error)
{
    struct exclude *exclude = calloc(1, sizeof *exclude);
    FILE *file = fopen(path, "re");
    bool loaded = false;

    if (exclude == NULL)
        (void)error_set(error, "out of memory");
    else if (file == NULL)
        (void)error_set_errno(error, errno, "%s", path);
    else {
        exclude->fewest_labels = MXS_LABELS_MAX;
        loaded = grow(exclude) && read_lines(exclude, file, path, error);
    }
    if (file != NULL)
        (void)fclose(file);
    if (!loaded) {
        exclude_free(exclude);
        exclude = NULL;
    }
    return exclude;
}

void exclude_free(struct exclude *exclude)
{
    if (exclude == NULL)
        return;
    mxs_arena_clear(&exclude->arena);
    free(exclude->slots);
    for (size_t i = 0; i < exclude->block_count; i++)
        free(exclude->blocks[i]);
    free(exclude->blocks);
    free(exclude);
}

bool exclude_covers(const struct exclude *exclude, struct mxs_name name)
{
    if (exclude == NULL)
        return false;
    for (; name.labels >= exclude->fewest_labels; name = mxs_name_ancestor(name, 1)) {
        if (find_slot(exclude, name)->wire != NULL)
            return true;
        if (name.labels == 0)
            break;
    }
    return false;
}

bool exclude_next_name(const struct exclude *exclude, size_t *at, struct mxs_name *name)
{
    while (exclude != NULL && *at < exclude->slot_count) {
        *name = exclude->slots[(*at)++];
        if (name->wire != NULL)
            return true;
    }
    return false;
}

const char *exclude_block(const struct exclude *exclude, size_t index)
{
    return exclude == NULL || index >= exclude->block_count ? NULL : exclude->blocks[index];
}
