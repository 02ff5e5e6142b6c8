/* Pieces of a macro-string: RFC 7208 sections 7.1 to 7.3. Wants by hand. */
#include "unit.h"

#include "records/spf_macro.h"

/* The second piece of "x" + text, after the literal. */
static struct row {
    const char *text;
    enum mxs_spf_piece_kind kind;
    size_t len;
    char letter;
    bool url_escaped, reversed;
    uint32_t parts;
    const char *delimiters;
} rows[] = {
    {"%%", MXS_SPF_ESCAPE, 2, 0, false, false, 0, ""},
    {"%_a", MXS_SPF_ESCAPE, 2, 0, false, false, 0, ""},
    {"%-%", MXS_SPF_ESCAPE, 2, 0, false, false, 0, ""},
    {"%{d}", MXS_SPF_EXPAND, 4, 'd', false, false, 0, ""},
    {"%{D}.test", MXS_SPF_EXPAND, 4, 'd', true, false, 0, ""},
    {"%{ir}", MXS_SPF_EXPAND, 5, 'i', false, true, 0, ""},
    {"%{IR}", MXS_SPF_EXPAND, 5, 'i', true, true, 0, ""},
    {"%{r}", MXS_SPF_EXPAND, 4, 'r', false, false, 0, ""},
    {"%{rr}", MXS_SPF_EXPAND, 5, 'r', false, true, 0, ""},
    {"%{c}", MXS_SPF_EXPAND, 4, 'c', false, false, 0, ""},
    {"%{t}", MXS_SPF_EXPAND, 4, 't', false, false, 0, ""},
    {"%{d2}", MXS_SPF_EXPAND, 5, 'd', false, false, 2, ""},
    {"%{d10r}", MXS_SPF_EXPAND, 7, 'd', false, true, 10, ""},
    {"%{d007}", MXS_SPF_EXPAND, 7, 'd', false, false, 7, ""},
    {"%{d4294967294}", MXS_SPF_EXPAND, 14, 'd', false, false, 4294967294, ""},
    {"%{d4294967295}", MXS_SPF_EXPAND, 14, 'd', false, false, 4294967295, ""},
    {"%{d4294967296}", MXS_SPF_EXPAND, 14, 'd', false, false, 4294967295, ""},
    {"%{d99999999999999999999}", MXS_SPF_EXPAND, 24, 'd', false, false, 4294967295, ""},
    {"%{l-}", MXS_SPF_EXPAND, 5, 'l', false, false, 0, "-"},
    {"%{l1r.-+,/_=}", MXS_SPF_EXPAND, 13, 'l', false, true, 1, ".-+,/_="},
    {"%", MXS_SPF_BROKEN, 1, 0, false, false, 0, ""},
    {"%d", MXS_SPF_BROKEN, 1, 0, false, false, 0, ""},
    {"%{", MXS_SPF_BROKEN, 1, 0, false, false, 0, ""},
    {"%{d", MXS_SPF_BROKEN, 1, 0, false, false, 0, ""},
    {"%{dr2}", MXS_SPF_BROKEN, 1, 0, false, false, 0, ""},
    {"%{d0}", MXS_SPF_BROKEN, 1, 0, false, false, 0, ""},
    {"%{x}", MXS_SPF_BROKEN, 1, 0, false, false, 0, ""},
    {"%{d-", MXS_SPF_BROKEN, 1, 0, false, false, 0, ""},
};

static void takes_the_piece(void **state)
{
    const struct row *row = *state;
    char with_literal[64];
    struct mxs_spf_piece piece;
    mxs_slice text, rest;

    (void)snprintf(with_literal, sizeof with_literal, "x%s", row->text);
    text = exact_copy(with_literal, strlen(with_literal));
    rest = text;
    assert_true(mxs_spf_next_piece(&rest, &piece));
    assert_int_equal(piece.kind, MXS_SPF_LITERAL);
    assert_slice_equal(piece.text, "x");
    assert_true(mxs_spf_next_piece(&rest, &piece));
    assert_int_equal(piece.kind, row->kind);
    assert_ptr_equal(piece.text.ptr, text.ptr + 1);
    assert_int_equal(piece.text.len, row->len);
    assert_int_equal(rest.len, text.len - 1 - row->len);
    assert_int_equal(piece.letter, row->letter);
    assert_int_equal(piece.url_escaped, row->url_escaped);
    assert_int_equal(piece.reversed, row->reversed);
    assert_int_equal(piece.parts, row->parts);
    assert_slice_equal(piece.delimiters, row->delimiters);
    free((char *)text.ptr);
}

static void ends(void **state)
{
    mxs_slice rest = {NULL, 0};
    struct mxs_spf_piece piece;

    (void)state;
    assert_false(mxs_spf_next_piece(&rest, &piece));
}

static void knows_the_bit_of_each_letter(void **state)
{
    static const char letters[] = "slodiphv";

    (void)state;
    for (unsigned i = 0; i < 8; i++)
        assert_int_equal(mxs_spf_macro_bit(letters[i]), 1U << i);
    assert_int_equal(mxs_spf_macro_bit('h'), MXS_SPF_MACRO_H);
    assert_int_equal(mxs_spf_macro_bit('v'), MXS_SPF_MACRO_V);
    assert_int_equal(mxs_spf_macro_bit('c'), 0);
    assert_int_equal(mxs_spf_macro_bit('\0'), 0);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(rows) + 2] = {
        {"nothing left", ends, NULL, NULL, NULL},
        {"bits", knows_the_bit_of_each_letter, NULL, NULL, NULL},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i + 2] = (struct CMUnitTest){rows[i].text, takes_the_piece, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("spf_macro", tests, NULL, NULL);
}
