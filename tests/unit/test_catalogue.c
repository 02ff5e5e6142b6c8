#include "unit.h"

#include <mxsweep/finding.h>

/*
 * The facts of the rules' table of findings: id, severity under --strictness strict, and under
 * operational. "error|warning": the judge of the area decides between the two.
 */
static struct row {
    const char *id;
    const char *strict;
    const char *operational;
} rows[] = {
    {"input.bad_encoding", "error", "error"},
    {"input.empty_label", "error", "error"},
    {"input.too_long", "error", "error"},
    {"input.label_too_long", "error", "error"},
    {"input.name_too_long", "error", "error"},
    {"input.ip_literal", "error", "error"},
    {"input.numeric_tld", "error", "error"},
    {"input.idna_error", "error", "error"},
    {"input.not_domain", "error", "error"},
    {"input.invalid_alabel", "warning", "warning"},
    {"input.not_hostname", "warning", "warning"},
    {"input.derived_name_too_long", "warning", "warning"},
    {"input.excluded", "info", "info"},
    {"input.rewritten", "info", "info"},
    {"input.single_label", "info", "info"},
    {"input.special_use", "info", "info"},
    {"input.public_suffix", "info", "info"},
    {"input.subdomain", "info", "info"},
    {"input.idna2008_disallowed", "info", "info"},
    {"domain.nxdomain", "error", "error"},
    {"mx.temperror", "warning", "warning"},
    {"mx.none", "info", "info"},
    {"mx.implicit", "warning", "warning"},
    {"mx.null", "info", "info"},
    {"mx.null_not_alone", "error", "error"},
    {"mx.null_nonzero_preference", "warning", "warning"},
    {"mx.target_is_cname", "error", "warning"},
    {"mx.target_is_ip_literal", "error", "error"},
    {"mx.target_ip_in_origin", "error", "error"},
    {"mx.target_doubled_origin", "error", "error"},
    {"mx.target_nxdomain", "error", "error"},
    {"mx.target_no_address", "error", "error"},
    {"mx.target_temperror", "warning", "warning"},
    {"mx.no_usable_target", "error", "error"},
    {"mx.address_not_global", "error|warning", "error|warning"},
    {"mx.target_invalid_hostname", "warning", "warning"},
    {"mx.target_special_use", "error", "error"},
    {"mx.target_takeover_risk", "error", "error"},
    {"mx.duplicate_target", "info", "info"},
    {"mx.preference_equal", "info", "info"},
    {"mx.single_target", "info", "info"},
    {"mx.targets_share_address", "info", "info"},
    {"mx.ipv4_only", "info", "info"},
    {"mx.ipv6_only", "warning", "warning"},
    {"mx.too_many_targets", "warning", "warning"},
    {"mx.owner_is_alias", "info", "info"},
    {"mx.null_but_sends", "warning", "warning"},
    {"mx.dual_stack_partial_temperror", "info", "info"},
    {"ptr.missing", "warning", "warning"},
    {"ptr.not_confirmed", "warning", "warning"},
    {"ptr.temperror", "warning", "warning"},
    {"ptr.confirmed", "info", "info"},
    {"ptr.multiple", "info", "info"},
    {"ptr.too_many", "warning", "warning"},
    {"ptr.target_is_cname", "warning", "warning"},
    {"ptr.target_invalid", "warning", "warning"},
    {"ptr.name_differs_from_mx", "info", "info"},
    {"ptr.generic_name", "info", "info"},
    {"ptr.v6_only_missing", "warning", "warning"},
    {"ptr.not_applicable", "info", "info"},
    {"ptr.forward_other_family", "info", "info"},
    {"spf.temperror", "warning", "warning"},
    {"spf.missing", "error|warning", "error|warning"},
    {"spf.multiple_records", "error", "error"},
    {"spf.near_miss", "error|info", "error|info"},
    {"spf.sender_id_record", "info", "info"},
    {"spf.record_at_wrong_place", "info", "info"},
    {"spf.response_over_450", "info", "info"},
    {"spf.response_over_1232", "warning", "warning"},
    {"spf.owner_is_alias", "info", "info"},
    {"spf.nonsending", "info", "info"},
    {"spf.syntax_error", "error", "error"},
    {"spf.terms_after_all", "warning", "warning"},
    {"spf.redirect_with_all", "warning", "warning"},
    {"spf.all_missing", "warning", "warning"},
    {"spf.all_pass", "error", "error"},
    {"spf.all_neutral", "warning", "warning"},
    {"spf.all_softfail", "info", "info"},
    {"spf.all_fail", "info", "info"},
    {"spf.ptr_used", "warning", "warning"},
    {"spf.macro_p_used", "warning", "warning"},
    {"spf.sender_macro_used", "info", "info"},
    {"spf.exists_used", "info", "info"},
    {"spf.unknown_modifier", "info", "info"},
    {"spf.exp_unusable", "info", "info"},
    {"spf.duplicate_term", "info", "info"},
    {"spf.ip_not_canonical", "info", "info"},
    {"spf.ip_special_purpose", "warning", "warning"},
    {"spf.trailing_dot", "warning", "warning"},
    {"spf.unqueryable_name", "warning", "warning"},
    {"spf.too_many_lookups", "error", "error"},
    {"spf.lookups_near_limit", "info", "info"},
    {"spf.too_many_voids", "error", "error"},
    {"spf.void_limit_risk", "warning", "warning"},
    {"spf.void_lookup", "info", "info"},
    {"spf.mx_too_many_names", "error", "error"},
    {"spf.mx_term_without_mx", "warning", "warning"},
    {"spf.a_term_without_address", "warning", "warning"},
    {"spf.include_none", "error", "error"},
    {"spf.include_permerror", "error", "error"},
    {"spf.include_temperror", "warning", "warning"},
    {"spf.redirect_none", "error", "error"},
    {"spf.loop", "error", "error"},
    {"spf.include_takeover_risk", "error", "error"},
    {"spf.include_open", "error", "error"},
    {"spf.dynamic_include", "info", "info"},
    {"spf.ip4_wide", "error|warning", "error|warning"},
    {"spf.ip6_wide", "error|warning", "error|warning"},
    {"spf.direct_v4_large", "warning", "warning"},
    {"spf.total_v4_large", "warning|info", "warning|info"},
    {"spf.effectively_open", "error", "error"},
    {"spf.own_mx_authorised", "info", "info"},
    {"spf.own_mx_not_authorised", "info", "info"},
    {"spf.helo_missing", "info", "info"},
    {"spf.helo_fail", "warning", "warning"},
    {"dkim.temperror", "warning", "warning"},
    {"dkim.not_found", "info", "info"},
    {"dkim.absent", "warning|info", "warning|info"},
    {"dkim.key_found", "info", "info"},
    {"dkim.key_weak", "error", "error"},
    {"dkim.key_short", "warning", "warning"},
    {"dkim.key_oversize", "warning", "warning"},
    {"dkim.key_revoked", "info", "info"},
    {"dkim.wildcard_revoked", "info", "info"},
    {"dkim.wildcard_key", "warning", "warning"},
    {"dkim.wildcard_noise", "info", "info"},
    {"dkim.test_mode", "warning", "warning"},
    {"dkim.strict_identity", "info", "info"},
    {"dkim.syntax_error", "error", "error"},
    {"dkim.key_undecodable", "error", "error"},
    {"dkim.unknown_key_type", "warning", "warning"},
    {"dkim.sha1_only", "error", "error"},
    {"dkim.not_for_email", "warning", "warning"},
    {"dkim.multiple_records", "error", "warning"},
    {"dkim.selector_cname_dangling", "error|warning", "error|warning"},
    {"dkim.obsolete_tag", "info", "info"},
    {"dkim.only_ed25519", "warning", "warning"},
    {"dmarc.temperror", "warning", "warning"},
    {"dmarc.walk_incomplete", "info", "info"},
    {"dmarc.missing", "error|warning", "error|warning"},
    {"dmarc.inherited", "info", "info"},
    {"dmarc.from_psd", "info", "info"},
    {"dmarc.multiple_records", "error|warning", "error|warning"},
    {"dmarc.near_miss", "error|warning", "error|warning"},
    {"dmarc.record_at_wrong_place", "warning", "warning"},
    {"dmarc.unrelated_txt", "info", "info"},
    {"dmarc.p_missing", "warning", "warning"},
    {"dmarc.p_not_second", "info", "info"},
    {"dmarc.policy_invalid", "error", "error"},
    {"dmarc.not_applied", "error", "error"},
    {"dmarc.policy_none", "warning", "warning"},
    {"dmarc.policy_quarantine", "info", "info"},
    {"dmarc.policy_reject", "info", "info"},
    {"dmarc.test_mode", "warning|info", "warning|info"},
    {"dmarc.sp_weaker", "warning", "warning"},
    {"dmarc.np_weaker", "warning", "warning"},
    {"dmarc.np_absent", "info", "info"},
    {"dmarc.sp_ignored", "info", "info"},
    {"dmarc.pct", "warning|info", "warning|info"},
    {"dmarc.historic_tag", "info", "info"},
    {"dmarc.unknown_tag", "info", "info"},
    {"dmarc.bad_tag_value", "warning", "warning"},
    {"dmarc.malformed_tag", "warning|info", "warning|info"},
    {"dmarc.duplicate_tag", "error", "error"},
    {"dmarc.rua_missing", "warning|info", "warning|info"},
    {"dmarc.rua_invalid", "error|warning", "error|warning"},
    {"dmarc.ruf_invalid", "error|warning", "error|warning"},
    {"dmarc.rua_scheme", "warning", "warning"},
    {"dmarc.size_suffix", "info", "info"},
    {"dmarc.rua_destination_no_mail", "error|warning", "error|warning"},
    {"dmarc.rua_count", "info", "info"},
    {"dmarc.fo_without_ruf", "info", "info"},
    {"dmarc.ruf_in_psd", "warning", "warning"},
    {"dmarc.psd_y_unexpected", "warning", "warning"},
    {"dmarc.psd_n", "info", "info"},
    {"dmarc.alignment_strict", "info", "info"},
    {"dmarc.reject_spf_only", "warning", "warning"},
    {"dmarc.od_above_suffix", "warning", "warning"},
    {"dmarc.psl_divergence", "info", "info"},
    {"dmarc.cname_dangling", "error", "error"},
    {"dmarc.tag_case", "info", "info"},
    {"dmarc.wildcard", "info", "info"},
    {"dmarc_reports.internal", "info", "info"},
    {"dmarc_reports.authorised", "info", "info"},
    {"dmarc_reports.not_authorised", "error|warning", "error|warning"},
    {"dmarc_reports.temperror", "warning", "warning"},
    {"dmarc_reports.malformed", "error|warning", "error|warning"},
    {"dmarc_reports.override", "info", "info"},
    {"dmarc_reports.override_bad_host", "error|warning", "error|warning"},
    {"dmarc_reports.too_long", "error|warning", "error|warning"},
    {"dmarc_reports.wildcard", "info", "info"},
    {"dmarc_reports.partly_authorised", "warning", "warning"},
    {"dmarc_reports.all_unauthorised", "error", "error"},
    {"dmarc_reports.multiple_records", "info", "info"},
    {"null_mail.complete", "info", "info"},
    {"null_mail.mx_missing", "warning", "warning"},
    {"null_mail.spf_missing", "warning", "warning"},
    {"null_mail.spf_authorises", "warning", "warning"},
    {"null_mail.spf_soft", "info", "info"},
    {"null_mail.dmarc_missing", "warning", "warning"},
    {"null_mail.dmarc_weak", "warning", "warning"},
    {"null_mail.dkim_live_key", "warning", "warning"},
    {"null_mail.dkim_wildcard_absent", "info", "info"},
    {"null_mail.rua_self", "error", "error"},
    {"null_mail.transport_leftover", "info", "info"},
    {"null_mail.mx_term_in_spf", "warning", "warning"},
    {"mta_sts.present", "info", "info"},
    {"mta_sts.absent", "info", "info"},
    {"mta_sts.temperror", "warning", "warning"},
    {"mta_sts.multiple_records", "error", "error"},
    {"mta_sts.syntax_error", "error", "error"},
    {"mta_sts.near_miss", "warning", "warning"},
    {"mta_sts.policy_host_missing", "error", "error"},
    {"mta_sts.policy_host_temperror", "warning", "warning"},
    {"mta_sts.without_tlsrpt", "info", "info"},
    {"mta_sts.without_mx", "info", "info"},
    {"mta_sts.policy_not_fetched", "info", "info"},
    {"tls_rpt.present", "info", "info"},
    {"tls_rpt.absent", "info", "info"},
    {"tls_rpt.temperror", "warning", "warning"},
    {"tls_rpt.multiple_records", "error", "error"},
    {"tls_rpt.syntax_error", "error", "error"},
    {"tls_rpt.near_miss", "warning", "warning"},
    {"tls_rpt.rua_invalid", "error", "error"},
    {"tls_rpt.rua_partly_invalid", "warning", "warning"},
    {"tls_rpt.destination_no_mail", "warning", "warning"},
    {"tls_rpt.pointless", "info", "info"},
    {"dane.full", "info", "info"},
    {"dane.none", "info", "info"},
    {"dane.partial", "warning", "warning"},
    {"dane.mx_insecure", "warning", "warning"},
    {"dane.tlsa_unusable", "error", "error"},
    {"dane.some_rr_unusable", "warning", "warning"},
    {"dane.tlsa_insecure", "warning", "warning"},
    {"dane.lookup_failed", "error|warning", "error|warning"},
    {"dane.tlsa_at_alias_only", "warning", "warning"},
    {"dane.not_311_or_201", "info", "info"},
    {"dnssec.secure", "info", "info"},
    {"dnssec.insecure", "info", "info"},
    {"dnssec.bogus", "error|warning", "error|warning"},
    {"dnssec.indeterminate", "info", "info"},
    {"dnssec.mixed", "info", "info"},
    {"dnssec.denial_insecure_optout", "info", "info"},
    {"bimi.present", "info", "info"},
    {"bimi.absent", "info", "info"},
    {"bimi.declined", "info", "info"},
    {"bimi.temperror", "warning", "warning"},
    {"bimi.syntax_error", "warning", "warning"},
    {"bimi.multiple_records", "warning", "warning"},
    {"bimi.dmarc_insufficient", "warning", "warning"},
    {"bimi.no_certificate", "info", "info"},
    {"bimi.not_svg", "warning", "warning"},
};
_Static_assert(COUNT(rows) == 252, "as many as the rules have");

static const struct mxs_finding_kind *find(const char *id)
{
    for (size_t i = 0; i < MXS_FINDING_COUNT; i++)
        if (strcmp(mxs_finding_kinds[i].id, id) == 0)
            return &mxs_finding_kinds[i];
    return NULL;
}

/* `text` is "error", or "error|warning" for the usual severity and its alternative. */
static void assert_severities(const char *text, enum mxs_severity usual,
                              enum mxs_severity alternative)
{
    mxs_slice rest = mxs_slice_of(text), first, second;

    assert_true(mxs_slice_split(&rest, '|', &first));
    if (!mxs_slice_split(&rest, '|', &second))
        second = first;
    assert_slice_equal(first, mxs_severity_text(usual));
    assert_slice_equal(second, mxs_severity_text(alternative));
}

static void is_in_the_catalogue(void **state)
{
    const struct row *row = *state;
    const struct mxs_finding_kind *kind = find(row->id);

    assert_non_null(kind);
    assert_severities(row->strict, kind->severity, kind->alternative);
    if (kind->severity == kind->alternative)
        assert_severities(row->operational, kind->operational, kind->operational);
    else
        assert_severities(row->operational, kind->operational, kind->alternative);
}

static void has_no_other_findings(void **state)
{
    (void)state;
    assert_int_equal(MXS_FINDING_COUNT, COUNT(rows));
}

static bool is_snake_case(mxs_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool inner = i > 0 && i + 1 < text.len && text.ptr[i - 1] != '_';
        if (!(c >= 'a' && c <= 'z') && !mxs_is_digit(c) && !(c == '_' && inner))
            return false;
    }
    return text.len > 0;
}

static void has_ids_with_their_area(void **state)
{
    (void)state;
    for (size_t i = 0; i < MXS_FINDING_COUNT; i++) {
        const struct mxs_finding_kind *kind = &mxs_finding_kinds[i];
        assert_non_null(kind->id);
        mxs_slice rest = mxs_slice_of(kind->id), area;
        assert_true(mxs_slice_split(&rest, '.', &area));
        assert_slice_equal(area, mxs_area_text(kind->area));
        assert_true(is_snake_case(rest));
        assert_ptr_equal(find(kind->id), kind); /* the first of its name: unique */
    }
}

/* True when the text ends in a record to be copied, where a full stop would be taken for its own.
 */
static bool ends_in_record(mxs_slice text)
{
    for (size_t i = text.len; i > 0 && text.ptr[i - 1] != '.'; i--)
        if (mxs_slice_starts_with(mxs_slice_from(text, i - 1), MXS_SLICE(" v=")))
            return true;
    return false;
}

static void assert_sentence(const char *id, const char *text, bool may_end_in_record)
{
    assert_non_null(text);
    mxs_slice sentence = mxs_slice_of(text);
    if (sentence.len < 2 || !mxs_slice_is_utf8(sentence) ||
        !mxs_slice_equal(sentence, mxs_slice_trim(sentence)))
        fail_msg("%s: \"%s\"", id, text);
    if (!mxs_slice_ends_with(sentence, MXS_SLICE(".")) &&
        !(may_end_in_record && ends_in_record(sentence)))
        fail_msg("%s: \"%s\" has no full stop", id, text);
}

static void has_no_empty_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < MXS_FINDING_COUNT; i++) {
        const struct mxs_finding_kind *kind = &mxs_finding_kinds[i];
        assert_non_null(kind->source);
        assert_true(strlen(kind->source) > 1);
        assert_sentence(kind->id, kind->summary, false);
        assert_sentence(kind->id, kind->remedy, true);
    }
}

static void has_its_areas_in_order(void **state)
{
    (void)state;
    for (size_t i = 1; i < MXS_FINDING_COUNT; i++)
        assert_true(mxs_finding_kinds[i - 1].area <= mxs_finding_kinds[i].area);
    assert_int_equal(mxs_finding_kinds[MXS_FINDING_COUNT - 1].area, MXS_AREA_COUNT - 1);
}

static void names_areas_and_severities(void **state)
{
    static const char *const areas[] = {
        "input",         "domain",    "mx",      "ptr",     "spf",  "dkim",   "dmarc",
        "dmarc_reports", "null_mail", "mta_sts", "tls_rpt", "dane", "dnssec", "bimi"};

    (void)state;
    assert_int_equal(COUNT(areas), MXS_AREA_COUNT);
    for (unsigned i = 0; i < COUNT(areas); i++)
        assert_string_equal(mxs_area_text((enum mxs_area)i), areas[i]);
    assert_string_equal(mxs_severity_text(MXS_SEVERITY_ERROR), "error");
    assert_string_equal(mxs_severity_text(MXS_SEVERITY_WARNING), "warning");
    assert_string_equal(mxs_severity_text(MXS_SEVERITY_INFO), "info");
    assert_true(MXS_SEVERITY_INFO < MXS_SEVERITY_WARNING);
    assert_true(MXS_SEVERITY_WARNING < MXS_SEVERITY_ERROR);
}

/* A list in an arena of its own. */
struct list {
    struct mxs_arena arena;
    struct mxs_findings findings;
};

static void open_list(struct list *list)
{
    mxs_arena_init(&list->arena);
    mxs_findings_init(&list->findings, &list->arena);
}

static void close_list(struct list *list)
{
    assert_false(list->arena.failed);
    mxs_arena_clear(&list->arena);
}

/* "" is no name. */
static struct mxs_name name_of(struct list *list, const char *text)
{
    struct mxs_name name = {0};

    if (text[0] != '\0')
        assert_int_equal(mxs_name_parse(&list->arena, mxs_slice_of(text), &name), MXS_NAME_OK);
    return name;
}

static void takes_severity_from_the_catalogue(void **state)
{
    struct list list;
    struct mxs_finding *finding;

    (void)state;
    open_list(&list);
    finding = mxs_findings_add(&list.findings, MXS_FINDING_SPF_MISSING, name_of(&list, "ex.com"));
    assert_non_null(finding);
    assert_int_equal(finding->id, MXS_FINDING_SPF_MISSING);
    assert_int_equal(finding->severity, MXS_SEVERITY_ERROR);
    assert_true(mxs_name_equal(finding->name, name_of(&list, "EX.com")));
    assert_int_equal(finding->arg_count, 0);
    mxs_findings_add_alternative(&list.findings, MXS_FINDING_SPF_MISSING, name_of(&list, ""));
    assert_int_equal(list.findings.count, 2);
    assert_int_equal(list.findings.items[0].severity, MXS_SEVERITY_ERROR);
    assert_int_equal(list.findings.items[1].severity, MXS_SEVERITY_WARNING);
    assert_null(list.findings.items[1].name.wire);
    mxs_findings_add_alternative(&list.findings, MXS_FINDING_MX_NONE, name_of(&list, ""));
    assert_int_equal(list.findings.items[2].severity,
                     mxs_finding_kinds[MXS_FINDING_MX_NONE].severity);
    close_list(&list);
}

static void gives_arguments_to_the_last_finding(void **state)
{
    struct list list;
    const struct mxs_finding *items;

    (void)state;
    open_list(&list);
    mxs_findings_add_text(&list.findings, "lost", MXS_SLICE("no finding yet"));
    mxs_findings_add(&list.findings, MXS_FINDING_MX_NONE, name_of(&list, ""));
    mxs_findings_add(&list.findings, MXS_FINDING_MX_NULL, name_of(&list, ""));
    mxs_findings_add_text(&list.findings, "text", MXS_SLICE("a"));
    mxs_findings_add_number(&list.findings, "number", UINT64_MAX);
    mxs_findings_add_text(&list.findings, "empty", MXS_SLICE(""));
    mxs_findings_add_text(&list.findings, "absent", (mxs_slice){NULL, 0});
    items = list.findings.items;
    assert_int_equal(items[0].arg_count, 0);
    assert_int_equal(items[1].arg_count, 3);
    assert_string_equal(items[1].args[0].key, "text");
    assert_slice_equal(items[1].args[0].text, "a");
    assert_string_equal(items[1].args[1].key, "number");
    assert_null(items[1].args[1].text.ptr);
    assert_true(items[1].args[1].number == UINT64_MAX);
    assert_string_equal(items[1].args[2].key, "empty");
    assert_non_null(items[1].args[2].text.ptr);
    close_list(&list);
}

static void keeps_many(void **state)
{
    struct list list;

    (void)state;
    open_list(&list);
    for (unsigned i = 0; i < 1000; i++) {
        assert_non_null(mxs_findings_add(
            &list.findings, (enum mxs_finding_id)(i % MXS_FINDING_COUNT), (struct mxs_name){0}));
        mxs_findings_add_number(&list.findings, "i", i);
    }
    assert_int_equal(list.findings.count, 1000);
    for (unsigned i = 0; i < 1000; i++) {
        assert_int_equal(list.findings.items[i].id, i % MXS_FINDING_COUNT);
        assert_int_equal(list.findings.items[i].args[0].number, i);
    }
    close_list(&list);
}

static void knows_what_it_has(void **state)
{
    struct list list;

    (void)state;
    open_list(&list);
    assert_false(mxs_findings_has(&list.findings, MXS_FINDING_INPUT_BAD_ENCODING));
    mxs_findings_add(&list.findings, MXS_FINDING_MX_NONE, name_of(&list, ""));
    mxs_findings_add(&list.findings, MXS_FINDING_MX_NULL, name_of(&list, ""));
    assert_true(mxs_findings_has(&list.findings, MXS_FINDING_MX_NONE));
    assert_true(mxs_findings_has(&list.findings, MXS_FINDING_MX_NULL));
    assert_false(mxs_findings_has(&list.findings, MXS_FINDING_INPUT_BAD_ENCODING));
    close_list(&list);
}

/* In the wanted order: area by the rules, id by its text and not its number, name, "" first. */
static const struct sorted {
    enum mxs_finding_id id;
    const char *name;
} sorted[] = {
    {MXS_FINDING_INPUT_NOT_HOSTNAME, ""},    {MXS_FINDING_INPUT_SINGLE_LABEL, ""},
    {MXS_FINDING_DOMAIN_NXDOMAIN, "ex.com"}, {MXS_FINDING_MX_DUPLICATE_TARGET, ""},
    {MXS_FINDING_MX_NONE, "a.com"},          {MXS_FINDING_MX_TEMPERROR, ""},
    {MXS_FINDING_MX_TEMPERROR, "a.com"},     {MXS_FINDING_MX_TEMPERROR, "a.com.b"},
    {MXS_FINDING_MX_TEMPERROR, "b.a"},       {MXS_FINDING_PTR_CONFIRMED, "a.com"},
    {MXS_FINDING_PTR_MISSING, "a.com"},      {MXS_FINDING_BIMI_NOT_SVG, ""},
};

/* Each rotation of the list sorts to the same. */
static void sorts_by_area_id_and_name(void **state)
{
    (void)state;
    for (size_t start = 0; start < COUNT(sorted); start++) {
        struct list list;
        open_list(&list);
        for (size_t i = 0; i < COUNT(sorted); i++) {
            const struct sorted *one = &sorted[(start + i * 5) % COUNT(sorted)];
            mxs_findings_add(&list.findings, one->id, name_of(&list, one->name));
        }
        mxs_findings_sort(&list.findings);
        assert_int_equal(list.findings.count, COUNT(sorted));
        for (size_t i = 0; i < COUNT(sorted); i++) {
            struct mxs_name want = name_of(&list, sorted[i].name), got;
            assert_int_equal(list.findings.items[i].id, sorted[i].id);
            got = list.findings.items[i].name;
            assert_int_equal(got.wire == NULL, want.wire == NULL);
            assert_true(want.wire == NULL || mxs_name_equal(got, want));
        }
        close_list(&list);
    }
}

static void sorts_equal_ones_as_they_came(void **state)
{
    struct list list;

    (void)state;
    open_list(&list);
    mxs_findings_sort(&list.findings); /* nothing to sort is no harm */
    for (unsigned i = 0; i < 40; i++) {
        mxs_findings_add(&list.findings, i % 2 ? MXS_FINDING_MX_NONE : MXS_FINDING_SPF_MISSING,
                         name_of(&list, "ex.com"));
        mxs_findings_add_number(&list.findings, "i", i);
    }
    mxs_findings_sort(&list.findings);
    for (unsigned i = 0; i < 40; i++)
        assert_int_equal(list.findings.items[i].args[0].number, i < 20 ? 2 * i + 1 : 2 * (i - 20));
    close_list(&list);
}

/* An arena whose last allocation failed takes no argument that might go to the wrong finding. */
static void adds_no_argument_after_a_failure(void **state)
{
    struct list list;

    (void)state;
    open_list(&list);
    mxs_findings_add(&list.findings, MXS_FINDING_MX_NONE, name_of(&list, ""));
    list.arena.failed = true;
    mxs_findings_add_text(&list.findings, "key", MXS_SLICE("text"));
    mxs_findings_add_number(&list.findings, "key", 1);
    assert_int_equal(list.findings.items[0].arg_count, 0);
    list.arena.failed = false;
    close_list(&list);
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(has_no_other_findings),
        cmocka_unit_test(has_ids_with_their_area),
        cmocka_unit_test(has_no_empty_field),
        cmocka_unit_test(has_its_areas_in_order),
        cmocka_unit_test(names_areas_and_severities),
        cmocka_unit_test(takes_severity_from_the_catalogue),
        cmocka_unit_test(gives_arguments_to_the_last_finding),
        cmocka_unit_test(keeps_many),
        cmocka_unit_test(knows_what_it_has),
        cmocka_unit_test(sorts_by_area_id_and_name),
        cmocka_unit_test(sorts_equal_ones_as_they_came),
        cmocka_unit_test(adds_no_argument_after_a_failure),
    };
    struct CMUnitTest tests[COUNT(rows) + COUNT(others)];

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].id, is_in_the_catalogue, NULL, NULL, &rows[i]};
    memcpy(tests + COUNT(rows), others, sizeof others);
    return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
