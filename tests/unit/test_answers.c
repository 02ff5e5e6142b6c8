/* The answers of one domain: what answers.h promises, row by row; wants by hand. */
#include "unit.h"

#include <mxsweep/answers.h>

#include "zone.h"

struct setting {
    struct zone *zone;
    struct mxs_arena arena;
    struct mxs_answers answers;
};

static void open_setting(struct setting *setting, const char *zone, enum zone_mode mode)
{
    setting->zone = zone_new(zone);
    mxs_arena_init(&setting->arena);
    zone_restart(setting->zone, mode);
    mxs_answers_init(&setting->answers, zone_source(setting->zone));
    mxs_answers_begin(&setting->answers);
}

static void close_setting(struct setting *setting)
{
    zone_free(setting->zone);
    mxs_arena_clear(&setting->arena);
}

static const struct mxs_answer *ask(struct setting *setting, const char *name, uint16_t type)
{
    struct mxs_name parsed;

    assert_int_equal(mxs_name_parse(&setting->arena, mxs_slice_of(name), &parsed), MXS_NAME_OK);
    return mxs_answers_ask(&setting->answers, parsed, type);
}

static void asks_the_source_once(void **state)
{
    struct setting s;

    (void)state;
    open_setting(&s, "x A 9.1.1.1\n", ZONE_AT_ONCE);
    const struct mxs_answer *first = ask(&s, "x", MXS_TYPE_A);
    assert_int_equal(first->lookup, MXS_LOOKUP_OK);
    assert_ptr_equal(ask(&s, "X", MXS_TYPE_A), first);
    assert_ptr_not_equal(ask(&s, "x", MXS_TYPE_AAAA), first);
    assert_ptr_not_equal(ask(&s, "y.x", MXS_TYPE_A), first);
    assert_int_equal(zone_question_count(s.zone), 3);
    assert_int_equal(s.answers.questions, 3);
    assert_false(s.answers.pending);
    close_setting(&s);
}

static void remembers_through_runs(void **state)
{
    struct setting s;

    (void)state;
    open_setting(&s, "x A 9.1.1.1\n", ZONE_PENDING_FIRST);
    const struct mxs_answer *first = ask(&s, "x", MXS_TYPE_A);
    assert_int_equal(first->lookup, MXS_LOOKUP_PENDING);
    (void)ask(&s, "y", MXS_TYPE_A);
    assert_true(s.answers.pending);
    zone_settle(s.zone);
    mxs_answers_begin(&s.answers);
    assert_false(s.answers.pending);
    assert_int_equal(s.answers.questions, 0);
    assert_ptr_equal(ask(&s, "x", MXS_TYPE_A), first);
    assert_int_equal(first->lookup, MXS_LOOKUP_OK); /* settled in place */
    assert_false(s.answers.pending);
    assert_int_equal(s.answers.questions, 1); /* "y" is held but not used */
    assert_int_equal(s.answers.held_count, 2);
    close_setting(&s);
}

static void fails_what_is_late(void **state)
{
    struct setting s;

    (void)state;
    open_setting(&s, "x A 9.1.1.1\n", ZONE_PENDING_FIRST);
    (void)ask(&s, "x", MXS_TYPE_A);
    zone_settle(s.zone);
    (void)ask(&s, "y", MXS_TYPE_A);
    mxs_answers_begin(&s.answers);
    s.answers.closed = MXS_ERROR_TIMEOUT;
    assert_int_equal(ask(&s, "x", MXS_TYPE_A)->lookup, MXS_LOOKUP_OK);
    for (int i = 0; i < 4; i++) { /* "y" is pending, "z" was never asked */
        const struct mxs_answer *late = ask(&s, i % 2 == 0 ? "y" : "z", MXS_TYPE_A);
        assert_int_equal(late->lookup, MXS_LOOKUP_TEMP);
        assert_int_equal(late->error, i < 2 ? MXS_ERROR_TIMEOUT : MXS_ERROR_INTERNAL);
        assert_int_equal(late->count, 0);
        if (i == 1)
            s.answers.closed = MXS_ERROR_INTERNAL;
    }
    assert_false(s.answers.pending);
    assert_int_equal(zone_question_count(s.zone), 2);
    close_setting(&s);
}

/* Rules section 17.4: 150 distinct questions, then `limit`, never absent. */
static void stops_at_the_budget(void **state)
{
    struct setting s;
    char name[16];

    (void)state;
    open_setting(&s, "x A 9.1.1.1\n", ZONE_AT_ONCE);
    for (unsigned i = 0; i < 160; i++) {
        (void)snprintf(name, sizeof name, "n%u", i);
        enum mxs_lookup want = i < 150 ? MXS_LOOKUP_NXDOMAIN : MXS_LOOKUP_LIMIT;
        assert_int_equal(ask(&s, name, MXS_TYPE_A)->lookup, want);
        assert_int_equal(s.answers.out_of_budget, i >= 150);
    }
    assert_int_equal(ask(&s, "n7", MXS_TYPE_A)->lookup, MXS_LOOKUP_NXDOMAIN);
    assert_int_equal(s.answers.questions, 150);
    assert_int_equal(zone_question_count(s.zone), 150);
    mxs_answers_begin(&s.answers);
    assert_false(s.answers.out_of_budget);
    close_setting(&s);
}

static const struct mxs_answer *fetch_nothing(void *context, struct mxs_name name, uint16_t type)
{
    (void)context;
    (void)name;
    (void)type;
    return NULL;
}

static void says_when_memory_is_out(void **state)
{
    struct mxs_answers answers;

    (void)state;
    mxs_answers_init(&answers, (struct mxs_answers_source){fetch_nothing, NULL});
    mxs_answers_begin(&answers);
    const struct mxs_answer *answer = mxs_answers_ask(&answers, mxs_name_root, MXS_TYPE_A);
    assert_int_equal(answer->lookup, MXS_LOOKUP_TEMP);
    assert_int_equal(answer->error, MXS_ERROR_INTERNAL);
    assert_true(answers.failed);
    assert_int_equal(answers.held_count, 0);
}

/* Rules section 1.1: the words, and which of them may be called absent. */
static void knows_what_is_absent(void **state)
{
    static const struct {
        enum mxs_lookup lookup;
        const char *text;
        bool absent, definite;
    } table[] = {
        {MXS_LOOKUP_PENDING, "pending", false, false},
        {MXS_LOOKUP_OK, "ok", false, true},
        {MXS_LOOKUP_NODATA, "nodata", true, true},
        {MXS_LOOKUP_NXDOMAIN, "nxdomain", true, true},
        {MXS_LOOKUP_NXDOMAIN_TARGET, "nxdomain_target", true, true},
        {MXS_LOOKUP_TEMP, "temp", false, false},
        {MXS_LOOKUP_BOGUS, "bogus", false, false},
        {MXS_LOOKUP_LIMIT, "limit", false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        assert_string_equal(mxs_lookup_text(table[i].lookup), table[i].text);
        assert_int_equal(mxs_lookup_is_absent(table[i].lookup), table[i].absent);
        assert_int_equal(mxs_lookup_is_definite(table[i].lookup), table[i].definite);
    }
}

/* The words of rules sections 1.1, 1.3 and 14; types by IANA's registry. */
static void has_the_words_of_the_rules(void **state)
{
    static const char *const errors[] = {"",          "timeout",    "failed",
                                         "malformed", "alias_loop", "internal"};
    static const char *const existence[] = {"unknown", "yes", "no", "uncertain"};
    static const char *const dnssec[] = {"indeterminate", "secure", "insecure", "bogus"};
    static const struct {
        uint16_t type;
        const char *text;
    } types[] = {{1, "A"},     {2, "NS"},     {5, "CNAME"}, {6, "SOA"},     {12, "PTR"},
                 {15, "MX"},   {16, "TXT"},   {28, "AAAA"}, {39, "DNAME"},  {46, "RRSIG"},
                 {47, "NSEC"}, {50, "NSEC3"}, {52, "TLSA"}, {128, "NXNAME"}};

    (void)state;
    for (unsigned i = 0; i < COUNT(errors); i++)
        assert_string_equal(mxs_error_text((enum mxs_error)i), errors[i]);
    for (unsigned i = 0; i < COUNT(existence); i++)
        assert_string_equal(mxs_existence_text((enum mxs_existence)i), existence[i]);
    for (unsigned i = 0; i < COUNT(dnssec); i++)
        assert_string_equal(mxs_dnssec_text((enum mxs_dnssec)i), dnssec[i]);
    for (unsigned i = 0; i < COUNT(types); i++)
        assert_string_equal(mxs_type_text(types[i].type), types[i].text);
    assert_null(mxs_type_text(65280));
    assert_null(mxs_type_text(0));
}

static void forgets_everything_when_it_fails(void **state)
{
    static const struct mxs_record record = {.preference = 1};
    struct mxs_answer answer = {
        .name = mxs_name_root,
        .type = MXS_TYPE_MX,
        .lookup = MXS_LOOKUP_OK,
        .exists = MXS_EXISTS_YES,
        .dnssec = MXS_DNSSEC_SECURE,
        .count = 1,
        .records = &record,
        .ttl_s = 7,
    };

    (void)state;
    mxs_answer_fail(&answer, MXS_LOOKUP_LIMIT, MXS_ERROR_FAILED);
    assert_true(mxs_name_is_root(answer.name));
    assert_int_equal(answer.type, MXS_TYPE_MX);
    assert_int_equal(answer.lookup, MXS_LOOKUP_LIMIT);
    assert_int_equal(answer.error, MXS_ERROR_NONE); /* counts only for temp */
    assert_int_equal(answer.exists, MXS_EXISTS_UNKNOWN);
    assert_int_equal(answer.dnssec, MXS_DNSSEC_INDETERMINATE);
    assert_int_equal(answer.count, 0);
    assert_null(answer.records);
    mxs_answer_fail(&answer, MXS_LOOKUP_TEMP, MXS_ERROR_FAILED);
    assert_int_equal(answer.error, MXS_ERROR_FAILED);
    mxs_answer_fail(&answer, MXS_LOOKUP_BOGUS, MXS_ERROR_FAILED);
    assert_int_equal(answer.error, MXS_ERROR_NONE);
    assert_int_equal(answer.dnssec, MXS_DNSSEC_BOGUS);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_the_source_once),
        cmocka_unit_test(remembers_through_runs),
        cmocka_unit_test(fails_what_is_late),
        cmocka_unit_test(stops_at_the_budget),
        cmocka_unit_test(says_when_memory_is_out),
        cmocka_unit_test(knows_what_is_absent),
        cmocka_unit_test(has_the_words_of_the_rules),
        cmocka_unit_test(forgets_everything_when_it_fails),
    };

    return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
