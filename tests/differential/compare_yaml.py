#!/usr/bin/env python3
"""Compares ssoctl's YAML reader with PyYAML 6.0.3 on texts made from given ones.

    cargo build --release --manifest-path tests/differential/Cargo.toml
    python3 tests/differential/compare_yaml.py N SEED [--binary PATH] [--texts FOLDER]... [--as-is] [--show N]

N texts are made from those in fixtures/yaml/configurations and in every FOLDER: characters are cut,
doubled or put in, lines are moved, cut or indented otherwise. With --as-is the texts of the folders
are compared as they are, N and SEED having no part in it. Printed are how many texts both readers
take or refuse alike (for `yaml.parse` and for `yaml.safe_load`), and of those that both take how
many have the same events, the same marks and the same values.
"""

import argparse
import datetime
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent
INSERTED = (
    list(" \t:#-?,[]{}&*!|>'\"%@`\\~=<+.0")
    + ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\ufeff", "\x00", "\x1b", "ü", "木", "🙂"]
    + ["\n\n", "\n ", "\n  ", "\n\t", ": ", " #", "- ", "? ", "--- ", "\n---\n", "\n...\n", "%YAML 1.1\n"]
    + ["&a ", "*a", "!!str ", "!x ", "!<", "<<: ", "|\n", ">-\n", "|2\n", "\\x4", "\\u00e9", "''", "{{ x }}"]
)
SURROGATES = {code: "\ufffd" for code in range(0xD800, 0xE000)}


def change(rng, text):
    """The text with one to three small changes."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randint(0, len(text))
        way = rng.choice(("cut", "cut", "put", "put", "put", "put", "replace", "double", "end", "line", "indent", "join"))
        if way == "cut":
            text = text[:at] + text[at + rng.choice((1, 1, 1, 2, 5)):]
        elif way == "put":
            text = text[:at] + rng.choice(INSERTED) + text[at:]
        elif way == "replace":
            text = text[:at] + rng.choice(INSERTED) + text[at + 1:]
        elif way == "double":
            text = text[:at] + text[max(0, at - rng.randint(1, 9)):]
        elif way == "end":
            text = text[:at] if rng.random() < 0.5 else text[at:]
        else:
            text = change_lines(rng, text, way)
    return text


def change_lines(rng, text, way):
    """The text with a line moved, indented otherwise or joined to the next."""
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    if way == "line":
        line = lines.pop(at)
        if rng.random() < 0.7:
            lines.insert(rng.randint(0, len(lines)), line)
    elif way == "indent":
        lines[at] = rng.choice(("", " ", "  ", "    ", "\t")) + lines[at].lstrip(" ")
    elif at + 1 < len(lines):
        lines[at: at + 2] = [lines[at] + " " + lines[at + 1].lstrip()]
    return "\n".join(lines)


def parse(data):
    """PyYAML's events of a text, or nothing where it refuses."""
    try:
        found = list(yaml.parse(data, Loader=yaml.SafeLoader))
    except Exception:  # not only YAMLError: OverflowError, ValueError, RecursionError
        return None
    return [describe(event) for event in found]


def describe(event):
    """An event as the harness prints it."""
    name = type(event).__name__.removesuffix("Event")
    kinds = {"Alias": "ALI", "Scalar": "VAL", "StreamStart": "+STR", "StreamEnd": "-STR", "DocumentStart": "+DOC",
             "DocumentEnd": "-DOC", "SequenceStart": "+SEQ", "SequenceEnd": "-SEQ", "MappingStart": "+MAP", "MappingEnd": "-MAP"}
    style = None
    if name == "Scalar":
        style = event.style or ":"
    elif name.startswith("Document"):
        style = "E" if event.explicit else "I"
    elif name in ("SequenceStart", "MappingStart"):
        style = "F" if event.flow_style else "B"
    value = getattr(event, "value", None)
    marks = [[mark.line, mark.column, mark.index] for mark in (event.start_mark, event.end_mark)]
    tag = getattr(event, "tag", None)
    return [kinds[name], value and value.translate(SURROGATES), style, tag, getattr(event, "anchor", None), *marks]


def load(data):
    """The value of a text, or nothing where PyYAML refuses it."""
    try:
        return {"value": describe_value(yaml.safe_load(data))} if data_holds_document(data) else {"value": None}
    except Exception:
        return None


def data_holds_document(data):
    return yaml.compose(data, Loader=yaml.SafeLoader) is not None


def describe_value(value):
    """A value as the harness prints it."""
    if value is None:
        return ["null"]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", "nan" if value != value else struct.pack(">d", value).hex()]
    if isinstance(value, str):
        return ["str", value.translate(SURROGATES)]
    if isinstance(value, bytes):
        return ["bytes"]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return ["time", str(value)]
    if isinstance(value, tuple):
        return ["map", [[describe_value(part) for part in value]]]
    if isinstance(value, list):
        return ["list", [describe_value(item) for item in value]]
    pairs = value.items() if isinstance(value, dict) else ((key, None) for key in value)
    kind = "map" if isinstance(value, dict) else "set"
    return [kind, [[describe_value(key), describe_value(item)] for key, item in pairs]]


def settle(value):
    """A described value with maps in one order, and keys that Python finds equal written alike:
    of `{1.0: a, 1: b}` PyYAML keeps the first key, ssoctl the one that is written last."""
    if value is None or value[0] not in ("list", "map", "set"):
        return value
    if value[0] == "list":
        return ["list", [settle(item) for item in value[1]]]
    pairs = [[settle_key(pair[0]), settle(pair[1]) if value[0] == "map" else None] for pair in value[1]]
    return [value[0], sorted(pairs, key=lambda pair: json.dumps(pair[0]))]


def settle_key(key):
    """A described key, written as all keys that equal it."""
    kind = key[0]
    if kind == "bool":
        return ["int", str(int(key[1]))]
    if kind == "float" and key[1] != "nan":
        number = struct.unpack(">d", bytes.fromhex(key[1]))[0]
        return ["int", str(int(number))] if number.is_integer() else key
    if kind == "time" and len(key[1]) > 19 and key[1][-6] in "+-":
        moment = datetime.datetime.fromisoformat(key[1])
        return ["time", str(moment.astimezone(datetime.timezone.utc))]
    return key


def unmarked(events):
    return [event[:5] for event in events]


def make(options, folder):
    """The files to compare."""
    own = sorted((HERE / "../../fixtures/yaml/configurations").glob("*"))
    given = [path for place in options.texts for path in sorted(pathlib.Path(place).rglob("*")) if path.is_file()]
    if options.as_is:
        return given or own
    texts = []
    for path in own + given:
        data = path.read_bytes()
        try:
            texts.append(data.decode("utf-8"))
        except UnicodeDecodeError:
            continue
    texts = [text for text in texts if len(text) < 2000]
    rng = random.Random(options.seed)
    paths = []
    for number in range(options.n):
        data = change(rng, texts[number % len(texts)]).encode("utf-8", "surrogatepass")
        path = folder / f"{number:06}.yaml"
        path.write_bytes(data)
        paths.append(path)
    return paths


def ask(binary, mode, listing):
    result = subprocess.run([binary, mode, listing], stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in result.stdout.decode("utf-8").split("\n") if line]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("n", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--binary", default=str(HERE / "target/release/yaml-differential"))
    parser.add_argument("--texts", action="append", default=[])
    parser.add_argument("--as-is", action="store_true")
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        paths = make(options, folder)
        listing = folder / "list"
        listing.write_text("".join(f"{path}\n" for path in paths))
        events = ask(options.binary, "events", listing)
        values = ask(options.binary, "values", listing)
        sys.exit(compare(paths, events, values, options.show))


def compare(paths, events, values, show):
    """Prints how far the readers agree; 1 where they do not."""
    count = dict.fromkeys(("decision", "both", "events", "marks", "load decision", "both load", "values"), 0)
    for path, ours, our_value in zip(paths, events, values, strict=True):
        data = path.read_bytes()
        theirs, their_value = parse(data), load(data)
        same = (theirs is None) == ("error" in ours)
        count["decision"] += same
        why = [] if same else ["decision"]
        if same and theirs is not None:
            count["both"] += 1
            count["events"] += unmarked(theirs) == unmarked(ours["events"])
            count["marks"] += theirs == ours["events"]
            why += ["events"] * (theirs != ours["events"])
        same = (their_value is None) == ("error" in our_value)
        count["load decision"] += same
        why += [] if same else ["load decision"]
        if same and their_value is not None:
            count["both load"] += 1
            alike = settle(their_value["value"]) == settle(our_value["value"])
            count["values"] += alike
            why += ["values"] * (not alike)
        if why and show > 0:
            show -= 1
            print(why, ours.get("error"), our_value.get("error"), "PyYAML refuses" if theirs is None else "", data)
    total = len(paths)
    print(f"{total} texts: decision {count['decision']}, both take {count['both']}: events {count['events']}, "
          f"with marks {count['marks']}; safe_load decision {count['load decision']}, both take {count['both load']}: "
          f"values {count['values']}")
    return count["decision"] + count["load decision"] < 2 * total or count["both"] > count["marks"] or count["both load"] > count["values"]


if __name__ == "__main__":
    main()
