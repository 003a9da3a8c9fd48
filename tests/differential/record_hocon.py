"""What pyhocon makes of values, as a fixture; and how far ssoctl's reader agrees with it.

  pip install pyhocon==0.3.63 python-dateutil
  python record_hocon.py --record            # writes fixtures/hocon/values.tsv
  cargo build --release && python record_hocon.py --compare 20000 --documents 2000 --seed 1

Nothing is read from the environment, from files or from the network: the environment is emptied,
and what `include` names counts as unknown.
"""

import argparse
import datetime
import json
import os
import pathlib
import random
import re
import signal
import struct
import subprocess
import sys
from multiprocessing import Pool
from urllib.error import URLError

import pyhocon.config_parser
from dateutil.relativedelta import relativedelta
from pyhocon import ConfigFactory, ConfigTree
from pyhocon.config_tree import ConfigInclude, ConfigValues, NoneValue

HERE = pathlib.Path(__file__).parent
TABLE = HERE / "../../fixtures/hocon/values.tsv"
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
UNITS = ("ns nano nanos nanosecond nanoseconds us micro micros microsecond microseconds ms milli millis millisecond "
         "milliseconds s second seconds m minute minutes h hour hours w week weeks d day days mo month months y year "
         "years").split()
VALUES = [
    "", " ", "   word   ", "word", "two words", "three  spaced   words", "https://clearml.corp.test/callback_okta",
    "https://login.microsoftonline.com/5f0c7a1e-0d5e-4a3c-9a51-0d3e8e3c7b11/oauth2/v2.0/token",
    "https://idp.corp.test/authorize?client_id=1", "https://idp.corp.test/path#fragment", "http://localhost:8080",
    "idp.corp.test:443", "5f0c7a1e-0d5e-4a3c-9a51-0d3e8e3c7b11", "0123e456-0d5e-4a3c-9a51-0d3e8e3c7b11",
    "0oa1b2c3d4E5F6g7h8i9", "urn:clearml:sp", "api://clearml", "/opt/clearml/config/default/metadata.xml",
    "./metadata.xml", "C:\\clearml\\new\\table.xml", "\"C:\\\\clearml\\\\new\"", "\\\\server\\share",
    "ann@corp.test", "\"ann@corp.test\"", "cn=admin,dc=corp,dc=test", "\"cn=admin,dc=corp,dc=test\"",
    "(&(objectclass=user)(sAMAccountName={0}))", "\"(&(objectclass=user)(sAMAccountName={0}))\"", "(uid={0})",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "groups", "groups.read", "email_verified",
    "true", "True", "TRUE", "tRuE", "false", "False", "FALSE", "yes", "no", "on", "off", "Yes", "On", "none", "None",
    "null", "Null", "NULL", "nil", "true false", "true1", "true,", "true # yes", "trueish", "\"true\"", "'true'",
    "not true", "null null", "a null", "true\"x\"", "\"x\"true", "fal\u017fe", "true-x", "true x",
    "0", "1", "-1", "+1", "007", "0123", "-0", "-007", "1.0", "1.10", ".5", "5.", "-.5", "1.2.3", "1e3", "1E3", "1e+3",
    "1e-3", "1e400", "-1e400", "1e", "1e+", "123e4567", "0x1f", "0b1", "1_000", "1,5", "1 2", "1 # one", "1 // one",
    "1//one", "1}", "1]", "1$", "--1", "+-1", "1.5.", "12345678901234567890123456789", "0.1", "1e16", "1e-5", "10.0.0.1",
    "a 1", "a 1.50", "a 1e16", "a 1e-7", "\"a\"1", "\"a\" 01", "1\"a\"", "\u0663\u0664", "\u0663.\u0664", "\u00b2", "3 ",
    "Infinity", "inf", "NaN", "0 1", "1\u00a0",
    "10", "10 s", "10  s", "10\ts", "10s ", "10 sec", "10S", "10 Seconds", "0s", "007s", "-10s", "+10s", "1.5s", "10s5",
    "10s 5m", "10 days left", "10s-x", "10ms x", "86400000ms x", "200000000ms x", "1s2", "100s x", "1500000us x",
    "25h x", "14mo x", "1w x", "1234567d x", "10s\u00e9", "10s_", "10s,", "10 s # c", "3mon", "3monthss", "1y x", "0s x",
    "999999999999999d", "86400000000000000ms", "5d.6", "\"10s\"", "10 \"s\"", "PT10S", "1m30s", "1500ns x", "1d 2h",
    "[]", "[ ]", "[a]", "[a, b]", "[a b, c d]", "[\"a b\",\"c\"]", "[a@b]", "[\"a@b\"]", "[1, 2.0, true, null]", "[,]",
    "[a,]", "[,a]", "[a,,b]", "[a, ,b]", "[\"\"]", "[\"\", a]", "[[a], [b]]", "[[]]", "[{a: 1}, {b: 2}]", "[a", "a]",
    "[a]]", "[[a]", "[a] [b]", "[a][b]", "[a] b", "b [a]", "[a # c\n, b]", "[a\nb]", "[\na\nb\n]", "[10s, 5 days]",
    "[\"a\" \"b\"]", "['a', 'b']", "[a] # c", "[true false]", "[Admins, Platform Admins]", "[a;b]", "[${A}]", "[a: b]",
    "[a = b]", "[0123]", "[] []", "[a, {b: c}]", "[null]", "[\"a,b\", c]", "[\"a]\"]", "[a//b]", "[a //b\n]", "[a,#c\nb]",
    "{}", "{ }", "{a: 1}", "{a = 1}", "{a 1}", "{a}", "{\"a\": \"b\"}", "{\"a\":{\"b\":[1,2]}}", "{a.b: 1}",
    "{a: 1, b: 2}", "{a: 1 b: 2}", "{a: 1\nb: 2}", "{a: 1} {b: 2}", "{a: 1} {a: 2}", "{a: 1}{a: {b: 2}}", "{a: 1", "a: 1}",
    "{a: {b: 1}, a: {c: 2}}", "{a: {b: 1}, a.c: 2}", "{a: 1, a: 2}", "{a: 1, a: {b: 2}}", "{a: {b: 1}, a: 2}", "{a += 1}",
    "{a: null, a.b: 1}", "{a.b: 1, a.b.c: 2}", "{a: [1], a: {b: 2}}", "{a: [1], a.b: 2}", "{a {b: 1}}", "{a {b: 1} {c: 2}}",
    "{a = {b: 1} {c: 2}}", "{\"a.b\": 1}", "{\"a\".b: 1}", "{x.\"a.b\": 1}", "{\"\": 1}", "{.: 1}", "{a..b: 1}", "{.a: 1}",
    "{\u00e9: 1}", "{a b: 1}", "{a-b/c: 1}", "{a$b: 1}", "{a: 1,}", "{,a: 1}", "{a:}", "{a:,b:2}", "{a:\n\n1}", "{} a",
    "a {}", "{} []", "{include \"x\"}", "{include: 1}", "{\"client_id\": \"x\", \"groups\": {\"enabled\": true}}",
    "\"\"", "\" \"", "\"a\"", " \"a\" ", "\"a", "a\"", "a\"b", "a\"b\"", "\"a\"b", "\"a\" b", "\"a\" \"b\"", "\"a\"\"b\"",
    "\"a\"  \"b\"", "a \"b\" c", "''", "'a'", "'a b'", "'a@b'", "\"a'b\"", "'a\"b'", "\"\"\"a\"\"\"", "\"\"\"a\"b\"\"\"",
    "\"\"\"a\nb\"\"\"", "\"\"\"a\"\"\"\"", "\"\"\"\"a\"\"\"", "\"\"\"\"\"\"", "\"\"\"a", "\"\"\"a\\n\"\"\"", "\"\"\" a \"\"\" ",
    "\"\"\"a\"\"\" \"b\"", "\"a\nb\"", "\"a\rb\"", "\"a\tb\"", "`a`", "\u201ca\u201d", "\"\"a", "\"\" \"\"",
    "\"a\\nb\"", "\"a\\tb\"", "\"a\\rb\"", "\"a\\\\b\"", "\"a\\\"b\"", "\"a\\/b\"", "\"a\\bb\"", "\"a\\u00e9b\"", "\"\\u0041\"",
    "\"a\\qb\"", "\"a\\=b\"", "\"a\\#b\"", "\"a\\!b\"", "\"a\\\\nb\"", "\"a\\", "\"a\\\"", "\"a\\\\\"", "a\\nb", "a\\tb", "a\\\\b",
    "a\\\"b", "a\\#b", "a\\=b", "a\\!b", "a\\@b", "a\\,b", "a\\ b", "a\\", "a\\\nb", "a \\\n b", "\\", "\\\\", "\\n", "a\\t",
    "a\\u00e9", "a\\ ", "a\\\rb", "a\\[b",
    "${X}", "${?X}", "a ${X} b", "\"${X}\"", "${X", "$X", "${}", "${?}", "$", "$$", "a$b", "$${X}", "${X}${Y}", "5${X}",
    "${X:-a}", "${X} [a]", "#{X}", "${x}", "${.}", "<client id>", "{{ x }}", "%X%",
    "#", "# a", "a#", "a #", "a # b", "abc#def", "\"abc#def\"", "//", "// a", "a//b", "a // b", "a /b", "a //", "/", "/ /",
    "a# \"b\"", "#a\nb", "a // b\nc", "#a\n", "a;b", "a; b", "a:b", "a: b", "a=b", "a = b", "a, b", "a,b", "a, b: c", "a,", ",a",
    ",", "a+b", "a&b", "a!b", "a*b", "a^b", "a?b", "a|b", "a%b", "a~b", "a'b", "a(b)", "a<b>", "a-b", "a_b", "a.b",
    "a\nb", "a\nb: c", "a\n", "\na", "\n", "a\r\nb: c", "a\r", "a\tb", "\ta\t", "a\u00a0b", "a\u2028b", "a\u000bb", "a\u0085b",
    "\u00e9", "gr\u00fc\u00dfe", "\u65e5\u672c\u8a9e", "\U0001f511 key", "e\u0301", "\ufeffa", "a\u0000b", "\u001fa", "\u00a0",
    "Caf\u00e9 \u2013 Gr\u00fcn", "a\u200bb", "include", "include x", "include \"x\"", "included", "include.x", "includes \"x\"",
    "include url", "include required", "a include \"x\"", "url", "x", "x: 1", "=", ":", ":a", "a:", "-", ".", "_", "(", ")", ";",
    "AKCp8.aB3~dE5_fG7-hI9", "8Q~aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3x", "aB3/dE5=", "aB3+dE5/fG7==", "aB3dE5fG7==",
    "GOCSPX-aB3dE5fG7hI9jK1l", "0012345678", "1234567890", "12345678e9", "3m", "7d41e5", "1e5", "s3cr3t pass phrase",
]


def values():
    """All values of the table, each once."""
    found = list(VALUES)
    for mark in PUNCTUATION:
        found += [f"{mark}secret", f"sec{mark}ret", f"secret{mark}", f"\"sec\\{mark}ret\""]
        if mark not in "\"\\":
            found.append(f"\"sec{mark}ret\"")
    for unit in UNITS:
        found += [f"10{unit}", f"5 {unit}"]
    return list(dict.fromkeys(found))


class Endless(BaseException):
    """pyhocon goes round in circles, as it does with some substitutions."""


def give_up(*_):
    raise Endless


def read(kind, text):
    """The value as the harness prints it, or an error."""
    content = f"x: {text}" if kind == "value" else text
    try:
        config = ConfigFactory.parse_string(content)
        if kind == "value":
            config = config["x"]
        return described(config)
    except RecursionError:
        return ["recursion"]
    except Endless:
        return ["endless"]
    except Exception as error:  # any error ends the server, whatever its class
        return ["error", type(error).__name__]


def described(value):
    if value is None or isinstance(value, NoneValue):
        return ["null"]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", struct.pack(">d", value).hex()]
    if isinstance(value, str) and "ConfigInclude object at 0x" in value:
        return ["unknown", "ConfigInclude"]
    if isinstance(value, str):
        return ["text", re.sub(r"(NoneValue object) at 0x[0-9a-f]+", r"\1", value)]
    if isinstance(value, relativedelta):
        seconds = ((value.days * 24 + value.hours) * 60 + value.minutes) * 60 + value.seconds
        return ["duration", [value.years * 12 + value.months, str(seconds * 1000000 + value.microseconds)]]
    if isinstance(value, datetime.timedelta):
        return ["duration", [0, str(value // datetime.timedelta(microseconds=1))]]
    if isinstance(value, (ConfigInclude, ConfigValues)):
        return ["unknown", type(value).__name__]
    if isinstance(value, list):
        return ["list", [described(item) for item in value]]
    if isinstance(value, ConfigTree):
        items = dict.items(value)
        return ["map", [[key.strip('"'), described(item)] for key, item in items]]
    raise TypeError(type(value))


def settled(value):
    """A described value with its maps in one order."""
    if value and value[0] == "list":
        return ["list", [settled(item) for item in value[1]]]
    if value and value[0] == "map":
        return ["map", sorted([key, settled(item)] for key, item in value[1])]
    return value


def has_unknown(value):
    """Whether part of a value depends on the environment, another file or the order of keys."""
    return json.dumps(value).find('["unknown"') >= 0


def record():
    lines = []
    for text in values():
        kind, *rest = read("value", text)
        value = "" if kind in ("error", "null", "unknown") else json.dumps(rest[0], ensure_ascii=True)
        lines.append(f"{json.dumps(text)}\t{kind}\t{value}\n")
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text("".join(lines))
    print(f"{len(lines)} values")


PIECES = list(PUNCTUATION) + ["\n", "\r\n", "\t", " ", "  ", "\\\n", "\"\"\"", "//", "# c\n", "${a}", "${?b}", "${x.y}", "+=", "{}", "[]", "null",
                              "true", "10s", "5 days", "1.5", "\u00e9", "\u00a0", "a.b", "include \"q\"", "\"a\"", ",\n", "01", "\\\"", "x", "e5"]
KEYS = ["a", "b", "c", "a.b", "a.c", "b.d", "\"a\"", "\"a.b\"", "c.\"d.e\"", "a.b.c", "d e", "f-g", "include", "\u00e9", "x"]


def mutated(rng, text, others):
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3))):
        at = rng.randint(0, len(text))
        way = rng.randrange(7)
        if way < 3:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif way == 3:
            text = text[:at] + text[at + rng.choice((1, 1, 2, 4)):]
        elif way == 4:
            text = text[:at] + rng.choice(others) + text[at:]
        elif way == 5:
            text = text[:at] + rng.choice(PIECES) + text[at + 1:]
        else:
            text = text[:at]
    return text


def document(rng, others):
    """A small file of entries, some nested, some spoilt."""
    lines = ["{"] if rng.random() < 0.1 else []
    for _ in range(rng.randint(1, 7)):
        key = rng.choice(KEYS)
        kind = rng.random()
        if kind < 0.2:
            inner = ", ".join(f"{rng.choice(KEYS)}: {plain(rng, others)}" for _ in range(rng.randint(0, 3)))
            lines.append(f"{key} {{ {inner} }}")
        elif kind < 0.25:
            lines.append(rng.choice(("# note", "// note", "", "  ", "include \"q\"")))
        else:
            sign = rng.choice((": ", " = ", "=", ":", " += ")) if rng.random() < 0.6 else " = "
            lines.append(f"{key}{sign}{plain(rng, others)}")
    if lines[0] == "{":
        lines.append("}")
    text = rng.choice(("\n", "\n", "\n", "\n\n", ", ", ",\n")).join(lines)
    return mutated(rng, text, others) if rng.random() < 0.4 else text


def plain(rng, others):
    simple = ("1", "true", "null", "[1, 2]", "[a]", "{d: 1}", "{b: {e: 2}}", "word", "\"text\"", "10s", "${a}", "${a.b} x", "1.5",
              "\"\"", "", "[{a: 1}]", "{} {b: 1}", "two words # c", "${b}${c}", "\"q\" ${c}", "${d e}")
    return rng.choice(simple) if rng.random() < 0.85 else rng.choice(others)


def work(job):
    os.environ.clear()
    pyhocon.config_parser.urlopen = refuse
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(3)
    try:
        return read(*job)
    except Endless:
        return ["endless"]
    finally:
        signal.alarm(0)


def refuse(*_, **__):
    raise URLError("no network")


def ask(binary, jobs):
    lines = "".join(json.dumps(job) + "\n" for job in jobs)
    result = subprocess.run([binary, "hocon"], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in result.stdout.decode().split("\n") if line]


def compare(options):
    rng = random.Random(options.seed)
    given = values()
    short = [text for text in given if len(text) < 40]
    jobs = [("value", mutated(rng, rng.choice(given), short)) for _ in range(options.compare)]
    jobs += [("document", document(rng, short)) for _ in range(options.documents)]
    written = [mutated(rng, rng.choice(given), short) for _ in range(options.compare // 10)]
    answers = ask(options.binary, [("quoted", text) for text in written])
    jobs += [("value", answer[0]) for answer in answers]
    with Pool(options.processes) as pool:
        theirs = pool.map(work, jobs, 200)
        bare = pool.map(work, [("value", text) for text in written], 200)
    count = dict.fromkeys(("texts", "same", "same errors", "unknown", "too deep for pyhocon", "endless in pyhocon", "our ceiling", "differ"), 0)
    ours = ask(options.binary, jobs)
    for job, their, our in zip(jobs, theirs, ours, strict=True):
        count["texts"] += 1
        if their == ["recursion"]:
            count["too deep for pyhocon"] += 1
        elif our and our[0] == "error" and "too many digits" in our[1]:
            count["our ceiling"] += 1
        elif their == ["endless"]:
            count["endless in pyhocon"] += 1
        elif our and our[0] != "error" and has_unknown(our):
            count["unknown"] += 1
        elif our and our[0] == their[0] == "error":
            count["same errors"] += 1
        elif settled(our) == settled(their):
            count["same"] += 1
        else:
            count["differ"] += 1
            if count["differ"] <= options.show:
                print(json.dumps(job), "\n   ours  ", our, "\n   theirs", their)
    wrong = sum(their != ["text", text] for text, their in zip(written, theirs[-len(written):]))
    wrong += sum(answer[1] != (their == ["text", text]) for text, answer, their in zip(written, answers, bare))
    print(count, f"; quoted and bare texts: {len(written)}, wrong {wrong}")
    return count["differ"] + wrong > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--compare", type=int, default=0)
    parser.add_argument("--documents", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--binary", default=str(HERE / "target/release/yaml-differential"))
    options = parser.parse_args()
    os.environ.clear()
    pyhocon.config_parser.urlopen = refuse
    if options.record:
        record()
    if options.compare or options.documents:
        sys.exit(compare(options))


if __name__ == "__main__":
    main()
