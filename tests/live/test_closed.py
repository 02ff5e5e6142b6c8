"""The closed worker (trust.md sections 6 and 8): what it does, and what it holds.

A sweep runs under strace, from its start, against the scripted server: after its door is shut no
worker opens, starts or signals anything, no call is refused that it needs, and every packet goes to
the server's port, TCP included. The descriptors and the rights of a running worker are read from
/proc. With MXSWEEP_WITHOUT_DOOR set to a second build (MXSWEEP_SANDBOX=OFF) the lines are compared.
"""

import collections
import glob
import os
import re
import subprocess
import time
import unittest

import harness
import scripted
import world

PORT = 5399
WORKERS = 2
DNS = ("--stub", f".=127.0.0.1@{PORT}", "--trust-anchor", "none", "--special-use")
SWEEP = (  # under strace all is slow: few questions in flight, and much time for each
    *("--rate", 0, "--retry-wait", 0, "--retries", 0, "-w", WORKERS),
    *("--in-flight", 100, "--timeout", 10),
)
DOOR = re.compile(r"^seccomp\(SECCOMP_SET_MODE_FILTER, .*\{len=\d+.* = 0$")
CALL = re.compile(r"^(\w+)\(")
# An attempt counts, whatever became of it.
NEVER = frozenset(
    "open openat openat2 creat execve execveat fork vfork clone clone3 kill tkill ptrace listen "
    "accept accept4 memfd_create mprotect prctl setsid dup dup2 dup3 pipe pipe2 ioctl".split()
)
FAMILIES = ("AF_INET", "AF_INET6")
READY_S = 20
NAMES = (*world.WANTS, *(f"name{number}.ex" for number in range(2500)))  # some for each worker
WITHOUT_DOOR = os.environ.get("MXSWEEP_WITHOUT_DOOR")
CHANGING = ("scanned_at", "elapsed_ms", "ttl")  # keys of a line, at any depth


class Closed(unittest.TestCase):
    """Every test heals the world and writes into a folder of its own."""

    @classmethod
    def setUpClass(cls):
        cls.world = scripted.World({".": world.ZONE + world.ZONE_OF_FAILING})
        server = scripted.Server(cls.world, port=PORT).start()
        cls.addClassCleanup(server.stop)

    def setUp(self):
        self.world.heal()
        self.folder = harness.Folder()
        self.addCleanup(self.folder.remove)
        self.list = self.folder.write("list", "".join(f"{name}\n" for name in NAMES))

    def command(self, program, out):
        """The command line of a sweep of the list by `program` into `out`."""
        words = (program, "scan", "-o", self.folder.join(out), self.list, *DNS, *SWEEP)
        return [str(word) for word in words]

    def sweep(self, out, *before, program=None):
        """The lines of a sweep, begun by the words `before`; it must succeed."""
        done = subprocess.run(
            [*before, *self.command(program or harness.scanner_path, out)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=120,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return harness.read_lines(self.folder.join(out))

    def trace(self):
        """Sweeps under strace; for each worker the calls it made after its door was shut."""
        prefix = self.folder.join("trace")
        strace = ("strace", "-ff", "-s", "8", "-o", prefix)
        self.assertEqual(len(self.sweep("traced.ndjson", *strace)), len(NAMES))
        traces = [calls_behind_door(path) for path in glob.glob(prefix + ".*")]
        traces = [calls for calls in traces if calls is not None]
        self.assertEqual(len(traces), WORKERS, "workers that shut their door")
        return traces

    def test_nothing_is_opened(self):
        for calls in self.trace():
            names = collections.Counter(name_of(call) for call in calls)
            self.assertGreater(names["sendto"], 100, "a worker had nothing to do")
            self.assertFalse(NEVER & set(names))
            self.assertFalse([call for call in calls if call.startswith("--- SIGSYS")])

    def test_nothing_needed_is_refused(self):
        """The list of calls is long enough: no call fails with EPERM or EACCES."""
        for calls in self.trace():
            self.assertFalse([call for call in calls if re.search(r"= -1 E(PERM|ACCES) ", call)])

    def test_packets_go_to_the_dns_only(self):
        """UDP and TCP sockets alone, and one port; with TCP, which Landlock sees."""
        self.world.fail(scripted.TRUNCATE, "TXT")
        connected = 0
        for calls in self.trace():
            for call in calls:
                name = name_of(call)
                if name == "socket":
                    self.assertIn(call[len("socket(") :].split(",")[0], FAMILIES)
                elif name in ("connect", "sendto", "sendmsg"):
                    ports = re.findall(r"sin6?_port=htons\((\d+)\)", call)
                    self.assertLessEqual(set(ports), {str(PORT)}, call)
                connected += name == "connect"
        self.assertGreater(connected, 0, "no question went over TCP")

    def test_a_running_worker(self):
        """Its descriptors: the channel, standard error, one epoll, UDP and TCP sockets."""
        self.world.fail(scripted.SILENT)
        log_path = self.folder.join("log")
        sweep = harness.Process(self.command(harness.scanner_path, "out.ndjson"), log_path)
        self.addCleanup(sweep.stop)
        for pid in closed_workers(sweep.process.pid):
            with self.subTest(worker=pid):
                self.check_descriptors(descriptors(pid), log_path)
                self.check_rights(status_of(pid))

    def check_descriptors(self, found, log_path):
        self.assertRegex(found.pop(0), r"^socket:")
        self.assertEqual({found.pop(1), found.pop(2)}, {log_path})
        kinds = collections.Counter(re.sub(r":?\[\d+\]$", "", target) for target in found.values())
        self.assertEqual(kinds.pop("anon_inode:[eventpoll]"), 1)
        self.assertGreater(kinds.pop("socket"), 0, "no question is on its way")
        self.assertFalse(kinds)

    def check_rights(self, status):
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(status["Seccomp"], "2")
        for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            self.assertEqual(int(status[name], 16), 0, name)

    @unittest.skipUnless(WITHOUT_DOOR, "MXSWEEP_WITHOUT_DOOR names no second build")
    def test_lines_are_the_same_without_the_door(self):
        self.world.fail(scripted.TRUNCATE, "TXT")
        closed = self.sweep("closed.ndjson")
        without = self.sweep("open.ndjson", program=WITHOUT_DOOR)
        self.assertEqual(by_index(closed), by_index(without))


def calls_behind_door(path):
    """The lines of a trace after the filter was loaded; None when it never was."""
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    doors = [number for number, line in enumerate(lines) if DOOR.match(line)]
    return lines[doors[-1] + 1 :] if doors else None


def name_of(call):
    found = CALL.match(call)
    return found.group(1) if found else ""


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def status_of(pid):
    """/proc/PID/status as a dict."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(line.rstrip("\n").replace("\t", " ").split(": ", 1) for line in file)


def descriptors(pid):
    """Number to target of what a process has open."""
    folder = f"/proc/{pid}/fd"
    return {int(fd): os.readlink(os.path.join(folder, fd)) for fd in os.listdir(folder)}


def closed_workers(supervisor):
    """The workers of a running sweep, as soon as each has shut its door and asked something."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        pids = children(supervisor)
        if len(pids) == WORKERS and all(is_at_work(pid) for pid in pids):
            return pids
        time.sleep(0.02)
    raise AssertionError("the workers did not shut their doors")


def is_at_work(pid):
    sockets = [target for target in descriptors(pid).values() if target.startswith("socket:")]
    return status_of(pid)["Seccomp"].strip() == "2" and len(sockets) > 1


def without_changing(value):
    """A line without what differs from run to run."""
    if isinstance(value, dict):
        return {key: without_changing(v) for key, v in value.items() if key not in CHANGING}
    if isinstance(value, list):
        return [without_changing(element) for element in value]
    return value


def by_index(lines):
    return {line["index"]: without_changing(line) for line in lines}


if __name__ == "__main__":
    harness.main()
