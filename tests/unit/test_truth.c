/*
 * The property of truth (rules section 1.1, I1 to I4): whatever questions fail, a posture claims
 * nothing that the complete answers do not bear out. And: waves and scarce memory change nothing.
 */
#include "unit.h"

#include <mxsweep/line.h>

#include "scarce.h"
#include "scene.h"

#define REST "ex.com TXT v=spf1 -all\n_dmarc.ex.com TXT v=DMARC1; p=reject\n"
#define M46  "m.ex.com A 9.1.1.1\nm.ex.com AAAA 2620::1\n"
#define N46  "n.ex.com A 9.1.1.2\nn.ex.com AAAA 2620::2\n"
#define TWO  "ex.com MX 10 m.ex.com\nex.com MX 20 n.ex.com\n"
#define ONE  "ex.com MX 10 m.ex.com\n"

#define SPF(terms) "ex.com TXT v=spf1 " terms "\n_dmarc.ex.com TXT v=DMARC1; p=reject\n"

/* Zones without a failure, all of ex.com. */
static struct fixture {
    const char *label, *zone;
} fixtures[] = {
    {"two hosts", TWO M46 N46 REST},
    {"one host, IPv4", ONE "m.ex.com A 9.1.1.1\n" REST},
    {"one host, IPv6", ONE "m.ex.com AAAA 2620::1\n" REST},
    {"a family each", TWO "m.ex.com A 9.1.1.1\nn.ex.com AAAA 2620::1\n" REST},
    {"the same addresses", TWO M46 "n.ex.com A 9.1.1.1\nn.ex.com AAAA 2620::1\n" REST},
    {"several addresses", ONE M46 "m.ex.com A 9.1.1.5\nm.ex.com AAAA 2620::5\n" REST},
    {"two IPv4 addresses, one IPv6", ONE M46 "m.ex.com A 9.1.1.5\n" REST},
    {"the same IPv6 address, not IPv4", TWO M46 "n.ex.com A 9.1.1.2\nn.ex.com AAAA 2620::1\n" REST},
    {"equal preferences", "ex.com MX 10 n.ex.com\n" ONE M46 N46 REST},
    {"the same host twice", "ex.com MX 20 m.ex.com\n" ONE M46 REST},
    {"mail without SPF and DMARC", ONE M46},
    {"two SPF, two DMARC records",
     ONE M46 REST "ex.com TXT v=spf1 a\n_dmarc.ex.com TXT v=DMARC1;\n"},
    {"other texts", ONE M46 REST "ex.com TXT hello\n_dmarc.ex.com TXT hello\n"},
    {"only other texts", ONE M46 "ex.com TXT hello\n_dmarc.ex.com TXT hello\n"},
    {"a dead host and a good one", TWO N46 REST},
    {"two dead hosts", TWO REST},
    {"a host without address", ONE "m.ex.com TXT x\n" REST},
    {"private addresses", ONE "m.ex.com A 10.0.0.1\nm.ex.com AAAA fe80::1\n" REST},
    {"a private IPv6 address", ONE "m.ex.com A 9.1.1.1\nm.ex.com AAAA fe80::1\n" REST},
    {"a host that is an alias",
     ONE "m.ex.com CNAME x.net\nx.net A 9.1.1.1\nx.net AAAA 2620::1\n" REST},
    {"a host that is a dangling alias", ONE "m.ex.com CNAME x.net\n" REST},
    {"odd hosts", "ex.com MX 1 9.1.1.1\nex.com MX 2 9.1.1.1.ex.com\nex.com MX 3 localhost\n"
                  "ex.com MX 4 m_.ex.com\nex.com MX 5 m.ex.com.ex.com\nm_.ex.com A 9.1.1.1\n" REST},
    {"null", "ex.com MX 0 .\n" REST},
    {"null, wrong preference", "ex.com MX 10 .\n" REST},
    {"null and not null", "ex.com MX 0 .\n" ONE M46 REST},
    {"implicit", "ex.com A 9.1.1.1\n" REST},
    {"implicit, both families", "ex.com A 9.1.1.1\nex.com AAAA 2620::1\n"},
    {"implicit, one private", "ex.com A 10.0.0.1\nex.com AAAA 2620::1\n" REST},
    {"none", REST},
    {"none, a private address", "ex.com A 10.0.0.1\n" REST},
    {"none at all", "x.ex.com TXT x\n"},
    {"nonexistent", "com NS x\n"},
    {"nonexistent, signed", "!zone com signed\n"},
    {"a dangling alias", "ex.com CNAME gone.net\n"},
    {"an alias", "ex.com CNAME e.net\ne.net MX 10 m.ex.com\ne.net TXT v=spf1 -all\n" M46},
    {"signed", "!zone ex.com signed\n" TWO M46 N46 REST},
    {"no trust anchor", "!zone . unanchored\n" ONE M46 REST},
    {"a wildcard",
     "*.com MX 10 m.net\n*.com TXT v=spf1 -all\nm.net A 9.1.1.1\nm.net AAAA 2620::1\n"},
    {"a black lie", "!zone com signed\n!uncertain ex.com\n"},
    {"an include",
     ONE "m.ex.com A 9.1.1.1\n" SPF("include:i.net -all") "i.net TXT v=spf1 ip4:9.1.1.1 -all\n"},
    {"an include that is open", SPF("include:i.net -all") "i.net TXT v=spf1 +all\n"},
    {"an include that is missing", SPF("include:i.gone.net +all") "x.net TXT x\n"},
    {"an include that is broken", SPF("include:i.net +all") "i.net TXT v=spf1 ip4:x\n"},
    {"includes that cost ten",
     SPF("include:i.net include:i.net -all") "i.net TXT v=spf1 a a:j.net mx include:j.net "
                                             "~all\ni.net A 9.1.1.1\nj.net TXT v=spf1 -all\n"},
    {"includes that cost twelve",
     SPF("include:i.net include:i.net a:j.net mx -all") "i.net TXT v=spf1 a a:j.net exists:j.net "
                                                        "include:j.net ~all\nj.net TXT v=spf1 "
                                                        "-all\n"},
    {"a redirect", SPF("redirect=r.net") "r.net TXT v=spf1 a ~all\nr.net A 9.0.0.1\n"},
    {"a redirect that is missing", SPF("redirect=r.gone.net") "x.net TXT x\n"},
    {"a loop", SPF("include:i.net ~all") "i.net TXT v=spf1 ip4:9.1.1.1 redirect=ex.com\n"},
    {"void look-ups", SPF("a:x.net a:y.net a:z.net -all") "z.net AAAA 2620::1\n"},
    {"void look-ups of IPv4", SPF("a:x.net a:z.net a:y.net -all") "x.net AAAA 2620::1\ny.net AAAA "
                                                                  "2620::1\nz.net AAAA 2620::1\n"},
    {"own hosts pass", TWO M46 N46 SPF("mx -all")},
    {"own hosts pass in part", TWO M46 N46 SPF("a:m.ex.com -all")},
    {"own hosts do not pass", ONE M46 SPF("ip4:9.9.9.9 -all")},
    {"own hosts and what the message decides",
     ONE M46 SPF("exists:%{ir}.x.net ptr -all") "1.1.1.9.x.net A 127.0.0.2\n1.1.1.9.in-addr.arpa "
                                                "PTR m.ex.com\n"},
    {"a null MX in a term", "ex.com MX 0 .\n" SPF("mx -all")},
    {"a term by family",
     SPF("include:%{v}.net -all") "in-addr.net TXT v=spf1 ip4:9.1.1.1 -all\nip6.net TXT v=spf1 "
                                  "ip6:2620::/64 -all\n"},
    {"a record in the wrong place", ONE M46 "_spf.ex.com TXT v=spf1 -all\n"},
    {"_dmarc dangles", ONE M46 "ex.com TXT v=spf1 mx -all\n_dmarc.ex.com CNAME gone.net\n"},
};

/* Findings that say that something failed: the complete answers need not give them. */
static const enum mxs_finding_id failure_findings[] = {
    MXS_FINDING_MX_TEMPERROR,
    MXS_FINDING_MX_TARGET_TEMPERROR,
    MXS_FINDING_MX_DUAL_STACK_PARTIAL_TEMPERROR,
    MXS_FINDING_SPF_TEMPERROR,
    MXS_FINDING_SPF_INCLUDE_TEMPERROR,
    MXS_FINDING_DMARC_TEMPERROR,
    MXS_FINDING_DNSSEC_BOGUS,
    MXS_FINDING_DNSSEC_INDETERMINATE,
};

static const enum mxs_lookup failures[] = {MXS_LOOKUP_TEMP, MXS_LOOKUP_BOGUS, MXS_LOOKUP_LIMIT};

/* What the complete answers bear out. */
struct verdict {
    enum mxs_receives receives;
    enum mxs_existence exists;
    enum mxs_state spf, dmarc;
    struct mxs_spf spf_facts;
    enum mxs_grade grades[MXS_AREA_COUNT];
    bool findings[MXS_FINDING_COUNT];
};

struct question {
    struct mxs_name name;
    uint16_t type;
};

/* One fixture under test, and what was counted over all of them. */
struct trial {
    struct scene scene;
    const struct fixture *fixture;
    struct verdict complete;
    struct mxs_arena arena;
    struct question questions[40];
    unsigned question_count;
};

static struct {
    unsigned evaluations, violations;
} total;

static struct verdict verdict_of(const struct mxs_posture *posture)
{
    struct verdict verdict = {
        .receives = posture->receives,
        .exists = posture->exists,
        .spf = posture->spf.state,
        .dmarc = posture->dmarc.state,
        .spf_facts = posture->spf_facts,
    };

    memcpy(verdict.grades, posture->grades, sizeof verdict.grades);
    for (size_t i = 0; i < posture->findings.count; i++)
        verdict.findings[posture->findings.items[i].id] = true;
    return verdict;
}

static void open_trial(struct trial *trial, const struct fixture *fixture)
{
    *trial = (struct trial){.fixture = fixture};
    mxs_arena_init(&trial->arena);
    scene_open(&trial->scene, fixture->zone, "ex.com");
    trial->complete = verdict_of(scene_evaluate(&trial->scene, ZONE_AT_ONCE));
    trial->question_count = zone_question_count(trial->scene.zone);
    assert_true(trial->question_count <= COUNT(trial->questions));
    for (unsigned i = 0; i < trial->question_count; i++) {
        const struct mxs_answer *answer = zone_question(trial->scene.zone, i);
        trial->questions[i] =
            (struct question){mxs_name_copy(&trial->arena, answer->name), answer->type};
    }
}

static void close_trial(struct trial *trial)
{
    scene_close(&trial->scene);
    mxs_arena_clear(&trial->arena);
}

static void fail_question(struct trial *trial, unsigned index, enum mxs_lookup lookup)
{
    zone_fail(trial->scene.zone, trial->questions[index].name, trial->questions[index].type,
              lookup);
}

static void hold(const struct trial *trial, bool holds, const char *claim, const char *what)
{
    if (holds)
        return;
    total.violations++;
    print_message("%s: claims %s %s\n", trial->fixture->label, claim, what);
}

static bool says_failure(enum mxs_finding_id id)
{
    for (size_t i = 0; i < COUNT(failure_findings); i++)
        if (failure_findings[i] == id)
            return true;
    return false;
}

/*
 * A finding must be one of the complete verdict's, or say that something failed. One more is true
 * without being there: of a name that does not exist nothing is said but that, yet when MX fails
 * and TXT is answered, the SPF record is proven missing (case S03).
 */
static bool may_find(const struct trial *trial, enum mxs_finding_id id)
{
    bool nonexistent = trial->complete.receives == MXS_RECEIVES_NONEXISTENT;

    return trial->complete.findings[id] || says_failure(id) ||
           (nonexistent && id == MXS_FINDING_SPF_MISSING);
}

/*
 * A grade stays or becomes unknown (or says nothing). Two moves are the rules' own: a proven bogus
 * answer fails dnssec, and of a target with a usable address the other family is not needed
 * (section 16.4), so what warned in it is not seen.
 */
static bool may_grade(const struct trial *trial, const struct verdict *got, enum mxs_area area)
{
    enum mxs_grade was = trial->complete.grades[area], is = got->grades[area];

    if (is == was || is == MXS_GRADE_UNKNOWN || is == MXS_GRADE_LEFT_OUT)
        return true;
    if (area == MXS_AREA_DNSSEC && is == MXS_GRADE_FAIL)
        return got->findings[MXS_FINDING_DNSSEC_BOGUS];
    return area == MXS_AREA_MX && was == MXS_GRADE_WARN && is == MXS_GRADE_PASS &&
           got->findings[MXS_FINDING_MX_DUAL_STACK_PARTIAL_TEMPERROR];
}

/* What SPF comes to is what it was, or not known. */
static void check_spf_facts(struct trial *trial, const struct mxs_spf *got)
{
    const struct mxs_spf *complete = &trial->complete.spf_facts;
    bool nonexistent = trial->complete.receives == MXS_RECEIVES_NONEXISTENT;

    hold(trial, got->validity == MXS_SPF_VALIDITY_UNKNOWN || got->validity == complete->validity,
         "spf.result", mxs_spf_validity_text(got->validity));
    hold(trial,
         !got->unlisted_known || (complete->unlisted_known && got->unlisted == complete->unlisted),
         "spf.all", mxs_spf_code_text(got->unlisted));
    hold(trial,
         got->own_mx == MXS_OWN_MX_UNKNOWN || got->own_mx == MXS_OWN_MX_NOT_APPLICABLE ||
             got->own_mx == complete->own_mx,
         "spf.own_mx", "");
    hold(trial,
         got->stance == MXS_SPF_STANCE_UNKNOWN || got->stance == complete->stance || nonexistent ||
             (got->stance == MXS_SPF_STANCE_AUTHORISES && complete->stance == MXS_SPF_STANCE_OPEN),
         "stance", "");
    hold(trial, got->partial || got->lookups == complete->lookups || got->lookups == 0, "look-ups",
         "");
}

static void check_truth(struct trial *trial)
{
    const struct verdict got = verdict_of(trial->scene.posture), *complete = &trial->complete;

    total.evaluations++;
    hold(trial, got.receives == MXS_RECEIVES_UNKNOWN || got.receives == complete->receives,
         "receives", mxs_receives_text(got.receives));
    hold(trial, got.spf == MXS_STATE_UNKNOWN || got.spf == complete->spf, "spf",
         mxs_state_text(got.spf));
    hold(trial, got.dmarc == MXS_STATE_UNKNOWN || got.dmarc == complete->dmarc, "dmarc",
         mxs_state_text(got.dmarc));
    check_spf_facts(trial, &got.spf_facts);
    hold(trial, got.exists == MXS_EXISTS_UNKNOWN || got.exists == complete->exists, "exists",
         mxs_existence_text(got.exists));
    for (unsigned id = 0; id < MXS_FINDING_COUNT; id++)
        hold(trial, !got.findings[id] || may_find(trial, (enum mxs_finding_id)id), "finding",
             mxs_finding_kinds[id].id);
    for (unsigned area = 0; area < MXS_AREA_COUNT; area++)
        hold(trial, may_grade(trial, &got, (enum mxs_area)area), "a better grade of",
             mxs_area_text((enum mxs_area)area));
}

/* The line by waves is the line at once. Ends with the scene evaluated at once. */
static void check_waves(struct trial *trial)
{
    struct mxs_buffer waves, at_once;

    mxs_buffer_init(&waves);
    mxs_buffer_init(&at_once);
    assert_non_null(scene_evaluate(&trial->scene, ZONE_PENDING_FIRST));
    scene_line(&trial->scene, &waves);
    assert_non_null(scene_evaluate(&trial->scene, ZONE_AT_ONCE));
    scene_line(&trial->scene, &at_once);
    hold(trial, mxs_slice_equal(mxs_buffer_slice(&waves), mxs_buffer_slice(&at_once)),
         "another line by", "waves");
    mxs_buffer_clear(&waves);
    mxs_buffer_clear(&at_once);
}

static void fails_alone(struct trial *trial)
{
    for (unsigned i = 0; i < trial->question_count; i++)
        for (size_t k = 0; k < COUNT(failures); k++) {
            zone_heal(trial->scene.zone);
            fail_question(trial, i, failures[k]);
            check_waves(trial);
            check_truth(trial);
        }
}

static void fails_in_pairs(struct trial *trial)
{
    size_t ways = COUNT(failures);

    for (unsigned i = 0; i < trial->question_count; i++)
        for (unsigned j = 0; j < i; j++)
            for (size_t k = 0; k < ways * ways; k++) {
                zone_heal(trial->scene.zone);
                fail_question(trial, i, failures[k % ways]);
                fail_question(trial, j, failures[k / ways]);
                (void)scene_evaluate(&trial->scene, ZONE_AT_ONCE);
                check_truth(trial);
            }
}

static void claims_nothing_untrue(void **state)
{
    struct trial trial;
    unsigned before = total.violations;

    open_trial(&trial, *state);
    fails_alone(&trial);
    fails_in_pairs(&trial);
    assert_int_equal(total.violations, before);
    close_trial(&trial);
}

/* Without a failure nothing may look like one, and waves give the same. */
static void is_complete(void **state)
{
    struct trial trial;
    unsigned before = total.violations;

    open_trial(&trial, *state);
    check_waves(&trial);
    check_truth(&trial);
    assert_int_equal(total.violations, before);
    for (size_t i = 0; i < COUNT(failure_findings); i++)
        if (failure_findings[i] != MXS_FINDING_DNSSEC_INDETERMINATE)
            assert_false(trial.complete.findings[failure_findings[i]]);
    assert_int_not_equal(trial.complete.receives, MXS_RECEIVES_UNKNOWN);
    close_trial(&trial);
}

/* NULL, or the right line: nothing between when allocation `at` fails. Ends when none failed. */
static bool survives(struct trial *trial, unsigned at, bool all, mxs_slice want)
{
    struct mxs_buffer line;
    const struct mxs_posture *posture;
    bool failed;

    mxs_buffer_init(&line);
    mxs_arena_clear(&trial->scene.arena);
    zone_restart(trial->scene.zone, ZONE_AT_ONCE);
    scarce_begin(at, all);
    posture = scene_evaluate(&trial->scene, ZONE_AT_ONCE);
    failed = scarce_end();
    assert_true(posture != NULL || failed);
    if (posture != NULL) {
        scene_line(&trial->scene, &line);
        assert_true(mxs_slice_equal(mxs_buffer_slice(&line), want));
    }
    mxs_buffer_clear(&line);
    return failed;
}

static bool writes_or_says_so(struct trial *trial, unsigned at, bool all, mxs_slice want)
{
    struct mxs_buffer line;
    bool failed;

    mxs_buffer_init(&line);
    scarce_begin(at, all);
    scene_line(&trial->scene, &line);
    failed = scarce_end();
    assert_true(line.failed || mxs_slice_equal(mxs_buffer_slice(&line), want));
    assert_true(failed || !line.failed);
    mxs_buffer_clear(&line);
    return failed;
}

static void bears_scarce_memory(void **state)
{
    struct trial trial;
    struct mxs_buffer want;

    mxs_buffer_init(&want);
    open_trial(&trial, *state);
    scene_line(&trial.scene, &want);
    for (int all = 0; all < 2; all++) {
        for (unsigned at = 1; survives(&trial, at, all == 1, mxs_buffer_slice(&want)); at++)
            total.evaluations++;
        for (unsigned at = 1; writes_or_says_so(&trial, at, all == 1, mxs_buffer_slice(&want));
             at++)
            total.evaluations++;
    }
    mxs_buffer_clear(&want);
    close_trial(&trial);
}

int main(void)
{
    struct CMUnitTest tests[3 * COUNT(fixtures)];
    int result;

    for (size_t i = 0; i < COUNT(fixtures); i++) {
        struct fixture *fixture = &fixtures[i];
        tests[3 * i] = (struct CMUnitTest){fixture->label, is_complete, NULL, NULL, fixture};
        tests[3 * i + 1] =
            (struct CMUnitTest){fixture->label, claims_nothing_untrue, NULL, NULL, fixture};
        tests[3 * i + 2] =
            (struct CMUnitTest){fixture->label, bears_scarce_memory, NULL, NULL, fixture};
    }
    result = cmocka_run_group_tests_name("truth", tests, NULL, NULL);
    print_message("%u evaluations, %u violations\n", total.evaluations, total.violations);
    return result;
}
