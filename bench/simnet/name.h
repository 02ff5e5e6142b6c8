/**
 * Domain names: lower-case, uncompressed wire form (RFC 1035 section 3.1) with an index of labels.
 *
 * A `span` is a piece of bytes owned by somebody else: a label, or the wire form of a name. The
 * span of a suffix points into its name, which lets the packet writer see what it can compress.
 */
#ifndef SIMNET_NAME_H
#define SIMNET_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NAME_MAX_WIRE = 255,   /**< RFC 1035 section 2.3.4, length octets and root included. */
    NAME_MAX_LABEL = 63,   /**< RFC 1035 section 2.3.4. */
    NAME_MAX_LABELS = 127, /**< What fits into 255 octets, the root not counted. */
};

struct span {
    const uint8_t *ptr;
    size_t len;
};

struct name {
    size_t len;                         /**< Octets in `wire`, 1 for the root. */
    unsigned labels;                    /**< Labels, the root not counted. */
    uint8_t wire[NAME_MAX_WIRE];        /**< Letters in lower case. */
    uint8_t start[NAME_MAX_LABELS + 1]; /**< Where each label begins; the last is the root's. */
};

/**
 * Reads the name at `*position` of a packet and moves `*position` behind it.
 *
 * False when it leaves the packet, is too long, or holds a compression pointer (a question has
 * nothing before it that one could point at).
 */
bool name_read(const uint8_t *packet, size_t size, size_t *position, struct name *name);

/** Makes `name` of `prefix` (dotted text, no escapes, may be empty) before `suffix` (wire form).
 * False, with `name` the root, when the result is no name. */
bool name_join(struct name *name, const char *prefix, struct span suffix);

/** Makes `name` of dotted text. */
bool name_set(struct name *name, const char *text);

/** The wire form of the last `labels` labels; at most `name->labels`. */
struct span name_suffix(const struct name *name, unsigned labels);

/** The bytes of one label, counted from the right: 1 is the top-level domain. */
struct span name_label(const struct name *name, unsigned from_right);

/** The first label of a wire form; empty for the root. */
struct span span_first_label(struct span wire);

bool span_equal(struct span a, struct span b);

/** Whether `label` is this text. */
bool span_is(struct span label, const char *text);

/** Whether `name` (wire form) is `ancestor` or below it. */
bool span_is_below(struct span name, struct span ancestor);

/** Writes the wire form as text, without the closing dot, at most `size` - 1 bytes. */
void span_to_text(struct span wire, char *text, size_t size);

#endif
