#include "sweep/names.h"

#include <stdlib.h>
#include <string.h>

struct name *name_new(const struct list_entry *entry)
{
    struct name *name = calloc(1, sizeof *name + entry->text.len + entry->meta.len);

    if (name == NULL)
        return NULL;
    name->index = entry->index;
    name->rank = entry->rank;
    name->text_len = (uint32_t)entry->text.len;
    name->meta_len = (uint32_t)entry->meta.len;
    if (entry->text.len > 0)
        memcpy(name->bytes, entry->text.ptr, entry->text.len);
    if (entry->meta.len > 0)
        memcpy(name->bytes + entry->text.len, entry->meta.ptr, entry->meta.len);
    return name;
}

static void drop_line(struct name *name)
{
    free(name->line);
    free(name->counts);
    name->line = NULL;
    name->counts = NULL;
    name->line_len = 0;
}

void name_free(struct name *name)
{
    if (name == NULL)
        return;
    drop_line(name);
    free(name);
}

bool name_keep_line(struct name *name, const struct line_counts *counts, mxs_slice line)
{
    drop_line(name);
    name->line = malloc(line.len);
    name->counts = malloc(sizeof *name->counts);
    if (name->line == NULL || name->counts == NULL) {
        drop_line(name);
        return false;
    }
    memcpy(name->line, line.ptr, line.len);
    name->line_len = line.len;
    *name->counts = *counts;
    return true;
}

size_t name_bytes(const struct name *name)
{
    return sizeof *name + name->text_len + name->meta_len + name->line_len +
           (name->counts != NULL ? sizeof *name->counts : 0);
}

void name_write(const struct name *name, unsigned flags, struct mxs_buffer *out)
{
    struct dealt_name dealt = {
        .index = name->index,
        .rank = name->rank,
        .text_len = name->text_len,
        .meta_len = name->meta_len,
        .flags = flags,
    };

    mxs_buffer_append(out, (mxs_slice){(const char *)&dealt, sizeof dealt});
    mxs_buffer_append(out, (mxs_slice){name->bytes, name->text_len + name->meta_len});
}

void name_list_append(struct name_list *list, struct name *name)
{
    name->next = NULL;
    if (list->last != NULL)
        list->last->next = name;
    else
        list->first = name;
    list->last = name;
    list->count++;
    list->bytes += name_bytes(name);
}

struct name *name_list_take(struct name_list *list)
{
    struct name *name = list->first;

    if (name == NULL)
        return NULL;
    list->first = name->next;
    if (list->first == NULL)
        list->last = NULL;
    list->count--;
    list->bytes -= name_bytes(name);
    name->next = NULL;
    return name;
}

void name_list_clear(struct name_list *list)
{
    struct name *name;

    while ((name = name_list_take(list)) != NULL)
        name_free(name);
}

static struct name **bucket_of(struct dealt *dealt, uint64_t index)
{
    const size_t buckets = sizeof dealt->buckets / sizeof dealt->buckets[0];

    return &dealt->buckets[index & (buckets - 1)];
}

void dealt_add(struct dealt *dealt, struct name *name)
{
    struct name **bucket = bucket_of(dealt, name->index);

    name->next = *bucket;
    *bucket = name;
    dealt->count++;
}

static struct name *unlink_name(struct dealt *dealt, struct name **link)
{
    struct name *name = *link;

    *link = name->next;
    name->next = NULL;
    dealt->count--;
    return name;
}

struct name *dealt_take(struct dealt *dealt, uint64_t index, unsigned slot)
{
    struct name **link = bucket_of(dealt, index);

    while (*link != NULL && ((*link)->index != index || (*link)->slot != slot))
        link = &(*link)->next;
    return *link == NULL ? NULL : unlink_name(dealt, link);
}

uint64_t dealt_take_all(struct dealt *dealt, unsigned slot, struct name_list *list)
{
    uint64_t taken = 0;

    for (size_t i = 0; i < sizeof dealt->buckets / sizeof dealt->buckets[0]; i++)
        for (struct name **link = &dealt->buckets[i]; *link != NULL;) {
            if ((*link)->slot != slot) {
                link = &(*link)->next;
                continue;
            }
            name_list_append(list, unlink_name(dealt, link));
            taken++;
        }
    return taken;
}

void dealt_clear(struct dealt *dealt)
{
    for (size_t i = 0; i < sizeof dealt->buckets / sizeof dealt->buckets[0]; i++)
        while (dealt->buckets[i] != NULL)
            name_free(unlink_name(dealt, &dealt->buckets[i]));
}
