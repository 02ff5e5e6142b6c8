/* check_host(): RFC 7208, rules section 6.f; expected results from the rules' table. */
#include "unit.h"

#include <mxsweep/spf_check.h>

#include "spf_cases.h"
#include "zone.h"

enum { RUNS_MAX = 40 };

/* A zone, and the last result in it. */
struct bench {
    struct zone *zone;
    struct mxs_arena arena;
    struct mxs_answers answers;
    struct mxs_spf_result result;
};

static void open_bench(struct bench *bench, const char *zone)
{
    *bench = (struct bench){.zone = zone_new(zone)};
    mxs_arena_init(&bench->arena);
}

static void close_bench(struct bench *bench)
{
    zone_free(bench->zone);
    mxs_arena_clear(&bench->arena);
}

static void check(struct bench *bench, enum zone_mode mode, mxs_slice ip, const char *sender,
                  const char *helo)
{
    struct mxs_spf_request request;
    struct mxs_address address;
    unsigned runs = 0;

    assert_true(mxs_address_parse(ip, &address));
    request = mxs_spf_request_of(&address, mxs_slice_of(sender), mxs_slice_of(helo));
    zone_restart(bench->zone, mode);
    mxs_answers_init(&bench->answers, zone_source(bench->zone));
    do {
        assert_true(runs++ < RUNS_MAX);
        mxs_arena_reset(&bench->arena);
        mxs_answers_begin(&bench->answers);
        mxs_spf_check_host(&bench->arena, &bench->answers, &request, &bench->result);
    } while (bench->answers.pending && zone_settle(bench->zone) > 0);
    assert_false(bench->answers.pending);
}

static void gives_clients_what_the_row_says(void **state)
{
    const struct spf_case *row = *state;
    mxs_slice rest = mxs_slice_of(row->checks), one;
    struct bench bench;

    open_bench(&bench, row->zone);
    while (mxs_slice_split(&rest, ',', &one)) {
        mxs_slice ip, want = mxs_slice_trim(one);
        assert_true(mxs_slice_split(&want, ' ', &ip));
        for (int mode = ZONE_AT_ONCE; mode <= ZONE_PENDING_FIRST; mode++) {
            const char *got;
            check(&bench, (enum zone_mode)mode, ip, "x@ex.test", "helo.ex.test");
            got = mxs_spf_code_text(bench.result.result);
            if (!mxs_slice_equal(want, mxs_slice_of(got)))
                fail_msg("%.*s: got %s (%s)", (int)one.len, one.ptr, got,
                         bench.result.reason ? bench.result.reason : "");
        }
    }
    close_bench(&bench);
}

/* S34: one error each spoils the whole record, with its own reason. */
static struct term_row {
    const char *term, *reason;
} term_rows[] = {
    {"ip4:192.0.2.300", "bad_ip4"},
    {"ip4:192.0.2.0/33", "bad_cidr"},
    {"ip4:192.0.2", "bad_ip4"},
    {"ip4:192.0.2.0/024", "bad_cidr"},
    {"ip4:192.0.2.1:25", "bad_ip4"},
    {"ip4:", "empty_arg"},
    {"ip4", "missing_arg"},
    {"ip6:2001:db8::/129", "bad_cidr"},
    {"ip6:192.0.2.1", "bad_ip6"},
    {"a:192.0.2.1", "ip_in_domain_spec"},
    {"a:localhost", "single_label"},
    {"include:_s", "single_label"},
    {"a/33", "bad_cidr"},
    {"a//129", "bad_cidr"},
    {"a/24/64", "bad_cidr"},
    {"all.", "unknown_mechanism"},
    {"-all:x", "arg_not_allowed"},
    {"redirect:a.ex.test", "unknown_mechanism"},
    {"include", "missing_arg"},
    {"exists", "missing_arg"},
    {"ptr/24", "arg_not_allowed"},
    {"ip4:192.0.2.1,", "bad_ip4"},
    {"192.0.2.1", "unknown_mechanism"},
    {"ip:192.0.2.1", "unknown_mechanism"},
    {"a:", "empty_arg"},
    {"mx:", "empty_arg"},
    {"=x", "bad_modifier_name"},
    {"1up=x", "bad_modifier_name"},
    {"include:%{x}.ex.test", "bad_macro"},
    {"exists:%(ir).ex.test", "bad_macro"},
    {"exists:a%", "bad_macro"},
    {"foo=%q", "bad_macro"},
    {"exp=", "empty_arg"},
    {"redirect=", "empty_arg"},
    {"exp=-all", "single_label"},
};

static void refuses_the_term(void **state)
{
    const struct term_row *row = *state;
    struct bench bench;
    char zone[256];

    (void)snprintf(zone, sizeof zone, "ex.test TXT v=spf1 ip4:192.0.2.1 -all %s\n", row->term);
    open_bench(&bench, zone);
    check(&bench, ZONE_AT_ONCE, MXS_SLICE("192.0.2.1"), "x@ex.test", "h.ex.test");
    assert_int_equal(bench.result.result, MXS_SPF_RESULT_PERMERROR);
    assert_string_equal(bench.result.reason, row->reason);
    close_bench(&bench);
}

/* What a result says beside its word. */
static struct detail_row {
    const char *label, *zone, *ip, *sender, *helo;
    const char *want; /* "result domain mechanism lookups voids reason explanation", "-" is none */
} detail_rows[] = {
    {"the term that matched",
     "b.test TXT v=spf1 mx -all\nb.test MX 1 m.b.test\nm.b.test A 9.1.1.1\n", "9.1.1.1", "a@b.test",
     "h.b.test", "pass b.test mx 1 0 - -"},
    {"the outer term of an include",
     "b.test TXT v=spf1 ?include:c.test -all\nc.test TXT v=spf1 ip4:9.1.1.1 -all\n", "9.1.1.1",
     "a@b.test", "h.b.test", "neutral b.test ?include:c.test 1 0 - -"},
    {"the term behind a redirect",
     "b.test TXT v=spf1 redirect=c.test\nc.test TXT v=spf1 -ip4:9.1.1.1\n", "9.1.1.1", "a@b.test",
     "h.b.test", "fail b.test -ip4:9.1.1.1 1 0 - -"},
    {"nothing matched", "b.test TXT v=spf1 a:n.b.test\n", "9.1.1.1", "a@b.test", "h.b.test",
     "neutral b.test - 1 1 - -"},
    {"the null reverse-path", "h.b.test TXT v=spf1 -all\n", "9.1.1.1", "", "h.b.test",
     "fail h.b.test -all 0 0 - -"},
    {"no local part: postmaster",
     "b.test TXT v=spf1 exists:%{l}.b.test -all\npostmaster.b.test A 127.0.0.2\n", "9.1.1.1",
     "b.test", "h.b.test", "pass b.test exists:%{l}.b.test 1 0 - -"},
    {"the last @ counts", "b.test TXT v=spf1 exists:%{L}.w.test -all\nx%40y.w.test A 127.0.0.2\n",
     "9.1.1.1", "x@y@b.test", "h.b.test", "pass b.test exists:%{L}.w.test 1 0 - -"},
    {"an explanation",
     "b.test TXT v=spf1 -all exp=e.b.test\ne.b.test TXT %{i}_is_not_%{d}:%_%{S}%%%-%{r}%{t}\n",
     "9.1.1.1", "a+c@b.test", "h.b.test",
     "fail b.test -all 0 0 - 9.1.1.1_is_not_b.test: a%2Bc%40b.test%%20unknown0"},
    {"an explanation of an include does not count",
     "b.test TXT v=spf1 include:c.test -all\nc.test TXT v=spf1 -all exp=e.c.test\n"
     "e.c.test TXT no\n",
     "9.1.1.1", "a@b.test", "h.b.test", "fail b.test -all 1 0 - -"},
    {"one behind a redirect does",
     "b.test TXT v=spf1 redirect=c.test exp=e.b.test\nc.test TXT v=spf1 -all exp=e.c.test\n"
     "e.c.test TXT yes\ne.b.test TXT no\n",
     "9.1.1.1", "a@b.test", "h.b.test", "fail b.test -all 1 0 - yes"},
    {"an explanation that is none", "b.test TXT v=spf1 -all exp=e.b.test\ne.b.test TXT 100%\n",
     "9.1.1.1", "a@b.test", "h.b.test", "fail b.test -all 0 0 - -"},
    {"too many look-ups say so", "b.test TXT v=spf1 include:b.test -all\n", "9.1.1.1", "a@b.test",
     "h.b.test", "permerror b.test - 11 0 too_many_lookups -"},
    {"too many that find nothing", "b.test TXT v=spf1 a:x.b.test a:y.b.test exists:z.b.test -all\n",
     "9.1.1.1", "a@b.test", "h.b.test", "permerror b.test - 3 3 too_many_voids -"},
    {"a failed question", "b.test TXT v=spf1 a -all\n!fail b.test A temp:timeout\n", "9.1.1.1",
     "a@b.test", "h.b.test", "temperror b.test - 1 0 timeout -"},
    {"a bound of ours", "b.test TXT v=spf1 a -all\n!fail b.test A limit\n", "9.1.1.1", "a@b.test",
     "h.b.test", "temperror b.test - 1 0 limit -"},
    {"a bound of ours inside ptr",
     "b.test TXT v=spf1 ptr -all\n!fail 1.1.1.9.in-addr.arpa PTR limit\n", "9.1.1.1", "a@b.test",
     "h.b.test", "temperror b.test - 1 0 limit -"},
    {"an include without a record", "b.test TXT v=spf1 include:c.test -all\n", "9.1.1.1",
     "a@b.test", "h.b.test", "permerror b.test - 1 1 include_none -"},
    {"a redirect without a record", "b.test TXT v=spf1 redirect=c.test\n", "9.1.1.1", "a@b.test",
     "h.b.test", "permerror b.test - 1 1 redirect_none -"},
    {"a single label", "test TXT v=spf1 -all\n", "9.1.1.1", "a@test", "h.b.test",
     "none test - 0 0 - -"},
    {"an address literal", "b.test TXT v=spf1 -all\n", "9.1.1.1", "a@[9.1.1.1]", "h.b.test",
     "none [9.1.1.1] - 0 0 - -"},
    {"a final dot", "b.test TXT v=spf1 exists:%{d}.w.test -all\nb.test.w.test A 127.0.0.2\n",
     "9.1.1.1", "a@b.test.", "h.b.test", "pass b.test. exists:%{d}.w.test 1 0 - -"},
    {"digits keep what is on the right",
     "b.test TXT v=spf1 exists:%{h2}.w.test -all\n"
     "b.test.w.test A 127.0.0.2\n",
     "9.1.1.1", "a@b.test", "h.x.b.test", "pass b.test exists:%{h2}.w.test 1 0 - -"},
    {"delimiters and reversal",
     "b.test TXT v=spf1 exists:%{l1r+-}.w.test -all\n"
     "x.w.test A 127.0.0.2\n",
     "9.1.1.1", "x+y-z@b.test", "h.b.test", "pass b.test exists:%{l1r+-}.w.test 1 0 - -"},
    {"IPv6 by nibbles",
     "b.test TXT v=spf1 exists:%{ir}.%{v}.w.test -all\n"
     "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.w.test A 127.0.0.2\n",
     "2001:db8::1", "a@b.test", "h.b.test", "pass b.test exists:%{ir}.%{v}.w.test 1 0 - -"},
    {"a name below the domain is preferred",
     "b.test TXT v=spf1 exists:%{p}.w.test -all\n1.1.1.9.in-addr.arpa PTR a.x.test\n"
     "1.1.1.9.in-addr.arpa PTR m.b.test\na.x.test A 9.1.1.1\nm.b.test A 9.1.1.1\n"
     "m.b.test.w.test A 127.0.0.2\n",
     "9.1.1.1", "a@b.test", "h.b.test", "pass b.test exists:%{p}.w.test 2 0 - -"},
    {"labels go from the left",
     "b.test TXT v=spf1 exists:%{l}.%{l}.%{l}.%{l}.%{l}.w.test -all\n"
     "*.w.test A 127.0.0.2\n",
     "9.1.1.1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.test", "h.b.test",
     "pass b.test exists:%{l}.%{l}.%{l}.%{l}.%{l}.w.test 1 0 - -"},
    {"a label that is too long does not match",
     "b.test TXT v=spf1 exists:%{l}%{l}.w.test -all\n*.w.test A 127.0.0.2\n", "9.1.1.1",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.test", "h.b.test",
     "fail b.test -all 1 0 - -"},
    {"include and redirect keep o",
     "b.test TXT v=spf1 redirect=c.test\n"
     "c.test TXT v=spf1 include:d.test -all\nd.test TXT v=spf1 exists:%{o}.%{d}.w.test -all\n"
     "b.test.d.test.w.test A 127.0.0.2\n",
     "9.1.1.1", "a@b.test", "h.b.test", "pass b.test include:d.test 3 0 - -"},
    {"after an include d is what it was",
     "b.test TXT v=spf1 include:c.test exists:%{d}.w.test -all\nc.test TXT v=spf1 -all\n"
     "b.test.w.test A 127.0.0.2\n",
     "9.1.1.1", "a@b.test", "h.b.test", "pass b.test exists:%{d}.w.test 2 0 - -"},
};

static void append_or_dash(struct mxs_buffer *buffer, mxs_slice text, char end)
{
    mxs_buffer_append(buffer, text.ptr != NULL ? text : MXS_SLICE("-"));
    mxs_buffer_append_char(buffer, end);
}

static void says_beside_it_what_the_row_says(void **state)
{
    const struct detail_row *row = *state;
    struct bench bench;
    struct mxs_buffer text;

    mxs_buffer_init(&text);
    open_bench(&bench, row->zone);
    for (int mode = ZONE_AT_ONCE; mode <= ZONE_PENDING_FIRST; mode++) {
        const struct mxs_spf_result *result = &bench.result;
        check(&bench, (enum zone_mode)mode, mxs_slice_of(row->ip), row->sender, row->helo);
        mxs_buffer_reset(&text);
        append_or_dash(&text, mxs_slice_of(mxs_spf_code_text(result->result)), ' ');
        append_or_dash(&text, result->domain, ' ');
        append_or_dash(&text, result->mechanism, ' ');
        mxs_buffer_append_number(&text, result->lookups);
        mxs_buffer_append_char(&text, ' ');
        mxs_buffer_append_number(&text, result->void_lookups);
        mxs_buffer_append_char(&text, ' ');
        append_or_dash(&text, mxs_slice_of(result->reason ? result->reason : "-"), ' ');
        append_or_dash(&text, result->explanation, '\n');
        text.len--;
        assert_slice_equal(mxs_buffer_slice(&text), row->want);
    }
    mxs_buffer_clear(&text);
    close_bench(&bench);
}

int main(void)
{
    size_t room = spf_case_count + COUNT(term_rows) + COUNT(detail_rows), count = 0;
    struct CMUnitTest *tests = calloc(room, sizeof *tests);
    int result;

    assert_non_null(tests);
    for (size_t i = 0; i < spf_case_count; i++)
        tests[count++] = (struct CMUnitTest){spf_cases[i].label, gives_clients_what_the_row_says,
                                             NULL, NULL, (void *)(uintptr_t)&spf_cases[i]};
    for (size_t i = 0; i < COUNT(term_rows); i++)
        tests[count++] =
            (struct CMUnitTest){term_rows[i].term, refuses_the_term, NULL, NULL, &term_rows[i]};
    for (size_t i = 0; i < COUNT(detail_rows); i++)
        tests[count++] = (struct CMUnitTest){detail_rows[i].label, says_beside_it_what_the_row_says,
                                             NULL, NULL, &detail_rows[i]};
    result = _cmocka_run_group_tests("spf_check", tests, count, NULL, NULL);
    free(tests);
    return result;
}
