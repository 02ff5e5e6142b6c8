"""Politeness, seen on the wire: the pace, who is left alone, and in what order servers are met.

DESIGN.md section 3, "Pace"; trust.md section 4. Questions handed to libunbound are told from those
that it makes itself (addresses of name servers, targets of aliases) by the lines: MX and TXT of a
line's domain, TXT of names that begin with _dmarc, addresses of a line's hosts are ours.
"""

import collections
import unittest

import harness
import packets
import scripted
import simnet
import wire

A, MX, TXT, AAAA = 1, 15, 16, 28
WINDOW_S = 10
ROOT_SERVER = "127.0.1.1"
PORT = 5399
SCRIPTED = ("--stub", f".=127.0.0.1@{PORT}", "--trust-anchor", "none", "--special-use")
ZONE = """
$TTL 300
@ SOA ns.ex. hostmaster.ex. 1 3600 900 604800 60
@ NS ns.ex.
ns.ex. A 127.0.0.1
*.ex. MX 10 mx.usual.ex.
mx.usual.ex. A 5.9.17.1
alias.ex. CNAME target.excluded.ex.
includes.ex. MX 10 mx.excluded.ex.
*.excluded.ex. MX 10 mx.usual.ex.
*.excluded.ex. A 5.9.17.2
"""


class OnTheWire(unittest.TestCase):
    """Sweeps of the simulated Internet."""

    def setUp(self):
        self.folder = harness.Folder()
        self.addCleanup(self.folder.remove)
        self.internet = simnet.Simnet(self.folder)
        self.addCleanup(self.internet.stop)

    def sweep(self, names, *options):
        """Lines by name, the summary, and the questions on the wire."""
        list_path = self.folder.write("list", "\n".join(names) + "\n")
        out, summary_path = self.folder.join("out.ndjson"), self.folder.join("summary")
        tap = wire.Tap()
        done = harness.run(
            *("scan", list_path, "-o", out, "--force", "--summary", summary_path),
            *(*self.internet.options, "--retry-wait", 0, *options),
        )
        questions = tap.stop()
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = harness.lines_by_index(out)
        self.assertEqual(sorted(lines), list(range(len(names))))
        by_name = {line["domain"]: line for line in lines.values()}
        return by_name, harness.read_json(summary_path), questions

    def test_rate(self):
        """The run's rate, with two workers, by the times at which questions were handed over."""
        rate = 600
        log = self.folder.join("questions")
        _, summary, questions = self.sweep(
            simnet.names(2000), "--rate", rate, "--tld-rate", 0, "-w", 2, "--question-log", log
        )
        with open(log, encoding="utf-8") as file:
            times = sorted(int(line.split()[3]) / 1e6 for line in file)
        print(
            f"\n{len(times)} questions sent, {len(questions)} packets; "
            f"most in {WINDOW_S} s: {wire.most_in_window(times, WINDOW_S)}"
        )
        self.assertEqual(len(times), summary["questions_sent"])
        self.assertGreater(len(questions), 0)
        self.assertGreater(times[-1] - times[0], WINDOW_S)
        self.assertLessEqual(wire.most_in_window(times, WINDOW_S), rate * WINDOW_S)
        self.assertLessEqual(wire.most_in_window(times, 1), rate * 1.25)
        mean = summary["questions_sent"] / (summary["elapsed_ms"] / 1000)
        self.assertGreater(mean, rate * 0.85, "slower than need be")

    def test_tld_rate(self):
        """First questions, the MX of a listed name at its TLD's servers, for each TLD."""
        tld_rate, count = 40, 1000
        names = simnet.names(count, ("com", "com", "com", "net", "org"))
        lines, summary, questions = self.sweep(names, "--rate", 2000, "--tld-rate", tld_rate)
        firsts = collections.defaultdict(dict)
        for question in questions:
            if question.name in lines and question.rdtype == MX and in_tld(question.server):
                tld = question.name.rpartition(".")[2]
                firsts[tld].setdefault(question.name, question.time_s)
        for tld, by_name in firsts.items():
            times = sorted(by_name.values())
            most = wire.most_in_window(times, WINDOW_S)
            print(f"\n{tld}: {len(times)} names in {times[-1] - times[0]:.1f} s, most {most}")
            self.assertLessEqual(most, tld_rate * WINDOW_S)
            self.assertLessEqual(wire.most_in_window(times, 1), tld_rate * 1.5)
        self.assertEqual(sum(map(len, firsts.values())), count)
        self.assertLess(summary["elapsed_ms"], 1000 * (count * 0.6 / tld_rate) * 1.25)

    def test_scattered(self):
        """No server meets more than three neighbours of a sorted list in a row."""
        names = sorted(simnet.names(3000))
        place = {name: i for i, name in enumerate(names)}
        _, _, questions = self.sweep(names, "--rate", 0)
        last, run, longest = {}, {}, 0
        for question in questions:
            at = place.get(question.name)
            if question.rdtype != MX or at is None or question.server == ROOT_SERVER:
                continue
            if last.get(question.server) == at:
                continue  # the same name again
            near = abs(at - last.get(question.server, -9)) == 1
            run[question.server] = run.get(question.server, 1) + 1 if near else 1
            last[question.server] = at
            longest = max(longest, run[question.server])
        print(f"\nlongest run of neighbours at a server: {longest}, servers {len(last)}")
        self.assertLessEqual(longest, 3)

    def test_excluded(self):
        """An excluded suffix, name and server block get no packet; their lines say so."""
        listed = self.folder.write(
            "exclude", "# leave us alone\n.org\nname1.net\naspmx.l.google.com\n127.80.0.0/12\n"
        )
        names = simnet.names(600, ("com", "net", "org"))
        lines, _, questions = self.sweep(names, "--rate", 0, "--exclude", listed)
        for name, line in lines.items():
            excluded = name.endswith(".org") or name == "name1.net"
            self.assertEqual("input.excluded" in harness.finding_ids(line), excluded, name)
            if excluded:
                self.assertEqual(set(line["grades"].values()), {"not_applicable"}, name)
                self.assertEqual(line["questions"], 0, name)
        named = [
            question
            for question in questions
            if below(question.name, "name1.net") or below(question.name, "aspmx.l.google.com")
            # addresses of name servers are libunbound's own need
            or (below(question.name, "org") and question.rdtype in (MX, TXT))
        ]
        self.assertEqual(named, [])
        blocked = [q for q in questions if 80 <= int(q.server.split(".")[1]) < 96]
        self.assertEqual(blocked, [])
        hosts = [
            host
            for line in lines.values()
            for host in line.get("hosts", ())
            if host["name"] == "aspmx.l.google.com"
        ]
        self.assertGreater(len(hosts), 10)
        self.assertEqual({(h["lookup_a"], h["lookup_aaaa"]) for h in hosts}, {("limit", "limit")})


class Scripted(unittest.TestCase):
    """What needs a server of our own."""

    def setUp(self):
        self.folder = harness.Folder()
        self.addCleanup(self.folder.remove)
        self.world = scripted.World({".": ZONE})
        self.asked, self.failing = [], False
        server = packets.Server(self.answer, port=PORT)
        self.addCleanup(server.stop)

    def answer(self, packet, over_tcp, _):
        before = len(self.world.questions)
        reply = self.world.reply(packet, over_tcp)
        now = harness.time.monotonic()
        self.asked += [(now, *question) for question in self.world.questions[before:]]
        return [] if reply is None else [reply]

    def run_scan(self, names, *options):
        list_path = self.folder.write("list", "\n".join(names) + "\n")
        out = self.folder.join("out.ndjson")
        done = harness.run("scan", list_path, "-o", out, *SCRIPTED, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return {line["domain"]: line for line in harness.lines_by_index(out).values()}

    def test_retries_keep_the_pace(self):
        """A TLD whose names all failed once is not asked faster the second time."""
        tld_rate, count = 50, 150
        names = [f"name{i}.ex" for i in range(count)]
        for name in names:
            self.world.fail(scripted.SERVFAIL, "MX", name)
        others = [f"name{i}.{tld}" for i in range(count) for tld in ("aa", "bb", "cc", "dd", "ee")]
        names += others  # so that failures do not slow the whole run down
        self.run_scan(
            *(names, "--rate", 2000, "--tld-rate", tld_rate, "--retries", 1),
            *("--retry-wait", 1, "--timeout", 2, "--progress", "never"),
        )
        firsts, again = {}, {}
        for time_s, name, rdtype in self.asked:
            if rdtype == "MX" and name.startswith("name") and below(name, "ex"):
                firsts.setdefault(name, time_s)
        gap = max(firsts.values()) + 0.9  # the second round begins a second after the first
        for time_s, name, rdtype in self.asked:
            if rdtype == "MX" and name in firsts and time_s > gap:
                again.setdefault(name, time_s)
        for what, times in (("first", firsts), ("again", again)):
            most = wire.most_in_window(sorted(times.values()), 1)
            print(f"\n{what}: {len(times)} names, most in a second {most}")
            self.assertEqual(len(times), count)
            with self.subTest(round=what):
                self.assertLessEqual(most, tld_rate * 1.5)

    def test_excluded_by_alias(self):
        """A question that an alias leads to an excluded name is not sent on."""
        listed = self.folder.write("exclude", ".excluded.ex\n")
        lines = self.run_scan(
            *(["alias.ex", "includes.ex", "plain.ex"], "--exclude", listed, "--rate", 0),
            *("--retries", 0, "--timeout", 2),
        )
        self.assertEqual(lines["includes.ex"]["hosts"][0]["lookup_a"], "limit")
        self.assertEqual(lines["plain.ex"]["receives"], "mx")
        self.assertEqual(
            [asked for asked in self.asked if below(asked[1], "excluded.ex")], [], "was asked"
        )


def first_times(questions, lines):
    """When each question of ours was first seen from each worker (two, by their ports)."""
    hosts = {host["name"] for line in lines.values() for host in line.get("hosts", ())}
    lowest = min(question.port for question in questions)
    first = {}
    for question in questions:
        if question.rdtype in (MX, TXT):
            ours = question.name in lines or question.name.startswith("_dmarc.")
        else:
            ours = question.name in hosts
        if ours:
            key = (question.port - lowest >= 512, question.rdtype, question.name)
            first.setdefault(key, question.time_s)
    return sorted(first.values())


def in_tld(server):
    return server.startswith("127.0.2.")


def below(name, suffix):
    return name == suffix or name.endswith("." + suffix)


if __name__ == "__main__":
    harness.main()
