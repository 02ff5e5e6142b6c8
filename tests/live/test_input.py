"""Lists of every form, whole, damaged and hostile, through the program.

What the list reader promises is in scanner/sweep/list.h; wants are by hand. Memory is the
supervisor's (VmHWM of its process, read while it runs).
"""

import gzip
import json
import os
import re
import subprocess
import time
import unittest

import harness
import packets
import scripted

PORT = 5399
SWEEP = (
    *("--stub", f".=127.0.0.1@{PORT}", "--trust-anchor", "none", "--special-use", "--rate", 0),
    *("--retries", 0, "--retry-wait", 0, "--timeout", 5, "-w", 1),
)
ZONE = """
$TTL 300
@ SOA ns.ex. hostmaster.ex. 1 3600 900 604800 60
@ NS ns.ex.
ns.ex. A 127.0.0.1
*.ex. MX 0 .
*.ex. TXT "v=spf1 -all"
"""
NAMES = [f"name{i}.ex" for i in range(50)]
PLAIN = "".join(f"{name}\n" for name in NAMES).encode()
MEMORY_MAX_KIB = 100 * 1024
WINDOW_MAX_KIB = 128 * 1024
BOMB_MIB = 1024


class Input(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        server = packets.Server(packets.handler_of(scripted.World({".": ZONE})), port=PORT)
        cls.addClassCleanup(server.stop)

    def setUp(self):
        self.folder = harness.Folder()
        self.addCleanup(self.folder.remove)
        self.list, self.out = self.folder.join("list"), self.folder.join("out.ndjson")

    def write(self, data):
        with open(self.list, "wb") as file:
            file.write(data)

    def scan(self, data, *options):
        """The lines of a list that must be read, in its order."""
        self.write(data)
        done = harness.run("scan", self.list, "-o", self.out, *SWEEP, "--force", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = harness.lines_by_index(self.out)
        self.assertEqual(sorted(lines), list(range(len(lines))))
        return [lines[i] for i in range(len(lines))]

    def check(self, data, inputs, *options):
        """The list has these entries, unaltered."""
        lines = self.scan(data, *options)
        self.assertEqual([line["input"] for line in lines], inputs)
        return lines

    def check_refused(self, data, *words):
        """Exit 1, one line that names the list and says why; gives the lines that were written."""
        self.write(data)
        out = ("-o", self.out, "--force", "-q")
        done = harness.run("scan", self.list, *out, *SWEEP)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for word in (self.list, *words):
            self.assertIn(word, done.stderr)
        return harness.read_lines(self.out) if os.path.exists(self.out) else None

    def test_packed(self):
        zstd = pack("zstd", data=PLAIN)
        for form, data in (
            ("plain", PLAIN),
            ("gzip", gzip.compress(PLAIN)),
            ("two members", gzip.compress(PLAIN[:100]) + gzip.compress(PLAIN[100:])),
            ("zstd", zstd),
            ("two frames", b"".join(pack("zstd", data=part) for part in (PLAIN[:99], PLAIN[99:]))),
            ("skippable", b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + zstd),
        ):
            with self.subTest(form=form):
                lines = self.check(data, NAMES)
                self.assertEqual({line["receives"] for line in lines}, {"null"})

    def test_line_ends(self):
        self.check(PLAIN.replace(b"\n", b"\r\n"), NAMES)
        self.check(b"\xef\xbb\xbf" + PLAIN, NAMES)
        self.check(PLAIN[:-1], NAMES)
        self.check(b"# c\n\n \t\na.ex\n#b.ex\r\n\r\nb.ex", ["a.ex", "b.ex"])
        self.check(b"\r\na.ex\r\n\r\n", ["a.ex"])

    def test_empty(self):
        for form, data in (
            ("empty", b""),
            ("blank", b"\n \n\r\n"),
            ("comments", b"# nothing\n#\n"),
            ("mark", b"\xef\xbb\xbf"),
            ("gzip", gzip.compress(b"")),
            ("zstd", pack("zstd", data=b"")),
        ):
            with self.subTest(form=form):
                self.check(data, [])

    def test_not_a_file(self):
        for path, word in ((self.folder.path, "directory"), (self.folder.join("no"), "No such")):
            done = harness.run("scan", path, "-o", self.out, *SWEEP)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn(word, done.stderr)
            self.assertFalse(os.path.exists(self.out), "refused before the output was begun")

    def test_window_too_large(self):
        data = subprocess.run(
            "yes a.ex | head -c 300M | zstd -q -1 --long=28 -c", shell=True, capture_output=True
        )
        self.check_refused(data.stdout)

    def test_foreign_packing(self):
        self.check_refused(b"PK\x03\x04" + bytes(60), "zip")
        self.check_refused(b"\xfd7zXZ\0" + bytes(60), "xz")

    def test_names_unaltered(self):
        """Each entry has one line; `input` is what stood in the list, the class is the rules'."""
        wants = (  # entry, domain, a finding it must have
            ("ex_ample.ex", "ex_ample.ex", "input.not_hostname"),
            ("*.example.ex", "*.example.ex", "input.not_hostname"),
            ("a b.ex", None, "input.not_domain"),
            ("a..b.ex", None, "input.empty_label"),
            ("Example.EX.", "example.ex", None),
            ("bücher.ex", "xn--bcher-kva.ex", None),
            ("faß.ex", "xn--fa-hia.ex", None),
            ("xn--bcher-kva.ex", "xn--bcher-kva.ex", None),
            ("ab--cd.ex", "ab--cd.ex", None),
            ("_dmarc.name.ex", "_dmarc.name.ex", None),
            ("[1.2.3.4]", None, "input.ip_literal"),
            ("1.2.3.4", None, "input.ip_literal"),
            ("x@name.ex", None, "input.not_domain"),
            ("http://name.ex/", None, "input.not_domain"),
            ("a" * 63 + ".ex", "a" * 63 + ".ex", None),
            ("a" * 64 + ".ex", None, "input.label_too_long"),
            (".".join(["a" * 49] * 6) + ".ex", None, "input.name_too_long"),
            ("=cmd|' /C calc'!A0", None, "input."),
            ("\x1b[31mred.ex", "\\027[31mred.ex", "input.not_hostname"),
            ("<script>.ex", "<script>.ex", "input.not_hostname"),
        )
        data = "".join(f"{entry}\n" for entry, _, _ in wants).encode()
        for line, (entry, domain, finding) in zip(
            self.check(data, [want[0] for want in wants]), wants
        ):
            with self.subTest(entry=entry):
                self.assertEqual(line["domain"], domain)
                if finding:
                    found = [i for i in harness.finding_ids(line) if i.startswith(finding)]
                    self.assertTrue(found, line["findings"])

    def test_bytes(self):
        """NUL is an octet like others; what is no UTF-8 is refused. Never another name."""
        lines = self.scan(b"a\0b.ex\nname.ex\0\n\xff\xfe.ex\n\xed\xa0\x80.ex\nname1.ex\n")
        self.assertEqual([line["input"] for line in lines[:2]], ["a\0b.ex", "name.ex\0"])
        domains = ["a\\000b.ex", "name.ex\\000", None, None, "name1.ex"]
        self.assertEqual([line["domain"] for line in lines], domains)
        for line in lines[2:4]:
            self.assertIn("input.bad_encoding", harness.finding_ids(line))
            self.assertEqual(line["questions"], 0)

    def test_long_line(self):
        """10 MiB without a line end: one entry, and its neighbours are untouched."""
        lines = self.scan(b"a.ex\n" + b"x" * (10 << 20) + b"\nb.ex\n")
        self.assertEqual([line["domain"] for line in lines], ["a.ex", None, "b.ex"])
        self.assertIn("input.too_long", harness.finding_ids(lines[1]))
        self.assertLess(len(json.dumps(lines[1])), 20_000)

    def test_damaged(self):
        """Cut or changed packed data: said in one line, exit 1."""
        data = "".join(f"name{i}.ex\n" for i in range(3000)).encode()
        zstd, packed = pack("zstd", data=data), gzip.compress(data)
        changed = bytearray(zstd)
        changed[len(zstd) // 2] ^= 0x55
        for form, bad in (
            ("zstd cut", zstd[: len(zstd) // 2]),
            ("zstd changed", bytes(changed)),
            ("zstd header alone", zstd[:5]),
            ("gzip cut", packed[: len(packed) // 2]),
            ("gzip cut in its trailer", packed[:-3]),
            ("gzip and garbage", packed + b"garbage"),
        ):
            with self.subTest(form=form):
                lines = self.check_refused(bad)
                for line in lines or ():
                    self.assertRegex(line["input"], r"^name\d+\.ex$")

    def test_csv(self):
        data = (
            'customer,Domain,"city, country",rank\n'
            '4711,name1.ex,"Köln, ""DE""",7\n'
            "4712, NAME2.ex ,,\n"
            '4713,"name3.ex",x,8,more\n'
            "\n"
            "# comment\n"
            "4714\n"
        ).encode()
        lines = self.scan(data)
        domains = ["name1.ex", "name2.ex", "name3.ex"]
        self.assertEqual([line["domain"] for line in lines[:3]], domains)
        self.assertEqual([line["rank"] for line in lines[:3]], [7, None, 8])
        self.assertEqual(lines[0]["meta"], {"customer": "4711", "city, country": 'Köln, "DE"'})
        self.assertEqual(lines[1]["meta"]["customer"], "4712")
        self.assertEqual(len(lines), 4)
        self.assertIsNone(lines[3]["domain"])
        ranked = self.check(b"1,name1.ex\n2,name2.ex\n", ["name1.ex", "name2.ex"])
        self.assertEqual([line["rank"] for line in ranked], [1, 2])

    def test_zone_file(self):
        """100,000 delegations of a TLD, each name once; glue, DS and the apex are none."""
        count = 100_000
        rows = ["$ORIGIN ex.\n$TTL 60\n@ SOA ns.ex. h.ex. 1 2 3 4 5\n@ NS ns.ex.\n"]
        for i in range(count):
            rows.append(f"NAME{i} 60 IN NS ns1.host{i % 7}.ex.\n\tNS ns2.host{i % 7}.ex.\n")
            if i % 10 == 0:
                rows.append(f"name{i} DS 1 8 2 ( ABCD ; a comment\n EF01 )\n")
                rows.append(f"ns1.name{i} A 192.0.2.1\n")
        nobody = self.folder.write("exclude", ".ex\n")  # the list is what is looked at
        lines = self.scan(gzip.compress("".join(rows).encode(), 1), "--exclude", nobody)
        self.assertEqual(len(lines), count)
        self.assertEqual({line["domain"] for line in lines}, {f"name{i}.ex" for i in range(count)})
        self.assertEqual(lines[5]["input"], "NAME5.ex")

    def test_pipe_in_pieces(self):
        """A list that comes slowly, cut in mid-line, through standard input."""
        read_end, write_end = os.pipe()
        with open(self.out, "wb") as out:
            run = harness.Run(self.folder, "scan", "-", *SWEEP, stdin=read_end, stdout=out)
        self.addCleanup(run.stop)
        os.close(read_end)
        for start in range(0, len(PLAIN), 97):
            os.write(write_end, PLAIN[start : start + 97])
            time.sleep(0.1)
        os.close(write_end)
        self.assertEqual(run.wait(30), 0, run.stderr())
        lines = harness.lines_by_index(self.out)
        self.assertEqual([lines[i]["input"] for i in range(len(NAMES))], NAMES)

    def bomb(self, path, want_status, seconds=60, memory_max_kib=MEMORY_MAX_KIB):
        """Scans a bomb for a while; the supervisor's memory must stay small."""
        small = "quarantine_size_mb=8:" + os.environ.get("ASAN_OPTIONS", "")
        run = harness.Run(
            self.folder,
            *("scan", path, "-o", self.out, "--force", *SWEEP),
            env=dict(os.environ, ASAN_OPTIONS=small),
        )
        self.addCleanup(run.stop)
        peak, until = 0, time.monotonic() + seconds
        while not run.has_ended() and time.monotonic() < until:
            peak = max(peak, memory_peak(run.process.pid))
            time.sleep(0.05)
        print(f"\n{os.path.basename(path)}: supervisor's peak {peak} KiB, {run.stderr().strip()}")
        self.assertLess(peak, memory_max_kib)
        if want_status is not None:
            self.assertEqual(run.wait(1), want_status, run.stderr())
        return run

    def test_bomb_of_one_line(self):
        """A gigabyte of zeros without a line end is one entry."""
        path = self.folder.join("zeros.gz")
        subprocess.run(
            ["sh", "-c", f"head -c {BOMB_MIB}M /dev/zero | gzip -1 >{path}"], check=True
        )
        self.bomb(path, 0)
        (line,) = harness.read_lines(self.out)
        self.assertIn("input.too_long", harness.finding_ids(line))

    def test_bomb_of_blank_lines(self):
        """With the largest window that is taken, 128 MiB."""
        path = self.folder.join("blank.zst")
        subprocess.run(
            ["sh", "-c", f"yes '' | head -c {BOMB_MIB}M | zstd -q -1 --long=27 >{path}"], check=True
        )
        self.bomb(path, 0, memory_max_kib=MEMORY_MAX_KIB + WINDOW_MAX_KIB)
        self.assertEqual(harness.read_lines(self.out), [])

    def test_bomb_of_names(self):
        """500 million entries: it works on them in bounded memory, and can be interrupted."""
        path = self.folder.join("names.gz")
        subprocess.run(
            ["sh", "-c", f"yes a..b | head -c {BOMB_MIB}M | gzip -1 >{path}"], check=True
        )
        run = self.bomb(path, None, seconds=6)
        self.assertFalse(run.has_ended())
        run.process.terminate()
        self.assertEqual(run.wait(10), 143)
        self.assertGreater(len(re.findall(r"written", run.stderr())), 0)

    def test_endless_line(self):
        """A list without an end and without an entry can be interrupted."""
        run = harness.Run(self.folder, "scan", "/dev/zero", "-o", self.out, *SWEEP)
        self.addCleanup(run.stop)
        time.sleep(1)
        run.process.terminate()
        self.assertEqual(run.wait(8), 143)


def pack(*command, data):
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def memory_peak(pid):
    """VmHWM in KiB; 0 when the process is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1))
    except (OSError, AttributeError):
        return 0


if __name__ == "__main__":
    harness.main()
