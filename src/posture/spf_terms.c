#include "posture/spf_terms.h"

enum mxs_spf_match mxs_spf_fail(struct mxs_spf_check *check, enum mxs_spf_match how,
                                const char *reason)
{
    check->reason = reason;
    return how;
}

enum mxs_spf_match mxs_spf_fail_lookup(struct mxs_spf_check *check, const struct mxs_answer *answer)
{
    return mxs_spf_fail(check, MXS_SPF_TEMP, mxs_spf_failure_text(answer));
}

enum mxs_spf_match mxs_spf_spend(struct mxs_spf_check *check, const struct mxs_spf_term *term)
{
    check->lookups += mxs_spf_lookup_cost(term);
    if (check->lookups > MXS_SPF_LOOKUPS_MAX)
        return mxs_spf_fail(check, MXS_SPF_PERM, "too_many_lookups");
    return MXS_SPF_NO_MATCH;
}

enum mxs_spf_match mxs_spf_note_void(struct mxs_spf_check *check)
{
    if (++check->voids > MXS_SPF_VOIDS_MAX)
        return mxs_spf_fail(check, MXS_SPF_PERM, "too_many_voids");
    return MXS_SPF_NO_MATCH;
}

static uint16_t address_type(const struct mxs_spf_check *check)
{
    return check->address.len == 4 ? MXS_TYPE_A : MXS_TYPE_AAAA;
}

static bool in_prefix(const struct mxs_address *address, const struct mxs_address *base,
                      uint8_t prefix)
{
    struct mxs_address_block block = {.base = *base, .prefix_len = prefix};

    return mxs_address_in_block(address, &block);
}

/* True when an address of the answer, widened by the term's prefix, is the client's. */
static bool holds_client(const struct mxs_spf_check *check, const struct mxs_answer *answer,
                         const struct mxs_spf_term *term)
{
    uint8_t prefix = check->address.len == 4 ? term->prefix4 : term->prefix6;

    for (unsigned i = 0; i < answer->count; i++)
        if (in_prefix(&check->address, &answer->records[i].address, prefix))
            return true;
    return false;
}

/* ---- ptr and the macro p, section 5.5 */

/* d.c.b.a.in-addr.arpa, or the nibbles below ip6.arpa. */
static bool reverse_name(struct mxs_arena *arena, const struct mxs_address *address,
                         struct mxs_name *name)
{
    struct mxs_buffer text;
    bool made;

    mxs_buffer_init(&text);
    for (unsigned i = address->len; i-- > 0;) {
        static const char hex[] = "0123456789abcdef";
        if (address->len == 4) {
            mxs_buffer_append_number(&text, address->octets[i]);
        } else {
            mxs_buffer_append_char(&text, hex[address->octets[i] & 15]);
            mxs_buffer_append_char(&text, '.');
            mxs_buffer_append_char(&text, hex[address->octets[i] >> 4]);
        }
        mxs_buffer_append_char(&text, '.');
    }
    mxs_buffer_append(&text, mxs_slice_of(address->len == 4 ? "in-addr.arpa" : "ip6.arpa"));
    if (text.failed)
        arena->failed = true;
    made = !text.failed && mxs_name_parse(arena, mxs_buffer_slice(&text), name) == MXS_NAME_OK;
    mxs_buffer_clear(&text);
    return made;
}

/* The client's names, those confirmed by an address marked. */
struct validated {
    unsigned count;
    struct mxs_name names[MXS_SPF_PTR_NAMES_MAX];
    bool limit; /* a question was not asked: a bound of ours */
};

/* Errors are no match here, in the reverse look-up as in those of its names. */
static void validate_names(struct mxs_spf_check *check, struct validated *validated)
{
    const struct mxs_spf_term exact = {.prefix4 = 32, .prefix6 = 128};
    const struct mxs_answer *ptr, *addresses[MXS_SPF_PTR_NAMES_MAX];
    struct mxs_name reverse;
    unsigned count;

    validated->count = 0;
    validated->limit = false;
    if (!reverse_name(check->arena, &check->address, &reverse))
        return;
    ptr = mxs_spf_ask(check->asker, reverse, MXS_TYPE_PTR);
    validated->limit = ptr->lookup == MXS_LOOKUP_LIMIT;
    count = ptr->count < MXS_SPF_PTR_NAMES_MAX ? ptr->count : MXS_SPF_PTR_NAMES_MAX;
    for (unsigned i = 0; i < count; i++) { /* all at once, then in order */
        addresses[i] = mxs_spf_ask(check->asker, ptr->records[i].name, address_type(check));
        validated->limit = validated->limit || addresses[i]->lookup == MXS_LOOKUP_LIMIT;
    }
    for (unsigned i = 0; i < count; i++)
        if (holds_client(check, addresses[i], &exact))
            validated->names[validated->count++] = ptr->records[i].name;
}

static enum mxs_spf_match match_ptr(struct mxs_spf_check *check, struct mxs_name target)
{
    struct validated validated;

    validate_names(check, &validated);
    for (unsigned i = 0; i < validated.count; i++)
        if (mxs_name_is_at_or_below(validated.names[i], target))
            return MXS_SPF_MATCH;
    if (validated.limit)
        return mxs_spf_fail(check, MXS_SPF_TEMP, mxs_lookup_text(MXS_LOOKUP_LIMIT));
    return MXS_SPF_NO_MATCH;
}

/* Section 7.3: the domain itself, else a name below it, else any. */
static const struct mxs_name *choose_name(const struct validated *validated, struct mxs_name domain)
{
    const struct mxs_name *chosen = NULL;

    for (unsigned i = 0; i < validated->count; i++) {
        const struct mxs_name *name = &validated->names[i];
        if (mxs_name_equal(*name, domain))
            return name;
        if (chosen == NULL ||
            (mxs_name_is_at_or_below(*name, domain) && !mxs_name_is_at_or_below(*chosen, domain)))
            chosen = name;
    }
    return chosen;
}

void mxs_spf_prepare_p(struct mxs_spf_check *check, mxs_slice text)
{
    struct validated validated;
    const struct mxs_name *chosen;
    struct mxs_name domain;

    if (!mxs_spf_uses_p(text))
        return;
    mxs_spf_scope_set(&check->scope, 'p', MXS_SLICE("unknown"));
    if (mxs_name_parse_plain(check->arena, check->scope.values['d' - 'a'], &domain) != MXS_NAME_OK)
        return;
    validate_names(check, &validated);
    chosen = choose_name(&validated, domain);
    if (chosen != NULL)
        mxs_spf_scope_set(&check->scope, 'p', mxs_name_text(check->arena, *chosen));
}

bool mxs_spf_target(struct mxs_spf_check *check, const struct mxs_spf_term *term,
                    struct mxs_name *name, mxs_slice *text)
{
    mxs_slice spec = term->domain.ptr != NULL ? term->domain : MXS_SLICE("%{d}");

    mxs_spf_prepare_p(check, spec);
    return mxs_spf_expand_domain(check->arena, &check->scope, spec, name, text);
}

/* ---- the mechanisms */

static enum mxs_spf_match match_addresses(struct mxs_spf_check *check,
                                          const struct mxs_spf_term *term, struct mxs_name target)
{
    const struct mxs_answer *answer = mxs_spf_ask(check->asker, target, address_type(check));

    if (!mxs_lookup_is_definite(answer->lookup))
        return mxs_spf_fail_lookup(check, answer);
    if (mxs_lookup_is_absent(answer->lookup))
        return mxs_spf_note_void(check);
    return holds_client(check, answer, term) ? MXS_SPF_MATCH : MXS_SPF_NO_MATCH;
}

/* Section 5.4; the implicit MX rule does not apply. */
static enum mxs_spf_match match_mx(struct mxs_spf_check *check, const struct mxs_spf_term *term,
                                   struct mxs_name target)
{
    const struct mxs_answer *mx = mxs_spf_ask(check->asker, target, MXS_TYPE_MX);
    const struct mxs_answer *answers[MXS_SPF_EXCHANGES_MAX];

    if (!mxs_lookup_is_definite(mx->lookup))
        return mxs_spf_fail_lookup(check, mx);
    if (mxs_lookup_is_absent(mx->lookup))
        return mxs_spf_note_void(check);
    if (mx->count > MXS_SPF_EXCHANGES_MAX)
        return mxs_spf_fail(check, MXS_SPF_PERM, "mx_too_many_names");
    for (unsigned i = 0; i < mx->count; i++) { /* all at once, then in order */
        answers[i] = NULL;
        if (!mxs_name_is_root(mx->records[i].name))
            answers[i] = mxs_spf_ask(check->asker, mx->records[i].name, address_type(check));
    }
    for (unsigned i = 0; i < mx->count; i++) {
        if (answers[i] == NULL)
            continue;
        if (!mxs_lookup_is_definite(answers[i]->lookup))
            return mxs_spf_fail_lookup(check, answers[i]);
        if (holds_client(check, answers[i], term))
            return MXS_SPF_MATCH;
    }
    return MXS_SPF_NO_MATCH;
}

/* Section 5.7: A records, whatever the client's family. */
static enum mxs_spf_match match_exists(struct mxs_spf_check *check, struct mxs_name target)
{
    const struct mxs_answer *answer = mxs_spf_ask(check->asker, target, MXS_TYPE_A);

    if (!mxs_lookup_is_definite(answer->lookup))
        return mxs_spf_fail_lookup(check, answer);
    return mxs_lookup_is_absent(answer->lookup) ? mxs_spf_note_void(check) : MXS_SPF_MATCH;
}

static enum mxs_spf_match match_network(const struct mxs_spf_check *check,
                                        const struct mxs_spf_term *term)
{
    uint8_t prefix = term->kind == MXS_SPF_IP4 ? term->prefix4 : term->prefix6;

    return in_prefix(&check->address, &term->address, prefix) ? MXS_SPF_MATCH : MXS_SPF_NO_MATCH;
}

static enum mxs_spf_match match_target(struct mxs_spf_check *check, const struct mxs_spf_term *term)
{
    struct mxs_name target;
    mxs_slice text;

    if (!mxs_spf_target(check, term, &target, &text))
        return MXS_SPF_NO_MATCH; /* no name can be made of it: rules section 19 row 11 */
    switch (term->kind) {
    case MXS_SPF_A:
        return match_addresses(check, term, target);
    case MXS_SPF_MX:
        return match_mx(check, term, target);
    case MXS_SPF_PTR:
        return match_ptr(check, target);
    default:
        return match_exists(check, target);
    }
}

enum mxs_spf_match mxs_spf_match_term(struct mxs_spf_check *check, const struct mxs_spf_term *term)
{
    switch (term->kind) {
    case MXS_SPF_ALL:
        return MXS_SPF_MATCH;
    case MXS_SPF_IP4:
    case MXS_SPF_IP6:
        return match_network(check, term);
    case MXS_SPF_A:
    case MXS_SPF_MX:
    case MXS_SPF_PTR:
    case MXS_SPF_EXISTS:
        return match_target(check, term);
    case MXS_SPF_INCLUDE:
    case MXS_SPF_REDIRECT:
    case MXS_SPF_EXP:
    case MXS_SPF_OTHER_MODIFIER:
        break;
    }
    return MXS_SPF_NO_MATCH;
}
