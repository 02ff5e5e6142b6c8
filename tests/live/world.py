"""The fixture world of test_failures.py: one zone text, and what the rules say about each domain.

The wants were worked out by hand from posture-rules.md (4.b, 4.d M1 to M19, 6.b selection, 8.b
record filter), with the addresses of 4.b's list. A lower-case word of `receives`, `spf` or `dmarc`
is the line's value at `receives`, `spf.state`, `dmarc.state`.
"""

from dataclasses import dataclass

ZONE = """
$TTL 300
@ SOA ns.ex. hostmaster.ex. 1 3600 900 604800 60
@ NS ns.ex.
ns.ex. A 127.0.0.1

; usual mail: two hosts, out of order
usual.ex. MX 20 mx2.usual.ex.
usual.ex. MX 10 mx1.usual.ex.
usual.ex. A 5.9.17.9
usual.ex. TXT "v=spf1 mx -all"
usual.ex. TXT "some-site-verification=1"
_dmarc.usual.ex. TXT "v=DMARC1; p=reject; rua=mailto:d@usual.ex"
mx1.usual.ex. A 5.9.17.1
mx1.usual.ex. AAAA 2a01:4f8:17::1
mx2.usual.ex. A 5.9.17.2
1.17.9.5.in-addr.arpa. PTR mx1.usual.ex.
; hosted: hosts of another domain, SPF by include, a record in two strings
hosted.ex. MX 10 MX1.Usual.ex.
hosted.ex. TXT "v=spf1 include:" "usual.ex ~all"
_dmarc.hosted.ex. TXT "v=DMARC1; p=none"
six.ex. MX 5 m.six.ex.
m.six.ex. AAAA 2a01:4f8:17::6
; M1, M2, M3
null.ex. MX 0 .
null.ex. TXT "v=spf1 -all"
_dmarc.null.ex. TXT "v=DMARC1; p=reject"
nullplus.ex. MX 0 .
nullplus.ex. MX 10 mx1.usual.ex.
nullten.ex. MX 10 .
; M4, an IPv6 one, special-purpose addresses, nothing
implicit.ex. A 5.9.17.4
implicit6.ex. AAAA 2a01:4f8:17::4
private.ex. A 192.168.1.1
private.ex. AAAA fd00::1
docs.ex. A 192.0.2.1
docs.ex. A 198.51.100.1
docs.ex. AAAA 2001:db8::1
nothing.ex. TXT "hello"
; M7, M8
alias.ex. MX 10 a.alias.ex.
a.alias.ex. CNAME mx1.usual.ex.
deadalias.ex. MX 10 a.deadalias.ex.
a.deadalias.ex. CNAME gone.ex.
; M9, M10
literal.ex. MX 10 198.51.100.7.
origin.ex. MX 10 198.51.100.7.origin.ex.
; M11, M14, M15, a host with a TXT record only
half.ex. MX 10 dead.half.ex.
half.ex. MX 20 mx1.usual.ex.
loop.ex. MX 10 m.loop.ex.
m.loop.ex. A 127.0.0.1
fallback.ex. MX 10 m.fallback.ex.
fallback.ex. A 5.9.17.5
bare.ex. MX 10 m.bare.ex.
m.bare.ex. TXT "no address here"
; M17, a dangling alias, M18
owner.ex. CNAME usual.ex.
dangling.ex. CNAME gone.ex.
*.wild.ex. MX 10 mx1.usual.ex.
*.wild.ex. TXT "v=spf1 mx -all"
www.wild.ex. A 5.9.17.6
; SPF selection
twospf.ex. MX 10 mx1.usual.ex.
twospf.ex. TXT "v=spf1 -all"
twospf.ex. TXT "v=spf1 mx -all"
near.ex. MX 10 mx1.usual.ex.
near.ex. TXT "v=spf10 -all"
near.ex. TXT "V=SPF1 MX -ALL"
; DMARC selection, and inheritance
twodmarc.ex. MX 10 mx1.usual.ex.
_dmarc.twodmarc.ex. TXT "v=DMARC1; p=reject"
_dmarc.twodmarc.ex. TXT "v=DMARC1; p=none"
noise.ex. MX 10 mx1.usual.ex.
_dmarc.noise.ex. TXT "v=dmarc1; p=reject"
_dmarc.noise.ex. TXT "other"
_dmarc.noise.ex. TXT "v=DMARC1; p=quarantine"
sub.usual.ex. MX 10 mx1.usual.ex.
sub.usual.ex. TXT "v=spf1 redirect=usual.ex"
"""

# Questions that always fail: (mode, type, name). M5, M6, M12, M13, M16.
ALWAYS_FAILING = (
    ("servfail", "AAAA", "m5.ex"),
    ("servfail", "AAAA", "m6.ex"),
    ("servfail", "A", "t.m12.ex"),
    ("servfail", "AAAA", "t.m12.ex"),
    ("servfail", "A", "t.m13.ex"),
    ("servfail", "AAAA", "t.m13.ex"),
    ("servfail", "MX", "m16.ex"),
)
ZONE_OF_FAILING = """
m5.ex. TXT "no address"
m6.ex. A 5.9.17.7
m12.ex. MX 10 t.m12.ex.
m12.ex. MX 20 mx1.usual.ex.
m13.ex. MX 10 t.m13.ex.
m13.ex. MX 20 dead.m13.ex.
m16.ex. A 5.9.17.8
"""


@dataclass(frozen=True)
class Want:
    """What the line of a domain must say."""

    receives: str
    mx: tuple = ()  # "preference host", in the line's order
    spf: str = "none"
    spf_record: str = None
    dmarc: str = "none"
    dmarc_record: str = None
    findings: tuple = ()  # ids that must be among the findings
    exists: str = "yes"


USUAL = ("10 mx1.usual.ex",)
USUAL_DMARC = "v=DMARC1; p=reject; rua=mailto:d@usual.ex"
BROKEN = "mx.no_usable_target"
MISSING = ("spf.missing",)  # the DMARC walk is not taken yet: its absence is not claimed

WANTS = {
    "usual.ex": Want(
        *("mx", ("10 mx1.usual.ex", "20 mx2.usual.ex")),
        *("found", "v=spf1 mx -all", "found", USUAL_DMARC),
    ),
    "hosted.ex": Want(
        "mx", USUAL, "found", "v=spf1 include:usual.ex ~all", "found", "v=DMARC1; p=none"
    ),
    "six.ex": Want("mx", ("5 m.six.ex",), findings=("mx.ipv6_only", *MISSING)),
    "null.ex": Want(
        *("null", ("0 .",), "found", "v=spf1 -all", "found", "v=DMARC1; p=reject"),
        findings=("mx.null",),
    ),
    "nullplus.ex": Want("mx", ("0 .", "10 mx1.usual.ex"), findings=("mx.null_not_alone",)),
    "nullten.ex": Want("null", ("10 .",), findings=("mx.null_nonzero_preference",)),
    "implicit.ex": Want("implicit", findings=("mx.implicit",)),
    "implicit6.ex": Want("implicit", findings=("mx.implicit",)),
    "private.ex": Want("none", findings=("mx.none",)),
    "docs.ex": Want("none", findings=("mx.none",)),
    "nothing.ex": Want("none", findings=("mx.none", *MISSING)),
    "alias.ex": Want("mx", ("10 a.alias.ex",), findings=("mx.target_is_cname",)),
    "deadalias.ex": Want(
        *("broken", ("10 a.deadalias.ex",)),
        findings=("mx.target_is_cname", "mx.target_nxdomain", BROKEN),
    ),
    "literal.ex": Want(
        "broken", ("10 198.51.100.7",), findings=("mx.target_is_ip_literal", BROKEN)
    ),
    "origin.ex": Want(
        "broken", ("10 198.51.100.7.origin.ex",), findings=("mx.target_ip_in_origin", BROKEN)
    ),
    "half.ex": Want(
        *("mx", ("10 dead.half.ex", "20 mx1.usual.ex")), findings=("mx.target_nxdomain",)
    ),
    "loop.ex": Want("broken", ("10 m.loop.ex",), findings=("mx.address_not_global", BROKEN)),
    "fallback.ex": Want("broken", ("10 m.fallback.ex",), findings=("mx.target_nxdomain", BROKEN)),
    "bare.ex": Want("broken", ("10 m.bare.ex",), findings=("mx.target_no_address", BROKEN)),
    "owner.ex": Want(
        *("mx", ("10 mx1.usual.ex", "20 mx2.usual.ex"), "found", "v=spf1 mx -all"),
        findings=("mx.owner_is_alias",),
    ),
    "dangling.ex": Want("none", findings=("mx.none",)),
    "any.wild.ex": Want("mx", USUAL, "found", "v=spf1 mx -all"),
    "www.wild.ex": Want("implicit", findings=("mx.implicit",)),
    "twospf.ex": Want("mx", USUAL, "multiple"),
    "near.ex": Want("mx", USUAL, "found", "V=SPF1 MX -ALL"),
    "twodmarc.ex": Want("mx", USUAL, dmarc="multiple", findings=("dmarc.multiple_records",)),
    "noise.ex": Want("mx", USUAL, dmarc="found", dmarc_record="v=DMARC1; p=quarantine"),
    "sub.usual.ex": Want(
        # its own record is absent; the parent's, which applies, is not looked for yet
        *("mx", USUAL, "found", "v=spf1 redirect=usual.ex", "none"),
    ),
    "absent.ex": Want("nonexistent", exists="no", findings=("domain.nxdomain",)),
    "ex": Want("none", findings=("mx.none",)),
    "m5.ex": Want("unknown"),
    "m6.ex": Want("implicit", findings=("mx.dual_stack_partial_temperror",)),
    "m12.ex": Want("mx", ("10 t.m12.ex", "20 mx1.usual.ex"), findings=("mx.target_temperror",)),
    "m13.ex": Want("unknown", ("10 t.m13.ex", "20 dead.m13.ex"), findings=("mx.target_nxdomain",)),
    "m16.ex": Want("unknown", findings=("mx.temperror",)),
}
