"""Packets that are no answer, endless chains, huge and binary records (G9, G10 in small).

Each domain meets one kind of trouble; beside them are ordinary domains whose lines must be those of
a sweep without the trouble. Whatever comes: the right class (rules 1.1), never "absent", valid
lines, and no worker lost.
"""

import json
import os
import random
import struct
import unittest

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset
import jsonschema

import harness
import packets
import scripted

PORT = 5399
TIMEOUT_S = 3
SWEEP = (
    *("--stub", f".=127.0.0.1@{PORT}", "--trust-anchor", "none", "--special-use", "--rate", 0),
    *("--retries", 0, "--retry-wait", 0, "--timeout", TIMEOUT_S, "-w", 2),
)
SCHEMA = os.environ.get("MXSWEEP_SCHEMA") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)),
    "../../scanner/schema/mxsweep-1.schema.json",
)
ZONE = """
$TTL 300
@ SOA ns.ex. hostmaster.ex. 1 3600 900 604800 60
@ NS ns.ex.
ns.ex. A 127.0.0.1
*.ex. MX 10 mx.usual.ex.
*.ex. TXT "v=spf1 mx -all"
mx.usual.ex. A 5.9.17.1
loop.ex. CNAME loop2.ex.
loop2.ex. CNAME loop.ex.
self.ex. CNAME self.ex.
dname.ex. DNAME x.dname.ex.
"""
ODD_HOSTS = (  # as a zone file writes them
    r"\000.odd.ex.",
    r"a\.b.odd.ex.",
    r"quote\".odd.ex.",
    r"back\\slash.odd.ex.",
    r"\027[31m.odd.ex.",
    r"\255\254.odd.ex.",
    r"\195\188.odd.ex.",
    r"<script>.odd.ex.",
    r"new\010line.odd.ex.",
    r"sp\032ace.odd.ex.",
    ".".join(["x" * 63] * 3) + ".odd.ex.",
)
CHAINS = (10, 11, 12, 15, 16, 17, 18, 20)
MANY_MX = 1000
BIG_TEXT = 250
ORDINARY = [f"plain{i}.ex" for i in range(60)]
ABSENT = ("nodata", "nxdomain", "nxdomain_target")


def chain(owner, length):
    """`owner` leads over that many aliases to a name that has everything."""
    names = [owner] + [f"c{i}.{owner}" for i in range(1, length)] + [f"end.{owner}"]
    rows = [f"{a}. CNAME {b}.\n" for a, b in zip(names, names[1:])]
    return "".join(rows) + f"{names[-1]}. MX 0 .\n{names[-1]}. TXT \"v=spf1 -all\"\n"


def zone():
    """The zone text, with what is too long to write by hand."""
    rows = [ZONE]
    rows += [chain(f"chain{n}.ex", n) + chain(f"step{n}.ex", n) for n in CHAINS]
    rows += [f"odd.ex. MX {i} {host}\n" for i, host in enumerate(ODD_HOSTS)]
    rows += [f"many.ex. MX {i} mx{i}.many.ex.\n" for i in range(MANY_MX)]
    rows.append('many.ex. TXT "v=spf1 mx -all"\n')
    every = "".join(f"\\{octet:03d}" for octet in range(0, 250))
    rows.append(f'binary.ex. TXT "v=spf1 " "{every}"\nbinary.ex. TXT "{every}"\n')
    rows.append("binary.ex. MX 0 .\n")
    rows.append('_dmarc.binary.ex. TXT "v=DMARC1; p=none; rua=mailto:\\000\\255\\"@x.ex"\n')
    return "".join(rows)


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = harness.Folder()
        cls.addClassCleanup(cls.folder.remove)
        cls.world = scripted.World({".": zone()})
        cls.chance = random.Random(1)
        server = packets.Server(cls.answer, port=PORT)
        cls.addClassCleanup(server.stop)
        with open(SCHEMA, encoding="utf-8") as file:
            cls.validator = jsonschema.Draft202012Validator(json.load(file))
        cls.alone = cls.sweep(ORDINARY)

    @classmethod
    def answer(cls, packet, over_tcp, _):
        """The packets for a question; the last label but one says which trouble."""
        true = cls.world.reply(packet, over_tcp)
        query = dns.message.from_wire(packet)
        labels = query.question[0].name.to_text(omit_final_dot=True).lower().split(".")
        trouble = getattr(cls, "send_" + labels[-2].rstrip("0123456789"), None)
        if labels[-1] != "ex" or len(labels) < 2 or trouble is None:
            return [] if true is None else [true]
        return trouble(query, true, over_tcp)

    # ---- troubles, each the name of its domain

    @staticmethod
    def send_wrongid(_, true, over_tcp):
        """A flood of other IDs and nothing else."""
        return [] if over_tcp else [bytes([true[0] ^ i, true[1] ^ 1]) + true[2:] for i in range(50)]

    @classmethod
    def send_wrongidthenright(cls, query, true, over_tcp):
        return cls.send_wrongid(query, forged(query), over_tcp) + [true]

    @staticmethod
    def send_wrongquestion(query, *_):
        """The right ID, another question."""
        other = dns.message.make_query("mx.usual.ex", query.question[0].rdtype)
        other.id = query.id
        return [dns.message.make_response(other).to_wire()]

    @staticmethod
    def send_noquestion(_, true, __):
        return [true[:4] + bytes(8)]

    @classmethod
    def send_garbage(cls, _, true, __):
        """Noise behind the right ID."""
        return [true[:2] + cls.chance.randbytes(cls.chance.randrange(600)) for _ in range(20)]

    @staticmethod
    def send_short(_, true, __):
        return [true[:length] for length in (1, 2, 3, 11)]

    @classmethod
    def send_flipped(cls, _, true, __):
        """The answer with octets changed behind the question."""
        changed = bytearray(true)
        for _ in range(6):
            changed[cls.chance.randrange(12, len(changed))] ^= 1 << cls.chance.randrange(8)
        return [bytes(changed)]

    @staticmethod
    def send_counts(_, true, __):
        """A header that promises 65,535 records."""
        return [true[:6] + b"\xff" * 6 + true[12:]]

    @staticmethod
    def send_pointer(query, true, _):
        """An owner that points at itself."""
        at = len(query.to_wire())
        record = struct.pack("!HHHIH", 0xC000 | at, 15, 1, 60, 4) + b"\0\0\xc0\x0c"
        return [true[:2] + struct.pack("!5H", 0x8400, 1, 1, 0, 0) + query.to_wire()[12:] + record]

    @staticmethod
    def send_truncatedalways(query, *_):
        """TC over UDP, and over TCP too."""
        return [scripted.truncated(query).to_wire()]

    @staticmethod
    def send_tcpcut(query, true, over_tcp):
        """TCP that closes in mid-message."""
        return [true[: len(true) // 2], None] if over_tcp else [scripted.truncated(query).to_wire()]

    @staticmethod
    def send_tcphang(query, _, over_tcp):
        return [] if over_tcp else [scripted.truncated(query).to_wire()]

    @staticmethod
    def send_big(query, _, over_tcp):
        """65,535 octets of TXT, the SPF record among them."""
        if not over_tcp:
            return [scripted.truncated(query).to_wire()]
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        question = query.question[0]
        if question.rdtype == dns.rdatatype.TXT:
            filler = [f'"{i:04d}{"x" * BIG_TEXT}"' for i in range(244)]
            rrset = dns.rrset.from_text(question.name, 300, "IN", "TXT", *filler, '"v=spf1 -all"')
            response.answer.append(rrset)
        elif question.rdtype == dns.rdatatype.MX:
            response.answer.append(dns.rrset.from_text(question.name, 300, "IN", "MX", "0 ."))
        return [pad(response.to_wire(max_size=65535))]

    @staticmethod
    def send_step(query, true, _):
        """One alias at a time."""
        response = dns.message.from_wire(true)
        del response.answer[1:]
        return [response.to_wire()]

    @staticmethod
    def send_case(query, true, _):
        """The question in another case: a server that does not keep it."""
        return [true[:12] + true[12:].replace(b"\x04case", b"\x04CASE", 1).lower()]

    # ---- tests

    @classmethod
    def sweep(cls, names):
        """Lines by name, each valid; nobody died."""
        list_path = cls.folder.write("list", "\n".join(names) + "\n")
        out, summary_path = cls.folder.join("out.ndjson"), cls.folder.join("summary")
        done = harness.run(
            "scan", list_path, "-o", out, "--force", "--summary", summary_path, *SWEEP
        )
        summary = harness.read_json(summary_path)
        lines = harness.lines_by_index(out)
        assert done.returncode == 0, done.stderr
        assert summary["workers_lost"] == 0, done.stderr
        assert sorted(lines) == list(range(len(names)))
        for line in lines.values():
            errors = [f"{e.json_path}: {e.message}" for e in cls.validator.iter_errors(line)]
            assert not errors, (line["input"], errors)
        return {line["domain"]: line for line in lines.values()}

    def meet(self, *names):
        """Lines of troubled domains; the ordinary ones beside them are as they are alone."""
        lines = self.sweep(ORDINARY + list(names))
        for name in ORDINARY:
            ours, theirs = map(harness.without_times, (lines[name], self.alone[name]))
            self.assertEqual(ours, theirs)
        return [lines[name] for name in names]

    def check_failed(self, *names):
        for line in self.meet(*names):
            with self.subTest(domain=line["domain"]):
                self.assertEqual((line["mx"]["lookup"], line["receives"]), ("temp", "unknown"))
                self.assertEqual(line["spf"]["state"], "unknown")
                self.assertEqual(harness.absence_findings(line), set())

    def check_not_absent(self, line):
        self.assertNotIn(line["mx"]["lookup"], ABSENT)
        self.assertNotEqual(line["exists"], "no")
        self.assertNotEqual(line["spf"]["state"], "none")
        self.assertEqual(harness.absence_findings(line), set())

    def test_no_answers(self):
        self.check_failed("wrongid.ex", "noquestion.ex", "short.ex", "counts.ex", "pointer.ex")
        self.check_failed("wrongquestion.ex", "truncatedalways.ex", "tcpcut.ex", "tcphang.ex")

    def test_right_among_wrong(self):
        """Fifty forged answers first: the true one counts."""
        for line in self.meet("wrongidthenright.ex", "case.ex"):
            with self.subTest(domain=line["domain"]):
                self.assertEqual(line["receives"], "mx")
                self.assertEqual([m["host"] for m in line["mx"]["records"]], ["mx.usual.ex"])

    def test_noise(self):
        """Random bytes and flipped bits: anything may be read but nothing breaks."""
        self.meet(*(f"flipped{i}.ex" for i in range(200)))
        for line in self.meet(*(f"garbage{i}.ex" for i in range(20))):
            self.check_not_absent(line)

    def test_loops(self):
        for line in self.meet("loop.ex", "self.ex", "a.dname.ex"):
            with self.subTest(domain=line["domain"]):
                self.assertEqual(line["mx"]["lookup"], "temp")
                self.check_not_absent(line)

    def test_chains(self):
        """Rules 17.4: sixteen aliases at most. One that libunbound does not follow is `temp`."""
        names = [f"{kind}{n}.ex" for kind in ("chain", "step") for n in CHAINS]
        for line in self.meet(*names):
            with self.subTest(domain=line["domain"]):
                print(f"\n{line['domain']}: {line['mx']['lookup']} {line['mx'].get('error')}")
                self.check_not_absent(line)
                if line["mx"]["lookup"] == "ok":
                    self.assertEqual((line["receives"], line["spf"]["state"]), ("null", "found"))
                    self.assertLessEqual(int("".join(filter(str.isdigit, line["domain"]))), 16)
                else:
                    self.assertEqual(line["mx"]["lookup"], "temp")

    def test_big(self):
        """A full TCP answer with 245 TXT records: over the cap of 100, so unknown, not absent."""
        (line,) = self.meet("big.ex")
        print(f"\nbig.ex: spf {line['spf']}")
        self.assertEqual(line["mx"]["lookup"], "ok")
        self.assertIn(line["spf"]["state"], ("found", "unknown"))
        self.check_not_absent(line)

    def test_many_mx(self):
        (line,) = self.meet("many.ex")
        self.assertEqual(line["mx"]["lookup"], "ok")
        self.assertEqual(len(line["mx"]["records"]), MANY_MX)
        self.assertEqual(len(line["hosts"]), 20, "rules 17.4")
        self.assertLessEqual(line["questions"], 150)
        self.assertEqual(line["receives"], "unknown", "the other hosts were not looked at")

    def test_binary_text(self):
        (line,) = self.meet("binary.ex")
        # a byte over 0x7E is a syntax error: RFC 7208 section 12
        self.assertEqual((line["receives"], line["spf"]["state"]), ("null", "invalid"))
        self.assertTrue(line["spf"]["record"].startswith("v=spf1 "))
        self.assertEqual(line["dmarc"]["state"], "found")

    def test_odd_hosts(self):
        """Names are escaped as RFC 1035 section 5.1 says, and stay apart."""
        (line,) = self.meet("odd.ex")
        hosts = [record["host"] for record in line["mx"]["records"]]
        self.assertEqual(len(set(hosts)), len(ODD_HOSTS))
        self.assertEqual(hosts[0], r"\000.odd.ex")
        self.assertEqual(hosts[1], r"a\.b.odd.ex")
        self.assertEqual(hosts[4], r"\027[31m.odd.ex")
        for host in hosts:
            self.assertTrue(host.isascii() and host.isprintable(), host)


def forged(query):
    """An answer that would be believed, had it the right ID."""
    response = dns.message.make_response(query)
    response.flags |= dns.flags.AA
    question = query.question[0]
    if question.rdtype == dns.rdatatype.MX:
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", "MX", "1 evil.ex."))
    return response.to_wire()


def pad(message):
    """Octets behind the last record, up to the longest message there is."""
    return message + bytes(65535 - len(message))


if __name__ == "__main__":
    harness.main()
