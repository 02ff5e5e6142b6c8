"""`mxsweep lint spf`: the JSON contract, the page for a person, exit codes. Needs no network.

The grammar of RFC 7208 section 12 stands here a second time, as regular expressions, and judges
the same generated records. By hand: test_lint.py MXSWEEP [UNITTEST ARGUMENTS]
"""

import base64
import ipaddress
import json
import random
import re
import subprocess
import sys
import unittest

scanner_path = None

# ---- the grammar

EXPAND = r"(?:%\{[slodiphvSLODIPHV](?:[0-9]*[1-9][0-9]*)?[rR]?[-.+,/_=]*\}|%%|%_|%-)"
MACRO_STRING = rf"(?:{EXPAND}|[\x21-\x24\x26-\x7e])*"
TOP_LABEL = r"(?:[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*|[A-Za-z0-9]+-[A-Za-z0-9-]*[A-Za-z0-9])"
DOMAIN_SPEC = rf"{MACRO_STRING}(?:\.{TOP_LABEL}\.?|{EXPAND})"
PREFIX4 = r"/(?:3[0-2]|[12]?[0-9])"
PREFIX6 = r"/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])"
QNUM = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
MECHANISM = (
    rf"all|(?:include|exists):{DOMAIN_SPEC}|(?:a|mx)(?::{DOMAIN_SPEC})?(?:{PREFIX4})?(?:/{PREFIX6})?"
    rf"|ptr(?::{DOMAIN_SPEC})?|ip4:{QNUM}(?:\.{QNUM}){{3}}(?:{PREFIX4})?"
    rf"|ip6:(?P<ip6>[0-9A-Fa-f:.]+)(?:{PREFIX6})?"
)
MODIFIER = (
    rf"(?P<single>redirect|exp)={DOMAIN_SPEC}"
    rf"|(?!redirect=|exp=)[A-Za-z][A-Za-z0-9._-]*={MACRO_STRING}"
)
TERM = re.compile(rf"[-+~?]?(?:{MECHANISM})|{MODIFIER}", re.IGNORECASE)


def is_ip6(text):
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def is_valid(record):
    """Whether the grammar has the record; None: it does not begin as one."""
    if not re.match(r"v=spf1( |\Z)", record, re.IGNORECASE):
        return None
    singles = []
    for text in record[6:].split(" "):
        match = TERM.fullmatch(text)
        if text and not match:
            return False
        if text and match["ip6"] and not is_ip6(match["ip6"]):
            return False
        if text and match["single"]:
            singles.append(match["single"].lower())
    return len(singles) == len(set(singles))


PIECES = (
    "all include: exists: a mx ptr a: mx: ptr: ip4: ip6: redirect= exp= foo= + - ~ ? . : / // = % "
    "%{ } %{d} %{ir} %{l1r-} %{p} %% %_ a.test _spf.b.test. c.1-2 d.123 localhost 192.0.2.1 "
    "192.0.2.300 2001:db8:: :: ::1 /0 /24 /32 /33 /024 //64 //128 //129 /64 ~all -all , ; \" \t "
    "\u2013 \u00fc \x7f \0"
).split(" ") + [" "] * 12


def generate(random_source):
    """A record of pieces: now and then it is one."""
    pieces = random_source.choices(PIECES, k=random_source.randint(0, 6))
    return "v=spf1 " + "".join(pieces)


TERMS = (
    "a mx ptr all -all ~all a/24 mx/8//64 a:x.test/24 include:_x.test ip4:192.0.2.0/24 "
    "ip6:2001:db8::/32 exists:%{ir}.x.test redirect=x.test exp=%{d2}.x.test. foo=%{s}"
).split()


def generate_terms(random_source):
    """A record of good terms; one character of some is changed."""
    record = "v=spf1 " + " ".join(random_source.choices(TERMS, k=random_source.randint(0, 5)))
    if random_source.random() < 0.6:
        at = random_source.randrange(len(record))
        record = record[:at] + random_source.choice("=:/.%{} -a1\t") + record[at + 1 :]
    return record


def lint(*arguments, stdin=b""):
    return subprocess.run(
        [scanner_path, "lint", *arguments], input=stdin, capture_output=True, timeout=60
    )


def lint_lines(lines):
    """The output of --json for lines of bytes, parsed."""
    run = lint("--json", "spf", stdin=b"".join(line + b"\n" for line in lines))
    assert run.stderr == b"", run.stderr
    return [json.loads(line) for line in run.stdout.split(b"\n")[:-1]], run.returncode


def encode(value):
    return json.dumps(value).encode()


class JsonContract(unittest.TestCase):
    def test_members_and_their_order(self):
        line = lint("--json", "spf", stdin=encode({"id": 1, "record": "v=spf1 -all"})).stdout
        self.assertEqual(
            list(json.loads(line)), ["id", "record", "type", "valid", "findings", "parsed"]
        )
        self.assertTrue(line.endswith(b"}\n"))

    def test_a_valid_record(self):
        [line], status = lint_lines([encode("v=spf1 mx/24 include:a.test exp=e.test x=1 ~all")])
        self.assertEqual(status, 0)
        self.assertNotIn("id", line)
        self.assertEqual(line["type"], "spf")
        self.assertIs(line["valid"], True)
        self.assertEqual(
            [(each["id"], each["severity"], each["name"]) for each in line["findings"]],
            [("spf.all_softfail", "info", None), ("spf.unknown_modifier", "info", None)],
        )
        parsed = line["parsed"]
        self.assertEqual(
            {key: parsed[key] for key in ("all", "redirect", "exp", "own_lookups", "over_limit")},
            {"all": "softfail", "redirect": None, "exp": "e.test", "own_lookups": 2,
             "over_limit": False},
        )
        self.assertEqual(
            parsed["terms"][0],
            {"term": "mx/24", "offset": 7, "mechanism": "mx", "qualifier": "pass",
             "ipv4_prefix": 24, "ipv6_prefix": 128},
        )
        self.assertEqual(
            parsed["terms"][3], {"term": "x=1", "offset": 39, "modifier": "x", "value": "1"}
        )

    def test_a_broken_record(self):
        [line], status = lint_lines([encode("v=spf1 mx a:localhost -all")])
        self.assertEqual(status, 1)
        self.assertIs(line["valid"], False)
        self.assertIn(
            {"id": "spf.syntax_error", "severity": "error", "name": None,
             "args": {"term": "a:localhost", "offset": 12, "reason": "single_label"}},
            line["findings"],
        )
        self.assertEqual(len(line["parsed"]["terms"]), 2)

    def test_no_record(self):
        lines, status = lint_lines([encode(" v=spf1 -all"), encode("hello"), encode("")])
        self.assertEqual(status, 1)
        self.assertEqual(
            [[each["id"] for each in line["findings"]] for line in lines],
            [["spf.near_miss"], ["spf.missing"], ["spf.missing"]],
        )
        self.assertTrue(all(not line["valid"] and line["parsed"] is None for line in lines))

    def test_control_characters_survive(self):
        record = "v=spf1 mx\t\0\x7f-all"
        [line], _ = lint_lines([encode(record)])
        self.assertEqual(line["record"], record)
        self.assertEqual(line["findings"][0]["args"]["reason"], "control_char")

    def test_bytes_that_are_no_utf8(self):
        raw = b"v=spf1 mx \x96all"
        [line], _ = lint_lines([encode({"record_base64": base64.b64encode(raw).decode()})])
        self.assertEqual(line["record"].encode("latin-1"), raw)
        self.assertIs(line["txt_binary"], True)
        self.assertEqual(line["findings"][0]["args"]["reason"], "non_ascii")
        self.assertEqual(line["findings"][0]["args"]["offset"], 10)

    def test_ids_are_copied(self):
        ids = [0, -7, 1.5, 2**53, "x", "\u00fc\0\n\"", None, True, False, ""]
        lines, _ = lint_lines([encode({"id": each, "record": "v=spf1"}) for each in ids])
        self.assertEqual([line["id"] for line in lines], ids)

    def test_a_line_for_each_line(self):
        good = encode({"id": "good", "record": "v=spf1 -all"})
        garbage = [
            b"", b"   ", b"v=spf1 -all", b"{", b'{"record":"v=spf1', b'"a\tb"', b'"\xff"',
            b"\xff\xfe", b"\0", b'"a"\0', b"[]", b"null", b"12", b"{}", b'{"record":1}',
            b'{"id":5}', b'{"id":{},"record":"v=spf1"}', b"[" * 100000, b'{"a":' * 100000,
            b'"' + b"x" * (2 << 20) + b'"', b'{"record":"a","record":"b"}',
            b'{"id":6,"record_base64":"%"}', b'"\\ud800"', b"\r",
        ]
        lines, status = lint_lines([each for line in garbage for each in (line, good)])
        self.assertEqual(status, 1)
        self.assertEqual(len(lines), 2 * len(garbage))
        for line in lines[0::2]:
            self.assertIs(line["valid"], False)
            self.assertIsInstance(line["error"], str)
            self.assertEqual((line["findings"], line["parsed"]), ([], None))
            self.assertIsNone(line["record"])
        self.assertTrue(all(line["id"] == "good" and line["valid"] for line in lines[1::2]))
        self.assertEqual([line.get("id") for line in lines[0::2] if "id" in line], [5, 6])

    def test_the_last_line_needs_no_end(self):
        run = lint("--json", "spf", stdin=b'"v=spf1 -all"\n"v=spf1"')
        self.assertEqual(run.stdout.count(b"\n"), 2)

    def test_no_input_no_output(self):
        run = lint("--json", "spf")
        self.assertEqual((run.stdout, run.returncode), (b"", 0))

    def test_answers_before_the_next_line_comes(self):
        with subprocess.Popen(
            [scanner_path, "lint", "--json", "spf"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            for record in ("v=spf1 -all", "v=spf1 mx -all"):
                process.stdin.write(encode(record) + b"\n")
                process.stdin.flush()
                self.assertEqual(json.loads(process.stdout.readline())["record"], record)
            process.stdin.close()
            self.assertEqual(process.wait(10), 0)

    def test_generated_records_as_the_grammar_says(self):
        source = random.Random(7208)
        records = [generate(source) for _ in range(500)]
        records += [generate_terms(source) for _ in range(500)]
        lines, _ = lint_lines(
            [encode({"id": number, "record": each}) for number, each in enumerate(records)]
        )
        self.assertEqual([line["id"] for line in lines], list(range(len(records))))
        self.assertEqual([line["record"] for line in lines], records)
        for line in lines:
            want = is_valid(line["record"])
            with self.subTest(record=line["record"]):
                self.assertEqual(line["valid"], bool(want))
                self.assertEqual(line["parsed"] is None, want is None)
                errors = [each for each in line["findings"] if each["id"] == "spf.syntax_error"]
                self.assertEqual(len(errors) > 0, want is False)
        valid = sum(line["valid"] for line in lines)
        self.assertTrue(300 < valid < 700, f"{valid} of 1000 are valid: too uneven to say much")

    def test_a_record_of_64_kib(self):
        lines, _ = lint_lines([encode("v=spf1" + " a" * 32000), encode("v=spf1 " + "a" * 65000)])
        self.assertIs(lines[0]["parsed"]["over_limit"], True)
        self.assertEqual(len(lines[0]["parsed"]["terms"]), 2000)
        self.assertIs(lines[1]["valid"], False)


class Page(unittest.TestCase):
    def test_underlines_what_is_wrong(self):
        run = lint("spf", "v=spf1 ip4:192.0.2.300 mx a:localhost -all")
        rows = run.stdout.decode().split("\n")
        self.assertEqual(rows[0], "  v=spf1 ip4:192.0.2.300 mx a:localhost -all")
        self.assertEqual(rows[1], "             ^~~~~~~~~~~      ^~~~~~~~~")
        self.assertIn("bad_ip4: ip4:192.0.2.300", run.stdout.decode())
        self.assertEqual(run.returncode, 1)

    def test_says_what_the_record_says(self):
        run = lint("spf", "v=spf1 include:a.test mx ip4:198.51.99.1 ~all")
        text = run.stdout.decode()
        self.assertIn("~all: others are suspect (softfail)", text)
        self.assertIn("2 of 10", text)
        self.assertIn("\n            include:a.test\n            mx\n", text)
        self.assertEqual(run.returncode, 0)

    def test_escapes_what_a_terminal_would_act_on(self):
        record = "v=spf1 \x1b[31m\x07mx\u009b\u202e -all"
        run = lint("spf", record)
        self.assertTrue(all(0x20 <= byte < 0x7F or byte == 0x0A for byte in run.stdout))
        rows = run.stdout.decode().split("\n")
        self.assertEqual(rows[0], r"  v=spf1 \x1b[31m\x07mx\xc2\x9b\xe2\x80\xae -all")
        self.assertEqual(rows[1], "         " + "^" + 33 * "~")

    def test_stays_within_80_columns(self):
        record = "v=spf1 " + "include:a-long-name.example.test " * 9 + "x" * 300 + "\u00fc" * 90
        run = lint("spf", record)
        rows = run.stdout.decode().split("\n")
        self.assertTrue(all(len(row) <= 80 for row in rows[:20]))
        shown = "".join(row[2:] for row in rows[:40] if "^" not in row and "~" not in row)
        self.assertIn("include:a-long-name.example.test " * 9 + "x" * 300, shown)

    def test_lines_of_text(self):
        run = lint("spf", stdin=b"v=spf1 -all\r\n\nv=spf1 mx -all\n\nv=spf1 a -all")
        self.assertEqual(run.returncode, 0)
        self.assertEqual(run.stdout.decode().count("receivers can use it"), 3)
        self.assertEqual(run.stdout.decode().count("\n\n"), 2)

    def test_json_of_operands(self):
        run = lint("--json", "spf", "v=spf1 -all", '"v=spf1 -all"')
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual([line["valid"] for line in lines], [True, False])
        self.assertEqual(lines[1]["findings"][0]["id"], "spf.near_miss")


class Usage(unittest.TestCase):
    def test_exit_codes(self):
        for arguments, want in (
            (["spf", "v=spf1 -all"], 0),
            (["spf", "v=spf1 -all", "v=spf1 foo"], 1),
            (["spf", "v=spf1 foo", "v=spf1 -all"], 1),
            (["spf", ""], 1),
            (["--help"], 0),
            ([], 2),
            (["dmarc", "x"], 2),
            (["mta-sts", "x"], 2),
            (["SPF", "x"], 2),
            (["--foo", "spf", "x"], 2),
        ):
            with self.subTest(arguments=arguments):
                self.assertEqual(lint(*arguments).returncode, want)

    def test_a_type_not_built_yet_is_refused_by_name(self):
        run = lint("dmarc", "v=DMARC1; p=none")
        self.assertEqual(run.stdout, b"")
        self.assertEqual(run.stderr, b"mxsweep lint: not built yet: dmarc\n")

    def test_a_full_disk_is_not_silent(self):
        with open("/dev/full", "wb") as full:
            run = subprocess.run(
                [scanner_path, "lint", "spf", "v=spf1 -all"],
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=60,
            )
        self.assertEqual(run.returncode, 1)
        self.assertIn(b"failed", run.stderr)

    def test_help_says_what_exit_1_means(self):
        self.assertIn(b"Exits 1", lint("--help").stdout)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} /path/to/mxsweep [unittest arguments]")
    scanner_path = sys.argv[1]
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
