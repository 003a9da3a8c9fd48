#!/usr/bin/env python3
"""Compares ssoctl's renaming of SAML attributes with pysaml2 7.5.5, or records what that one does.

    python3 tests/differential/compare_pysaml2.py record
    cargo build --release --manifest-path tests/differential/Cargo.toml
    python3 tests/differential/compare_pysaml2.py compare N SEED [--binary PATH] [--show N]

`compare` asks both about every entry of every map that pysaml2 brings along, each under every
NameFormat, and about N names made from them by changes of case, blanks and characters. Each is put
into an attribute statement as XML and read by pysaml2 with and without `allow_unknown_attributes`.
`record` writes fixtures/pysaml2/names.tsv: the name in JSON quotes, its NameFormat or `-`, the name
delivered, and whether it is delivered where unknown attributes are dropped.
"""

import argparse
import importlib
import json
import pathlib
import random
import subprocess
import tempfile
from xml.sax.saxutils import quoteattr

from saml2 import attributemaps, saml
from saml2.attribute_converter import ac_factory, to_local

HERE = pathlib.Path(__file__).resolve().parent
RECORD = HERE.parent.parent / "fixtures" / "pysaml2" / "names.tsv"
FORMAT = "urn:oasis:names:tc:SAML:2.0:attrname-format:"
FORMATS = [None, FORMAT + "unspecified", FORMAT + "basic", FORMAT + "uri", "urn:mace:shibboleth:1.0:attributeNamespace:uri"]
ODD_FORMATS = ["", "urn:other", FORMAT + "URI", " " + FORMAT + "uri", "uri", FORMAT]
PLAIN = ["Email", "email", "FirstName", "firstName", "LastName", "Groups", "groups", "mail", "cn", "uid", "emailAddress", "givenName",
         "surname", "Gruppen é", "urn:oid:", "urn:oid:2.5.4", "urn:oid:2.5.4.", "urn:mace:dir:attribute-def:", "http://schemas.xmlsoap.org/claims/",
         "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups", "http://schemas.microsoft.com/identity/claims/objectidentifier",
         "http://schemas.microsoft.com/identity/claims/displayname", "http://schemas.microsoft.com/identity/claims/tenantid", "", " "]
INSERTED = list(" \t\n.:/#0Aé") + ["\u00a0", "\u2003", "\u212a", "\u0130", "\u03a3", "\ufeff", "\u0085", "urn:oid:"]
CONVERTERS = ac_factory()


def entries():
    """Every incoming name of every map."""
    maps = [importlib.import_module(f"saml2.attributemaps.{name}").MAP for name in attributemaps.__all__]
    return [(name, each["identifier"]) for each in maps for name in each["fro"]]


def ask(name, name_format):
    """The name delivered, and whether it is without `allow_unknown_attributes`."""
    given = "" if name_format is None else f" NameFormat={quoteattr(name_format)}"
    text = (f'<AttributeStatement xmlns="{saml.NAMESPACE}"><Attribute Name={quoteattr(name)}{given}>'
            "<AttributeValue>x</AttributeValue></Attribute></AttributeStatement>")
    statement = saml.attribute_statement_from_string(text)
    (delivered,) = to_local(CONVERTERS, statement, True)
    return [delivered, bool(to_local(CONVERTERS, statement, False))]


def change(rng, name):
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randint(0, len(name))
        way = rng.choice(("upper", "title", "put", "cut", "blank", "case"))
        if way == "upper":
            name = name.upper()
        elif way == "title":
            name = name.title()
        elif way == "put":
            name = name[:at] + rng.choice(INSERTED) + name[at:]
        elif way == "cut":
            name = name[:at] + name[at + 1:]
        elif way == "blank":
            name = rng.choice((" ", "\n", "\t", "\u00a0")) + name + rng.choice(("", " ", "\u2003"))
        else:
            name = name[:at] + name[at:].swapcase()
    return name


def record():
    rows = entries()
    rows += [(name, None) for name, own in entries() if own == FORMATS[1]]
    rows += [(name.upper(), own) for name, own in entries()[::12]] + [(f" {name}\n", own) for name, own in entries()[::16]]
    rows += [(name, other) for name, _ in entries()[::24] for other in FORMATS]
    rows += [(name, each) for name in PLAIN for each in FORMATS[:4]]
    rows += [("urn:oid:2.5.4.42", odd) for odd in ODD_FORMATS]
    lines = ["# pysaml2 7.5.5: name, NameFormat, the name delivered, whether a map knows it"]
    for name, name_format in dict.fromkeys(rows):
        delivered, known = ask(name, name_format)
        shown = "-" if name_format is None else json.dumps(name_format)
        lines.append("\t".join([json.dumps(name, ensure_ascii=False), shown, delivered, "known" if known else "unknown"]))
    RECORD.write_text("\n".join(lines) + "\n")
    print(f"{len(lines) - 1} rows")


def compare(arguments):
    rng = random.Random(arguments.seed)
    every = [name for name, _ in entries()] + PLAIN
    rows = [(name, each) for name in every for each in FORMATS + ODD_FORMATS]
    rows += [(change(rng, rng.choice(every)), rng.choice(FORMATS + ODD_FORMATS)) for _ in range(arguments.count)]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("".join(json.dumps(row) + "\n" for row in rows))
        file.flush()
        run = subprocess.run([arguments.binary, "pysaml2", file.name], capture_output=True, check=True)
    ours = [json.loads(line) for line in run.stdout.splitlines()]
    theirs = [ask(*row) for row in rows]
    assert len(ours) == len(theirs)
    wrong = [found for found in zip(rows, ours, theirs) if found[1] != found[2]]
    print(f"{len(entries())} entries, {len(rows)} names, {sum(known for _, known in theirs)} known to a map, {len(wrong)} named otherwise")
    for row, our, their in wrong[:arguments.show]:
        print(f"  {row!r}\n    pysaml2 {their!r}\n    ssoctl  {our!r}")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("record")
    comparing = commands.add_parser("compare")
    comparing.add_argument("count", type=int)
    comparing.add_argument("seed", type=int)
    comparing.add_argument("--binary", default=HERE / "target" / "release" / "yaml-differential")
    comparing.add_argument("--show", type=int, default=10)
    arguments = parser.parse_args()
    if arguments.command == "record":
        record()
        return 0
    return compare(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
