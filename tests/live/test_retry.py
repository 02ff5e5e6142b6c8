"""The queue `again`: what failed is asked again by workers with fresh caches, then it is final."""

import collections
import signal
import time
import unittest

import dns.rdatatype

import harness
import packets
import scripted

PORT = 5399
DNS = ("--stub", f".=127.0.0.1@{PORT}", "--trust-anchor", "none", "--special-use")
ZONE = """
$TTL 300
@ SOA ns.ex. hostmaster.ex. 1 3600 900 604800 60
@ NS ns.ex.
ns.ex. A 127.0.0.1
*.ex. MX 10 mx.usual.ex.
*.ex. TXT "v=spf1 -all"
mx.usual.ex. A 5.9.17.1
"""
QUESTIONS = {"MX": ("mx.lookup", "ok"), "TXT": ("spf.state", "found")}


class Recovering(scripted.World):
    """A world in which some questions fail until a worker has asked them so many rounds.

    libunbound asks a failing server several times for one question of ours; what comes within a
    second of the first is one round.
    """

    def __init__(self):
        super().__init__({".": ZONE})
        self.failures = {}  # (name, type) -> rounds that fail
        self.rounds = collections.defaultdict(list)  # (name, type) -> when each began

    def mode_for(self, name, rdtype):
        question = (name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(rdtype))
        rounds, now = self.rounds[question], time.monotonic()
        if not rounds or now - rounds[-1] > 0.9:
            rounds.append(now)
        if len(rounds) <= self.failures.get(question, 0):
            return scripted.SERVFAIL
        return super().mode_for(name, rdtype)


class Retry(unittest.TestCase):
    def setUp(self):
        self.folder = harness.Folder()
        self.addCleanup(self.folder.remove)
        self.world = Recovering()
        server = packets.Server(packets.handler_of(self.world), port=PORT)
        self.addCleanup(server.stop)
        self.out, self.summary = self.folder.join("out.ndjson"), self.folder.join("summary")

    def arguments(self, names, *options):
        return (
            *("scan", self.folder.write("list", "\n".join(names) + "\n"), "-o", self.out),
            *("--summary", self.summary, *DNS, "--timeout", 3, "-w", 2, *options),
        )

    def sweep(self, names, *options):
        """Lines by name, and the summary."""
        done = harness.run(*self.arguments(names, "--rate", 0, *options))
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = harness.lines_by_index(self.out)
        self.assertEqual(sorted(lines), list(range(len(names))))
        return {line["domain"]: line for line in lines.values()}, harness.read_json(self.summary)

    def check(self, failing_rounds, retries, want_ok):
        """Two failing names among forty: each has one line, unknown or not."""
        bad = {"bad1.ex": "MX", "bad2.ex": "TXT"}
        for name, rdtype in bad.items():
            self.world.failures[name, rdtype] = failing_rounds
        names = [f"good{i}.ex" for i in range(40)] + list(bad)
        lines, summary = self.sweep(names, "--retries", retries, "--retry-wait", 1)
        for name, rdtype in bad.items():
            path, value = QUESTIONS[rdtype]
            with self.subTest(name=name):
                if want_ok:
                    self.assertEqual(harness.dig(lines[name], path), value)
                else:
                    self.assertIn(harness.dig(lines[name], path), ("temp", "unknown"))
        counts = {key: summary[key] for key in ("read", "written", "unknown_lines", "retried")}
        rounds = max(0, min(retries, failing_rounds))
        self.assertEqual(
            counts,
            {
                "read": len(names),
                "written": len(names),
                "unknown_lines": 0 if want_ok else 2,
                "retried": 2 * rounds,
            },
        )
        self.assertEqual(len(self.world.rounds["good0.ex", "MX"]), 1, "what is known is not asked")

    def test_heals_in_time(self):
        self.check(failing_rounds=1, retries=1, want_ok=True)

    def test_no_retries(self):
        self.check(failing_rounds=1, retries=0, want_ok=False)

    def test_two_rounds(self):
        self.check(failing_rounds=2, retries=2, want_ok=True)

    def test_too_few_rounds(self):
        self.check(failing_rounds=3, retries=2, want_ok=False)

    def test_waits(self):
        """A name is not tried again before --retry-wait seconds."""
        self.world.failures["bad.ex", "MX"] = 1
        self.sweep(["bad.ex"], "--retries", 1, "--retry-wait", 3)
        first, second = self.world.rounds["bad.ex", "MX"]
        self.assertGreaterEqual(second - first, 3)
        self.assertLess(second - first, 6)

    def test_timeouts(self):
        """A silent server: a name that timed out is tried again too."""
        self.world.fail(scripted.SILENT, "MX", "silent.ex")
        lines, summary = self.sweep(
            ["good.ex", "silent.ex"], "--retries", 2, "--retry-wait", 1, "--timeout", 1
        )
        self.assertEqual(lines["silent.ex"]["mx"]["error"], "timeout")
        self.assertEqual(lines["good.ex"]["mx"]["lookup"], "ok")
        self.assertEqual(summary["retried"], 2)

    def interrupt(self, number, *options):
        """Interrupts a sweep whose only unfinished names wait; gives its status and lines."""
        bad = [f"bad{i}.ex" for i in range(5)]
        for name in bad:
            self.world.failures[name, "MX"] = 9
        names = [f"good{i}.ex" for i in range(40)] + bad
        run = harness.Run(
            self.folder, *self.arguments(names, "--retries", 1, "--retry-wait", 60, *options)
        )
        self.addCleanup(run.stop)
        time.sleep(4)
        self.assertFalse(run.has_ended(), "it was to wait")
        self.assertEqual(run.workers(), [], "nobody has work while it waits")
        began = time.monotonic()
        run.process.send_signal(number)
        status = run.wait(20)
        self.assertLess(time.monotonic() - began, 5)
        lines = {line["domain"]: line for line in harness.lines_by_index(self.out).values()}
        self.assertEqual(set(lines), set(names), "what is known is written")
        for name in bad:
            self.assertEqual(lines[name]["mx"]["lookup"], "temp")
        self.assertEqual(harness.read_json(self.summary)["written"], len(names))
        return status

    def test_interrupt_while_waiting(self):
        self.assertEqual(self.interrupt(signal.SIGINT, "--rate", 0), 130)

    def test_end_while_waiting(self):
        """SIGTERM, and with a pace."""
        self.assertEqual(self.interrupt(signal.SIGTERM, "--rate", 500), 143)


if __name__ == "__main__":
    harness.main()
