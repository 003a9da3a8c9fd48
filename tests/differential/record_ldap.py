#!/usr/bin/env python3
"""Records what OpenLDAP's client library makes of distinguished names and filters, or compares.

    python3 tests/differential/record_ldap.py record
    cargo build --release --manifest-path tests/differential/Cargo.toml
    python3 tests/differential/record_ldap.py compare N SEED [--binary PATH] [--show N]

`record` asks libldap about the texts of fixtures/ldap/dn.tsv and filter.tsv again and writes its
verdicts and its reading beside them; a new text is added as a line of its own, in JSON quotes.
`compare` makes N names and N filters from the recorded ones by small changes and counts where
libldap and ssoctl judge or read them otherwise. A reading is written as the RFC writes it.
Placeholders such as `%(user)s` are filled in before libldap is asked, as the applications do, with
a text that is good for a value and never for an attribute.
"""

import argparse
import ctypes
import json
import pathlib
import random
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent.parent / "fixtures" / "ldap"
PLACEHOLDER = re.compile(r"%\([A-Za-z0-9_]+\)s")
NAMES = {"dn": "distinguished names", "filter": "filters"}
INSERTED = {
    "dn": list(",,+;=\\\"#<> \t\n\rab09.-_\x00\x1b*()é木") + ["\\2C", "\\,", "\\ ", "\\zz", "#04", "OID.", ";lang-de", ", ", "cn="],
    "filter": list("()&|!=*\\:<>~; \t\n\rab09.-_\x00\x1b%é木") + ["\\2a", "\\*", "\\5", "(a=b)", ":dn:", ":=", "%(user)s", "%(", ")s", "(!", "**"],
}


class Berval(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ulong), ("val", ctypes.c_void_p)]

    def data(self):
        return ctypes.string_at(self.val, self.len) if self.len else b""


class Ava(ctypes.Structure):
    _fields_ = [("attr", Berval), ("value", Berval), ("flags", ctypes.c_uint), ("private", ctypes.c_void_p)]


def library(stem):
    """libldap or liblber of OpenLDAP 2.5 or 2.6."""
    for name in (f"{stem}-2.5.so.0", f"{stem}.so.2", f"{stem}-2.4.so.2"):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise SystemExit(f"{stem} is not installed")


LDAP = library("libldap")
LBER = library("liblber")
LBER.ber_alloc_t.restype = ctypes.c_void_p
LBER.ber_alloc_t.argtypes = [ctypes.c_int]
LBER.ber_flatten2.argtypes = [ctypes.c_void_p, ctypes.POINTER(Berval), ctypes.c_int]
LBER.ber_free.argtypes = [ctypes.c_void_p, ctypes.c_int]
LDAP.ldap_pvt_put_filter.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
LDAP.ldap_bv2dn.argtypes = [ctypes.POINTER(Berval), ctypes.c_void_p, ctypes.c_uint]


def ask_dn(text):
    """The name as libldap reads it, or nothing where it refuses."""
    data = text.encode()
    buffer = ctypes.create_string_buffer(data)
    berval = Berval(len(data), ctypes.cast(buffer, ctypes.c_void_p).value)
    rdns = ctypes.POINTER(ctypes.POINTER(ctypes.POINTER(Ava)))()
    if LDAP.ldap_bv2dn(ctypes.byref(berval), ctypes.byref(rdns), 0) != 0:
        return None
    shown = []
    at = 0
    while rdns and rdns[at]:
        parts = []
        while rdns[at][len(parts)]:
            ava = rdns[at][len(parts)].contents
            parts.append(show_ava(ava.attr.data().decode(), ava.value.data(), ava.flags & 2))
        shown.append("+".join(parts))
        at += 1
    return ",".join(shown)


def show_ava(name, value, is_encoded):
    if is_encoded:
        return f"{name}=#{value.hex().upper()}"
    shown = ""
    chars = list(decode(value))
    for at, c in enumerate(chars):
        if isinstance(c, int):
            shown += f"\\{c:02X}"
        elif c < " " or c == "\x7f":
            shown += f"\\{ord(c):02X}"
        elif c in '"+,;<=>\\' or (at == 0 and c in " #") or (at == len(chars) - 1 and c == " "):
            shown += "\\" + c
        else:
            shown += c
    return f"{name}={shown}"


def decode(value):
    """Characters, and numbers for bytes that are no UTF-8."""
    for c in value.decode("utf-8", "surrogateescape"):
        yield ord(c) - 0xDC00 if "\udc80" <= c <= "\udcff" else c


def ask_filter(text):
    """The filter as libldap sends it, or nothing where it refuses."""
    if text == "":
        text = "(objectClass=*)"  # what ldap_search puts in its place
    if "\x00" in text:
        return None  # a C text ends there, and python-ldap refuses it
    found = PLACEHOLDER.findall(text)
    ber = LBER.ber_alloc_t(1)
    try:
        if LDAP.ldap_pvt_put_filter(ber, PLACEHOLDER.sub("zq HOLDER qz", text).encode()) != 0:
            return None
        berval = Berval()
        if LBER.ber_flatten2(ber, ctypes.byref(berval), 0) != 0:
            return None
        data = berval.data()
    finally:
        LBER.ber_free(ber, 1)
    if not data:
        return None  # a request without a filter, which no server understands
    shown = "".join(show_filter(tag, body) for tag, body in elements(data))
    for name in found:
        shown = shown.replace("zq HOLDER qz", name.replace("(", "\\28").replace(")", "\\29"), 1)
    return shown


def elements(data):
    """Tags and contents of a row of BER elements."""
    at = 0
    while at < len(data):
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(data[at:at + count], "big"), at + count
        yield tag, data[at:at + length]
        at += length


def show_filter(tag, body):
    if tag in (0xA0, 0xA1, 0xA2):
        inside = "".join(show_filter(*part) for part in elements(body))
        return f"({'&|!'[tag - 0xA0]}{inside})"
    if tag == 0x87:
        return f"({body.decode()}=*)"
    parts = list(elements(body))
    if tag == 0xA9:
        given = dict(parts)
        shown = given.get(0x82, b"").decode() + (":dn" if 0x84 in given else "")
        shown += ":" + given[0x81].decode() if 0x81 in given else ""
        return f"({shown}:={show_value(given[0x83])})"
    name = parts[0][1].decode()
    if tag == 0xA4:
        pieces = list(elements(parts[1][1]))
        first = pieces.pop(0)[1] if pieces and pieces[0][0] == 0x80 else b""
        last = pieces.pop()[1] if pieces and pieces[-1][0] == 0x82 else b""
        middle = [first] + [piece for _, piece in pieces] + [last]
        return f"({name}={'*'.join(map(show_value, middle))})"
    sign = {0xA3: "=", 0xA5: ">=", 0xA6: "<=", 0xA8: "~="}[tag]
    return f"({name}{sign}{show_value(parts[1][1])})"


def show_value(value):
    escaped = lambda c: isinstance(c, int) or c < " " or c in "\x7f()*\\"
    code = lambda c: c if isinstance(c, int) else ord(c)
    return "".join(f"\\{code(c):02x}" if escaped(c) else c for c in decode(value))


ASK = {"dn": ask_dn, "filter": ask_filter}


def texts(kind):
    lines = (FIXTURES / f"{kind}.tsv").read_text().split("\n")
    return [json.loads(line.split("\t")[0]) for line in lines if line and not line.startswith("#")]


def record():
    for kind, name in NAMES.items():
        lines = [f"# {name}: the text, libldap's verdict, its reading"]
        for text in dict.fromkeys(texts(kind)):
            reading = ASK[kind](text)
            quoted = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
            lines.append(f"{quoted}\trefused\t" if reading is None else f"{quoted}\taccepted\t{reading}")
        (FIXTURES / f"{kind}.tsv").write_text("\n".join(lines) + "\n")
        print(f"{kind}: {len(lines) - 1} texts")


def change(rng, kind, text, all_texts):
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randint(0, len(text))
        way = rng.choice(("cut", "put", "put", "put", "replace", "double", "join"))
        if way == "cut":
            text = text[:at] + text[at + rng.choice((1, 1, 2, 5)):]
        elif way == "put":
            text = text[:at] + rng.choice(INSERTED[kind]) + text[at:]
        elif way == "replace":
            text = text[:at] + rng.choice(INSERTED[kind]) + text[at + 1:]
        elif way == "double":
            text = text[:at] + text[max(0, at - rng.randint(1, 9)):]
        else:
            other = rng.choice(all_texts)
            text = text[:at] + other[rng.randint(0, len(other)):]
    return text


def compare(arguments):
    rng = random.Random(arguments.seed)
    wrong = 0
    for kind in NAMES:
        known = texts(kind)
        made = [change(rng, kind, rng.choice(known), known) for _ in range(arguments.count)]
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write("".join(json.dumps(text) + "\n" for text in made))
            file.flush()
            run = subprocess.run([arguments.binary, kind, file.name], capture_output=True, check=True)
        ours = [json.loads(line) for line in run.stdout.splitlines()]
        theirs = [ASK[kind](text) for text in made]
        assert len(ours) == len(theirs)
        other = [(text, ours, theirs) for text, ours, theirs in zip(made, ours, theirs) if ours != theirs]
        accepted = sum(reading is not None for reading in theirs)
        print(f"{kind}: {len(made)} texts, {accepted} accepted by libldap, {len(other)} judged or read otherwise")
        for text, our, their in other[:arguments.show]:
            print(f"  {json.dumps(text, ensure_ascii=False)}\n    libldap {their!r}\n    ssoctl  {our!r}")
        wrong += len(other)
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
