/**
 * Domain names, RFC 1035 section 3.1, in wire form and lower case.
 *
 * A `struct mxs_name` is a view, passed by value: the bytes live in the arena (or answer) it was
 * made in. It is valid from birth: labels of 1 to 63 octets, at most 255 in all, the root label
 * last. As every name is lower-cased when it is made, equality is equality of bytes (RFC 4343).
 */
#ifndef MXSWEEP_NAME_H
#define MXSWEEP_NAME_H

#include <mxsweep/arena.h>
#include <mxsweep/buffer.h>

enum {
    MXS_NAME_MAX = 255,  /**< Octets of the wire form, RFC 1035 section 2.3.4. */
    MXS_LABEL_MAX = 63,  /**< Octets of a label, same place. */
    MXS_LABELS_MAX = 127 /**< Labels, the root not counted: (255 - 1) / 2. */
};

struct mxs_name {
    const uint8_t *wire; /**< `len` octets; NULL in a zeroed struct, which is no name. */
    uint8_t len;
    uint8_t labels; /**< The root label is not counted: "example.com" has 2. */
};

/** Why a text is no name. */
enum mxs_name_status {
    MXS_NAME_OK,
    MXS_NAME_EMPTY_LABEL,    /**< Two dots in a row, a leading dot, or nothing at all. */
    MXS_NAME_LABEL_TOO_LONG, /**< Over 63 octets. */
    MXS_NAME_TOO_LONG,       /**< Over 255 octets in wire form. */
    MXS_NAME_BAD_ESCAPE,     /**< A backslash without a character or three digits up to 255. */
    MXS_NAME_NO_MEMORY,
};

/** The root. */
MXS_API extern const struct mxs_name mxs_name_root;

/**
 * Reads the presentation form: labels with dots between, a final dot allowed, `\X` and `\DDD` as
 * escapes (RFC 1035 section 5.1); "." is the root. Any octet may stand in a label: whether the name
 * is a host name is another question. On failure `*name` is zeroed.
 */
MXS_API enum mxs_name_status mxs_name_parse(struct mxs_arena *arena, mxs_slice text,
                                            struct mxs_name *name);

/** As mxs_name_parse, but a backslash is an octet like any other: for text that knows no escapes.
 */
MXS_API enum mxs_name_status mxs_name_parse_plain(struct mxs_arena *arena, mxs_slice text,
                                                  struct mxs_name *name);

/**
 * A name from an uncompressed wire form of exactly `len` octets, lower-cased into the arena.
 * Returns MXS_NAME_TOO_LONG for anything that is not one whole valid name.
 */
MXS_API enum mxs_name_status mxs_name_from_wire(struct mxs_arena *arena, const uint8_t *wire,
                                                size_t len, struct mxs_name *name);

/** `prefix` (presentation form, one or more labels: "_dmarc") in front of `name`. */
MXS_API enum mxs_name_status mxs_name_prepend(struct mxs_arena *arena, mxs_slice prefix,
                                              struct mxs_name name, struct mxs_name *result);

/** A copy whose bytes live in `arena`; zeroed when memory is out. */
MXS_API struct mxs_name mxs_name_copy(struct mxs_arena *arena, struct mxs_name name);

/** The name without its first `labels` labels; the root when it has no more. Shares the bytes. */
MXS_API struct mxs_name mxs_name_ancestor(struct mxs_name name, unsigned labels);

/** Label number `index`, counted from the left and from 0; empty beyond the last. */
MXS_API mxs_slice mxs_name_label(struct mxs_name name, unsigned index);

MXS_API bool mxs_name_is_root(struct mxs_name name);
MXS_API bool mxs_name_equal(struct mxs_name a, struct mxs_name b);
/** True when `name` is `ancestor` or lies below it. */
MXS_API bool mxs_name_is_at_or_below(struct mxs_name name, struct mxs_name ancestor);
/** Order by labels from the left, bytewise: for output that must not depend on the order of
 * answers. */
MXS_API int mxs_name_compare(struct mxs_name a, struct mxs_name b);
/** A hash under a seed that outsiders do not know, so that they cannot make names collide. */
MXS_API uint64_t mxs_name_hash(struct mxs_name name, uint64_t seed);

/**
 * True when the name could be a host's: two labels or more of letters, digits and inner hyphens
 * (RFC 1123 section 2.1, RFC 5321 section 2.3.5), the last label not all digits.
 */
MXS_API bool mxs_name_is_hostname(struct mxs_name name);

/**
 * True when `name` is, or lies below, a special-use name that the public DNS does not serve
 * (RFC 6761, 6762, 7686, 8375, 9476; `internal`): rules section 3 step 11.
 */
MXS_API bool mxs_name_is_special_use(struct mxs_name name);

/**
 * Appends the presentation form: no final dot, "." for the root, dots and backslashes inside labels
 * escaped, octets outside 0x21 to 0x7E as `\DDD`. The result is ASCII and reads back to the name.
 */
MXS_API void mxs_name_write(struct mxs_name name, struct mxs_buffer *buffer);

/** The presentation form in the arena; its `ptr` is NULL when memory is out. */
MXS_API mxs_slice mxs_name_text(struct mxs_arena *arena, struct mxs_name name);

#endif
