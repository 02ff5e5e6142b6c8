/* What an SPF record says by itself: rules section 6.c rows 10 to 28, 45, 46. Wants by hand. */
#include "spf_parsed.h"

#include <mxsweep/buffer.h>
#include <mxsweep/spf_shape.h>

#define LABEL60 "a23456789012345678901234567890b23456789012345678901234567890"
#define LABEL63 LABEL60 "123"

/* `want`: id without its area, severity's letter, and the term; sorted by id. */
static struct row {
    const char *label, *text, *want;
} rows[] = {
    /* 11 to 17: what becomes of the others */
    {"-all", "v=spf1 -all", "all_fail i -all"},
    {"~all", "v=spf1 ~all", "all_softfail i ~all"},
    {"?all", "v=spf1 ?all", "all_neutral w ?all"},
    {"S57: all", "v=spf1 all", "all_pass e all"},
    {"+all", "v=spf1 +ALL", "all_pass e +ALL"},
    {"S07: nothing", "v=spf1", "all_missing w"},
    {"no all", "v=spf1 mx", "all_missing w"},
    {"a redirect", "v=spf1 redirect=a.ex.test", ""},
    {"S15", "v=spf1 -all ip4:198.51.99.1", "all_fail i -all, terms_after_all w ip4:198.51.99.1"},
    {"modifiers behind all", "v=spf1 -all exp=a.ex.test", "all_fail i -all"},
    {"the first all counts", "v=spf1 ?all +all", "all_neutral w ?all, terms_after_all w +all"},
    {"S17", "v=spf1 redirect=gone.ex.test ~all",
     "all_softfail i ~all, redirect_with_all w redirect=gone.ex.test"},
    {"redirect behind all", "v=spf1 -all redirect=gone.ex.test",
     "all_fail i -all, redirect_with_all w redirect=gone.ex.test"},
    {"broken: no word on what is missing", "v=spf1 mx -al", "syntax_error e -al"},
    {"broken: but on what is there", "v=spf1 ptr foo -all",
     "all_fail i -all, ptr_used w ptr, syntax_error e foo"},
    {"S58", "v=spf1 mx - all", "all_pass e all, syntax_error e -"},
    {"two defects", "v=spf1 foo a: -all", "all_fail i -all, syntax_error e foo, syntax_error e a:"},
    /* 18 to 22 */
    {"ptr", "v=spf1 ptr ptr:a.test -all", "all_fail i -all, ptr_used w ptr"},
    {"%{p}", "v=spf1 exists:%{P}.a.test -all",
     "all_fail i -all, exists_used i exists:%{P}.a.test, macro_p_used w exists:%{P}.a.test"},
    {"%{p} in exp", "v=spf1 -all exp=%{p}.a.test",
     "all_fail i -all, macro_p_used w exp=%{p}.a.test"},
    {"%{p} in what is ignored", "v=spf1 -all x=%{p}", "all_fail i -all, unknown_modifier i x=%{p}"},
    {"the sender", "v=spf1 a:%{s}.a.test -all",
     "all_fail i -all, sender_macro_used i a:%{s}.a.test"},
    {"its local part", "v=spf1 a:%{l}.a.test -all",
     "all_fail i -all, sender_macro_used i a:%{l}.a.test"},
    {"its domain", "v=spf1 a:%{o} -all", "all_fail i -all, sender_macro_used i a:%{o}"},
    {"HELO", "v=spf1 a:%{h} -all", "all_fail i -all, sender_macro_used i a:%{h}"},
    {"neither", "v=spf1 a:%{d}.%{i}.%{v}.a.test -all", "all_fail i -all"},
    {"in a modifier", "v=spf1 redirect=%{o}.a.test", ""},
    {"exists", "v=spf1 exists:a.test exists:b.test -all",
     "all_fail i -all, exists_used i exists:a.test"},
    {"unknown modifiers", "v=spf1 -all foo=bar include=a.test",
     "all_fail i -all, unknown_modifier i foo=bar, unknown_modifier i include=a.test"},
    /* 24 */
    {"the same twice", "v=spf1 mx mx -all", "all_fail i -all, duplicate_term i mx"},
    {"three times", "v=spf1 mx mx mx -all",
     "all_fail i -all, duplicate_term i mx, duplicate_term i mx"},
    {"but for case", "v=spf1 a:b.test A:B.test -all", "all_fail i -all, duplicate_term i A:B.test"},
    {"case in a macro", "v=spf1 a:%{d} a:%{D} -all", "all_fail i -all"},
    {"another qualifier", "v=spf1 mx ~mx -all", "all_fail i -all"},
    {"another prefix", "v=spf1 a a/24 -all", "all_fail i -all"},
    /* 25 */
    {"S36", "v=spf1 ip4:198.51.99.77/24 -all",
     "all_fail i -all, ip_not_canonical i ip4:198.51.99.77/24"},
    {"canonical", "v=spf1 ip4:198.51.99.0/24 ip4:198.51.99.128/25 ip4:198.51.98.1 -all",
     "all_fail i -all"},
    {"the last host bit", "v=spf1 ip4:198.51.99.1/31 -all",
     "all_fail i -all, ip_not_canonical i ip4:198.51.99.1/31"},
    {"IPv6", "v=spf1 ip6:2600::1/64 ip6:2600:1::/64 -all",
     "all_fail i -all, ip_not_canonical i ip6:2600::1/64"},
    /* 26: RFC 1918, 6598, 5737, 4193, 3849, 4291 */
    {"private", "v=spf1 ip4:10.1.2.3 -all", "all_fail i -all, ip_special_purpose w ip4:10.1.2.3"},
    {"private block", "v=spf1 ip4:192.168.0.0/16 -all",
     "all_fail i -all, ip_special_purpose w ip4:192.168.0.0/16"},
    {"more than it", "v=spf1 ip4:192.160.0.0/12 -all",
     "all_fail i -all, ip4_wide w ip4:192.160.0.0/12"},
    {"loopback", "v=spf1 ip6:::1 -all", "all_fail i -all, ip_special_purpose w ip6:::1"},
    {"documentation", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 -all",
     "all_fail i -all, ip_special_purpose w ip4:192.0.2.1, "
     "ip_special_purpose w ip6:2001:db8::/32"},
    {"multicast and reserved together", "v=spf1 ip4:224.0.0.0/3 -all",
     "all_fail i -all, ip4_wide e ip4:224.0.0.0/3, ip_special_purpose w ip4:224.0.0.0/3"},
    {"a hole of two addresses in it", "v=spf1 ip4:192.0.0.0/24 ip4:192.0.0.0/29 -all",
     "all_fail i -all, ip_special_purpose w ip4:192.0.0.0/29"},
    {"one of the two", "v=spf1 ip4:192.0.0.9 ip4:192.0.0.11 -all",
     "all_fail i -all, ip_special_purpose w ip4:192.0.0.11"},
    {"mapped", "v=spf1 ip6:::ffff:198.51.99.1 -all",
     "all_fail i -all, ip_special_purpose w ip6:::ffff:198.51.99.1"},
    {"unique local", "v=spf1 ip6:fc00::/7 -all",
     "all_fail i -all, ip6_wide e ip6:fc00::/7, ip_special_purpose w ip6:fc00::/7"},
    {"everything", "v=spf1 -ip4:0.0.0.0/0 -ip6:::/0 -all", "all_fail i -all"},
    {"global IPv6", "v=spf1 ip6:2600::/32 -all", "all_fail i -all"},
    /* 27 */
    {"S49", "v=spf1 include:a.ex.test. -all", "all_fail i -all, trailing_dot w include:a.ex.test."},
    {"in modifiers", "v=spf1 redirect=a.ex.test. exp=b.ex.test. foo=c.",
     "trailing_dot w redirect=a.ex.test., trailing_dot w exp=b.ex.test., "
     "unknown_modifier i foo=c."},
    /* 28 */
    {"an empty label", "v=spf1 a:b..ex.test -all",
     "all_fail i -all, unqueryable_name w a:b..ex.test"},
    {"it comes first", "v=spf1 a:.test -all", "all_fail i -all, unqueryable_name w a:.test"},
    {"behind a macro", "v=spf1 a:%{d}..test -all",
     "all_fail i -all, unqueryable_name w a:%{d}..test"},
    {"beside macros there is none", "v=spf1 a:%{d}.%{i}.test redirect=%{d}%{i}", ""},
    {"63 octets", "v=spf1 a:" LABEL63 ".test -all", "all_fail i -all"},
    {"64 octets", "v=spf1 a:" LABEL63 "x.test -all",
     "all_fail i -all, unqueryable_name w a:" LABEL63 "x.test"},
    {"64 octets in redirect", "v=spf1 redirect=x" LABEL63 ".test",
     "unqueryable_name w redirect=x" LABEL63 ".test"},
    {"in exp it does no harm", "v=spf1 -all exp=x" LABEL63 ".test", "all_fail i -all"},
    {"a macro between", "v=spf1 a:" LABEL63 "%{d}" LABEL63 ".test -all", "all_fail i -all"},
    {"64 beside a macro", "v=spf1 a:%{d}" LABEL63 "x.test -all",
     "all_fail i -all, unqueryable_name w a:%{d}" LABEL63 "x.test"},
    {"an escape is an octet", "v=spf1 a:" LABEL63 "%%.test -all",
     "all_fail i -all, unqueryable_name w a:" LABEL63 "%%.test"},
    {"or three", "v=spf1 a:" LABEL60 "%-.test a:" LABEL60 "a%-.test -all",
     "all_fail i -all, unqueryable_name w a:" LABEL60 "a%-.test"},
    {"an escape is no empty label", "v=spf1 a:%_.test -all", "all_fail i -all"},
    {"253 characters and a dot", "v=spf1 a:" LABEL63 "." LABEL63 "." LABEL63 "." LABEL60 "a. -all",
     "all_fail i -all, trailing_dot w a:" LABEL63 "." LABEL63 "." LABEL63 "." LABEL60 "a."},
    {"over 253: the long label is cut off at the left",
     "v=spf1 a:" LABEL63 "x." LABEL63 "." LABEL63 "." LABEL60 ".test -all", "all_fail i -all"},
    {"253 characters are not cut", "v=spf1 a:x" LABEL63 "." LABEL63 "." LABEL63 "." LABEL60 " -all",
     "all_fail i -all, unqueryable_name w a:x" LABEL63 "." LABEL63 "." LABEL63 "." LABEL60},
    {"over 253 with a macro: who knows",
     "v=spf1 a:x" LABEL63 "." LABEL63 "." LABEL63 ".%{d}." LABEL60 " -all", "all_fail i -all"},
    {"as long, and the macro is part of it",
     "v=spf1 a:%{d}.x" LABEL63 "." LABEL63 "." LABEL63 ".test -all",
     "all_fail i -all, unqueryable_name w a:%{d}.x" LABEL63 "." LABEL63 "." LABEL63 ".test"},
    {"over 253: the long label stays",
     "v=spf1 a:" LABEL63 "." LABEL63 "." LABEL63 "x." LABEL60 ".test -all",
     "all_fail i -all, unqueryable_name w a:" LABEL63 "." LABEL63 "." LABEL63 "x." LABEL60 ".test"},
    /* 45: thresholds are 15 and 8 */
    {"/16", "v=spf1 ip4:52.0.0.0/16 -all", "all_fail i -all"},
    {"/15", "v=spf1 ip4:52.0.0.0/15 -all", "all_fail i -all, ip4_wide w ip4:52.0.0.0/15"},
    {"/9", "v=spf1 ip4:52.0.0.0/9 -all", "all_fail i -all, ip4_wide w ip4:52.0.0.0/9"},
    {"/8", "v=spf1 ip4:52.0.0.0/8 -all", "all_fail i -all, ip4_wide e ip4:52.0.0.0/8"},
    {"/0", "v=spf1 ip4:0.0.0.0/0 -all", "all_fail i -all, ip4_wide e ip4:0.0.0.0/0"},
    {"S63", "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all",
     "all_fail i -all, ip4_wide e ip4:0.0.0.0/1, ip4_wide e ip4:128.0.0.0/1"},
    {"a and mx", "v=spf1 a/15 mx:a.test/8 a//8 -all",
     "all_fail i -all, ip4_wide w a/15, ip4_wide e mx:a.test/8"},
    {"not passed", "v=spf1 ?ip4:52.0.0.0/8 ~a/8 -mx/8 -ip6:2600::/12 -all", "all_fail i -all"},
    {"never looked at", "v=spf1 -all ip4:52.0.0.0/8 ip6:2600::/12",
     "all_fail i -all, terms_after_all w ip4:52.0.0.0/8"},
    /* 46: 31 and 16 */
    {"/32", "v=spf1 ip6:2600::/32 -all", "all_fail i -all"},
    {"/31", "v=spf1 ip6:2600::/31 -all", "all_fail i -all, ip6_wide w ip6:2600::/31"},
    {"/17", "v=spf1 ip6:2600::/17 -all", "all_fail i -all, ip6_wide w ip6:2600::/17"},
    {"/16 of IPv6", "v=spf1 ip6:2600::/16 -all", "all_fail i -all, ip6_wide e ip6:2600::/16"},
    {"S37", "v=spf1 ip6:::/0 -all", "all_fail i -all, ip6_wide e ip6:::/0"},
};

static const struct mxs_finding_arg *find_arg(const struct mxs_finding *finding, const char *key)
{
    for (unsigned i = 0; i < finding->arg_count; i++)
        if (strcmp(finding->args[i].key, key) == 0)
            return &finding->args[i];
    return NULL;
}

static void write_finding(const struct mxs_finding *finding, struct mxs_buffer *out)
{
    const struct mxs_finding_arg *term = find_arg(finding, "term");
    const char *id = mxs_finding_kinds[finding->id].id;

    if (out->len > 0)
        mxs_buffer_append(out, MXS_SLICE(", "));
    mxs_buffer_append(out, mxs_slice_of(id + strlen("spf.")));
    mxs_buffer_append_char(out, ' ');
    mxs_buffer_append_char(out, mxs_severity_text(finding->severity)[0]);
    if (term == NULL)
        return;
    mxs_buffer_append_char(out, ' ');
    mxs_buffer_append(out, term->text);
}

static void judge(const struct parsed *parsed, struct mxs_findings *findings)
{
    const struct mxs_name none = {0};

    mxs_findings_init(findings, (struct mxs_arena *)&parsed->arena);
    mxs_spf_judge_syntax(parsed->record, none, findings);
    mxs_spf_judge_record(parsed->record, none, findings);
    mxs_findings_sort(findings);
    assert_false(parsed->arena.failed);
}

static void finds_what_the_row_says(void **state)
{
    const struct row *row = *state;
    struct parsed parsed;
    struct mxs_findings findings;
    struct mxs_buffer got;

    parse(&parsed, row->text, strlen(row->text), NULL, 0);
    judge(&parsed, &findings);
    mxs_buffer_init(&got);
    for (size_t i = 0; i < findings.count; i++)
        write_finding(&findings.items[i], &got);
    assert_slice_equal(mxs_buffer_slice(&got), row->want);
    mxs_buffer_clear(&got);
    release(&parsed);
}

static struct arg_row {
    const char *label, *text;
    enum mxs_finding_id id;
    const char *key, *want; /* `want` NULL: a number */
    uint64_t number;
} arg_rows[] = {
    {"reason", "v=spf1 mx foo -all", MXS_FINDING_SPF_SYNTAX_ERROR, "reason", "unknown_mechanism",
     0},
    {"offset of a defect", "v=spf1 mx a:localhost", MXS_FINDING_SPF_SYNTAX_ERROR, "offset", NULL,
     12},
    {"offset of a term", "v=spf1 mx  ptr -all", MXS_FINDING_SPF_PTR_USED, "offset", NULL, 11},
    {"the modifier", "v=spf1 -all Foo.x=bar", MXS_FINDING_SPF_UNKNOWN_MODIFIER, "modifier", "Foo.x",
     0},
    {"ra", "v=spf1 -all ra=postmaster", MXS_FINDING_SPF_UNKNOWN_MODIFIER, "source", "RFC 6652", 0},
    {"rp", "v=spf1 -all rp=100", MXS_FINDING_SPF_UNKNOWN_MODIFIER, "source", "RFC 6652", 0},
    {"rr", "v=spf1 -all RR=all", MXS_FINDING_SPF_UNKNOWN_MODIFIER, "source", "RFC 6652", 0},
    {"terms behind all", "v=spf1 -all mx exp=a.test a", MXS_FINDING_SPF_TERMS_AFTER_ALL, "count",
     NULL, 2},
    {"prefix, IPv4", "v=spf1 mx/7 -all", MXS_FINDING_SPF_IP4_WIDE, "prefix", NULL, 7},
    {"prefix, IPv6", "v=spf1 ip6:2600::/20 -all", MXS_FINDING_SPF_IP6_WIDE, "prefix", NULL, 20},
};

static void says_where_and_what(void **state)
{
    const struct arg_row *row = *state;
    const struct mxs_finding_arg *arg = NULL;
    struct parsed parsed;
    struct mxs_findings findings;

    parse(&parsed, row->text, strlen(row->text), NULL, 0);
    judge(&parsed, &findings);
    for (size_t i = 0; i < findings.count && arg == NULL; i++)
        if (findings.items[i].id == row->id)
            arg = find_arg(&findings.items[i], row->key);
    assert_non_null(arg);
    if (row->want != NULL)
        assert_slice_equal(arg->text, row->want);
    else
        assert_int_equal(arg->number, row->number);
    release(&parsed);
}

static size_t count_of(const struct mxs_findings *findings, enum mxs_finding_id id)
{
    size_t count = 0;

    for (size_t i = 0; i < findings->count; i++)
        count += findings->items[i].id == id;
    return count;
}

static void floods_nobody(void **state)
{
    struct mxs_buffer text;
    struct parsed parsed;
    struct mxs_findings findings;

    (void)state;
    mxs_buffer_init(&text);
    mxs_buffer_append(&text, MXS_SLICE("v=spf1"));
    for (unsigned i = 0; i <= MXS_SPF_TERMS_MAX; i++)
        mxs_buffer_append(&text, MXS_SLICE(" ip4:10.0.0.1/8"));
    parse(&parsed, text.ptr, text.len, NULL, 0);
    judge(&parsed, &findings);
    assert_true(parsed.record->over_limit);
    assert_int_equal(count_of(&findings, MXS_FINDING_SPF_DUPLICATE_TERM), 20);
    assert_int_equal(count_of(&findings, MXS_FINDING_SPF_IP_NOT_CANONICAL), 20);
    assert_int_equal(count_of(&findings, MXS_FINDING_SPF_IP_SPECIAL_PURPOSE), 20);
    assert_int_equal(count_of(&findings, MXS_FINDING_SPF_IP4_WIDE), 20);
    assert_int_equal(count_of(&findings, MXS_FINDING_SPF_ALL_MISSING), 0); /* not all was read */
    mxs_buffer_clear(&text);
    release(&parsed);
}

/* RFC 7208 section 4.6.4; %{p} by rules section 6.b. */
static void counts_look_ups(void **state)
{
    const char text[] =
        "v=spf1 include:a.test a mx ptr exists:%{p}.a.test ip4:52.0.0.1 ip6:2600::1 "
        "all redirect=a.test exp=%{p}.a.test foo=%{p} a:%{p}";
    const unsigned want[] = {1, 1, 1, 1, 2, 0, 0, 0, 1, 0, 0, 2};
    struct parsed parsed;

    (void)state;
    parse(&parsed, text, strlen(text), NULL, 0);
    assert_int_equal(parsed.record->term_count, COUNT(want));
    for (unsigned i = 0; i < COUNT(want); i++)
        assert_int_equal(mxs_spf_lookup_cost(&parsed.record->terms[i]), want[i]);
    assert_ptr_equal(mxs_spf_first(parsed.record, MXS_SPF_A), &parsed.record->terms[1]);
    assert_null(mxs_spf_first(parsed.record, (enum mxs_spf_kind)(MXS_SPF_OTHER_MODIFIER + 1)));
    release(&parsed);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(rows) + COUNT(arg_rows) + 2] = {
        {"a record that repeats itself", floods_nobody, NULL, NULL, NULL},
        {"look-ups", counts_look_ups, NULL, NULL, NULL},
    };
    size_t at = 2;

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[at++] =
            (struct CMUnitTest){rows[i].label, finds_what_the_row_says, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < COUNT(arg_rows); i++)
        tests[at++] =
            (struct CMUnitTest){arg_rows[i].label, says_where_and_what, NULL, NULL, &arg_rows[i]};
    return cmocka_run_group_tests_name("spf_shape", tests, NULL, NULL);
}
