#!/usr/bin/env bash
# Live providers: the honest ones give no error and no warning, and each fault is named.
#   oidc.sh PATH_TO_SSOCTL
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
ssoctl=$(realpath "$1")
work=$(mktemp -d)
pids=()
failed=0
trap '[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null; rm -rf "$work"' EXIT

# waits URL: until it answers, for half a minute.
waits() {
  for _ in $(seq 150); do
    curl -s -o /dev/null --max-time 4 "$1" && return 0
    sleep 0.2
  done
  return 1
}

# configuration SERVER_URL: a CVAT configuration of it.
configuration() {
  local file
  file=$(mktemp -p "$work" --suffix .yml)
  cat >"$file" <<YAML
sso:
  enabled: true
  selection_mode: email_address
  identity_providers:
    - id: staff
      name: Staff
      protocol: OIDC
      server_url: $1
      client_id: cvat
      client_secret: "Zq8Hn2Lr5Tk9Vw3Xy7Bc1Df4"
      email_domain: acme.test
YAML
  chmod 600 "$file"
  echo "$file"
}

# codes TARGET: what is graver than information, sorted, on one line.
codes() {
  "$ssoctl" check --app cvat --allow-private --timeout 10 --format json "$1" >"$work/report.json" 2>"$work/stderr"
  python3 - "$work/report.json" <<'PYTHON'
import json, sys
findings = json.load(open(sys.argv[1]))["findings"]
print(" ".join(sorted({one["code"] for one in findings if one["severity"] != "info"})))
PYTHON
}

# expects NAME TARGET [CODE...]: exactly these.
expects() {
  local name=$1 target=$2 found
  shift 2
  found=$(codes "$target")
  if [ "$found" = "$*" ]; then
    echo "ok: $name${*:+ ($*)}"
  else
    echo "FAILED: $name: expected '$*', found '$found'"
    failed=1
  fi
}

# honest NAME ISSUER: silent as an address and in a configuration.
honest() {
  expects "$1, typed" "$2"
  expects "$1, in a configuration" "$(configuration "$2")"
}

port=18420
mkdir -p "$work/node"
if (cd "$work/node" && npm init -y && npm install --no-audit --no-fund oidc-provider@9) >/dev/null 2>&1; then
  (cd "$work/node" && exec node "$here/oidc_faults.mjs" $port >"$work/node.log" 2>&1) &
  pids+=($!)
  if waits "http://127.0.0.1:$((port + 6))/jwks"; then
    at() { echo "http://127.0.0.1:$((port + $1))"; }
    honest "oidc-provider" "$(at 0)"
    expects "another issuer" "$(at 1)" OIDC103
    expects "no keys" "$(at 2)" JWKS002
    expects "keys without names" "$(at 3)" JWKS007
    expects "no token endpoint" "$(at 4)" OIDC202
    expects "status 500" "$(at 5)" OIDC003
    expects "a slow provider" "$(configuration "$(at 6)")" OIDC011
  else
    echo "NOT CHECKED: oidc-provider does not start here"; head -5 "$work/node.log"
  fi
else
  echo "NOT CHECKED: npm's oidc-provider cannot be had here"
fi

port=18440
if python3 -m venv "$work/venv" >/dev/null 2>&1 && "$work/venv/bin/pip" install -q oidc-provider-mock >/dev/null 2>&1; then
  "$work/venv/bin/oidc-provider-mock" -H 127.0.0.1 -p $port >"$work/mock.log" 2>&1 &
  pids+=($!)
  if waits "http://127.0.0.1:$port/.well-known/openid-configuration"; then
    honest "oidc-provider-mock" "http://127.0.0.1:$port"
  else
    echo "NOT CHECKED: oidc-provider-mock does not start here"; head -5 "$work/mock.log"
  fi
else
  echo "NOT CHECKED: oidc-provider-mock cannot be had here"
fi

port=18450
if "$work/venv/bin/pip" install -q 'canaille[front,oidc,server,sqlite]' >/dev/null 2>&1; then
  mkdir -p "$work/canaille"
  canaille=$work/venv/bin/canaille
  cat >"$work/canaille/canaille.toml" <<TOML
SECRET_KEY = "only-for-this-test"
SERVER_NAME = "127.0.0.1:$port"
PREFERRED_URL_SCHEME = "http"
[CANAILLE]
DATABASE = "sql"
[CANAILLE_SQL]
DATABASE_URI = "sqlite:///$work/canaille/canaille.db"
[CANAILLE_OIDC]
TOML
  export CANAILLE_CONFIG=$work/canaille/canaille.toml
  (cd "$work/canaille" && { "$canaille" db upgrade || "$canaille" install; }) >"$work/canaille.log" 2>&1
  (cd "$work/canaille" && exec "$canaille" run --bind 127.0.0.1:$port >>"$work/canaille.log" 2>&1) &
  pids+=($!)
  if waits "http://127.0.0.1:$port/.well-known/openid-configuration"; then
    honest "canaille" "http://127.0.0.1:$port"
  else
    echo "NOT CHECKED: canaille does not start here"; tail -3 "$work/canaille.log"
  fi
else
  echo "NOT CHECKED: canaille cannot be had here"
fi
echo "NOT CHECKED: LemonLDAP::NG and glewlwyd (not set up here yet)"
exit $failed
