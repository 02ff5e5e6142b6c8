#include <mxsweep/spf_shape.h>

#include "posture/spf_term_rules.h"

/* One record being judged. */
struct judge {
    const struct mxs_spf_record *record;
    struct mxs_name name;
    struct mxs_findings *findings;
};

static void add_place(struct mxs_findings *findings, mxs_slice term, size_t offset)
{
    mxs_findings_add_text(findings, "term", term);
    mxs_findings_add_number(findings, "offset", offset);
}

static void find_term(const struct judge *judge, enum mxs_finding_id id,
                      const struct mxs_spf_term *term)
{
    if (mxs_findings_add(judge->findings, id, judge->name) != NULL)
        add_place(judge->findings, term->text, term->offset);
}

static bool is_mechanism(const struct mxs_spf_term *term)
{
    return term->kind < MXS_SPF_REDIRECT;
}

const struct mxs_spf_term *mxs_spf_first(const struct mxs_spf_record *record,
                                         enum mxs_spf_kind kind)
{
    for (unsigned i = 0; i < record->term_count; i++)
        if (record->terms[i].kind == kind)
            return &record->terms[i];
    return NULL;
}

unsigned mxs_spf_lookup_cost(const struct mxs_spf_term *term)
{
    switch (term->kind) {
    case MXS_SPF_INCLUDE:
    case MXS_SPF_A:
    case MXS_SPF_MX:
    case MXS_SPF_PTR:
    case MXS_SPF_EXISTS:
    case MXS_SPF_REDIRECT:
        return (term->macros & MXS_SPF_MACRO_P) != 0 ? 2 : 1;
    case MXS_SPF_ALL:
    case MXS_SPF_IP4:
    case MXS_SPF_IP6:
    case MXS_SPF_EXP:
    case MXS_SPF_OTHER_MODIFIER:
        break;
    }
    return 0;
}

/* The modifiers of RFC 6652 section 3 are named as what they are. */
static void add_modifier(const struct judge *judge, const struct mxs_spf_term *term)
{
    mxs_findings_add_text(judge->findings, "modifier", term->name);
    if (mxs_slice_equal_nocase(term->name, MXS_SLICE("ra")) ||
        mxs_slice_equal_nocase(term->name, MXS_SLICE("rp")) ||
        mxs_slice_equal_nocase(term->name, MXS_SLICE("rr")))
        mxs_findings_add_text(judge->findings, "source", MXS_SLICE("RFC 6652"));
}

static void judge_terms(const struct judge *judge, const struct mxs_spf_term_rule *rule)
{
    const struct mxs_spf_record *record = judge->record;
    unsigned found = 0;

    for (unsigned i = 0; i < record->term_count && found < rule->most; i++) {
        if (!rule->holds(&record->terms[i]))
            continue;
        find_term(judge, rule->id, &record->terms[i]);
        if (rule->id == MXS_FINDING_SPF_UNKNOWN_MODIFIER)
            add_modifier(judge, &record->terms[i]);
        found++;
    }
}

/* ---- the record as a whole */

static const enum mxs_finding_id all_findings[] = {
    [MXS_SPF_PASS] = MXS_FINDING_SPF_ALL_PASS,
    [MXS_SPF_FAIL] = MXS_FINDING_SPF_ALL_FAIL,
    [MXS_SPF_SOFTFAIL] = MXS_FINDING_SPF_ALL_SOFTFAIL,
    [MXS_SPF_NEUTRAL] = MXS_FINDING_SPF_ALL_NEUTRAL,
};

/* Section 5.1: mechanisms after the first "all" are never looked at. */
static void judge_terms_after(const struct judge *judge, const struct mxs_spf_term *all)
{
    const struct mxs_spf_term *end = judge->record->terms + judge->record->term_count;
    const struct mxs_spf_term *first = NULL;
    unsigned count = 0;

    for (const struct mxs_spf_term *term = all + 1; term < end; term++) {
        if (!is_mechanism(term))
            continue;
        if (count++ == 0)
            first = term;
    }
    if (first == NULL)
        return;
    find_term(judge, MXS_FINDING_SPF_TERMS_AFTER_ALL, first);
    mxs_findings_add_number(judge->findings, "count", count);
}

/* What becomes of senders that nothing matches. */
static void judge_default(const struct judge *judge)
{
    const struct mxs_spf_record *record = judge->record;
    const struct mxs_spf_term *all = mxs_spf_first(record, MXS_SPF_ALL);
    const struct mxs_spf_term *redirect = mxs_spf_first(record, MXS_SPF_REDIRECT);

    if (all != NULL) {
        find_term(judge, all_findings[all->qualifier], all);
        judge_terms_after(judge, all);
        if (redirect != NULL)
            find_term(judge, MXS_FINDING_SPF_REDIRECT_WITH_ALL, redirect);
    } else if (redirect == NULL && record->defect_count == 0 && !record->over_limit) {
        (void)mxs_findings_add(judge->findings, MXS_FINDING_SPF_ALL_MISSING, judge->name);
    }
}

/* FNV-1a of the text in lower case: it makes the comparison of all with all cheap. */
static uint32_t hash(mxs_slice text)
{
    uint32_t value = 2166136261U;

    for (size_t i = 0; i < text.len; i++)
        value = (value ^ (unsigned char)mxs_lower(text.ptr[i])) * 16777619U;
    return value;
}

/* Identical but for case, which counts where there are macros: an upper-case letter URL-escapes. */
static bool is_same_term(const struct mxs_spf_term *a, const struct mxs_spf_term *b)
{
    return a->macros != 0 ? mxs_slice_equal(a->text, b->text)
                          : mxs_slice_equal_nocase(a->text, b->text);
}

static bool stands_before(const struct mxs_spf_record *record, const uint32_t *hashes, unsigned at)
{
    for (unsigned i = 0; i < at; i++)
        if (hashes[i] == hashes[at] && is_same_term(&record->terms[i], &record->terms[at]))
            return true;
    return false;
}

static void judge_duplicates(const struct judge *judge)
{
    const struct mxs_spf_record *record = judge->record;
    uint32_t *hashes = mxs_arena_array(judge->findings->arena, record->term_count, sizeof *hashes);
    unsigned found = 0;

    if (hashes == NULL)
        return;
    for (unsigned i = 0; i < record->term_count && found < MXS_SPF_SAME_FINDINGS_MAX; i++) {
        hashes[i] = hash(record->terms[i].text);
        if (!stands_before(record, hashes, i))
            continue;
        find_term(judge, MXS_FINDING_SPF_DUPLICATE_TERM, &record->terms[i]);
        found++;
    }
}

/* ---- breadth of single terms */

/* By the term itself: a and mx are as wide as what stands behind their slash. */
static bool is_ip4_like(const struct mxs_spf_term *term)
{
    return term->kind == MXS_SPF_IP4 || term->kind == MXS_SPF_A || term->kind == MXS_SPF_MX;
}

static bool is_ip6(const struct mxs_spf_term *term)
{
    return term->kind == MXS_SPF_IP6;
}

/* Prefix lengths from which on a term is wide, and from which on that is an error. */
static const struct width_rule {
    enum mxs_finding_id id;
    bool (*concerns)(const struct mxs_spf_term *term);
    uint8_t warning, error;
} width_rules[] = {
    {MXS_FINDING_SPF_IP4_WIDE, is_ip4_like, 15, 8},
    {MXS_FINDING_SPF_IP6_WIDE, is_ip6, 31, 16},
};

static void judge_width(const struct judge *judge, const struct width_rule *rule)
{
    const struct mxs_spf_record *record = judge->record;
    unsigned found = 0;

    for (unsigned i = 0; i < record->term_count && found < MXS_SPF_SAME_FINDINGS_MAX; i++) {
        const struct mxs_spf_term *term = &record->terms[i];
        uint8_t prefix = term->kind == MXS_SPF_IP6 ? term->prefix6 : term->prefix4;
        if (term->kind == MXS_SPF_ALL)
            return;
        if (!rule->concerns(term) || term->qualifier != MXS_SPF_PASS || prefix > rule->warning)
            continue;
        if (prefix <= rule->error)
            (void)mxs_findings_add(judge->findings, rule->id, judge->name);
        else
            mxs_findings_add_alternative(judge->findings, rule->id, judge->name);
        add_place(judge->findings, term->text, term->offset);
        mxs_findings_add_number(judge->findings, "prefix", prefix);
        found++;
    }
}

void mxs_spf_judge_syntax(const struct mxs_spf_record *record, struct mxs_name name,
                          struct mxs_findings *findings)
{
    for (unsigned i = 0; i < record->defect_count; i++) {
        const struct mxs_spf_defect *defect = &record->defects[i];
        if (mxs_findings_add(findings, MXS_FINDING_SPF_SYNTAX_ERROR, name) == NULL)
            return;
        add_place(findings, defect->term, defect->offset);
        mxs_findings_add_text(findings, "reason",
                              mxs_slice_of(mxs_spf_reason_text(defect->reason)));
    }
}

void mxs_spf_judge_record(const struct mxs_spf_record *record, struct mxs_name name,
                          struct mxs_findings *findings)
{
    const struct judge judge = {record, name, findings};

    judge_default(&judge);
    for (size_t i = 0; i < mxs_spf_term_rule_count; i++)
        judge_terms(&judge, &mxs_spf_term_rules[i]);
    judge_duplicates(&judge);
    for (size_t i = 0; i < sizeof width_rules / sizeof width_rules[0]; i++)
        judge_width(&judge, &width_rules[i]);
}
