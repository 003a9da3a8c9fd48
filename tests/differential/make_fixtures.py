#!/usr/bin/env python3
"""Makes fixtures/yaml/scalars.tsv and fixtures/yaml/cases.jsonl with PyYAML 6.0.3; run it from anywhere, without arguments.

scalars.tsv: a document in JSON's quotes, its type and its value as PyYAML makes them, or "error".
cases.jsonl: small texts with PyYAML's events and marks (null where it refuses) and whether `safe_load` loads them.
"""

import json
import pathlib
import random

import yaml
from compare_yaml import HERE, SURROGATES, change, describe_value, load, parse

FIXTURES = HERE / "../../fixtures/yaml"
PLAIN = """
yes Yes YES yEs no No NO on On ON off Off OFF true True TRUE tRUE false False FALSE y Y n N
~ null Null NULL nULL none None
0 -0 +0 00 1 -1 +1 12 1_000 1__0 _1 1_ 0123 -0123 0_17 0_ 08 09 019 0o17 0b101 -0b1 0b_ 0b 0b2 0x1F 0Xff -0xa_b 0x 0x_ 0xg
123456789012345678901234567890 -99999999999999999999 0xffffffffffffffffffff 0777777777777777777777777
12:30:45 1:30 -1:30 0:30 1:60 1:5 1:59:59:59 01:30 190:20:30 1_0:30 5s 8443 5.
1.5 -1.5 +1.5 1. -1. .5 -.5 +.5 ._5 .5_0 1_0.5 1.5e3 1.5e+3 1.5E-3 1e5 1e+5 1.e+5 .5e-2 1.5e+ 1.5.2 1,5 . .. -. +. 1._
.inf -.inf +.inf .Inf .INF .iNF .nan .NaN .NAN -.nan .Nan inf nan 190:20:30.15 0:30.5 1:30. -1:30.5 1:60.5
2026-11-22 2026-1-2 2026-13-45 2025-02-29 2024-02-29 0000-01-01 0001-01-01 9999-12-31 20261122 2026-11 2026-11-22T10:20:30Z
2026-11-22t1:20:30 2026-11-22T10:20:30.5Z 2026-11-22T10:20:30.1234567+01:00 2026-1-2T10:20:30-05:30 2026-11-22T24:00:00 2026-11-22T10:60:00
2026-11-22T10:20:60Z 2026-11-22T10:20:30+24:00 2026-11-22T10:20:30+0:00 2026-11-22T10:20Z 2026-11-22T10:20:30. 2026-11-22T10:20:30-00:30
= == =a << <<< <
text a:b a#b http://example.org:8080/x?y=z C:\\dir -x --- 50% a@b {a ?x :x -5x 1.2.3.4 1.2 v1.2 10.0.0.0/8 +49 +4930123 1e3 0e0 1-2 a,b
""".split()
TAGGED = """
!!str 12|!!str yes|!!str|!!str ~|!!int 12|!!int "12"|!!int " 12 "|!!int x|!!int ""|!!int 1.5|!!int 0o17|!!int "0x"|!!int "+-5"|!!int "1:-5"|!!int "1:"|!!float 12|!!float x
!!float inf|!!float "infinity"|!!float "1e5"|!!float ""|!!float "1:30"|!!float -.nan|!!bool yes|!!bool YeS|!!bool 1|!!bool y|!!null x|!!null|!!binary YQ==|!!binary YQ=|!!binary YQ|!!binary Y|!!binary "Y Q = ="
!!binary é|!!binary ""|!!timestamp 2026-11-22|!!timestamp 2026-1-2|!!timestamp x|!!timestamp "2026-11-22 10:20:30 +1"|!!seq x|!!map x|!!set x|!!omap x|!!value x|!!merge x|! 12|! "12"|! "yes\\n"|! "12\\n"|! x|!
!x y|!vault abc|!!python/name:os.system x|!<tag:yaml.org,2002:int> 5|!<!> 5|!<x> 5|"12"|'12'|"yes"|''|"\\ud800"|"\\U0001F642"|"\\x41\\u00e9\\t"|"a\\
  b"|'it''s'|"2026-13-45"|"="|'<<'
2026-11-22 10:20:30|2026-11-22   10:20:30 Z|2026-11-22 10:20:30 -5|2026-11-22 10:20:30+01:99|2026-11-22 1:2:3|a: b: c|a b  c|a # c|&a 12|&a !!str 12|!!str &a 12|*a|@a|`a`|%a|{{ x }}|[a]: b
""".strip().replace("|", "\n").replace("\\\n\n  ", "\\\n  ")


def tagged():
    """The texts of TAGGED; one of them goes on behind an escaped line break."""
    texts = []
    for line in TAGGED.split("\n"):
        if texts and texts[-1].endswith("\\"):
            texts[-1] += "\n" + line
        else:
            texts.append(line)
    return texts


def scalars():
    lines = []
    for text in dict.fromkeys(PLAIN + tagged() + ["0x" + "f" * 60, "1" * 4300, "1" * 4301]):
        loaded = load(text.encode())
        kind, value = "error", ""
        if loaded is not None:
            kind, *value = describe_value(yaml.safe_load(text))
            value = json.dumps(value[0]) if value else ""
        lines.append(f"{json.dumps(text)}\t{kind}\t{value}\n")
    (FIXTURES / "scalars.tsv").write_text("".join(lines))
    return len(lines)


def snippet(rng, text):
    """Some lines of a text, less their common indentation."""
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    lines = lines[at: at + rng.randint(1, 6)]
    indent = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines)


def cases(wanted):
    rng = random.Random(20261124)
    seeds = [path.read_bytes().decode() for path in sorted((FIXTURES / "configurations").glob("*"))]
    found = {}
    while len(found) < wanted:
        text = change(rng, snippet(rng, rng.choice(seeds)))
        data = text.encode()
        events = parse(data)
        if text in found or len(data) > 150 or (events is None and rng.random() < 0.5):
            continue
        found[text] = json.dumps({"text": text, "loads": load(data) is not None, "events": events}, ensure_ascii=True, separators=(",", ":"))
    (FIXTURES / "cases.jsonl").write_text("".join(f"{line}\n" for line in found.values()))


if __name__ == "__main__":
    assert yaml.__version__ == "6.0.3"
    print(scalars(), "scalars")
    cases(600)
