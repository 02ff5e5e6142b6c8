/* MX: rules section 4. Names below ex.com, addresses 9.x and 2620:: for global ones. */
#include "unit.h"

#include "scene.h"

/* The rest of a domain's records, so that only mx has something to say. */
#define REST "ex.com TXT v=spf1 -all\n_dmarc.ex.com TXT v=DMARC1; p=reject\n"
/* Where ex.com has other data, and its TXT is asked with the targets (rules sections 6.a, 8.a). */
#define TXTS     "TXT ex.com, TXT _dmarc.ex.com"
#define INSECURE "info dnssec.insecure ex.com\n"
#define M_ASKED  "MX ex.com | A m.ex.com, AAAA m.ex.com, " TXTS
#define MN_ASKED "MX ex.com | A m.ex.com, AAAA m.ex.com, A n.ex.com, AAAA n.ex.com, " TXTS
#define IPV4     "info mx.ipv4_only ex.com\n"
#define SINGLE   "info mx.single_target m.ex.com\n"
#define LOST     "error mx.no_usable_target ex.com\n"
#define BOTH     "m.ex.com A 9.1.1.1\nm.ex.com AAAA 2620::1\n"
#define TWO      "ex.com MX 10 m.ex.com\nex.com MX 20 n.ex.com\n" REST
#define ONE      "ex.com MX 10 m.ex.com\n" REST

struct row {
    const char *label, *zone, *receives;
    const char *grade; /* NULL: left out */
    const char *hosts, *asked, *findings;
    bool special_use;
};

/* Rules section 4.d, M1 to M19 (D = ex.com); findings by 4.c, grades by 16.4. */
static struct row cases[] = {
    {"M1", "ex.com MX 0 .\n" REST, "null", "pass", "", "MX ex.com | " TXTS,
     "info mx.null ex.com\n" INSECURE, false},
    {"M2", "ex.com MX 0 .\nex.com MX 10 m.ex.com\nm.ex.com A 9.1.1.1\n" REST, "mx", "fail",
     "m.ex.com", M_ASKED, IPV4 "error mx.null_not_alone ex.com\n" SINGLE INSECURE, false},
    {"M3", "ex.com MX 10 .\n" REST, "null", "warn", "", "MX ex.com | " TXTS,
     "info mx.null ex.com\nwarning mx.null_nonzero_preference ex.com\n" INSECURE, false},
    {"M4", "ex.com A 9.1.1.1\n" REST, "implicit", "warn", "ex.com",
     "MX ex.com | A ex.com, AAAA ex.com, " TXTS, "warning mx.implicit ex.com\n" INSECURE, false},
    {"M5", "!fail ex.com AAAA temp:failed\n" REST, "unknown", "unknown", "ex.com",
     "MX ex.com | A ex.com, AAAA ex.com, " TXTS, "warning mx.target_temperror ex.com\n" INSECURE,
     false},
    {"M6", "ex.com A 9.1.1.1\n!fail ex.com AAAA temp:timeout\n" REST, "implicit", "warn", "ex.com",
     "MX ex.com | A ex.com, AAAA ex.com, " TXTS,
     "info mx.dual_stack_partial_temperror ex.com\nwarning mx.implicit ex.com\n" INSECURE, false},
    {"M7", "m.ex.com CNAME x.net\nx.net A 9.1.1.1\n" ONE, "mx", "fail", "m.ex.com", M_ASKED,
     IPV4 SINGLE "error mx.target_is_cname m.ex.com\n" INSECURE, false},
    {"M8", "m.ex.com CNAME x.net\n" ONE, "broken", "fail", "m.ex.com", M_ASKED,
     LOST "error mx.target_is_cname m.ex.com\nerror mx.target_nxdomain m.ex.com\n" INSECURE, false},
    {"M9", "ex.com MX 10 198.51.100.7\n" REST, "broken", "fail", "", "MX ex.com | " TXTS,
     LOST "error mx.target_is_ip_literal 198.51.100.7\n" INSECURE, false},
    {"M10", "ex.com MX 10 198.51.100.7.ex.com\n" REST, "broken", "fail", "198.51.100.7.ex.com",
     "MX ex.com | A 198.51.100.7.ex.com, AAAA 198.51.100.7.ex.com, " TXTS,
     LOST "error mx.target_ip_in_origin 198.51.100.7.ex.com\n"
          "error mx.target_nxdomain 198.51.100.7.ex.com\n" INSECURE,
     false},
    {"M11", "n.ex.com A 9.1.1.1\n" TWO, "mx", "fail", "m.ex.com n.ex.com", MN_ASKED,
     IPV4 "error mx.target_nxdomain m.ex.com\n" INSECURE, false},
    {"M12",
     "n.ex.com A 9.1.1.1\n!fail m.ex.com A temp:failed\n!fail m.ex.com AAAA temp:failed\n" TWO,
     "mx", "unknown", "m.ex.com n.ex.com", MN_ASKED,
     "warning mx.target_temperror m.ex.com\n" INSECURE, false},
    {"M13", "!fail m.ex.com A temp:failed\n!fail m.ex.com AAAA temp:failed\n" TWO, "unknown",
     "fail", "m.ex.com n.ex.com", MN_ASKED,
     "error mx.target_nxdomain n.ex.com\nwarning mx.target_temperror m.ex.com\n" INSECURE, false},
    {"M14", "m.ex.com A 127.0.0.1\n" ONE, "broken", "fail", "m.ex.com", M_ASKED,
     "error mx.address_not_global m.ex.com\n" LOST INSECURE, false},
    {"M15", "ex.com A 9.1.1.1\n" ONE, "broken", "fail", "m.ex.com", M_ASKED,
     LOST "error mx.target_nxdomain m.ex.com\n" INSECURE, false},
    {"M16", "!fail ex.com MX temp:failed\nex.com A 9.1.1.1\n" REST, "unknown", "unknown", "",
     "MX ex.com | " TXTS, "warning mx.temperror ex.com\n", false},
    {"M17",
     "ex.com CNAME e.net\ne.net MX 10 m.ex.com\ne.net TXT v=spf1 -all\n" BOTH
     "_dmarc.ex.com TXT v=DMARC1; p=reject\n",
     "mx", "pass", "m.ex.com", M_ASKED, "info mx.owner_is_alias ex.com\n" SINGLE INSECURE, false},
    {"M18", "*.com MX 10 m.ex.com\nex.com A 9.1.1.1\n" BOTH REST, "implicit", "warn", "ex.com",
     "MX ex.com | A ex.com, AAAA ex.com, " TXTS, "warning mx.implicit ex.com\n" INSECURE, false},
    {"M19", "com NS x\n", "nonexistent", "not_applicable", "", "MX ex.com",
     "error domain.nxdomain ex.com\n" INSECURE, false},
};

/* Rules sections 4.b and 4.c: a row or two for each finding and class not met above. */
static struct row more[] = {
    {"a wildcard gives an MX", "*.com MX 10 m.net\nm.net A 9.1.1.1\nm.net AAAA 2620::1\n", "mx",
     "pass", "m.net", "MX ex.com | A m.net, AAAA m.net, " TXTS " | TXT _spf.ex.com",
     "info mx.single_target m.net\n" INSECURE, false},
    {"neither MX nor address", REST, "none", NULL, "ex.com",
     "MX ex.com | A ex.com, AAAA ex.com, " TXTS, "info mx.none ex.com\n" INSECURE, false},
    {"a dangling alias", "ex.com CNAME gone.net\n_dmarc.ex.com TXT v=DMARC1; p=reject\n", "none",
     NULL, "", "MX ex.com | " TXTS, "info mx.none ex.com\ninfo mx.owner_is_alias ex.com\n" INSECURE,
     false},
    {"own address private", "ex.com A 10.0.0.1\n" REST, "none", NULL, "ex.com",
     "MX ex.com | A ex.com, AAAA ex.com, " TXTS,
     "warning mx.address_not_global ex.com\ninfo mx.none ex.com\n" INSECURE, false},
    {"own address private, one not", "ex.com A 10.0.0.1\nex.com AAAA 2620::1\n" REST, "implicit",
     "warn", "ex.com", "MX ex.com | A ex.com, AAAA ex.com, " TXTS,
     "warning mx.address_not_global ex.com\nwarning mx.implicit ex.com\n" INSECURE, false},
    {"own address private, one unknown", "ex.com A 10.0.0.1\n!fail ex.com AAAA temp:timeout\n" REST,
     "unknown", "unknown", "ex.com", "MX ex.com | A ex.com, AAAA ex.com, " TXTS,
     "warning mx.address_not_global ex.com\n"
     "info mx.dual_stack_partial_temperror ex.com\n" INSECURE,
     false},
    {"MX limit", "!fail ex.com MX limit\n" REST, "unknown", "unknown", "", "MX ex.com | " TXTS,
     "warning mx.temperror ex.com\n", false},
    {"MX bogus: no temperror", "!fail ex.com MX bogus\n" REST, "unknown", "unknown", "",
     "MX ex.com | " TXTS, "error dnssec.bogus ex.com\n", false},
    {"two null MX are not one", "ex.com MX 0 .\nex.com MX 10 .\n" REST, "broken", "fail", "",
     "MX ex.com | " TXTS,
     "info mx.duplicate_target .\n" LOST "error mx.null_not_alone ex.com\n" INSECURE, false},
    {"null beside a dead one", "ex.com MX 0 .\n" ONE, "broken", "fail", "m.ex.com", M_ASKED,
     LOST "error mx.null_not_alone ex.com\nerror mx.target_nxdomain m.ex.com\n" INSECURE, false},
    {"an alias by DNAME",
     "ex.com MX 10 m.old.ex.com\nold.ex.com DNAME new.ex.com\nm.new.ex.com A 9.1.1.1\n" REST, "mx",
     "fail", "m.old.ex.com", "MX ex.com | A m.old.ex.com, AAAA m.old.ex.com, " TXTS,
     IPV4 "info mx.single_target m.old.ex.com\n"
          "error mx.target_is_cname m.old.ex.com\n" INSECURE,
     false},
    {"an alias seen in one family",
     "m.ex.com CNAME x.net\nx.net AAAA 2620::1\n!fail m.ex.com A temp:timeout\n" ONE, "mx", "fail",
     "m.ex.com", M_ASKED,
     "info mx.dual_stack_partial_temperror m.ex.com\n"
     "error mx.target_is_cname m.ex.com\n" INSECURE,
     false},
    {"an IPv6 address as target", "ex.com MX 10 2620:0:1::1\n" REST, "broken", "fail", "",
     "MX ex.com | " TXTS, LOST "error mx.target_is_ip_literal 2620:0:1::1\n" INSECURE, false},
    {"brackets", "ex.com MX 10 [9.1.1.1]\n" REST, "broken", "fail", "", "MX ex.com | " TXTS,
     LOST "error mx.target_is_ip_literal [9.1.1.1]\n" INSECURE, false},
    {"256 is no octet", "ex.com MX 10 256.1.1.1\n" REST, "broken", "fail", "256.1.1.1",
     "MX ex.com | A 256.1.1.1, AAAA 256.1.1.1, " TXTS,
     LOST "warning mx.target_invalid_hostname 256.1.1.1\n"
          "error mx.target_nxdomain 256.1.1.1\n" INSECURE,
     false},
    {"five numeric labels", "ex.com MX 10 1.2.3.4.5\n" REST, "broken", "fail", "1.2.3.4.5",
     "MX ex.com | A 1.2.3.4.5, AAAA 1.2.3.4.5, " TXTS,
     LOST "warning mx.target_invalid_hostname 1.2.3.4.5\n"
          "error mx.target_nxdomain 1.2.3.4.5\n" INSECURE,
     false},
    {"an address in the domain that resolves",
     "ex.com MX 10 9.1.1.1.ex.com\n9.1.1.1.ex.com A 9.1.1.1\n" REST, "mx", "fail", "9.1.1.1.ex.com",
     "MX ex.com | A 9.1.1.1.ex.com, AAAA 9.1.1.1.ex.com, " TXTS,
     IPV4 "info mx.single_target 9.1.1.1.ex.com\n"
          "error mx.target_ip_in_origin 9.1.1.1.ex.com\n" INSECURE,
     false},
    {"an address in another domain", "ex.com MX 10 9.1.1.1.x.net\n9.1.1.1.x.net A 9.1.1.1\n" REST,
     "mx", "pass", "9.1.1.1.x.net", "MX ex.com | A 9.1.1.1.x.net, AAAA 9.1.1.1.x.net, " TXTS,
     IPV4 "info mx.single_target 9.1.1.1.x.net\n" INSECURE, false},
    {"the domain twice", "ex.com MX 10 m.ex.com.ex.com\n" REST, "broken", "fail", "m.ex.com.ex.com",
     "MX ex.com | A m.ex.com.ex.com, AAAA m.ex.com.ex.com, " TXTS,
     LOST "error mx.target_doubled_origin m.ex.com.ex.com\n"
          "error mx.target_nxdomain m.ex.com.ex.com\n" INSECURE,
     false},
    {"the domain twice and nothing before",
     "ex.com MX 10 ex.com.ex.com\nex.com.ex.com TXT x\n" REST, "broken", "fail", "ex.com.ex.com",
     "MX ex.com | A ex.com.ex.com, AAAA ex.com.ex.com, " TXTS,
     LOST "error mx.target_doubled_origin ex.com.ex.com\n"
          "error mx.target_no_address ex.com.ex.com\n" INSECURE,
     false},
    {"the domain twice, but it resolves",
     "ex.com MX 10 m.ex.com.ex.com\nm.ex.com.ex.com A 9.1.1.1\n" REST, "mx", "pass",
     "m.ex.com.ex.com", "MX ex.com | A m.ex.com.ex.com, AAAA m.ex.com.ex.com, " TXTS,
     IPV4 "info mx.single_target m.ex.com.ex.com\n" INSECURE, false},
    {"the domain twice, but who knows",
     "ex.com MX 10 m.ex.com.ex.com\n!fail m.ex.com.ex.com A temp:timeout\n" REST, "unknown",
     "unknown", "m.ex.com.ex.com", "MX ex.com | A m.ex.com.ex.com, AAAA m.ex.com.ex.com, " TXTS,
     "warning mx.target_temperror m.ex.com.ex.com\n" INSECURE, false},
    {"a host without address", "m.ex.com TXT x\n" ONE, "broken", "fail", "m.ex.com", M_ASKED,
     LOST "error mx.target_no_address m.ex.com\n" INSECURE, false},
    {"one family absent, one failed", "m.ex.com TXT x\n!fail m.ex.com AAAA temp:failed\n" ONE,
     "unknown", "unknown", "m.ex.com", M_ASKED, "warning mx.target_temperror m.ex.com\n" INSECURE,
     false},
    {"a good family, one failed", "m.ex.com A 9.1.1.1\n!fail m.ex.com AAAA temp:failed\n" ONE, "mx",
     "pass", "m.ex.com", M_ASKED, "info mx.dual_stack_partial_temperror m.ex.com\n" INSECURE,
     false},
    /* whether it warns (IPv6 only) rests on the failed question: unknown, not pass */
    {"a failed family, one good", "m.ex.com AAAA 2620::1\n!fail m.ex.com A limit\n" ONE, "mx",
     "unknown", "m.ex.com", M_ASKED, "info mx.dual_stack_partial_temperror m.ex.com\n" INSECURE,
     false},
    {"one good address, one private", "m.ex.com A 9.1.1.1\nm.ex.com A 10.0.0.1\n" ONE, "mx", "warn",
     "m.ex.com", M_ASKED, "warning mx.address_not_global m.ex.com\n" IPV4 INSECURE, false},
    {"private in both families", "m.ex.com A 10.0.0.1\nm.ex.com AAAA fe80::1\n" ONE, "broken",
     "fail", "m.ex.com", M_ASKED, "error mx.address_not_global m.ex.com\n" LOST INSECURE, false},
    {"a private address, the rest unknown",
     "m.ex.com A 10.0.0.1\n!fail m.ex.com AAAA temp:failed\n" ONE, "unknown", "unknown", "m.ex.com",
     M_ASKED,
     "warning mx.address_not_global m.ex.com\n"
     "info mx.dual_stack_partial_temperror m.ex.com\n" INSECURE,
     false},
    {"an underscore", "ex.com MX 10 m_1.ex.com\nm_1.ex.com A 9.1.1.1\n" REST, "mx", "warn",
     "m_1.ex.com", "MX ex.com | A m_1.ex.com, AAAA m_1.ex.com, " TXTS,
     IPV4 "info mx.single_target m_1.ex.com\n"
          "warning mx.target_invalid_hostname m_1.ex.com\n" INSECURE,
     false},
    {"a hyphen at the edge", "ex.com MX 10 m-.ex.com\nm-.ex.com A 9.1.1.1\n" REST, "mx", "warn",
     "m-.ex.com", "MX ex.com | A m-.ex.com, AAAA m-.ex.com, " TXTS,
     IPV4 "info mx.single_target m-.ex.com\n"
          "warning mx.target_invalid_hostname m-.ex.com\n" INSECURE,
     false},
    {"a single label", "ex.com MX 10 mail\nmail A 9.1.1.1\n" REST, "mx", "warn", "mail",
     "MX ex.com | A mail, AAAA mail, " TXTS,
     IPV4 "info mx.single_target mail\nwarning mx.target_invalid_hostname mail\n" INSECURE, false},
    {"localhost", "ex.com MX 10 localhost\nlocalhost A 9.1.1.1\n" REST, "broken", "fail", "",
     "MX ex.com | " TXTS, LOST "error mx.target_special_use localhost\n" INSECURE, false},
    {"below a reserved name", "ex.com MX 10 a.b.home.arpa\n" REST, "broken", "fail", "",
     "MX ex.com | " TXTS, LOST "error mx.target_special_use a.b.home.arpa\n" INSECURE, false},
    {"beside a reserved name", "ex.com MX 10 m.notlocal\nm.notlocal A 9.1.1.1\n" REST, "mx", "pass",
     "m.notlocal", "MX ex.com | A m.notlocal, AAAA m.notlocal, " TXTS,
     IPV4 "info mx.single_target m.notlocal\n" INSECURE, false},
    {"example.com is served", "ex.com MX 10 m.example.com\nm.example.com A 9.1.1.1\n" REST, "mx",
     "pass", "m.example.com", "MX ex.com | A m.example.com, AAAA m.example.com, " TXTS,
     IPV4 "info mx.single_target m.example.com\n" INSECURE, false},
    {"a reserved name, asked on request", "ex.com MX 10 m.test\nm.test A 9.1.1.1\n" REST, "mx",
     "pass", "m.test", "MX ex.com | A m.test, AAAA m.test, " TXTS,
     IPV4 "info mx.single_target m.test\n" INSECURE, true},
    {"a reserved name beside a good one", "ex.com MX 5 m.test\n" BOTH ONE, "mx", "fail", "m.ex.com",
     M_ASKED, "error mx.target_special_use m.test\n" INSECURE, false},
    {"the same target twice", "ex.com MX 20 m.ex.com\n" BOTH ONE, "mx", "pass", "m.ex.com", M_ASKED,
     "info mx.duplicate_target m.ex.com\n" SINGLE INSECURE, false},
    {"the lowest preference shared", "ex.com MX 10 n.ex.com\nn.ex.com A 9.1.1.2\n" BOTH ONE, "mx",
     "pass", "m.ex.com n.ex.com", MN_ASKED, "info mx.preference_equal ex.com\n" INSECURE, false},
    {"a higher preference shared",
     "ex.com MX 20 n.ex.com\nex.com MX 20 o.ex.com\nn.ex.com A 9.1.1.2\no.ex.com A 9.1.1.3\n" BOTH
         ONE,
     "mx", "pass", "m.ex.com n.ex.com o.ex.com",
     "MX ex.com | A m.ex.com, AAAA m.ex.com, A n.ex.com, AAAA n.ex.com, "
     "A o.ex.com, AAAA o.ex.com, " TXTS,
     INSECURE, false},
    {"one target, an address per family", BOTH ONE, "mx", "pass", "m.ex.com", M_ASKED,
     SINGLE INSECURE, false},
    {"one target, two addresses", "m.ex.com A 9.1.1.2\n" BOTH ONE, "mx", "pass", "m.ex.com",
     M_ASKED, INSECURE, false},
    {"the same addresses", "n.ex.com AAAA 2620::1\nn.ex.com A 9.1.1.1\n" BOTH TWO, "mx", "pass",
     "m.ex.com n.ex.com", MN_ASKED, "info mx.targets_share_address n.ex.com\n" INSECURE, false},
    {"the same IPv4 address, not IPv6", "n.ex.com AAAA 2620::2\nn.ex.com A 9.1.1.1\n" BOTH TWO,
     "mx", "pass", "m.ex.com n.ex.com", MN_ASKED, INSECURE, false},
    {"some of the same addresses",
     "n.ex.com A 9.1.1.2\nn.ex.com A 9.1.1.1\nn.ex.com AAAA 2620::1\n" BOTH TWO, "mx", "pass",
     "m.ex.com n.ex.com", MN_ASKED, INSECURE, false},
    {"IPv6 only", "m.ex.com AAAA 2620::1\nm.ex.com A 10.0.0.1\n" ONE, "mx", "warn", "m.ex.com",
     M_ASKED,
     "warning mx.address_not_global m.ex.com\nwarning mx.ipv6_only ex.com\n" SINGLE INSECURE,
     false},
    {"a family each", "m.ex.com AAAA 2620::1\nn.ex.com A 9.1.1.1\n" TWO, "mx", "pass",
     "m.ex.com n.ex.com", MN_ASKED, INSECURE, false},
    {"two hosts with nothing are not said to share", "m.ex.com TXT x\nn.ex.com TXT x\n" TWO,
     "broken", "fail", "m.ex.com n.ex.com", MN_ASKED,
     LOST "error mx.target_no_address m.ex.com\nerror mx.target_no_address n.ex.com\n" INSECURE,
     false},
    {"findings in the order of names, not of preferences",
     "ex.com MX 10 n.ex.com\nex.com MX 20 m.ex.com\n" REST, "broken", "fail", "n.ex.com m.ex.com",
     "MX ex.com | A n.ex.com, AAAA n.ex.com, A m.ex.com, AAAA m.ex.com, " TXTS,
     LOST "error mx.target_nxdomain m.ex.com\nerror mx.target_nxdomain n.ex.com\n" INSECURE, false},
    {"a signed domain", "!zone ex.com signed\n" BOTH ONE, "mx", "pass", "m.ex.com", M_ASKED,
     SINGLE "info dnssec.secure ex.com\n", false},
    {"a bogus host is needed", "!zone x.net bogus\nex.com MX 10 m.x.net\n" REST, "unknown",
     "unknown", "m.x.net", "MX ex.com | A m.x.net, AAAA m.x.net, " TXTS,
     "warning mx.target_temperror m.x.net\n"
     "error dnssec.bogus m.x.net\nerror dnssec.bogus m.x.net\n" INSECURE,
     false},
    {"a bogus family is not", "m.ex.com A 9.1.1.1\n!fail m.ex.com AAAA bogus\n" ONE, "mx", "pass",
     "m.ex.com", M_ASKED, "info mx.dual_stack_partial_temperror m.ex.com\n" INSECURE, false},
};

static void assert_row(struct scene *scene, const struct row *row)
{
    const struct mxs_posture *posture = scene->posture;
    const char *grade = mxs_grade_text(posture->grades[MXS_AREA_MX]);

    assert_non_null(posture);
    assert_string_equal(scene_findings_but(scene, MXS_AREA_SPF), row->findings);
    assert_string_equal(mxs_receives_text(posture->receives), row->receives);
    assert_string_equal(grade ? grade : "left out", row->grade ? row->grade : "left out");
    assert_string_equal(scene_hosts(scene), row->hosts);
}

static void judges_as_the_row_says(void **state)
{
    const struct row *row = *state;
    struct scene scene;

    scene_open(&scene, row->zone, "ex.com");
    scene.options.special_use = row->special_use;
    scene_evaluate(&scene, ZONE_PENDING_FIRST);
    assert_row(&scene, row);
    assert_string_equal(scene_asked(&scene), row->asked);
    assert_int_equal(scene.posture->questions, zone_question_count(scene.zone));
    scene_evaluate(&scene, ZONE_AT_ONCE);
    assert_int_equal(scene.runs, 1);
    assert_row(&scene, row);
    scene_close(&scene);
}

/* A domain below a reserved name, asked on request: its targets there are hosts like others. */
static void asks_below_test_on_request(void **state)
{
    struct scene scene;

    (void)state;
    scene_open(&scene,
               "ex.test MX 10 m.ex.test\nm.ex.test A 9.1.1.1\nex.test TXT v=spf1 -all\n"
               "_dmarc.ex.test TXT v=DMARC1; p=none\n",
               "ex.test");
    scene.options.special_use = true;
    scene_evaluate(&scene, ZONE_AT_ONCE);
    assert_string_equal(scene_findings_but(&scene, MXS_AREA_SPF),
                        "info mx.ipv4_only ex.test\n"
                        "info mx.single_target m.ex.test\n"
                        "info dnssec.insecure ex.test\n");
    scene_close(&scene);
}

/* ex.com with `count` targets t01, t02, ... that have an address each unless `dead`. */
static void open_crowd(struct scene *scene, unsigned count, bool dead)
{
    char zone[4096] = REST;
    size_t len = strlen(zone);

    for (unsigned i = 1; i <= count; i++) {
        int more_len =
            snprintf(zone + len, sizeof zone - len,
                     dead ? "ex.com MX %u t%02u.ex.com\n!fail t%02u.ex.com A temp:failed\n"
                          : "ex.com MX %u t%02u.ex.com\nt%02u.ex.com A 9.1.1.%u\n",
                     i, i, i, i);
        assert_true(more_len > 0 && (size_t)more_len < sizeof zone - len);
        len += (size_t)more_len;
    }
    scene_open(scene, zone, "ex.com");
    scene_evaluate(scene, ZONE_AT_ONCE);
}

/* Rules 4.a.3, 4.c row 25 and 17.4: 10, 11, 20 and 21 targets. */
static void counts_targets(void **state)
{
    static const struct {
        unsigned targets, asked;
        const char *grade, *findings;
    } crowds[] = {
        {10, 10, "pass", IPV4 INSECURE},
        {11, 11, "warn", IPV4 "warning mx.too_many_targets ex.com\n" INSECURE},
        {20, 20, "warn", IPV4 "warning mx.too_many_targets ex.com\n" INSECURE},
        /* the 21st was not asked: `limit`, so no word on families and no praise */
        {21, 20, "unknown", "warning mx.too_many_targets ex.com\n" INSECURE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(crowds); i++) {
        struct scene scene;
        open_crowd(&scene, crowds[i].targets, false);
        const struct mxs_posture *posture = scene.posture;
        assert_string_equal(scene_findings_but(&scene, MXS_AREA_SPF), crowds[i].findings);
        assert_int_equal(posture->mx.host_count, crowds[i].asked);
        assert_int_equal(posture->questions, 3 + 2 * crowds[i].asked);
        assert_int_equal(posture->receives, MXS_RECEIVES_MX);
        assert_string_equal(mxs_grade_text(posture->grades[MXS_AREA_MX]), crowds[i].grade);
        scene_close(&scene);
    }
}

/* The count is an argument of the finding. */
static void says_how_many(void **state)
{
    struct scene scene;

    (void)state;
    open_crowd(&scene, 21, false);
    const struct mxs_findings *findings = &scene.posture->findings;
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].id != MXS_FINDING_MX_TOO_MANY_TARGETS)
            continue;
        assert_int_equal(findings->items[i].arg_count, 1);
        assert_string_equal(findings->items[i].args[0].key, "count");
        assert_int_equal(findings->items[i].args[0].number, 21);
    }
    scene_close(&scene);
}

/* 20 targets unknown and a 21st not asked: nothing is known, nothing is lost. */
static void does_not_call_a_crowd_broken(void **state)
{
    struct scene scene;

    (void)state;
    open_crowd(&scene, 21, true);
    assert_int_equal(scene.posture->receives, MXS_RECEIVES_UNKNOWN);
    assert_int_equal(scene.posture->grades[MXS_AREA_MX], MXS_GRADE_UNKNOWN);
    assert_false(mxs_findings_has(&scene.posture->findings, MXS_FINDING_MX_NO_USABLE_TARGET));
    scene_close(&scene);
}

int main(void)
{
    static const struct CMUnitTest extra[] = {
        cmocka_unit_test(asks_below_test_on_request),
        cmocka_unit_test(counts_targets),
        cmocka_unit_test(says_how_many),
        cmocka_unit_test(does_not_call_a_crowd_broken),
    };
    struct CMUnitTest tests[COUNT(cases) + COUNT(more) + COUNT(extra)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(cases); i++)
        tests[count++] =
            (struct CMUnitTest){cases[i].label, judges_as_the_row_says, NULL, NULL, &cases[i]};
    for (size_t i = 0; i < COUNT(more); i++)
        tests[count++] =
            (struct CMUnitTest){more[i].label, judges_as_the_row_says, NULL, NULL, &more[i]};
    for (size_t i = 0; i < COUNT(extra); i++)
        tests[count++] = extra[i];
    return cmocka_run_group_tests_name("mx", tests, NULL, NULL);
}
