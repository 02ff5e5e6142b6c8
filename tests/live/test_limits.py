"""Few descriptors, few ports: correct, or refused at start in one line (G7)."""

import os
import resource
import unittest

import harness
import simnet

NAMES = 1500
LIMITS = (16, 32, 64, 128, 256, 1024)
PLENTY = 20_000
SWEEP = ("--rate", 0, "--retry-wait", 0, "--retries", 0, "-w", 2)


class Limits(unittest.TestCase):
    """Each limit is soft and hard at once, so that the program cannot raise it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = harness.Folder()
        cls.addClassCleanup(cls.folder.remove)
        internet = simnet.Simnet(cls.folder)
        cls.addClassCleanup(internet.stop)
        cls.list = cls.folder.write("list", "\n".join(simnet.names(NAMES)) + "\n")
        cls.dns = internet.options
        done = cls.sweep("plenty", PLENTY)
        assert done.returncode == 0, done.stderr
        cls.plenty = cls.lines("plenty")

    @classmethod
    def sweep(cls, name, limit, *options):
        def confine():
            harness.die_with_parent()
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

        out = ("-o", cls.folder.join(name + ".ndjson"), "--summary", cls.folder.join(name))
        return harness.run(
            "scan", cls.list, *out, *cls.dns, *SWEEP, *options, preexec_fn=confine, timeout_s=60
        )

    @classmethod
    def lines(cls, name):
        path = cls.folder.join(name + ".ndjson")
        return {i: harness.without_times(line) for i, line in harness.lines_by_index(path).items()}

    def check_same(self, name, done):
        """The lines of a sweep that went on are those of one with plenty."""
        self.assertEqual(done.returncode, 0, done.stderr)
        summary = harness.read_json(self.folder.join(name))
        print(f"\n{name}: {summary['answers']}, {summary['elapsed_ms']} ms")
        self.assertEqual(summary["workers_lost"], 0)
        self.assertLessEqual(summary["answers"]["temp"] * 100, summary["questions_sent"])
        self.assertEqual(self.lines(name), self.plenty)

    def test_descriptors(self):
        refused = []
        for limit in LIMITS:
            with self.subTest(limit=limit):
                name = f"limit-{limit}"
                done = self.sweep(name, limit)
                if done.returncode == 0:
                    self.check_same(name, done)
                    continue
                refused.append(limit)
                self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn("open files", done.stderr)
                self.assertFalse(os.path.exists(self.folder.join(name + ".ndjson")))
        print(f"\nrefused: {refused}")
        self.assertNotIn(1024, refused, "a usual limit must do")
        self.assertNotIn(256, refused)

    def test_few_ports(self):
        for ports in (1, 16, 100):
            with self.subTest(ports=ports):
                name = f"ports-{ports}"
                done = self.sweep(name, PLENTY, "--ports", ports)
                if ports == 1 and done.returncode != 0:
                    self.assertEqual(done.returncode, 1)
                    self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                    continue
                self.check_same(name, done)

    def test_no_ports(self):
        """None at all is wrong usage: it would make the library crash."""
        self.assertEqual(self.sweep("ports-0", PLENTY, "--ports", 0).returncode, 2)


if __name__ == "__main__":
    harness.main()
