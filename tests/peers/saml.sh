#!/usr/bin/env bash
# Messages of four products that speak SAML, plain and encrypted, as they are and with one thing wrong each.
#
#   tests/peers/saml.sh target/debug/ssoctl
#
# What is not installed is installed where that is possible, or says NOT CHECKED and is passed over. Everything listens
# on the loopback address only, lives in a folder of its own and is gone afterwards.
set -u
here=$(cd "$(dirname "$0")" && pwd)
binary=$(realpath "${1:-target/debug/ssoctl}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

source "$here/debian.sh"

# The small web server is there because a package wants one; nothing uses it, and nothing is started.
simplesamlphp=(simplesamlphp lighttpd php-cli php-xml php-mbstring php-sqlite3 xmlsec1)
lemonldap=(liblemonldap-ng-portal-perl lemonldap-ng-fastcgi-server liblasso-perl libio-string-perl
  libcrypt-openssl-bignum-perl libxml-simple-perl libstring-random-perl)

node_package() {
  mkdir "$work/node" && cd "$work/node" || return
  timeout 60 npm install --silent --no-audit --no-fund --ignore-scripts samlp@8.0.0
}

python_package() {
  python3 -m venv "$work/python" && timeout 90 "$work/python/bin/pip" install -q pysaml2==7.5.5
}

debian 90 "${simplesamlphp[*]}" "${lemonldap[*]}" >"$work/debian.log" 2>&1 &
node_package >"$work/node.log" 2>&1 &
python_package >"$work/python.log" 2>&1 &
wait
timeout 60 python3 "$here/saml.py" "$binary" "$work"
