#!/usr/bin/env python3
"""Compares ssoctl's XML reader and canonical forms with libxml2, the library under xmllint and xmlsec1.

    cargo build --manifest-path tests/differential/Cargo.toml
    python3 tests/differential/compare_xml.py N SEED [--binary PATH] [--show N]

N documents are made by changing well-formed ones at random: in bytes, in words of XML, by moving
pieces about. Each is read by both. Compared are the decision (well-formed XML 1.0 with namespaces or
not), the canonical form of the whole document by all three methods with and without comments, and the
forms of one element chosen at random inside it, exclusive ones with a list of prefixes. The forms of
a stream cut at any byte have to be those of the tree, and the form of a form has to be itself.

Exit codes: 0 nothing differs, 1 something does, 77 libxml2 cannot be had.
"""

import argparse
import collections
import ctypes
import ctypes.util
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NO_NETWORK = 1 << 11
NAMESPACE_DOMAIN, ERROR_LEVEL = 3, 2
# A namespace that is no URI (XML_WAR_NS_URI): libxml2 tells it as an error, though any text may be one.
NO_URI = 99
MODES = {"c14n": 0, "exc": 1, "c14n11": 2}

# Where ssoctl refuses by intent what libxml2 reads: the names of the rules.
STRICTER = {
    "xml-doctype": "no document type declaration is read",
    "xml-encoding": "nothing but UTF-8 is read",
    "xml-version": "libxml2 reads other versions as 1.0, with a warning",
    "xml-depth": "a ceiling", "xml-attributes": "a ceiling", "xml-namespaces": "a ceiling", "xml-nodes": "a ceiling", "xml-size": "a ceiling",
}

ORIGINALS = [
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- first --><?style a="b"?>\n<r xmlns="urn:d" xmlns:a="urn:a" xml:lang="de"><a:x a:y="1" y=\'2\' xml:space="preserve"> t &amp; &#13; &lt;</a:x><z xmlns=""/></r>\n<!-- last -->',
    '<p:R xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0"><s:I xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion">i</s:I><p:S/><s:A xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:V xsi:type="xs:string">v<!-- c -->w</s:V></s:A></p:R>',
    '<a xml:base="http://h.test/a/b/" xml:id="i" xml:lang="en"><b xml:base="../c/d?q" x="&#9;&#10;&#x20;&quot;"><c xml:base="e/./f" xml:lang=""><d/></c></b><?pi  data ?><![CDATA[<&>]]]]></a>',
    '<x:a xmlns:x="urn:1"><x:b xmlns:x="urn:2" x:c="3"><x:a xmlns:x="urn:1" xmlns="urn:1" x:c="4" d="5"><e xmlns=""><f xmlns="urn:1"/></e></x:a></x:b>\r\n\r text\r</x:a>',
    '<é xmlns:ü="urn:ü" ü:ß="ö\u20ac\U0001f600"><ü:x/>]]&gt;<y z=\'"\'>\u2028\x85</y></é>',
]
WORDS = ['<', '>', '/', '"', "'", '=', ' ', '\n', '\r', '\r\n', '\t', '&', ';', '&amp;', '&#13;', '&#xD;', '&#1;', '&#x10FFFF;', '&#xFFFE;', '&#;', '&#x;', '&nbsp;', '&lt', ':', 'xmlns', 'xmlns=""',
         ' xmlns=""', ' xmlns="urn:n"', ' xmlns:a="urn:b"', ' xmlns:a=""', ' xmlns:xml="http://www.w3.org/XML/1998/namespace"', ' xmlns:xmlns="urn:x"', ' xmlns:n="rel"', ' xmlns:n="rel/x:y"', ' xmlns="../x"',
         ' xml:lang="fr"', ' xml:base=".."', ' xml:base="."', ' xml:base="http://o.test"', ' xml:base="//p/q"', ' xml:base=""', ' xml:base="/r/../s"', ' xml:base="x//y/"', ' xml:base="#f"', ' xml:base="?q"', ' xml:foo="1"', ' xml:id="j"',
         ' a:x="1"', ' x="1"', ' y="2"', '<!--', '-->', '--', '-', '<!-- k -->', '<?', '?>', '<?p?>', '<?p q?>', '<?xml version="1.0"?>', '<?xml-s t?>', '<?XML ?>', '<![CDATA[', ']]>', '<![CDATA[x]]>', '<!DOCTYPE r>', '<!', '<a>', '</a>', '<b/>',
         '<n:c xmlns:n="urn:n">', '</n:c>', '\x00', '\x01', '\x7f', '\u00b7', '\u0300', '\u203f', '\ufeff', '\ufffe', '\uffff', '\ufffd', 'version="1.1"', 'encoding="latin1"', 'encoding="ISO-8859-1"', 'encoding="UTF-16"', 'standalone="yes"', 'standalone="maybe"', 'é', '1', '.', '_']
RAW = [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe9", b"\xf4\x90\x80\x80", b"\xf0\x80\x80\x80", b"\xef\xbb\xbf", b"\xef\xbf\xbf"]
PREFIX_LISTS = ["", "", "#default", "a x", "p xs  xsi", "s #default none", "n"]


class Error(ctypes.Structure):
    _fields_ = [("domain", ctypes.c_int), ("code", ctypes.c_int), ("message", ctypes.c_char_p), ("level", ctypes.c_int)]


HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Error))


class Libxml2:
    """The few functions of libxml2 that are asked."""

    def __init__(self):
        name = ctypes.util.find_library("xml2")
        if name is None:
            raise OSError("no libxml2")
        library = ctypes.CDLL(name)
        pointer = ctypes.c_void_p
        for function, result, arguments in (
            ("xmlReadMemory", pointer, [ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]),
            ("xmlFreeDoc", None, [pointer]),
            ("xmlXPathNewContext", pointer, [pointer]),
            ("xmlXPathFreeContext", None, [pointer]),
            ("xmlXPathEvalExpression", pointer, [ctypes.c_char_p, pointer]),
            ("xmlXPathFreeObject", None, [pointer]),
            ("xmlC14NDocDumpMemory", ctypes.c_int, [pointer, pointer, ctypes.c_int, pointer, ctypes.c_int, ctypes.POINTER(pointer)]),
            ("xmlSetStructuredErrorFunc", None, [pointer, HANDLER]),
        ):
            entry = getattr(library, function)
            entry.restype, entry.argtypes = result, arguments
        self.library = library
        self.free = ctypes.CFUNCTYPE(None, pointer)(pointer.in_dll(library, "xmlFree").value)
        self.errors = []
        # Kept, since the library keeps it too.
        self.handler = HANDLER(lambda _, error: self.errors.append((error.contents.domain, error.contents.code, error.contents.level, error.contents.message)))
        library.xmlSetStructuredErrorFunc(None, self.handler)

    def read(self, data, number, prefixes):
        """The decision, and the forms by name."""
        self.errors.clear()
        document = self.library.xmlReadMemory(data, len(data), None, None, NO_NETWORK)
        errors = list(self.errors)
        is_sound = bool(document) and not any(domain == NAMESPACE_DOMAIN and level >= ERROR_LEVEL and code != NO_URI for domain, code, level, _ in errors)
        forms = {}
        if is_sound:
            for name, mode in MODES.items():
                for comments in (0, 1):
                    whole = self.form(document, None, mode, comments, "")
                    part = self.part(document, number, mode, comments, prefixes)
                    forms[name + "+" * comments] = (whole, part)
        if document:
            self.library.xmlFreeDoc(document)
        return is_sound, errors, forms

    def part(self, document, number, mode, comments, prefixes):
        context = self.library.xmlXPathNewContext(document)
        apex = f"(/descendant::*)[{number + 1}]"
        below = f"{apex}/descendant-or-self::"
        path = f"{below}node() | {below}*/@* | {below}*/namespace::*"
        found = self.library.xmlXPathEvalExpression(path.encode(), context)
        # xmlXPathObject: the type, then the set.
        nodes = ctypes.c_void_p.from_address(found + 8).value
        is_empty = not nodes or ctypes.c_int.from_address(nodes).value == 0
        form = None if is_empty else self.form(document, nodes, mode, comments, prefixes)
        self.library.xmlXPathFreeObject(found)
        self.library.xmlXPathFreeContext(context)
        return form

    def form(self, document, nodes, mode, comments, prefixes):
        names = [name.encode() for name in prefixes.split()]
        listed = (ctypes.c_char_p * (len(names) + 1))(*names, None)
        out = ctypes.c_void_p()
        length = self.library.xmlC14NDocDumpMemory(document, nodes, mode, ctypes.cast(listed, ctypes.c_void_p) if names and mode == 1 else None, comments, ctypes.byref(out))
        if length < 0 or not out.value:
            return None
        form = ctypes.string_at(out.value, length)
        self.free(out.value)
        return form


def changed(random, originals):
    """One document, changed in a few places."""
    text = random.choice(originals)
    for _ in range(random.choice((0, 1, 1, 1, 2, 3, 5))):
        kind, at = random.randrange(7), random.randrange(len(text) + 1)
        to = min(len(text), at + random.choice((1, 1, 2, 5, 20)))
        if kind == 0:
            text = text[:at] + text[to:]
        elif kind in (1, 2):
            text = text[:at] + random.choice(WORDS) + text[at:]
        elif kind == 3:
            text = text[:at] + random.choice(WORDS) + text[to:]
        elif kind == 4:
            # Behind the name of a tag, where attributes and declarations belong.
            places = [place for place in range(len(text)) if text[place] in " />" and "<" in text[:place]]
            at = random.choice(places) if places else 0
            text = text[:at] + random.choice([word for word in WORDS if word.startswith(" ")]) + text[at:]
        elif kind == 5:
            piece = text[at:to]
            at = random.randrange(len(text) + 1)
            text = text[:at] + piece + text[at:]
        else:
            other = random.choice(originals)
            cut = other[other.index("<"):] if "<" in other else other
            text = text[:at] + cut[cut.find("?>") + 2:] + text[at:]
    data = text.encode()
    if random.random() < 0.04:
        at = random.randrange(len(data) + 1)
        data = data[:at] + random.choice(RAW) + data[at:]
    return data


def differences(library, row, answer):
    """What differs in one document: kind, and what both say."""
    data, number, prefixes = bytes.fromhex(row[0]), row[1], row[2]
    is_sound, errors, forms = library.read(data, number, prefixes)
    rule = answer.get("rule")
    if rule is None and not is_sound:
        yield "only ssoctl reads it", errors[:2], None
    # libxml2 reads up to a NUL byte and leaves the rest.
    is_lenient = rule == "xml-char" and b"\0" in data
    # It does not mind missing white space in an XML declaration.
    is_lenient |= re.match(rb"""<\?xml [^>]*["'](encoding|standalone)""", data) is not None
    if rule is not None and is_sound and rule not in STRICTER and not is_lenient:
        yield "only libxml2 reads it", rule, answer["error"]
    if rule is not None or not is_sound:
        return
    for name, (whole, part) in forms.items():
        ours = answer["forms"][name]
        for what, theirs in (("whole", whole), ("part", part)):
            own = ours[what] and bytes.fromhex(ours[what])
            if own != theirs and not is_explained(name, what, own, theirs, whole, errors, data):
                yield f"{name} {what} {prefixes if what == 'part' else ''}", own, theirs
        if not ours["stream"]:
            yield f"{name}: stream and tree", None, None
        if not ours["stable"]:
            yield f"{name}: the form of the form", None, None


def is_odd_base(value):
    """Whether libxml2 joins this xml:base in a way of its own."""
    path = re.sub(rb"^https?://", b"", value)
    is_absolute = path != value or value.startswith(b"/")
    has_dots = re.search(rb"/\.\.?(/|$)", path) is not None
    return bool(re.search(rb"[^-A-Za-z0-9._~:/?#@!$'()*+,;=%]", value)) or b":" in path or b"//" in path or is_absolute and has_dots


def apart(own, theirs):
    """Two forms from a little before the place where they part."""
    if not isinstance(own, bytes) or not isinstance(theirs, bytes):
        return own, theirs
    same = next((at for at, (one, other) in enumerate(zip(own, theirs)) if one != other), min(len(own), len(theirs)))
    start = max(0, same - 60)
    return own[start:same + 80], theirs[start:same + 80]


def is_explained(name, what, own, theirs, whole, errors, data):
    """Whether two forms differ by a habit of libxml2 that no specification asks for."""
    if own is None:
        return False
    if theirs is not None:
        # It writes `&` in a namespace as `&#38;`.
        theirs = theirs.replace(b"&#38;", b"&amp;")
        if not name.startswith("c14n11"):
            return own == theirs
        # It drops an empty xml:base also where there is nothing to join it with.
        if own.replace(b' xml:base=""', b"") == theirs.replace(b' xml:base=""', b""):
            return True
        # It joins no xml:base that is no URI, and by rules of its own where a path has a colon, several
        # slashes, or dots behind a slash at its start.
        has_odd = any(is_odd_base(value) for _, value in re.findall(rb"""xml:base\s*=\s*(["'])(.*?)\1""", data, re.S))
        return has_odd and len({re.sub(rb'^(<[^>]*?) xml:base="[^"]*"', rb"\1", form) for form in (own, theirs)}) == 1
    # It refuses a part because of a relative namespace outside it, which that form does not hold.
    if what == "part" and whole is None:
        return True
    # It takes a namespace that is no URI for a relative one, also where it has a scheme.
    return any(code == NO_URI for _, code, _, _ in errors)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("count", type=int)
    arguments.add_argument("seed", type=int)
    arguments.add_argument("--binary", default=str(ROOT / "tests/differential/target/debug/yaml-differential"))
    arguments.add_argument("--show", type=int, default=10)
    given = arguments.parse_args()
    try:
        library = Libxml2()
    except (OSError, AttributeError, ValueError) as error:
        print(f"NOT CHECKED: {error}")
        return 77
    chance = random.Random(given.seed)
    originals = ORIGINALS + [path.read_text() for path in sorted((ROOT / "fixtures/documents/metadata").glob("*.xml")) if path.stat().st_size < 6000]
    rows = [[changed(chance, originals).hex(), chance.randrange(8), chance.choice(PREFIX_LISTS)] for _ in range(given.count)]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("".join(json.dumps(row) + "\n" for row in rows))
        file.flush()
        answers = subprocess.run([given.binary, "xml", file.name], stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    kinds, read, shown = collections.Counter(), 0, 0
    for row, line in zip(rows, answers, strict=True):
        answer = json.loads(line)
        read += "forms" in answer
        for kind, own, theirs in differences(library, row, answer):
            kinds[kind.split(" ")[0] if "only" not in kind else kind] += 1
            if shown < given.show:
                shown += 1
                own, theirs = apart(own, theirs)
                print(f"{kind}\n  document {row[0] if len(row[0]) > 2000 else bytes.fromhex(row[0])!r}\n  element  {row[1]}\n  ssoctl   {own!r}\n  libxml2  {theirs!r}")
    print(f"xml: {len(rows)} documents, {read} of them well-formed to ssoctl; differences: {dict(kinds) or 'none'}")
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
