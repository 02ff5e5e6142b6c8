"""The simulated Internet (bench/simnet) for a test, on port 53 of the test's own namespace.

The program is the one named by the environment's SIMNET, else the newest built beside the sources.
"""

import glob
import os
import select

import harness

HERE = os.path.dirname(os.path.abspath(__file__))
READY_WAIT_S = 15
TLDS = ("com", "net", "org", "de", "nl", "co.uk")


def find():
    """The path of the program."""
    if os.environ.get("SIMNET"):
        return os.environ["SIMNET"]
    built = [
        path
        for pattern in ("build*/bench/simnet", "build*/*/bench/simnet")
        for path in glob.glob(os.path.join(HERE, "../..", pattern))
        if os.path.isfile(path) and os.access(path, os.X_OK)
    ]
    if not built:
        raise AssertionError("no simnet: build it, or set SIMNET")
    return max(built, key=os.path.getmtime)


def names(count, tlds=TLDS):
    """So many names, over the TLDs in turn."""
    return [f"name{i}.{tlds[i % len(tlds)]}" for i in range(count)]


class Simnet:
    """A running simnet; `options` point the scanner at it (rate and retries are the test's)."""

    def __init__(self, folder, seed=1):
        hints, self.log_path = folder.join("hints"), folder.join("simnet.log")
        read_end, write_end = os.pipe()
        os.set_inheritable(write_end, True)
        arguments = [find(), "--seed", str(seed), "--hints", hints, "--log", self.log_path]
        arguments += ["--ready-fd", str(write_end), "--stop-with-parent"]
        self.process = harness.Process(arguments, folder.join("simnet.err"), (write_end,))
        os.close(write_end)
        ready, _, _ = select.select([read_end], [], [], READY_WAIT_S)
        if not ready or os.read(read_end, 8)[:5] != b"ready":
            raise AssertionError(f"simnet does not start: {self.process.log()}")
        os.close(read_end)
        self.options = ("--root-hints", hints, "--trust-anchor", "none", "--special-use")

    def stop(self):
        self.process.stop()

    def questions(self):
        """The questions it had, (server, type number, name in lower case); ends it."""
        self.stop()
        with open(self.log_path, encoding="ascii") as log:
            rows = [line.split() for line in log]
        return [(row[0], int(row[2]), row[4].rstrip(".").lower()) for row in rows]
