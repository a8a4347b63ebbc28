#!/usr/bin/env bash
# Prints shell exports for scripts and tests, and nothing else: env.sh [FOLDER OF THE BINARIES].
# Promises: what is not set up yet is left out; a KUBECONFIG of the caller is passed through.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/lib/paths.sh"
# shellcheck source=tests/dev/lib/database.sh
source "$here/lib/database.sh"

export_line() { printf 'export %s=%q\n' "$1" "$2"; }

export_line BINNACLE_STATE "$STATE"
[ ! -s "$STATE/gateway/gateway.port" ] || export_line BINNACLE_URL "http://127.0.0.1:$(<"$STATE/gateway/gateway.port")"
if ! uses_local_cluster; then
  export_line KUBECONFIG "$KUBECONFIG"
elif [ -s "$LOCAL_KUBECONFIG" ]; then
  export_line KUBECONFIG "$LOCAL_KUBECONFIG"
  export_line BINNACLE_API_AUDIT_LOG "$STATE/cluster/audit/audit.log"
  export_line BINNACLE_CLUSTER_DIR "$STATE/cluster"
fi
if [ -e "$PG/roles-made" ]; then
  export_line BINNACLE_DATABASE_URL "$(pg_url binnacle)"
  export_line BINNACLE_DATABASE_ADMIN_URL "$(pg_url binnacle_owner)"
fi
sealing_key=${BINNACLE_SEALING_KEY_FILE:-$STATE/gateway/sealing-key}
[ ! -s "$sealing_key" ] || export_line BINNACLE_SEALING_KEY_FILE "$sealing_key"
[ ! -s "$STATE/gateway/verifier-key" ] || export_line BINNACLE_VERIFIER_KEY "$(<"$STATE/gateway/verifier-key")"
export_line BINNACLE_BIN "${1:-$BIN_RELEASE}"
