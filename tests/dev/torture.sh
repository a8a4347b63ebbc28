#!/usr/bin/env bash
# The log under torture: torture.sh [--events N] [--seed N]. Promises: Postgres runs before it starts; a million events unless said
# otherwise; the exit status says whether nothing was lost, doubled or out of order.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/lib/paths.sh"
cd "$ROOT"
"$here/packages.sh"
"$here/postgres.sh" up
"$here/frontend.sh" build # part of the gateway, which the tests are linked with
eval "$("$here/env.sh" "$BIN_DEBUG")"
[ $# -gt 0 ] || set -- --events 1000000
exec cargo test --locked --workspace --test torture -- "$@"
