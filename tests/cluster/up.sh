#!/usr/bin/env bash
# Brings the development cluster up: up.sh. Promises: idempotent, safe to call from several places at once, starts only what does not
# run, cleans what an unclean stop left, and says where the kubeconfig is. Builds missing binaries first (minutes, once).
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"
require_root
mkdir -p "$C" "$RUN" "$CLUSTER_LOGS"

for part in kubernetes etcd metrics-server; do
  version=$(tr a-z- A-Z_ <<<"$part")_VERSION
  [ -e "$CACHE/$part-${!version}/.done" ] || step "$part ${!version} built" "$CLUSTER_LOGS/build-$part.log" "$cluster_scripts/build.sh" "$part"
done

take_lock "$C/lock"
begin=$SECONDS
all_run=yes
for part in "${PARTS[@]}"; do
  part_runs "$part" || all_run=no
done
if [ $all_run = yes ] && [ -d "/sys/class/net/$BRIDGE" ]; then
  kill -CONT "$(process_pid "$(pidfile kube-apiserver)")"
  say "The cluster runs, kubeconfig: $KUBECONFIG_ADMIN"
  exit 0
fi

if ! part_runs containerd || [ ! -d "/sys/class/net/$BRIDGE" ]; then
  "$cluster_scripts/clean-node.sh"
fi
if ! any_part_runs; then
  for name in etcd etcd-peer kube-apiserver kube-controller-manager kube-scheduler kubelet kubelet-health metrics-server; do
    choose_port "$RUN/$name.port" >/dev/null
  done
fi
step "network $BRIDGE" "$CLUSTER_LOGS/network.log" "$cluster_scripts/network.sh"
step "certificates and kubeconfigs" "$CLUSTER_LOGS/pki.log" "$cluster_scripts/pki.sh"
step "control plane $KUBERNETES_VERSION ready" "$CLUSTER_LOGS/controlplane.log" "$cluster_scripts/controlplane.sh"
step "node $NODE ready" "$CLUSTER_LOGS/node.log" "$cluster_scripts/node.sh"
step "metrics API served" "$CLUSTER_LOGS/metrics.log" "$cluster_scripts/metrics.sh"
say "The cluster is up ($((SECONDS - begin)) s), kubeconfig: $KUBECONFIG_ADMIN"
