"""What every live test needs: a private network, a temporary folder, servers, and the scanner.

A test calls `main()`. That moves the process into a user and network namespace of its own (so that
port 53 is free, no packet leaves, and no root is needed), brings loopback up, and runs unittest.
"""

import atexit
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

INSIDE = "MXSWEEP_LIVE_NAMESPACE"
GLOBAL_IPV6 = "2001:4860:53::1/128"  # gives the namespace a global IPv6 route: do-ip6 stays on
PR_SET_PDEATHSIG = 1

scanner_path = None  # set by main(): the program under test


def enter_namespace():
    """Executes this script again inside `unshare -Urn`, or prepares loopback if it is in one."""
    if os.environ.get(INSIDE) != "1":
        os.environ[INSIDE] = "1"
        # root in a chroot may make a network namespace, but no user namespace
        both = subprocess.run(["unshare", "-Urn", "true"], check=False, stderr=subprocess.DEVNULL)
        how = "-Urn" if both.returncode == 0 else "-n"
        os.execvp("unshare", ["unshare", how, sys.executable] + sys.argv)
    for command in (
        "ip link set lo up",
        f"ip -6 addr add {GLOBAL_IPV6} dev lo nodad",
        "ip -6 route add default dev lo",
    ):
        subprocess.run(command.split(), check=False, stderr=subprocess.DEVNULL)


def main():
    """Runs the unittest cases of the calling script: `test_X.py MXSWEEP [UNITTEST ARGUMENTS]`."""
    global scanner_path
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} /path/to/mxsweep [unittest arguments]")
    enter_namespace()
    scanner_path = os.path.abspath(sys.argv[1])
    if not os.access(scanner_path, os.X_OK):
        sys.exit(f"{scanner_path}: not an executable file")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # unittest lets this one through
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)


def die_with_parent():
    """Runs in a child before exec: the kernel ends it when the test is gone, however that ended."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """A server started by the test, in a process group of its own, ended by its pid."""

    def __init__(self, arguments, log_path, pass_fds=()):
        with open(log_path, "ab") as log:
            self.process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=pass_fds,
                preexec_fn=die_with_parent,
            )
        self.log_path = log_path

    def log(self):
        """What the server has printed so far."""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def has_ended(self):
        return self.process.poll() is not None

    def stop(self):
        """Ends the process group; safe to call twice."""
        if self.has_ended():
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Run:
    """The scanner in the background, for tests that do something to it while it works."""

    def __init__(self, folder, *arguments, **options):
        """`options` are Popen's; standard error goes to a file."""
        self.error_path = folder.join(f"stderr-{time.monotonic_ns()}")
        with open(self.error_path, "wb") as errors:
            self.process = subprocess.Popen(
                [scanner_path, *map(str, arguments)],
                stdin=options.pop("stdin", subprocess.DEVNULL),
                stdout=options.pop("stdout", subprocess.DEVNULL),
                stderr=errors,
                preexec_fn=options.pop("preexec_fn", die_with_parent),
                **options,
            )

    def stderr(self):
        """What it has said so far."""
        with open(self.error_path, encoding="utf-8", errors="replace") as errors:
            return errors.read()

    def has_ended(self):
        return self.process.poll() is not None

    def workers(self):
        """The process ids of its workers."""
        pid = self.process.pid
        try:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
                return [int(child) for child in children.read().split()]
        except OSError:
            return []

    def wait(self, timeout_s):
        """Its exit status; a hang is a test failure (TimeoutExpired)."""
        try:
            return self.process.wait(timeout_s)
        finally:
            self.stop()

    def stop(self):
        """Ends it, and with it its workers; safe to call twice."""
        if not self.has_ended():
            self.process.kill()
            self.process.wait()


class Folder:
    """A temporary folder that `remove()` deletes, and the end of the program at the latest."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="mxsweep-live-")
        atexit.register(self.remove)

    def join(self, *parts):
        return os.path.join(self.path, *parts)

    def write(self, name, text):
        """Writes a text file and returns its path."""
        path = self.join(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


def run(*arguments, timeout_s=120, **options):
    """Runs the scanner and waits; a hang is a test failure (TimeoutExpired), not a hang."""
    return subprocess.run(
        [scanner_path, *map(str, arguments)],
        stdin=options.pop("stdin", subprocess.DEVNULL),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=timeout_s,
        text=True,
        **options,
    )


def read_lines(path):
    """The NDJSON objects of a plain file."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


TIMES = ("scanned_at", "elapsed_ms", "ttl")


def without_times(value):
    """A line (or a part of it) without what differs from run to run."""
    if isinstance(value, dict):
        return {key: without_times(inner) for key, inner in value.items() if key not in TIMES}
    return [without_times(inner) for inner in value] if isinstance(value, list) else value


def lines_by_index(path):
    """The lines of a plain dataset by index. Fails when one is there twice."""
    lines = read_lines(path)
    indexed = {line["index"]: line for line in lines}
    if len(indexed) != len(lines):
        raise AssertionError(f"{len(lines) - len(indexed)} lines are there twice")
    return indexed


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def scan(folder, names, *options, timeout_s=120):
    """Scans `names` and gives the lines by domain. Fails unless each name has exactly one line."""
    stamp = str(time.monotonic_ns())
    list_path = folder.write(f"list-{stamp}", "".join(f"{name}\n" for name in names))
    out_path = folder.join(f"out-{stamp}.ndjson")
    done = run(
        *("scan", "-o", out_path, list_path, "--rate", 0, "--retry-wait", 0, "--retries", 0),
        *("-w", 1, *options),
        timeout_s=timeout_s,
    )
    if done.returncode != 0:
        raise AssertionError(f"mxsweep scan: exit {done.returncode}\n{done.stderr}")
    lines = {line["domain"]: line for line in read_lines(out_path)}
    if sorted(lines) != sorted(names):
        raise AssertionError(f"lines for {sorted(lines)}, wanted {sorted(names)}")
    return lines


def finding_ids(line):
    """The ids of a line's findings, as a set."""
    return {finding["id"] for finding in line["findings"]}


ABSENCE_ENDINGS = (".missing", ".none", ".nxdomain", "_missing", "_nxdomain", "_no_address")


def absence_findings(line):
    """The findings of a line that say that something is not there."""
    return {identifier for identifier in finding_ids(line) if identifier.endswith(ABSENCE_ENDINGS)}


def dig(line, path):
    """The value at a dotted path of a line (`mx.lookup`), None where a key is missing."""
    value = line
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
