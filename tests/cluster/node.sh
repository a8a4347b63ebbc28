#!/usr/bin/env bash
# Starts what of the node does not run: containerd with the images, kubelet. Promises: returns when the node is ready anew.
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"

# An overlay file system cannot lie on top of another one.
snapshotter() { if [ "$(stat -f -c %T "$C")" = overlayfs ]; then echo native; else echo overlayfs; fi; }

start_containerd() {
  mkdir -p "$C/containerd"
  cat >"$C/containerd/config.toml" <<TOML
version = 2
root = "$C/containerd/root"
state = "$C/containerd/state"
[grpc]
  address = "$CONTAINERD_SOCKET"
[plugins."io.containerd.internal.v1.opt"]
  path = "$C/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/local/pause:1"
  restrict_oom_score_adj = true # without CAP_SYS_RESOURCE every sandbox would fail
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$(snapshotter)"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        Root = "$C/containerd/runc"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$C/cni"
TOML
  start_part containerd containerd --config="$C/containerd/config.toml"
  wait_for_part 30 containerd "containerd answers" ctr --address="$CONTAINERD_SOCKET" version
  ctr --address="$CONTAINERD_SOCKET" --namespace=k8s.io images import --snapshotter="$(snapshotter)" "$("$cluster_scripts/images.sh")"
}

# A cgroup of its own, so that two kubelets on one machine do not take each other's containers for leftovers.
make_cgroup() {
  local controller file
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    sed 's/^\| / +/g' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control || true
    mkdir -p "/sys/fs/cgroup$CGROUP"
    return 0
  fi
  for controller in /sys/fs/cgroup/*/; do
    mkdir -p "$controller$CGROUP"
    for file in cpuset.cpus cpuset.mems; do
      [ ! -e "$controller$file" ] || cat "$controller$file" >"$controller$CGROUP/$file"
    done
  done
}

start_kubelet() {
  make_cgroup
  mkdir -p "$C/kubelet"
  cat >"$C/kubelet/config.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $(node_address)
port: $(port kubelet)
healthzPort: $(port kubelet-health)
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $PKI/ca.crt}}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupRoot: $CGROUP
failCgroupV1: false
failSwapOn: false
makeIPTablesUtilChains: false
podLogsDir: $C/pod-logs
clusterDomain: cluster.local
resolvConf: ""
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 50Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1%}
YAML
  start_part kubelet "$K8S_BIN/kubelet" --config="$C/kubelet/config.yaml" --kubeconfig="$PKI/kubelet.kubeconfig" \
    --container-runtime-endpoint="unix://$CONTAINERD_SOCKET" --root-dir="$C/kubelet" --cert-dir="$C/kubelet/pki" \
    --hostname-override="$NODE" --node-ip="$(node_address)" --runtime-cgroups=/ --kubelet-cgroups=/
}

ready_since() { # moment: the node may still be called ready from its former life
  local heartbeat
  heartbeat=$(kc get node "$NODE" -o 'jsonpath={range .status.conditions[?(@.type=="Ready")]}{.status} {.lastHeartbeatTime}{end}')
  [[ $heartbeat == "True "* ]] && [ "$(date -d "${heartbeat#True }" +%s)" -ge "$1" ]
}

part_runs containerd || start_containerd
if ! part_runs kubelet; then
  begin=$(date +%s)
  start_kubelet
  wait_for_part 60 kubelet "the node is ready" ready_since "$begin"
fi
wait_for 30 "the default service account exists" kc get serviceaccount default -n default
