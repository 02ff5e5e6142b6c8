"""Compares the lines of mxsweep with those of oracle.py, domain by domain.

    compare.py [--min N] [--lacking CLASS]... ORACLE.ndjson DATASET(.ndjson|.zst)

Prints each difference, then how many of the domains show each class. Exit 1 on any difference, on
a domain of the oracle that the dataset lacks, and when a class has fewer than N (20) domains, but
for those that the world is known to lack.
"""

import argparse
import collections
import json
import subprocess
import sys

RECEIVES = ("mx", "null", "implicit", "none", "broken", "nonexistent", "unknown")
REQUIRED = (
    *(f"receives {word}" for word in RECEIVES),
    *("absence by nxdomain", "absence by nodata", "alias", "several mx", "several txt"),
)
ADDRESSES_MAX = 8  # per target (rules 17.4)


def read(path):
    """Lines by domain; the last line of a domain counts."""
    if path.endswith(".zst"):
        text = subprocess.run(["zstdcat", path], capture_output=True, check=True).stdout
    else:
        with open(path, "rb") as file:
            text = file.read()
    lines = map(json.loads, text.splitlines())
    return {line["domain"]: line for line in lines if line["domain"]}


def differences(want, have):
    """(what, oracle's value, mxsweep's value) for each statement that differs."""
    pairs = [
        ("exists", want["exists"], have["exists"]),
        ("receives", want["receives"], have["receives"]),
        ("mx.lookup", want["lookup"], have["mx"]["lookup"]),
    ]
    if want["receives"] != "nonexistent":
        pairs.append(("mx.records", want["mx"], mx_records(have)))
        pairs += host_pairs(want, have)
        pairs += spf_pairs(want["spf"], have["spf"])
        pairs += dmarc_pairs(want["domain"], want["dmarc"], have["dmarc"])
    return [pair for pair in pairs if pair[1] != pair[2]]


def mx_records(line):
    """The MX records of a line, without keys that the oracle does not know."""
    keys = ("preference", "host")
    return [{key: record[key] for key in keys} for record in line["mx"].get("records") or ()]


def host_pairs(want, have):
    """Addresses, outcomes and alias flag of each MX host that is asked for."""
    hosts = {host["name"]: host for host in have.get("hosts") or ()}
    for name, host in want["hosts"].items():
        found = hosts.get(name)
        if found is None:
            yield f"hosts[{name}]", "present", "absent"
            continue
        yield f"hosts[{name}].alias", host["alias"], bool(found["alias"])
        for key in ("lookup_a", "lookup_aaaa"):
            yield f"hosts[{name}].{key}", host[key], found[key]
        addresses = sorted(address["ip"] for address in found["addresses"])
        if len(host["addresses"]) > ADDRESSES_MAX and set(addresses) <= set(host["addresses"]):
            continue
        yield f"hosts[{name}].addresses", host["addresses"], addresses


def spf_pairs(want, have):
    """SPF: outcome of the question, state, and the record where there is one."""
    yield "spf.lookup", want["lookup"], have["lookup"]
    yield "spf.state", want["state"], selection_state(have["state"])
    if want["state"] == "found":
        yield "spf.record", want["records"][0], have["record"]


def dmarc_pairs(domain, want, have):
    """DMARC at the domain itself: a record of a parent is not the oracle's subject."""
    yield "dmarc.lookup", want["lookup"], have["lookup"]
    inherited = have["state"] == "found" and have.get("found_at") != domain
    if want["state"] == "unknown" or not inherited:
        yield "dmarc.state", want["state"], selection_state(have["state"])
    elif want["state"] == "found":
        yield "dmarc.found_at", domain, have.get("found_at")
    if want["state"] == "found" and not inherited:
        yield "dmarc.record", want["records"][0], have["record"]


def selection_state(state):
    """`invalid` is one record that receivers reject: to the selection it is found."""
    return "found" if state == "invalid" else state


def classes(line):
    """The classes that a line of the oracle shows."""
    yield f"receives {line['receives']}"
    texts = [line[area] for area in ("spf", "dmarc") if area in line]
    kinds = {line["lookup"], *(text["lookup"] for text in texts)}
    yield from (f"absence by {kind}" for kind in kinds if kind in ("nxdomain", "nodata"))
    if line["owner_alias"] or any(host["alias"] for host in line.get("hosts", {}).values()):
        yield "alias"
    if len(line["mx"]) > 1:
        yield "several mx"
    if any(text["txt_count"] > 1 for text in texts):
        yield "several txt"
    yield from (f"{area} {line[area]['state']}" for area in ("spf", "dmarc") if area in line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--min", type=int, default=20, metavar="N")
    parser.add_argument("--lacking", action="append", choices=REQUIRED, default=[])
    parser.add_argument("oracle")
    parser.add_argument("dataset")
    options = parser.parse_args()
    oracle, dataset = read(options.oracle), read(options.dataset)
    count, differing = collections.Counter(), 0
    for domain, want in oracle.items():
        count.update(classes(want))
        have = dataset.get(domain)
        found = differences(want, have) if have else [("line", "present", "absent")]
        differing += bool(found)
        for what, wanted, had in found:
            print(f"{domain}: {what}: oracle {json.dumps(wanted)}, mxsweep {json.dumps(had)}")
    for name in sorted({*count, *REQUIRED}):
        print(f"{count[name]:8} {name}")
    wanted = [name for name in REQUIRED if name not in options.lacking]
    scarce = [name for name in wanted if count[name] < options.min]
    print(f"{len(oracle)} domains compared, {differing} differ")
    if scarce:
        print(f"fewer than {options.min}: {', '.join(scarce)}")
    return 1 if differing or scarce else 0


if __name__ == "__main__":
    sys.exit(main())
