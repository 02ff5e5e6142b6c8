/* Lines of `mxsweep lint --json`: RFC 8259, RFC 4648, DESIGN.md section 5. Wants by hand. */
#include "unit.h"

#include "lint/input.h"

#define TEXT(literal) literal, sizeof(literal) - 1
#define NONE          NULL, 0

static struct row {
    const char *label, *line;
    size_t len;
    const char *record; /* NULL: none */
    size_t record_len;
    const char *id, *error; /* NULL: none */
} rows[] = {
    {"a string", TEXT("\"v=spf1 -all\""), TEXT("v=spf1 -all"), NULL, NULL},
    {"blanks around", TEXT(" \t\"a\" \r"), TEXT("a"), NULL, NULL},
    {"an empty string", TEXT("\"\""), TEXT(""), NULL, NULL},
    {"escapes", TEXT("\"\\t\\n\\\"\\\\\\/\\u00fc\\ud83d\\ude00\""),
     TEXT("\t\n\"\\/\xC3\xBC\xF0\x9F\x98\x80"), NULL, NULL},
    {"U+0000", TEXT("\"a\\u0000b\\u0000\""), TEXT("a\0b\0"), NULL, NULL},
    {"U+0000 alone", TEXT("\"\\u0000\""), TEXT("\0"), NULL, NULL},
    {"a backslash before u0000", TEXT("\"\\\\u0000\""), TEXT("\\u0000"), NULL, NULL},
    {"and an escape behind it", TEXT("\"\\\\\\u0000\""), TEXT("\\\0"), NULL, NULL},
    {"UTF-8", TEXT("\"b\xC3\xBC\""), TEXT("b\xC3\xBC"), NULL, NULL},
    {"U+0080, whose bytes are C2 80", TEXT("\"\\u0080\""), TEXT("\xC2\x80"), NULL, NULL},
    {"an object", TEXT("{\"id\":7,\"record\":\"a\"}"), TEXT("a"), "7", NULL},
    {"no id", TEXT("{\"record\":\"a\"}"), TEXT("a"), NULL, NULL},
    {"other members", TEXT("{\"record\":\"a\",\"n\":[1,{\"record\":2}],\"x\":null}"), TEXT("a"),
     NULL, NULL},
    {"id behind", TEXT("{\"record\":\"a\",\"id\":\"x\"}"), TEXT("a"), "\"x\"", NULL},
    {"id with a quote and a NUL", TEXT("{\"id\":\"\\\"\\u0000\",\"record\":\"a\"}"), TEXT("a"),
     "\"\\\"\\u0000\"", NULL},
    {"id null", TEXT("{\"id\":null,\"record\":\"a\"}"), TEXT("a"), "null", NULL},
    {"id true", TEXT("{\"id\":true,\"record\":\"a\"}"), TEXT("a"), "true", NULL},
    {"id false", TEXT("{\"id\":false,\"record\":\"a\"}"), TEXT("a"), "false", NULL},
    {"id negative", TEXT("{\"id\":-12,\"record\":\"a\"}"), TEXT("a"), "-12", NULL},
    {"id broken", TEXT("{\"id\":1.5,\"record\":\"a\"}"), TEXT("a"), "1.5", NULL},
    {"id 2^53", TEXT("{\"id\":9007199254740992,\"record\":\"a\"}"), TEXT("a"), "9007199254740992",
     NULL},
    {"id over it", TEXT("{\"id\":9007199254740994,\"record\":\"a\"}"), NONE, NULL,
     "id is neither text nor a number up to 2^53"},
    {"id without end", TEXT("{\"id\":1e999,\"record\":\"a\"}"), NONE, NULL,
     "id is neither text nor a number up to 2^53"},
    {"id a list", TEXT("{\"id\":[1],\"record\":\"a\"}"), NONE, NULL,
     "id is neither text nor a number up to 2^53"},
    {"base64", TEXT("{\"id\":1,\"record_base64\":\"/wBh\"}"), TEXT("\xFF\0a"), "1", NULL},
    {"base64, one sign", TEXT("{\"record_base64\":\"/wA=\"}"), TEXT("\xFF\0"), NULL, NULL},
    {"base64, two signs", TEXT("{\"record_base64\":\"+A==\"}"), TEXT("\xF8"), NULL, NULL},
    {"base64, nothing", TEXT("{\"record_base64\":\"\"}"), TEXT(""), NULL, NULL},
    {"base64, cut", TEXT("{\"id\":1,\"record_base64\":\"/wB\"}"), NONE, "1",
     "record_base64 is not base64"},
    {"base64, a blank", TEXT("{\"record_base64\":\"/wB \"}"), NONE, NULL,
     "record_base64 is not base64"},
    {"base64, three signs", TEXT("{\"record_base64\":\"/===\"}"), NONE, NULL,
     "record_base64 is not base64"},
    {"base64, a sign within", TEXT("{\"record_base64\":\"/w==/wBh\"}"), NONE, NULL,
     "record_base64 is not base64"},
    {"base64, for URLs", TEXT("{\"record_base64\":\"_wBh\"}"), NONE, NULL,
     "record_base64 is not base64"},
    {"base64, a NUL", TEXT("{\"record_base64\":\"/wB\\u0000\"}"), NONE, NULL,
     "record_base64 is not base64"},
    {"base64, a number", TEXT("{\"record_base64\":1}"), NONE, NULL, "record_base64 is not base64"},
    {"nothing", TEXT(""), NONE, NULL, "no JSON"},
    {"blanks", TEXT("  "), NONE, NULL, "no JSON"},
    {"a record bare", TEXT("v=spf1 -all"), NONE, NULL, "no JSON"},
    {"not closed", TEXT("\"abc"), NONE, NULL, "no JSON"},
    {"ends in a backslash", TEXT("\"abc\\"), NONE, NULL, "no JSON"},
    {"a bad escape", TEXT("\"\\x41\""), NONE, NULL, "no JSON"},
    {"half a pair", TEXT("\"\\ud83d\""), NONE, NULL, "no JSON"},
    {"the other half", TEXT("\"\\ude00\""), NONE, NULL, "no JSON"},
    {"more behind", TEXT("\"a\" \"b\""), NONE, NULL, "no JSON"},
    {"a comma behind", TEXT("\"a\","), NONE, NULL, "no JSON"},
    {"a comma at the end", TEXT("{\"record\":\"a\",}"), NONE, NULL, "no JSON"},
    {"a NUL behind", TEXT("\"a\"\0"), NONE, NULL, "no JSON"},
    {"a NUL before", TEXT("\0\"a\""), NONE, NULL, "no JSON"},
    {"a tab in a string", TEXT("\"a\tb\""), NONE, NULL,
     "a control character in a string: write it as an escape"},
    {"a NUL in a string", TEXT("\"a\0b\""), NONE, NULL,
     "a control character in a string: write it as an escape"},
    {"Latin-1", TEXT("\"b\xFC\""), NONE, NULL, "not UTF-8: use record_base64"},
    {"the bytes that stand for NUL", TEXT("\"\xC0\x80\""), NONE, NULL,
     "not UTF-8: use record_base64"},
    {"a number", TEXT("12"), NONE, NULL, "neither a string nor an object"},
    {"a list", TEXT("[\"a\"]"), NONE, NULL, "neither a string nor an object"},
    {"null", TEXT("null"), NONE, NULL, "neither a string nor an object"},
    {"no record", TEXT("{\"id\":3}"), NONE, "3", "no record"},
    {"both", TEXT("{\"id\":3,\"record\":\"a\",\"record_base64\":\"\"}"), NONE, "3",
     "both record and record_base64"},
    {"twice", TEXT("{\"record\":\"a\",\"record\":\"a\"}"), NONE, NULL, "a member is given twice"},
    {"in another case", TEXT("{\"Record\":\"a\"}"), NONE, NULL, "no record"},
    {"a name with a NUL", TEXT("{\"record\\u0000\":\"a\"}"), NONE, NULL, "no record"},
    {"a record that is a number", TEXT("{\"id\":\"x\",\"record\":1}"), NONE, "\"x\"",
     "record is not a string"},
    {"32 deep",
     TEXT("{\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],"
          "\"record\":\"a\"}"),
     TEXT("a"), NULL, NULL},
    {"33 deep", TEXT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["), NONE, NULL, "nested too deeply"},
    {"brackets in strings", TEXT("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""),
     TEXT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["), NULL, NULL},
};

static void assert_text(const char *got, const char *want)
{
    if (want == NULL)
        assert_null(got);
    else
        assert_string_equal(got, want);
}

static void reads_as_the_row_says(void **state)
{
    const struct row *row = *state;
    mxs_slice line = exact_copy(row->line, row->len);
    struct mxs_arena arena;
    struct lint_input input;

    mxs_arena_init(&arena);
    assert_true(lint_input_read(&arena, line, &input));
    free((char *)line.ptr); /* nothing points into it */
    assert_text(input.error, row->error);
    assert_int_equal(input.record.ptr != NULL, row->record != NULL);
    assert_int_equal(input.record.len, row->record_len);
    if (row->record_len > 0)
        assert_memory_equal(input.record.ptr, row->record, row->record_len);
    assert_int_equal(input.id.ptr != NULL, row->id != NULL);
    assert_slice_equal(input.id, row->id != NULL ? row->id : "");
    mxs_arena_clear(&arena);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(rows)];

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].label, reads_as_the_row_says, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("lint_input", tests, NULL, NULL);
}
