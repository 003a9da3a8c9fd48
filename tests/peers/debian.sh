# Sourced by the scripts beside it.

# debian SECONDS GROUP...: what is not installed of Debian's packages is, without starting anything.
# A group is a list of names in one argument; where not all of them can be had together in that time,
# each group is tried alone in a third of it.
debian() {
  command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ] || return 0
  local seconds=$1 missing=() package group policy=/usr/sbin/policy-rc.d
  shift
  for package in $*; do
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
  if ! timeout "$seconds" "${get[@]}" "${missing[@]}"; then
    for group in "$@"; do
      timeout "$((seconds / 3))" "${get[@]}" $group
    done
  fi
  [ -z "$policy" ] || rm -f "$policy"
}
