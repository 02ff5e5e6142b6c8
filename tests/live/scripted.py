"""A scripted authoritative name server: zone texts, and answers that go wrong on request.

As a module: `World` holds zones and rules, `Server` serves it on UDP and TCP from a thread.
As a program: `scripted.py --zones DIR --port N [--fail [NAME/]TYPE=MODE]...`; DIR holds a file
`ORIGIN.zone` per zone (`root.zone` for the root).

Every zone is answered with authority by the one server, as for `--stub .=127.0.0.1@5399`: no
referrals. Names are found as RFC 1034 section 4.3.2 and RFC 4592 say: CNAME and DNAME followed
within the world, wildcards, empty non-terminals; RCODE 3 at the end of a chain is RFC 6604's.
"""

import argparse
import asyncio
import os
import socket
import struct
import sys
import threading

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zone

SERVFAIL, SILENT, REFUSED, FORMERR, NOTIMP = "servfail", "silent", "refused", "formerr", "notimp"
TRUNCATE = "truncate"  # TC on UDP, the whole answer on TCP
TRUNCATE_DEAD = "truncate-dead"  # TC on UDP, TCP closes at once
MALFORMED = "malformed"  # a header that promises records, then half a name
RCODES = {
    SERVFAIL: dns.rcode.SERVFAIL,
    REFUSED: dns.rcode.REFUSED,
    FORMERR: dns.rcode.FORMERR,
    NOTIMP: dns.rcode.NOTIMP,
}
MODES = (*RCODES, SILENT, TRUNCATE, TRUNCATE_DEAD, MALFORMED)
CHAIN_MAX = 16
UDP_PAYLOAD = 1232


class Zone:
    """One zone, read from master-file text."""

    def __init__(self, origin, text):
        self.origin = dns.name.from_text(origin)
        zone = dns.zone.from_text(text, self.origin, relativize=False, check_origin=False)
        self.nodes = {name: node for name, node in zone.nodes.items() if node.rdatasets}
        self.names = {
            ancestor for name in self.nodes for ancestor in ancestors(name, self.origin)
        } | {self.origin}

    def owner_of(self, name):
        """The owner whose records answer for `name` (itself or a wildcard), or None: no name."""
        if name in self.names:
            return name
        encloser = name.parent()
        while encloser not in self.names:
            encloser = encloser.parent()
        wildcard = dns.name.from_text("*", encloser)
        return wildcard if wildcard in self.nodes else None

    def records(self, owner, rdtype, name):
        """The RRset of `rdtype` at `owner`, under the name that was asked for; None if none."""
        node = self.nodes.get(owner)
        rdataset = node.get_rdataset(dns.rdataclass.IN, rdtype) if node else None
        return dns.rrset.from_rdata_list(name, rdataset.ttl, rdataset) if rdataset else None

    def dname_above(self, name):
        """The DNAME RRset at the nearest proper ancestor of `name`, or None."""
        for ancestor in list(ancestors(name, self.origin))[1:]:
            rrset = self.records(ancestor, dns.rdatatype.DNAME, ancestor)
            if rrset:
                return rrset
        return None

    def soa(self):
        """The SOA RRset for the authority section of a negative answer, as a list."""
        rrset = self.records(self.origin, dns.rdatatype.SOA, self.origin)
        return [rrset] if rrset else []

    def fill(self, response, name, rdtype):
        """Adds one step of an answer for `name`; returns the alias target to go on with."""
        dname = self.dname_above(name)
        if dname:
            return add_dname(response, name, dname)
        owner = self.owner_of(name)
        if owner is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
            response.authority += self.soa()
            return None
        rrset = self.records(owner, rdtype, name)
        alias = self.records(owner, dns.rdatatype.CNAME, name)
        if rrset is None and alias is None:
            response.authority += self.soa()
            return None
        response.answer.append(rrset or alias)
        return None if rrset else alias[0].target


def ancestors(name, origin):
    """`name` and the names above it, up to and with `origin`."""
    while name != origin:
        yield name
        name = name.parent()
    yield origin


def add_dname(response, name, dname):
    """Adds a DNAME and the CNAME it makes (RFC 6672 section 3.1); returns the new target."""
    target = name.relativize(dname.name).concatenate(dname[0].target)
    response.answer.append(dname)
    response.answer.append(
        dns.rrset.from_text(name, dname.ttl, "IN", "CNAME", target.to_text())
    )
    return target


class World:
    """Zones, the rules that spoil answers, and the log of questions."""

    def __init__(self, zones):
        """`zones`: Zone objects, or a dict of origin to zone text."""
        made = [Zone(*item) for item in zones.items()] if isinstance(zones, dict) else zones
        self.zones = {zone.origin: zone for zone in made}
        self.rules = []
        self.questions = []  # (name without closing dot, type), lower case, in order of arrival

    def fail(self, mode, rdtype=None, name=None):
        """From now on questions for `rdtype` and `name` (None: any) go wrong as `mode` says."""
        if mode not in MODES:
            raise ValueError(f"no such mode: {mode}")
        wanted_type = dns.rdatatype.from_text(rdtype) if rdtype else None
        self.rules.append((dns.name.from_text(name) if name else None, wanted_type, mode))

    def heal(self):
        """Forgets all rules and the log."""
        self.rules.clear()
        self.questions.clear()

    def mode_for(self, name, rdtype):
        """The mode of the first rule that fits, or None: answer truly."""
        for rule_name, rule_type, mode in self.rules:
            if rule_name in (None, name) and rule_type in (None, rdtype):
                return mode
        return None

    def zone_of(self, name):
        """The zone with the longest origin at or above `name`, or None."""
        for ancestor in ancestors(name, dns.name.root):
            if ancestor in self.zones:
                return self.zones[ancestor]
        return None

    def answer(self, query):
        """The true response to a parsed query."""
        response = dns.message.make_response(query, our_payload=UDP_PAYLOAD)
        response.flags |= dns.flags.AA
        question = query.question[0]
        name = question.name
        for _ in range(CHAIN_MAX):
            zone = self.zone_of(name)
            if zone is None:
                if name == question.name:
                    response.set_rcode(dns.rcode.REFUSED)
                break
            name = zone.fill(response, name, question.rdtype)
            if name is None:
                break
        return response

    def reply(self, packet, over_tcp):
        """The bytes to send for a packet, or None to stay silent."""
        try:
            query = dns.message.from_wire(packet)
        except dns.exception.DNSException:
            return None
        if query.opcode() != dns.opcode.QUERY or len(query.question) != 1:
            return rcode_reply(query, dns.rcode.NOTIMP)
        question = query.question[0]
        text = question.name.to_text(omit_final_dot=True).lower()
        self.questions.append((text, dns.rdatatype.to_text(question.rdtype)))
        mode = self.mode_for(question.name, question.rdtype)
        if mode is not None:
            spoilt = spoil(mode, query, over_tcp)
            if spoilt is not None or mode != TRUNCATE:
                return spoilt
        return whole_or_truncated(self.answer(query), over_tcp)


def spoil(mode, query, over_tcp):
    """The reply that `mode` asks for; None: no reply (or, truncate over TCP, the true one)."""
    if mode in RCODES:
        return rcode_reply(query, RCODES[mode])
    if mode == MALFORMED:
        return struct.pack("!6H", query.id, 0x8400, 1, 3, 0, 0) + b"\x07garb"
    if mode in (TRUNCATE, TRUNCATE_DEAD) and not over_tcp:
        return truncated(query).to_wire()
    return None


def rcode_reply(query, rcode):
    """An empty response with `rcode`, as bytes."""
    response = dns.message.make_response(query, our_payload=UDP_PAYLOAD)
    response.set_rcode(rcode)
    return response.to_wire()


def truncated(query):
    """An empty response with the TC bit."""
    response = dns.message.make_response(query, our_payload=UDP_PAYLOAD)
    response.flags |= dns.flags.AA | dns.flags.TC
    return response


def whole_or_truncated(response, over_tcp):
    """A response as bytes; over UDP one that does not fit becomes empty, with TC."""
    if over_tcp:
        return response.to_wire(max_size=65535)
    payload = response.request_payload or 512
    try:
        return response.to_wire(max_size=min(payload, UDP_PAYLOAD))
    except dns.exception.TooBig:
        response.answer, response.authority, response.additional = [], [], []
        response.flags |= dns.flags.TC
        return response.to_wire()


class UdpProtocol(asyncio.DatagramProtocol):
    """Answers datagrams from a world."""

    def __init__(self, world):
        self.world = world
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        reply = self.world.reply(data, over_tcp=False)
        if reply is not None:
            self.transport.sendto(reply, addr)


async def serve_stream(world, reader, writer):
    """Answers the messages of one TCP connection; a None reply closes it."""
    try:
        while True:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            reply = world.reply(await reader.readexactly(length), over_tcp=True)
            if reply is None:
                break
            writer.write(struct.pack("!H", len(reply)) + reply)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def open_server(world, address, port):
    """Binds UDP and TCP; returns what `close_server` closes."""
    loop = asyncio.get_running_loop()
    udp, _ = await loop.create_datagram_endpoint(
        lambda: UdpProtocol(world), local_addr=(address, port)
    )
    tcp = await asyncio.start_server(
        lambda reader, writer: serve_stream(world, reader, writer), address, port
    )
    return udp, tcp


class Server:
    """A world served from a thread. `start` returns when the port is open."""

    def __init__(self, world, address="127.0.0.1", port=5399):
        self.world, self.address, self.port = world, address, port
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.parts = ()

    def start(self):
        self.thread.start()
        opening = open_server(self.world, self.address, self.port)
        self.parts = asyncio.run_coroutine_threadsafe(opening, self.loop).result(5)
        return self

    def stop(self):
        for part in self.parts:
            self.loop.call_soon_threadsafe(part.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)


class SilentServer:
    """A UDP socket that takes questions and never answers: a real time-out."""

    def __init__(self, address, port=53):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((address, port))

    def stop(self):
        self.socket.close()


def read_zones(folder):
    """The zones of a folder: origin to text, a file `ORIGIN.zone` each (`root.zone`: the root)."""
    zones = {}
    for name in sorted(os.listdir(folder)):
        stem, extension = os.path.splitext(name)
        if extension == ".zone":
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                zones["." if stem == "root" else stem + "."] = file.read()
    return zones


def read_rule(text):
    """`[NAME/]TYPE=MODE` as the arguments of World.fail; TYPE `*` is any."""
    what, separator, mode = text.partition("=")
    name, _, rdtype = what.rpartition("/")
    if not separator or mode not in MODES:
        raise argparse.ArgumentTypeError(f"{text}: not [NAME/]TYPE=MODE with MODE of {MODES}")
    return mode, None if rdtype == "*" else rdtype, name or None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--zones", required=True, metavar="DIR")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5399)
    parser.add_argument("--fail", action="append", type=read_rule, default=[])
    options = parser.parse_args()
    world = World(read_zones(options.zones))
    for rule in options.fail:
        world.fail(*rule)
    loop = asyncio.new_event_loop()
    parts = loop.run_until_complete(open_server(world, options.address, options.port))
    print(f"serving {len(world.zones)} zones on {options.address}@{options.port}", flush=True)
    try:
        loop.run_forever()
    except KeyboardInterrupt:
        for part in parts:
            part.close()


if __name__ == "__main__":
    sys.exit(main())
