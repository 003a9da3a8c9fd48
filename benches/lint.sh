#!/usr/bin/env bash
# lint.sh INPUT... : whole-process times of `ssoctl validate` beside the schema linters that users
# would run instead, on the same files and in the same run. Prints a table in Markdown.
#
# INPUT is a folder that holds many/NNNNN/auth_config.yml and schema.json. Needs python3, and for the
# other tools node with npm and pip, from which ajv-cli and check-jsonschema are installed into $WORK
# (default: a temporary folder).
set -euo pipefail
cd "$(dirname "$0")/.."
work=${WORK:-$(mktemp -d)}
cargo build --locked --release --quiet
ssoctl=$PWD/target/release/ssoctl
[ -x "$work/venv/bin/check-jsonschema" ] || { python3 -m venv "$work/venv" && "$work/venv/bin/pip" -q install check-jsonschema; }
[ -x "$work/node_modules/.bin/ajv" ] || (cd "$work" && npm install --silent ajv-cli >/dev/null)

row() { python3 benches/measure.py "$@"; }
echo "| what | wall s | cpu s | peak MiB | runs | exit |"
echo "|---|---|---|---|---|---|"
for input in "$@"; do
  input=$(cd "$input" && pwd)
  first=$(find "$input/many" -name auth_config.yml | sort | sed -n 1p)
  count=$(find "$input/many" -name auth_config.yml | wc -l)
  if [ "$count" -le 1000 ]; then
    row 15 "ssoctl, 1 file of $(stat -c %s "$first") bytes" "$ssoctl" validate "$first"
    row 9 "check-jsonschema, 1 file" "$work/venv/bin/check-jsonschema" --schemafile "$input/schema.json" "$first"
    row 9 "ajv, 1 file" "$work/node_modules/.bin/ajv" validate --strict=false -s "$input/schema.json" -d "$first"
  fi
  row 9 "ssoctl, $count files" "$ssoctl" validate "$input/many"
  if [ "$count" -le 1000 ]; then
    row 3 "check-jsonschema, $count files" sh -c "find '$input/many' -name auth_config.yml -print0 | xargs -0 '$work/venv/bin/check-jsonschema' --schemafile '$input/schema.json'"
    row 5 "ajv, $count files" "$work/node_modules/.bin/ajv" validate --strict=false -s "$input/schema.json" -d "$input/many/*/auth_config.yml"
  fi
done
