#!/usr/bin/env bash
# Live providers: the honest ones give no error and no warning, and each fault is named. Probes, too.
#   oidc.sh PATH_TO_SSOCTL
#
# What is not installed is installed where that is possible, or says NOT CHECKED and is passed over. Everything listens
# on the loopback address only, lives in a folder of its own and is gone afterwards.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
ssoctl=$(realpath "$1")
work=$(mktemp -d)
pids=()
failed=0
trap '[ ${#pids[@]} -eq 0 ] || { kill "${pids[@]}"; wait "${pids[@]}"; } 2>/dev/null; rm -rf "$work"' EXIT

source "$here/debian.sh"

secret=Zq8Hn2Lr5Tk9Vw3Xy7Bc1Df4
base=https://cvat.acme.test
callback=$base/api/auth/oidc/staff/login/callback/

lemonldap=(liblemonldap-ng-portal-perl lemonldap-ng-fastcgi-server libio-string-perl libcrypt-openssl-bignum-perl
  libxml-simple-perl libstring-random-perl)
glewlwyd=(glewlwyd)

node_package() {
  mkdir -p "$work/node" && cd "$work/node" || return
  npm init -y && timeout 60 npm install --no-audit --no-fund oidc-provider@9
}

python_packages() {
  python3 -m venv "$work/venv" || return
  timeout 40 "$work/venv/bin/pip" install -q oidc-provider-mock
  timeout 60 "$work/venv/bin/pip" install -q 'canaille[front,oidc,server,sqlite]'
}

# waits URL: until it answers, for a quarter of a minute, and while what was started last is running.
waits() {
  for _ in $(seq 75); do
    curl -sf -o /dev/null --max-time 4 "$1" && return 0
    kill -0 "${pids[-1]}" 2>/dev/null || return 1
    sleep 0.2
  done
  return 1
}

# configuration SERVER_URL [SECRET]: a CVAT configuration of it.
configuration() {
  local file
  file=$(mktemp -p "$work" --suffix .yml)
  cat >"$file" <<YAML
sso:
  enabled: true
  enable_pkce: true
  selection_mode: email_address
  identity_providers:
    - id: staff
      name: Staff
      protocol: OIDC
      server_url: $1
      client_id: cvat
      client_secret: "${2:-$secret}"
      email_domain: acme.test
YAML
  chmod 600 "$file"
  echo "$file"
}

# codes TARGET [ARGUMENT...]: what is graver than information, sorted, on one line.
codes() {
  "$ssoctl" check --app cvat --protocol oidc --allow-private --timeout 10 --format json "$@" >"$work/report.json" 2>"$work/stderr"
  python3 - "$work/report.json" <<'PYTHON'
import json, sys
findings = json.load(open(sys.argv[1]))["findings"]
print(" ".join(sorted({one["code"] for one in findings if one["severity"] != "info"})))
PYTHON
}

# compares NAME FOUND [CODE...]
compares() {
  local name=$1 found=$2
  shift 2
  if [ "$found" = "$*" ]; then
    echo "ok: $name${*:+ ($*)}"
  else
    echo "FAILED: $name: expected '$*', found '$found'"
    failed=1
  fi
}

# expects NAME TARGET [CODE...]: exactly these.
expects() {
  local name=$1 found
  found=$(codes "$2")
  shift 2
  compares "$name" "$found" "$@"
}

# honest NAME ISSUER: silent as an address and in a configuration.
honest() {
  expects "$1, typed" "$2"
  expects "$1, in a configuration" "$(configuration "$2")"
}

# probes NAME ISSUER SECRET BASE_URL [CODE...]: exactly these, and nothing is sent that was not told.
probes() {
  local name="$1" found
  found=$(codes "$(configuration "$2" "$3")" --probe --base-url "$4")
  shift 4
  compares "probes of $name" "$found" "$@"
  if [ "$(grep -c '^probe of staff: ' "$work/stderr")" -lt 4 ] || grep -q "$secret" "$work/stderr" "$work/report.json"; then
    echo "FAILED: probes of $name: $(cat "$work/stderr")"
    failed=1
  fi
}

# says WHAT: a line of the view of the last probes.
says() {
  python3 - "$work/report.json" "$1" <<'PYTHON'
import json, sys
print(*(one["says"] for one in json.load(open(sys.argv[1]))["view"]["seen"] if one["what"] == sys.argv[2]))
PYTHON
}

# shows NAME WHAT PATTERN: what the last probes say of something.
shows() {
  # shellcheck disable=SC2053  # a pattern is meant
  if [[ $(says "$2") == $3 ]]; then
    echo "ok: $1, $2"
  else
    echo "FAILED: $1: $2 is '$(says "$2")', not '$3'"
    failed=1
  fi
}

debian 60 "${lemonldap[*]}" "${glewlwyd[*]}" >"$work/debian.log" 2>&1 &
debian=$!
(node_package) >"$work/npm.log" 2>&1 &
npm=$!
python_packages >"$work/pip.log" 2>&1 &
pip=$!

port=18420
wait $npm
if [ -d "$work/node/node_modules/oidc-provider" ]; then
  (cd "$work/node" && exec node "$here/oidc_faults.mjs" $port "$secret" "$callback" >"$work/node.log" 2>&1) &
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
    probes "oidc-provider, right secret" "$(at 0)" "$secret" "$base"
    shows "oidc-provider" redirect "*on record (login_required)"
    shows "oidc-provider" "other redirect" "nothing is sent there (*"
    shows "oidc-provider" credentials "*probably right (invalid_grant*"
    probes "oidc-provider, wrong secret" "$(at 0)" "not-$secret" "$base" OIDC401
    probes "oidc-provider, redirect URI not on record" "$(at 0)" "$secret" https://other.acme.test OIDC404
  else
    echo "NOT CHECKED: oidc-provider does not start here"; head -5 "$work/node.log"
  fi
else
  echo "NOT CHECKED: npm's oidc-provider cannot be had here"
fi

port=18440
wait $pip
if [ -x "$work/venv/bin/oidc-provider-mock" ]; then
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
if [ -x "$work/venv/bin/canaille" ]; then
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

# provider SCRIPT PORT [ARGUMENT...]: one of the two, in a folder of its own.
provider() {
  local script=$1 port=$2
  shift 2
  python3 "$here/$script.py" "$work/$script-$port" "$port" cvat "$secret" "$callback" "$@" >"$work/$script-$port.log" 2>&1 &
  pids+=($!)
}

wait $debian
port=18460
provider glewlwyd $port
url=http://127.0.0.1:$port/api
if waits "$url/oidc/.well-known/openid-configuration"; then
  honest "glewlwyd" "$url/oidc"
  expects "glewlwyd, another issuer" "$url/elsewhere" OIDC103
  expects "glewlwyd, no key set" "$url/keyless" JWKS001 OIDC207
  probes "glewlwyd, right secret" "$url/oidc" "$secret" "$base"
  shows "glewlwyd" credentials "*probably right (invalid_code*"
  probes "glewlwyd, wrong secret" "$url/oidc" "not-$secret" "$base" OIDC401
  probes "glewlwyd, redirect URI not on record" "$url/oidc" "$secret" https://other.acme.test OIDC404
else
  echo "NOT CHECKED: glewlwyd cannot be had or does not start here"; tail -3 "$work/glewlwyd-$port.log"
fi

port=18470
provider lemonldap $port
provider lemonldap $((port + 1)) http://127.0.0.1:$port
if waits "http://127.0.0.1:$port/.well-known/openid-configuration" && waits "http://127.0.0.1:$((port + 1))/oauth2/jwks"; then
  honest "LemonLDAP::NG" "http://127.0.0.1:$port"
  expects "LemonLDAP::NG, another issuer" "http://127.0.0.1:$((port + 1))" OIDC103
  probes "LemonLDAP::NG, right secret" "http://127.0.0.1:$port" "$secret" "$base"
  shows "LemonLDAP::NG" credentials "*probably right (invalid_grant*"
  # It shows its login page to everybody, whatever was asked.
  shows "LemonLDAP::NG" redirect "undecided: a login page*"
  probes "LemonLDAP::NG, wrong secret" "http://127.0.0.1:$port" "not-$secret" "$base" OIDC401
else
  echo "NOT CHECKED: LemonLDAP::NG cannot be had or does not start here"; tail -3 "$work/lemonldap-$port.log"
fi
exit $failed
