"""The command line of `scan` and `check`: exit codes, files, manifest, interrupt, schema."""

import json
import os
import signal
import subprocess
import time
import unittest

import harness
import scripted
import world

PORT = 5399
DNS = ("--stub", f".=127.0.0.1@{PORT}", "--trust-anchor", "none", "--special-use")
SWEEP = (*DNS, "--rate", 0, "--retry-wait", 0, "--retries", 0, "--timeout", 2, "-w", 1)
SCHEMA = os.environ.get("MXSWEEP_SCHEMA") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)),
    "../../scanner/schema/mxsweep-1.schema.json",
)
LIST = """\
# a comment
usual.ex

  Hosted.EX.
null.ex
usual.ex
absent.ex
a..b.ex
192.0.2.1
user@ex.com
private.ex
"""
ENTRIES = (  # input as it stands in the list, domain (None: refused input)
    ("usual.ex", "usual.ex"),
    ("Hosted.EX.", "hosted.ex"),
    ("null.ex", "null.ex"),
    ("usual.ex", "usual.ex"),
    ("absent.ex", "absent.ex"),
    ("a..b.ex", None),
    ("192.0.2.1", None),
    ("user@ex.com", None),
    ("private.ex", "private.ex"),
)
TIMES = ("scanned_at", "elapsed_ms")
PLACES = ("index", "rank")  # where a name stood in the list
FRAME_BYTES = 4096  # small, so that an interrupted sweep has whole frames to keep


class Sweep(unittest.TestCase):
    """Every test writes into a folder of its own and scans the world of world.py."""

    @classmethod
    def setUpClass(cls):
        cls.world = scripted.World({".": world.ZONE})
        server = scripted.Server(cls.world, port=PORT).start()
        cls.addClassCleanup(server.stop)

    def setUp(self):
        self.world.heal()
        self.folder = harness.Folder()
        self.addCleanup(self.folder.remove)
        self.list = self.folder.write("list", LIST)

    def sweep(self, out, *options):
        """Scans the list into `out` (a name in the folder)."""
        return harness.run("scan", "-o", self.folder.join(out), self.list, *SWEEP, *options)

    def swept(self, out="out.ndjson", *options):
        """The lines of a scan that must succeed, by index."""
        done = self.sweep(out, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = harness.read_lines(self.folder.join(out))
        return sorted(lines, key=lambda line: line["index"])

    def test_every_entry_has_its_line(self):
        """Blank lines and comments are none; a name that cannot be read still has a line."""
        lines = self.swept()
        self.assertEqual([line["index"] for line in lines], list(range(len(ENTRIES))))
        self.assertEqual([line["input"].strip() for line in lines], [e[0] for e in ENTRIES])
        for line, (text, domain) in zip(lines, ENTRIES):
            with self.subTest(input=text):
                self.assertEqual(line["schema"], "mxsweep/1")
                if domain:
                    self.assertEqual(line["domain"], domain)
                else:
                    self.assertTrue([i for i in harness.finding_ids(line) if i[:6] == "input."])

    def test_wrong_usage(self):
        """Exit 2, a word on stderr, nothing on stdout."""
        usages = (
            ("scan", "--no-such-option", self.list),
            ("scan", "-o", self.folder.join("x.ndjson"), self.list, "second-list"),
            ("scan", "-w", "many", self.list),
            ("no-such-command",),
            ("check",),
        )
        for usage in usages:
            with self.subTest(usage=usage):
                done = harness.run(*usage, timeout_s=20)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertNotEqual(done.stderr, "")

    def test_failure_is_exit_1(self):
        """An output that cannot be written."""
        done = self.sweep("no-such-folder/out.ndjson")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no-such-folder", done.stderr)

    def test_missing_list(self):
        """One line, exit 1, and no output begun."""
        path = self.folder.join("none.ndjson")
        done = harness.run("scan", "-o", path, self.folder.join("no-such-list"), timeout_s=20)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertFalse(os.path.exists(path))

    def test_existing_output(self):
        """Refused and untouched; `--force` overwrites."""
        path = self.folder.write("out.ndjson", "precious\n")
        done = self.sweep("out.ndjson")
        self.assertIn(done.returncode, (1, 2))
        self.assertIn("out.ndjson", done.stderr)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "precious\n")
        self.assertEqual(len(self.swept("out.ndjson", "--force")), len(ENTRIES))

    def test_compressed(self):
        """Plain and zstd datasets hold the same lines; zstdcat reads the latter."""
        plain = self.swept()
        self.assertEqual(self.sweep("out.ndjson.zst").returncode, 0)
        lines = zstdcat(self.folder.join("out.ndjson.zst"))
        lines.sort(key=lambda line: line["index"])
        self.assertEqual(without_times(lines), without_times(plain))

    def test_stdout(self):
        """Without -o: plain lines on stdout, talk on stderr."""
        done = harness.run("scan", self.list, *SWEEP)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [json.loads(text) for text in done.stdout.splitlines()]
        self.assertEqual(len(lines), len(ENTRIES))

    def test_stdin_list(self):
        with open(self.list, encoding="utf-8") as file:
            done = harness.run("scan", "-", *SWEEP, stdin=file)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), len(ENTRIES))

    def test_manifest(self):
        """Beside the dataset, JSON, state done, as many read and written as there are entries."""
        self.assertEqual(self.sweep("out.ndjson.zst").returncode, 0)
        with open(self.folder.join("out.manifest.json"), encoding="utf-8") as file:
            manifest = json.load(file)
        self.assertEqual(manifest["state"], "done")
        counts = {key: value for key, value in flat(manifest) if key in ("read", "written")}
        self.assertEqual(counts, {"read": len(ENTRIES), "written": len(ENTRIES)})

    def test_scan_says_its_counts(self):
        """The last words name lines read and written and the questions sent."""
        done = self.sweep("out.ndjson")
        self.assertIn("questions", done.stderr)
        self.assertIn(str(len(ENTRIES)), done.stderr)

    def test_question_log(self):
        """A line for each question that was handed to the library."""
        log, summary = self.folder.join("questions"), self.folder.join("summary.json")
        self.sweep("logged.ndjson", "--question-log", log, "--summary", summary)
        with open(log, encoding="utf-8") as file:
            rows = [line.split() for line in file]
        self.assertEqual(len(rows), harness.read_json(summary)["questions_sent"])
        self.assertGreater(len(rows), 0)
        for row in rows:
            self.assertLessEqual(int(row[3]), int(row[4]))  # sent before it was answered

    def test_interrupt(self):
        """SIGINT in a slow sweep: exit 130, what is written is whole frames of whole lines."""
        self.world.fail(scripted.SILENT, "MX", "slow.ex")
        names = [f"n{i}.usual.ex" for i in range(300)] + ["slow.ex"] * 50
        with open(self.list, "w", encoding="utf-8") as file:
            file.writelines(name + "\n" for name in names)
        path = self.folder.join("out.ndjson.zst")
        process = subprocess.Popen(
            [harness.scanner_path, "scan", "-o", path, self.list]
            + list(map(str, (*SWEEP, "--timeout", 30, "--frame-size", FRAME_BYTES))),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.addCleanup(end, process)
        time.sleep(3)
        self.assertIsNone(process.poll(), "the sweep was to be slow")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)
        indexes = [line["index"] for line in zstdcat(path)]
        self.assertEqual(len(indexes), len(set(indexes)))
        self.assertGreater(len(indexes), 200, "finished lines are on disk")

    def test_check_gives_the_line_of_scan(self):
        for line in self.swept():
            if line["domain"] is None or line["input"] != line["domain"]:
                continue
            with self.subTest(domain=line["domain"]):
                done = harness.run("check", "--json", line["domain"], *DNS, "--timeout", 2)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(
                    without_times([json.loads(done.stdout)], PLACES),
                    without_times([line], PLACES),
                )

    @unittest.skipUnless(os.path.exists(SCHEMA), f"no schema at {SCHEMA}")
    def test_schema(self):
        """Every line validates, also those of failed questions."""
        import jsonschema

        with open(SCHEMA, encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        self.list = self.folder.write("list", LIST + "\n".join(world.WANTS) + "\n")
        whole = self.swept("whole.ndjson")
        self.world.fail(scripted.SERVFAIL, "TXT")
        for line in whole + self.swept("failing.ndjson"):
            with self.subTest(input=line["input"]):
                errors = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(line)]
                self.assertEqual(errors, [])


def end(process):
    """Ends a process that a failed test left behind."""
    if process.poll() is None:
        process.kill()
        process.wait()


def zstdcat(path):
    """The lines of a compressed dataset; zstdcat fails on a torn frame."""
    done = subprocess.run(["zstdcat", path], capture_output=True, check=True, timeout=30)
    return [json.loads(text) for text in done.stdout.splitlines()]


def without_times(lines, more=()):
    """Lines without the keys that differ from run to run (and `more`)."""
    return [
        {key: value for key, value in line.items() if key not in (*TIMES, *more)}
        for line in lines
    ]


def flat(value):
    """All (key, value) pairs of nested objects."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield key, inner
        yield from flat(inner)


if __name__ == "__main__":
    harness.main()
