#include "spf_cases.h"

#define E       "ex.test TXT "
#define H(n, a) "h" #n ".ex.test A 192.0.2." #a "\n"
#define H10                                                                                        \
    H(0, 100)                                                                                      \
    H(1, 101) H(2, 102) H(3, 103) H(4, 104) H(5, 105) H(6, 106) H(7, 107) H(8, 108) H(9, 109)
#define A9                                                                                         \
    "a:h1.ex.test a:h2.ex.test a:h3.ex.test a:h4.ex.test a:h5.ex.test a:h6.ex.test a:h7.ex.test "  \
    "a:h8.ex.test a:h9.ex.test"
#define MX11                                                                                       \
    "ex.test MX 10 h0.ex.test\nex.test MX 11 h1.ex.test\nex.test MX 12 h2.ex.test\n"               \
    "ex.test MX 13 h3.ex.test\nex.test MX 14 h4.ex.test\nex.test MX 15 h5.ex.test\n"               \
    "ex.test MX 16 h6.ex.test\nex.test MX 17 h7.ex.test\nex.test MX 18 h8.ex.test\n"               \
    "ex.test MX 19 h9.ex.test\nex.test MX 20 h10.ex.test\n"

const struct spf_case spf_cases[] = {
    {"S01", E "v=spf1 mx -all\nex.test MX 10 m.ex.test\nm.ex.test A 192.0.2.1\n",
     "192.0.2.1 pass, 192.0.2.2 fail, 2001:db8::1 fail",
     "found valid fail 1 0/0 1/0/1 - authorises", "pass", "info all_fail ex.test"},
    {"S02", E "google-site-verification=x\n", "192.0.2.1 none", "none none - 0 0/0 0/0/0 - absent",
     "warn", "warning missing ex.test"},
    {"S03", "y.test TXT x\n!fail ex.test MX temp:failed\n", "192.0.2.1 none",
     "none none - 0 0/0 0/0/0 - absent", "unknown", "warning missing ex.test"},
    {"S04", "y.ex.test TXT x\n!fail ex.test TXT temp:failed\n", "192.0.2.1 temperror",
     "unknown temperror - 0 0/0 0/0/0 - unknown", "unknown", "warning temperror ex.test"},
    {"S05", E "v=spf1 ip4:192.0.2.1 -all\n" E "v=spf1 mx ~all\n", "192.0.2.1 permerror",
     "multiple permerror permerror 0 0/0 0/0/0 - invalid", "fail",
     "error multiple_records ex.test"},
    {"S06", E "v=spf10 -all\n" E "v=spf1 ~all\n", "192.0.2.1 softfail",
     "found valid softfail 0 0/0 0/0/0 - empty", "pass",
     "info all_softfail ex.test, info near_miss ex.test"},
    {"S07", E "v=spf1\n", "192.0.2.1 neutral", "found valid neutral 0 0/0 0/0/0 - neutral", "warn",
     "warning all_missing ex.test"},
    {"S08", E "V=SPF1 IP4:192.0.2.1 -ALL\n", "192.0.2.1 pass, 192.0.2.9 fail",
     "found valid fail 0 0/0 1/0/1 - authorises", "warn",
     "info all_fail ex.test, warning ip_special_purpose ex.test"},
    {"S09", E "\"v=spf1 ip4:192.0.2.1\" \"include:a.ex.test -all\"\n", "192.0.2.1 permerror",
     "invalid permerror permerror 0 0/0 0/0/0 - invalid", "fail",
     "info all_fail ex.test, error syntax_error ex.test"},
    {"S10", E "\"v=spf1\" \" -all\"\n", "192.0.2.1 fail", "found valid fail 0 0/0 0/0/0 - empty",
     "pass", "info all_fail ex.test, info nonsending ex.test"},
    {"S11", E "\"v=spf1\" \"-all\"\n", "192.0.2.1 none", "none none - 0 0/0 0/0/0 - absent", "fail",
     "warning missing ex.test, error near_miss ex.test"},
    {"S12", E "v=spf1; a -all\n", "192.0.2.1 none", "none none - 0 0/0 0/0/0 - absent", "fail",
     "warning missing ex.test, error near_miss ex.test"},
    {"S13", E "\" v=spf1 -all\"\n", "192.0.2.1 none", "none none - 0 0/0 0/0/0 - absent", "fail",
     "warning missing ex.test, error near_miss ex.test"},
    {"S14", E "\"\\\"v=spf1 -all\\\"\"\n", "192.0.2.1 none", "none none - 0 0/0 0/0/0 - absent",
     "fail", "warning missing ex.test, error near_miss ex.test"},
    {"S15", E "v=spf1 -all ip4:192.0.2.1\n", "192.0.2.1 fail",
     "found valid fail 0 0/0 0/0/0 - empty", "warn",
     "info all_fail ex.test, warning ip_special_purpose ex.test, info nonsending ex.test, warning "
     "terms_after_all ex.test"},
    {"S16", E "v=spf1 -all ipv4:192.0.2.1\n", "192.0.2.1 permerror",
     "invalid permerror permerror 0 0/0 0/0/0 - invalid", "fail",
     "info all_fail ex.test, error syntax_error ex.test"},
    {"S17", E "v=spf1 redirect=gone.ex.test ~all\n", "192.0.2.1 softfail",
     "found valid softfail 0 0/0 0/0/0 - empty", "warn",
     "info all_softfail ex.test, warning redirect_with_all ex.test"},
    {"S18", E "v=spf1 redirect=gone.ex.test\n", "192.0.2.1 permerror",
     "found permerror permerror 1 1/1 0/0/0 - invalid", "fail",
     "error redirect_none gone.ex.test, info void_lookup gone.ex.test"},
    {"S19", E "v=spf1 include:a.ex.test -all\na.ex.test TXT hello\n", "192.0.2.1 permerror",
     "found permerror permerror 1 0/0 0/0/0 - invalid", "fail",
     "info all_fail ex.test, error include_none a.ex.test"},
    {"S20", E "v=spf1 ip4:192.0.2.1 include:gone.test -all\n",
     "192.0.2.1 pass, 192.0.2.2 permerror", "found valid permerror 1 1/1 1/0/1 - authorises",
     "fail",
     "info all_fail ex.test, error include_none gone.test, warning ip_special_purpose ex.test, "
     "info void_lookup gone.test"},
    {"S21", E "v=spf1 include:a.ex.test ~all\na.ex.test TXT v=spf1 ip4:192.0.2.1 -all\n",
     "192.0.2.1 pass, 192.0.2.2 softfail", "found valid softfail 1 0/0 1/0/0 - authorises", "pass",
     "info all_softfail ex.test"},
    {"S22", E "v=spf1 include:a.ex.test -all\na.ex.test TXT v=spf1 +all\n",
     "192.0.2.1 pass, 2001:db8::1 pass",
     "found valid pass 1 0/0 4294967296/18446744073709551615/0 - open", "fail",
     "info all_fail ex.test, error effectively_open ex.test, error include_open a.ex.test, warning "
     "total_v4_large ex.test"},
    {"S23", E "v=spf1 include:a.ex.test -all\na.ex.test TXT v=spf1 ~ip4:192.0.2.1 ~all\n",
     "192.0.2.1 fail", "found valid fail 1 0/0 0/0/0 - empty", "pass",
     "info all_fail ex.test, info nonsending ex.test"},
    {"S24", E "v=spf1 a:h0.ex.test " A9 " ip4:192.0.2.1 -all\n" H10,
     "192.0.2.1 pass, 192.0.2.2 fail", "found valid permerror 10 0/10 11/0/11 - authorises", "warn",
     "info all_fail ex.test, warning ip_special_purpose ex.test, info lookups_near_limit ex.test, "
     "warning void_limit_risk ex.test, info void_lookup h0.ex.test, info void_lookup h1.ex.test, "
     "info void_lookup h2.ex.test, info void_lookup h3.ex.test, info void_lookup h4.ex.test, info "
     "void_lookup h5.ex.test, info void_lookup h6.ex.test, info void_lookup h7.ex.test, info "
     "void_lookup h8.ex.test, info void_lookup h9.ex.test"},
    {"S25", E "v=spf1 a:h0.ex.test " A9 " a:h10.ex.test -all\n" H10 H(10, 110),
     "192.0.2.100 pass, 192.0.2.1 permerror, 192.0.2.110 permerror",
     "found valid permerror 11 0/11 10/0/10 - authorises", "fail",
     "info all_fail ex.test, error too_many_lookups ex.test, warning void_limit_risk ex.test, info "
     "void_lookup h0.ex.test, info void_lookup h1.ex.test, info void_lookup h10.ex.test, info "
     "void_lookup h2.ex.test, info void_lookup h3.ex.test, info void_lookup h4.ex.test, info "
     "void_lookup h5.ex.test, info void_lookup h6.ex.test, info void_lookup h7.ex.test, info "
     "void_lookup h8.ex.test, info void_lookup h9.ex.test"},
    {"S26", E "v=spf1 include:a.ex.test -all\na.ex.test TXT v=spf1 " A9 " -all\n" H10,
     "192.0.2.1 fail, 192.0.2.109 pass", "found valid permerror 10 0/9 9/0/0 - authorises", "warn",
     "info all_fail ex.test, info lookups_near_limit ex.test, warning void_limit_risk ex.test, "
     "info void_lookup h1.ex.test, info void_lookup h2.ex.test, info void_lookup h3.ex.test, info "
     "void_lookup h4.ex.test, info void_lookup h5.ex.test, info void_lookup h6.ex.test, info "
     "void_lookup h7.ex.test, info void_lookup h8.ex.test, info void_lookup h9.ex.test"},
    {"S27",
     E "v=spf1 include:a.ex.test include:a.ex.test -all\na.ex.test TXT v=spf1 a:h1.ex.test "
       "a:h2.ex.test a:h3.ex.test a:h4.ex.test a:h5.ex.test -all\n" H10,
     "192.0.2.1 permerror, 192.0.2.105 pass", "found valid permerror 12 0/10 5/0/0 - authorises",
     "fail",
     "info all_fail ex.test, info duplicate_term ex.test, error too_many_lookups ex.test, warning "
     "void_limit_risk ex.test, info void_lookup h1.ex.test, info void_lookup h2.ex.test, info "
     "void_lookup h3.ex.test, info void_lookup h4.ex.test, info void_lookup h5.ex.test"},
    {"S28", E "v=spf1 a:n1.ex.test a:n2.ex.test -all\n", "192.0.2.1 fail",
     "found valid fail 2 2/2 0/0/0 - empty", "warn",
     "warning a_term_without_address n1.ex.test, warning a_term_without_address n2.ex.test, info "
     "all_fail ex.test, info nonsending ex.test, info void_lookup n1.ex.test, info void_lookup "
     "n2.ex.test"},
    {"S29", E "v=spf1 a:n1.ex.test a:n2.ex.test a:n3.ex.test -all\n", "192.0.2.1 permerror",
     "found permerror permerror 3 3/3 0/0/0 - invalid", "fail",
     "warning a_term_without_address n1.ex.test, warning a_term_without_address n2.ex.test, "
     "warning a_term_without_address n3.ex.test, info all_fail ex.test, error too_many_voids "
     "ex.test, info void_lookup n1.ex.test, info void_lookup n2.ex.test, info void_lookup "
     "n3.ex.test"},
    {"S30",
     E "v=spf1 a:v1.ex.test a:v2.ex.test a:v3.ex.test -all\nv1.ex.test AAAA 2001:db8::1\n"
       "v2.ex.test AAAA 2001:db8::2\nv3.ex.test AAAA 2001:db8::3\n",
     "192.0.2.1 permerror, 2001:db8::99 fail, 2001:db8::2 pass",
     "found valid permerror 3 3/0 0/1/0 - authorises", "warn",
     "info all_fail ex.test, warning void_limit_risk ex.test, info void_lookup v1.ex.test, info "
     "void_lookup v2.ex.test, info void_lookup v3.ex.test"},
    {"S31", E "v=spf1 mx -all\n" MX11 H10, "192.0.2.100 permerror",
     "found permerror permerror 1 0/0 0/0/0 - invalid", "fail",
     "info all_fail ex.test, error mx_too_many_names ex.test"},
    {"S32", E "v=spf1 mx -all\nex.test MX 0 .\n", "192.0.2.1 fail",
     "found valid fail 1 0/0 0/0/0 - empty", "warn",
     "info all_fail ex.test, warning mx_term_without_mx ex.test, info nonsending ex.test"},
    {"S33", E "v=spf1 mx -all\nex.test A 192.0.2.1\n", "192.0.2.1 fail",
     "found valid fail 1 1/1 0/0/0 - empty", "warn",
     "info all_fail ex.test, warning mx_term_without_mx ex.test, info nonsending ex.test, info "
     "void_lookup ex.test"},
    {"S35", E "v=spf1 ip4: 192.0.2.1 -all\n", "192.0.2.1 permerror",
     "invalid permerror permerror 0 0/0 0/0/0 - invalid", "fail",
     "info all_fail ex.test, error syntax_error ex.test, error syntax_error ex.test"},
    {"S36", E "v=spf1 ip4:192.0.2.77/24 -all\n", "192.0.2.5 pass",
     "found valid fail 0 0/0 256/0/256 - authorises", "warn",
     "info all_fail ex.test, info ip_not_canonical ex.test, warning ip_special_purpose ex.test"},
    {"S37", E "v=spf1 ip6:::/0 -all\n", "192.0.2.1 fail, 2001:db8::1 pass",
     "found valid fail 0 0/0 0/18446744073709551615/0 - open", "fail",
     "info all_fail ex.test, error effectively_open ex.test, error ip6_wide ex.test"},
    {"S38", E "v=spf1 ip4:192.0.2.1 -all\n", "::ffff:192.0.2.1 pass",
     "found valid fail 0 0/0 1/0/1 - authorises", "warn",
     "info all_fail ex.test, warning ip_special_purpose ex.test"},
    {"S39", E "v=spf1 a/24//64 -all\nex.test A 192.0.2.9\nex.test AAAA 2001:db8::1\n",
     "192.0.2.200 pass, 2001:db8::ffff pass, 192.0.3.1 fail",
     "found valid fail 1 0/0 256/1/256 - authorises", "pass", "info all_fail ex.test"},
    {"S40", E "v=spf1 exists:%{ir}.%{v}.l.ex.test -all\n1.2.0.192.in-addr.l.ex.test A 127.0.0.2\n",
     "192.0.2.1 pass, 192.0.2.2 fail", "found valid fail 1 0/0 0/0/0 - authorises dynamic", "pass",
     "info all_fail ex.test, info exists_used ex.test"},
    {"S41", E "v=spf1 exists:w.ex.test -all\nw.ex.test AAAA 2001:db8::1\n", "2001:db8::1 fail",
     "found valid fail 1 1/1 0/0/0 - empty", "pass",
     "info all_fail ex.test, info exists_used ex.test, info nonsending ex.test, info void_lookup "
     "w.ex.test"},
    {"S42",
     E "v=spf1 ptr:ex.test -all\n1.2.0.192.in-addr.arpa PTR m.ex.test\nm.ex.test A 192.0.2.1\n",
     "192.0.2.1 pass, 192.0.2.2 fail", "found valid fail 1 0/0 0/0/0 - authorises dynamic", "warn",
     "info all_fail ex.test, warning ptr_used ex.test"},
    {"S43",
     E "v=spf1 ptr:ex.test -all\n!fail 1.2.0.192.in-addr.arpa PTR temp:failed\n"
       "m.ex.test A 192.0.2.1\n",
     "192.0.2.1 fail", "found valid fail 1 0/0 0/0/0 - authorises dynamic", "warn",
     "info all_fail ex.test, warning ptr_used ex.test"},
    {"S44",
     E "v=spf1 ptr:ex.test -all\n1.2.0.192.in-addr.arpa PTR m.badex.test\n"
       "m.badex.test A 192.0.2.1\n",
     "192.0.2.1 fail", "found valid fail 1 0/0 0/0/0 - authorises dynamic", "warn",
     "info all_fail ex.test, warning ptr_used ex.test"},
    {"S45", E "v=spf1 foo=bar ra=postmaster rp=100 rr=all ip4:192.0.2.1 -all\n", "192.0.2.1 pass",
     "found valid fail 0 0/0 1/0/1 - authorises", "warn",
     "info all_fail ex.test, warning ip_special_purpose ex.test, info unknown_modifier ex.test, "
     "info unknown_modifier ex.test, info unknown_modifier ex.test, info unknown_modifier ex.test"},
    {"S46", E "v=spf1 -all exp=a.ex.test exp=b.ex.test\n", "192.0.2.1 permerror",
     "invalid permerror permerror 0 0/0 0/0/0 - invalid", "fail",
     "info all_fail ex.test, error syntax_error ex.test"},
    {"S47", E "v=spf1 -all exp=gone.ex.test\n", "192.0.2.1 fail",
     "found valid fail 0 0/0 0/0/0 - empty", "pass",
     "info all_fail ex.test, info nonsending ex.test"},
    {"S48", E "\"v=spf1 mx \\226\\128\\147all\"\n", "192.0.2.1 permerror",
     "invalid permerror permerror 0 0/0 0/0/0 - invalid", "fail", "error syntax_error ex.test"},
    {"S49", E "v=spf1 include:a.ex.test. -all\na.ex.test TXT v=spf1 ip4:192.0.2.1 -all\n",
     "192.0.2.1 pass, 192.0.2.2 fail", "found valid fail 1 0/0 1/0/0 - authorises", "warn",
     "info all_fail ex.test, warning trailing_dot ex.test"},
    {"S50", E "v=spf1 include:a.ex.test -all\na.ex.test TXT v=spf1 include:ex.test -all\n",
     "192.0.2.1 permerror", "found permerror permerror 2 0/0 0/0/0 - invalid", "fail",
     "info all_fail ex.test, error loop ex.test"},
    {"S51", E "v=spf1 redirect=ex.test\n", "192.0.2.1 permerror",
     "found permerror permerror 1 0/0 0/0/0 - invalid", "fail", "error loop ex.test"},
    {"S52", E "v=spf1 ip4:192.0.2.1 include:a.ex.test -all\n!fail a.ex.test TXT temp:failed\n",
     "192.0.2.1 pass, 192.0.2.2 temperror", "found temperror - 1 0/0 1/0/1 - authorises partial",
     "unknown",
     "info all_fail ex.test, warning include_temperror a.ex.test, warning ip_special_purpose "
     "ex.test, warning temperror ex.test"},
    {"S53", E "v=spf1 -include:bad.ex.test +all\nbad.ex.test TXT v=spf1 ip4:192.0.2.0/25 -all\n",
     "192.0.2.1 fail, 192.0.2.200 pass",
     "found valid pass 1 0/0 4294967168/18446744073709551615/4294967168 - open", "fail",
     "error all_pass ex.test, warning direct_v4_large ex.test, error effectively_open ex.test, "
     "warning total_v4_large ex.test"},
    {"S54",
     E "v=spf1 redirect=r.ex.test\nr.ex.test TXT v=spf1 a -all\nr.ex.test A 192.0.2.2\n"
       "ex.test A 192.0.2.1\n",
     "192.0.2.1 fail, 192.0.2.2 pass", "found valid fail 2 0/1 1/0/0 - authorises", "pass",
     "info void_lookup r.ex.test"},
    {"S55",
     E "v=spf1 include:i.ex.test -all\ni.ex.test TXT v=spf1 a -all\ni.ex.test A 192.0.2.2\n"
       "ex.test A 192.0.2.1\n",
     "192.0.2.1 fail, 192.0.2.2 pass", "found valid fail 2 0/1 1/0/0 - authorises", "pass",
     "info all_fail ex.test, info void_lookup i.ex.test"},
    {"S56", "ex.test CNAME o.test\no.test TXT v=spf1 ip4:192.0.2.1 -all\n", "192.0.2.1 pass",
     "found valid fail 0 0/0 1/0/1 - authorises", "warn",
     "info all_fail ex.test, warning ip_special_purpose ex.test, info owner_is_alias ex.test"},
    {"S57", E "v=spf1 all\n", "192.0.2.1 pass",
     "found valid pass 0 0/0 4294967296/18446744073709551615/4294967296 - open", "fail",
     "error all_pass ex.test, warning direct_v4_large ex.test, error effectively_open ex.test, "
     "warning total_v4_large ex.test"},
    {"S58", E "v=spf1 mx - all\n", "192.0.2.1 permerror",
     "invalid permerror permerror 0 0/0 0/0/0 - invalid", "fail",
     "error all_pass ex.test, error syntax_error ex.test"},
    {"S59", E "\"v=spf1\\009a -all\"\n", "192.0.2.1 none", "none none - 0 0/0 0/0/0 - absent",
     "fail", "warning missing ex.test, error near_miss ex.test"},
    {"S60", E "\"v=spf1 mx\\009-all\"\n", "192.0.2.1 permerror",
     "invalid permerror permerror 0 0/0 0/0/0 - invalid", "fail", "error syntax_error ex.test"},
    {"S61", "ex.test TYPE99\n", "192.0.2.1 none", "none none - 0 0/0 0/0/0 - absent", "warn",
     "warning missing ex.test"},
    {"S62", E "v=spf1 ip4:192.0.2.1\n", "192.0.2.2 neutral",
     "found valid neutral 0 0/0 1/0/1 - authorises", "warn",
     "warning all_missing ex.test, warning ip_special_purpose ex.test"},
    {"S63", E "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all\n",
     "192.0.2.1 pass, 10.0.0.1 pass, 2001:db8::1 fail",
     "found valid fail 0 0/0 4294967296/0/4294967296 - open", "fail",
     "info all_fail ex.test, warning direct_v4_large ex.test, error effectively_open ex.test, "
     "error ip4_wide ex.test, error ip4_wide ex.test, warning total_v4_large ex.test"},
    {"S64", E "\"v=spf1   ip4:192.0.2.1    -all   \"\n", "192.0.2.1 pass, 192.0.2.2 fail",
     "found valid fail 0 0/0 1/0/1 - authorises", "warn",
     "info all_fail ex.test, warning ip_special_purpose ex.test"},
    {"S65",
     E "v=spf1 mx -all\nex.test MX 10 t.ex.test\nex.test MX 20 m.ex.test\nm.ex.test A 192.0.2.1\n"
       "!fail t.ex.test A temp:failed\n",
     "192.0.2.1 temperror", "found temperror - 1 0/0 1/0/1 unknown unknown partial", "unknown",
     "info all_fail ex.test, warning temperror ex.test"},
    {"S66", E "v=spf1 include:_spf.ex.test -all\n_spf.ex.test TXT v=spf1 ip4:192.0.2.1 -all\n",
     "192.0.2.1 pass", "found valid fail 1 0/0 1/0/0 - authorises", "pass",
     "info all_fail ex.test"},
    {"S67", E "\"v=spf1 include:b\\195\\188cher.test -all\"\n", "192.0.2.1 permerror",
     "invalid permerror permerror 0 0/0 0/0/0 - invalid", "fail",
     "info all_fail ex.test, error syntax_error ex.test"},
    {"S68",
     E "v=spf1 mx -all\nex.test MX 1 h1.ex.test\nex.test MX 2 h2.ex.test\n"
       "ex.test MX 3 h3.ex.test\nex.test MX 4 h4.ex.test\n" H10,
     "192.0.2.101 pass, 2001:db8::1 fail", "found valid fail 1 0/0 4/0/4 - authorises", "warn",
     "info all_fail ex.test, warning void_limit_risk ex.test"},
    {"S69",
     E "v=spf1 include:_i.%{d} -all\n_i.ex.test TXT v=spf1 exists:%{d}.w.test -all\n"
       "_i.ex.test.w.test A 127.0.0.2\n",
     "192.0.2.1 pass", "found valid pass 2 0/0 4294967296/18446744073709551615/0 - open", "fail",
     "info all_fail ex.test, error effectively_open ex.test, error include_open _i.ex.test, "
     "warning total_v4_large ex.test"},
    {"S70",
     E "v=spf1 include:_i.test2.test -all\n_i.test2.test TXT v=spf1 exists:%{o}.w.test -all\n"
       "ex.test.w.test A 127.0.0.2\n",
     "192.0.2.1 pass", "found valid fail 2 0/0 0/0/0 - authorises dynamic", "pass",
     "info all_fail ex.test"},
    /* ---- beyond the rules' own cases */
    {"clients of one include have cost unlike numbers of look-ups",
     E "v=spf1 include:a.ex.test include:b.ex.test ip4:192.0.2.0/24 -all\n"
       "a.ex.test TXT v=spf1 -ip4:192.0.2.0/25 a:h1.ex.test a:h2.ex.test a:h3.ex.test a:h4.ex.test "
       "a:h5.ex.test -all\n"
       "b.ex.test TXT v=spf1 a:h6.ex.test a:h7.ex.test a:h8.ex.test a:h9.ex.test -all\n" H10,
     "192.0.2.1 pass, 192.0.2.200 permerror, 192.0.2.109 pass",
     "found valid permerror 11 0/9 128/0/124 - authorises", "fail",
     "info all_fail ex.test, warning ip_special_purpose ex.test, error too_many_lookups ex.test, "
     "warning void_limit_risk ex.test, info void_lookup h1.ex.test, info void_lookup h2.ex.test, "
     "info void_lookup h3.ex.test, info void_lookup h4.ex.test, info void_lookup h5.ex.test, info "
     "void_lookup h6.ex.test, info void_lookup h7.ex.test, info void_lookup h8.ex.test, info "
     "void_lookup h9.ex.test"},
    {"an include by family",
     E "v=spf1 include:%{v}.ex.test -all\nin-addr.ex.test TXT v=spf1 ip4:192.0.2.1 -all\n"
       "ip6.ex.test TXT v=spf1 ip6:2001:db8::/64 -all\n",
     "192.0.2.1 pass, 2001:db8::1 pass, 2001:db8:1::1 fail",
     "found valid fail 1 0/0 1/1/0 - authorises", "pass", "info all_fail ex.test"},
    {"an include that depends on the message", E "v=spf1 include:%{l}.ex.test -all\n",
     "192.0.2.1 permerror", "found valid fail 1 0/0 0/0/0 - authorises dynamic", "pass",
     "info all_fail ex.test, info dynamic_include ex.test, info sender_macro_used ex.test"},
    {"a redirect that depends on the message",
     E "v=spf1 ip4:192.0.2.1 redirect=%{l}.ex.test\nx.ex.test TXT v=spf1 -all\n",
     "192.0.2.1 pass, 192.0.2.2 fail", "found valid - 1 0/0 1/0/1 - authorises dynamic", "warn",
     "info dynamic_include ex.test, warning ip_special_purpose ex.test"},
    {"the macro p costs a look-up", E "v=spf1 exists:%{p}.ex.test -all\n", "192.0.2.1 fail",
     "found valid fail 2 0/0 0/0/0 - authorises dynamic", "warn",
     "info all_fail ex.test, info exists_used ex.test, warning macro_p_used ex.test"},
    {"fails by term, passes the rest", E "v=spf1 -ip4:10.0.0.0/8 +all\n",
     "10.0.0.1 fail, 192.0.2.1 pass",
     "found valid pass 0 0/0 4278190080/18446744073709551615/4278190080 - open", "fail",
     "error all_pass ex.test, warning direct_v4_large ex.test, error effectively_open ex.test, "
     "warning ip_special_purpose ex.test, warning total_v4_large ex.test"},
    {"a name that cannot be", E "v=spf1 a:x..ex.test ip4:192.0.2.1 -all\n",
     "192.0.2.1 pass, 192.0.2.2 fail", "found valid fail 1 0/0 1/0/1 - authorises", "warn",
     "info all_fail ex.test, warning ip_special_purpose ex.test, warning unqueryable_name ex.test"},
    {"a redirect to a name that cannot be", E "v=spf1 redirect=x..ex.test\n", "192.0.2.1 permerror",
     "found permerror permerror 1 0/0 0/0/0 - invalid", "fail",
     "error redirect_none ex.test, warning unqueryable_name ex.test"},
    {"an exists that always matches", E "v=spf1 exists:w.ex.test -all\nw.ex.test A 127.0.0.2\n",
     "192.0.2.1 pass, 2001:db8::1 pass",
     "found valid pass 1 0/0 4294967296/18446744073709551615/4294967296 - open", "fail",
     "info all_fail ex.test, warning direct_v4_large ex.test, error effectively_open ex.test, info "
     "exists_used ex.test, warning total_v4_large ex.test"},
    {"an include of two records",
     E "v=spf1 include:a.ex.test -all\na.ex.test TXT v=spf1 -all\na.ex.test TXT v=spf1 +all\n",
     "192.0.2.1 permerror", "found permerror permerror 1 0/0 0/0/0 - invalid", "fail",
     "info all_fail ex.test, error include_permerror a.ex.test"},
    {"an include that is broken", E "v=spf1 include:a.ex.test -all\na.ex.test TXT v=spf1 ip4:x\n",
     "192.0.2.1 permerror", "found permerror permerror 1 0/0 0/0/0 - invalid", "fail",
     "info all_fail ex.test, error include_permerror a.ex.test"},
    {"a redirect that is broken", E "v=spf1 redirect=a.ex.test\na.ex.test TXT v=spf1 ip4:x\n",
     "192.0.2.1 permerror", "found permerror permerror 1 0/0 0/0/0 - invalid", "fail",
     "error include_permerror a.ex.test"},
    {"targets that anyone may register",
     "ex.net TXT x\n" E "v=spf1 include:a.gone.net a:gone.net mx:b.gone.net -all\n",
     "192.0.2.1 permerror", "found permerror permerror 3 3/3 0/0/0 - invalid", "fail",
     "warning a_term_without_address gone.net, info all_fail ex.test, error include_none "
     "a.gone.net, error include_takeover_risk a.gone.net, error include_takeover_risk b.gone.net, "
     "error include_takeover_risk gone.net, warning mx_term_without_mx b.gone.net, error "
     "too_many_voids ex.test, info void_lookup a.gone.net, info void_lookup b.gone.net, info "
     "void_lookup gone.net"},
    {"targets that an alias leads to",
     "ex.net TXT x\nold.ex.test CNAME gone.net\n" E "v=spf1 a:old.ex.test -all\n", "192.0.2.1 fail",
     "found valid fail 1 1/1 0/0/0 - empty", "fail",
     "warning a_term_without_address old.ex.test, info all_fail ex.test, error "
     "include_takeover_risk gone.net, info nonsending ex.test, info void_lookup old.ex.test"},
    {"a failure before the record is decided",
     E "v=spf1 include:a.ex.test +all\n!fail a.ex.test TXT bogus\n", "192.0.2.1 temperror",
     "found temperror - 1 0/0 4294967296/18446744073709551615/4294967296 - unknown partial", "fail",
     "error all_pass ex.test, warning include_temperror a.ex.test, warning temperror ex.test"},
    {"a record in the wrong place",
     "ex.test MX 10 m.ex.test\nm.ex.test A 9.1.1.1\n_spf.ex.test TXT v=spf1 -all\n",
     "192.0.2.1 none", "none none - 0 0/0 0/0/0 - absent", "fail",
     "error missing ex.test, info record_at_wrong_place _spf.ex.test"},
    {"own hosts pass in part",
     "ex.test MX 10 m.ex.test\nm.ex.test A 9.1.1.1\nm.ex.test A 9.1.1.2\n" E
     "v=spf1 ip4:9.1.1.1 -all\n",
     "9.1.1.1 pass, 9.1.1.2 fail", "found valid fail 0 0/0 1/0/1 some authorises", "pass",
     "info all_fail ex.test, info own_mx_not_authorised ex.test"},
    {"own hosts pass",
     "ex.test MX 10 m.ex.test\nm.ex.test A 9.1.1.1\nm.ex.test AAAA 2620::1\n" E "v=spf1 mx ~all\n",
     "9.1.1.1 pass, 2620::1 pass, 2620::2 softfail",
     "found valid softfail 1 0/0 1/1/1 all authorises", "pass",
     "info all_softfail ex.test, info own_mx_authorised ex.test"},
    {"own hosts elsewhere",
     "ex.test MX 10 m.x.test\nm.x.test A 9.1.1.1\n" E "v=spf1 ip4:9.1.1.2 -all\n", "9.1.1.1 fail",
     "found valid fail 0 0/0 1/0/1 none authorises", "pass",
     "info all_fail ex.test, info own_mx_not_authorised ex.test"},
    {"a large share of its own", E "v=spf1 ip4:9.0.0.0/15 ip4:11.0.0.0/16 ~all\n",
     "9.1.1.1 pass, 11.1.1.1 softfail", "found valid softfail 0 0/0 196608/0/196608 - authorises",
     "warn",
     "info all_softfail ex.test, warning direct_v4_large ex.test, warning ip4_wide ex.test, info "
     "total_v4_large ex.test"},
    {"a huge network in an include",
     E "v=spf1 include:a.ex.test ~all\na.ex.test TXT v=spf1 ip4:9.0.0.0/9 ip4:20.0.0.1 -all\n",
     "9.1.1.1 pass, 20.0.0.1 pass", "found valid softfail 1 0/0 8388609/0/0 - authorises", "warn",
     "info all_softfail ex.test, warning total_v4_large ex.test"},
    {"half of all IPv6 addresses", E "v=spf1 ip6:2000::/4 ip6:8000::/1 -all\n",
     "2620::1 pass, 3000::1 fail", "found valid fail 0 0/0 0/10376293541461622784/0 - open", "fail",
     "info all_fail ex.test, error effectively_open ex.test, error ip6_wide ex.test, error "
     "ip6_wide ex.test, warning ip_special_purpose ex.test"},
    {"texts that are long",
     E
     "\"v=spf1 -all "
     "x1=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""
     " "
     "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" "
     "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n",
     "192.0.2.1 fail", "found valid fail 0 0/0 0/0/0 - empty", "pass",
     "info all_fail ex.test, info nonsending ex.test, info response_over_450 ex.test, info "
     "unknown_modifier ex.test"},
    {"Sender ID beside it", E "spf2.0/pra -all\n" E "v=spf1 -all\n", "192.0.2.1 fail",
     "found valid fail 0 0/0 0/0/0 - empty", "pass",
     "info all_fail ex.test, info nonsending ex.test, info sender_id_record ex.test"},
    {"nested includes that are missing",
     E "v=spf1 include:a.ex.test -all\na.ex.test TXT v=spf1 ip4:9.1.1.1 include:b.ex.test -all\n",
     "9.1.1.1 pass, 192.0.2.1 permerror", "found valid permerror 2 1/1 1/0/0 - authorises", "fail",
     "info all_fail ex.test, error include_none b.ex.test, info void_lookup b.ex.test"},
};

const size_t spf_case_count = sizeof spf_cases / sizeof spf_cases[0];
