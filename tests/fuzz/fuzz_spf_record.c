/*
 * An SPF record: any bytes behind "v=spf1 ", cut into character-strings at places that the first
 * bytes choose; and the same bytes as choices of a record made by the grammar.
 *
 * Held: slices lie inside the text and terms follow each other; a second reading gives the same;
 * what is not kept as a term is a defect; a record without defects has none when its terms are
 * joined again by single spaces, and each of its terms is a record of one term; a record made by
 * the grammar has no defect.
 */
#include <stdlib.h>
#include <string.h>

#include <mxsweep/buffer.h>
#include <mxsweep/spf.h>

enum { BOUNDARIES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool lies_within(mxs_slice inner, mxs_slice outer)
{
    return inner.ptr >= outer.ptr && inner.len <= outer.len &&
           (size_t)(inner.ptr - outer.ptr) <= outer.len - inner.len;
}

static void check_term(const struct mxs_spf_record *record, const struct mxs_spf_term *term)
{
    bool network = term->kind == MXS_SPF_IP4 || term->kind == MXS_SPF_IP6;

    require(term->text.len > 0 && lies_within(term->text, record->text));
    require(term->text.ptr == record->text.ptr + term->offset);
    require(lies_within(term->name, term->text) && term->name.len > 0);
    require(term->domain.ptr == NULL || lies_within(term->domain, term->text));
    require(term->address.len == (!network ? 0 : term->kind == MXS_SPF_IP4 ? 4 : 16));
    require(term->prefix4 <= 32 && term->prefix6 <= 128);
    require(term->domain.ptr != NULL || term->macros == 0);
}

static void check_record(const struct mxs_spf_record *record)
{
    size_t end = 0;

    for (unsigned i = 0; i < record->term_count; i++) {
        const struct mxs_spf_term *term = &record->terms[i];
        check_term(record, term);
        require(term->offset > end); /* a space at least */
        end = term->offset + term->text.len;
    }
    for (unsigned i = 0; i < record->defect_count; i++) {
        const struct mxs_spf_defect *defect = &record->defects[i];
        require(defect->reason < MXS_SPF_REASONS);
        require(defect->term.len > 0 && lies_within(defect->term, record->text));
        require(record->text.ptr + defect->offset >= defect->term.ptr);
        require(record->text.ptr + defect->offset < defect->term.ptr + defect->term.len);
        require(i == 0 || defect->term.ptr > record->defects[i - 1].term.ptr);
    }
    require(record->over_limit == false || record->term_count == MXS_SPF_TERMS_MAX);
}

/* Every run of bytes that are no space is a term or a defect, as far as both are kept. */
static void check_count(const struct mxs_spf_record *record)
{
    mxs_slice rest = mxs_slice_from(record->text, 6), word;
    size_t words = 0;

    while (mxs_slice_split(&rest, ' ', &word))
        words += word.len > 0;
    if (!record->over_limit && record->defect_count < MXS_SPF_DEFECTS_MAX)
        require(words == record->term_count + record->defect_count);
}

static void check_same(const struct mxs_spf_record *a, const struct mxs_spf_record *b)
{
    require(a->term_count == b->term_count && a->defect_count == b->defect_count);
    require(a->over_limit == b->over_limit);
    for (unsigned i = 0; i < a->term_count; i++) {
        const struct mxs_spf_term *x = &a->terms[i], *y = &b->terms[i];
        require(x->kind == y->kind && x->qualifier == y->qualifier && x->macros == y->macros);
        require(mxs_slice_equal(x->text, y->text) && mxs_slice_equal(x->domain, y->domain));
        require(mxs_address_compare(&x->address, &y->address) == 0);
        require(x->prefix4 == y->prefix4 && x->prefix6 == y->prefix6);
    }
    for (unsigned i = 0; i < a->defect_count; i++) {
        require(a->defects[i].reason == b->defects[i].reason);
        require(a->defects[i].offset == b->defects[i].offset);
    }
}

static const struct mxs_spf_record *parse(struct mxs_arena *arena, mxs_slice text)
{
    const struct mxs_spf_record *record = mxs_spf_parse(arena, text, NULL, 0);

    require(record != NULL);
    check_record(record);
    check_count(record);
    return record;
}

static void check_joined_again(struct mxs_arena *arena, const struct mxs_spf_record *record)
{
    struct mxs_buffer text, single;
    const struct mxs_spf_record *again;

    mxs_buffer_init(&text);
    mxs_buffer_init(&single);
    mxs_buffer_append(&text, MXS_SLICE("v=spf1"));
    for (unsigned i = 0; i < record->term_count; i++) {
        mxs_buffer_append_char(&text, ' ');
        mxs_buffer_append(&text, record->terms[i].text);
        mxs_buffer_reset(&single);
        mxs_buffer_append(&single, MXS_SLICE("v=spf1 "));
        mxs_buffer_append(&single, record->terms[i].text);
        again = parse(arena, mxs_buffer_slice(&single));
        require(again->term_count == 1 && again->terms[0].kind == record->terms[i].kind);
    }
    again = parse(arena, mxs_buffer_slice(&text));
    require(again->term_count == record->term_count);
    require(record->defect_count > 0 || again->defect_count == 0);
    mxs_buffer_clear(&text);
    mxs_buffer_clear(&single);
}

static void check_bytes(struct mxs_arena *arena, const uint8_t *data, size_t size)
{
    size_t boundaries[BOUNDARIES] = {0};
    const struct mxs_spf_record *whole, *cut;
    struct mxs_buffer text;

    mxs_buffer_init(&text);
    mxs_buffer_append(&text, MXS_SLICE("v=spf1 "));
    for (size_t i = 0; i < BOUNDARIES && i < size; i++)
        boundaries[i] = data[i] + (i > 0 ? boundaries[i - 1] : 0);
    if (size > BOUNDARIES)
        mxs_buffer_append(&text, (mxs_slice){(const char *)data + BOUNDARIES, size - BOUNDARIES});
    whole = parse(arena, mxs_buffer_slice(&text));
    check_same(whole, parse(arena, mxs_buffer_slice(&text)));
    check_joined_again(arena, whole);

    /* where strings were joined changes what a defect is called, not that it is one */
    cut = mxs_spf_parse(arena, mxs_buffer_slice(&text), boundaries, BOUNDARIES);
    require(cut != NULL);
    check_record(cut);
    require(cut->defect_count == whole->defect_count && cut->term_count == whole->term_count);
    require(!mxs_spf_is_near_miss(mxs_buffer_slice(&text)));
    (void)mxs_spf_is_near_miss((mxs_slice){(const char *)data, size});
    mxs_buffer_clear(&text);
}

/* ---- a record made by the grammar: each byte is a choice */

struct maker {
    const uint8_t *at, *end;
    struct mxs_buffer out;
    bool redirect, exp;
};

static unsigned choose(struct maker *maker, unsigned count)
{
    return maker->at == maker->end ? 0 : *maker->at++ % count;
}

static void put(struct maker *maker, const char *text)
{
    mxs_buffer_append(&maker->out, mxs_slice_of(text));
}

static void put_one_of(struct maker *maker, const char *const *texts, unsigned count)
{
    put(maker, texts[choose(maker, count)]);
}

#define ONE_OF(maker, ...)                                                                         \
    put_one_of(maker, (const char *const[]){__VA_ARGS__},                                          \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void put_macro(struct maker *maker)
{
    if (choose(maker, 4) == 0) {
        ONE_OF(maker, "%%", "%_", "%-");
        return;
    }
    put(maker, "%{");
    ONE_OF(maker, "d", "s", "l", "o", "i", "p", "h", "v", "D", "S", "L", "O", "I", "P", "H", "V");
    ONE_OF(maker, "", "1", "2", "10", "07");
    ONE_OF(maker, "", "r", "R");
    ONE_OF(maker, "", ".", "-", "+,/_=", "--");
    put(maker, "}");
}

static void put_macro_string(struct maker *maker)
{
    static const char literals[] = "!\"#$&'()*+,-./0123456789:;<=>?@AZ[\\]^_`az{|}~";
    unsigned count = choose(maker, 6);

    for (unsigned i = 0; i < count; i++) {
        if (choose(maker, 3) == 0)
            put_macro(maker);
        else
            mxs_buffer_append_char(&maker->out, literals[choose(maker, sizeof literals - 1)]);
    }
}

static void put_domain_spec(struct maker *maker)
{
    put_macro_string(maker);
    if (choose(maker, 3) == 0) {
        put_macro(maker);
        return;
    }
    ONE_OF(maker, ".test", ".x", ".1a", ".a1", ".1-1", ".xn--p1ai", ".a--b", ".TEST");
    ONE_OF(maker, "", ".");
}

static void put_prefix4(struct maker *maker)
{
    ONE_OF(maker, "", "/0", "/1", "/9", "/10", "/24", "/32");
}

static void put_prefix6(struct maker *maker, const char *slash)
{
    if (choose(maker, 2) == 0)
        return;
    put(maker, slash);
    ONE_OF(maker, "/0", "/9", "/10", "/99", "/100", "/128");
}

static void put_host(struct maker *maker)
{
    ONE_OF(maker, "a", "mx", "A", "Mx");
    if (choose(maker, 2) == 0) {
        put(maker, ":");
        put_domain_spec(maker);
    }
    put_prefix4(maker);
    put_prefix6(maker, "/");
}

static void put_ip4(struct maker *maker)
{
    ONE_OF(maker, "ip4:", "IP4:");
    for (unsigned i = 0; i < 4; i++) {
        mxs_buffer_append_number(&maker->out, choose(maker, 256));
        put(maker, i < 3 ? "." : "");
    }
    put_prefix4(maker);
}

static void put_ip6(struct maker *maker)
{
    ONE_OF(maker, "ip6:", "Ip6:");
    ONE_OF(maker, "::", "::1", "1::", "2001:db8::", "1:2:3:4:5:6:7:8", "::192.0.2.1",
           "1:2:3:4:5:6:192.0.2.1", "FFFF::ffff", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8");
    put_prefix6(maker, "");
}

static void put_target(struct maker *maker)
{
    ONE_OF(maker, "include:", "exists:", "ptr:", "EXISTS:");
    put_domain_spec(maker);
}

static void put_modifier(struct maker *maker)
{
    unsigned kind = choose(maker, 3);
    bool *taken = kind == 0 ? &maker->redirect : &maker->exp;

    if (kind == 2 || *taken) {
        ONE_OF(maker, "ra=", "x.y-z_1=", "include=", "a=", "Redirects=");
        put_macro_string(maker);
        return;
    }
    *taken = true;
    put(maker, kind == 0 ? "redirect=" : "exp=");
    put_domain_spec(maker);
}

static void put_term(struct maker *maker)
{
    static void (*const mechanisms[])(struct maker *) = {put_host, put_ip4, put_ip6, put_target};
    unsigned kind = choose(maker, 6);

    if (kind == 5) {
        put_modifier(maker);
        return;
    }
    ONE_OF(maker, "", "+", "-", "~", "?");
    if (kind == 4)
        ONE_OF(maker, "all", "ptr", "ALL");
    else
        mechanisms[kind](maker);
}

static void check_grammar(struct mxs_arena *arena, const uint8_t *data, size_t size)
{
    struct maker maker = {.at = data, .end = data + size};
    const struct mxs_spf_record *record;
    unsigned count = 0;

    mxs_buffer_init(&maker.out);
    ONE_OF(&maker, "v=spf1", "V=SPF1", "v=Spf1");
    for (; maker.at < maker.end && count < MXS_SPF_TERMS_MAX; count++) {
        ONE_OF(&maker, " ", "  ");
        put_term(&maker);
    }
    ONE_OF(&maker, "", " ", "   ");
    require(mxs_spf_is_record(mxs_buffer_slice(&maker.out)));
    record = parse(arena, mxs_buffer_slice(&maker.out));
    require(record->defect_count == 0 && record->term_count == count && !record->over_limit);
    mxs_buffer_clear(&maker.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena arena;

    mxs_arena_init(&arena);
    check_bytes(&arena, data, size);
    check_grammar(&arena, data, size);
    mxs_arena_clear(&arena);
    return 0;
}
