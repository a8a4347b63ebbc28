#!/usr/bin/env bash
# The benchmarks: bench.sh [arguments of tests/bench/run]. Promises: release binaries, Postgres and cluster are up, and their
# addresses are in the environment, before tests/bench/run starts.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/lib/paths.sh"
runner=$ROOT/tests/bench/run
[ -x "$runner" ] || { echo "there is no tests/bench/run" >&2; exit 1; }
"$here/packages.sh"
"$here/postgres.sh" up
if uses_local_cluster; then
  "$here/../cluster/up.sh"
fi
"$here/frontend.sh" build
"$here/gateway.sh" release
eval "$("$here/env.sh")"
exec "$runner" "$@"
