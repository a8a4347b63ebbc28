#!/usr/bin/env bash
# A second control plane, without nodes and with nothing in it: empty-cluster.sh up|down FOLDER.
# Promises: `up` prints the path of its kubeconfig alone; `down` leaves nothing of it. Needs the local cluster, whose programs and
# address it uses, in BINNACLE_CLUSTER_DIR.
set -euo pipefail
export BINNACLE_STATE=${2:?which folder}
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/../cluster/lib.sh"

up() {
  mkdir -p "$RUN" "$CLUSTER_LOGS"
  cp "${BINNACLE_CLUSTER_DIR:?it stands beside the local cluster}/node-address" "$C/node-address"
  local name
  for name in etcd etcd-peer kube-apiserver; do
    choose_port "$RUN/$name.port" >/dev/null
  done
  step "certificates" "$CLUSTER_LOGS/pki.log" "$cluster_scripts/pki.sh" >&2
  step "control plane without anything" "$CLUSTER_LOGS/controlplane.log" "$cluster_scripts/controlplane.sh" etcd kube-apiserver >&2
  echo "$KUBECONFIG_ADMIN"
}

down() {
  stop_process "$(pidfile kube-apiserver)"
  stop_process "$(pidfile etcd)"
  rm -rf "$STATE"
}

case ${1:-} in
  up | down) "$1" ;;
  *) echo "usage: empty-cluster.sh up|down FOLDER" >&2; exit 2 ;;
esac
