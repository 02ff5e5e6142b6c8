/* The JSON writer: RFC 8259 and rules section 1.5; wants by hand. */
#include "unit.h"

#include <mxsweep/json.h>

#include "json_check.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static struct text_row {
    const char *label, *text;
    size_t len;
    const char *want;
    bool utf8;
} texts[] = {
    {"nothing", TEXT(""), "\"\"", true},
    {"plain", TEXT("v=spf1 -all"), "\"v=spf1 -all\"", true},
    {"quote and backslash", TEXT("a\"b\\c/"), "\"a\\\"b\\\\c/\"", true},
    {"short escapes", TEXT("\n\r\t"), "\"\\n\\r\\t\"", true},
    {"control characters", TEXT("\0\x01\x08\x0C\x1F"), "\"\\u0000\\u0001\\u0008\\u000c\\u001f\"",
     true},
    {"DEL", TEXT("\x7F"), "\"\\u007f\"", true},
    {"two octets", TEXT("b\xC3\xBC"), "\"b\xC3\xBC\"", true},
    {"three octets", TEXT("\xE2\x82\xAC"), "\"\xE2\x82\xAC\"", true},
    {"four octets", TEXT("\xF0\x9F\x98\x80"), "\"\xF0\x9F\x98\x80\"", true},
    {"U+10FFFF", TEXT("\xF4\x8F\xBF\xBF"), "\"\xF4\x8F\xBF\xBF\"", true},
    {"C1", TEXT("\xC2\x80\xC2\x9F\xC2\xA0"), "\"\\u0080\\u009f\xC2\xA0\"", true},
    {"U+2028 and U+2029", TEXT("\xE2\x80\xA7\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA"),
     "\"\xE2\x80\xA7\\u2028\\u2029\xE2\x80\xAA\"", true},
    {"Latin-1", TEXT("\xFC"), "\"\\u00fc\"", false},
    {"one bad byte spoils all", TEXT("\xC3\xBC\xFF"), "\"\\u00c3\\u00bc\\u00ff\"", false},
    {"cut at the end", TEXT("a\xE2\x82"), "\"a\\u00e2\\u0082\"", false},
    {"a stray tail", TEXT("\x80"), "\"\\u0080\"", false},
    {"overlong", TEXT("\xC0\xAF"), "\"\\u00c0\\u00af\"", false},
    {"overlong, three octets", TEXT("\xE0\x80\xAF"), "\"\\u00e0\\u0080\\u00af\"", false},
    {"a surrogate", TEXT("\xED\xA0\x80"), "\"\\u00ed\\u00a0\\u0080\"", false},
    {"beyond U+10FFFF", TEXT("\xF4\x90\x80\x80"), "\"\\u00f4\\u0090\\u0080\\u0080\"", false},
};

static void writes_as_the_row_says(void **state)
{
    const struct text_row *row = *state;
    mxs_slice text = exact_copy(row->text, row->len);
    struct mxs_buffer buffer;
    struct mxs_json json;

    mxs_buffer_init(&buffer);
    mxs_json_init(&json, &buffer);
    assert_int_equal(mxs_json_text(&json, text), row->utf8);
    assert_slice_equal(mxs_buffer_slice(&buffer), row->want);
    assert_true(json_is_valid(mxs_buffer_slice(&buffer)));
    mxs_buffer_clear(&buffer);
    free((char *)text.ptr);
}

static void writes_every_kind_of_value(void **state)
{
    struct mxs_buffer buffer;
    struct mxs_json json;

    (void)state;
    mxs_buffer_init(&buffer);
    mxs_json_init(&json, &buffer);
    mxs_json_open_object(&json);
    mxs_json_key(&json, "a");
    mxs_json_number(&json, 0);
    mxs_json_key(&json, "b");
    mxs_json_open_array(&json);
    mxs_json_number(&json, UINT64_MAX);
    mxs_json_bool(&json, true);
    mxs_json_bool(&json, false);
    mxs_json_null(&json);
    mxs_json_open_object(&json);
    mxs_json_close_object(&json);
    mxs_json_open_array(&json);
    mxs_json_close_array(&json);
    mxs_json_string(&json, NULL);
    mxs_json_close_array(&json);
    mxs_json_key(&json, "c");
    mxs_json_string(&json, "x\n");
    mxs_json_close_object(&json);
    assert_slice_equal(mxs_buffer_slice(&buffer),
                       "{\"a\":0,\"b\":[18446744073709551615,true,false,null,{},[],null],"
                       "\"c\":\"x\\n\"}");
    mxs_buffer_clear(&buffer);
}

/* A generator of our own, so that a failure can be seen again. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* Any bytes, and bytes that look like UTF-8 more often than chance would have them. */
static void writes_valid_json_whatever_goes_in(void **state)
{
    static const unsigned char likely[] = {0x00, 0x1F, '"',  '\\', 0x7F, 0x80, 0xA8, 0xBF,
                                           0xC0, 0xC2, 0xE0, 0xE2, 0xED, 0xF0, 0xF4, 0xFF};
    uint32_t seed = 1;
    struct mxs_buffer buffer;
    struct mxs_json json;

    (void)state;
    mxs_buffer_init(&buffer);
    for (unsigned turn = 0; turn < 200000; turn++) {
        char bytes[12];
        size_t len = next_random(&seed) % (sizeof bytes + 1);
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)(turn % 2 == 0 ? next_random(&seed) & 0xFF
                                            : likely[next_random(&seed) % COUNT(likely)]);
        mxs_slice text = exact_copy(bytes, len);
        mxs_buffer_reset(&buffer);
        mxs_json_init(&json, &buffer);
        bool utf8 = mxs_json_text(&json, text);
        assert_int_equal(utf8, mxs_slice_is_utf8(text));
        assert_true(json_is_valid(mxs_buffer_slice(&buffer)));
        free((char *)text.ptr);
    }
    mxs_buffer_clear(&buffer);
}

/* The judge itself. */
static void refuses_what_is_no_json(void **state)
{
    static const struct {
        const char *text;
        bool valid;
    } table[] = {
        {"{\"a\":[1,\"\\u00e4\",null]}", true},
        {"[]", true},
        {"0", true},
        {"", false},
        {"{", false},
        {"{\"a\"}", false},
        {"{\"a\":1,}", false},
        {"{\"a\":1,\"a\":2}", false},
        {"[1 ,2]", false},
        {"[1]x", false},
        {"01", false},
        {"-1", false},
        {"\"\n\"", false},
        {"\"\x7F\"", false},
        {"\"\\x\"", false},
        {"\"\\u12g4\"", false},
        {"\"\xC0\xAF\"", false},
        {"\"\xC2\x80\"", false},
        {"\"\xE2\x80\xA8\"", false},
        {"\"\xED\xA0\x80\"", false},
        {"\"\xF4\x90\x80\x80\"", false},
        {"\"a", false},
        {"nul", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++)
        if (json_is_valid(mxs_slice_of(table[i].text)) != table[i].valid)
            fail_msg("%s", table[i].text);
}

int main(void)
{
    static const struct CMUnitTest extra[] = {
        cmocka_unit_test(refuses_what_is_no_json),
        cmocka_unit_test(writes_every_kind_of_value),
        cmocka_unit_test(writes_valid_json_whatever_goes_in),
    };
    struct CMUnitTest tests[COUNT(texts) + COUNT(extra)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(texts); i++)
        tests[count++] =
            (struct CMUnitTest){texts[i].label, writes_as_the_row_says, NULL, NULL, &texts[i]};
    for (size_t i = 0; i < COUNT(extra); i++)
        tests[count++] = extra[i];
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
