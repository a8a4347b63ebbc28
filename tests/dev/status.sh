#!/usr/bin/env bash
# Says what runs: status.sh. Promises: exit 0 only when everything does; changes nothing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/lib/paths.sh"
status=0
"$here/console.sh" status || status=1
"$here/postgres.sh" status || status=1
if uses_local_cluster; then
  "$here/../cluster/status.sh" || status=1
else
  echo "cluster     $KUBECONFIG (yours)"
fi
exit $status
