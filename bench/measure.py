"""What the bench measures inside the simulated Internet: one world, one object of figures.

A figure of time is always CPU: user and system time of a process and of all its descendants, from
wait4(). simnet's own is read from /proc and kept apart. Wall time is not used for any claim.
"""

import hashlib
import json
import os
import pathlib
import resource
import socket
import statistics
import subprocess
import time

SAMPLE_S = 0.25  # between two looks at the memory of the workers
SAMPLES_MAX = 60  # that are reported of one run
CALIBRATION_MOVES = 0.10  # more, from before a pair to after it, and the pair is taken again
LIMIT_S = 1200  # of one measured program; a hang is an error
MEMORY_LIMIT = 8 << 30  # of address space of one process: an allocator may run wild in the sandbox


class BenchError(Exception):
    """The bench cannot go on: one line for a person."""


def send_to_oneself(count):
    """Datagrams over loopback, as the resolver has them."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.bind(("127.0.0.1", 0))
        address = end.getsockname()
        for _ in range(count):
            end.sendto(b"x" * 100, address)
            end.recv(200)


def calibrate():
    """Seconds of CPU that a fixed piece of work takes now: computing, memory, datagrams."""
    began = time.process_time()
    table = {number * 2654435761 % 1_000_003: number for number in range(300_000)}
    total = 0
    for number in range(300_000):
        total += table.get(number * 40503 % 1_000_003, 1)
    hashlib.sha256(bytes(32 << 20)).digest()
    send_to_oneself(15_000)
    return time.process_time() - began


def simnet_pid():
    """The simulated Internet: a sibling, with-simnet is the parent of both."""
    parent = os.getppid()
    children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    for child in children.split():
        if pathlib.Path(f"/proc/{child}/comm").read_text(encoding="ascii").strip() == "simnet":
            return int(child)
    raise BenchError("simnet is not there: the inner part of the bench runs under with-simnet")


def cpu_of(pid):
    """Seconds of CPU of a process that still runs; 0 when it is gone."""
    nanoseconds = 0
    try:
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            nanoseconds += int((task / "schedstat").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0.0
    return nanoseconds / 1e9


def datagrams():
    """UDP datagrams sent in this namespace so far: questions and answers together."""
    lines = pathlib.Path("/proc/net/snmp").read_text(encoding="ascii").splitlines()
    keys, values = (line.split()[1:] for line in lines if line.startswith("Udp:"))
    return int(dict(zip(keys, values))["OutDatagrams"])


def memory_of(pid):
    """Resident bytes of a process; 0 when it is gone."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def children_of(pid):
    try:
        path = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
        return [int(child) for child in path.read_text(encoding="ascii").split()]
    except OSError:
        return []


class Watch:
    """Looks at a sweep while it runs: the memory of its largest worker, the supervisor's CPU."""

    def __init__(self):
        self.samples = []
        self.supervisor_s = 0.0

    def look(self, pid, elapsed_s):
        largest = max((memory_of(child) for child in children_of(pid)), default=0)
        if largest > 0:
            self.samples.append((round(elapsed_s, 2), largest))
        self.supervisor_s = cpu_of(pid) or self.supervisor_s

    def thinned(self):
        step = max(1, len(self.samples) // SAMPLES_MAX)
        return self.samples[::step]


def wait_for(process, watch, began):
    """wait4(), with a deadline, looking at the process now and then if there is a watch."""
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        elapsed_s = time.monotonic() - began
        if pid == process.pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage, elapsed_s
        if elapsed_s > LIMIT_S:
            process.kill()
            process.wait()
            raise BenchError(f"{process.args[0]} did not end within {LIMIT_S} s")
        if watch is not None:
            watch.look(process.pid, elapsed_s)
        time.sleep(SAMPLE_S if watch is not None else 0.02)


def limit_memory():
    """Runs in a child before exec."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


class World:
    """One simulated Internet, and the programs that are measured in it."""

    def __init__(self, build, folder, preload):
        self.build = pathlib.Path(build)
        self.folder = pathlib.Path(folder)
        self.environment = dict(os.environ)
        if preload:
            self.environment["LD_PRELOAD"] = preload
        self.options = os.environ["SIMNET_OPTIONS"].split()
        self.simnet = simnet_pid()

    def measure(self, program, *arguments, watch=None):
        """Runs a program of the build; its usage and what it printed."""
        output = self.folder / "stdout"
        before = cpu_of(self.simnet), datagrams()
        began = time.monotonic()
        with open(output, "wb") as out:
            process = subprocess.Popen(
                [str(self.build / program), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                env=self.environment,
                preexec_fn=limit_memory,
            )
            usage, elapsed_s = wait_for(process, watch, began)
        if process.returncode != 0:
            raise BenchError(f"{program}: exit status {process.returncode}")
        figures = {
            "cpu_s": usage.ru_utime + usage.ru_stime,
            "user_s": usage.ru_utime,
            "system_s": usage.ru_stime,
            "wall_s": elapsed_s,
            "simnet_cpu_s": cpu_of(self.simnet) - before[0],
            "exchanges": (datagrams() - before[1]) / 2,
        }
        return figures, output.read_text(encoding="utf-8")

    def sweep(self, names, workers, *more, watch=None):
        """A scan as a user runs it, but for the options that lead to the simulated Internet."""
        summary = self.folder / "summary"
        figures, _ = self.measure(
            "scanner/mxsweep",
            *("scan", names, *self.options, "-w", workers, "-q", "--progress", "never"),
            *("-o", self.folder / "out.ndjson.zst", "--force", "--summary", summary, *more),
            watch=watch,
        )
        return figures | {"summary": json.loads(summary.read_text(encoding="utf-8"))}

    def log(self, names, workers):
        """The questions of a sweep, for the floor."""
        path = self.folder / f"questions-{workers}"
        self.sweep(names, workers, "--question-log", path)
        return path

    def floor(self, log):
        """The replay. Its CPU is that of its workers: reading the log is not what is measured."""
        figures, printed = self.measure("bench/floor", log, *self.options)
        replay = json.loads(printed)
        user_s, system_s = replay["user_us"] / 1e6, replay["system_us"] / 1e6
        times = {"cpu_s": user_s + system_s, "user_s": user_s, "system_s": system_s}
        return figures | times | {"replay": replay}

    def micro(self, names):
        _, printed = self.measure("bench/micro", names, *self.options)
        return json.loads(printed)

    def pump(self, exchanges):
        _, printed = self.measure("bench/pump", "127.0.1.1", exchanges)
        return json.loads(printed)


def mean_of(first, second):
    """Two runs of the same as one: times are averaged, the rest is the second's."""
    return second | {
        key: (first[key] + second[key]) / 2 for key in second if isinstance(second[key], float)
    }


def take_pair(world, names, log, workers):
    """Floor, sweep, sweep, floor, so that a drift falls on both; the calibration at both ends."""
    calibration = [calibrate()]
    floor = world.floor(log)
    sweep = mean_of(world.sweep(names, workers), world.sweep(names, workers))
    floor = mean_of(floor, world.floor(log))
    calibration.append(calibrate())
    return {
        "floor": floor,
        "sweep": sweep,
        "ratio": sweep["cpu_s"] / floor["cpu_s"],
        "calibration_s": calibration,
        "steady": max(calibration) <= min(calibration) * (1 + CALIBRATION_MOVES),
    }


def take_pairs(world, names, workers, wanted, say):
    """Pairs until enough were steady, at most twice as many as wanted."""
    log = world.log(names, workers)
    pairs = []
    while sum(pair["steady"] for pair in pairs) < wanted and len(pairs) < 2 * wanted:
        pair = take_pair(world, names, log, workers)
        pairs.append(pair)
        say(
            f"{workers} worker{'s' * (workers > 1)}: sweep {pair['sweep']['cpu_s']:.2f} s, "
            f"floor {pair['floor']['cpu_s']:.2f} s, x {pair['ratio']:.3f}"
            f"{'' if pair['steady'] else ' (the machine was not steady: not counted)'}"
        )
    return pairs


def per_domain_us(runs, key, domains):
    return statistics.median(run[key] for run in runs) / domains * 1e6


def sum_up_pairs(pairs, wanted, domains, workers):
    """The medians, and how far the pairs lie apart. Not judged when too few were steady."""
    steady = [pair for pair in pairs if pair["steady"]]
    judged = len(steady) >= wanted
    used = steady if judged else pairs
    sweeps, floors = [pair["sweep"] for pair in used], [pair["floor"] for pair in used]
    ratios = [pair["ratio"] for pair in used]
    summary, replay = sweeps[-1]["summary"], floors[-1]["replay"]
    return {
        "workers": workers,
        "ports": replay["ports"],
        "domains": domains,
        "pairs": len(used),
        "pairs_thrown_away": len(pairs) - len(steady),
        "judged": judged,
        "ratio": statistics.median(ratios),
        "ratio_least": min(ratios),
        "ratio_most": max(ratios),
        "sweep_us": per_domain_us(sweeps, "cpu_s", domains),
        "sweep_user_us": per_domain_us(sweeps, "user_s", domains),
        "sweep_system_us": per_domain_us(sweeps, "system_s", domains),
        "floor_us": per_domain_us(floors, "cpu_s", domains),
        "floor_user_us": per_domain_us(floors, "user_s", domains),
        "floor_system_us": per_domain_us(floors, "system_s", domains),
        "simnet_us": per_domain_us(sweeps, "simnet_cpu_s", domains),
        "sweep_exchanges": per_domain_us(sweeps, "exchanges", domains) / 1e6,
        "floor_exchanges": per_domain_us(floors, "exchanges", domains) / 1e6,
        "sweep_questions": summary["questions_sent"],
        "floor_questions": replay["asked"],
        "sweep_failed": summary["answers"]["temp"],
        "floor_failed": replay["failed"],
        "unknown_lines": summary["unknown_lines"],
        "sweep_memory": max(run["summary"]["worker_memory_peak"] for run in sweeps),
        "floor_memory": max(run["replay"]["worker_memory_peak"] for run in floors),
    }


def grow(world, names, count):
    """One sweep of the first `count` names with one worker, watched."""
    part = world.folder / f"names-{count}"
    with open(names, encoding="ascii") as lines, open(part, "w", encoding="ascii") as out:
        out.writelines(line for line, _ in zip(lines, range(count)))
    watch = Watch()
    run = world.sweep(part, 1, watch=watch)
    return {
        "domains": count,
        "cpu_us": run["cpu_s"] / count * 1e6,
        "supervisor_us": watch.supervisor_s / count * 1e6,
        "memory_peak": run["summary"]["worker_memory_peak"],
        "memory": [{"at_s": at, "bytes": size} for at, size in watch.thinned()],
        "unknown_lines": run["summary"]["unknown_lines"],
        "simnet_share": run["simnet_cpu_s"] / run["cpu_s"],
    }
