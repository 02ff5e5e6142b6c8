/* SPF records: what RFC 7208 and rules section 6 say of a record alone. */
#include <mxsweep/spf.h>
#include <mxsweep/spf_shape.h>

#include "lint/page.h"
#include "lint/type.h"

enum { LOOKUPS_MAX = 10 /* RFC 7208 section 4.6.4 */ };

static const char *const reason_words[] = {
    [MXS_SPF_UNKNOWN_MECHANISM] = "There is no such mechanism: all, include, a, mx, ptr, ip4, ip6 "
                                  "and exists are all there are.",
    [MXS_SPF_BAD_IP4] = "Not an IPv4 address: four numbers from 0 to 255 with dots between, no "
                        "leading zeros.",
    [MXS_SPF_BAD_IP6] = "Not an IPv6 address.",
    [MXS_SPF_BAD_CIDR] = "Not a prefix length: /0 to /32 for IPv4, /0 to /128 for IPv6 (after a "
                         "and mx: //0 to //128), no leading zeros.",
    [MXS_SPF_MISSING_ARG] = "What it is about is missing: a colon and the name or address.",
    [MXS_SPF_EMPTY_ARG] = "Nothing follows the sign; a blank there ends the term.",
    [MXS_SPF_ARG_NOT_ALLOWED] = "Nothing of this kind may follow here.",
    [MXS_SPF_BAD_DOMAIN_SPEC] = "Not a domain name: the last label must be of letters, digits and "
                                "inner hyphens, and not of digits alone.",
    [MXS_SPF_SINGLE_LABEL] = "A name of one label: write the whole domain name.",
    [MXS_SPF_IP_IN_DOMAIN_SPEC] = "An address where a name belongs: use ip4 or ip6.",
    [MXS_SPF_BAD_MACRO] = "A percent sign that begins no macro: %{ letter } with one of s l o d i "
                          "p h v, or %%, %_, %-.",
    [MXS_SPF_BAD_MODIFIER_NAME] = "Before the equals sign must be a name that begins with a "
                                  "letter.",
    [MXS_SPF_DUPLICATE_MODIFIER] = "redirect and exp may stand once only.",
    [MXS_SPF_STRAY_QUALIFIER] = "A sign + - ~ ? without a mechanism directly behind it.",
    [MXS_SPF_NON_ASCII] = "A character that is not ASCII: a typographic dash or quote, a blank of "
                          "another kind, or a name that must be written as an A-label (xn--).",
    [MXS_SPF_CONTROL_CHAR] = "A control character: only spaces separate terms.",
    [MXS_SPF_GLUED_AT_STRING_BOUNDARY] = "Two character-strings were joined here without a space: "
                                         "end the first with one.",
};
_Static_assert(sizeof reason_words / sizeof reason_words[0] == MXS_SPF_REASONS, "words per reason");

static const char *const kind_texts[] = {
    [MXS_SPF_ALL] = "all", [MXS_SPF_INCLUDE] = "include",   [MXS_SPF_A] = "a",
    [MXS_SPF_MX] = "mx",   [MXS_SPF_PTR] = "ptr",           [MXS_SPF_IP4] = "ip4",
    [MXS_SPF_IP6] = "ip6", [MXS_SPF_EXISTS] = "exists",     [MXS_SPF_REDIRECT] = "redirect",
    [MXS_SPF_EXP] = "exp", [MXS_SPF_OTHER_MODIFIER] = NULL, /* its name is its own */
};

static const struct {
    const char *text, *words;
} qualifiers[] = {
    [MXS_SPF_PASS] = {"pass", ": anyone may send (pass)"},
    [MXS_SPF_FAIL] = {"fail", ": others are refused (fail)"},
    [MXS_SPF_SOFTFAIL] = {"softfail", ": others are suspect (softfail)"},
    [MXS_SPF_NEUTRAL] = {"neutral", ": nothing is said of others (neutral)"},
};

static bool mark_defects(struct mxs_arena *arena, const struct mxs_spf_record *record,
                         struct lint_verdict *verdict)
{
    struct lint_mark *marks = mxs_arena_array(arena, record->defect_count, sizeof *marks);

    if (marks == NULL)
        return false;
    for (unsigned i = 0; i < record->defect_count; i++) {
        const struct mxs_spf_defect *defect = &record->defects[i];
        marks[i] = (struct lint_mark){
            .start = defect->offset,
            .end = (size_t)(defect->term.ptr - record->text.ptr) + defect->term.len,
            .part = defect->term,
            .reason = mxs_spf_reason_text(defect->reason),
            .words = reason_words[defect->reason],
        };
    }
    verdict->marks = marks;
    verdict->mark_count = record->defect_count;
    verdict->marked = MXS_FINDING_SPF_SYNTAX_ERROR;
    return true;
}

static void judge_other_text(mxs_slice text, struct lint_verdict *verdict)
{
    bool near_miss = mxs_spf_is_near_miss(text);

    verdict->summary = near_miss ? "almost an SPF record: receivers do not see it"
                                 : "no SPF record: receivers do not see it";
    (void)mxs_findings_add(&verdict->findings,
                           near_miss ? MXS_FINDING_SPF_NEAR_MISS : MXS_FINDING_SPF_MISSING,
                           (struct mxs_name){0});
}

static bool judge(struct mxs_arena *arena, mxs_slice text, struct lint_verdict *verdict)
{
    const struct mxs_spf_record *record;
    const struct mxs_name none = {0};

    *verdict = (struct lint_verdict){0};
    mxs_findings_init(&verdict->findings, arena);
    if (!mxs_spf_is_record(text)) {
        judge_other_text(text, verdict);
        return !arena->failed;
    }
    record = mxs_spf_parse(arena, text, NULL, 0);
    if (record == NULL || !mark_defects(arena, record, verdict))
        return false;
    verdict->parsed = record;
    verdict->valid = record->defect_count == 0;
    verdict->summary = verdict->valid ? "receivers can use it"
                                      : "receivers answer permerror, whatever else it says";
    mxs_spf_judge_syntax(record, none, &verdict->findings);
    mxs_spf_judge_record(record, none, &verdict->findings);
    mxs_findings_sort(&verdict->findings);
    return !arena->failed;
}

/* ---- "parsed" */

static void write_text(struct mxs_json *json, const char *key, mxs_slice text)
{
    mxs_json_key(json, key);
    if (text.ptr == NULL)
        mxs_json_null(json);
    else
        (void)mxs_json_text(json, text);
}

static void write_number(struct mxs_json *json, const char *key, uint64_t number)
{
    mxs_json_key(json, key);
    mxs_json_number(json, number);
}

static void write_address(struct mxs_json *json, const struct mxs_address *address)
{
    struct mxs_buffer text;

    mxs_buffer_init(&text);
    mxs_address_write(address, &text);
    write_text(json, "address", mxs_buffer_slice(&text));
    if (text.failed)
        json->out->failed = true;
    mxs_buffer_clear(&text);
}

/* What only some kinds have: an address, a domain, prefix lengths. */
static void write_arguments(struct mxs_json *json, const struct mxs_spf_term *term)
{
    bool host = term->kind == MXS_SPF_A || term->kind == MXS_SPF_MX;

    if (term->address.len > 0)
        write_address(json, &term->address);
    if (term->domain.ptr != NULL)
        write_text(json, term->kind == MXS_SPF_OTHER_MODIFIER ? "value" : "domain", term->domain);
    if (host || term->kind == MXS_SPF_IP4)
        write_number(json, "ipv4_prefix", term->prefix4);
    if (host || term->kind == MXS_SPF_IP6)
        write_number(json, "ipv6_prefix", term->prefix6);
}

static void write_term(struct mxs_json *json, const struct mxs_spf_term *term)
{
    mxs_json_open_object(json);
    write_text(json, "term", term->text);
    write_number(json, "offset", term->offset);
    if (term->kind < MXS_SPF_REDIRECT) {
        write_text(json, "mechanism", mxs_slice_of(kind_texts[term->kind]));
        write_text(json, "qualifier", mxs_slice_of(qualifiers[term->qualifier].text));
    } else {
        write_text(json, "modifier",
                   term->kind == MXS_SPF_OTHER_MODIFIER ? term->name
                                                        : mxs_slice_of(kind_texts[term->kind]));
    }
    write_arguments(json, term);
    mxs_json_close_object(json);
}

/* The domain-spec of a modifier, or nothing. */
static mxs_slice target_of(const struct mxs_spf_record *record, enum mxs_spf_kind kind)
{
    const struct mxs_spf_term *term = mxs_spf_first(record, kind);

    return term == NULL ? (mxs_slice){NULL, 0} : term->domain;
}

/* Terms that evaluation comes to when nothing matches: what stands behind "all" is left out. */
static bool is_reached(const struct mxs_spf_term *term, const struct mxs_spf_term *all)
{
    return all == NULL || (term < all && term->kind != MXS_SPF_REDIRECT);
}

static unsigned count_lookups(const struct mxs_spf_record *record)
{
    const struct mxs_spf_term *all = mxs_spf_first(record, MXS_SPF_ALL);
    unsigned count = 0;

    for (unsigned i = 0; i < record->term_count; i++)
        if (is_reached(&record->terms[i], all))
            count += mxs_spf_lookup_cost(&record->terms[i]);
    return count;
}

static void write_parsed(const struct lint_verdict *verdict, struct mxs_json *json)
{
    const struct mxs_spf_record *record = verdict->parsed;
    const struct mxs_spf_term *all = mxs_spf_first(record, MXS_SPF_ALL);

    mxs_json_open_object(json);
    mxs_json_key(json, "all");
    mxs_json_string(json, all == NULL ? NULL : qualifiers[all->qualifier].text);
    write_text(json, "redirect", target_of(record, MXS_SPF_REDIRECT));
    write_text(json, "exp", target_of(record, MXS_SPF_EXP));
    write_number(json, "own_lookups", count_lookups(record));
    mxs_json_key(json, "over_limit");
    mxs_json_bool(json, record->over_limit);
    mxs_json_key(json, "terms");
    mxs_json_open_array(json);
    for (unsigned i = 0; i < record->term_count; i++)
        write_term(json, &record->terms[i]);
    mxs_json_close_array(json);
    mxs_json_close_object(json);
}

/* ---- facts for a person */

static void put_all(struct mxs_buffer *out, const struct mxs_spf_record *record)
{
    const struct mxs_spf_term *all = mxs_spf_first(record, MXS_SPF_ALL);
    const struct mxs_spf_term *redirect = mxs_spf_first(record, MXS_SPF_REDIRECT);
    const char *words = ": that record decides";

    if (all != NULL)
        words = qualifiers[all->qualifier].words;
    else
        all = redirect;
    if (all == NULL && record->defect_count > 0)
        return; /* it may be in what does not parse */
    lint_page_label(out, "others");
    if (all != NULL) {
        lint_page_foreign(out, all->text);
        mxs_buffer_append(out, mxs_slice_of(words));
    } else {
        mxs_buffer_append(out, MXS_SLICE("no all and no redirect: nothing is said of others"));
    }
    mxs_buffer_append_char(out, '\n');
}

static void put_lookups(struct mxs_buffer *out, const struct mxs_spf_record *record)
{
    const struct mxs_spf_term *all = mxs_spf_first(record, MXS_SPF_ALL);

    lint_page_label(out, "look-ups");
    mxs_buffer_append_number(out, count_lookups(record));
    mxs_buffer_append(out, MXS_SLICE(" of "));
    mxs_buffer_append_number(out, LOOKUPS_MAX);
    mxs_buffer_append(out, MXS_SLICE(", without those of included records\n"));
    for (unsigned i = 0; i < record->term_count; i++) {
        const struct mxs_spf_term *term = &record->terms[i];
        if (mxs_spf_lookup_cost(term) == 0 || !is_reached(term, all))
            continue;
        lint_page_label(out, "");
        lint_page_foreign(out, term->text);
        mxs_buffer_append_char(out, '\n');
    }
}

static void write_facts(const struct lint_verdict *verdict, struct mxs_buffer *out)
{
    put_all(out, verdict->parsed);
    put_lookups(out, verdict->parsed);
}

const struct lint_type lint_spf = {"spf", judge, write_parsed, write_facts};
