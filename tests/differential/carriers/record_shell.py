"""Writes down what a POSIX shell makes of the cases in fixtures/carriers/shell.jsonl:

    python3 record_shell.py < shell.jsonl > recorded.jsonl
"""

import json
import subprocess
import sys
import tempfile

OWN = {"PWD", "OLDPWD", "_", "SHLVL"}

for line in sys.stdin:
    case = json.loads(line)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="") as file:
        file.write(case["text"])
        file.flush()
        ran = subprocess.run(
            ["/bin/sh", "-c", f"set -a; . {file.name}; env -0"],
            env={"PATH": "/usr/bin:/bin", **case.get("shell", {})},
            capture_output=True,
            check=False,
        )
    made = {"text": case["text"], "shell": case.get("shell", {})}
    pairs = (pair.partition("=") for pair in ran.stdout.decode().split("\0") if pair)
    given = {"PATH": "/usr/bin:/bin", **made["shell"]}
    pairs = ((name, value) for name, _, value in pairs if name not in OWN)
    sees = {name: value for name, value in pairs if given.get(name) != value}
    if ran.returncode == 0:
        made["sees"] = sees
    else:
        made["refused"] = True
    print(json.dumps(made, ensure_ascii=False))
