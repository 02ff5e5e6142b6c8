"""An independent oracle: the mail posture of names, asked from the authoritative servers.

    oracle.py --root-hints FILE [--jobs N] [--special-use] LIST >ORACLE.ndjson

Written from the RFCs (1034 section 5.3.3, 2308, 5321 section 5.1, 6604, 7208 section 4.5, 7505,
9989 section 4.10) and posture-rules.md alone, and shares no code with mxsweep: another language,
another resolver, no validation. It follows referrals from the root, glue or not, and aliases
across zones, falls back to TCP, and keeps delegations and answers for the whole run.
"""

import argparse
import ipaddress
import json
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.zone

A, AAAA, MX, TXT = (dns.rdatatype.from_text(t) for t in ("A", "AAAA", "MX", "TXT"))
CNAME, NS, DNAME = (dns.rdatatype.from_text(t) for t in ("CNAME", "NS", "DNAME"))
OK, NODATA, NXDOMAIN, NXDOMAIN_TARGET, TEMP = "ok", "nodata", "nxdomain", "nxdomain_target", "temp"
ALIASES_MAX = 16
REFERRALS_MAX = 30
DEPTH_MAX = 8  # of name servers whose names need name servers
TARGETS_MAX = 20
TRIES = 2
CHUNK = 200

# posture-rules.md 4.b: what is not globally reachable, and the exceptions within.
NOT_GLOBAL_V4 = [
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 "
        "192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 "
        "203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
    ).split()
]
GLOBAL_V4 = [ipaddress.ip_network(block) for block in ("192.0.0.9/32", "192.0.0.10/32")]
UNICAST_V6 = [ipaddress.ip_network(block) for block in ("2000::/3", "64:ff9b::/96")]
NOT_GLOBAL_V6 = [
    ipaddress.ip_network(block)
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
GLOBAL_V6 = [
    ipaddress.ip_network(block)
    for block in (
        "2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:3::/32 2001:4:112::/48 2001:20::/28 "
        "2001:30::/28"
    ).split()
]
SPECIAL_USE = [
    dns.name.from_text(name)
    for name in "localhost local invalid onion test example alt home.arpa internal".split()
]


def is_global(address):
    """Whether mail from elsewhere can reach the address (IANA special-purpose registries)."""
    ip = ipaddress.ip_address(address)
    if ip.version == 4:
        return within(ip, GLOBAL_V4) or not within(ip, NOT_GLOBAL_V4)
    if not within(ip, UNICAST_V6):
        return False
    return within(ip, GLOBAL_V6) or not within(ip, NOT_GLOBAL_V6)


def within(ip, blocks):
    return any(ip in block for block in blocks)


@dataclass
class Outcome:
    """How a question ended, with the rdata found and whether an alias was on the way."""

    kind: str
    rdatas: list = field(default_factory=list)
    aliased: bool = False


@dataclass
class Delegation:
    """A zone cut: the servers' names, and addresses that came with it as glue."""

    zone: dns.name.Name
    servers: list
    glue: dict


class Resolver:
    """An iterative resolver without validation."""

    def __init__(self, hints, timeout_s):
        self.timeout_s = timeout_s
        self.answers = {}
        self.delegations = {dns.name.root: hints}

    def ask(self, name, rdtype, depth=0):
        """The Outcome of (name, rdtype), from memory if asked before."""
        key = (name, rdtype)
        if key not in self.answers:
            self.answers[key] = self.follow(name, rdtype, depth)
        return self.answers[key]

    def follow(self, name, rdtype, depth):
        """Follows aliases until there is data, a denial, or a failure."""
        aliased = False
        for _ in range(ALIASES_MAX + 1):
            response, zone = self.iterate(name, rdtype, depth)
            if response is None:
                return Outcome(TEMP, aliased=aliased)
            name, hops, rrset = walk_answer(response, name, rdtype, zone)
            aliased = aliased or hops > 0
            if rrset is not None:
                return Outcome(OK, list(rrset), aliased)
            if hops == 0:
                return denial(response, aliased)
        return Outcome(TEMP, aliased=aliased)

    def iterate(self, name, rdtype, depth):
        """Goes down the referrals; the response that is none, and its zone; (None, None) fails."""
        delegation = self.closest(name)
        for _ in range(REFERRALS_MAX):
            response = self.ask_servers(delegation, name, rdtype, depth)
            if response is None:
                return None, None
            lower = referral(response, delegation.zone, name)
            if lower is None:
                return response, delegation.zone
            self.delegations[lower.zone] = delegation = lower
        return None, None

    def closest(self, name):
        """The deepest known delegation at or above `name`."""
        while name not in self.delegations:
            name = name.parent()
        return self.delegations[name]

    def ask_servers(self, delegation, name, rdtype, depth):
        """The first usable response of the zone's servers; None when there is none."""
        for _ in range(TRIES):
            for address in self.addresses(delegation, depth):
                response = self.exchange(address, name, rdtype)
                if response is not None and is_usable(response, delegation.zone, name):
                    return response
        return None

    def addresses(self, delegation, depth):
        """Server addresses: glue first, then those that must be looked up."""
        for server in delegation.servers:
            yield from delegation.glue.get(server, ())
        if depth < DEPTH_MAX:
            for server in delegation.servers:
                if server not in delegation.glue:
                    for rdtype in (A, AAAA):
                        found = self.ask(server, rdtype, depth + 1)
                        yield from (rdata.address for rdata in found.rdatas)

    def exchange(self, address, name, rdtype):
        """One question to one server; None when no sound reply came."""
        query = dns.message.make_query(name, rdtype, use_edns=0, payload=1232)
        query.flags &= ~dns.flags.RD
        try:
            response, _ = dns.query.udp_with_fallback(query, address, timeout=self.timeout_s)
        except (dns.exception.DNSException, OSError, EOFError):
            return None
        return response


def is_usable(response, zone, name):
    """Whether a server did its duty: data, a denial, or a referral downwards; not lame."""
    if response.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return False
    return bool(response.flags & dns.flags.AA) or referral(response, zone, name) is not None


def referral(response, zone, name):
    """The delegation to a zone below `zone` and at or above `name` that a response gives."""
    if response.answer or response.rcode() != dns.rcode.NOERROR:
        return None
    for rrset in response.authority:
        below = rrset.name != zone and rrset.name.is_subdomain(zone)
        if rrset.rdtype == NS and below and name.is_subdomain(rrset.name):
            servers = sorted(rdata.target for rdata in rrset)
            return Delegation(rrset.name, servers, glue_of(response, servers, zone))
    return None


def glue_of(response, servers, zone):
    """Addresses in the additional section for `servers` that the parent may speak for."""
    glue = {}
    for rrset in response.additional:
        if rrset.rdtype in (A, AAAA) and rrset.name in servers and rrset.name.is_subdomain(zone):
            glue.setdefault(rrset.name, []).extend(rdata.address for rdata in rrset)
    return glue


def walk_answer(response, name, rdtype, zone):
    """Walks the aliases in a response: the last name, the hops, and its RRset or None.

    Data for names outside the zone of the server is left aside: it is asked where it belongs.
    """
    for hops in range(ALIASES_MAX + 1):
        if not name.is_subdomain(zone):
            return name, hops, None
        rrset = find(response, name, rdtype)
        alias = find(response, name, CNAME)
        if rrset is not None:
            return name, hops, rrset
        if alias is None:
            alias_target = dname_target(response, name)
            if alias_target is None:
                return name, hops, None
            name = alias_target
        else:
            name = alias[0].target
    return name, ALIASES_MAX + 1, None


def find(response, name, rdtype):
    return response.get_rrset(response.answer, name, dns.rdataclass.IN, rdtype)


def dname_target(response, name):
    """Where a DNAME in the response sends `name`, or None."""
    for rrset in response.answer:
        if rrset.rdtype == DNAME and name != rrset.name and name.is_subdomain(rrset.name):
            return name.relativize(rrset.name).concatenate(rrset[0].target)
    return None


def denial(response, aliased):
    """The Outcome of a response without data for the name at the end of the chain."""
    if response.rcode() == dns.rcode.NXDOMAIN:
        return Outcome(NXDOMAIN_TARGET if aliased else NXDOMAIN, aliased=aliased)
    return Outcome(NODATA, aliased=aliased)


def host_text(name):
    """A name as the lines write it: lower case, no closing dot; the root is a dot."""
    return name.to_text(omit_final_dot=name != dns.name.root).lower()


def is_literal(host):
    """Whether an MX target is an IP address in disguise."""
    return bool(re.fullmatch(r"\d+(\.\d+){3}", host)) or ":" in host or host.startswith("[")


class Oracle:
    """The posture of a name, by the tables of posture-rules.md."""

    def __init__(self, resolver, special_use=False):
        self.resolver = resolver
        self.special_use = special_use  # whether special-use names are asked for

    def judge(self, text):
        """The line of one domain, as a dict."""
        domain = dns.name.from_text(text)
        mx = self.resolver.ask(domain, MX)
        records = sorted({(rdata.preference, host_text(rdata.exchange)) for rdata in mx.rdatas})
        line = {
            "domain": host_text(domain),
            "lookup": mx.kind,
            "owner_alias": mx.aliased,
            "mx": [{"preference": preference, "host": host} for preference, host in records],
        }
        if mx.kind == NXDOMAIN:
            return line | {"exists": "no", "receives": "nonexistent"}
        line["hosts"] = self.hosts(domain, records)
        line["receives"] = self.receives(domain, mx, records, line["hosts"])
        line["spf"] = self.texts(domain, is_spf)
        line["dmarc"] = self.texts(dns.name.from_text("_dmarc", domain), is_dmarc)
        return line | {"exists": existence({mx.kind, line["spf"]["lookup"]})}

    def hosts(self, domain, records):
        """The targets that are asked for, by name."""
        targets = list(dict.fromkeys(host for _, host in records))[:TARGETS_MAX]
        return {host: self.host(host) for host in targets if self.is_asked(domain, host)}

    def is_asked(self, domain, host):
        """Whether rules 4.a.4 and 4.c 18 let a target be resolved at all."""
        if host == "." or is_literal(host):
            return False
        name = dns.name.from_text(host)
        return self.special_use or not any(
            name.is_subdomain(special) and not domain.is_subdomain(special)
            for special in SPECIAL_USE
        )

    def host(self, host):
        """Addresses of a name, how both questions ended, and whether it is an alias."""
        name = dns.name.from_text(host)
        v4, v6 = self.resolver.ask(name, A), self.resolver.ask(name, AAAA)
        addresses = [rdata.address for rdata in v4.rdatas + v6.rdatas]
        return {
            "lookup_a": v4.kind,
            "lookup_aaaa": v6.kind,
            "alias": v4.aliased or v6.aliased,
            "addresses": sorted(str(ipaddress.ip_address(address)) for address in addresses),
        }

    def receives(self, domain, mx, records, hosts):
        """The class of rules 4.b, its rows in order."""
        if mx.kind == TEMP:
            return "unknown"
        if mx.kind == OK:
            if [host for _, host in records] == ["."]:
                return "null"
            return verdict(hosts.values(), "mx", "broken")
        if mx.kind == NXDOMAIN_TARGET:
            return "none"
        return verdict([self.host(host_text(domain))], "implicit", "none")

    def texts(self, name, is_record):
        """The records of one protocol among the TXT RRs at `name`."""
        found = self.resolver.ask(name, TXT)
        records = sorted(filter(is_record, (b"".join(rdata.strings) for rdata in found.rdatas)))
        state = ("none", "found", "multiple")[min(len(records), 2)]
        return {
            "lookup": found.kind,
            "state": "unknown" if found.kind == TEMP else state,
            "records": [readable(record) for record in records],
            "txt_count": len(found.rdatas),
        }


def existence(kinds):
    """Rules 1.4, from how the questions at the name itself ended."""
    if kinds & {OK, NODATA, NXDOMAIN_TARGET}:
        return "yes"
    return "no" if NXDOMAIN in kinds else "unknown"


def verdict(hosts, usable, unusable):
    """`usable` if a host has a global address, `unknown` if one could have, else `unusable`."""
    hosts = list(hosts)
    if any(is_global(address) for host in hosts for address in host["addresses"]):
        return usable
    if any(TEMP in (host["lookup_a"], host["lookup_aaaa"]) for host in hosts):
        return "unknown"
    return unusable


def is_spf(text):
    """RFC 7208 section 4.5: the version, then a blank or the end."""
    return text[:6].lower() == b"v=spf1" and text[6:7] in (b"", b" ")


def is_dmarc(text):
    """RFC 9989: the first tag is `v` with exactly `DMARC1`, blanks around `=` allowed."""
    return re.match(rb"[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|\Z)", text) is not None


def readable(record):
    """TXT bytes as the lines write them (rules 1.5)."""
    try:
        return record.decode()
    except UnicodeDecodeError:
        return record.decode("latin-1")


def read_hints(path):
    """The root's delegation from a hints file."""
    with open(path, encoding="ascii") as file:
        zone = dns.zone.from_text(
            file.read(), dns.name.root, relativize=False, check_origin=False
        )
    servers = sorted(rdata.target for rdata in zone.find_rdataset(dns.name.root, NS))
    glue = {}
    for rdtype in (A, AAAA):
        for name, _, rdata in zone.iterate_rdatas(rdtype):
            glue.setdefault(name, []).append(rdata.address)
    return Delegation(dns.name.root, servers, glue)


def read_list(path):
    """The domains of a plain list or a `rank,domain` one; blank lines and comments are none."""
    with open(path, encoding="utf-8") as file:
        entries = (line.strip() for line in file)
        return [entry.rpartition(",")[2] for entry in entries if entry and entry[0] != "#"]


def judge_all(domains, hints_path, timeout_s, special_use):
    """The lines of some domains as text: what one process does."""
    oracle = Oracle(Resolver(read_hints(hints_path), timeout_s), special_use)
    return [json.dumps(oracle.judge(domain)) for domain in domains]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--root-hints", required=True, metavar="FILE")
    parser.add_argument("--timeout", type=float, default=2.0, metavar="S")
    parser.add_argument("--jobs", type=int, default=1, metavar="N")
    parser.add_argument("--special-use", action="store_true")
    parser.add_argument("list")
    options = parser.parse_args()
    domains = read_list(options.list)
    chunks = [domains[start : start + CHUNK] for start in range(0, len(domains), CHUNK)]
    with ProcessPoolExecutor(options.jobs) as pool:
        jobs = [
            pool.submit(
                judge_all, chunk, options.root_hints, options.timeout, options.special_use
            )
            for chunk in chunks
        ]
        for job in jobs:
            print("\n".join(job.result()))


if __name__ == "__main__":
    sys.exit(main())
