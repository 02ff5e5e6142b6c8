/* What is wrong with an SPF term: RFC 7208 section 12, rules section 6.c row 10. Wants by hand. */
#include "spf_parsed.h"

#include <mxsweep/buffer.h>

#define TEXT(literal) literal, sizeof(literal) - 1

/* `at` is the byte of the term that shows what is wrong. */
static struct row {
    const char *term;
    size_t len;
    enum mxs_spf_reason reason;
    size_t at;
} rows[] = {
    /* rules section 6.f S34, in its order */
    {TEXT("ip4:192.0.2.300"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:192.0.2.0/33"), MXS_SPF_BAD_CIDR, 13},
    {TEXT("ip4:192.0.2"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:192.0.2.0/024"), MXS_SPF_BAD_CIDR, 13},
    {TEXT("ip4:192.0.2.1:25"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:"), MXS_SPF_EMPTY_ARG, 3},
    {TEXT("ip4"), MXS_SPF_MISSING_ARG, 0},
    {TEXT("ip6:2001:db8::/129"), MXS_SPF_BAD_CIDR, 14},
    {TEXT("ip6:192.0.2.1"), MXS_SPF_BAD_IP6, 4},
    {TEXT("a:192.0.2.1"), MXS_SPF_IP_IN_DOMAIN_SPEC, 2},
    {TEXT("a:localhost"), MXS_SPF_SINGLE_LABEL, 2},
    {TEXT("include:_s"), MXS_SPF_SINGLE_LABEL, 8},
    {TEXT("a/33"), MXS_SPF_BAD_CIDR, 1},
    {TEXT("a//129"), MXS_SPF_BAD_CIDR, 1},
    {TEXT("a/24/64"), MXS_SPF_BAD_CIDR, 4},
    {TEXT("all."), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("-all:x"), MXS_SPF_ARG_NOT_ALLOWED, 4},
    {TEXT("redirect:a.ex.test"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("include"), MXS_SPF_MISSING_ARG, 0},
    {TEXT("exists"), MXS_SPF_MISSING_ARG, 0},
    {TEXT("ptr/24"), MXS_SPF_ARG_NOT_ALLOWED, 3},
    {TEXT("ip4:192.0.2.1,"), MXS_SPF_BAD_IP4, 4},
    {TEXT("192.0.2.1"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("ip:192.0.2.1"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("a:"), MXS_SPF_EMPTY_ARG, 1},
    {TEXT("mx:"), MXS_SPF_EMPTY_ARG, 2},
    {TEXT("=x"), MXS_SPF_BAD_MODIFIER_NAME, 0},
    {TEXT("1up=x"), MXS_SPF_BAD_MODIFIER_NAME, 0},
    {TEXT("include:%{x}.ex.test"), MXS_SPF_BAD_MACRO, 8},
    {TEXT("exists:%(ir).ex.test"), MXS_SPF_BAD_MACRO, 7},
    {TEXT("exists:a%"), MXS_SPF_BAD_MACRO, 8},
    {TEXT("foo=%q"), MXS_SPF_BAD_MACRO, 4},
    {TEXT("exp="), MXS_SPF_EMPTY_ARG, 3},
    {TEXT("redirect="), MXS_SPF_EMPTY_ARG, 8},
    {TEXT("exp=-all"), MXS_SPF_SINGLE_LABEL, 4},
    /* S16, S48, S58, S60, S67 */
    {TEXT("ipv4:192.0.2.1"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("\xE2\x80\x93"
          "all"),
     MXS_SPF_NON_ASCII, 0},
    {TEXT("-"), MXS_SPF_STRAY_QUALIFIER, 0},
    {TEXT("mx\t-all"), MXS_SPF_CONTROL_CHAR, 2},
    {TEXT("include:b\xC3\xBC"
          "cher.test"),
     MXS_SPF_NON_ASCII, 9},
    /* bytes: 0x21 to 0x7E only */
    {TEXT("a:b.test\0"), MXS_SPF_CONTROL_CHAR, 8},
    {TEXT("\x01"), MXS_SPF_CONTROL_CHAR, 0},
    {TEXT("mx\x1F"), MXS_SPF_CONTROL_CHAR, 2},
    {TEXT("mx\x7F"), MXS_SPF_CONTROL_CHAR, 2},
    {TEXT("mx\r"), MXS_SPF_CONTROL_CHAR, 2},
    {TEXT("mx\n-all"), MXS_SPF_CONTROL_CHAR, 2},
    {TEXT("mx\xC2\xA0-all"), MXS_SPF_NON_ASCII, 2},
    {TEXT("\x80"), MXS_SPF_NON_ASCII, 0},
    {TEXT("mx\xFF"), MXS_SPF_NON_ASCII, 2},
    {TEXT("foo=\xFF"), MXS_SPF_NON_ASCII, 4},
    {TEXT("\xFF\x01"), MXS_SPF_NON_ASCII, 0},
    {TEXT("\x01\xFF"), MXS_SPF_CONTROL_CHAR, 0},
    /* what is no mechanism */
    {TEXT("mx,"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT(";"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT(","), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("\""), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT(":"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("/24"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("-al"), MXS_SPF_UNKNOWN_MECHANISM, 1},
    {TEXT("~alll"), MXS_SPF_UNKNOWN_MECHANISM, 1},
    {TEXT("exp:a.ex.test"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("spf2.0/pra"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("moo.cow/far_out=man"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("moo.cow:far_out=man"), MXS_SPF_UNKNOWN_MECHANISM, 0},
    {TEXT("-:"), MXS_SPF_STRAY_QUALIFIER, 0},
    /* qualifiers */
    {TEXT("+"), MXS_SPF_STRAY_QUALIFIER, 0},
    {TEXT("~"), MXS_SPF_STRAY_QUALIFIER, 0},
    {TEXT("?"), MXS_SPF_STRAY_QUALIFIER, 0},
    {TEXT("--all"), MXS_SPF_STRAY_QUALIFIER, 0},
    {TEXT("+-mx"), MXS_SPF_STRAY_QUALIFIER, 0},
    {TEXT("-redirect=a.ex.test"), MXS_SPF_STRAY_QUALIFIER, 0},
    {TEXT("?exp=a.ex.test"), MXS_SPF_STRAY_QUALIFIER, 0},
    {TEXT("+foo="), MXS_SPF_STRAY_QUALIFIER, 0},
    {TEXT("+=x"), MXS_SPF_BAD_MODIFIER_NAME, 0},
    {TEXT("-1=x"), MXS_SPF_BAD_MODIFIER_NAME, 0},
    /* modifier names */
    {TEXT("="), MXS_SPF_BAD_MODIFIER_NAME, 0},
    {TEXT("_a=x"), MXS_SPF_BAD_MODIFIER_NAME, 0},
    {TEXT(".a=x"), MXS_SPF_BAD_MODIFIER_NAME, 0},
    {TEXT("a,b=x"), MXS_SPF_BAD_MODIFIER_NAME, 0},
    {TEXT("a%b=x"), MXS_SPF_BAD_MODIFIER_NAME, 0},
    /* arguments */
    {TEXT("all:"), MXS_SPF_ARG_NOT_ALLOWED, 3},
    {TEXT("all/8"), MXS_SPF_ARG_NOT_ALLOWED, 3},
    {TEXT("include:"), MXS_SPF_EMPTY_ARG, 7},
    {TEXT("include/24"), MXS_SPF_MISSING_ARG, 0},
    {TEXT("-include"), MXS_SPF_MISSING_ARG, 1},
    {TEXT("exists:"), MXS_SPF_EMPTY_ARG, 6},
    {TEXT("exists/24"), MXS_SPF_MISSING_ARG, 0},
    {TEXT("ptr:"), MXS_SPF_EMPTY_ARG, 3},
    {TEXT("ip6"), MXS_SPF_MISSING_ARG, 0},
    {TEXT("ip6:"), MXS_SPF_EMPTY_ARG, 3},
    {TEXT("ip4/24"), MXS_SPF_MISSING_ARG, 0},
    {TEXT("ip4:/24"), MXS_SPF_EMPTY_ARG, 3},
    {TEXT("a:/24"), MXS_SPF_EMPTY_ARG, 1},
    {TEXT("include:a.ex.test/24"), MXS_SPF_ARG_NOT_ALLOWED, 17},
    {TEXT("exists:a.ex.test/24"), MXS_SPF_ARG_NOT_ALLOWED, 16},
    {TEXT("ptr:a.ex.test/24"), MXS_SPF_ARG_NOT_ALLOWED, 13},
    {TEXT("redirect=a.ex.test/24"), MXS_SPF_ARG_NOT_ALLOWED, 18},
    {TEXT("include:a.ex.test/x"), MXS_SPF_BAD_DOMAIN_SPEC, 13},
    /* ip4-network: four qnum */
    {TEXT("ip4:192.0.2.01"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:192.0.2.00"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:192.0.2.256"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:192.0.2.1."), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:192.0..1"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:192.0.2.1.1"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:0xC0.0.2.1"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:3221225985"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:2001:db8::1"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:a.ex.test"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:192.0.2.0-255"), MXS_SPF_BAD_IP4, 4},
    {TEXT("ip4:%{i}"), MXS_SPF_BAD_IP4, 4},
    /* ip6-network: RFC 4291 section 2.2 */
    {TEXT("ip6::2001::1"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:2001:db8:::1"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:2001::db8::1"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:1:2:3:4:5:6:7"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:1:2:3:4:5:6:7:8:9"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:1:2:3:4:5:6:7::8"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:1:2:3:4:5:6:7:8::"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:2001:db8::10000"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:2001:db8::00001"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:2001:db8::g"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:2001:db8::1:"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6::"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:::192.0.2.01"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:::192.0.2"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:[2001:db8::1]"), MXS_SPF_BAD_IP6, 4},
    {TEXT("ip6:fe80::1%eth0"), MXS_SPF_BAD_IP6, 4},
    /* prefix lengths */
    {TEXT("ip4:192.0.2.0/"), MXS_SPF_BAD_CIDR, 13},
    {TEXT("ip4:192.0.2.0//24"), MXS_SPF_BAD_CIDR, 13},
    {TEXT("ip4:192.0.2.0/24/"), MXS_SPF_BAD_CIDR, 13},
    {TEXT("ip4:192.0.2.0/24,"), MXS_SPF_BAD_CIDR, 13},
    {TEXT("ip4:192.0.2.0/+24"), MXS_SPF_BAD_CIDR, 13},
    {TEXT("ip4:192.0.2.0/255.255.255.0"), MXS_SPF_BAD_CIDR, 13},
    {TEXT("ip4:192.0.2.0/00"), MXS_SPF_BAD_CIDR, 13},
    {TEXT("ip4:192.0.2.0/4294967320"), MXS_SPF_BAD_CIDR, 13},
    {TEXT("ip4:192.0.2.0/18446744073709551640"), MXS_SPF_BAD_CIDR, 13},
    {TEXT("ip6:2001:db8::/"), MXS_SPF_BAD_CIDR, 14},
    {TEXT("ip6:2001:db8::/064"), MXS_SPF_BAD_CIDR, 14},
    {TEXT("ip6:2001:db8:://64"), MXS_SPF_BAD_CIDR, 14},
    {TEXT("a/"), MXS_SPF_BAD_CIDR, 1},
    {TEXT("a//"), MXS_SPF_BAD_CIDR, 1},
    {TEXT("a///64"), MXS_SPF_BAD_CIDR, 1},
    {TEXT("a/24//"), MXS_SPF_BAD_CIDR, 4},
    {TEXT("a/24//064"), MXS_SPF_BAD_CIDR, 4},
    {TEXT("a/08"), MXS_SPF_BAD_CIDR, 1},
    {TEXT("a/24//64/"), MXS_SPF_BAD_CIDR, 4},
    {TEXT("a/24//64//64"), MXS_SPF_BAD_CIDR, 4},
    {TEXT("a/33//64"), MXS_SPF_BAD_CIDR, 1},
    {TEXT("mx:a.ex.test/33"), MXS_SPF_BAD_CIDR, 12},
    {TEXT("mx:a.ex.test/24,"), MXS_SPF_BAD_CIDR, 12},
    {TEXT("mx:%{d}/x"), MXS_SPF_BAD_CIDR, 7},
    {TEXT("mx/24:a.ex.test"), MXS_SPF_BAD_CIDR, 2},
    /* domain-spec: ends in a top label or in a macro */
    {TEXT("a:museum."), MXS_SPF_SINGLE_LABEL, 2},
    {TEXT("a:foo-bar"), MXS_SPF_SINGLE_LABEL, 2},
    {TEXT("a:123"), MXS_SPF_SINGLE_LABEL, 2},
    {TEXT("a:localhost/24"), MXS_SPF_SINGLE_LABEL, 2},
    {TEXT("a:."), MXS_SPF_BAD_DOMAIN_SPEC, 2},
    {TEXT("a:.."), MXS_SPF_BAD_DOMAIN_SPEC, 3},
    {TEXT("a:ex.test.."), MXS_SPF_BAD_DOMAIN_SPEC, 10},
    {TEXT("a:ex.123"), MXS_SPF_BAD_DOMAIN_SPEC, 5},
    {TEXT("a:ex.-test"), MXS_SPF_BAD_DOMAIN_SPEC, 5},
    {TEXT("a:ex.test-"), MXS_SPF_BAD_DOMAIN_SPEC, 5},
    {TEXT("a:ex._test"), MXS_SPF_BAD_DOMAIN_SPEC, 5},
    {TEXT("a:ex.test:8080"), MXS_SPF_BAD_DOMAIN_SPEC, 5},
    {TEXT("a:ex.test,"), MXS_SPF_BAD_DOMAIN_SPEC, 5},
    {TEXT("a:foo@ex.te$t"), MXS_SPF_BAD_DOMAIN_SPEC, 9},
    {TEXT("a:foo:bar"), MXS_SPF_BAD_DOMAIN_SPEC, 2},
    {TEXT("a:%{d}."), MXS_SPF_BAD_DOMAIN_SPEC, 2},
    {TEXT("a:%{d}com"), MXS_SPF_BAD_DOMAIN_SPEC, 2},
    {TEXT("a:x.%{d}com"), MXS_SPF_BAD_DOMAIN_SPEC, 4},
    {TEXT("a:%{d.}com"), MXS_SPF_BAD_DOMAIN_SPEC, 2},
    {TEXT("a:ex.t%%t"), MXS_SPF_BAD_DOMAIN_SPEC, 5},
    /* what was meant as an address */
    {TEXT("mx:192.0.2.0/24"), MXS_SPF_IP_IN_DOMAIN_SPEC, 3},
    {TEXT("include:192.0.2.1"), MXS_SPF_IP_IN_DOMAIN_SPEC, 8},
    {TEXT("a:192.0.2.1."), MXS_SPF_IP_IN_DOMAIN_SPEC, 2},
    {TEXT("a:192.0.2.300"), MXS_SPF_IP_IN_DOMAIN_SPEC, 2},
    {TEXT("a:2001:db8::1"), MXS_SPF_IP_IN_DOMAIN_SPEC, 2},
    {TEXT("a:::1/64"), MXS_SPF_IP_IN_DOMAIN_SPEC, 2},
    {TEXT("a:192.0.2"), MXS_SPF_BAD_DOMAIN_SPEC, 8},
    {TEXT("a:1.2.3.4.5"), MXS_SPF_BAD_DOMAIN_SPEC, 10},
    {TEXT("a:192.0.2.1:25"), MXS_SPF_BAD_DOMAIN_SPEC, 10},
    {TEXT("a:1..2.3"), MXS_SPF_BAD_DOMAIN_SPEC, 7},
    /* macros */
    {TEXT("a:%"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{}.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{d"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{d.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%d.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{dd}.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{d0}.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{d00r}.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{dr2}.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{drr}.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{d.r}.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{d:}.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{d;}.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{1}.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("a:%{c}.ex.test"), MXS_SPF_BAD_MACRO, 2},
    {TEXT("exp=%{r}.ex.test"), MXS_SPF_BAD_MACRO, 4},
    {TEXT("redirect=%{T}.ex.test"), MXS_SPF_BAD_MACRO, 9},
    {TEXT("foo=%{t}"), MXS_SPF_BAD_MACRO, 4},
    {TEXT("foo=a%{d}%"), MXS_SPF_BAD_MACRO, 9},
    {TEXT("a:%%%.ex.test"), MXS_SPF_BAD_MACRO, 4},
    {TEXT("a:%{d}%{x}/24"), MXS_SPF_BAD_MACRO, 6},
};

/* The term stands between two good ones; it alone is left out of the terms. */
static void says_what_is_wrong(void **state)
{
    const struct row *row = *state;
    struct mxs_buffer text;
    struct parsed parsed;
    const struct mxs_spf_defect *defect;

    mxs_buffer_init(&text);
    mxs_buffer_append(&text, MXS_SLICE("v=spf1 mx "));
    mxs_buffer_append(&text, (mxs_slice){row->term, row->len});
    mxs_buffer_append(&text, MXS_SLICE(" -all"));
    parse(&parsed, text.ptr, text.len, NULL, 0);
    assert_int_equal(parsed.record->defect_count, 1);
    defect = &parsed.record->defects[0];
    assert_string_equal(mxs_spf_reason_text(defect->reason), mxs_spf_reason_text(row->reason));
    assert_int_equal(defect->offset, 10 + row->at);
    assert_ptr_equal(defect->term.ptr, parsed.text.ptr + 10);
    assert_int_equal(defect->term.len, row->len);
    assert_int_equal(parsed.record->term_count, 2);
    assert_slice_equal(parsed.record->terms[0].text, "mx");
    assert_slice_equal(parsed.record->terms[1].text, "-all");
    release(&parsed);

    /* as the last term, the end of the block is the end of the record */
    parse(&parsed, text.ptr, text.len - 5, NULL, 0);
    assert_int_equal(parsed.record->defect_count, 1);
    assert_int_equal(parsed.record->defects[0].reason, row->reason);
    release(&parsed);
    mxs_buffer_clear(&text);
}

/* The term as it can be printed. */
static void name_row(const struct row *row, char *name, size_t size)
{
    size_t len = 0;

    name[0] = '\0';
    for (size_t i = 0; i < row->len && len + 5 < size; i++) {
        unsigned char c = (unsigned char)row->term[i];
        len += (size_t)snprintf(name + len, size - len, c > 0x20 && c < 0x7F ? "%c" : "\\x%02x", c);
    }
}

int main(void)
{
    static char names[COUNT(rows)][80];
    struct CMUnitTest tests[COUNT(rows)];

    for (size_t i = 0; i < COUNT(rows); i++) {
        name_row(&rows[i], names[i], sizeof names[i]);
        tests[i] = (struct CMUnitTest){names[i], says_what_is_wrong, NULL, NULL, &rows[i]};
    }
    return cmocka_run_group_tests_name("spf_defects", tests, NULL, NULL);
}
