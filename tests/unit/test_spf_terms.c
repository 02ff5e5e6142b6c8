/* What an SPF term says: RFC 7208 sections 4.6.1, 5, 6, 7 and 12. Wants by hand. */
#include "spf_parsed.h"

#include <mxsweep/buffer.h>

#define S MXS_SPF_MACRO_S
#define L MXS_SPF_MACRO_L
#define O MXS_SPF_MACRO_O
#define D MXS_SPF_MACRO_D
#define I MXS_SPF_MACRO_I
#define P MXS_SPF_MACRO_P
#define H MXS_SPF_MACRO_H
#define V MXS_SPF_MACRO_V

static struct row {
    const char *text;
    enum mxs_spf_kind kind;
    enum mxs_spf_qualifier qualifier;
    const char *name, *domain; /* NULL: none */
    unsigned macros;
    uint8_t prefix4, prefix6;
    const char *address; /* NULL: none */
} rows[] = {
    {"all", MXS_SPF_ALL, MXS_SPF_PASS, "all", NULL, 0, 32, 128, NULL},
    {"+all", MXS_SPF_ALL, MXS_SPF_PASS, "all", NULL, 0, 32, 128, NULL},
    {"-ALL", MXS_SPF_ALL, MXS_SPF_FAIL, "ALL", NULL, 0, 32, 128, NULL},
    {"~all", MXS_SPF_ALL, MXS_SPF_SOFTFAIL, "all", NULL, 0, 32, 128, NULL},
    {"?aLl", MXS_SPF_ALL, MXS_SPF_NEUTRAL, "aLl", NULL, 0, 32, 128, NULL},
    {"include:a.test", MXS_SPF_INCLUDE, MXS_SPF_PASS, "include", "a.test", 0, 32, 128, NULL},
    {"?Include:_spf.A.test", MXS_SPF_INCLUDE, MXS_SPF_NEUTRAL, "Include", "_spf.A.test", 0, 32, 128,
     NULL},
    {"include:a.ex.test.", MXS_SPF_INCLUDE, MXS_SPF_PASS, "include", "a.ex.test.", 0, 32, 128,
     NULL}, /* S49 */
    {"a", MXS_SPF_A, MXS_SPF_PASS, "a", NULL, 0, 32, 128, NULL},
    {"-A", MXS_SPF_A, MXS_SPF_FAIL, "A", NULL, 0, 32, 128, NULL},
    {"a/0", MXS_SPF_A, MXS_SPF_PASS, "a", NULL, 0, 0, 128, NULL},
    {"a/24", MXS_SPF_A, MXS_SPF_PASS, "a", NULL, 0, 24, 128, NULL},
    {"a//0", MXS_SPF_A, MXS_SPF_PASS, "a", NULL, 0, 32, 0, NULL},
    {"a//128", MXS_SPF_A, MXS_SPF_PASS, "a", NULL, 0, 32, 128, NULL},
    {"a/24//64", MXS_SPF_A, MXS_SPF_PASS, "a", NULL, 0, 24, 64, NULL},
    {"a/32//9", MXS_SPF_A, MXS_SPF_PASS, "a", NULL, 0, 32, 9, NULL},
    {"a:b.test/24//64", MXS_SPF_A, MXS_SPF_PASS, "a", "b.test", 0, 24, 64, NULL},
    {"a:b.test.//64", MXS_SPF_A, MXS_SPF_PASS, "a", "b.test.", 0, 32, 64, NULL},
    {"a:foo:bar/baz.test", MXS_SPF_A, MXS_SPF_PASS, "a", "foo:bar/baz.test", 0, 32, 128, NULL},
    {"a:foo/24.test/24", MXS_SPF_A, MXS_SPF_PASS, "a", "foo/24.test", 0, 24, 128, NULL},
    {"a:=b.test", MXS_SPF_A, MXS_SPF_PASS, "a", "=b.test", 0, 32, 128, NULL},
    {"a:.test", MXS_SPF_A, MXS_SPF_PASS, "a", ".test", 0, 32, 128, NULL},
    {"a:b..c.test", MXS_SPF_A, MXS_SPF_PASS, "a", "b..c.test", 0, 32, 128, NULL},
    {"a:b.1-2", MXS_SPF_A, MXS_SPF_PASS, "a", "b.1-2", 0, 32, 128, NULL},
    {"a:b.a--b", MXS_SPF_A, MXS_SPF_PASS, "a", "b.a--b", 0, 32, 128, NULL},
    {"a:b.1a", MXS_SPF_A, MXS_SPF_PASS, "a", "b.1a", 0, 32, 128, NULL},
    {"a:b.xn--zckzah", MXS_SPF_A, MXS_SPF_PASS, "a", "b.xn--zckzah", 0, 32, 128, NULL},
    {"a:!\"#$&'()*+,;<=>?@[]^`{|}~.test", MXS_SPF_A, MXS_SPF_PASS, "a",
     "!\"#$&'()*+,;<=>?@[]^`{|}~.test", 0, 32, 128, NULL},
    {"a:%{d}", MXS_SPF_A, MXS_SPF_PASS, "a", "%{d}", D, 32, 128, NULL},
    {"a:%{d}/24", MXS_SPF_A, MXS_SPF_PASS, "a", "%{d}", D, 24, 128, NULL},
    {"a:foo/%{d/}/24", MXS_SPF_A, MXS_SPF_PASS, "a", "foo/%{d/}", D, 24, 128, NULL},
    {"a:%%", MXS_SPF_A, MXS_SPF_PASS, "a", "%%", 0, 32, 128, NULL},
    {"a:b%_%-", MXS_SPF_A, MXS_SPF_PASS, "a", "b%_%-", 0, 32, 128, NULL},
    {"a:b%%c.test", MXS_SPF_A, MXS_SPF_PASS, "a", "b%%c.test", 0, 32, 128, NULL},
    {"mx", MXS_SPF_MX, MXS_SPF_PASS, "mx", NULL, 0, 32, 128, NULL},
    {"~MX:b.test/8", MXS_SPF_MX, MXS_SPF_SOFTFAIL, "MX", "b.test", 0, 8, 128, NULL},
    {"mx/24//64", MXS_SPF_MX, MXS_SPF_PASS, "mx", NULL, 0, 24, 64, NULL},
    {"ptr", MXS_SPF_PTR, MXS_SPF_PASS, "ptr", NULL, 0, 32, 128, NULL},
    {"ptr:b.test", MXS_SPF_PTR, MXS_SPF_PASS, "ptr", "b.test", 0, 32, 128, NULL},
    {"ip4:0.0.0.0/0", MXS_SPF_IP4, MXS_SPF_PASS, "ip4", NULL, 0, 0, 128, "0.0.0.0"},
    {"ip4:255.249.99.1/9", MXS_SPF_IP4, MXS_SPF_PASS, "ip4", NULL, 0, 9, 128, "255.249.99.1"},
    {"IP4:192.0.2.1", MXS_SPF_IP4, MXS_SPF_PASS, "IP4", NULL, 0, 32, 128, "192.0.2.1"}, /* S08 */
    {"-ip4:192.0.2.0/32", MXS_SPF_IP4, MXS_SPF_FAIL, "ip4", NULL, 0, 32, 128, "192.0.2.0"},
    {"ip6:::/0", MXS_SPF_IP6, MXS_SPF_PASS, "ip6", NULL, 0, 32, 0, "::"},
    {"ip6:2001:DB8::/32", MXS_SPF_IP6, MXS_SPF_PASS, "ip6", NULL, 0, 32, 32, "2001:db8::"},
    {"ip6:2001:0db8:0:0::1/128", MXS_SPF_IP6, MXS_SPF_PASS, "ip6", NULL, 0, 32, 128, "2001:db8::1"},
    {"ip6:1:2:3:4:5:6:7::", MXS_SPF_IP6, MXS_SPF_PASS, "ip6", NULL, 0, 32, 128, "1:2:3:4:5:6:7:0"},
    {"ip6:::ffff:192.0.2.1/96", MXS_SPF_IP6, MXS_SPF_PASS, "ip6", NULL, 0, 32, 96,
     "::ffff:192.0.2.1"},
    {"ip6:ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/9", MXS_SPF_IP6, MXS_SPF_PASS, "ip6", NULL,
     0, 32, 9, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"exists:%{ir}.%{v}.l.test", MXS_SPF_EXISTS, MXS_SPF_PASS, "exists", "%{ir}.%{v}.l.test", I | V,
     32, 128, NULL},
    {"-exists:%{s}%{l}%{o}%{d}%{i}%{p}%{v}%{h}", MXS_SPF_EXISTS, MXS_SPF_FAIL, "exists",
     "%{s}%{l}%{o}%{d}%{i}%{p}%{v}%{h}", S | L | O | D | I | P | V | H, 32, 128, NULL},
    {"exists:%{S}%{L}%{O}%{D}%{I}%{P}%{V}%{H}", MXS_SPF_EXISTS, MXS_SPF_PASS, "exists",
     "%{S}%{L}%{O}%{D}%{I}%{P}%{V}%{H}", S | L | O | D | I | P | V | H, 32, 128, NULL},
    {"exists:%{l1r.-+,/_=}.x.test", MXS_SPF_EXISTS, MXS_SPF_PASS, "exists", "%{l1r.-+,/_=}.x.test",
     L, 32, 128, NULL},
    {"exists:%{d2}.%{d10R}.%{o-}.x.test", MXS_SPF_EXISTS, MXS_SPF_PASS, "exists",
     "%{d2}.%{d10R}.%{o-}.x.test", D | O, 32, 128, NULL},
    {"exists:%{d01}.%{d99999999999999999999}", MXS_SPF_EXISTS, MXS_SPF_PASS, "exists",
     "%{d01}.%{d99999999999999999999}", D, 32, 128, NULL},
    {"redirect=a.test", MXS_SPF_REDIRECT, MXS_SPF_PASS, "redirect", "a.test", 0, 32, 128, NULL},
    {"REDIRECT=%{d}", MXS_SPF_REDIRECT, MXS_SPF_PASS, "REDIRECT", "%{d}", D, 32, 128, NULL},
    {"exp=e.%{d}.x-%{i}.test", MXS_SPF_EXP, MXS_SPF_PASS, "exp", "e.%{d}.x-%{i}.test", D | I, 32,
     128, NULL},
    {"foo=", MXS_SPF_OTHER_MODIFIER, MXS_SPF_PASS, "foo", "", 0, 32, 128, NULL},
    {"foo==:/,%{i}", MXS_SPF_OTHER_MODIFIER, MXS_SPF_PASS, "foo", "=:/,%{i}", I, 32, 128, NULL},
    {"moo.cow-far_out2=man:dog/cat", MXS_SPF_OTHER_MODIFIER, MXS_SPF_PASS, "moo.cow-far_out2",
     "man:dog/cat", 0, 32, 128, NULL},
    {"include=a.test", MXS_SPF_OTHER_MODIFIER, MXS_SPF_PASS, "include", "a.test", 0, 32, 128, NULL},
    {"v=spf1", MXS_SPF_OTHER_MODIFIER, MXS_SPF_PASS, "v", "spf1", 0, 32, 128, NULL},
    {"default=+", MXS_SPF_OTHER_MODIFIER, MXS_SPF_PASS, "default", "+", 0, 32, 128, NULL},
};

static void check_address(const struct mxs_address *address, const char *want)
{
    struct mxs_buffer text;

    if (want == NULL) {
        assert_int_equal(address->len, 0);
        return;
    }
    mxs_buffer_init(&text);
    mxs_address_write(address, &text);
    assert_slice_equal(mxs_buffer_slice(&text), want);
    mxs_buffer_clear(&text);
}

static void reads_the_term(void **state)
{
    const struct row *row = *state;
    struct mxs_buffer text;
    struct parsed parsed;
    const struct mxs_spf_term *term;

    mxs_buffer_init(&text);
    mxs_buffer_append(&text, MXS_SLICE("V=Spf1   "));
    mxs_buffer_append(&text, mxs_slice_of(row->text));
    parse(&parsed, text.ptr, text.len, NULL, 0);
    assert_int_equal(parsed.record->defect_count, 0);
    assert_int_equal(parsed.record->term_count, 1);
    term = &parsed.record->terms[0];
    assert_slice_equal(term->text, row->text);
    assert_int_equal(term->offset, 9);
    assert_int_equal(term->kind, row->kind);
    assert_int_equal(term->qualifier, row->qualifier);
    assert_slice_equal(term->name, row->name);
    assert_int_equal(term->domain.ptr != NULL, row->domain != NULL);
    assert_slice_equal(term->domain, row->domain != NULL ? row->domain : "");
    assert_int_equal(term->macros, row->macros);
    assert_int_equal(term->prefix4, row->prefix4);
    assert_int_equal(term->prefix6, row->prefix6);
    check_address(&term->address, row->address);
    release(&parsed);
    mxs_buffer_clear(&text);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(rows)];

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].text, reads_the_term, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("spf_terms", tests, NULL, NULL);
}
