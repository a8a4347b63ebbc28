#!/usr/bin/env bash
# Starts what of the control plane does not run: etcd, API server, controller manager, scheduler.
# Promises: returns when the API server is ready. `controlplane.sh kube-apiserver` starts that part alone and returns when it is ready.
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"

start_etcd() {
  local url peer
  url=http://127.0.0.1:$(port etcd)
  peer=http://127.0.0.1:$(port etcd-peer)
  start_part etcd "$ETCD_BIN/etcd" --name=dev --data-dir="$C/etcd" --unsafe-no-fsync --log-level=warn \
    --listen-client-urls="$url" --advertise-client-urls="$url" \
    --listen-peer-urls="$peer" --initial-advertise-peer-urls="$peer" --initial-cluster="dev=$peer"
  wait_for_part 30 etcd "etcd answers" curl -fsS "$url/health" || {
    echo "It does not wait for the disk, so a power cut can damage its data. tests/cluster/down.sh --delete starts from nothing."
    return 1
  }
}

start_kube-apiserver() {
  (umask 077; mkdir -p "$C/audit")
  start_part kube-apiserver "$K8S_BIN/kube-apiserver" \
    --etcd-servers="http://127.0.0.1:$(port etcd)" --service-cluster-ip-range="$SERVICE_NET.0/24" \
    --bind-address=127.0.0.1 --secure-port="$(port kube-apiserver)" --advertise-address="$(node_address)" \
    --tls-cert-file="$PKI/kube-apiserver.crt" --tls-private-key-file="$PKI/kube-apiserver.key" --client-ca-file="$PKI/ca.crt" \
    --service-account-issuer=https://kubernetes.default.svc --authorization-mode=Node,RBAC --allow-privileged=true \
    --service-account-key-file="$PKI/service-account.key" --service-account-signing-key-file="$PKI/service-account.key" \
    --requestheader-client-ca-file="$PKI/ca.crt" --requestheader-allowed-names=aggregator \
    --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
    --requestheader-extra-headers-prefix=X-Remote-Extra- --enable-aggregator-routing=true \
    --proxy-client-cert-file="$PKI/aggregator.crt" --proxy-client-key-file="$PKI/aggregator.key" \
    --kubelet-client-certificate="$PKI/admin.crt" --kubelet-client-key="$PKI/admin.key" --kubelet-preferred-address-types=InternalIP \
    --audit-policy-file="$cluster_scripts/audit-policy.yaml" --audit-log-path="$AUDIT_LOG" --audit-log-format=json \
    --audit-log-maxsize=1024 --audit-log-maxbackup=1
  wait_for_part 60 kube-apiserver "the API server is ready" kc get --raw /readyz
}

start_kube-controller-manager() {
  start_part kube-controller-manager "$K8S_BIN/kube-controller-manager" --kubeconfig="$PKI/kube-controller-manager.kubeconfig" \
    --bind-address=127.0.0.1 --secure-port="$(port kube-controller-manager)" --leader-elect=false \
    --kube-api-qps=500 --kube-api-burst=1000 --use-service-account-credentials --allocate-node-cidrs=false \
    --service-account-private-key-file="$PKI/service-account.key" --root-ca-file="$PKI/ca.crt" \
    --cluster-signing-cert-file="$PKI/ca.crt" --cluster-signing-key-file="$PKI/ca.key"
}

start_kube-scheduler() {
  start_part kube-scheduler "$K8S_BIN/kube-scheduler" --kubeconfig="$PKI/kube-scheduler.kubeconfig" \
    --bind-address=127.0.0.1 --secure-port="$(port kube-scheduler)" --leader-elect=false --kube-api-qps=500 --kube-api-burst=1000
}

parts=("$@")
[ $# -gt 0 ] || parts=("${CONTROL_PLANE[@]}")
for part in "${parts[@]}"; do
  part_runs "$part" || "start_$part"
done
