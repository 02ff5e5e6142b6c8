"""A sweep of the simulated Internet: every line, valid, and what an independent oracle says.

`test_simnet.py MXSWEEP SIMNET [LIST]`; without a list it makes names of its own.
"""

import json
import os
import random
import shlex
import subprocess
import sys
import tempfile
import unittest

from jsonschema import Draft202012Validator

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
SCHEMA = os.path.join(ROOT, "scanner", "schema", "mxsweep-1.schema.json")
NAMES = int(os.environ.get("MXSWEEP_NAMES", "20000"))
SAMPLE = 1000  # holds every class at least 20 times
TLDS = ("com", "net", "org", "de", "info", "co.uk")

mxsweep = simnet = listed = None


def make_list(folder):
    """The list to sweep: the one given, cut to NAMES, or made-up names."""
    path = os.path.join(folder, "list.txt")
    if listed:
        with open(listed, encoding="utf-8") as file:
            names = [line.strip() for line in file if line.strip()]
        names = random.Random(1).sample(names, min(NAMES, len(names)))
    else:
        names = [f"name{i}.{TLDS[i % len(TLDS)]}" for i in range(NAMES)]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(names) + "\n")
    return path, names


def run_in_simnet(script, folder):
    """Runs a shell script where the simulated Internet is the DNS; its output on a failure."""
    done = subprocess.run(
        [os.path.join(ROOT, "bench", "with-simnet"), "--", "sh", "-ec", script],
        env={**os.environ, "SIMNET": simnet},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    if done.returncode != 0:
        raise AssertionError(f"exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


class Simnet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="mxsweep-simnet-")
        folder = cls.temporary.name
        path, cls.names = make_list(folder)
        sample = random.Random(2).sample(cls.names, min(SAMPLE, len(cls.names)))
        with open(os.path.join(folder, "sample.txt"), "w", encoding="utf-8") as file:
            file.write("\n".join(sample) + "\n")
        python = shlex.quote(sys.executable)
        run_in_simnet(
            f"""
            {shlex.quote(mxsweep)} scan -w 2 -c 2000 -o data.ndjson.zst --summary summary.json \
                $SIMNET_OPTIONS {shlex.quote(path)}
            {python} {HERE}/oracle.py --special-use --jobs 2 --root-hints $SIMNET_HINTS \
                sample.txt >oracle.ndjson
            """,
            folder,
        )
        text = subprocess.run(
            ["zstd", "-dc", os.path.join(folder, "data.ndjson.zst")],
            capture_output=True,
            check=True,
        ).stdout
        cls.lines = [json.loads(line) for line in text.splitlines()]

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_every_entry_has_its_line_once(self):
        self.assertEqual(
            sorted(line["index"] for line in self.lines), list(range(len(self.names)))
        )
        for line in self.lines:
            self.assertEqual(line["input"], self.names[line["index"]])

    def test_every_line_validates(self):
        with open(SCHEMA, encoding="utf-8") as file:
            validator = Draft202012Validator(json.load(file))
        for line in self.lines:
            self.assertEqual([error.message for error in validator.iter_errors(line)], [])

    def test_nothing_failed(self):
        """The simulated servers never fail, so nothing may be unknown."""
        with open(os.path.join(self.temporary.name, "summary.json"), encoding="utf-8") as file:
            summary = json.load(file)
        self.assertEqual((summary["read"], summary["written"]), (len(self.names),) * 2)
        self.assertEqual((summary["unknown_lines"], summary["workers_lost"]), (0, 0))

    @unittest.skipIf(NAMES < 10000, "too short a list to fill the workers")
    def test_questions_in_flight(self):
        with open(os.path.join(self.temporary.name, "summary.json"), encoding="utf-8") as file:
            self.assertGreaterEqual(json.load(file)["in_flight_peak"], 3000)

    def test_agrees_with_the_oracle(self):
        """receives, MX, SPF and DMARC; at least 20 of each class are among the sample."""
        done = subprocess.run(
            [
                *(sys.executable, os.path.join(HERE, "compare.py")),
                *("--lacking", "receives unknown", "oracle.ndjson", "data.ndjson.zst"),
            ],
            cwd=self.temporary.name,
            capture_output=True,
            text=True,
            check=False,
        )
        print("\n" + done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    mxsweep, simnet = (os.path.abspath(path) for path in sys.argv[1:3])
    listed = sys.argv[3] if len(sys.argv) > 3 else None
    unittest.main(argv=sys.argv[:1], verbosity=2)
