#!/usr/bin/env bash
# Fake nodes and pods, for scale: kwok.sh up | nodes N | down. The cluster must be up.
# Promises: fake nodes are tainted, so only pods that tolerate kwok.x-k8s.io/node land there; `nodes N` makes exactly N of them;
# `down` removes them and their pods. Real pods and the real node are not touched.
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"

up() {
  [ -e "$CACHE/kwok-$KWOK_VERSION/.done" ] || step "kwok $KWOK_VERSION built" "$CLUSTER_LOGS/build-kwok.log" "$cluster_scripts/build.sh" kwok
  take_lock "$C/lock"
  ! part_runs kwok || return 0
  choose_port "$RUN/kwok.port" >/dev/null
  start_part kwok "$KWOK_BIN/kwok" --kubeconfig="$PKI/kwok.kubeconfig" --manage-all-nodes=false \
    --manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake --node-lease-duration-seconds=40 --server-address="127.0.0.1:$(port kwok)"
  wait_for_part 30 kwok "kwok answers" curl -fsS "http://127.0.0.1:$(port kwok)/healthz"
  say "kwok runs"
}

node_manifest() { # number
  cat <<YAML
apiVersion: v1
kind: Node
metadata:
  name: fake-$1
  annotations: {kwok.x-k8s.io/node: fake, node.alpha.kubernetes.io/ttl: "0"}
  labels: {type: kwok, kubernetes.io/hostname: fake-$1, kubernetes.io/os: linux, kubernetes.io/arch: amd64}
spec:
  taints: [{key: kwok.x-k8s.io/node, value: fake, effect: NoSchedule}]
status:
  allocatable: {cpu: "64", memory: 256Gi, pods: "1000"}
  capacity: {cpu: "64", memory: 256Gi, pods: "1000"}
---
YAML
}

remove_node() { # with its pods: once kwok is gone nobody else would end them
  kc delete pods -A --field-selector="spec.nodeName=$1" --grace-period=0 --force --wait=false >/dev/null 2>&1
  kc delete node "$1" >/dev/null
}

nodes() {
  local wanted=${1:?how many} number
  for number in $(seq "$wanted"); do node_manifest "$number"; done | kc apply -f - >/dev/null
  kc get nodes -l type=kwok -o name | while read -r node; do
    [ "${node##*-}" -le "$wanted" ] || remove_node "${node#node/}"
  done
  kc wait nodes -l type=kwok --for=condition=Ready --timeout=60s >/dev/null
  say "$wanted fake nodes are ready"
}

down() {
  if part_runs kube-apiserver; then
    kc get nodes -l type=kwok -o name | while read -r node; do remove_node "${node#node/}"; done
  fi
  stop_process "$(pidfile kwok)"
  say "kwok is stopped, its nodes are removed"
}

require_root
case ${1:-} in
  up | down) "$1" ;;
  nodes) nodes "${2:-}" ;;
  *) echo "usage: kwok.sh up | nodes N | down" >&2; exit 2 ;;
esac
