#!/usr/bin/env bash
# A second control plane, without nodes and with nothing in it: empty.sh up|pause|resume|replace|down FOLDER.
# Promises: `up` prints the path of its kubeconfig alone; `pause` accepts connections and never answers, until `resume`; `replace` puts
# another cluster under the same address and certificates; `down` leaves nothing of it. Needs the local cluster, whose programs and
# address it uses, in BINNACLE_CLUSTER_DIR.
set -euo pipefail
export BINNACLE_STATE=${2:?which folder}
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"

start() {
  step "control plane without anything" "$CLUSTER_LOGS/controlplane.log" "$cluster_scripts/controlplane.sh" etcd kube-apiserver >&2
}

stop() {
  stop_process "$(pidfile kube-apiserver)"
  stop_process "$(pidfile etcd)"
}

up() {
  mkdir -p "$RUN" "$CLUSTER_LOGS"
  cp "${BINNACLE_CLUSTER_DIR:?it stands beside the local cluster}/node-address" "$C/node-address"
  local name
  for name in etcd etcd-peer kube-apiserver; do
    choose_port "$RUN/$name.port" >/dev/null
  done
  step "certificates" "$CLUSTER_LOGS/pki.log" "$cluster_scripts/pki.sh" >&2
  start
  echo "$KUBECONFIG_ADMIN"
}

signal() {
  local pid
  pid=$(process_pid "$(pidfile kube-apiserver)") && kill "-$1" "$pid"
}

pause() { signal STOP; }

resume() {
  signal CONT
  wait_for 60 "the API server is ready" kc get --raw /readyz
}

replace() {
  stop
  rm -rf "$C/etcd"
  start
}

down() {
  stop
  rm -rf "$STATE"
}

case ${1:-} in
  up | pause | resume | replace | down) "$1" ;;
  *) echo "usage: empty.sh up|pause|resume|replace|down FOLDER" >&2; exit 2 ;;
esac
