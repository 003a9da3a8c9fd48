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

# The small web server is there because a package wants one; nothing uses it, and nothing is started.
simplesamlphp=(simplesamlphp lighttpd php-cli php-xml php-mbstring php-sqlite3 xmlsec1)
lemonldap=(liblemonldap-ng-portal-perl lemonldap-ng-fastcgi-server liblasso-perl libio-string-perl
  libcrypt-openssl-bignum-perl libxml-simple-perl libstring-random-perl)

debian() {
  command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ] || return 0
  local missing=() package policy=/usr/sbin/policy-rc.d
  for package in "${simplesamlphp[@]}" "${lemonldap[@]}"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
  else
    policy=
  fi
  export DEBIAN_FRONTEND=noninteractive
  local get=(apt-get install -y -qq --no-install-recommends)
  timeout 25 apt-get update -qq
  # All together, or else what can be had of the two.
  timeout 90 "${get[@]}" "${missing[@]}" || { timeout 30 "${get[@]}" "${simplesamlphp[@]}"; timeout 30 "${get[@]}" "${lemonldap[@]}"; }
  [ -z "$policy" ] || rm -f "$policy"
}

node_package() {
  mkdir "$work/node" && cd "$work/node" || return
  timeout 60 npm install --silent --no-audit --no-fund --ignore-scripts samlp@8.0.0
}

python_package() {
  python3 -m venv "$work/python" && timeout 90 "$work/python/bin/pip" install -q pysaml2==7.5.5
}

debian >"$work/debian.log" 2>&1 &
node_package >"$work/node.log" 2>&1 &
python_package >"$work/python.log" 2>&1 &
wait
timeout 60 python3 "$here/saml.py" "$binary" "$work"
