/**
 * The SPF record: RFC 7208 sections 4.5, 4.6, 5, 6, 7 and 12; rules sections 6.b and 6.c.
 *
 * A parser in one pass over the bytes. It is total: any bytes give a record with its defects.
 * Nothing is repaired: what the grammar does not allow is a defect, named by its kind and place,
 * and makes the record one that every receiver answers with permerror. Slices point into the parsed
 * text.
 */
#ifndef MXSWEEP_SPF_H
#define MXSWEEP_SPF_H

#include <mxsweep/address.h>
#include <mxsweep/arena.h>

/** What a term is. The first eight are mechanisms, the others modifiers. */
enum mxs_spf_kind {
    MXS_SPF_ALL,
    MXS_SPF_INCLUDE,
    MXS_SPF_A,
    MXS_SPF_MX,
    MXS_SPF_PTR,
    MXS_SPF_IP4,
    MXS_SPF_IP6,
    MXS_SPF_EXISTS,
    MXS_SPF_REDIRECT,
    MXS_SPF_EXP,
    MXS_SPF_OTHER_MODIFIER, /**< Ignored by receivers, section 6. */
};

enum mxs_spf_qualifier { MXS_SPF_PASS, MXS_SPF_FAIL, MXS_SPF_SOFTFAIL, MXS_SPF_NEUTRAL };

/** Why a term is none; rules section 6.c row 10. */
enum mxs_spf_reason {
    MXS_SPF_UNKNOWN_MECHANISM,
    MXS_SPF_BAD_IP4,
    MXS_SPF_BAD_IP6,
    MXS_SPF_BAD_CIDR,
    MXS_SPF_MISSING_ARG,
    MXS_SPF_EMPTY_ARG,
    MXS_SPF_ARG_NOT_ALLOWED,
    MXS_SPF_BAD_DOMAIN_SPEC,
    MXS_SPF_SINGLE_LABEL,
    MXS_SPF_IP_IN_DOMAIN_SPEC,
    MXS_SPF_BAD_MACRO,
    MXS_SPF_BAD_MODIFIER_NAME,
    MXS_SPF_DUPLICATE_MODIFIER,
    MXS_SPF_STRAY_QUALIFIER,
    MXS_SPF_NON_ASCII,
    MXS_SPF_CONTROL_CHAR,
    MXS_SPF_GLUED_AT_STRING_BOUNDARY,
    MXS_SPF_REASONS
};

/** Macro letters of a domain-spec, as bits; section 7.2. */
enum mxs_spf_macro {
    MXS_SPF_MACRO_S = 1 << 0,
    MXS_SPF_MACRO_L = 1 << 1,
    MXS_SPF_MACRO_O = 1 << 2,
    MXS_SPF_MACRO_D = 1 << 3,
    MXS_SPF_MACRO_I = 1 << 4,
    MXS_SPF_MACRO_P = 1 << 5,
    MXS_SPF_MACRO_H = 1 << 6,
    MXS_SPF_MACRO_V = 1 << 7,
    /** Those that make a target depend on the message and not on the record alone. */
    MXS_SPF_MACROS_DYNAMIC = MXS_SPF_MACRO_S | MXS_SPF_MACRO_L | MXS_SPF_MACRO_O | MXS_SPF_MACRO_I |
                             MXS_SPF_MACRO_P | MXS_SPF_MACRO_H,
};

struct mxs_spf_term {
    enum mxs_spf_kind kind;
    enum mxs_spf_qualifier qualifier; /**< Of a mechanism. */
    mxs_slice text;                   /**< The whole term as written. */
    size_t offset;                    /**< Of its first byte in the record. */
    mxs_slice name;                   /**< Mechanism or modifier name as written. */
    mxs_slice domain;                 /**< Domain-spec (or a modifier's value); `ptr` NULL: none. */
    unsigned macros;                  /**< Set of enum mxs_spf_macro in `domain`. */
    struct mxs_address address;       /**< ip4, ip6. */
    uint8_t prefix4;                  /**< ip4: its length; a, mx: the IPv4 one. 32 by default. */
    uint8_t prefix6;                  /**< ip6: its length; a, mx: the IPv6 one. 128 by default. */
};

struct mxs_spf_defect {
    enum mxs_spf_reason reason;
    mxs_slice term; /**< The term it is in, as written. */
    size_t offset;  /**< Of the byte at which it shows, from the start of the record. */
};

struct mxs_spf_record {
    mxs_slice text;
    const struct mxs_spf_term *terms; /**< Those that parse, in order. */
    unsigned term_count;
    const struct mxs_spf_defect *defects;
    unsigned defect_count; /**< 0: every receiver can use the record. */
    bool over_limit;       /**< More terms than are kept: `limit`, nothing is concluded. */
};

enum {
    MXS_SPF_TERMS_MAX = 2000, /**< Terms kept of one record: 64 KiB of text hold many more. */
    MXS_SPF_DEFECTS_MAX = 50, /**< Defects kept; the first is enough for permerror. */
};

/** True when `text` is selected as an SPF record: "v=spf1" in any case, then a space or the end. */
MXS_API bool mxs_spf_is_record(mxs_slice text);

/**
 * True when `text` looks as if it was meant to be an SPF record but is not selected (rules 6.c row
 * 4): a leading blank, BOM or quote, "v=spf1" followed by something else, `v=spf 1`, `spf1 ...`, `v
 * = spf1`.
 */
MXS_API bool mxs_spf_is_near_miss(mxs_slice text);

/**
 * Parses a selected record. `boundaries` are the offsets in `text` at which one character-string of
 * the TXT record ends and the next begins, in order (none for a record of one string): a term that
 * is broken because two strings were joined there without a space is recognised by them. Returns
 * NULL when memory is out. Time is linear in `text.len`.
 */
MXS_API const struct mxs_spf_record *mxs_spf_parse(struct mxs_arena *arena, mxs_slice text,
                                                   const size_t *boundaries, size_t boundary_count);

/** `unknown_mechanism`, `bad_ip4`, ... as in rules section 6.c row 10. */
MXS_API const char *mxs_spf_reason_text(enum mxs_spf_reason reason);

#endif
