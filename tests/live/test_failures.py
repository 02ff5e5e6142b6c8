"""A question that fails must never become "not there" (DESIGN.md section 7, rules 1.1).

First the fixture world (world.py) is scanned whole and its lines are compared with wants written by
hand. Then questions are made to fail, by type and name by name, and each line is compared with its
whole one: what differs must have become unknown, and no finding may appear that the whole answers
do not support.
"""

import unittest

import harness
import scripted
import world

PORT = 5399
OPTIONS = ("--stub", f".=127.0.0.1@{PORT}", "--trust-anchor", "none", "--special-use")
TYPES = ("MX", "A", "AAAA", "TXT")
MODES = (scripted.SERVFAIL, scripted.SILENT)
OTHER_MODES = (
    *(scripted.REFUSED, scripted.FORMERR, scripted.NOTIMP),
    *(scripted.MALFORMED, scripted.TRUNCATE_DEAD),
)
SINGLE_NAMES = (
    *(("TXT", "_dmarc.usual.ex"), ("TXT", "usual.ex"), ("MX", "usual.ex"), ("A", "mx1.usual.ex")),
    *(("TXT", "_dmarc.null.ex"), ("TXT", "null.ex"), ("A", "implicit.ex"), ("TXT", "_dmarc.ex")),
    *(("A", "dead.half.ex"), ("A", "m.bare.ex"), ("AAAA", "m.six.ex"), ("A", "a.deadalias.ex")),
    *(("MX", "absent.ex"), ("TXT", "_dmarc.sub.usual.ex"), ("A", "nothing.ex")),
)
# Statements of a line: dotted paths whose value may only turn into one of UNKNOWN.
STATEMENTS = (
    *("exists", "role", "receives", "sends", "overall"),
    *("spoofability.self", "spoofability.subdomains", "spoofability.nonexistent"),
    *("spoofability.envelope", "mx.lookup", "mx.records", "spf.lookup", "spf.state"),
    *("spf.record", "spf.result", "spf.all", "spf.own_mx", "dkim.domainkey", "dmarc.lookup"),
    *("dmarc.state", "dmarc.record", "dmarc.found_at", "dmarc.policy.self"),
    *("dmarc.policy.subdomains", "dmarc.policy.nonexistent", "mta_sts.lookup", "mta_sts.state"),
    *("tls_rpt.lookup", "tls_rpt.state", "dmarc.organizational_domain"),
)
UNKNOWN = (None, [], "unknown", "temp", "temperror", "limit")
# Findings that say no more than that a question failed.
TRANSIENT = ("temperror", "walk_incomplete")
ABSENCES = ("no", "none", "absent", "nxdomain", "undeclared")
JUDGEMENTS = ("grades.", "overall", "role", "spoofability.")


class Failures(unittest.TestCase):
    """Each test heals the world, breaks something and scans all domains."""

    @classmethod
    def setUpClass(cls):
        cls.folder = harness.Folder()
        cls.addClassCleanup(cls.folder.remove)
        cls.world = scripted.World({".": world.ZONE + world.ZONE_OF_FAILING})
        server = scripted.Server(cls.world, port=PORT).start()
        cls.addClassCleanup(server.stop)
        cls.checked = 0
        cls.found = []
        cls.addClassCleanup(cls.report)
        cls.whole = cls.scan()

    @classmethod
    def report(cls):
        print(f"\n{cls.checked} domains x modes checked, violations {len(cls.found)}")

    @classmethod
    def scan(cls, *rules):
        """Scans all domains with `rules` (mode, type, name) after those that always fail."""
        cls.world.heal()
        for rule in (*world.ALWAYS_FAILING, *rules):
            cls.world.fail(*rule)
        return harness.scan(cls.folder, world.WANTS, *OPTIONS, "--timeout", 2)

    def test_whole(self):
        """The answers as they are give what the rules say."""
        for domain, want in world.WANTS.items():
            line = self.whole[domain]
            records = harness.dig(line, "mx.records") or []
            with self.subTest(domain=domain):
                self.assertEqual(line["receives"], want.receives)
                self.assertEqual(line["exists"], want.exists)
                self.assertEqual(
                    tuple(f"{record['preference']} {record['host']}" for record in records),
                    want.mx,
                )
                self.assertLessEqual(set(want.findings), harness.finding_ids(line))
            if want.receives != "nonexistent":
                self.check_texts(domain, want)

    def check_texts(self, domain, want):
        """Asserts SPF and DMARC state and record."""
        wants = {
            "spf.state": want.spf,
            "spf.record": want.spf_record,
            "dmarc.state": want.dmarc,
            "dmarc.record": want.dmarc_record,
        }
        for path, value in wants.items():
            with self.subTest(domain=domain, path=path):
                self.assertEqual(harness.dig(self.whole[domain], path), value)

    def test_nothing_needless_is_asked(self):
        """No address of a literal target; one question for a name that does not exist."""
        self.scan()
        asked = self.world.questions
        self.assertFalse([name for name, _ in asked if name == "198.51.100.7"])
        self.assertEqual({q for q in asked if q[0].endswith("absent.ex")}, {("absent.ex", "MX")})

    def test_types(self):
        for mode in MODES:
            for rdtype in TYPES:
                self.check_rules(f"{rdtype} {mode}", (mode, rdtype, None))

    def test_single_names(self):
        for rdtype, name in SINGLE_NAMES:
            rule = (scripted.SERVFAIL, rdtype, name)
            self.check_rules(f"{name} {rdtype} {scripted.SERVFAIL}", rule)

    def test_other_modes(self):
        """Every way to fail, for every question at once."""
        for mode in OTHER_MODES:
            self.check_rules(f"all {mode}", (mode, None, None))

    def test_truncation_changes_nothing(self):
        """TC with TCP that works is no failure."""
        lines = self.scan((scripted.TRUNCATE, None, None))
        for domain, line in lines.items():
            with self.subTest(domain=domain):
                self.assertEqual(statements(line), statements(self.whole[domain]))

    def check_rules(self, label, *rules):
        """Scans with `rules` and asserts that no line claims more than its whole one."""
        lines = self.scan(*rules)
        violations = [
            f"{label}: {domain}: {violation}"
            for domain, whole in self.whole.items()
            for violation in violations_of(whole, lines[domain])
        ]
        type(self).checked += len(lines)
        self.found.extend(violations)
        with self.subTest(failing=label):
            self.assertFalse(violations, "\n" + "\n".join(violations))
            self.assertNotEqual(
                [statements(line) for line in lines.values()],
                [statements(line) for line in self.whole.values()],
                "nothing failed: the rule did not bite",
            )


def statements(line):
    """The statements of a line: path to value; lists of objects and hosts included."""
    values = {path: harness.dig(line, path) for path in STATEMENTS}
    for host in line.get("hosts") or ():
        for key in ("lookup_a", "lookup_aaaa", "alias"):
            values[f"hosts[{host['name']}].{key}"] = host.get(key)
    for area, grade in (line.get("grades") or {}).items():
        values["grades." + area] = grade
    return values


def violations_of(whole, partial):
    """What `partial` states although the line of the whole answers does not."""
    before, after = statements(whole), statements(partial)
    for path, value in after.items():
        if not is_supported(path, value, before, after):
            yield f"{path}: {before.get(path)} -> {value}"
    for identifier in sorted(harness.finding_ids(partial) - harness.finding_ids(whole)):
        if identifier.endswith(TRANSIENT):
            continue
        if before["exists"] == "no" and identifier.endswith(harness.ABSENCE_ENDINGS):
            continue
        yield f"new finding {identifier}"


def is_supported(path, value, before, after):
    """Whether the whole answers bear out a statement made on some of them."""
    if value in UNKNOWN or value == before.get(path):
        return True
    if path == "role" and after["sends"] == "unknown":
        return True  # rules 16.2 keeps `mail` and `broken` for it
    # Of a name that does not exist everything is absent: with its MX question failed the others
    # may say so, where the whole line had nothing to say.
    return before["exists"] == "no" and (value in ABSENCES or path.startswith(JUDGEMENTS))


if __name__ == "__main__":
    harness.main()
