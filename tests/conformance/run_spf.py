#!/usr/bin/python3
"""run_spf.py SPF_BATCH SUITE.yml: check_host() against the openspf test suite for RFC 7208.

The suite is not part of the project. Its zones become zone texts (tests/unit/zone.h) and go through
spf_batch, evaluated in waves as the scanner does. Prints what differs and how many agree; exit 1
when anything differs.
"""

import subprocess
import sys
import urllib.parse

import yaml

TYPES = ("TXT", "A", "AAAA", "MX", "PTR", "CNAME")


def quoted(octets):
    """A character-string as the zone text writes it."""
    return '"' + "".join(f"\\{octet:03d}" for octet in octets) + '"'


def octets_of(text):
    return text.encode("utf-8" if any(ord(c) > 255 for c in text) else "latin-1")


def txt_strings(value):
    parts = [octets_of(part) for part in (value if isinstance(value, list) else [value])]
    for part in parts:
        yield from (part[at : at + 255] for at in range(0, max(len(part), 1), 255))


def name_of(text):
    """A name for the zone text: blanks and what else breaks lines as \\DDD."""
    text = text.removesuffix(".")
    return "".join(c if "!" <= c <= "~" else f"\\{ord(c):03d}" for c in text) or "."


def is_name(text):
    labels = text.removesuffix(".").split(".")
    return all(0 < len(label) <= 63 for label in labels) and len(text) <= 254


def record_line(name, kind, value):
    if kind == "TXT":
        return f"{name} TXT " + " ".join(quoted(part) for part in txt_strings(value))
    if kind == "MX":
        return f"{name} MX {value[0]} {name_of(value[1])}"
    return f"{name} {kind} {name_of(value) if kind in ('PTR', 'CNAME') else value}"


def zone_lines(zonedata):
    """The zone; an SPF record stands for a TXT record unless the name has its own."""
    for owner, entries in zonedata.items():
        if not is_name(owner):
            continue
        name = name_of(owner)
        pairs = [pair for entry in entries if isinstance(entry, dict) for pair in entry.items()]
        if not any(kind == "TXT" for kind, _ in pairs):
            pairs = [("TXT" if kind == "SPF" else kind, value) for kind, value in pairs]
        for kind, value in pairs:
            if kind in TYPES and value != "NONE" and not (kind == "MX" and not is_mx(value)):
                yield record_line(name, kind, value)
        if "TIMEOUT" in entries:
            given = {kind for kind, value in pairs if value != "NONE"}
            yield from (f"!fail {name} {kind} temp:timeout" for kind in TYPES if kind not in given)


def is_mx(value):
    return value[1] == "" or is_name(value[1])


def field(text):
    return urllib.parse.quote(octets_of(text), safe="") or "-"


def batch_input(documents):
    for document in documents:
        yield "zone"
        yield from zone_lines(document["zonedata"])
        for test in document["tests"].values():
            yield f"check {test['host']} {field(test['mailfrom'])} {field(test['helo'])}"


def explanation_of(document, test):
    """What the suite wants as explanation: None is any, "" is none."""
    wanted = test.get("explanation")
    return "" if wanted == "DEFAULT" else wanted


def main():
    batch, suite = sys.argv[1:]
    with open(suite, encoding="utf-8") as file:
        documents = list(yaml.safe_load_all(file))
    text = "\n".join(batch_input(documents)) + "\n"
    output = subprocess.run([batch], input=text, text=True, stdout=subprocess.PIPE, check=True)
    results = iter(output.stdout.splitlines())
    total = wrong = 0
    for document in documents:
        for name, test in document["tests"].items():
            result, lookups, voids, reason, explanation = next(results).split(" ")
            explanation = urllib.parse.unquote("" if explanation == "-" else explanation)
            wants = test["result"] if isinstance(test["result"], list) else [test["result"]]
            wanted = explanation_of(document, test)
            total += 1
            if result not in wants or (wanted is not None and explanation != wanted):
                wrong += 1
                print(f"{document['description']}: {name}: {result} ({reason}, {lookups} look-ups,")
                print(f"    {voids} void, {explanation!r}), want {wants} {wanted!r}")
    print(f"{total - wrong} of {total} agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
