#!/usr/bin/env bash
# Stops console, cluster and Postgres: down.sh [--delete]. Promises: data survive for the next start unless --delete is given;
# then everything this environment keeps is deleted, and nothing else of the state folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/lib/paths.sh"
"$here/console.sh" down
"$here/../cluster/down.sh"
"$here/postgres.sh" down
if [ "${1:-}" = --delete ]; then
  rm -rf "${STATE:?}"/{gateway,cluster,postgres,logs} "$STATE"/*.lock
  rmdir "$STATE" 2>/dev/null || true
fi
