"""A worker that dies or hangs costs no line, and nobody's but a poison name's is changed (G5).

Workers are ended at random moments of a sweep; and by a name server that ends whichever worker asks
it for a certain name. MXSWEEP_CRASH_NAMES is the size of the random sweep (20,000 for the weekly
run), MXSWEEP_CRASH_SEED repeats one.
"""

import os
import random
import re
import signal
import time
import unittest

import dns.message
import dns.rdatatype

import harness
import packets
import scripted
import simnet

NAMES = int(os.environ.get("MXSWEEP_CRASH_NAMES", "6000"))
SEED = int(os.environ.get("MXSWEEP_CRASH_SEED") or time.time_ns() % 1_000_000)
MOMENTS = 20
QUESTIONS_PER_NAME = 4.65  # in simnet's world, caches included
SWEEP_S = 22  # what the random sweep is to last
SIGNALS = (signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP)
HUNG_S = 4  # three deadlines of --timeout 1, and a second
SMALL_FRAMES = ("--frame-size", 16384)
PORT = 5399
SCRIPTED = ("--stub", f".=127.0.0.1@{PORT}", "--trust-anchor", "none", "--special-use")
ZONE = """
$TTL 300
@ SOA ns.ex. hostmaster.ex. 1 3600 900 604800 60
@ NS ns.ex.
ns.ex. A 127.0.0.1
*.ex. MX 10 mx.usual.ex.
*.ex. TXT "v=spf1 -all"
mx.usual.ex. A 5.9.17.1
mx.deadly.ex. A 5.9.17.2
"""
DEADLY_HOST = "".join(f"guest{i}.ex. MX 10 mx.deadly.ex.\n" for i in range(3))


class Random(unittest.TestCase):
    """Workers ended from outside, at moments the seed decides."""

    def test_random_moments(self):
        print(f"\nseed {SEED}, {NAMES} names")
        folder = harness.Folder()
        self.addCleanup(folder.remove)
        internet = simnet.Simnet(folder)
        self.addCleanup(internet.stop)
        list_path = folder.write("list", "\n".join(simnet.names(NAMES)) + "\n")
        common = ("scan", list_path, *internet.options, "--retry-wait", 0, "-w", 3, *SMALL_FRAMES)
        calm, disturbed = folder.join("calm.ndjson"), folder.join("disturbed.ndjson")
        done = harness.run(*common, "-o", calm, "--rate", 0)
        self.assertEqual(done.returncode, 0, done.stderr)
        rate = int(NAMES * QUESTIONS_PER_NAME / SWEEP_S)
        run = harness.Run(
            folder,
            *(*common, "-o", disturbed, "--rate", rate, "--tld-rate", 0, "--timeout", 1),
            *("--summary", folder.join("summary")),
        )
        self.addCleanup(run.stop)
        sent = self.disturb(run)
        self.assertEqual(run.wait(120), 0, run.stderr())
        summary = harness.read_json(folder.join("summary"))
        print(f"sent {sent}; {summary['workers_lost']} workers lost, {summary['elapsed_ms']} ms")
        self.assertGreaterEqual(sum(sent.values()), MOMENTS * 3 // 4, "the sweep was too short")
        self.assertLessEqual(summary["workers_lost"], sum(sent.values()), run.stderr())
        # one or two may have been about to leave
        self.assertGreaterEqual(summary["workers_lost"], sum(sent.values()) - 2, run.stderr())
        self.compare(calm, disturbed, run.stderr())

    def disturb(self, run):
        """Signals a random worker now and then until the run or the moments are over."""
        chance = random.Random(SEED)
        sent = dict.fromkeys((number.name for number in SIGNALS), 0)
        stopped = set()
        for moment in range(MOMENTS):
            time.sleep(chance.uniform(0.3, 1.5))
            workers = sorted(set(run.workers()) - stopped)
            if run.has_ended():
                break
            if not workers:
                continue
            pid, number = chance.choice(workers), SIGNALS[moment % len(SIGNALS)]
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
            sent[number.name] += 1
            stopped.add(pid)
        return sent

    def compare(self, calm, disturbed, said):
        """The same lines; a name may be `internal` only if its worker died while it was alone."""
        wanted, got = harness.lines_by_index(calm), harness.lines_by_index(disturbed)
        self.assertEqual(sorted(got), list(range(NAMES)))
        different = [
            index
            for index, line in got.items()
            if harness.without_times(line) != harness.without_times(wanted[index])
        ]
        internal = [index for index in different if is_internal(got[index])]
        self.assertEqual(different, internal, [got[index] for index in different[:3]])
        self.assertLessEqual(len(internal), len(re.findall(r"its 1 names are tried", said)), said)


class Poison(unittest.TestCase):
    """A name server that signals the worker that asks it about a poisonous name."""

    def setUp(self):
        self.folder = harness.Folder()
        self.addCleanup(self.folder.remove)
        self.world = scripted.World({".": ZONE + DEADLY_HOST})
        server = packets.Server(self.answer, port=PORT)
        self.addCleanup(server.stop)
        self.poison, self.signal = {"poison.ex"}, signal.SIGKILL
        self.run, self.ended = None, []

    def answer(self, packet, over_tcp, peer):
        """No answer but a signal for a poisonous name."""
        question = dns.message.from_wire(packet).question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        if name not in self.poison:
            return [self.world.reply(packet, over_tcp)]
        pid = packets.owner_of_port(peer[1], self.run.workers())
        if pid is not None and pid not in self.ended:
            self.ended.append(pid)
            os.kill(pid, self.signal)
        return []

    def sweep(self, names, *options, timeout_s=60):
        """Sweeps the names, which must all have their line; gives lines by name and the summary."""
        list_path = self.folder.write("list", "\n".join(names) + "\n")
        out, summary = self.folder.join("out.ndjson"), self.folder.join("summary")
        self.run = harness.Run(
            self.folder,
            *("scan", list_path, "-o", out, "--summary", summary, *SCRIPTED, "--rate", 0),
            *("--retry-wait", 0, "-w", 2, "--timeout", 1, *options),
        )
        self.addCleanup(self.run.stop)
        self.assertEqual(self.run.wait(timeout_s), 0, self.run.stderr())
        lines = harness.lines_by_index(out)
        self.assertEqual(sorted(lines), list(range(len(names))))
        return {line["domain"]: line for line in lines.values()}, harness.read_json(summary)

    def check(self, lines, poisonous):
        """Those lines, and no others, say `internal`; the others say what the zone says."""
        self.assertEqual({n for n, line in lines.items() if is_internal(line)}, set(poisonous))
        for name, line in lines.items():
            if name in poisonous:
                self.assertEqual((line["mx"]["lookup"], line["receives"]), ("temp", "unknown"))
            else:
                self.assertEqual((line["receives"], line["spf"]["state"]), ("mx", "found"), line)

    def test_killed(self):
        lines, summary = self.sweep(some_names("poison.ex"))
        self.check(lines, ["poison.ex"])
        self.assertEqual(summary["workers_lost"], 3, "in a crowd, among few, alone")
        self.assertEqual(self.run.stderr().count("was ended by signal 9"), 3, self.run.stderr())
        self.assertLess(summary["elapsed_ms"], 4000, "nobody waits for the dead")

    def test_segmentation_fault(self):
        self.signal = signal.SIGSEGV
        lines, _ = self.sweep(some_names("poison.ex"))
        self.check(lines, ["poison.ex"])

    def test_hung(self):
        """SIGSTOP: three times three deadlines of a second each."""
        self.signal = signal.SIGSTOP
        lines, summary = self.sweep(some_names("poison.ex"))
        self.check(lines, ["poison.ex"])
        self.assertLess(summary["elapsed_ms"], (3 * HUNG_S + 10) * 1000)

    def test_two_and_alone(self):
        """Two poisonous names side by side; and a list of nothing else."""
        self.poison = {"poison.ex", "venom.ex"}
        lines, _ = self.sweep(some_names("poison.ex", "venom.ex"))
        self.check(lines, self.poison)
        lines, _ = self.sweep(["venom.ex"], "--force")
        self.check(lines, ["venom.ex"])

    def test_poisonous_host(self):
        """A mail host that kills: each domain that names it, and no other."""
        self.poison = {"mx.deadly.ex"}
        guests = ["guest0.ex", "guest1.ex", "guest2.ex"]
        lines, _ = self.sweep(some_names(*guests))
        self.assertEqual({n for n, line in lines.items() if is_internal(line)}, set(guests))

    def test_with_a_rate(self):
        lines, _ = self.sweep(some_names("poison.ex"), "--rate", 500, "--tld-rate", 0)
        self.check(lines, ["poison.ex"])


def some_names(*more):
    return [f"name{i}.ex" for i in range(200)] + list(more)


def is_internal(line):
    """Whether the line says that something of ours failed."""
    return '"error": "internal"' in harness.json.dumps(line)


if __name__ == "__main__":
    harness.main()
