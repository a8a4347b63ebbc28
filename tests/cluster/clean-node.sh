#!/usr/bin/env bash
# Takes the node down and removes all it left on the machine: containers, shims, mounts, cgroups, bridge, runtime state.
# Promises: touches only what carries this state folder's own path or name; works after any unclean stop, and twice. The cluster's
# data (etcd) stay: pods are made anew from it at the next start.
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"

our_cgroups() { find /sys/fs/cgroup -mindepth 1 -maxdepth 2 -type d -name "$INSTANCE"; }

our_container_pids() {
  local folder
  for folder in $(our_cgroups); do
    find "$folder" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  done | sort -u
}

# Shims are known by the address of our containerd, which is below our state folder.
our_shim_pids() {
  local folder
  for folder in /proc/[0-9]*; do
    if { tr '\0' ' ' <"$folder/cmdline"; } 2>/dev/null | grep -q "^[^ ]*containerd-shim.* -address $CONTAINERD_SOCKET "; then
      echo "${folder##*/}"
    fi
  done
}

kill_all() { # a function that lists pids
  local pids
  for _ in $(seq 50); do
    pids=$("$1")
    [ -n "$pids" ] || return 0
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null || true
    sleep 0.1
  done
  echo "these processes do not end: $pids" >&2
  return 1
}

# What shims and CNI keep outside the state folder, found by the ids of our containers.
forget_containers() {
  local folder id socket
  for folder in "$C"/containerd/state/io.containerd.runtime.v2.task/k8s.io/*/; do
    [ -d "$folder" ] || continue
    id=$(basename "$folder")
    socket=$(cat "$folder/address" 2>/dev/null || true)
    [[ $socket != unix:///run/containerd/s/* ]] || rm -f "${socket#unix://}"
    rm -f "/var/lib/cni/results/cni-loopback-$id-"* "/var/lib/cni/results/$INSTANCE-$id-"*
  done
}

stop_process "$(pidfile kubelet)" 10
stop_process "$(pidfile containerd)" 10
kill_all our_container_pids
kill_all our_shim_pids
forget_containers

awk -v root="$C/" 'index($2, root) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r mount; do
  umount -l "$mount"
done
for folder in $(our_cgroups); do
  find "$folder" -depth -type d -exec rmdir {} \;
done
ip link del "$BRIDGE" 2>/dev/null || true
find /var/log/containers -lname "$C/*" -delete 2>/dev/null || true
rm -rf "$C/containerd" "$C/kubelet" "$C/pod-logs" "$C/cni" "$C/cni-addresses"
