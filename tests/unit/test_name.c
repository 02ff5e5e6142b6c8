/* Names: RFC 1035 sections 2.3.4, 3.1 and 5.1; wants by hand. */
#include "unit.h"

#include <mxsweep/name.h>

#define L10 "aaaaaaaaaa"
#define L50 L10 L10 L10 L10 L10
#define L61 L50 L10 "a"
#define L62 L50 L10 "aa"
#define L63 L50 L10 "aaa"
#define L64 L50 L10 "aaaa"
/* 64 + 64 + 64 + 62 + 1 = 255 octets in wire form, 253 characters. */
#define N255 L63 "." L63 "." L63 "." L61
#define N256 L63 "." L63 "." L63 "." L62

/* A wire form as a slice: the literal's own NUL is left out. */
#define WIRE(literal) literal, sizeof(literal) - 1

struct row {
    const char *label, *text;
    size_t text_len; /* 0: of the string */
    enum mxs_name_status status;
    const char *wire;
    size_t wire_len;
    unsigned labels;
    const char *written; /* NULL: as `text` */
};

/* RFC 1035 section 5.1 and 3.1; lower case by RFC 4343. */
static struct row rows[] = {
    {"the root", ".", 0, MXS_NAME_OK, WIRE("\0"), 0, NULL},
    {"one label", "com", 0, MXS_NAME_OK, WIRE("\3com\0"), 1, NULL},
    {"a final dot", "ex.com.", 0, MXS_NAME_OK, WIRE("\2ex\3com\0"), 2, "ex.com"},
    {"upper case", "EX.cOm", 0, MXS_NAME_OK, WIRE("\2ex\3com\0"), 2, "ex.com"},
    {"only ASCII letters are lowered", "\xC4\xDC", 0, MXS_NAME_OK, WIRE("\2\xC4\xDC\0"), 1,
     "\\196\\220"},
    {"an underscore", "_dmarc.ex.com", 0, MXS_NAME_OK, WIRE("\6_dmarc\2ex\3com\0"), 3, NULL},
    {"an escaped dot", "a\\.b.c", 0, MXS_NAME_OK, WIRE("\3a.b\1c\0"), 2, NULL},
    {"an escaped backslash", "a\\\\.c", 0, MXS_NAME_OK, WIRE("\2a\\\1c\0"), 2, NULL},
    {"an escaped letter", "\\A\\b", 0, MXS_NAME_OK, WIRE("\2ab\0"), 1, "ab"},
    {"an escaped final dot", "a\\.", 0, MXS_NAME_OK, WIRE("\2a.\0"), 1, NULL},
    {"an escaped backslash and a final dot", "a\\\\.", 0, MXS_NAME_OK, WIRE("\2a\\\0"), 1, "a\\\\"},
    {"a decimal escape", "a\\046b", 0, MXS_NAME_OK, WIRE("\3a.b\0"), 1, "a\\.b"},
    {"a decimal escape is lowered", "\\065", 0, MXS_NAME_OK, WIRE("\1a\0"), 1, "a"},
    {"octet 0", "a\\000b", 0, MXS_NAME_OK, WIRE("\3a\0b\0"), 1, NULL},
    {"octet 255", "\\255", 0, MXS_NAME_OK, WIRE("\1\xFF\0"), 1, NULL},
    {"a blank", "a b", 0, MXS_NAME_OK, WIRE("\3a b\0"), 1, "a\\032b"},
    {"DEL", "\x7F", 0, MXS_NAME_OK, WIRE("\1\x7F\0"), 1, "\\127"},
    {"a tilde and a mark stay", "!~", 0, MXS_NAME_OK, WIRE("\2!~\0"), 1, NULL},
    {"a NUL in the text", "a\0b", 3, MXS_NAME_OK, WIRE("\3a\0b\0"), 1, "a\\000b"},
    {"63 octets", L63, 0, MXS_NAME_OK, WIRE("\77" L63 "\0"), 1, NULL},
    {"255 octets", N255, 0, MXS_NAME_OK, WIRE("\77" L63 "\77" L63 "\77" L63 "\75" L61 "\0"), 4,
     NULL},
    {"255 octets and a final dot", N255 ".", 0, MXS_NAME_OK,
     WIRE("\77" L63 "\77" L63 "\77" L63 "\75" L61 "\0"), 4, N255},
    {"nothing", "", 0, MXS_NAME_EMPTY_LABEL, NULL, 0, 0, NULL},
    {"two dots", "a..b", 0, MXS_NAME_EMPTY_LABEL, NULL, 0, 0, NULL},
    {"only dots", "..", 0, MXS_NAME_EMPTY_LABEL, NULL, 0, 0, NULL},
    {"a leading dot", ".a", 0, MXS_NAME_EMPTY_LABEL, NULL, 0, 0, NULL},
    {"two final dots", "a..", 0, MXS_NAME_EMPTY_LABEL, NULL, 0, 0, NULL},
    {"64 octets", L64, 0, MXS_NAME_LABEL_TOO_LONG, NULL, 0, 0, NULL},
    {"64 octets in the middle", "a." L64 ".b", 0, MXS_NAME_LABEL_TOO_LONG, NULL, 0, 0, NULL},
    {"256 octets", N256, 0, MXS_NAME_TOO_LONG, NULL, 0, 0, NULL},
    {"256 octets by one more label", N255 ".a", 0, MXS_NAME_TOO_LONG, NULL, 0, 0, NULL},
    {"a backslash at the end", "a\\", 0, MXS_NAME_BAD_ESCAPE, NULL, 0, 0, NULL},
    {"one digit", "a\\1", 0, MXS_NAME_BAD_ESCAPE, NULL, 0, 0, NULL},
    {"two digits", "a\\12", 0, MXS_NAME_BAD_ESCAPE, NULL, 0, 0, NULL},
    {"two digits and a letter", "a\\12b", 0, MXS_NAME_BAD_ESCAPE, NULL, 0, 0, NULL},
    {"256", "a\\256", 0, MXS_NAME_BAD_ESCAPE, NULL, 0, 0, NULL},
};

static void assert_wire(struct mxs_name name, const struct row *row)
{
    if (row->status != MXS_NAME_OK) {
        assert_null(name.wire);
        assert_int_equal(name.len, 0);
        assert_int_equal(name.labels, 0);
        return;
    }
    assert_int_equal(name.len, row->wire_len);
    assert_memory_equal(name.wire, row->wire, row->wire_len);
    assert_int_equal(name.labels, row->labels);
}

static void reads_as_the_row_says(void **state)
{
    const struct row *row = *state;
    size_t len = row->text_len > 0 ? row->text_len : strlen(row->text);
    mxs_slice text = exact_copy(row->text, len);
    struct mxs_arena arena;
    struct mxs_name name, again;

    mxs_arena_init(&arena);
    assert_int_equal(mxs_name_parse(&arena, text, &name), row->status);
    assert_wire(name, row);
    if (row->status == MXS_NAME_OK) {
        mxs_slice written = mxs_name_text(&arena, name);
        assert_slice_equal(written, row->written != NULL ? row->written : row->text);
        assert_int_equal(mxs_name_parse(&arena, written, &again), MXS_NAME_OK);
        assert_true(mxs_name_equal(name, again));
        assert_int_equal(mxs_name_hash(name, 7), mxs_name_hash(again, 7));
        again = mxs_name_copy(&arena, name);
        assert_wire(again, row);
        assert_ptr_not_equal(again.wire, name.wire);
    }
    mxs_arena_clear(&arena);
    free((char *)text.ptr);
}

/* Every octet: written, it reads back; the text is printable ASCII. */
static void writes_every_octet_so_that_it_reads_back(void **state)
{
    (void)state;
    for (unsigned octet = 0; octet <= UINT8_MAX; octet++) {
        uint8_t wire[3] = {1, (uint8_t)octet, 0};
        struct mxs_arena arena;
        struct mxs_name name, again;
        mxs_arena_init(&arena);
        assert_int_equal(mxs_name_from_wire(&arena, wire, sizeof wire, &name), MXS_NAME_OK);
        mxs_slice text = mxs_name_text(&arena, name);
        for (size_t i = 0; i < text.len; i++)
            assert_true(text.ptr[i] > 0x20 && text.ptr[i] < 0x7F);
        assert_int_equal(mxs_name_parse(&arena, text, &again), MXS_NAME_OK);
        assert_true(mxs_name_equal(name, again));
        mxs_arena_clear(&arena);
    }
}

static void reads_a_backslash_as_it_is(void **state)
{
    static const struct row plain[] = {
        {"", "a\\.b", 0, MXS_NAME_OK, WIRE("\2a\\\1b\0"), 2, NULL},
        {"", "a\\", 0, MXS_NAME_OK, WIRE("\2a\\\0"), 1, NULL},
        {"", "\\256", 0, MXS_NAME_OK, WIRE("\4\\256\0"), 1, NULL},
        {"", "a\\.", 0, MXS_NAME_OK, WIRE("\2a\\\0"), 1, NULL},
    };
    struct mxs_arena arena;
    struct mxs_name name;

    (void)state;
    mxs_arena_init(&arena);
    for (size_t i = 0; i < COUNT(plain); i++) {
        mxs_slice text = exact_copy(plain[i].text, strlen(plain[i].text));
        assert_int_equal(mxs_name_parse_plain(&arena, text, &name), plain[i].status);
        assert_wire(name, &plain[i]);
        free((char *)text.ptr);
    }
    mxs_arena_clear(&arena);
}

/* Not one whole valid name, RFC 1035 section 3.1. */
static struct wire_row {
    const char *label, *wire;
    size_t len;
    bool valid;
} wire_rows[] = {
    {"the root", WIRE("\0"), true},
    {"two labels", WIRE("\2EX\3com\0"), true},
    {"nothing", "", 0, false},
    {"no root label", WIRE("\2ex"), false},
    {"a label without its end", WIRE("\3ex"), false},
    {"a label that takes the root label", WIRE("\3ex\0"), false},
    {"an octet after the root label", WIRE("\2ex\0\0"), false},
    {"a pointer", WIRE("\2ex\xC0\0"), false},
    {"an extended label", WIRE("\x41\1\0"), false},
    {"a label of 64", WIRE("\x40" L64 "\0"), false},
    {"255 octets", WIRE("\77" L63 "\77" L63 "\77" L63 "\75" L61 "\0"), true},
    {"256 octets", WIRE("\77" L63 "\77" L63 "\77" L63 "\76" L62 "\0"), false},
};

static void takes_a_wire_form(void **state)
{
    const struct wire_row *row = *state;
    mxs_slice wire = exact_copy(row->wire, row->len);
    struct mxs_arena arena;
    struct mxs_name name;
    enum mxs_name_status want = row->valid ? MXS_NAME_OK : MXS_NAME_TOO_LONG;

    mxs_arena_init(&arena);
    assert_int_equal(mxs_name_from_wire(&arena, (const uint8_t *)wire.ptr, wire.len, &name), want);
    assert_int_equal(name.wire != NULL, row->valid);
    assert_int_equal(name.len, row->valid ? row->len : 0);
    for (unsigned i = 0; row->valid && i < name.len; i++)
        assert_false(name.wire[i] >= 'A' && name.wire[i] <= 'Z');
    mxs_arena_clear(&arena);
    free((char *)wire.ptr);
}

static struct mxs_name parse(struct mxs_arena *arena, const char *text)
{
    struct mxs_name name;

    assert_int_equal(mxs_name_parse(arena, mxs_slice_of(text), &name), MXS_NAME_OK);
    return name;
}

/* "_dmarc" adds 7 octets: a name of 248 has room for it, one of 249 has not. */
static void prepends_until_it_is_too_long(void **state)
{
    static const struct {
        const char *prefix, *name;
        enum mxs_name_status status;
        const char *want;
    } table[] = {
        {"_dmarc", "ex.com", MXS_NAME_OK, "_dmarc.ex.com"},
        {"_smtp._tls", "ex.com", MXS_NAME_OK, "_smtp._tls.ex.com"},
        {"_DMARC", ".", MXS_NAME_OK, "_dmarc"},
        {"a\\.b", "ex.com", MXS_NAME_OK, "a\\.b.ex.com"},
        /* 64 + 64 + 64 + 55 + 1 = 248 octets; + 7 = 255 */
        {"_dmarc", L63 "." L63 "." L63 "." L50 "aaaa", MXS_NAME_OK,
         "_dmarc." L63 "." L63 "." L63 "." L50 "aaaa"},
        {"_dmarc", L63 "." L63 "." L63 "." L50 "aaaaa", MXS_NAME_TOO_LONG, NULL},
        {"_dmarc", N255, MXS_NAME_TOO_LONG, NULL},
        {"", "ex.com", MXS_NAME_EMPTY_LABEL, NULL},
        {"a..b", "ex.com", MXS_NAME_EMPTY_LABEL, NULL},
        {L64, "ex.com", MXS_NAME_LABEL_TOO_LONG, NULL},
        {"\\1", "ex.com", MXS_NAME_BAD_ESCAPE, NULL},
    };
    struct mxs_arena arena;
    struct mxs_name result;

    (void)state;
    mxs_arena_init(&arena);
    for (size_t i = 0; i < COUNT(table); i++) {
        struct mxs_name name = parse(&arena, table[i].name);
        mxs_slice prefix = exact_copy(table[i].prefix, strlen(table[i].prefix));
        assert_int_equal(mxs_name_prepend(&arena, prefix, name, &result), table[i].status);
        if (table[i].status == MXS_NAME_OK)
            assert_slice_equal(mxs_name_text(&arena, result), table[i].want);
        else
            assert_null(result.wire);
        free((char *)prefix.ptr);
    }
    mxs_arena_clear(&arena);
}

static void knows_its_ancestors_and_labels(void **state)
{
    struct mxs_arena arena;
    struct mxs_name name;

    (void)state;
    mxs_arena_init(&arena);
    name = parse(&arena, "a.bc.def");
    assert_slice_equal(mxs_name_text(&arena, mxs_name_ancestor(name, 0)), "a.bc.def");
    assert_slice_equal(mxs_name_text(&arena, mxs_name_ancestor(name, 1)), "bc.def");
    assert_int_equal(mxs_name_ancestor(name, 1).labels, 2);
    assert_true(mxs_name_is_root(mxs_name_ancestor(name, 3)));
    assert_true(mxs_name_is_root(mxs_name_ancestor(name, 4)));
    assert_true(mxs_name_is_root(mxs_name_root));
    assert_false(mxs_name_is_root(name));
    assert_slice_equal(mxs_name_label(name, 0), "a");
    assert_slice_equal(mxs_name_label(name, 2), "def");
    assert_int_equal(mxs_name_label(name, 3).len, 0);
    assert_int_equal(mxs_name_label(mxs_name_root, 0).len, 0);
    mxs_arena_clear(&arena);
}

static void compares(void **state)
{
    static const struct {
        const char *name, *other;
        bool below; /* `name` is at or below `other` */
        int order;  /* by labels from the left */
    } table[] = {
        {"a.com", "a.com", true, 0},       {"a.com", "A.COM", true, 0},
        {"b.a.com", "a.com", true, 1},     {"a.com", "b.a.com", false, -1},
        {"ba.com", "a.com", false, 1},     {"a.com", ".", true, 1},
        {".", "a.com", false, -1},         {".", ".", true, 0},
        {"a.com", "a.com.net", false, -1}, {"a.com", "com", true, -1},
        {"a\\.com", "com", false, -1},     {"a.net", "a.com", false, 1},
        {"xcom", "com", false, 1},         {"a.b", "aa.b", false, -1},
        {"\\255.b", "a.b", false, 1},
    };
    struct mxs_arena arena;

    (void)state;
    mxs_arena_init(&arena);
    for (size_t i = 0; i < COUNT(table); i++) {
        struct mxs_name a = parse(&arena, table[i].name), b = parse(&arena, table[i].other);
        int order = mxs_name_compare(a, b), back = mxs_name_compare(b, a);
        assert_int_equal(mxs_name_is_at_or_below(a, b), table[i].below);
        assert_int_equal((order > 0) - (order < 0), table[i].order);
        assert_int_equal((back > 0) - (back < 0), -table[i].order);
        assert_int_equal(mxs_name_equal(a, b), table[i].order == 0);
    }
    mxs_arena_clear(&arena);
}

/* RFC 1123 section 2.1, RFC 5321 section 2.3.5, as name.h words it. */
static void knows_a_host_name(void **state)
{
    static const struct {
        const char *name;
        bool hostname;
    } table[] = {
        {"mx.ex.com", true},
        {"3com.com", true},
        {"a.b", true},
        {"x--y.com", true},
        {"1.2.3.4", false},
        {"1.2.3.4a", true},
        {"com", false},
        {".", false},
        {"a_b.com", false},
        {"_x.com", false},
        {"-a.com", false},
        {"a-.com", false},
        {"a.-com", false},
        {"a.com-", false},
        {"-.com", false},
        {"a b.com", false},
        {"a\\.b.com", false},
        {"a.\\000", false},
        {"xn--bcher-kva.de", true},
        {"\\252.de", false},
        {"ex.1", false},
        {"ex.1a", true},
        {"*.ex.com", false},
        {"1.ex.com", true},
    };
    struct mxs_arena arena;

    (void)state;
    mxs_arena_init(&arena);
    for (size_t i = 0; i < COUNT(table); i++)
        if (mxs_name_is_hostname(parse(&arena, table[i].name)) != table[i].hostname)
            fail_msg("%s", table[i].name);
    mxs_arena_clear(&arena);
}

/* 127 labels of one octet: 127 * 2 + 1 = 255. */
static void holds_127_labels(void **state)
{
    char text[256];
    struct mxs_arena arena;
    struct mxs_name name;

    (void)state;
    mxs_arena_init(&arena);
    for (size_t i = 0; i < 128; i++) {
        text[2 * i] = 'a';
        text[2 * i + 1] = '.';
    }
    assert_int_equal(mxs_name_parse(&arena, (mxs_slice){text, 254}, &name), MXS_NAME_OK);
    assert_int_equal(name.labels, MXS_LABELS_MAX);
    assert_int_equal(name.len, MXS_NAME_MAX);
    assert_int_equal(mxs_name_parse(&arena, (mxs_slice){text, 256}, &name), MXS_NAME_TOO_LONG);
    mxs_arena_clear(&arena);
}

int main(void)
{
    static const struct CMUnitTest extra[] = {
        cmocka_unit_test(writes_every_octet_so_that_it_reads_back),
        cmocka_unit_test(reads_a_backslash_as_it_is),
        cmocka_unit_test(prepends_until_it_is_too_long),
        cmocka_unit_test(knows_its_ancestors_and_labels),
        cmocka_unit_test(compares),
        cmocka_unit_test(knows_a_host_name),
        cmocka_unit_test(holds_127_labels),
    };
    struct CMUnitTest tests[COUNT(rows) + COUNT(wire_rows) + COUNT(extra)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] =
            (struct CMUnitTest){rows[i].label, reads_as_the_row_says, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < COUNT(wire_rows); i++)
        tests[count++] =
            (struct CMUnitTest){wire_rows[i].label, takes_a_wire_form, NULL, NULL, &wire_rows[i]};
    for (size_t i = 0; i < COUNT(extra); i++)
        tests[count++] = extra[i];
    return cmocka_run_group_tests_name("name", tests, NULL, NULL);
}
