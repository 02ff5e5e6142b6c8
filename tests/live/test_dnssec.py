"""Secure, insecure, bogus, absent, late and refused are told apart, against real signed zones.

Wants are from posture-rules.md sections 1.1, 1.4, 4.b and 14 and from what dnstree.py does to each
zone, never from the program's output.
"""

import unittest

import harness
from dnstree import Tree

SECURE = ("secure.lab", "nsec3.lab", "six.lab", "large.lab", "compact.lab")
INSECURE = ("insecure.lab", "island.lab", "plain.raw", "noglue.raw")
ALIAS = "alias.plain.raw"  # a CNAME to secure.lab
ALL_BOGUS = (
    "tampered.lab",
    "expired.lab",
    "future.lab",
    "nokey.lab",
    "wrongds.lab",
    "stripped.lab",
)
MX_BOGUS = ("mxtampered.lab", "mxhidden.lab")  # the MX question alone
HOST_BOGUS = ("hosthidden.lab", "bogushost.lab")  # MX fine, the host's address bogus
NO_SUCH_NAME = {
    "missing.lab": "secure",
    "nope.secure.lab": "secure",
    "nope.nsec3.lab": "secure",
    "nope.insecure.lab": "insecure",
    "missing.raw": "insecure",
}
BOGUS_ABSENCE = "nope.expired.lab"  # RCODE 3 with a signature long expired
COMPACT_ABSENCE = "nope.compact.lab"
BLACK_LIE = "nope.lies.lab"
SILENT, LAME, FAILING = "silent.lab", "lame.lab", "failing.lab"
OTHERS = ("null.lab", "implicit.lab", "empty.lab", "dmarcbogus.lab", "lies.lab")
DOMAINS = (
    *(*SECURE, *INSECURE, *ALL_BOGUS, *MX_BOGUS, *HOST_BOGUS, *NO_SUCH_NAME, *OTHERS),
    *(ALIAS, BOGUS_ABSENCE, COMPACT_ABSENCE, BLACK_LIE, SILENT, LAME, FAILING),
)


class Dnssec(unittest.TestCase):
    """One scan with the tree's trust anchor and one without, looked at from all sides."""

    @classmethod
    def setUpClass(cls):
        folder = harness.Folder()
        cls.addClassCleanup(folder.remove)
        cls.tree = Tree(folder)
        cls.addClassCleanup(cls.tree.stop)
        cls.tree.start()
        cls.lines = harness.scan(folder, DOMAINS, *cls.tree.options())
        cls.unanchored = harness.scan(folder, DOMAINS, *cls.tree.options(anchor="none"))

    def check(self, domain, wants, lines=None):
        """Asserts values at dotted paths of a domain's line."""
        line = (lines or self.lines)[domain]
        for path, want in wants.items():
            with self.subTest(domain=domain, path=path):
                self.assertEqual(harness.dig(line, path), want)

    def check_nothing_absent(self, domain, proven=frozenset()):
        """Asserts that no word of the line but `proven` says that something is not there."""
        line = self.lines[domain]
        with self.subTest(domain=domain):
            self.assertEqual(harness.absence_findings(line) - proven, set())
            self.assertNotEqual(line["exists"], "no")
            self.assertNotIn(line["receives"], ("none", "nonexistent"))
            for area in ("spf", "dmarc"):
                self.assertNotEqual(harness.dig(line, area + ".state"), "none")

    def check_mail(self, domain, dnssec, lines=None):
        """Asserts the whole posture of a domain with the zone body `MAIL`."""
        wants = {
            "exists": "yes",
            "receives": "mx",
            "mx.lookup": "ok",
            "mx.dnssec": dnssec,
            "spf.state": "found",
            "spf.record": "v=spf1 mx -all",
            "dmarc.state": "found",
            "dmarc.record": f"v=DMARC1; p=reject; rua=mailto:d@{domain}",
        }
        self.check(domain, wants, lines)
        line = (lines or self.lines)[domain]
        with self.subTest(domain=domain):
            self.assertEqual(
                line["mx"]["records"], [{"preference": 10, "host": "mail." + domain}]
            )
            self.assertEqual(
                {address["ip"] for address in line["hosts"][0]["addresses"]},
                {"5.9.17.3", "2a01:4f8:17::3"},
            )

    def test_secure(self):
        """Also NSEC3, compact denial, answers by TCP, and a zone whose only server is on ::1."""
        for domain in SECURE:
            self.check_mail(domain, "secure")
            self.assertNotIn("dnssec.bogus", harness.finding_ids(self.lines[domain]))

    def test_insecure(self):
        """Unsigned below signed, signed without DS, unsigned below unsigned, without glue."""
        for domain in INSECURE:
            self.check_mail(domain, "insecure")
            self.assertNotIn("dnssec.bogus", harness.finding_ids(self.lines[domain]))

    def test_alias_out_of_an_unsigned_zone(self):
        """The target is signed, the way there is not."""
        wants = {"exists": "yes", "receives": "mx", "mx.dnssec": "insecure"}
        self.check(ALIAS, wants | {"spf.state": "found", "dmarc.state": "none"})
        self.assertIn("mx.owner_is_alias", harness.finding_ids(self.lines[ALIAS]))

    def test_secure_absence(self):
        """Proven NODATA: null MX, implicit MX, nothing at all."""
        self.check("null.lab", {"receives": "null", "mx.dnssec": "secure", "spf.state": "found"})
        self.check("implicit.lab", {"receives": "implicit", "mx.lookup": "nodata"})
        wants = {"receives": "none", "exists": "yes", "spf.state": "none", "dmarc.state": "none"}
        self.check("empty.lab", wants | {"mx.dnssec": "secure", "mx.lookup": "nodata"})

    def test_bogus_zone(self):
        """All questions of the zone fail validation: all is unknown, nothing is absent."""
        for domain in ALL_BOGUS:
            wants = {
                "mx.lookup": "bogus",
                "mx.dnssec": "bogus",
                "receives": "unknown",
                "spf.state": "unknown",
                "dmarc.state": "unknown",
            }
            self.check(domain, wants)
            self.check_bogus_finding(domain)
            self.check_nothing_absent(domain)

    def check_bogus_finding(self, domain):
        """Asserts one or more `dnssec.bogus` of severity error."""
        severities = {
            finding["severity"]
            for finding in self.lines[domain]["findings"]
            if finding["id"] == "dnssec.bogus"
        }
        with self.subTest(domain=domain):
            self.assertEqual(severities, {"error"})

    def test_bogus_mx_alone(self):
        """A changed MX RRset, and a denial that the signed NSEC contradicts."""
        for domain in MX_BOGUS:
            self.check(domain, {"mx.lookup": "bogus", "receives": "unknown"})
            self.check(domain, {"spf.state": "found", "dmarc.state": "found"})
            self.check_bogus_finding(domain)
            self.check_nothing_absent(domain)

    def test_bogus_mail_host(self):
        """The MX is secure, its host cannot be validated: not broken, unknown."""
        for domain in HOST_BOGUS:
            self.check(domain, {"mx.lookup": "ok", "mx.dnssec": "secure", "receives": "unknown"})
            self.check_bogus_finding(domain)
            self.check_nothing_absent(domain)

    def test_bogus_dmarc_alone(self):
        """Rules V9: a delegated `_dmarc` is bogus, the rest is graded as ever."""
        wants = {"mx.dnssec": "secure", "receives": "mx", "spf.state": "found"}
        self.check("dmarcbogus.lab", wants | {"dmarc.lookup": "bogus", "dmarc.state": "unknown"})
        self.check_bogus_finding("dmarcbogus.lab")
        self.check_nothing_absent("dmarcbogus.lab", {"ptr.missing", "spf.helo_missing"})

    def test_bogus_absence(self):
        """RCODE 3 that does not validate says nothing."""
        self.check(BOGUS_ABSENCE, {"mx.lookup": "bogus", "exists": "unknown"})
        self.check(BOGUS_ABSENCE, {"receives": "unknown"})
        self.check_nothing_absent(BOGUS_ABSENCE)

    def test_no_such_name(self):
        for domain, dnssec in NO_SUCH_NAME.items():
            wants = {"exists": "no", "receives": "nonexistent", "mx.lookup": "nxdomain"}
            self.check(domain, wants | {"mx.dnssec": dnssec})
            self.assertIn("domain.nxdomain", harness.finding_ids(self.lines[domain]))

    def test_compact_denial(self):
        """RFC 9824: NOERROR with NXNAME is NXDOMAIN; the older lie without it is uncertain."""
        wants = {"exists": "no", "exists_basis": "dnssec", "receives": "nonexistent"}
        self.check(COMPACT_ABSENCE, wants | {"mx.lookup": "nxdomain"})
        self.check(BLACK_LIE, {"exists": "uncertain", "mx.lookup": "nodata"})
        self.check("lies.lab", {"exists": "yes", "receives": "mx"})

    def test_failures_are_no_answers(self):
        """Silence is `timeout`; REFUSED and SERVFAIL are `failed`; none is bogus or absent."""
        for domain, error in {SILENT: "timeout", LAME: "failed", FAILING: "failed"}.items():
            wants = {"mx.lookup": "temp", "mx.error": error, "receives": "unknown"}
            self.check(domain, wants | {"spf.state": "unknown", "dmarc.state": "unknown"})
            self.check_nothing_absent(domain)
            self.assertNotIn("dnssec.bogus", harness.finding_ids(self.lines[domain]))

    def test_without_trust_anchor(self):
        """Rules V6: nothing is validated, so nothing is bogus and all data counts."""
        self.assertFalse([d for d, line in self.unanchored.items() if says_bogus(line)])
        for domain in (*SECURE, *INSECURE, "expired.lab", "nokey.lab", "wrongds.lab"):
            self.check_mail(domain, "indeterminate", self.unanchored)
        for domain in NO_SUCH_NAME:
            wants = {"exists": "no", "receives": "nonexistent", "mx.dnssec": "indeterminate"}
            self.check(domain, wants, self.unanchored)
        self.check(SILENT, {"mx.lookup": "temp", "receives": "unknown"}, self.unanchored)


def says_bogus(value):
    """Whether `bogus` occurs anywhere in a line, in an id or as a value."""
    if isinstance(value, dict):
        return any(map(says_bogus, value.values()))
    if isinstance(value, list):
        return any(map(says_bogus, value))
    return value in ("bogus", "dnssec.bogus")


if __name__ == "__main__":
    harness.main()
