/* SPF records: RFC 7208 sections 4.5 and 4.6; rules sections 6.b, 6.c row 4, 6.f. Wants by hand. */
#include "spf_parsed.h"

#include <mxsweep/buffer.h>

#include "scarce.h"

#define TEXT(literal) literal, sizeof(literal) - 1

/* ---- records: "term@offset:reason" of each defect, or the terms that parse */

static struct record_row {
    const char *label, *text, *terms, *defects;
} record_rows[] = {
    {"S05, one of the two", "v=spf1 mx ~all", "mx ~all", ""},
    {"S07: nothing", "v=spf1", "", ""},
    {"only blanks", "v=spf1    ", "", ""},
    {"S08", "V=SPF1 IP4:192.0.2.1 -ALL", "IP4:192.0.2.1 -ALL", ""},
    {"S10, joined", "v=spf1 -all", "-all", ""},
    {"S15", "v=spf1 -all ip4:192.0.2.1", "-all ip4:192.0.2.1", ""},
    {"S16: an error behind all", "v=spf1 -all ipv4:192.0.2.1", "-all", "12 unknown_mechanism"},
    {"S17", "v=spf1 redirect=gone.ex.test ~all", "redirect=gone.ex.test ~all", ""},
    {"S35: a blank behind the colon", "v=spf1 ip4: 192.0.2.1 -all", "-all",
     "10 empty_arg, 12 unknown_mechanism"},
    {"S46", "v=spf1 exp=a.ex.test -all EXP=a.ex.test", "exp=a.ex.test -all",
     "26 duplicate_modifier"},
    {"redirect twice", "v=spf1 redirect=a.ex.test redirect=b.ex.test", "redirect=a.ex.test",
     "26 duplicate_modifier"},
    {"three times", "v=spf1 exp=a.ex.test exp=b.ex.test exp=c.ex.test", "exp=a.ex.test",
     "21 duplicate_modifier, 35 duplicate_modifier"},
    {"exp and redirect", "v=spf1 exp=a.ex.test redirect=a.ex.test",
     "exp=a.ex.test redirect=a.ex.test", ""},
    {"an unknown one twice", "v=spf1 foo=1 foo=2", "foo=1 foo=2", ""},
    {"exp twice, both empty", "v=spf1 exp= exp=", "", "10 empty_arg, 15 empty_arg"},
    {"S48",
     "v=spf1 mx \xE2\x80\x93"
     "all",
     "mx", "10 non_ascii"},
    {"S57", "v=spf1 all", "all", ""},
    {"S58", "v=spf1 mx - all", "mx all", "10 stray_qualifier"},
    {"S60", "v=spf1 mx\t-all", "", "9 control_char"},
    {"S64: blanks", "v=spf1   mx    -all   ", "mx -all", ""},
    {"S66", "v=spf1 include:_spf.ex.test -all", "include:_spf.ex.test -all", ""},
    {"S67",
     "v=spf1 include:b\xC3\xBC"
     "cher.test -all",
     "-all", "16 non_ascii"},
    {"semicolons", "v=spf1 mx; a; -all", "-all", "7 unknown_mechanism, 11 unknown_mechanism"},
    {"a dash of a typesetter's and a comma", "v=spf1 a, \xE2\x80\x94", "",
     "7 unknown_mechanism, 10 non_ascii"},
    {"a closing quote", "v=spf1 mx -all\"", "mx", "11 unknown_mechanism"},
    {"two records in one", "v=spf1 mx -all v=spf1 a -all", "mx -all v=spf1 a -all", ""},
};

static void append_word(struct mxs_buffer *out, const char *separator, mxs_slice word)
{
    if (out->len > 0)
        mxs_buffer_append(out, mxs_slice_of(separator));
    mxs_buffer_append(out, word);
}

static void check_record(const struct mxs_spf_record *record, const char *terms,
                         const char *defects)
{
    struct mxs_buffer got;

    mxs_buffer_init(&got);
    for (unsigned i = 0; i < record->term_count; i++)
        append_word(&got, " ", record->terms[i].text);
    assert_slice_equal(mxs_buffer_slice(&got), terms);
    mxs_buffer_reset(&got);
    for (unsigned i = 0; i < record->defect_count; i++) {
        append_word(&got, ", ", MXS_SLICE(""));
        mxs_buffer_append_number(&got, record->defects[i].offset);
        append_word(&got, " ", mxs_slice_of(mxs_spf_reason_text(record->defects[i].reason)));
    }
    assert_slice_equal(mxs_buffer_slice(&got), defects);
    mxs_buffer_clear(&got);
}

static void reads_the_record(void **state)
{
    const struct record_row *row = *state;
    struct parsed parsed;

    parse(&parsed, row->text, strlen(row->text), NULL, 0);
    assert_true(mxs_slice_equal(parsed.record->text, parsed.text));
    assert_false(parsed.record->over_limit);
    check_record(parsed.record, row->terms, row->defects);
    release(&parsed);
}

/* ---- records of several character-strings */

enum { STRINGS_MAX = 10 };

static struct glue_row {
    const char *label;
    const char *strings[STRINGS_MAX];
    const char *terms, *defects;
} glue_rows[] = {
    {"S09",
     {"v=spf1 ip4:192.0.2.1", "include:a.ex.test -all"},
     "-all",
     "20 glued_at_string_boundary"},
    {"S10", {"v=spf1", " -all"}, "-all", ""},
    {"a term goes on in the next string",
     {"v=spf1 ip4:", "192.0.2.1 -all"},
     "ip4:192.0.2.1 -all",
     ""},
    {"good on both sides, and together",
     {"v=spf1 a:b.test", "include:c.test"},
     "a:b.testinclude:c.test",
     ""},
    {"all and a mechanism",
     {"v=spf1 mx -all", "ip4:192.0.2.1"},
     "mx",
     "14 glued_at_string_boundary"},
    {"the boundary is beside a broken term",
     {"v=spf1 mx ", "foo -all"},
     "mx -all",
     "10 unknown_mechanism"},
    {"and behind it", {"v=spf1 foo", " -all"}, "-all", "7 unknown_mechanism"},
    {"half of it is broken anyhow", {"v=spf1 ip4:192.0.2.1", "foo -all"}, "-all", "11 bad_ip4"},
    {"the other half", {"v=spf1 foo", "ip4:192.0.2.1 -all"}, "-all", "7 unknown_mechanism"},
    {"three terms, two boundaries",
     {"v=spf1 ip4:192.0.2.1", "ip4:192.0.2.2", "-all"},
     "",
     "20 glued_at_string_boundary"},
    {"the second of two boundaries is it",
     {"v=spf1 ip4:192.", "0.2.1", "include:a.ex.test -all"},
     "-all",
     "20 glued_at_string_boundary"},
    {"the first of two boundaries is it",
     {"v=spf1 ip4:192.0.2.1", "include:a.ex.te", "st -all"},
     "-all",
     "20 glued_at_string_boundary"},
    {"an empty string between",
     {"v=spf1 ip4:192.0.2.1", "", "include:a.ex.test -all"},
     "-all",
     "20 glued_at_string_boundary"},
    {"empty strings at the ends", {"", "v=spf1 mx", ""}, "mx", ""},
    {"two terms glued, each at its own boundary",
     {"v=spf1 ip4:192.0.2.1", "ip4:192.0.2.2 ip4:192.0.2.3", "-all"},
     "",
     "20 glued_at_string_boundary, 47 glued_at_string_boundary"},
    {"a redirect glued to the end",
     {"v=spf1 mx ip4:192.0.2.0/24", "redirect=a.ex.test"},
     "mx",
     "26 glued_at_string_boundary"},
    {"a control character is no missing space", {"v=spf1 mx\t", "-all"}, "", "9 control_char"},
};

static void knows_where_strings_were_joined(void **state)
{
    const struct glue_row *row = *state;
    size_t boundaries[STRINGS_MAX], count = 0;
    struct mxs_buffer text;
    struct parsed parsed;

    mxs_buffer_init(&text);
    for (size_t i = 0; i < STRINGS_MAX && row->strings[i] != NULL; i++) {
        if (i > 0)
            boundaries[count++] = text.len;
        mxs_buffer_append(&text, mxs_slice_of(row->strings[i]));
    }
    parse(&parsed, text.ptr, text.len, boundaries, count);
    check_record(parsed.record, row->terms, row->defects);
    release(&parsed);
    mxs_buffer_clear(&text);
}

/* ---- what is a record, and what was meant to be one */

static struct selection_row {
    const char *label, *text;
    size_t len;
    bool is_record, is_near_miss;
} selection_rows[] = {
    {"alone", TEXT("v=spf1"), true, false},
    {"a space", TEXT("v=spf1 "), true, false},
    {"terms", TEXT("v=spf1 -all"), true, false},
    {"case", TEXT("V=SpF1 -all"), true, false},
    {"nothing", TEXT(""), false, false},
    {"cut", TEXT("v=spf"), false, false},
    {"S02", TEXT("google-site-verification=abc"), false, false},
    {"S06", TEXT("v=spf10 -all"), false, true},
    {"S11, joined", TEXT("v=spf1-all"), false, true},
    {"S12", TEXT("v=spf1; a -all"), false, true},
    {"S13", TEXT(" v=spf1 -all"), false, true},
    {"S14", TEXT("\"v=spf1 -all\""), false, true},
    {"S59", TEXT("v=spf1\ta -all"), false, true},
    {"NUL behind", TEXT("v=spf1\0"), false, true},
    {"a comma behind", TEXT("v=spf1,a"), false, true},
    {"a colon behind", TEXT("v=spf1:a"), false, true},
    {"no-break space behind", TEXT("v=spf1\xC2\xA0-all"), false, true},
    {"a tab before", TEXT("\tv=spf1 -all"), false, true},
    {"a line end before", TEXT("\r\nv=spf1 -all"), false, true},
    {"a byte order mark", TEXT("\xEF\xBB\xBFv=spf1 -all"), false, true},
    {"no-break space before", TEXT("\xC2\xA0v=spf1 -all"), false, true},
    {"zero width space before", TEXT("\xE2\x80\x8Bv=spf1 -all"), false, true},
    {"typographic quotes", TEXT("\xE2\x80\x9Cv=spf1 -all\xE2\x80\x9D"), false, true},
    {"an apostrophe", TEXT("'v=spf1 -all'"), false, true},
    {"an escaped quote", TEXT("\\\"v=spf1 -all\\\""), false, true},
    {"a mark, a quote, a blank", TEXT("\xEF\xBB\xBF\" v=spf1 -all"), false, true},
    {"half a mark", TEXT("\xEF\xBBv=spf1 -all"), false, false},
    {"a blank before the 1", TEXT("v=spf 1 -all"), false, true},
    {"blanks at the sign", TEXT("v = spf1 -all"), false, true},
    {"a blank before the sign", TEXT("v =spf1 -all"), false, true},
    {"a blank behind the sign", TEXT("V= SPF1"), false, true},
    {"no v", TEXT("spf1 mx -all"), false, true},
    {"no v, alone", TEXT("SPF1"), false, true},
    {"no v, no word", TEXT("spf1.ex.test"), false, false},
    {"another version", TEXT("v=spf2 -all"), false, false},
    {"Sender ID", TEXT("spf2.0/mfrom -all"), false, false},
    {"DMARC", TEXT("v=DMARC1; p=none"), false, false},
    {"within a text", TEXT("my record: v=spf1 -all"), false, false},
    {"blanks only", TEXT("   "), false, false},
    {"a cut loose one", TEXT("v = "), false, false},
    {"no sign", TEXT("vspf1 -all"), false, false},
    {"a colon for it", TEXT("v:spf1 -all"), false, false},
    {"a letter too many", TEXT("vv=spf1 -all"), false, false},
};

static void selects(void **state)
{
    const struct selection_row *row = *state;
    mxs_slice text = exact_copy(row->text, row->len);

    assert_int_equal(mxs_spf_is_record(text), row->is_record);
    assert_int_equal(mxs_spf_is_near_miss(text), row->is_near_miss);
    free((char *)text.ptr);
}

/* ---- caps */

static void repeat(struct mxs_buffer *text, const char *term, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        mxs_buffer_append(text, mxs_slice_of(term));
}

static void keeps_as_many_terms_as_it_says(void **state)
{
    struct mxs_buffer text;
    struct parsed parsed;

    (void)state;
    mxs_buffer_init(&text);
    repeat(&text, "v=spf1", 1);
    repeat(&text, " a", MXS_SPF_TERMS_MAX);
    parse(&parsed, text.ptr, text.len, NULL, 0);
    assert_int_equal(parsed.record->term_count, MXS_SPF_TERMS_MAX);
    assert_false(parsed.record->over_limit);
    release(&parsed);

    repeat(&text, " a", 1);
    parse(&parsed, text.ptr, text.len, NULL, 0);
    assert_int_equal(parsed.record->term_count, MXS_SPF_TERMS_MAX);
    assert_true(parsed.record->over_limit);
    assert_int_equal(parsed.record->defect_count, 0);
    release(&parsed);

    repeat(&text, " foo exp=a.test exp=a.test", 1); /* what is over the limit is still checked */
    parse(&parsed, text.ptr, text.len, NULL, 0);
    assert_true(parsed.record->over_limit);
    assert_int_equal(parsed.record->defect_count, 2);
    assert_int_equal(parsed.record->defects[0].reason, MXS_SPF_UNKNOWN_MECHANISM);
    assert_int_equal(parsed.record->defects[1].reason, MXS_SPF_DUPLICATE_MODIFIER);
    release(&parsed);
    mxs_buffer_clear(&text);
}

static void keeps_as_many_defects_as_it_says(void **state)
{
    struct mxs_buffer text;
    struct parsed parsed;

    (void)state;
    mxs_buffer_init(&text);
    repeat(&text, "v=spf1", 1);
    repeat(&text, " foo", MXS_SPF_DEFECTS_MAX + 1);
    repeat(&text, " mx", 1);
    parse(&parsed, text.ptr, text.len, NULL, 0);
    assert_int_equal(parsed.record->defect_count, MXS_SPF_DEFECTS_MAX);
    assert_int_equal(parsed.record->defects[MXS_SPF_DEFECTS_MAX - 1].offset,
                     7 + 4 * (MXS_SPF_DEFECTS_MAX - 1));
    assert_int_equal(parsed.record->term_count, 1);
    release(&parsed);
    mxs_buffer_clear(&text);
}

/* 64 KiB that are one term, each byte a string of its own: time is linear or this test hangs. */
static void takes_linear_time_on_many_boundaries(void **state)
{
    enum { SIZE = 65535 };
    size_t *boundaries = malloc(SIZE * sizeof *boundaries);
    struct mxs_buffer text;
    struct parsed parsed;

    (void)state;
    assert_non_null(boundaries);
    mxs_buffer_init(&text);
    repeat(&text, "v=spf1 ", 1);
    while (text.len < SIZE)
        mxs_buffer_append_char(&text, 'a');
    for (size_t i = 0; i < SIZE; i++)
        boundaries[i] = i;
    for (unsigned i = 0; i < 20; i++) {
        parse(&parsed, text.ptr, text.len, boundaries, SIZE);
        assert_int_equal(parsed.record->defect_count, 1); /* each piece is the mechanism a */
        assert_int_equal(parsed.record->defects[0].reason, MXS_SPF_GLUED_AT_STRING_BOUNDARY);
        release(&parsed);
        text.ptr[text.len - 1] = 'x'; /* now the last one is none */
        parse(&parsed, text.ptr, text.len, boundaries, SIZE);
        assert_int_equal(parsed.record->defects[0].reason, MXS_SPF_UNKNOWN_MECHANISM);
        release(&parsed);
        text.ptr[text.len - 1] = 'a';
    }
    free(boundaries);
    mxs_buffer_clear(&text);
}

/* Whichever allocation fails: no record, and the arena knows. */
static void says_when_memory_is_out(void **state)
{
    const mxs_slice text = MXS_SLICE("v=spf1 mx foo a -all");
    const struct mxs_spf_record *record;
    struct mxs_arena arena;
    bool failed = true;

    (void)state;
    for (unsigned at = 1; failed; at++) {
        mxs_arena_init(&arena);
        (void)mxs_arena_alloc(&arena, 256); /* the rest of the first block is for a part only */
        scarce_begin(at, true);
        record = mxs_spf_parse(&arena, text, NULL, 0);
        failed = scarce_end();
        assert_int_equal(record == NULL, failed);
        assert_int_equal(arena.failed, failed);
        mxs_arena_clear(&arena);
    }
}

static void has_a_text_for_each_reason(void **state)
{
    (void)state;
    for (int i = 0; i < MXS_SPF_REASONS; i++) {
        assert_non_null(mxs_spf_reason_text((enum mxs_spf_reason)i));
        for (int k = 0; k < i; k++)
            assert_string_not_equal(mxs_spf_reason_text((enum mxs_spf_reason)i),
                                    mxs_spf_reason_text((enum mxs_spf_reason)k));
    }
}

int main(void)
{
    enum { ROWS = COUNT(record_rows) + COUNT(glue_rows) + COUNT(selection_rows) };
    struct CMUnitTest tests[ROWS + 5] = {
        {"terms kept", keeps_as_many_terms_as_it_says, NULL, NULL, NULL},
        {"defects kept", keeps_as_many_defects_as_it_says, NULL, NULL, NULL},
        {"time", takes_linear_time_on_many_boundaries, NULL, NULL, NULL},
        {"memory", says_when_memory_is_out, NULL, NULL, NULL},
        {"reasons", has_a_text_for_each_reason, NULL, NULL, NULL},
    };
    size_t at = 5;

    for (size_t i = 0; i < COUNT(record_rows); i++)
        tests[at++] = (struct CMUnitTest){record_rows[i].label, reads_the_record, NULL, NULL,
                                          &record_rows[i]};
    for (size_t i = 0; i < COUNT(glue_rows); i++)
        tests[at++] = (struct CMUnitTest){glue_rows[i].label, knows_where_strings_were_joined, NULL,
                                          NULL, &glue_rows[i]};
    for (size_t i = 0; i < COUNT(selection_rows); i++)
        tests[at++] =
            (struct CMUnitTest){selection_rows[i].label, selects, NULL, NULL, &selection_rows[i]};
    return cmocka_run_group_tests_name("spf_record", tests, NULL, NULL);
}
