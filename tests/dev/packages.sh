#!/usr/bin/env bash
# Debian packages and toolchains that the development environment needs: packages.sh.
# Promises: under a second when nothing is missing; as root installs what is; otherwise says the exact command and exits 1.
# Toolchains (cargo with rustfmt and clippy, go, node, npm) are only checked: how to install those is everybody's own choice.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/lib/paths.sh"
# shellcheck source=tests/dev/lib/steps.sh
source "$here/lib/steps.sh"

tools=(make gcc libc6-dev curl jq git openssl ca-certificates util-linux iproute2)
postgres=(postgresql-15 postgresql-client-15)
cluster=(containerd runc containernetworking-plugins busybox-static iptables)
browser=(chromium fonts-wqy-zenhei python3-venv)
packages=("${tools[@]}" "${postgres[@]}" "${browser[@]}")
! uses_local_cluster || packages+=("${cluster[@]}") # a cluster of the user's own needs none of these

missing_packages() {
  local installed
  # shellcheck disable=SC2016
  installed=$(dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' 2>/dev/null | sed -n 's/^installed \([^:]*\).*/\1/p')
  printf '%s\n' "${packages[@]}" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

# $1 is the tool, $2 the least version, the rest prints the version
require() {
  local tool=$1 least=$2 found
  shift 2
  found=$("$@" 2>/dev/null | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1) || true
  if [ -z "$found" ]; then
    say "missing: $tool, $least or newer"
  elif [ "$(printf '%s\n' "$least" "$found" | sort -V | head -n 1)" != "$least" ]; then
    say "too old: $tool $found, needed is $least or newer"
  fi
}

toolchain_complaints() {
  require cargo 1.95 cargo --version
  require rustfmt 1.8 cargo fmt --version
  require clippy 0.1.95 cargo clippy --version
  require node 20 node --version
  require npm 10 npm --version
  ! uses_local_cluster || require go 1.26 go version
}

command -v dpkg-query >/dev/null || { say "This set-up knows Debian only. Needed: ${packages[*]}"; exit 1; }
mapfile -t missing < <(missing_packages)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    say "These Debian packages are missing. As root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    exit 1
  fi
  step "installed ${missing[*]}" "$LOGS/packages.log" "$here/install.sh" "${missing[@]}"
fi
complaints=$(toolchain_complaints)
if [ -n "$complaints" ]; then
  say "$complaints"
  exit 1
fi
