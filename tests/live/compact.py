"""A zone signed on the fly with compact denial of existence (RFC 9824), for the scripted server.

For a name that does not exist such a server answers NOERROR and one NSEC at that very name, so
only the type bitmap tells: NXNAME (type 128) in it, or, with signers older than the RFC ("black
lies"), nothing but RRSIG and NSEC, which an empty non-terminal has too.
"""

import time

import dns.dnssec
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec

from scripted import Zone

TTL_S = 300
VALID_S = 86400
KSK_FLAGS = 257


class CompactZone(Zone):
    """A zone whose answers and denials are signed when they are asked for."""

    def __init__(self, origin, text, says_nxname=True):
        super().__init__(origin, text)
        self.says_nxname = says_nxname
        self.private_key = ec.generate_private_key(ec.SECP256R1())
        self.dnskey = dns.dnssec.make_dnskey(
            self.private_key.public_key(), dns.dnssec.ECDSAP256SHA256, flags=KSK_FLAGS
        )

    def ds(self):
        """The DS record for the parent zone, as text."""
        ds = dns.dnssec.make_ds(self.origin, self.dnskey, "SHA256")
        return f"{self.origin} {TTL_S} IN DS {ds.to_text()}"

    def fill(self, response, name, rdtype):
        """As Zone.fill, with signatures, and denials by one NSEC at the denied name."""
        if name == self.origin and rdtype == dns.rdatatype.DNSKEY:
            rrset = dns.rrset.from_rdata(name, TTL_S, self.dnskey)
            response.answer += [rrset, self.sign(rrset)]
            return None
        exists = self.owner_of(name) is not None
        target = super().fill(response, name, rdtype)
        response.set_rcode(dns.rcode.NOERROR)
        for section in (response.answer, response.authority):
            section += [self.sign(rrset) for rrset in section]
        if not response.answer:
            denial = self.denial(name, exists)
            response.authority += [denial, self.sign(denial)]
        return target

    def denial(self, name, exists):
        """The NSEC for `name`: the types it has, or that it does not exist."""
        types = ["RRSIG", "NSEC"]
        if exists:
            node = self.nodes.get(self.owner_of(name), ())
            types += [dns.rdatatype.to_text(rdataset.rdtype) for rdataset in node]
            types += ["DNSKEY"] if name == self.origin else []
        elif self.says_nxname:
            types.append("TYPE128")
        following = dns.name.Name((b"\x00",)).concatenate(name)
        return dns.rrset.from_text(name, TTL_S, "IN", "NSEC", f"{following} {' '.join(types)}")

    def sign(self, rrset):
        """The RRSIG RRset of an RRset, valid from an hour ago."""
        rrsig = dns.dnssec.sign(
            *(rrset, self.private_key, self.origin, self.dnskey),
            inception=int(time.time()) - 3600,
            lifetime=VALID_S,
        )
        return dns.rrset.from_rdata(rrset.name, rrset.ttl, rrsig)
