/* The line of the dataset: DESIGN.md section 4, rules sections 1.3 and 1.5; wants by hand. */
#include "unit.h"

#include <mxsweep/line.h>

#include "json_check.h"
#include "scene.h"

#define HEAD                                                                                       \
    "{\"schema\":\"mxsweep/"                                                                       \
    "1\",\"rules\":\"2026.11\",\"index\":0,\"input\":\"ex.com\",\"rank\":null,"
#define DOMAIN "\"domain\":\"ex.com\",\"unicode\":null,"
#define AT     "\"scanned_at\":\"2026-11-24T12:00:00Z\",\"elapsed_ms\":0,"
#define DMARC                                                                                      \
    "\"dmarc\":{\"lookup\":\"ok\",\"dnssec\":\"insecure\",\"state\":\"found\","                    \
    "\"record\":\"v=DMARC1; p=reject\",\"found_at\":\"ex.com\",\"walk\":[\"_dmarc.ex.com\"]},"

/* Of spf, where there is no record to evaluate. */
#define NOT_EVALUATED(result, all)                                                                 \
    "\"result\":\"" result "\",\"all\":" all ",\"lookups\":null,\"void_lookups\":null,"            \
    "\"authorised\":null,\"tree\":[],\"own_mx\":null"

/* Keys in the order of DESIGN.md section 4; areas that are not judged yet have none. */
static struct row {
    const char *label, *zone, *want;
} rows[] = {
    {"a host behind an alias, a failed family, a record that is not UTF-8",
     "ex.com MX 10 m.ex.com\nm.ex.com CNAME x.net\nx.net A 9.1.1.1\n"
     "!fail m.ex.com AAAA temp:timeout\nex.com TXT \"v=spf1 \\252\\001\\\" -all\"\n"
     "_dmarc.ex.com TXT v=DMARC1; p=reject\n",
     HEAD DOMAIN
     "\"exists\":\"yes\",\"exists_basis\":\"rcode\"," AT "\"questions\":5,\"receives\":\"mx\","
     "\"grades\":{\"mx\":\"fail\",\"spf\":\"fail\",\"dnssec\":\"pass\"},"
     "\"mx\":{\"lookup\":\"ok\",\"dnssec\":\"insecure\",\"ttl\":3600,"
     "\"records\":[{\"preference\":10,\"host\":\"m.ex.com\"}]},"
     "\"hosts\":[{\"name\":\"m.ex.com\",\"alias\":\"x.net\",\"lookup_a\":\"ok\","
     "\"lookup_aaaa\":\"temp\",\"error_aaaa\":\"timeout\",\"dnssec\":\"insecure\","
     "\"addresses\":[{\"ip\":\"9.1.1.1\"}]}],"
     "\"spf\":{\"lookup\":\"ok\",\"dnssec\":\"insecure\",\"state\":\"invalid\","
     "\"record\":\"v=spf1 \\u00fc\\u0001\\\" -all\",\"txt_binary\":true,"
     "\"result\":\"permerror\",\"all\":\"permerror\",\"lookups\":0,"
     "\"void_lookups\":{\"ipv4\":0,\"ipv6\":0},"
     "\"authorised\":{\"ipv4_addresses\":0,\"ipv6_64s\":0,\"direct_ipv4\":0},"
     "\"tree\":[{\"name\":\"ex.com\",\"via\":null,\"depth\":0,"
     "\"record\":\"v=spf1 \\u00fc\\u0001\\\" -all\",\"txt_binary\":true,\"lookups\":0,"
     "\"state\":\"invalid\"}],\"own_mx\":\"error\"}," DMARC "\"findings\":["
     "{\"id\":\"mx.dual_stack_partial_temperror\",\"severity\":\"info\",\"name\":\"m.ex.com\","
     "\"args\":{}},"
     "{\"id\":\"mx.target_is_cname\",\"severity\":\"error\",\"name\":\"m.ex.com\",\"args\":{}},"
     "{\"id\":\"spf.all_fail\",\"severity\":\"info\",\"name\":\"ex.com\","
     "\"args\":{\"term\":\"-all\",\"offset\":11}},"
     "{\"id\":\"spf.syntax_error\",\"severity\":\"error\",\"name\":\"ex.com\","
     "\"args\":{\"term\":\"\\u00fc\\u0001\\\"\",\"offset\":7,\"reason\":\"non_ascii\"}},"
     "{\"id\":\"dnssec.insecure\",\"severity\":\"info\",\"name\":\"ex.com\",\"args\":{}}]}\n"},
    {"an SPF tree",
     "ex.com MX 10 m.ex.com\nm.ex.com A 9.1.1.1\nm.ex.com AAAA 2620::1\n"
     "ex.com TXT v=spf1 mx include:i.net exists:%{i}.x.net ~all\n"
     "i.net TXT v=spf1 ip4:9.2.0.0/24 a:gone.i.net -all\n"
     "_dmarc.ex.com TXT v=DMARC1; p=reject\n",
     HEAD DOMAIN
     "\"exists\":\"yes\",\"exists_basis\":\"rcode\"," AT "\"questions\":8,\"receives\":\"mx\","
     "\"grades\":{\"mx\":\"pass\",\"spf\":\"warn\",\"dnssec\":\"pass\"},"
     "\"mx\":{\"lookup\":\"ok\",\"dnssec\":\"insecure\",\"ttl\":3600,"
     "\"records\":[{\"preference\":10,\"host\":\"m.ex.com\"}]},"
     "\"hosts\":[{\"name\":\"m.ex.com\",\"alias\":null,\"lookup_a\":\"ok\","
     "\"lookup_aaaa\":\"ok\",\"dnssec\":\"insecure\","
     "\"addresses\":[{\"ip\":\"9.1.1.1\"},{\"ip\":\"2620::1\"}]}],"
     "\"spf\":{\"lookup\":\"ok\",\"dnssec\":\"insecure\",\"state\":\"found\","
     "\"record\":\"v=spf1 mx include:i.net exists:%{i}.x.net ~all\",\"result\":\"valid\","
     "\"all\":\"softfail\",\"lookups\":4,\"void_lookups\":{\"ipv4\":1,\"ipv6\":1},"
     "\"authorised\":{\"ipv4_addresses\":257,\"ipv6_64s\":1,\"direct_ipv4\":1},\"tree\":["
     "{\"name\":\"ex.com\",\"via\":null,\"depth\":0,"
     "\"record\":\"v=spf1 mx include:i.net exists:%{i}.x.net ~all\",\"lookups\":4,"
     "\"state\":\"found\"},{\"name\":\"i.net\",\"via\":\"include:i.net\",\"depth\":1,"
     "\"record\":\"v=spf1 ip4:9.2.0.0/24 a:gone.i.net -all\",\"lookups\":1,"
     "\"state\":\"found\"}],\"own_mx\":\"all\",\"dynamic\":true}," DMARC "\"findings\":["
     "{\"id\":\"mx.single_target\",\"severity\":\"info\",\"name\":\"m.ex.com\",\"args\":{}},"
     "{\"id\":\"spf.a_term_without_address\",\"severity\":\"warning\",\"name\":\"gone.i.net\","
     "\"args\":{\"term\":\"a:gone.i.net\",\"via\":\"i.net\"}},"
     "{\"id\":\"spf.all_softfail\",\"severity\":\"info\",\"name\":\"ex.com\","
     "\"args\":{\"term\":\"~all\",\"offset\":42}},"
     "{\"id\":\"spf.exists_used\",\"severity\":\"info\",\"name\":\"ex.com\","
     "\"args\":{\"term\":\"exists:%{i}.x.net\",\"offset\":24}},"
     "{\"id\":\"spf.own_mx_authorised\",\"severity\":\"info\",\"name\":\"ex.com\",\"args\":{}},"
     "{\"id\":\"spf.void_lookup\",\"severity\":\"info\",\"name\":\"gone.i.net\","
     "\"args\":{\"term\":\"a:gone.i.net\",\"via\":\"i.net\",\"family\":\"both\"}},"
     "{\"id\":\"dnssec.insecure\",\"severity\":\"info\",\"name\":\"ex.com\",\"args\":{}}]}\n"},
    {"two records each, and arguments",
     "ex.com MX 0 .\nex.com TXT v=spf1\nex.com TXT v=spf1 a\n"
     "_dmarc.ex.com TXT v=DMARC1\n_dmarc.ex.com TXT v=DMARC1;\n",
     HEAD DOMAIN
     "\"exists\":\"yes\",\"exists_basis\":\"rcode\"," AT "\"questions\":3,\"receives\":\"null\","
     "\"grades\":{\"mx\":\"pass\",\"spf\":\"fail\",\"dmarc\":\"fail\",\"dnssec\":\"pass\"},"
     "\"mx\":{\"lookup\":\"ok\",\"dnssec\":\"insecure\",\"ttl\":3600,"
     "\"records\":[{\"preference\":0,\"host\":\".\"}]},\"hosts\":[],"
     "\"spf\":{\"lookup\":\"ok\",\"dnssec\":\"insecure\",\"state\":\"multiple\",\"record\":"
     "null," NOT_EVALUATED(
         "permerror",
         "\"permerror\"") "},"
                          "\"dmarc\":{\"lookup\":\"ok\",\"dnssec\":\"insecure\",\"state\":"
                          "\"multiple\",\"record\":null,"
                          "\"found_at\":null,\"walk\":[\"_dmarc.ex.com\"]},\"findings\":["
                          "{\"id\":\"mx.null\",\"severity\":\"info\",\"name\":\"ex.com\",\"args\":{"
                          "}},"
                          "{\"id\":\"spf.multiple_records\",\"severity\":\"error\",\"name\":\"ex."
                          "com\","
                          "\"args\":{\"count\":2}},"
                          "{\"id\":\"dmarc.multiple_records\",\"severity\":\"error\",\"name\":\"_"
                          "dmarc.ex.com\","
                          "\"args\":{\"count\":2}},"
                          "{\"id\":\"dnssec.insecure\",\"severity\":\"info\",\"name\":\"ex.com\","
                          "\"args\":{}}]}\n"},
    {"a name that does not exist, by a signed denial", "!zone com signed\n",
     HEAD DOMAIN
     "\"exists\":\"no\",\"exists_basis\":\"dnssec\"," AT
     "\"questions\":1,\"receives\":\"nonexistent\","
     "\"grades\":{\"mx\":\"not_applicable\",\"spf\":\"not_applicable\","
     "\"dmarc\":\"not_applicable\",\"dnssec\":\"not_applicable\"},"
     "\"mx\":{\"lookup\":\"nxdomain\",\"dnssec\":\"secure\",\"ttl\":900,\"records\":[]},"
     "\"hosts\":[],"
     "\"spf\":{\"lookup\":\"nxdomain\",\"dnssec\":\"secure\",\"state\":\"none\",\"record\":"
     "null," NOT_EVALUATED(
         "none",
         "null") "},"
                 "\"dmarc\":{\"lookup\":\"nxdomain\",\"dnssec\":\"secure\",\"state\":\"none\","
                 "\"record\":null,\"found_at\":null,\"walk\":[]},\"findings\":["
                 "{\"id\":\"domain.nxdomain\",\"severity\":\"error\",\"name\":\"ex.com\",\"args\":{"
                 "}},"
                 "{\"id\":\"dnssec.secure\",\"severity\":\"info\",\"name\":\"ex.com\",\"args\":{}}]"
                 "}\n"},
    {"everything failed",
     "!fail ex.com MX temp:malformed\n!fail ex.com TXT bogus\n!fail _dmarc.ex.com TXT limit\n",
     HEAD DOMAIN
     "\"exists\":\"unknown\",\"exists_basis\":\"rcode\"," AT
     "\"questions\":3,\"receives\":\"unknown\","
     "\"grades\":{\"mx\":\"unknown\",\"spf\":\"unknown\",\"dmarc\":\"unknown\","
     "\"dnssec\":\"fail\"},"
     "\"mx\":{\"lookup\":\"temp\",\"error\":\"malformed\",\"dnssec\":\"indeterminate\",\"ttl\":0,"
     "\"records\":[]},\"hosts\":[],"
     "\"spf\":{\"lookup\":\"bogus\",\"dnssec\":\"bogus\",\"state\":\"unknown\",\"record\":"
     "null," NOT_EVALUATED(
         "temperror",
         "null") "},"
                 "\"dmarc\":{\"lookup\":\"limit\",\"dnssec\":\"indeterminate\",\"state\":"
                 "\"unknown\","
                 "\"record\":null,\"found_at\":null,\"walk\":[\"_dmarc.ex.com\"]},\"findings\":["
                 "{\"id\":\"mx.temperror\",\"severity\":\"warning\",\"name\":\"ex.com\",\"args\":{}"
                 "},"
                 "{\"id\":\"spf.temperror\",\"severity\":\"warning\",\"name\":\"ex.com\",\"args\":{"
                 "}},"
                 "{\"id\":\"dmarc.temperror\",\"severity\":\"warning\",\"name\":\"_dmarc.ex.com\","
                 "\"args\":{}},"
                 "{\"id\":\"dnssec.bogus\",\"severity\":\"error\",\"name\":\"ex.com\","
                 "\"args\":{\"type\":\"TXT\",\"reason\":\"signature expired\"}}]}\n"},
};

/* A line ends in one line feed, and what is before it is JSON. */
static void assert_is_line(mxs_slice line)
{
    assert_true(line.len > 0 && line.len <= MXS_LINE_MAX);
    assert_true(line.ptr[line.len - 1] == '\n');
    line.len--;
    assert_true(json_is_valid(line));
}

static void writes_as_the_row_says(void **state)
{
    const struct row *row = *state;
    struct scene scene;
    struct mxs_buffer line;

    mxs_buffer_init(&line);
    scene_open(&scene, row->zone, "ex.com");
    scene_evaluate(&scene, ZONE_AT_ONCE);
    scene_line(&scene, &line);
    mxs_buffer_append_char(&line, '\0');
    assert_string_equal(line.ptr, row->want);
    line.len--;
    assert_is_line(mxs_buffer_slice(&line));
    mxs_buffer_clear(&line);
    scene_close(&scene);
}

/* An entry that is no domain: its line has no area, and its bytes come through. */
static void writes_an_entry_that_is_no_domain(void **state)
{
    struct mxs_arena arena;
    struct mxs_answers answers;
    struct mxs_posture_options options = {0};
    struct mxs_buffer out;
    struct mxs_input input = {.text = MXS_SLICE("a\xFC..b")};

    (void)state;
    mxs_arena_init(&arena);
    mxs_buffer_init(&out);
    mxs_answers_init(&answers, (struct mxs_answers_source){NULL, NULL}); /* not to be asked */
    mxs_findings_init(&input.findings, &arena);
    mxs_findings_add(&input.findings, MXS_FINDING_INPUT_BAD_ENCODING, (struct mxs_name){0});
    mxs_buffer_append(&out, MXS_SLICE("before"));
    struct mxs_line line = {
        .index = 9,
        .rank = 7,
        .scanned_at = MXS_SLICE("2026-11-24T12:00:00Z"),
        .elapsed_ms = 12,
        .input = &input,
        .posture = mxs_posture_evaluate(&arena, &input, &options, &answers),
        .meta = MXS_SLICE("{\"customer\":\"4711\"}"),
    };
    assert_non_null(line.posture);
    mxs_line_write(&line, &out);
    assert_slice_equal(
        mxs_buffer_slice(&out),
        "before{\"schema\":\"mxsweep/1\",\"rules\":\"2026.11\",\"index\":9,"
        "\"input\":\"a\\u00fc..b\",\"txt_binary\":true,\"rank\":7,\"domain\":null,"
        "\"unicode\":null,\"exists\":\"unknown\",\"exists_basis\":\"rcode\","
        "\"scanned_at\":"
        "\"2026-11-24T12:00:00Z\",\"elapsed_ms\":12,\"questions\":0,\"receives\":\"unknown\","
        "\"grades\":{\"mx\":\"not_applicable\",\"spf\":\"not_applicable\","
        "\"dmarc\":\"not_applicable\",\"dnssec\":\"not_applicable\"},"
        "\"findings\":[{\"id\":\"input.bad_encoding\",\"severity\":\"error\",\"name\":null,"
        "\"args\":{}}],\"meta\":{\"customer\":\"4711\"}}\n");
    mxs_buffer_clear(&out);
    mxs_arena_clear(&arena);
}

static void append(struct mxs_buffer *text, const char *string)
{
    mxs_buffer_append(text, mxs_slice_of(string));
}

static void append_many(struct mxs_buffer *text, const char *string, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        append(text, string);
}

/* A name of 255 octets, nearly all of them written with an escape; `index` makes it another. */
static void append_long_name(struct mxs_buffer *text, unsigned index)
{
    char number[8];

    (void)snprintf(number, sizeof number, "%04u", index);
    append(text, number);
    append_many(text, "\\200", 59);
    append(text, ".");
    append_many(text, "\\200", 63);
    append(text, ".");
    append_many(text, "\\200", 63);
    append(text, ".");
    append_many(text, "\\200", 61);
}

static unsigned count_of(mxs_slice text, const char *string)
{
    mxs_slice wanted = mxs_slice_of(string);
    unsigned count = 0;

    for (size_t at = 0; at + wanted.len <= text.len; at++)
        count += mxs_slice_starts_with(mxs_slice_from(text, at), wanted);
    return count;
}

/* Writes the line of ex.com in the zone that `text` holds, which is cleared. */
static void write_line_of(struct mxs_buffer *text, struct mxs_buffer *line)
{
    struct scene scene;

    mxs_buffer_append_char(text, '\0');
    assert_false(text->failed);
    scene_open(&scene, text->ptr, "ex.com");
    scene_evaluate(&scene, ZONE_AT_ONCE);
    scene_line(&scene, line);
    scene_close(&scene);
    mxs_buffer_clear(text);
}

static void assert_has_all_keys(mxs_slice line)
{
    static const char *const keys[] = {
        "schema",   "rules",  "index",        "input",      "rank",       "domain", "unicode",
        "exists",   "mx",     "exists_basis", "scanned_at", "elapsed_ms", "spf",    "questions",
        "receives", "grades", "hosts",        "dmarc",      "findings"};

    for (size_t i = 0; i < COUNT(keys); i++) {
        char key[32];
        (void)snprintf(key, sizeof key, "\"%s\":", keys[i]);
        assert_true(count_of(line, key) > 0);
    }
}

/* 1,000 MX records whose names take five characters an octet are more than a MiB. */
static void cuts_a_line_of_1000_records(void **state)
{
    struct mxs_buffer text, line;

    (void)state;
    mxs_buffer_init(&text);
    mxs_buffer_init(&line);
    for (unsigned i = 0; i < 1000; i++) {
        append(&text, "ex.com MX 10 ");
        append_long_name(&text, i);
        append(&text, "\n");
    }
    write_line_of(&text, &line);
    assert_is_line(mxs_buffer_slice(&line));
    assert_has_all_keys(mxs_buffer_slice(&line));
    assert_int_equal(count_of(mxs_buffer_slice(&line), "\"truncated\":true"), 1);
    unsigned kept = count_of(mxs_buffer_slice(&line), "{\"preference\":10,\"host\":\"00");
    assert_true(kept >= 1 && kept < 1000);
    assert_int_equal(count_of(mxs_buffer_slice(&line), "{\"preference\":10,\"host\":\"0000"), 1);
    mxs_buffer_clear(&line);
}

static void append_long_text(struct mxs_buffer *text, const char *begin)
{
    append(text, begin);
    for (unsigned i = 0; i < 254; i++) { /* 64 KiB is the cap of a name's texts */
        append(text, " \"");
        append_many(text, "\\001", 255);
        append(text, "\"");
    }
    append(text, "\n");
}

/* The worst of all: two texts of nearly 64 KiB whose every octet takes six characters. */
static void cuts_the_worst_line_below_a_mib(void **state)
{
    struct mxs_buffer text, line;

    (void)state;
    mxs_buffer_init(&text);
    mxs_buffer_init(&line);
    append_long_text(&text, "ex.com TXT \"v=spf1 \"");
    append_long_text(&text, "_dmarc.ex.com TXT \"v=DMARC1;\"");
    for (unsigned i = 0; i < 1000; i++) {
        append(&text, "ex.com MX 10 ");
        append_long_name(&text, i);
        append(&text, "\n");
        if (i >= 20)
            continue;
        append_long_name(&text, i);
        append(&text, " CNAME ");
        append_long_name(&text, i + 5000);
        append(&text, "\n");
    }
    write_line_of(&text, &line);
    assert_is_line(mxs_buffer_slice(&line));
    assert_has_all_keys(mxs_buffer_slice(&line));
    assert_int_equal(count_of(mxs_buffer_slice(&line), "\"truncated\":true"), 1);
    mxs_buffer_clear(&line);
}

/* A line of exactly 1 MiB, its line feed counted, is not cut. */
static void cuts_nothing_that_fits(void **state)
{
    struct scene scene;
    struct mxs_buffer out, filler;
    struct mxs_line line = {0};

    (void)state;
    mxs_buffer_init(&out);
    mxs_buffer_init(&filler);
    scene_open(&scene, "ex.com MX 0 .\n", "ex.com");
    line.input = &scene.input;
    line.posture = scene_evaluate(&scene, ZONE_AT_ONCE);
    mxs_line_write(&line, &out);
    for (size_t left = MXS_LINE_MAX - out.len; left > 0; left--)
        mxs_buffer_append_char(&filler, 'x');
    for (int more = 0; more < 2; more++) {
        line.scanned_at = mxs_buffer_slice(&filler);
        mxs_buffer_reset(&out);
        mxs_line_write(&line, &out);
        assert_int_equal(count_of(mxs_buffer_slice(&out), "\"truncated\""), more);
        if (more == 0)
            assert_int_equal(out.len, MXS_LINE_MAX);
        mxs_buffer_append_char(&filler, 'x');
    }
    scene_close(&scene);
    mxs_buffer_clear(&out);
    mxs_buffer_clear(&filler);
}

/* Addresses in the order of answer.h, IPv4 first; the weaker word on validation. */
static void writes_hosts(void **state)
{
    struct mxs_buffer text, line;

    (void)state;
    mxs_buffer_init(&text);
    mxs_buffer_init(&line);
    append(&text, "!zone ex.com signed\nex.com MX 10 m.ex.com\nm.ex.com AAAA 2620::2\n"
                  "m.ex.com AAAA 2620::1\nm.ex.com A 9.1.1.2\nm.ex.com A 9.1.1.1\n"
                  "ex.com MX 20 n.ex.com\nn.ex.com CNAME n.net\nn.net A 9.1.1.3\n");
    write_line_of(&text, &line);
    assert_is_line(mxs_buffer_slice(&line));
    assert_int_equal(
        count_of(mxs_buffer_slice(&line),
                 "\"hosts\":[{\"name\":\"m.ex.com\",\"alias\":null,\"lookup_a\":\"ok\","
                 "\"lookup_aaaa\":\"ok\",\"dnssec\":\"secure\",\"addresses\":["
                 "{\"ip\":\"9.1.1.1\"},{\"ip\":\"9.1.1.2\"},{\"ip\":\"2620::1\"},"
                 "{\"ip\":\"2620::2\"}]},{\"name\":\"n.ex.com\",\"alias\":\"n.net\","
                 "\"lookup_a\":\"ok\",\"lookup_aaaa\":\"nodata\",\"dnssec\":\"insecure\","
                 "\"addresses\":[{\"ip\":\"9.1.1.3\"}]}]"),
        1);
    mxs_buffer_clear(&line);
}

int main(void)
{
    static const struct CMUnitTest extra[] = {
        cmocka_unit_test(writes_an_entry_that_is_no_domain),
        cmocka_unit_test(cuts_a_line_of_1000_records),
        cmocka_unit_test(cuts_the_worst_line_below_a_mib),
        cmocka_unit_test(cuts_nothing_that_fits),
        cmocka_unit_test(writes_hosts),
    };
    struct CMUnitTest tests[COUNT(rows) + COUNT(extra)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] =
            (struct CMUnitTest){rows[i].label, writes_as_the_row_says, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < COUNT(extra); i++)
        tests[count++] = extra[i];
    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
