#!/usr/bin/env bash
# The Rust programs: gateway.sh release|debug. Promises: prints nothing but a step's line; cargo decides what is stale.
# The dashboard is embedded, so it is built first (frontend.sh build).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/lib/paths.sh"
# shellcheck source=tests/dev/lib/steps.sh
source "$here/lib/steps.sh"
cd "$ROOT"
case ${1:-} in
  release) selection=(--release --package gateway --package projections) ;;
  # The whole workspace: the tests ask for places where a process can be killed, and cargo builds each crate once.
  debug) selection=(--workspace) ;;
  *) echo "usage: gateway.sh release|debug" >&2; exit 2 ;;
esac
step "binnacle and binnacle-audit built ($1)" "$LOGS/gateway-build-$1.log" \
  cargo build --locked "${selection[@]}" --bins
