#include "name.h"

#include <string.h>

static const uint8_t root_wire[1] = {0};

static uint8_t lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

static void set_root(struct name *name)
{
    name->len = 1;
    name->labels = 0;
    name->wire[0] = 0;
    name->start[0] = 0;
}

bool name_read(const uint8_t *packet, size_t size, size_t *position, struct name *name)
{
    size_t at = *position, out = 0;

    set_root(name);
    for (unsigned labels = 0; at < size; labels++) {
        size_t len = packet[at];
        if (len > NAME_MAX_LABEL || len >= size - at || out + 1 + len > NAME_MAX_WIRE)
            break;
        name->start[labels] = (uint8_t)out;
        name->wire[out++] = (uint8_t)len;
        for (size_t i = 1; i <= len; i++)
            name->wire[out++] = lower(packet[at + i]);
        at += 1 + len;
        if (len == 0) {
            name->len = out;
            name->labels = labels;
            *position = at;
            return true;
        }
        if (out >= NAME_MAX_WIRE)
            break; /* no room for the root */
    }
    set_root(name);
    return false;
}

/* Fills the index of a name whose `wire` and `len` are in place. */
static void index_labels(struct name *name)
{
    size_t at = 0;

    for (name->labels = 0; name->wire[at] != 0; at += 1u + name->wire[at])
        name->start[name->labels++] = (uint8_t)at;
    name->start[name->labels] = (uint8_t)at;
}

bool name_join(struct name *name, const char *prefix, struct span suffix)
{
    size_t out = 0;

    while (*prefix != '\0') {
        size_t len = strcspn(prefix, ".");
        if (len == 0 || len > NAME_MAX_LABEL || out + 1 + len + suffix.len > NAME_MAX_WIRE) {
            set_root(name);
            return false;
        }
        name->wire[out++] = (uint8_t)len;
        for (size_t i = 0; i < len; i++)
            name->wire[out++] = lower((uint8_t)prefix[i]);
        prefix += len;
        if (*prefix == '.')
            prefix++;
    }
    memcpy(name->wire + out, suffix.ptr, suffix.len);
    name->len = out + suffix.len;
    index_labels(name);
    return true;
}

bool name_set(struct name *name, const char *text)
{
    return name_join(name, text, (struct span){root_wire, sizeof root_wire});
}

struct span name_suffix(const struct name *name, unsigned labels)
{
    size_t start = name->start[name->labels - labels];

    return (struct span){name->wire + start, name->len - start};
}

struct span name_label(const struct name *name, unsigned from_right)
{
    return span_first_label(name_suffix(name, from_right));
}

struct span span_first_label(struct span wire)
{
    return (struct span){wire.ptr + 1, wire.ptr[0]};
}

bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

bool span_is(struct span label, const char *text)
{
    size_t len = strlen(text);

    return label.len == len && memcmp(label.ptr, text, len) == 0;
}

bool span_is_below(struct span name, struct span ancestor)
{
    while (name.len > ancestor.len) {
        size_t step = 1u + name.ptr[0];
        name.ptr += step;
        name.len -= step;
    }
    return span_equal(name, ancestor);
}

void span_to_text(struct span wire, char *text, size_t size)
{
    size_t out = 0;

    for (size_t at = 0; at < wire.len && wire.ptr[at] != 0; at += 1u + wire.ptr[at]) {
        size_t len = wire.ptr[at];
        if (out + len + 2 > size)
            break;
        if (out > 0)
            text[out++] = '.';
        memcpy(text + out, wire.ptr + at + 1, len);
        out += len;
    }
    text[out] = '\0';
}
