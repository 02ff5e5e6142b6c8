#include "unit.h"

#include <mxsweep/input.h>

/* Text of a known length, as some rows hold a NUL. */
#define TEXT(literal) ("" literal), sizeof(literal) - 1

#define A8  "aaaaaaaa"
#define A47 A8 A8 A8 A8 A8 "aaaaaaa"
#define A55 A47 A8
#define A61 A55 "aaaaaa"
#define A63 A61 "aa"
#define U8  "üüüüüüüü"
#define U32 U8 U8 U8 U8
/* Names of a length in characters, without a final dot. */
#define N192 A63 "." A63 "." A63 "."
#define N253 N192 A61

enum { LENIENT = 1 << 0, SPECIAL_USE = 1 << 1, SUFFIXES = 1 << 2 };

/*
 * Wants are by hand from section 3 of the rules, step by step; A-labels are from the table in UTS
 * 46 or from RFC 3492's algorithm in Python, not from libidn2. Findings are in the order of the
 * steps, their area left out.
 */
static struct row {
    const char *label;
    const char *text;
    size_t len;
    size_t flags;
    const char *domain; /* NULL: none */
    const char *findings;
    bool scannable;
    const char *unicode; /* NULL: none */
} rows[] = {
    /* The rules' own cases. */
    {"case and a final dot", TEXT("EX.COM."), 0, "ex.com", "", true, NULL},
    {"a special-use IDN", TEXT("BÜCHER.example"), 0, "xn--bcher-kva.example", "special_use", false,
     "bücher.example"},
    {"sharp s is kept", TEXT("faß.de"), 0, "xn--fa-hia.de", "", true, "faß.de"},
    {"Japanese", TEXT("例え。テスト"), 0, "xn--r8jz45g.xn--zckzah", "", true, "例え.テスト"},
    {"an emoji", TEXT("☕.com"), 0, NULL, "idna_error", false, NULL},
    {"the emoji as A-label", TEXT("xn--53h.com"), 0, "xn--53h.com", "idna2008_disallowed", true,
     NULL},
    {"two dots", TEXT("a..b.com"), 0, NULL, "empty_label", false, NULL},
    {"a label of 64", TEXT("a" A63 ".com"), 0, NULL, "label_too_long", false, NULL},
    {"IPv4", TEXT("192.0.2.1"), 0, NULL, "ip_literal", false, NULL},
    {"IPv6 in brackets", TEXT("[2001:db8::1]"), 0, NULL, "ip_literal", false, NULL},
    {"a mail address", TEXT("user@ex.com"), 0, NULL, "not_domain", false, NULL},
    {"a mail address, lenient", TEXT("user@ex.com"), LENIENT, "ex.com", "rewritten", true, NULL},
    {"two fields", TEXT("1,ex.com"), 0, NULL, "not_domain", false, NULL},
    {"a URL", TEXT("https://ex.com/x"), 0, NULL, "not_domain", false, NULL},
    {"a URL, lenient", TEXT("https://ex.com/x"), LENIENT, "ex.com", "rewritten", true, NULL},
    {"an inner underscore", TEXT("ex_ample.com"), 0, "ex_ample.com", "not_hostname", true, NULL},
    {"bad Punycode", TEXT("xn--a"), 0, "xn--a", "invalid_alabel single_label", true, NULL},
    {"253 characters", TEXT(N253), 0, N253, "derived_name_too_long", true, NULL},
    {"a top-level domain", TEXT("com"), 0, "com", "single_label", true, NULL},

    /* Step 1. */
    {"a byte order mark",
     TEXT("\xEF\xBB\xBF"
          "ex.com"),
     0, "ex.com", "", true, NULL},
    {"a byte order mark and blanks", TEXT("\xEF\xBB\xBF \tex.com\r\n"), 0, "ex.com", "", true,
     NULL},
    {"white space of all kinds", TEXT("\t\n\v\f\r ex.com \r\f\v\n\t"), 0, "ex.com", "", true, NULL},
    {"a byte order mark after a blank",
     TEXT(" \xEF\xBB\xBF"
          "ex.com"),
     0, "ex.com", "", true, NULL},
    {"a byte order mark alone", TEXT("\xEF\xBB\xBF"), 0, NULL, "empty_label", false, NULL},
    {"half a byte order mark",
     TEXT("\xEF\xBB"
          "ex.com"),
     0, NULL, "bad_encoding", false, NULL},
    {"nothing", TEXT(""), 0, NULL, "empty_label", false, NULL},
    {"blanks", TEXT(" \t "), 0, NULL, "empty_label", false, NULL},

    /* Step 2. */
    {"a byte that UTF-8 never has", TEXT("\xFF.com"), 0, NULL, "bad_encoding", false, NULL},
    {"Latin-1",
     TEXT("b\xFC"
          "cher.de"),
     0, NULL, "bad_encoding", false, NULL},
    {"an overlong full stop",
     TEXT("ex\xC0\xAE"
          "com"),
     0, NULL, "bad_encoding", false, NULL},
    {"a surrogate", TEXT("\xED\xA0\x80.com"), 0, NULL, "bad_encoding", false, NULL},
    {"a cut character", TEXT("ex.com\xC3"), 0, NULL, "bad_encoding", false, NULL},
    {"bad UTF-8 in an address, lenient", TEXT("\xFF@ex.com"), LENIENT, NULL, "bad_encoding", false,
     NULL},

    /* Step 3, strict. */
    {"IPv6", TEXT("2001:db8::1"), 0, NULL, "ip_literal", false, NULL},
    {"the IPv6 unspecified address", TEXT("::"), 0, NULL, "ip_literal", false, NULL},
    {"IPv6 with IPv4 inside", TEXT("::ffff:192.0.2.1"), 0, NULL, "ip_literal", false, NULL},
    {"IPv4 in brackets", TEXT("[1.2.3.4]"), 0, NULL, "ip_literal", false, NULL},
    {"anything in brackets", TEXT("[x]"), 0, NULL, "ip_literal", false, NULL},
    {"an opening bracket", TEXT("["), 0, "[", "not_hostname single_label", true, NULL},
    {"a closing bracket", TEXT("]"), 0, "]", "not_hostname single_label", true, NULL},
    {"a bracket in front only", TEXT("[a"), 0, "[a", "not_hostname single_label", true, NULL},
    {"a bracket behind only", TEXT("a]"), 0, "a]", "not_hostname single_label", true, NULL},
    {"an address block", TEXT("192.0.2.0/24"), 0, NULL, "not_domain", false, NULL},
    {"an at sign", TEXT("@"), 0, NULL, "not_domain", false, NULL},
    {"a final slash", TEXT("ex.com/"), 0, NULL, "not_domain", false, NULL},
    {"a port", TEXT("ex.com:25"), 0, NULL, "not_domain", false, NULL},
    {"a comma", TEXT("ex.com,"), 0, NULL, "not_domain", false, NULL},
    {"a blank", TEXT("a b.com"), 0, NULL, "not_domain", false, NULL},
    {"a tab", TEXT("a\tb.com"), 0, NULL, "not_domain", false, NULL},
    {"a carriage return", TEXT("a\rb.com"), 0, NULL, "not_domain", false, NULL},
    {"a comment after it", TEXT("ex.com # mine"), 0, NULL, "not_domain", false, NULL},

    /* Step 3, lenient. */
    {"lenient: a domain", TEXT("ex.com"), LENIENT, "ex.com", "", true, NULL},
    {"lenient: all parts of a URL", TEXT("HTTPS://user:pw@Ex.com:8443/a@b:c?d#e"), LENIENT,
     "ex.com", "rewritten", true, NULL},
    {"lenient: an at sign in the path", TEXT("https://ex.com/@user"), LENIENT, "ex.com",
     "rewritten", true, NULL},
    {"lenient: a query at once", TEXT("https://ex.com?x/y"), LENIENT, "ex.com", "rewritten", true,
     NULL},
    {"lenient: a fragment at once", TEXT("https://ex.com#x"), LENIENT, "ex.com", "rewritten", true,
     NULL},
    {"lenient: an empty port", TEXT("https://ex.com:/"), LENIENT, "ex.com", "rewritten", true,
     NULL},
    {"lenient: a scheme of all characters", TEXT("a1+-.://ex.com"), LENIENT, "ex.com", "rewritten",
     true, NULL},
    {"lenient: a scheme of a digit", TEXT("1x://ex.com"), LENIENT, NULL, "not_domain", false, NULL},
    {"lenient: no scheme before //", TEXT("://ex.com"), LENIENT, NULL, "not_domain", false, NULL},
    {"lenient: one slash", TEXT("http:/ex.com"), LENIENT, NULL, "not_domain", false, NULL},
    {"lenient: no scheme", TEXT("ex.com/x"), LENIENT, "ex.com", "rewritten", true, NULL},
    {"lenient: a port", TEXT("ex.com:25"), LENIENT, "ex.com", "rewritten", true, NULL},
    {"lenient: a colon", TEXT("ex.com:"), LENIENT, NULL, "not_domain", false, NULL},
    {"lenient: a port that is none", TEXT("ex.com:2a"), LENIENT, NULL, "not_domain", false, NULL},
    {"lenient: no host in a URL", TEXT("https:///x"), LENIENT, NULL, "not_domain", false, NULL},
    {"lenient: a port alone", TEXT(":25"), LENIENT, NULL, "not_domain", false, NULL},
    {"lenient: an IDN in a URL", TEXT("https://BÜCHER.de/ü"), LENIENT, "xn--bcher-kva.de",
     "rewritten", true, "bücher.de"},
    {"lenient: the last at sign", TEXT("\"a@b c\"@ex.com"), LENIENT, "ex.com", "rewritten", true,
     NULL},
    {"lenient: a slash in the local part", TEXT("a/b@ex.com"), LENIENT, "ex.com", "rewritten", true,
     NULL},
    {"lenient: mailto", TEXT("mailto:user@ex.com?subject=x"), LENIENT, "ex.com", "rewritten", true,
     NULL},
    {"lenient: nothing after the at sign", TEXT("user@"), LENIENT, NULL, "not_domain", false, NULL},
    {"lenient: two domains", TEXT("ex.com,ex.net"), LENIENT, NULL, "not_domain", false, NULL},
    {"lenient: a blank", TEXT("a b.com"), LENIENT, NULL, "not_domain", false, NULL},
    {"lenient: a blank after the at sign", TEXT("u@ex.com x"), LENIENT, NULL, "not_domain", false,
     NULL},
    {"lenient: IPv4 in a URL", TEXT("https://192.0.2.1/"), LENIENT, NULL, "rewritten ip_literal",
     false, NULL},
    {"lenient: IPv6 in a URL", TEXT("https://[2001:db8::1]:25/"), LENIENT, NULL,
     "rewritten ip_literal", false, NULL},
    {"lenient: an address literal", TEXT("user@[192.0.2.1]"), LENIENT, NULL, "rewritten ip_literal",
     false, NULL},
    {"lenient: an address block", TEXT("192.0.2.0/24"), LENIENT, NULL, "rewritten ip_literal",
     false, NULL},
    {"lenient: IPv6", TEXT("2001:db8::1"), LENIENT, NULL, "ip_literal", false, NULL},
    {"lenient: an empty label after all", TEXT("user@ex..com"), LENIENT, NULL,
     "rewritten empty_label", false, NULL},

    /* Step 4. */
    {"a final dot", TEXT("ex.com."), 0, "ex.com", "", true, NULL},
    {"two final dots", TEXT("ex.com.."), 0, NULL, "empty_label", false, NULL},
    {"a dot", TEXT("."), 0, NULL, "empty_label", false, NULL},
    {"dots", TEXT(".."), 0, NULL, "empty_label", false, NULL},
    {"a leading dot", TEXT(".ex.com"), 0, NULL, "empty_label", false, NULL},
    {"U+3002", TEXT("a。ex。com。"), 0, "a.ex.com", "", true, NULL},
    {"U+FF0E", TEXT("a．ex．com．"), 0, "a.ex.com", "", true, NULL},
    {"U+FF61", TEXT("a｡ex｡com｡"), 0, "a.ex.com", "", true, NULL},
    {"U+3002 alone", TEXT("。"), 0, NULL, "empty_label", false, NULL},
    {"a stop of each kind at the end", TEXT("ex.com。."), 0, NULL, "empty_label", false, NULL},
    {"U+3001 is no stop", TEXT("ex、com"), 0, NULL, "idna_error", false, NULL},
    {"an empty label before a bad one", TEXT("☕..com"), 0, NULL, "empty_label", false, NULL},

    /* Step 5. */
    {"full-width letters", TEXT("ＥＸ.ｃｏｍ"), 0, "ex.com", "", true, NULL},
    {"a soft hyphen", TEXT("ex\u00ADample.com"), 0, "example.com", "", true, NULL},
    {"a zero-width space", TEXT("ex\u200Bample.com"), 0, "example.com", "", true, NULL},
    {"final sigma is kept", TEXT("Βόλος.com"), 0, "xn--nxasmm1c.com", "", true, "βόλος.com"},
    {"a zero-width joiner in context", TEXT("ශ්\u200Dරී.com"), 0, "xn--10cl1a0b660p.com", "", true,
     "ශ්\u200Dරී.com"},
    {"a zero-width non-joiner in context", TEXT("نامه\u200Cای.com"), 0, "xn--mgba3gch31f060k.com",
     "", true, "نامه\u200Cای.com"},
    {"a zero-width non-joiner elsewhere", TEXT("a\u200Cb.com"), 0, NULL, "idna_error", false, NULL},
    {"a decomposed character", TEXT("bu\u0308cher.de"), 0, "xn--bcher-kva.de", "", true,
     "bücher.de"},
    {"a leading combining mark", TEXT("\u0308a.de"), 0, NULL, "idna_error", false, NULL},
    {"Latin after Hebrew", TEXT("אa.com"), 0, NULL, "idna_error", false, NULL},
    {"a hyphen at the end of an IDN", TEXT("ü-.de"), 0, NULL, "idna_error", false, NULL},
    {"an IDN that begins like an A-label", TEXT("xn--ü.de"), 0, NULL, "idna_error", false, NULL},
    {"hyphens 3 and 4 in an IDN", TEXT("ab--ü.de"), 0, NULL, "idna_error", false, NULL},
    {"hyphens 3 and 4 in ASCII", TEXT("ab--cd.com"), 0, "ab--cd.com", "", true, NULL},
    {"ASCII labels stay as they are", TEXT("_A.日本語.JP"), 0, "_a.xn--wgv71a119e.jp",
     "not_hostname", true, "_a.日本語.jp"},
    {"an underscore in an IDN", TEXT("bü_cher.de"), 0, "xn--b_cher-3ya.de", "not_hostname", true,
     "bü_cher.de"},
    {"a NUL in an IDN", TEXT("bü\0cher.de"), 0, NULL, "idna_error", false, NULL},
    {"a NUL before an IDN", TEXT("\0ü.de"), 0, NULL, "idna_error", false, NULL},
    {"an unassigned character", TEXT("\u0378.com"), 0, NULL, "idna_error", false, NULL},
    {"a good label and a bad one", TEXT("bücher.☕.com"), 0, NULL, "idna_error", false, NULL},

    /* Step 6. */
    {"a label of a soft hyphen", TEXT("a.\u00AD.com"), 0, NULL, "empty_label", false, NULL},
    {"a soft hyphen alone", TEXT("\u00AD"), 0, NULL, "empty_label", false, NULL},
    {"a soft hyphen as last label", TEXT("ex.com.\u00AD"), 0, NULL, "empty_label", false, NULL},
    {"full-width IPv4", TEXT("１９２.０.２.１"), 0, NULL, "ip_literal", false, NULL},
    {"IPv4 with ideographic stops", TEXT("192。0。2。1"), 0, NULL, "ip_literal", false, NULL},
    {"IPv4 with a final dot", TEXT("192.0.2.1."), 0, NULL, "ip_literal", false, NULL},
    {"full-width brackets", TEXT("［1.2.3.4］"), 0, NULL, "ip_literal", false, NULL},
    {"three numbers", TEXT("192.0.2"), 0, NULL, "numeric_tld", false, NULL},
    {"five numbers", TEXT("1.2.3.4.5"), 0, NULL, "numeric_tld", false, NULL},
    {"a number too large for IPv4", TEXT("192.0.2.256"), 0, NULL, "numeric_tld", false, NULL},
    {"a number alone", TEXT("123"), 0, NULL, "numeric_tld", false, NULL},
    {"a full-width number", TEXT("ex.１２３"), 0, NULL, "numeric_tld", false, NULL},
    {"a numeric label elsewhere", TEXT("123.com"), 0, "123.com", "", true, NULL},
    {"a last label with a letter", TEXT("ex.1a2"), 0, "ex.1a2", "", true, NULL},
    {"a last label with a hyphen", TEXT("ex.1-2"), 0, "ex.1-2", "", true, NULL},
    {"a full-width at sign", TEXT("user＠ex.com"), 0, NULL, "not_domain", false, NULL},
    {"a full-width at sign, lenient", TEXT("user＠ex.com"), LENIENT, NULL, "not_domain", false,
     NULL},
    {"a full-width slash", TEXT("ex.com／x"), 0, NULL, "not_domain", false, NULL},
    {"a no-break space", TEXT("ex.com\u00A0"), 0, NULL, "not_domain", false, NULL},

    /* Step 7. */
    {"an A-label", TEXT("xn--bcher-kva.de"), 0, "xn--bcher-kva.de", "", true, "bücher.de"},
    {"an A-label in capitals", TEXT("XN--FA-HIA.de"), 0, "xn--fa-hia.de", "", true, "faß.de"},
    {"an emoji in an A-label", TEXT("xn--ls8h.la"), 0, "xn--ls8h.la", "idna2008_disallowed", true,
     NULL},
    /* U+061D: unknown to the IDNA tables of libidn2 2.3.3, punctuation in later ones. */
    {"an unassigned character in an A-label", TEXT("xn--cgb.com"), 0, "xn--cgb.com",
     "idna2008_disallowed", true, NULL},
    {"a character that UTS 46 disallows", TEXT("xn--zva.com"), 0, "xn--zva.com", "invalid_alabel",
     true, NULL},
    {"no Punycode", TEXT("xn--.com"), 0, "xn--.com", "invalid_alabel not_hostname", true, NULL},
    {"Punycode of ASCII", TEXT("xn--ascii-.com"), 0, "xn--ascii-.com",
     "invalid_alabel not_hostname", true, NULL},
    {"a decomposed character in an A-label", TEXT("xn--u-ccb.com"), 0, "xn--u-ccb.com",
     "invalid_alabel", true, NULL},
    {"a mapped character in an A-label", TEXT("xn--a-ecp.ru"), 0, "xn--a-ecp.ru", "invalid_alabel",
     true, NULL},
    /* libidn2 2.3.3 itself passes these two. */
    {"a solidus behind an A-label", TEXT("xn--z1g.com"), 0, "xn--z1g.com", "invalid_alabel", true,
     NULL},
    {"a no-break space in an A-label", TEXT("xn--6a.com"), 0, "xn--6a.com", "invalid_alabel", true,
     NULL},
    {"a NUL in an A-label", TEXT("xn--fa-hia\0.de"), 0, "xn--fa-hia\\000.de",
     "invalid_alabel not_hostname", true, NULL},
    {"a finding of a kind once", TEXT("xn--a.xn--a.com"), 0, "xn--a.xn--a.com", "invalid_alabel",
     true, NULL},
    {"one finding of each kind", TEXT("xn--ls8h.xn--a.com"), 0, "xn--ls8h.xn--a.com",
     "idna2008_disallowed invalid_alabel", true, NULL},
    {"no U-label beside a bad A-label", TEXT("bücher.xn--a.com"), 0, "xn--bcher-kva.xn--a.com",
     "invalid_alabel", true, NULL},
    {"no U-label beside an emoji", TEXT("bücher.xn--ls8h.la"), 0, "xn--bcher-kva.xn--ls8h.la",
     "idna2008_disallowed", true, NULL},
    {"xn-- inside a label", TEXT("axn--a.com"), 0, "axn--a.com", "", true, NULL},
    {"xn with one hyphen", TEXT("xn-a.com"), 0, "xn-a.com", "", true, NULL},

    /* Step 8. */
    {"a label of 63", TEXT(A63 ".com"), 0, A63 ".com", "", true, NULL},
    {"a last label of 64", TEXT("ex.a" A63), 0, NULL, "label_too_long", false, NULL},
    {"an IDN of 63", TEXT(A55 "ü.de"), 0, "xn--" A55 "-8yf.de", "", true, A55 "ü.de"},
    {"an IDN of 64", TEXT("a" A55 "ü.de"), 0, NULL, "label_too_long", false, NULL},
    {"full-width, 64", TEXT(A63 "ａ.de"), 0, NULL, "label_too_long", false, NULL},
    {"an IDN over 255", TEXT(A63 A63 A63 A63 "ü.de"), 0, NULL, "label_too_long", false, NULL},
    {"an IDN over 255 characters", TEXT(U32 U32 U32 U32 U32 U32 U32 U32 ".de"), 0, NULL,
     "label_too_long", false, NULL},
    {"many characters that vanish", TEXT("a\u00AD\u00AD\u00AD\u00AD.de"), 0, "a.de", "", true,
     NULL},
    {"an A-label of 64", TEXT("xn--a" A55 "aaaa.de"), 0, NULL, "label_too_long", false, NULL},
    {"253 characters and a dot", TEXT(N253 "."), 0, N253, "derived_name_too_long", true, NULL},
    {"254 characters", TEXT(N253 "a"), 0, NULL, "name_too_long", false, NULL},
    {"254 characters and a dot", TEXT(N253 "a."), 0, NULL, "name_too_long", false, NULL},
    {"a long label in a long name", TEXT("a" A63 "." N253), 0, NULL, "label_too_long", false, NULL},
    {"room for all derived names", TEXT(N192 A47), 0, N192 A47, "", true, NULL},
    {"one character too many for one", TEXT(N192 A47 "a"), 0, N192 A47 "a", "derived_name_too_long",
     true, NULL},

    /* Step 9. */
    {"a leading underscore", TEXT("_dmarc.example.com"), 0, "_dmarc.example.com", "not_hostname",
     true, NULL},
    {"an asterisk", TEXT("*.example.com"), 0, "*.example.com", "not_hostname", true, NULL},
    {"a leading hyphen", TEXT("-a.com"), 0, "-a.com", "not_hostname", true, NULL},
    {"a trailing hyphen", TEXT("a-.com"), 0, "a-.com", "not_hostname", true, NULL},
    {"a hyphen alone", TEXT("ex.-"), 0, "ex.-", "not_hostname", true, NULL},
    {"an inner hyphen", TEXT("a-b.com"), 0, "a-b.com", "", true, NULL},
    {"a backslash is a character", TEXT("a\\.com"), 0, "a\\\\.com", "not_hostname", true, NULL},
    {"no escapes in lists", TEXT("a\\046b.com"), 0, "a\\\\046b.com", "not_hostname", true, NULL},
    {"a NUL", TEXT("a\0b.com"), 0, "a\\000b.com", "not_hostname", true, NULL},
    {"NULs", TEXT("\0\0"), 0, "\\000\\000", "not_hostname single_label", true, NULL},
    {"DEL", TEXT("a\x7F.com"), 0, "a\\127.com", "not_hostname", true, NULL},
    {"a number sign", TEXT("#ex.com"), 0, "#ex.com", "not_hostname", true, NULL},

    /* Steps 10 and 11. */
    {"a single label with a dot", TEXT("com."), 0, "com", "single_label", true, NULL},
    {"a single IDN label", TEXT("ü"), 0, "xn--tda", "single_label", true, "ü"},
    {"localhost", TEXT("localhost"), 0, "localhost", "single_label special_use", false, NULL},
    {"below test", TEXT("a.b.TEST."), 0, "a.b.test", "special_use", false, NULL},
    {"special use, asked for", TEXT("ex.test"), SPECIAL_USE, "ex.test", "special_use", true, NULL},
    {"special use does not lift errors", TEXT("a..test"), SPECIAL_USE, NULL, "empty_label", false,
     NULL},
    {"example.com is served", TEXT("example.com"), 0, "example.com", "", true, NULL},
    {"a label test elsewhere", TEXT("test.com"), 0, "test.com", "", true, NULL},

    /* Step 12, with the list in `suffix_list`. */
    {"a public suffix", TEXT("COM"), SUFFIXES, "com", "single_label public_suffix", true, NULL},
    {"a public suffix of two labels", TEXT("co.uk"), SUFFIXES, "co.uk", "public_suffix", true,
     NULL},
    {"a registrable domain", TEXT("ex.co.uk"), SUFFIXES, "ex.co.uk", "", true, NULL},
    {"below a registrable domain", TEXT("a.b.ex.co.uk"), SUFFIXES, "a.b.ex.co.uk", "subdomain",
     true, NULL},
    {"a wildcard rule", TEXT("x.ck"), SUFFIXES, "x.ck", "public_suffix", true, NULL},
    {"an exception to it", TEXT("www.ck"), SUFFIXES, "www.ck", "", true, NULL},
    {"below the exception", TEXT("a.www.ck"), SUFFIXES, "a.www.ck", "subdomain", true, NULL},
    {"a suffix of the private part", TEXT("host.com"), SUFFIXES, "host.com", "public_suffix", true,
     NULL},
    {"an IDN suffix", TEXT("公司.cn"), SUFFIXES, "xn--55qx5d.cn", "public_suffix", true, "公司.cn"},
    {"a domain under it", TEXT("ex.xn--55qx5d.cn"), SUFFIXES, "ex.xn--55qx5d.cn", "", true,
     "ex.公司.cn"},
    {"no rule: the last label", TEXT("a.ex.zz"), SUFFIXES, "a.ex.zz", "subdomain", true, NULL},
    {"a NUL below a suffix", TEXT("a\0.com"), SUFFIXES, "a\\000.com", "not_hostname", true, NULL},
    {"no suffix for a refused name", TEXT("1.2.3.4"), SUFFIXES, NULL, "ip_literal", false, NULL},
    {"no list, no finding", TEXT("co.uk"), 0, "co.uk", "", true, NULL},
};

static const char suffix_list[] = "// ===BEGIN ICANN DOMAINS===\n"
                                  "com\nuk\nco.uk\ncn\n公司.cn\n*.ck\n!www.ck\n"
                                  "// ===END ICANN DOMAINS===\n"
                                  "// ===BEGIN PRIVATE DOMAINS===\n"
                                  "host.com\n"
                                  "// ===END PRIVATE DOMAINS===\n";
static psl_ctx_t *suffixes;

static int load_suffixes(void **state)
{
    char text[sizeof suffix_list];
    FILE *file;

    (void)state;
    memcpy(text, suffix_list, sizeof text);
    file = fmemopen(text, sizeof text - 1, "r");
    assert_non_null(file);
    suffixes = psl_load_fp(file);
    (void)fclose(file);
    return suffixes == NULL;
}

static int free_suffixes(void **state)
{
    (void)state;
    psl_free(suffixes);
    return 0;
}

/* Reads a copy that ends where the block does, and is gone before the result is looked at. */
static void read_entry(struct mxs_arena *arena, const char *text, size_t len, size_t flags,
                       struct mxs_input *input)
{
    struct mxs_input_options options = {
        .lenient = (flags & LENIENT) != 0,
        .special_use = (flags & SPECIAL_USE) != 0,
        .psl = (flags & SUFFIXES) != 0 ? suffixes : NULL,
    };
    mxs_slice entry = exact_copy(text, len);

    mxs_arena_init(arena);
    assert_true(mxs_input_read(arena, entry, &options, input));
    memset((char *)entry.ptr, 'z', entry.len);
    free((char *)entry.ptr);
}

/* Ids without their area, in order; each finding has the catalogue's severity and no name. */
static void list_findings(const struct mxs_findings *findings, struct mxs_buffer *list)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct mxs_finding_kind *kind = &mxs_finding_kinds[findings->items[i].id];
        assert_int_equal(findings->items[i].severity, kind->severity);
        assert_int_equal(kind->area, MXS_AREA_INPUT);
        assert_null(findings->items[i].name.wire);
        if (i > 0)
            mxs_buffer_append_char(list, ' ');
        mxs_buffer_append(list, mxs_slice_from(mxs_slice_of(kind->id), strlen("input.")));
    }
}

static void reads_as_the_row_says(void **state)
{
    const struct row *row = *state;
    struct mxs_arena arena;
    struct mxs_input input;
    struct mxs_buffer list;

    read_entry(&arena, row->text, row->len, row->flags, &input);
    mxs_buffer_init(&list);
    list_findings(&input.findings, &list);
    assert_slice_equal(mxs_buffer_slice(&list), row->findings);
    assert_true(mxs_slice_equal(input.text, (mxs_slice){row->text, row->len}));
    assert_int_equal(input.scannable, row->scannable);
    assert_int_equal(input.domain.wire != NULL, row->domain != NULL);
    if (row->domain != NULL)
        assert_slice_equal(mxs_name_text(&arena, input.domain), row->domain);
    assert_int_equal(input.unicode.ptr != NULL, row->unicode != NULL);
    if (row->unicode != NULL)
        assert_slice_equal(input.unicode, row->unicode);
    mxs_buffer_clear(&list);
    mxs_arena_clear(&arena);
}

/* Arguments of the first finding, as "key=value key=value". */
static struct arg_row {
    const char *label;
    const char *text;
    size_t len;
    const char *args;
    size_t args_len;
} arg_rows[] = {
    {"a disallowed character", TEXT("a.☕.com"), TEXT("label=☕ reason=IDN2_DISALLOWED")},
    {"a joiner out of context", TEXT("a\u200Cb.com"), TEXT("label=a\u200Cb reason=IDN2_CONTEXTJ")},
    {"a NUL", TEXT("ü\0.de"), TEXT("label=ü\0 reason=IDN2_ENCODING_ERROR")},
    {"too long once converted", TEXT("a" A55 "ü.de"),
     TEXT("label=a" A55 "ü reason=IDN2_PUNYCODE_BIG_OUTPUT")},
    {"too long as it is", TEXT("ex.a" A63), TEXT("label=a" A63)},
    {"the first bad A-label", TEXT("xn--ls8h.xn--53h.la"),
     TEXT("label=xn--ls8h reason=IDN2_DISALLOWED")},
    {"bad Punycode", TEXT("XN--.com"), TEXT("label=xn-- reason=IDN2_PUNYCODE_BAD_INPUT")},
    {"an A-label that is not its own", TEXT("xn--z1g.com"), TEXT("label=xn--z1g")},
    {"240 characters", TEXT(N192 A47 "a"), TEXT("prefixes=default._bimi")},
    {"242 characters", TEXT(N192 A47 "aaa"), TEXT("prefixes=default._bimi")},
    {"243 characters", TEXT(N192 A47 "aaaa"), TEXT("prefixes=_smtp._tls default._bimi")},
    {"244 characters", TEXT(N192 A47 "aaaaa"), TEXT("prefixes=_smtp._tls default._bimi")},
    {"245 characters", TEXT(N192 A47 "aaaaaa"), TEXT("prefixes=_mta-sts _smtp._tls default._bimi")},
    {"246 characters", TEXT(N192 A47 "aaaaaaa"),
     TEXT("prefixes=_mta-sts _smtp._tls default._bimi")},
    {"247 characters", TEXT(N192 A55), TEXT("prefixes=_dmarc _mta-sts _smtp._tls default._bimi")},
    {"no argument", TEXT("a..b"), TEXT("")},
};

static void says_why(void **state)
{
    const struct arg_row *row = *state;
    struct mxs_arena arena;
    struct mxs_input input;
    struct mxs_buffer args;

    read_entry(&arena, row->text, row->len, 0, &input);
    mxs_buffer_init(&args);
    assert_true(input.findings.count > 0);
    for (unsigned i = 0; i < input.findings.items[0].arg_count; i++) {
        const struct mxs_finding_arg *arg = &input.findings.items[0].args[i];
        if (i > 0)
            mxs_buffer_append_char(&args, ' ');
        mxs_buffer_append(&args, mxs_slice_of(arg->key));
        mxs_buffer_append_char(&args, '=');
        mxs_buffer_append(&args, arg->text);
    }
    assert_int_equal(args.len, row->args_len);
    assert_true(args.len == 0 || memcmp(args.ptr, row->args, args.len) == 0);
    mxs_buffer_clear(&args);
    mxs_arena_clear(&arena);
}

/* A domain, then blanks up to `len` bytes: only the length of the entry can be wrong. */
static struct length_row {
    const char *label;
    size_t len, text_len;
    const char *finding; /* NULL: none */
} length_rows[] = {
    {"an entry of 4096 bytes", 4096, 4096, NULL},
    {"an entry of 4097 bytes", 4097, 4096, "input.too_long"},
    {"an entry of 100000 bytes", 100000, 4096, "input.too_long"},
};

static void is_cut_at_4_kib(void **state)
{
    const struct length_row *row = *state;
    const mxs_slice domain = MXS_SLICE("ex.com");
    char *text = malloc(row->len);
    struct mxs_arena arena;
    struct mxs_input input;

    assert_non_null(text);
    memset(text, ' ', row->len);
    memcpy(text, domain.ptr, domain.len);
    read_entry(&arena, text, row->len, 0, &input);
    assert_true(mxs_slice_equal(input.text, (mxs_slice){text, row->text_len}));
    assert_int_equal(input.findings.count, row->finding != NULL);
    if (row->finding != NULL)
        assert_string_equal(mxs_finding_kinds[input.findings.items[0].id].id, row->finding);
    assert_int_equal(input.scannable, row->finding == NULL);
    free(text);
    mxs_arena_clear(&arena);
}

/* The registry's names that the public DNS does not serve, and their neighbours. */
static struct special_row {
    const char *label;
    bool special;
} special_rows[] = {
    {"alt", true},
    {"a.alt", true},
    {"example", true},
    {"a.example", true},
    {"home.arpa", true},
    {"a.home.arpa", true},
    {"internal", true},
    {"a.internal", true},
    {"invalid", true},
    {"a.invalid", true},
    {"local", true},
    {"a.local", true},
    {"localhost", true},
    {"a.localhost", true},
    {"onion", true},
    {"a.b.onion", true},
    {"test", true},
    {"a.test", true},
    {"TEST", true},
    {".", false},
    {"com", false},
    {"arpa", false},
    {"in-addr.arpa", false},
    {"home", false},
    {"ahome.arpa", false},
    {"xtest", false},
    {"tests", false},
    {"example.com", false},
    {"example.net", false},
    {"example.org", false},
    {"local.com", false},
    {"alt.net", false},
    {"home.arpa.com", false},
    {"localhost.de", false},
    {"my\\.test", false},
};

static void is_special_or_not(void **state)
{
    const struct special_row *row = *state;
    struct mxs_arena arena;
    struct mxs_name name;

    mxs_arena_init(&arena);
    assert_int_equal(mxs_name_parse(&arena, mxs_slice_of(row->label), &name), MXS_NAME_OK);
    assert_int_equal(mxs_name_is_special_use(name), row->special);
    mxs_arena_clear(&arena);
}

/* Rows that no version of the list will make wrong. */
static void knows_the_built_in_list(void **state)
{
    const struct mxs_input_options options = {.psl = psl_builtin()};
    struct mxs_arena arena;
    struct mxs_input input;

    (void)state;
    if (options.psl == NULL)
        skip();
    mxs_arena_init(&arena);
    assert_true(mxs_input_read(&arena, MXS_SLICE("co.uk"), &options, &input));
    assert_true(mxs_findings_has(&input.findings, MXS_FINDING_INPUT_PUBLIC_SUFFIX));
    assert_true(mxs_input_read(&arena, MXS_SLICE("www.example.co.uk"), &options, &input));
    assert_true(mxs_findings_has(&input.findings, MXS_FINDING_INPUT_SUBDOMAIN));
    assert_true(mxs_input_read(&arena, MXS_SLICE("example.co.uk"), &options, &input));
    assert_int_equal(input.findings.count, 0);
    mxs_arena_clear(&arena);
}

static void is_zeroed_when_memory_is_out(void **state)
{
    const struct mxs_input_options options = {.lenient = false};
    struct mxs_arena arena;
    struct mxs_input input;

    (void)state;
    mxs_arena_init(&arena);
    arena.failed = true; /* an earlier allocation did, and this one is part of the same round */
    assert_false(mxs_input_read(&arena, MXS_SLICE("xn--bcher-kva.de"), &options, &input));
    assert_null(input.text.ptr);
    assert_null(input.domain.wire);
    assert_null(input.unicode.ptr);
    assert_false(input.scannable);
    assert_int_equal(input.findings.count, 0);
    mxs_arena_clear(&arena);
}

int main(void)
{
    struct CMUnitTest
        tests[COUNT(rows) + COUNT(arg_rows) + COUNT(length_rows) + COUNT(special_rows) + 2];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] =
            (struct CMUnitTest){rows[i].label, reads_as_the_row_says, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < COUNT(arg_rows); i++)
        tests[count++] = (struct CMUnitTest){arg_rows[i].label, says_why, NULL, NULL, &arg_rows[i]};
    for (size_t i = 0; i < COUNT(length_rows); i++)
        tests[count++] =
            (struct CMUnitTest){length_rows[i].label, is_cut_at_4_kib, NULL, NULL, &length_rows[i]};
    for (size_t i = 0; i < COUNT(special_rows); i++)
        tests[count++] = (struct CMUnitTest){special_rows[i].label, is_special_or_not, NULL, NULL,
                                             &special_rows[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(knows_the_built_in_list);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(is_zeroed_when_memory_is_out);
    return cmocka_run_group_tests_name("input", tests, load_suffixes, free_suffixes);
}
