#!/usr/bin/env bash
# Faults under load: faults.sh [--row NAME]... [--kills N] [--blackhole SECONDS] [--seed N]. Promises: Postgres and the cluster
# run before it starts and what is tested is built; every row with 200 kills unless said otherwise; the exit status says
# whether every invariant held after each fault.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/lib/paths.sh"
cd "$ROOT"
"$here/packages.sh"
"$here/postgres.sh" up
if uses_local_cluster; then
  "$here/../cluster/up.sh"
fi
"$here/frontend.sh" build
# As people run it: a debug build does not carry 50 operations a second beside 200 subscribers on two cores.
"$here/gateway.sh" release
eval "$("$here/env.sh" "$BIN_RELEASE")"
[ $# -gt 0 ] || set -- --all
exec cargo test --locked --workspace --test faults -- "$@"
