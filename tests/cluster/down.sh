#!/usr/bin/env bash
# Stops the development cluster and leaves nothing of it on the machine but its folder: down.sh [--delete].
# Promises: idempotent; the cluster's objects survive for the next start unless --delete is given.
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"
[ -d "$C" ] || exit 0
require_root
take_lock "$C/lock"

stop_process "$(pidfile kwok)"
stop_process "$(pidfile metrics-server)"
"$cluster_scripts/clean-node.sh"
for part in kube-scheduler kube-controller-manager kube-apiserver etcd; do
  stop_process "$(pidfile "$part")" 10
done
[ "${1:-}" != --delete ] || rm -rf "$C"
say "The cluster is down."
