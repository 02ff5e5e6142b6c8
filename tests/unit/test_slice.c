#include "unit.h"

#include <mxsweep/buffer.h>

/* Text of a known length, as some rows hold a NUL. */
#define TEXT(literal) ("" literal), sizeof(literal) - 1

/* RFC 3629 sections 3 and 4, worked out by hand. */
static struct utf8_row {
    const char *label;
    const char *text;
    size_t len;
    bool well_formed;
} utf8_rows[] = {
    {"utf8: nothing", TEXT(""), true},
    {"utf8: ASCII", TEXT("ex.com"), true},
    {"utf8: a NUL", TEXT("\0"), true},
    {"utf8: U+007F", TEXT("\x7F"), true},
    {"utf8: 80 alone", TEXT("\x80"), false},
    {"utf8: BF alone", TEXT("\xBF"), false},
    {"utf8: C0 80, overlong", TEXT("\xC0\x80"), false},
    {"utf8: C1 BF, overlong", TEXT("\xC1\xBF"), false},
    {"utf8: U+0080", TEXT("\xC2\x80"), true},
    {"utf8: U+07FF", TEXT("\xDF\xBF"), true},
    {"utf8: C2 and no more", TEXT("\xC2"), false},
    {"utf8: C2 and a letter", TEXT("\xC2\x41"), false},
    {"utf8: C2 7F", TEXT("\xC2\x7F"), false},
    {"utf8: C2 C0", TEXT("\xC2\xC0"), false},
    {"utf8: E0 9F BF, overlong", TEXT("\xE0\x9F\xBF"), false},
    {"utf8: U+0800", TEXT("\xE0\xA0\x80"), true},
    {"utf8: E0 A0 and no more", TEXT("\xE0\xA0"), false},
    {"utf8: E0 A0 7F", TEXT("\xE0\xA0\x7F"), false},
    {"utf8: E0 A0 C0", TEXT("\xE0\xA0\xC0"), false},
    {"utf8: U+D7FF", TEXT("\xED\x9F\xBF"), true},
    {"utf8: U+D800, a surrogate", TEXT("\xED\xA0\x80"), false},
    {"utf8: U+DFFF, a surrogate", TEXT("\xED\xBF\xBF"), false},
    {"utf8: U+E000", TEXT("\xEE\x80\x80"), true},
    {"utf8: U+FEFF", TEXT("\xEF\xBB\xBF"), true},
    {"utf8: U+FFFF", TEXT("\xEF\xBF\xBF"), true},
    {"utf8: F0 8F BF BF, overlong", TEXT("\xF0\x8F\xBF\xBF"), false},
    {"utf8: U+10000", TEXT("\xF0\x90\x80\x80"), true},
    {"utf8: U+40000", TEXT("\xF1\x80\x80\x80"), true},
    {"utf8: U+10FFFF", TEXT("\xF4\x8F\xBF\xBF"), true},
    {"utf8: U+110000", TEXT("\xF4\x90\x80\x80"), false},
    {"utf8: F5", TEXT("\xF5\x80\x80\x80"), false},
    {"utf8: FE", TEXT("\xFE"), false},
    {"utf8: FF", TEXT("\xFF"), false},
    {"utf8: F0 90 80 and no more", TEXT("\xF0\x90\x80"), false},
    {"utf8: F0 90 80 and a letter",
     TEXT("\xF0\x90\x80"
          "a"),
     false},
    {"utf8: F0 90 and a letter",
     TEXT("\xF0\x90"
          "a\x80"),
     false},
    {"utf8: good, then bad", TEXT("\xC3\xBC\xE2\x98\x95\xFF"), false},
    {"utf8: sequences of all lengths", TEXT("a\xC3\xBC\xE2\x98\x95\xF0\x9F\x92\xA9z"), true},
};

static void is_utf8_or_not(void **state)
{
    const struct utf8_row *row = *state;
    mxs_slice text = exact_copy(row->text, row->len);

    assert_int_equal(mxs_slice_is_utf8(text), row->well_formed);
    free((char *)text.ptr);
}

static struct number_row {
    const char *label;
    const char *text;
    size_t len;
    uint64_t max;
    bool is_number;
    uint64_t number;
} number_rows[] = {
    {"number: nothing", TEXT(""), 9, false, 0},
    {"number: zero", TEXT("0"), 0, true, 0},
    {"number: one over zero", TEXT("1"), 0, false, 0},
    {"number: leading zeros", TEXT("0000000000000000000000000007"), 7, true, 7},
    {"number: zeros", TEXT("00"), 0, true, 0},
    {"number: a plus", TEXT("+1"), 9, false, 0},
    {"number: a minus", TEXT("-1"), 9, false, 0},
    {"number: a blank before", TEXT(" 1"), 9, false, 0},
    {"number: a blank after", TEXT("1 "), 9, false, 0},
    {"number: a NUL after", TEXT("1\0"), 9, false, 0},
    {"number: a NUL alone", TEXT("\0"), 9, false, 0},
    {"number: a letter after", TEXT("1a"), 99, false, 0},
    {"number: hexadecimal", TEXT("0x1"), 99, false, 0},
    {"number: an exponent", TEXT("1e1"), 99, false, 0},
    {"number: the character before 0", TEXT("/"), 99, false, 0},
    {"number: the character after 9", TEXT(":"), 99, false, 0},
    {"number: an octet over 127", TEXT("\xB1"), 99, false, 0},
    {"number: all digits", TEXT("1234567890"), 1234567890, true, 1234567890},
    {"number: at a limit", TEXT("65535"), 65535, true, 65535},
    {"number: one over a limit", TEXT("65536"), 65535, false, 0},
    {"number: a digit over a limit", TEXT("655350"), 65535, false, 0},
    {"number: under a limit, higher last digit", TEXT("65529"), 65535, true, 65529},
    {"number: limit 128", TEXT("129"), 128, false, 0},
    {"number: 2^64 - 1", TEXT("18446744073709551615"), UINT64_MAX, true, UINT64_MAX},
    {"number: 2^64", TEXT("18446744073709551616"), UINT64_MAX, false, 0},
    {"number: 2^64 + 10^19", TEXT("28446744073709551616"), UINT64_MAX, false, 0},
    {"number: ten times 2^64 - 1", TEXT("184467440737095516150"), UINT64_MAX, false, 0},
    {"number: 40 digits", TEXT("9999999999999999999999999999999999999999"), UINT64_MAX, false, 0},
};

static void reads_the_number(void **state)
{
    const struct number_row *row = *state;
    mxs_slice text = exact_copy(row->text, row->len);
    uint64_t number = 12345;

    assert_int_equal(mxs_slice_to_number(text, row->max, &number), row->is_number);
    assert_true(number == row->number);
    free((char *)text.ptr);
}

/* Fields, each followed by a bar. */
static struct split_row {
    const char *label;
    const char *text;
    size_t len;
    const char *fields;
    size_t fields_len;
} split_rows[] = {
    {"split: nothing", TEXT(""), TEXT("|")},
    {"split: no separator", TEXT("a"), TEXT("a|")},
    {"split: a separator alone", TEXT(";"), TEXT("||")},
    {"split: two separators alone", TEXT(";;"), TEXT("|||")},
    {"split: two fields", TEXT("a;b"), TEXT("a|b|")},
    {"split: a last separator", TEXT("a;"), TEXT("a||")},
    {"split: a first separator", TEXT(";a"), TEXT("|a|")},
    {"split: an empty field inside", TEXT("a;;b"), TEXT("a||b|")},
    {"split: blanks stay", TEXT(" a ; b "), TEXT(" a | b |")},
    {"split: a NUL is a byte", TEXT("a\0;\0b"), TEXT("a\0|\0b|")},
    {"split: other separators are bytes", TEXT("a,b:c"), TEXT("a,b:c|")},
};

static void splits_into_fields(void **state)
{
    const struct split_row *row = *state;
    mxs_slice text = exact_copy(row->text, row->len), rest = text, field;
    struct mxs_buffer fields;

    mxs_buffer_init(&fields);
    while (mxs_slice_split(&rest, ';', &field)) {
        assert_true(field.ptr >= text.ptr && field.ptr + field.len <= text.ptr + text.len);
        mxs_buffer_append(&fields, field);
        mxs_buffer_append_char(&fields, '|');
        assert_true(fields.len <= row->fields_len);
    }
    assert_null(rest.ptr);
    assert_int_equal(field.len, 0);
    assert_false(mxs_slice_split(&rest, ';', &field)); /* and again */
    assert_int_equal(fields.len, row->fields_len);
    assert_memory_equal(fields.ptr, row->fields, row->fields_len);
    mxs_buffer_clear(&fields);
    free((char *)text.ptr);
}

static struct trim_row {
    const char *label;
    const char *text;
    size_t len;
    const char *want;
} trim_rows[] = {
    {"trim: nothing", TEXT(""), ""},
    {"trim: blanks", TEXT(" \t \t"), ""},
    {"trim: one blank", TEXT(" "), ""},
    {"trim: no blank", TEXT("a"), "a"},
    {"trim: in front", TEXT("\t a"), "a"},
    {"trim: behind", TEXT("a \t"), "a"},
    {"trim: both, not inside", TEXT(" a b\t"), "a b"},
    {"trim: only blanks are", TEXT("\ra\n"), "\ra\n"},
};

static void trims_blanks(void **state)
{
    const struct trim_row *row = *state;
    mxs_slice text = exact_copy(row->text, row->len);

    assert_slice_equal(mxs_slice_trim(text), row->want);
    free((char *)text.ptr);
}

/* Two texts and how they relate; `order` is the sign of their comparison. */
static struct pair_row {
    const char *label;
    const char *a;
    size_t a_len;
    const char *b;
    size_t b_len;
    int order;
    bool equal_nocase, starts, starts_nocase, ends;
} pair_rows[] = {
    {"pair: nothing twice", TEXT(""), TEXT(""), 0, true, true, true, true},
    {"pair: nothing and something", TEXT(""), TEXT("a"), -1, false, false, false, false},
    {"pair: something and nothing", TEXT("a"), TEXT(""), 1, false, true, true, true},
    {"pair: the same", TEXT("abc"), TEXT("abc"), 0, true, true, true, true},
    {"pair: another case", TEXT("aBc"), TEXT("AbC"), 1, true, false, true, false},
    {"pair: a beginning", TEXT("abc"), TEXT("ab"), 1, false, true, true, false},
    {"pair: a beginning in another case", TEXT("aBc"), TEXT("Ab"), 1, false, false, true, false},
    {"pair: an end", TEXT("abc"), TEXT("bc"), -1, false, false, false, true},
    {"pair: longer by one", TEXT("ab"), TEXT("abc"), -1, false, false, false, false},
    {"pair: octets are not signed", TEXT("\x7F"), TEXT("\x80"), -1, false, false, false, false},
    {"pair: behind a NUL", TEXT("a\0b"), TEXT("a\0c"), -1, false, false, false, false},
    {"pair: a NUL more", TEXT("a\0"), TEXT("a"), 1, false, true, true, false},
    {"pair: @ is no letter", TEXT("@"), TEXT("`"), -1, false, false, false, false},
    {"pair: [ is no letter", TEXT("["), TEXT("{"), -1, false, false, false, false},
    {"pair: no case beyond ASCII", TEXT("\xC4"), TEXT("\xE4"), -1, false, false, false, false},
};

static void compares_as_the_row_says(void **state)
{
    const struct pair_row *row = *state;
    mxs_slice a = exact_copy(row->a, row->a_len), b = exact_copy(row->b, row->b_len);
    int order = mxs_slice_compare(a, b), reverse = mxs_slice_compare(b, a);

    assert_int_equal((order > 0) - (order < 0), row->order);
    assert_int_equal((reverse > 0) - (reverse < 0), -row->order);
    assert_int_equal(mxs_slice_equal(a, b), row->order == 0);
    assert_int_equal(mxs_slice_equal_nocase(a, b), row->equal_nocase);
    assert_int_equal(mxs_slice_equal_nocase(b, a), row->equal_nocase);
    assert_int_equal(mxs_slice_starts_with(a, b), row->starts);
    assert_int_equal(mxs_slice_starts_with_nocase(a, b), row->starts_nocase);
    assert_int_equal(mxs_slice_ends_with(a, b), row->ends);
    free((char *)a.ptr);
    free((char *)b.ptr);
}

/* Where `c` stands in `set`; the length of `set` when it does not. */
static size_t place_in(mxs_slice set, char c)
{
    size_t at = 0;

    while (at < set.len && set.ptr[at] != c)
        at++;
    return at;
}

/* All 256 octets against sets written out. */
static void knows_the_classes_of_octets(void **state)
{
    const mxs_slice upper = MXS_SLICE("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const mxs_slice lower = MXS_SLICE("abcdefghijklmnopqrstuvwxyz");

    (void)state;
    for (int i = 0; i < 256; i++) {
        char c = (char)(unsigned char)i;
        size_t capital = place_in(upper, c);
        bool is_alpha = capital < 26 || place_in(lower, c) < 26;
        bool is_digit = place_in(MXS_SLICE("0123456789"), c) < 10;
        assert_int_equal(mxs_is_alpha(c), is_alpha);
        assert_int_equal(mxs_is_digit(c), is_digit);
        assert_int_equal(mxs_is_alphanumeric(c), is_alpha || is_digit);
        assert_int_equal(mxs_is_blank(c), place_in(MXS_SLICE(" \t"), c) < 2);
        assert_int_equal(mxs_lower(c), capital < 26 ? lower.ptr[capital] : c);
    }
}

static void begins_anywhere(void **state)
{
    mxs_slice text = exact_copy("abc", 3), none = {NULL, 0};

    (void)state;
    assert_slice_equal(mxs_slice_from(text, 0), "abc");
    assert_slice_equal(mxs_slice_from(text, 2), "c");
    assert_slice_equal(mxs_slice_from(text, 3), "");
    assert_ptr_equal(mxs_slice_from(text, 3).ptr, text.ptr + 3);
    assert_slice_equal(mxs_slice_from(text, 4), "");
    assert_ptr_equal(mxs_slice_from(text, SIZE_MAX).ptr, text.ptr + 3);
    assert_int_equal(mxs_slice_from(none, 1).len, 0);
    free((char *)text.ptr);
}

/* No function minds a slice without bytes, whose pointer may be NULL. */
static void takes_the_slice_of_nothing(void **state)
{
    const mxs_slice none = {NULL, 0}, empty = MXS_SLICE(""), a = MXS_SLICE("a");
    mxs_slice rest = none, field;
    uint64_t number;

    (void)state;
    assert_true(mxs_slice_equal(none, empty));
    assert_true(mxs_slice_equal_nocase(none, empty));
    assert_false(mxs_slice_equal(none, a));
    assert_true(mxs_slice_starts_with(a, none));
    assert_true(mxs_slice_starts_with_nocase(none, none));
    assert_true(mxs_slice_ends_with(none, none));
    assert_true(mxs_slice_ends_with(a, none));
    assert_int_equal(mxs_slice_compare(none, empty), 0);
    assert_true(mxs_slice_compare(none, a) < 0);
    assert_int_equal(mxs_slice_trim(none).len, 0);
    assert_true(mxs_slice_is_utf8(none));
    assert_false(mxs_slice_to_number(none, 1, &number));
    assert_false(mxs_slice_split(&rest, ';', &field));
}

static void makes_slices_of_our_strings(void **state)
{
    (void)state;
    assert_int_equal(mxs_slice_of("").len, 0);
    assert_slice_equal(mxs_slice_of("abc"), "abc");
    assert_int_equal(MXS_SLICE("a\0b").len, 3);
    assert_int_equal(MXS_SLICE("").len, 0);
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(knows_the_classes_of_octets),
        cmocka_unit_test(begins_anywhere),
        cmocka_unit_test(takes_the_slice_of_nothing),
        cmocka_unit_test(makes_slices_of_our_strings),
    };
    struct CMUnitTest tests[COUNT(utf8_rows) + COUNT(number_rows) + COUNT(split_rows) +
                            COUNT(trim_rows) + COUNT(pair_rows) + COUNT(others)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(utf8_rows); i++)
        tests[count++] =
            (struct CMUnitTest){utf8_rows[i].label, is_utf8_or_not, NULL, NULL, &utf8_rows[i]};
    for (size_t i = 0; i < COUNT(number_rows); i++)
        tests[count++] = (struct CMUnitTest){number_rows[i].label, reads_the_number, NULL, NULL,
                                             &number_rows[i]};
    for (size_t i = 0; i < COUNT(split_rows); i++)
        tests[count++] = (struct CMUnitTest){split_rows[i].label, splits_into_fields, NULL, NULL,
                                             &split_rows[i]};
    for (size_t i = 0; i < COUNT(trim_rows); i++)
        tests[count++] =
            (struct CMUnitTest){trim_rows[i].label, trims_blanks, NULL, NULL, &trim_rows[i]};
    for (size_t i = 0; i < COUNT(pair_rows); i++)
        tests[count++] = (struct CMUnitTest){pair_rows[i].label, compares_as_the_row_says, NULL,
                                             NULL, &pair_rows[i]};
    memcpy(tests + count, others, sizeof others);
    return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
