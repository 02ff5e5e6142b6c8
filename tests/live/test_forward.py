"""`--forward`: a real resolver in between, whose answers are validated here as well."""

import socket
import threading
import unittest

import dns.flags
import dns.message
import dns.query
import dns.rdatatype

import harness
from dnstree import Tree

FORWARDER = "127.0.0.1"
FIT_PORT, STRIPPING_PORT = 5335, 5336
ANSWERED = ("secure.lab", "nsec3.lab", "insecure.lab", "plain.raw", "null.lab", "implicit.lab")
BOGUS = ("tampered.lab", "expired.lab")
DNSSEC_TYPES = (dns.rdatatype.RRSIG, dns.rdatatype.NSEC, dns.rdatatype.NSEC3)

UNBOUND_CONFIG = """server:
  interface: {address}@{port}
  access-control: 127.0.0.0/8 allow
  do-daemonize: no
  use-syslog: no
  username: ""
  chroot: ""
  pidfile: ""
  directory: "{folder}"
  root-hints: "{hints}"
  module-config: "iterator"
  do-not-query-localhost: no
  local-zone: "test." transparent
remote-control:
  control-enable: no
"""


class StrippingProxy:
    """Hands questions on without the DO bit and answers without DNSSEC records, over UDP."""

    def __init__(self, address, port, upstream_port):
        self.address, self.upstream_port = address, upstream_port
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                packet, client = self.socket.recvfrom(65535)
                question = dns.message.from_wire(packet)
            except (OSError, dns.exception.DNSException):
                return
            question.use_edns(edns=-1)
            answer = dns.query.udp(question, self.address, port=self.upstream_port, timeout=3)
            for section in (answer.answer, answer.authority):
                section[:] = [rrset for rrset in section if rrset.rdtype not in DNSSEC_TYPES]
            self.socket.sendto(answer.to_wire(), client)

    def stop(self):
        self.socket.close()


class Forward(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = harness.Folder()
        cls.addClassCleanup(cls.folder.remove)
        cls.tree = Tree(cls.folder)
        cls.addClassCleanup(cls.tree.stop)
        cls.tree.start()
        config = cls.folder.write(
            "unbound.conf",
            UNBOUND_CONFIG.format(
                address=FORWARDER, port=FIT_PORT, folder=cls.folder.join(), hints=cls.tree.hints
            ),
        )
        cls.unbound = harness.Process(
            ["/usr/sbin/unbound", "-d", "-p", "-c", config], cls.folder.join("unbound.log")
        )
        cls.addClassCleanup(cls.unbound.stop)
        cls.wait_for_unbound()
        cls.proxy = StrippingProxy(FORWARDER, STRIPPING_PORT, FIT_PORT)
        cls.addClassCleanup(cls.proxy.stop)
        cls.direct = harness.scan(cls.folder, ANSWERED + BOGUS, *cls.tree.options())

    @classmethod
    def wait_for_unbound(cls):
        query = dns.message.make_query(".", "SOA")
        for _ in range(50):
            try:
                dns.query.udp(query, FORWARDER, port=FIT_PORT, timeout=0.2)
                return
            except (dns.exception.Timeout, OSError):
                if cls.unbound.has_ended():
                    break
        raise AssertionError("unbound does not answer:\n" + cls.unbound.log())

    def forward(self, names, port, *options):
        return harness.scan(
            self.folder,
            names,
            *("--special-use", "--timeout", 3, "--forward", f"{FORWARDER}@{port}", *options),
        )

    def refused(self, port, *options):
        done = harness.run(
            *("scan", self.folder.write("list", "secure.lab\n"), "--special-use"),
            *("--timeout", 2, "--forward", f"{FORWARDER}@{port}", *options),
        )
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        return done.stderr

    def test_same_lines_as_without(self):
        """Validated here: secure, insecure and bogus are the same as asked directly."""
        lines = self.forward(ANSWERED + BOGUS, FIT_PORT, "--trust-anchor", self.tree.anchor)
        for domain in ANSWERED + BOGUS:
            for path in ("receives", "mx.lookup", "mx.dnssec", "spf.state", "dmarc.state"):
                with self.subTest(domain=domain, path=path):
                    self.assertEqual(
                        harness.dig(lines[domain], path), harness.dig(self.direct[domain], path)
                    )

    def test_one_that_strips_is_refused(self):
        message = self.refused(STRIPPING_PORT, "--trust-anchor", self.tree.anchor)
        self.assertIn("--trust-anchor none", message)

    def test_one_that_strips_serves_without_validation(self):
        lines = self.forward(ANSWERED, STRIPPING_PORT, "--trust-anchor", "none")
        for domain in ANSWERED:
            self.assertEqual(harness.dig(lines[domain], "mx.dnssec"), "indeterminate")
            self.assertEqual(lines[domain]["receives"], self.direct[domain]["receives"])

    def test_one_that_is_not_there_is_refused(self):
        message = self.refused(5999, "--trust-anchor", self.tree.anchor)
        self.assertIn("does not answer", message)


if __name__ == "__main__":
    harness.main()
