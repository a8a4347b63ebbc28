#!/usr/bin/env bash
# From a bare machine to a running console: up.sh. Promises: each part is idempotent, so a second run only looks;
# a failing part says what failed and where its log is. With KUBECONFIG set, that cluster is used and none is started.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/lib/paths.sh"
"$here/packages.sh"
"$here/postgres.sh" up
if uses_local_cluster; then
  "$here/../cluster/up.sh"
fi
"$here/frontend.sh" build
"$here/gateway.sh" release
"$here/console.sh" up
