"""A small Internet with DNSSEC on loopback: root, two TLDs, and domains with every kind of trouble.

    tree = Tree(folder)     makes keys, zones, signatures (ECDSAP256SHA256, of now)
    tree.start()            NSD per address, a scripted server, a silent socket; port 53
    tree.options()          what points the scanner at it
    tree.stop()

Needs the namespace of harness.py. `lab.` is signed with DS, `raw.` is delegated without. The
domains, and what is wrong with each, are in `ZONES`.
"""

import os
import re
import subprocess
import time
from dataclasses import dataclass
from typing import Callable, Optional

import dns.exception
import dns.message
import dns.query

from compact import CompactZone
from harness import Process
from scripted import Server, SilentServer, World

ROOT_SERVER = "127.0.0.1"
TLD_SERVER = "127.0.0.2"
DOMAIN_SERVER = "127.0.0.3"
SILENT_SERVER = "127.0.0.4"
LAME_SERVER = "127.0.0.5"  # has no zone: REFUSED
COMPACT_SERVER = "127.0.0.6"
V6_SERVER = "::1"
NSD_SERVERS = (ROOT_SERVER, TLD_SERVER, DOMAIN_SERVER, LAME_SERVER, V6_SERVER)
HOUR_S = 3600
DAY_S = 24 * HOUR_S
READY_S = 10

MAIL = """
@ 300 IN MX 10 mail
@ 300 IN TXT "v=spf1 mx -all"
_dmarc 300 IN TXT "v=DMARC1; p=reject; rua=mailto:d@{origin}"
mail 300 IN A 5.9.17.3
mail 300 IN AAAA 2a01:4f8:17::3
"""
NULL_MX = """
@ 300 IN MX 0 .
@ 300 IN TXT "v=spf1 -all"
_dmarc 300 IN TXT "v=DMARC1; p=reject"
"""
IMPLICIT = "@ 300 IN A 5.9.17.4\n"
WITH_DELEGATED_DMARC = """
@ 300 IN MX 10 mail
@ 300 IN TXT "v=spf1 mx -all"
mail 300 IN A 5.9.17.5
"""
WITH_ALIAS = MAIL + "alias 300 IN CNAME secure.lab.\n"  # out of an unsigned zone into a signed one
LARGE = MAIL + "".join(  # TXT RRs that no UDP answer holds
    f'@ 300 IN TXT "site-verification-{number}={"x" * 200}"\n' for number in range(8)
)
DMARC_ONLY = '@ 300 IN TXT "v=DMARC1; p=reject"\n'
BOGUS_HOST = """
@ 300 IN MX 10 mail.expired.lab.
@ 300 IN TXT "v=spf1 -all"
_dmarc 300 IN TXT "v=DMARC1; p=reject; rua=mailto:d@{origin}"
"""


def tamper_all(text):
    """Changes every MX, TXT and address after signing."""
    text = re.sub(r"(\bMX\t)10 ", r"\g<1>20 ", text)
    text = text.replace("v=spf1 mx", "v=spf1 a mx").replace("p=reject", "p=none")
    return text.replace("5.9.17.", "5.9.18.").replace("2a01:4f8:17:", "2a01:4f8:18:")


def tamper_mx(text):
    """Changes the MX record alone after signing."""
    return re.sub(r"(\bMX\t)10 ", r"\g<1>20 ", text)


def drop_mx(text):
    """Takes the MX record and its signature out: the signed NSEC still says it is there."""
    return drop_lines(text, r"\bMX\t10 |RRSIG\tMX ")


def drop_names(text):
    """Takes `mail` out, whose NSEC chain is left broken: a denial that proves nothing."""
    return drop_lines(text, r"^mail\.")


def strip_signatures(text):
    """Takes all signatures out but those of the key."""
    return drop_lines(text, r"RRSIG\t(?!DNSKEY)")


def unsign(text):
    """Takes all that DNSSEC added out: the parent has a DS, the zone no key."""
    return drop_lines(text, r"\t(RRSIG|NSEC|DNSKEY)\t")


def drop_lines(text, pattern):
    """The lines that do not match."""
    return "".join(line for line in text.splitlines(True) if not re.search(pattern, line))


@dataclass
class ZoneSpec:
    """One zone to be served."""

    origin: str  # absolute, with closing dot
    body: str = MAIL
    server: str = DOMAIN_SERVER
    signed: bool = True
    ds: str = "right"  # what the parent says: right, wrong (of another key), none
    nsec3: bool = False
    inception_s: int = -HOUR_S  # both relative to now
    expiration_s: int = DAY_S
    damage: Optional[Callable[[str], str]] = None  # applied to the signed zone text
    server_name: str = None  # when it lies elsewhere: a delegation without glue


ZONES = (
    ZoneSpec(".", "", ROOT_SERVER),
    ZoneSpec("lab.", "", TLD_SERVER),
    ZoneSpec("raw.", "", TLD_SERVER, signed=False),
    ZoneSpec("secure.lab."),
    ZoneSpec("nsec3.lab.", nsec3=True),
    ZoneSpec("null.lab.", NULL_MX),
    ZoneSpec("implicit.lab.", IMPLICIT),
    ZoneSpec("empty.lab.", ""),
    ZoneSpec("insecure.lab.", signed=False),
    ZoneSpec("island.lab.", ds="none"),
    ZoneSpec("plain.raw.", WITH_ALIAS, signed=False),
    ZoneSpec("noglue.raw.", signed=False, server_name="ns.secure.lab."),
    ZoneSpec("large.lab.", LARGE),
    ZoneSpec("six.lab.", server=V6_SERVER),
    ZoneSpec("tampered.lab.", damage=tamper_all),
    ZoneSpec("expired.lab.", inception_s=-30 * DAY_S, expiration_s=-2 * DAY_S),
    ZoneSpec("future.lab.", inception_s=2 * DAY_S, expiration_s=30 * DAY_S),
    ZoneSpec("nokey.lab.", damage=unsign),
    ZoneSpec("wrongds.lab.", ds="wrong"),
    ZoneSpec("stripped.lab.", damage=strip_signatures),
    ZoneSpec("mxtampered.lab.", damage=tamper_mx),
    ZoneSpec("mxhidden.lab.", damage=drop_mx),
    ZoneSpec("hosthidden.lab.", damage=drop_names),
    ZoneSpec("bogushost.lab.", BOGUS_HOST),
    ZoneSpec("dmarcbogus.lab.", WITH_DELEGATED_DMARC),
    ZoneSpec("_dmarc.dmarcbogus.lab.", DMARC_ONLY, damage=tamper_all),
    ZoneSpec("silent.lab.", server=SILENT_SERVER, ds="none"),
    ZoneSpec("lame.lab.", server=LAME_SERVER, ds="none"),
    ZoneSpec("failing.lab.", ds="none"),  # NSD has the zone, but not its file: SERVFAIL
    ZoneSpec("compact.lab.", server=COMPACT_SERVER),
    ZoneSpec("lies.lab.", server=COMPACT_SERVER),
)
WITHOUT_FILE = "failing.lab."


def parent_of(origin):
    """The origin of the closest zone of ZONES above `origin`."""
    labels = origin.rstrip(".").split(".")
    above = [".".join(labels[i:]) + "." for i in range(1, len(labels))]
    return next((name for name in above if any(z.origin == name for z in ZONES)), ".")


def address_type(address):
    return "AAAA" if ":" in address else "A"


def zone_text(spec):
    """The zone with SOA, NS and the server's address, before delegations and signatures."""
    soa = f"@ 300 IN SOA {server_name(spec)} hostmaster. 1 3600 900 604800 60\n"
    body = spec.body.format(origin=spec.origin.rstrip("."))
    return f"$ORIGIN {spec.origin}\n" + soa + name_server(spec) + body


def server_name(spec):
    return spec.server_name or "ns." + spec.origin.lstrip(".")


def name_server(spec):
    """The NS record of a zone and, unless its server lies elsewhere, the address: both sides."""
    name = server_name(spec)
    text = f"{spec.origin} 300 IN NS {name}\n"
    if spec.server_name is None:
        text += f"{name} 300 IN {address_type(spec.server)} {spec.server}\n"
    return text


class Tree:
    """The zones, their keys, and the servers."""

    def __init__(self, folder):
        self.folder = folder
        self.keys = {}  # origin to path of the key without extension
        self.texts = {}  # origin to zone text as served
        self.servers = []
        self.compact = {}
        self.world = None
        self.build()

    def build(self):
        """Makes all zones, children before parents (a parent holds the child's DS)."""
        delegations = {}
        for spec in sorted(ZONES, key=lambda spec: -spec.origin.rstrip(".").count(".")):
            if spec.origin == ".":
                continue
            text = zone_text(spec) + "".join(delegations.get(spec.origin, ()))
            ds = self.build_zone(spec, text)
            delegations.setdefault(parent_of(spec.origin), []).append(f"{name_server(spec)}{ds}\n")
        root = ZONES[0]
        self.build_zone(root, zone_text(root) + "".join(delegations["."]))
        self.write_files()

    def build_zone(self, spec, text):
        """Signs one zone into `texts`; returns its DS record as text."""
        if spec.server == COMPACT_SERVER:
            zone = CompactZone(spec.origin, text, says_nxname=spec.origin == "compact.lab.")
            self.compact[spec.origin] = zone
            return zone.ds()
        if not spec.signed:
            self.texts[spec.origin] = text
            return ""
        self.keys[spec.origin] = self.make_key(spec.origin)
        signed = self.sign(spec, text, self.keys[spec.origin])
        self.texts[spec.origin] = spec.damage(signed) if spec.damage else signed
        if spec.ds == "none":
            return ""
        key = self.make_key(spec.origin) if spec.ds == "wrong" else self.keys[spec.origin]
        return call("ldns-key2ds", "-n", "-2", key + ".key")

    def make_key(self, origin):
        """A new key that is KSK and ZSK in one."""
        name = call(
            *("ldns-keygen", "-a", "ECDSAP256SHA256", "-k", "-r", "/dev/urandom", origin),
            cwd=self.folder.path,
        )
        return self.folder.join(name.strip())

    def sign(self, spec, text, key):
        """The signed zone text."""
        path = self.folder.write("unsigned.zone", text)
        now = int(time.time())
        nsec3 = ("-n", "-t", "0") if spec.nsec3 else ()
        call(
            *("ldns-signzone", *nsec3, "-o", spec.origin, "-f", path + ".signed"),
            *("-i", now + spec.inception_s, "-e", now + spec.expiration_s, path, key),
        )
        with open(path + ".signed", encoding="ascii") as file:
            return file.read()

    def write_files(self):
        """Root hints and trust anchor."""
        self.hints = self.folder.write(
            "root.hints", f". 300 IN NS ns.\nns. 300 IN A {ROOT_SERVER}\n"
        )
        with open(self.keys["."] + ".key", encoding="ascii") as file:
            self.anchor = self.folder.write("root.key", file.read())

    def start(self):
        """Starts all servers; whatever fails, stop() ends those that run."""
        for address in NSD_SERVERS:
            self.servers.append(self.start_nsd(address))
        self.world = World(list(self.compact.values()))
        self.servers.append(Server(self.world, COMPACT_SERVER, 53).start())
        self.servers.append(SilentServer(SILENT_SERVER))
        for address, server in zip(NSD_SERVERS, self.servers):
            wait_until_ready(address, server)

    def start_nsd(self, address):
        """An NSD with the zones of one address; the lame one gets none and refuses."""
        folder = self.folder.join("nsd-" + address.replace(":", "_"))
        os.mkdir(folder)
        config = [nsd_config(address, folder)]
        for spec in ZONES:
            if spec.server == address != LAME_SERVER:
                path = os.path.join(folder, spec.origin + "zone")
                config.append(f'zone:\n  name: "{spec.origin}"\n  zonefile: "{path}"\n')
                if spec.origin != WITHOUT_FILE:
                    with open(path, "w", encoding="ascii") as file:
                        file.write(self.texts[spec.origin])
        path = os.path.join(folder, "nsd.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write("".join(config))
        return Process(["nsd", "-d", "-c", path], os.path.join(folder, "log"))

    def options(self, anchor=None):
        """Scanner options; `anchor` in place of the tree's own (`none`)."""
        return (
            *("--root-hints", self.hints, "--trust-anchor", anchor or self.anchor),
            *("--special-use", "--timeout", 3),
        )

    def stop(self):
        for server in self.servers:
            server.stop()


def nsd_config(address, folder):
    """The server clause: foreground, no rate limit, nothing outside `folder`."""
    return f"""server:
  ip-address: {address}
  port: 53
  server-count: 1
  username: ""
  chroot: ""
  database: ""
  pidfile: ""
  zonesdir: "{folder}"
  xfrdir: "{folder}"
  xfrdfile: ""
  zonelistfile: "{folder}/zone.list"
  rrl-ratelimit: 0
  do-ip6: yes
  verbosity: 1
remote-control:
  control-enable: no
"""


def call(*arguments, cwd=None):
    """Runs a tool and gives its output; its own words when it fails."""
    done = subprocess.run(
        list(map(str, arguments)), cwd=cwd, capture_output=True, text=True, timeout=30, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{arguments[0]}: exit {done.returncode}: {done.stderr}")
    return done.stdout


def wait_until_ready(address, server):
    """Returns when the server at `address` answers anything at all."""
    query = dns.message.make_query(".", "SOA")
    give_up = time.monotonic() + READY_S
    while time.monotonic() < give_up and not server.has_ended():
        try:
            dns.query.udp(query, address, timeout=0.2)
            return
        except (dns.exception.DNSException, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"no answer from {address}: {server.log()}")
