#!/usr/bin/env bash
# Says what of the cluster runs: status.sh. Promises: exit 0 only when all parts run and the API server is ready; changes nothing.
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"
status=0
for part in "${PARTS[@]}" kwok; do
  if pid=$(process_pid "$(pidfile "$part")"); then
    printf '%-24s running, pid %s, log %s\n' "$part" "$pid" "$CLUSTER_LOGS/$part.log"
  elif [ "$part" != kwok ]; then
    printf '%-24s stopped\n' "$part"
    status=1
  fi
done
if [ $status = 0 ]; then
  kc get --raw /readyz --request-timeout=5s >/dev/null || { echo "the API server is not ready"; exit 1; }
  kc get nodes
  echo "kubeconfig: $KUBECONFIG_ADMIN"
fi
exit $status
