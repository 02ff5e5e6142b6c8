/* Which SPF and which DMARC record stands, and what DNSSEC says: rules sections 6.b, 8.b, 14. */
#include "unit.h"

#include "scene.h"

/* A domain without MX and address has the least to say; `mx.none` is in every row. */
#define NO_MX    "info mx.none ex.com\n"
#define INSECURE "info dnssec.insecure ex.com\n"
#define DMARC    "_dmarc.ex.com TXT v=DMARC1; p=reject\n"
#define SPF      "ex.com TXT v=spf1 -all\n"
#define MAIL     "ex.com MX 10 m.ex.com\nm.ex.com A 9.1.1.1\nm.ex.com AAAA 2620::1\n"
#define SINGLE   "info mx.single_target m.ex.com\n"
/* What SPF above says, and what it says of MAIL's host. */
#define SAID    "info spf.all_fail ex.com\ninfo spf.nonsending ex.com\n"
#define SAID_MX "info spf.own_mx_not_authorised ex.com\n"
#define MISSING "warning spf.missing ex.com\n"

struct row {
    const char *label, *zone, *domain;
    const char *lookup, *state;
    const char *record; /* NULL: none */
    unsigned records;
    const char *grade;    /* NULL: left out */
    const char *findings; /* all of them */
};

/* Rules section 6.f: which record stands. */
static struct row spf_rows[] = {
    {"S02", "ex.com TXT google-site-verification=x\n" DMARC, "ex.com", "ok", "none", NULL, 0,
     "warn", NO_MX MISSING INSECURE},
    {"S04", "!fail ex.com TXT temp:failed\n" DMARC, "ex.com", "temp", "unknown", NULL, 0, "unknown",
     NO_MX "warning spf.temperror ex.com\n" INSECURE},
    {"S05", "ex.com TXT v=spf1 ip4:192.0.2.1 -all\nex.com TXT v=spf1 mx ~all\n" DMARC, "ex.com",
     "ok", "multiple", NULL, 2, "fail", NO_MX "error spf.multiple_records ex.com\n" INSECURE},
    {"S06", "ex.com TXT v=spf10 -all\nex.com TXT v=spf1 ~all\n" DMARC, "ex.com", "ok", "found",
     "v=spf1 ~all", 1, "pass",
     NO_MX "info spf.all_softfail ex.com\ninfo spf.near_miss ex.com\n" INSECURE},
    {"S07", "ex.com TXT v=spf1\n" DMARC, "ex.com", "ok", "found", "v=spf1", 1, "warn",
     NO_MX "warning spf.all_missing ex.com\n" INSECURE},
    {"S08", "ex.com TXT V=SPF1 IP4:192.0.2.1 -ALL\n" DMARC, "ex.com", "ok", "found",
     "V=SPF1 IP4:192.0.2.1 -ALL", 1, "warn",
     NO_MX "info spf.all_fail ex.com\nwarning spf.ip_special_purpose ex.com\n" INSECURE},
    {"S10", "ex.com TXT \"v=spf1\" \" -all\"\n" DMARC, "ex.com", "ok", "found", "v=spf1 -all", 1,
     "pass", NO_MX SAID INSECURE},
    {"S11", "ex.com TXT \"v=spf1\" \"-all\"\n" DMARC, "ex.com", "ok", "none", NULL, 0, "fail",
     NO_MX MISSING "error spf.near_miss ex.com\n" INSECURE},
    {"S12", "ex.com TXT v=spf1; a -all\n" DMARC, "ex.com", "ok", "none", NULL, 0, "fail",
     NO_MX MISSING "error spf.near_miss ex.com\n" INSECURE},
    {"S13", "ex.com TXT \" v=spf1 -all\"\n" DMARC, "ex.com", "ok", "none", NULL, 0, "fail",
     NO_MX MISSING "error spf.near_miss ex.com\n" INSECURE},
    {"S14", "ex.com TXT \"\\\"v=spf1 -all\\\"\"\n" DMARC, "ex.com", "ok", "none", NULL, 0, "fail",
     NO_MX MISSING "error spf.near_miss ex.com\n" INSECURE},
    {"S56", "ex.com CNAME o.net\no.net TXT v=spf1 ip4:192.0.2.1 -all\n" DMARC, "ex.com", "ok",
     "found", "v=spf1 ip4:192.0.2.1 -all", 1, "warn",
     NO_MX "info mx.owner_is_alias ex.com\ninfo spf.all_fail ex.com\nwarning "
           "spf.ip_special_purpose ex.com\ninfo spf.owner_is_alias ex.com\n" INSECURE},
    {"S59", "ex.com TXT \"v=spf1\\009a -all\"\n" DMARC, "ex.com", "ok", "none", NULL, 0, "fail",
     NO_MX MISSING "error spf.near_miss ex.com\n" INSECURE},
    {"S61", "ex.com TYPE99\n" DMARC, "ex.com", "nodata", "none", NULL, 0, "warn",
     NO_MX MISSING INSECURE},
    {"blanks at the end", "ex.com TXT \"v=spf1  \"\n" DMARC, "ex.com", "ok", "found", "v=spf1  ", 1,
     "warn", NO_MX "warning spf.all_missing ex.com\n" INSECURE},
    {"a NUL after the version", "ex.com TXT \"v=spf1\\000\"\n" DMARC, "ex.com", "ok", "none", NULL,
     0, "fail", NO_MX MISSING "error spf.near_miss ex.com\n" INSECURE},
    {"half a version", "ex.com TXT v=spf\n" DMARC, "ex.com", "ok", "none", NULL, 0, "warn",
     NO_MX MISSING INSECURE},
    {"three records", SPF "ex.com TXT v=spf1 a\nex.com TXT v=spf1\n" DMARC, "ex.com", "ok",
     "multiple", NULL, 3, "fail", NO_MX "error spf.multiple_records ex.com\n" INSECURE},
    {"missing where mail arrives", MAIL DMARC, "ex.com", "nodata", "none", NULL, 0, "fail",
     SINGLE "error spf.missing ex.com\n" INSECURE},
    {"missing behind a null MX", "ex.com MX 0 .\n" DMARC, "ex.com", "nodata", "none", NULL, 0,
     "warn", "info mx.null ex.com\n" MISSING INSECURE},
    /* its severity rests on what is unknown: ignorance beats praise, rules sections 1.1 I2, 16.4 */
    {"missing where nobody knows", "!fail ex.com MX temp:timeout\n" DMARC, "ex.com", "nodata",
     "none", NULL, 0, "unknown", "warning mx.temperror ex.com\n" MISSING},
    {"bogus", "!fail ex.com TXT bogus\n" DMARC, "ex.com", "bogus", "unknown", NULL, 0, "unknown",
     NO_MX "warning spf.temperror ex.com\nerror dnssec.bogus ex.com\n" INSECURE},
    {"limit", "!fail ex.com TXT limit\n" DMARC, "ex.com", "limit", "unknown", NULL, 0, "unknown",
     NO_MX "warning spf.temperror ex.com\n" INSECURE},
    {"a dangling alias", "ex.com CNAME gone.net\n" DMARC, "ex.com", "nxdomain_target", "none", NULL,
     0, "warn", NO_MX "info mx.owner_is_alias ex.com\n" MISSING INSECURE},
    /* section 3 step 10, RFC 7208 section 4.3: none for a single label, whatever it publishes */
    {"a single label", "com TXT v=spf1 -all\n_dmarc.com TXT v=DMARC1; p=reject\n", "com", "ok",
     "none", NULL, 0, "warn",
     "info mx.none com\nwarning spf.missing com\ninfo dnssec.insecure com\n"},
};

/* Rules sections 8.b, 8.e: the record filter at `_dmarc.D`; the walk to the parents comes later. */
static struct row dmarc_rows[] = {
    {"D1", "_dmarc.ex.com TXT v=DMARC1; p=reject; adkim=s; aspf=s;\n" SPF, "ex.com", "ok", "found",
     "v=DMARC1; p=reject; adkim=s; aspf=s;", 1, NULL, NO_MX SAID INSECURE},
    {"D2", "_dmarc.ex.com TXT v = DMARC1 ; p = none\n" SPF, "ex.com", "ok", "found",
     "v = DMARC1 ; p = none", 1, NULL, NO_MX SAID INSECURE},
    {"D3", "_dmarc.ex.com TXT v=dmarc1; p=reject\n" SPF, "ex.com", "ok", "none", NULL, 0, NULL,
     NO_MX SAID "info dmarc.unrelated_txt _dmarc.ex.com\n" INSECURE},
    {"D4", "_dmarc.ex.com TXT \" v=DMARC1; p=none\"\n" SPF, "ex.com", "ok", "none", NULL, 0, NULL,
     NO_MX SAID "info dmarc.unrelated_txt _dmarc.ex.com\n" INSECURE},
    {"D5", "_dmarc.ex.com TXT v=DMARC1 p=reject\n" SPF, "ex.com", "ok", "none", NULL, 0, NULL,
     NO_MX SAID "info dmarc.unrelated_txt _dmarc.ex.com\n" INSECURE},
    {"D6", "_dmarc.ex.com TXT v=DMARC1\\; p=reject\\;\n" SPF, "ex.com", "ok", "none", NULL, 0, NULL,
     NO_MX SAID "info dmarc.unrelated_txt _dmarc.ex.com\n" INSECURE},
    {"D7", "_dmarc.ex.com TXT p=reject; v=DMARC1\n" SPF, "ex.com", "ok", "none", NULL, 0, NULL,
     NO_MX SAID "info dmarc.unrelated_txt _dmarc.ex.com\n" INSECURE},
    {"D20", "_dmarc.ex.com TXT \"v=DMARC1; p=re\" \"ject\"\n" SPF, "ex.com", "ok", "found",
     "v=DMARC1; p=reject", 1, NULL, NO_MX SAID INSECURE},
    {"D21", DMARC DMARC SPF, "ex.com", "ok", "multiple", NULL, 2, "fail",
     NO_MX SAID "error dmarc.multiple_records _dmarc.ex.com\n" INSECURE},
    {"D32", "!fail _dmarc.ex.com TXT temp:failed\n" SPF, "ex.com", "temp", "unknown", NULL, 0,
     "unknown", NO_MX SAID "warning dmarc.temperror _dmarc.ex.com\n" INSECURE},
    {"D34", "_dmarc.ex.com CNAME gone.net\n" SPF, "ex.com", "nxdomain_target", "none", NULL, 0,
     "fail", NO_MX SAID "error dmarc.cname_dangling _dmarc.ex.com\n" INSECURE},
    {"only the version", "_dmarc.ex.com TXT v=DMARC1\n" SPF, "ex.com", "ok", "found", "v=DMARC1", 1,
     NULL, NO_MX SAID INSECURE},
    {"blanks behind the version", "_dmarc.ex.com TXT \"v=DMARC1 \\009\"\n" SPF, "ex.com", "ok",
     "found", "v=DMARC1 \t", 1, NULL, NO_MX SAID INSECURE},
    {"blanks before the equals sign", "_dmarc.ex.com TXT \"v\\009=\\009DMARC1;\"\n" SPF, "ex.com",
     "ok", "found", "v\t=\tDMARC1;", 1, NULL, NO_MX SAID INSECURE},
    {"a tag name in capitals", "_dmarc.ex.com TXT V=DMARC1; p=none\n" SPF, "ex.com", "ok", "found",
     "V=DMARC1; p=none", 1, NULL, NO_MX SAID INSECURE},
    {"a longer version", "_dmarc.ex.com TXT v=DMARC11; p=none\n" SPF, "ex.com", "ok", "none", NULL,
     0, NULL, NO_MX SAID "info dmarc.unrelated_txt _dmarc.ex.com\n" INSECURE},
    {"a longer tag", "_dmarc.ex.com TXT vv=DMARC1; p=none\n" SPF, "ex.com", "ok", "none", NULL, 0,
     NULL, NO_MX SAID "info dmarc.unrelated_txt _dmarc.ex.com\n" INSECURE},
    {"an empty text", "_dmarc.ex.com TXT \"\"\n" SPF, "ex.com", "ok", "none", NULL, 0, NULL,
     NO_MX SAID "info dmarc.unrelated_txt _dmarc.ex.com\n" INSECURE},
    {"other text beside it", DMARC "_dmarc.ex.com TXT hello\n" SPF, "ex.com", "ok", "found",
     "v=DMARC1; p=reject", 1, NULL, NO_MX SAID "info dmarc.unrelated_txt _dmarc.ex.com\n" INSECURE},
    {"behind an alias", "_dmarc.ex.com CNAME d.net\nd.net TXT v=DMARC1; p=none\n" SPF, "ex.com",
     "ok", "found", "v=DMARC1; p=none", 1, NULL, NO_MX SAID INSECURE},
    {"an alias to a name without text", "_dmarc.ex.com CNAME d.net\nd.net A 9.1.1.1\n" SPF,
     "ex.com", "nodata", "none", NULL, 0, NULL, NO_MX SAID INSECURE},
    {"none", SPF, "ex.com", "nxdomain", "none", NULL, 0, NULL, NO_MX SAID INSECURE},
    {"only a child", "a._dmarc.ex.com TXT v=DMARC1; p=none\n" SPF, "ex.com", "nodata", "none", NULL,
     0, NULL, NO_MX SAID INSECURE},
    {"a wildcard", "*.ex.com TXT v=DMARC1; p=none\n" SPF, "ex.com", "ok", "found",
     "v=DMARC1; p=none", 1, NULL, NO_MX SAID INSECURE},
    {"a loop of aliases", "_dmarc.ex.com CNAME d.net\nd.net CNAME _dmarc.ex.com\n" SPF, "ex.com",
     "temp", "unknown", NULL, 0, "unknown",
     NO_MX SAID "warning dmarc.temperror _dmarc.ex.com\n" INSECURE},
    {"limit", "!fail _dmarc.ex.com TXT limit\n" SPF, "ex.com", "limit", "unknown", NULL, 0,
     "unknown", NO_MX SAID "warning dmarc.temperror _dmarc.ex.com\n" INSECURE},
    /* section 14, V9 */
    {"a bogus child zone", "!zone _dmarc.ex.com bogus\n" MAIL SPF, "ex.com", "bogus", "unknown",
     NULL, 0, "unknown",
     SINGLE SAID SAID_MX "warning dmarc.temperror _dmarc.ex.com\n"
                         "error dnssec.bogus _dmarc.ex.com\n" INSECURE},
};

static void assert_row(struct scene *scene, const struct row *row,
                       const struct mxs_selection *selection, enum mxs_area area)
{
    const char *grade = mxs_grade_text(scene->posture->grades[area]);

    assert_string_equal(scene_findings(scene), row->findings);
    assert_string_equal(mxs_lookup_text(selection->lookup), row->lookup);
    assert_string_equal(mxs_state_text(selection->state), row->state);
    assert_int_equal(selection->record_count, row->records);
    assert_string_equal(grade ? grade : "left out", row->grade ? row->grade : "left out");
    assert_int_equal(selection->record.ptr != NULL, row->record != NULL);
    if (row->record != NULL)
        assert_slice_equal(selection->record, row->record);
}

static void selects_spf_as_the_row_says(void **state)
{
    const struct row *row = *state;
    struct scene scene;

    scene_open(&scene, row->zone, row->domain);
    scene_evaluate(&scene, ZONE_PENDING_FIRST);
    assert_row(&scene, row, &scene.posture->spf, MXS_AREA_SPF);
    scene_close(&scene);
}

static void selects_dmarc_as_the_row_says(void **state)
{
    const struct row *row = *state;
    struct scene scene;

    scene_open(&scene, row->zone, row->domain);
    scene_evaluate(&scene, ZONE_PENDING_FIRST);
    assert_row(&scene, row, &scene.posture->dmarc, MXS_AREA_DMARC);
    assert_slice_equal(mxs_name_text(&scene.arena, scene.posture->dmarc.name), "_dmarc.ex.com");
    scene_close(&scene);
}

#define L10 "aaaaaaaaaa"
#define L63 L10 L10 L10 L10 L10 L10 "aaa"
#define L61 L10 L10 L10 L10 L10 L10 "a"

/* Section 3 steps 8 and its last cases: `_dmarc.` + 253 characters cannot exist, so nobody asks. */
static void does_not_ask_for_a_name_too_long(void **state)
{
    static const char domain[] = L63 "." L63 "." L63 "." L61;
    char zone[1024];
    struct scene scene;

    (void)state;
    assert_int_equal(sizeof domain - 1, 253);
    (void)snprintf(zone, sizeof zone, "%s TXT v=spf1 -all\n", domain);
    scene_open(&scene, zone, domain);
    scene_evaluate(&scene, ZONE_AT_ONCE);
    const struct mxs_selection *dmarc = &scene.posture->dmarc;
    assert_null(dmarc->name.wire);
    assert_int_equal(dmarc->state, MXS_STATE_NONE);
    assert_true(mxs_lookup_is_absent(dmarc->lookup));
    assert_int_equal(scene.posture->questions, 4); /* MX, A, AAAA, TXT */
    assert_int_equal(scene.posture->spf.state, MXS_STATE_FOUND);
    assert_int_equal(scene.posture->grades[MXS_AREA_DMARC], MXS_GRADE_LEFT_OUT);
    scene_close(&scene);
}

/* Section 14: the status of MX D or of its denial, the grade of 16.4, and 1.4's existence. */
static struct dnssec_row {
    const char *label, *zone, *findings, *grade;
    const char *exists; /* "no!": by a signed denial */
} dnssec_rows[] = {
    {"V1", "!zone ex.com signed\n" MAIL SPF DMARC,
     SINGLE SAID SAID_MX "info dnssec.secure ex.com\n", "pass", "yes"},
    {"V2", MAIL SPF DMARC, SINGLE SAID SAID_MX INSECURE, "pass", "yes"},
    {"V3", "!zone ex.com bogus\n" MAIL SPF DMARC,
     "warning spf.temperror ex.com\nwarning dmarc.temperror _dmarc.ex.com\n"
     "error dnssec.bogus _dmarc.ex.com\nerror dnssec.bogus ex.com\nerror dnssec.bogus ex.com\n",
     "fail", "unknown"},
    {"V5",
     "!fail ex.com MX temp:failed\n!fail ex.com TXT temp:failed\n"
     "!fail _dmarc.ex.com TXT temp:failed\n",
     "warning mx.temperror ex.com\nwarning spf.temperror ex.com\n"
     "warning dmarc.temperror _dmarc.ex.com\n",
     "unknown", "unknown"},
    {"V6", "!zone . unanchored\n" MAIL SPF DMARC,
     SINGLE SAID SAID_MX "info dnssec.indeterminate ex.com\n", "unknown", "yes"},
    {"a signed denial of the name", "!zone com signed\n",
     "error domain.nxdomain ex.com\ninfo dnssec.secure ex.com\n", "not_applicable", "no!"},
    {"an unsigned denial of the name", "!zone com unsigned\n",
     "error domain.nxdomain ex.com\n" INSECURE, "not_applicable", "no"},
    {"a black lie", "!zone com signed\n!uncertain ex.com\n" DMARC,
     NO_MX "warning spf.missing ex.com\ninfo dnssec.secure ex.com\n", "pass", "uncertain!"},
    {"a dangling alias exists", "ex.com CNAME gone.net\n" DMARC,
     NO_MX "info mx.owner_is_alias ex.com\n" MISSING INSECURE, "pass", "yes"},
    {"MX unknown, TXT says it does not exist", "!fail ex.com MX temp:failed\n",
     "warning mx.temperror ex.com\nwarning spf.missing ex.com\n", "unknown", "no"},
    {"one bogus answer fails it", "!fail m.ex.com A bogus\nex.com MX 10 m.ex.com\n" SPF DMARC,
     "warning mx.target_temperror m.ex.com\n" SAID "error dnssec.bogus m.ex.com\n" INSECURE, "fail",
     "yes"},
};

static void says_of_dnssec_what_the_row_says(void **state)
{
    const struct dnssec_row *row = *state;
    const struct mxs_posture *posture;
    struct scene scene;
    char exists[16];

    scene_open(&scene, row->zone, "ex.com");
    posture = scene_evaluate(&scene, ZONE_AT_ONCE);
    (void)snprintf(exists, sizeof exists, "%s%s", mxs_existence_text(posture->exists),
                   posture->exists_by_dnssec ? "!" : "");
    assert_string_equal(scene_findings(&scene), row->findings);
    assert_string_equal(mxs_grade_text(posture->grades[MXS_AREA_DNSSEC]), row->grade);
    assert_string_equal(exists, row->exists);
    scene_close(&scene);
}

/* The bogus finding names the question and the reason. */
static void says_why_it_is_bogus(void **state)
{
    struct scene scene;

    (void)state;
    scene_open(&scene, "!fail ex.com TXT bogus\n" DMARC, "ex.com");
    scene_evaluate(&scene, ZONE_AT_ONCE);
    for (size_t i = 0; i < scene.posture->findings.count; i++) {
        const struct mxs_finding *finding = &scene.posture->findings.items[i];
        if (finding->id != MXS_FINDING_DNSSEC_BOGUS)
            continue;
        assert_int_equal(finding->arg_count, 2);
        assert_slice_equal(finding->args[0].text, "TXT");
        assert_slice_equal(finding->args[1].text, "signature expired");
    }
    scene_close(&scene);
}

/* Sections 4.a.1 and 8.a: a name that does not exist has no records, and is asked once. */
static void asks_nothing_of_a_name_that_does_not_exist(void **state)
{
    struct scene scene;

    (void)state;
    scene_open(&scene, "com NS x\n", "ex.com");
    scene_evaluate(&scene, ZONE_PENDING_FIRST);
    assert_string_equal(scene_asked(&scene), "MX ex.com");
    assert_int_equal(scene.posture->spf.state, MXS_STATE_NONE);
    assert_int_equal(scene.posture->dmarc.state, MXS_STATE_NONE);
    for (unsigned i = 0; i < MXS_AREA_COUNT; i++)
        assert_int_equal(scene.posture->grades[i], MXS_GRADE_NOT_APPLICABLE);
    scene_close(&scene);
}

int main(void)
{
    static const struct CMUnitTest extra[] = {
        cmocka_unit_test(does_not_ask_for_a_name_too_long),
        cmocka_unit_test(says_why_it_is_bogus),
        cmocka_unit_test(asks_nothing_of_a_name_that_does_not_exist),
    };
    struct CMUnitTest
        tests[COUNT(spf_rows) + COUNT(dmarc_rows) + COUNT(dnssec_rows) + COUNT(extra)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(spf_rows); i++)
        tests[count++] = (struct CMUnitTest){spf_rows[i].label, selects_spf_as_the_row_says, NULL,
                                             NULL, &spf_rows[i]};
    for (size_t i = 0; i < COUNT(dmarc_rows); i++)
        tests[count++] = (struct CMUnitTest){dmarc_rows[i].label, selects_dmarc_as_the_row_says,
                                             NULL, NULL, &dmarc_rows[i]};
    for (size_t i = 0; i < COUNT(dnssec_rows); i++)
        tests[count++] = (struct CMUnitTest){dnssec_rows[i].label, says_of_dnssec_what_the_row_says,
                                             NULL, NULL, &dnssec_rows[i]};
    for (size_t i = 0; i < COUNT(extra); i++)
        tests[count++] = extra[i];
    return cmocka_run_group_tests_name("selection", tests, NULL, NULL);
}
