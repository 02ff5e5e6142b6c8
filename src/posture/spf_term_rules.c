#include "posture/spf_term_rules.h"

#include "records/spf_macro.h"

enum { QUERY_NAME_MAX = 253 /* characters, section 7.3 */ };

static bool is_mechanism(const struct mxs_spf_term *term)
{
    return term->kind < MXS_SPF_REDIRECT;
}

static bool is_ptr(const struct mxs_spf_term *term)
{
    return term->kind == MXS_SPF_PTR;
}

static bool is_exists(const struct mxs_spf_term *term)
{
    return term->kind == MXS_SPF_EXISTS;
}

static bool is_unknown_modifier(const struct mxs_spf_term *term)
{
    return term->kind == MXS_SPF_OTHER_MODIFIER;
}

static bool has_macro_p(const struct mxs_spf_term *term)
{
    return term->kind != MXS_SPF_OTHER_MODIFIER && (term->macros & MXS_SPF_MACRO_P) != 0;
}

static bool has_sender_macro(const struct mxs_spf_term *term)
{
    const unsigned sender = MXS_SPF_MACRO_S | MXS_SPF_MACRO_L | MXS_SPF_MACRO_O | MXS_SPF_MACRO_H;

    return is_mechanism(term) && (term->macros & sender) != 0;
}

static bool has_trailing_dot(const struct mxs_spf_term *term)
{
    return term->kind != MXS_SPF_OTHER_MODIFIER &&
           mxs_slice_ends_with(term->domain, MXS_SLICE("."));
}

static bool is_network(const struct mxs_spf_term *term)
{
    return term->kind == MXS_SPF_IP4 || term->kind == MXS_SPF_IP6;
}

/* The network of an ip4 or ip6 term, host bits cleared. */
static struct mxs_address_block network_of(const struct mxs_spf_term *term)
{
    struct mxs_address_block network = {.base = term->address,
                                        .prefix_len = term->kind == MXS_SPF_IP4 ? term->prefix4
                                                                                : term->prefix6};

    for (unsigned bit = network.prefix_len; bit < 8U * network.base.len; bit++)
        network.base.octets[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
    return network;
}

static bool is_not_canonical(const struct mxs_spf_term *term)
{
    struct mxs_address_block network;

    if (!is_network(term))
        return false;
    network = network_of(term);
    return mxs_address_compare(&network.base, &term->address) != 0;
}

static bool holds_a_block(const struct mxs_address_block *network)
{
    for (size_t i = 0; i < mxs_address_block_count; i++)
        if (mxs_address_blocks[i].prefix_len > network->prefix_len &&
            mxs_address_in_block(&mxs_address_blocks[i].base, network))
            return true;
    return false;
}

/*
 * True when no address of the network is global. A network that no block of the registry divides is
 * all of one kind; any other is halved until that is so, at most down to the longest prefix in the
 * registry.
 */
static bool is_all_special(struct mxs_address_block network)
{
    struct mxs_address_block upper;

    if (!holds_a_block(&network))
        return !mxs_address_is_global(&network.base);
    upper = network;
    upper.base.octets[network.prefix_len / 8] |= (uint8_t)(0x80U >> network.prefix_len % 8);
    upper.prefix_len++;
    network.prefix_len++;
    return is_all_special(network) && is_all_special(upper);
}

static bool is_special_purpose(const struct mxs_spf_term *term)
{
    return is_network(term) && is_all_special(network_of(term));
}

/* Octets that an escape becomes: %% and %_ one, %- three. */
static size_t escaped_len(char letter)
{
    return letter == '-' ? 3 : 1;
}

/*
 * Walks a label on: `*run` counts the octets of it since its beginning or its last macro, which may
 * become anything. True when the literal holds a label that is empty or too long.
 */
static bool breaks_label(mxs_slice literal, size_t *run, bool *empty)
{
    for (size_t i = 0; i < literal.len; i++) {
        if (literal.ptr[i] != '.') {
            *empty = false;
            if (++*run > MXS_LABEL_MAX)
                return true;
            continue;
        }
        if (*empty)
            return true;
        *empty = true;
        *run = 0;
    }
    return false;
}

/* Section 7.3: what is over 253 characters loses labels at its left; done where it has no macro. */
static mxs_slice cut_to_fit(mxs_slice domain)
{
    mxs_slice rest = domain, label;

    if (mxs_slice_ends_with(rest, MXS_SLICE(".")))
        rest.len--;
    while (rest.len > QUERY_NAME_MAX)
        (void)mxs_slice_split(&rest, '.', &label);
    return rest.ptr == NULL ? domain : rest;
}

/*
 * Section 4.8: a label that is empty or over 63 octets whatever the macros become. Nothing is said
 * of a long name with macros, as the label may be among those that it loses.
 */
static bool is_unqueryable(const struct mxs_spf_term *term)
{
    mxs_slice rest = term->domain;
    struct mxs_spf_piece piece;
    size_t run = 0;
    bool empty = true, has_percent = false;

    if (term->kind == MXS_SPF_OTHER_MODIFIER || term->kind == MXS_SPF_EXP || rest.len == 0)
        return false;
    for (size_t i = 0; i < rest.len; i++)
        has_percent |= rest.ptr[i] == '%';
    if (has_percent && rest.len > QUERY_NAME_MAX)
        return false;
    if (!has_percent)
        rest = cut_to_fit(rest);
    while (mxs_spf_next_piece(&rest, &piece)) {
        if (piece.kind == MXS_SPF_LITERAL) {
            if (breaks_label(piece.text, &run, &empty))
                return true;
            continue;
        }
        run = piece.kind == MXS_SPF_ESCAPE ? run + escaped_len(piece.text.ptr[1]) : 0;
        empty = false;
        if (run > MXS_LABEL_MAX)
            return true;
    }
    return false;
}

const struct mxs_spf_term_rule mxs_spf_term_rules[] = {
    {is_ptr, MXS_FINDING_SPF_PTR_USED, 1},
    {has_macro_p, MXS_FINDING_SPF_MACRO_P_USED, 1},
    {has_sender_macro, MXS_FINDING_SPF_SENDER_MACRO_USED, 1},
    {is_exists, MXS_FINDING_SPF_EXISTS_USED, 1},
    {is_unknown_modifier, MXS_FINDING_SPF_UNKNOWN_MODIFIER, MXS_SPF_SAME_FINDINGS_MAX},
    {is_not_canonical, MXS_FINDING_SPF_IP_NOT_CANONICAL, MXS_SPF_SAME_FINDINGS_MAX},
    {is_special_purpose, MXS_FINDING_SPF_IP_SPECIAL_PURPOSE, MXS_SPF_SAME_FINDINGS_MAX},
    {has_trailing_dot, MXS_FINDING_SPF_TRAILING_DOT, MXS_SPF_SAME_FINDINGS_MAX},
    {is_unqueryable, MXS_FINDING_SPF_UNQUERYABLE_NAME, MXS_SPF_SAME_FINDINGS_MAX},
};
const size_t mxs_spf_term_rule_count = sizeof mxs_spf_term_rules / sizeof mxs_spf_term_rules[0];
