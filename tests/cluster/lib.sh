# What all cluster scripts share: paths, names and the parts of the cluster. Sourced; starts nothing.
# shellcheck shell=bash disable=SC2034

cluster_scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for lib in paths process ports steps lock; do
  # shellcheck source=/dev/null
  source "$cluster_scripts/../dev/lib/$lib.sh"
done
# shellcheck source=tests/cluster/versions.sh
source "$cluster_scripts/versions.sh"

C=$STATE/cluster
CLUSTER_LOGS=$LOGS/cluster
RUN=$C/run
PKI=$C/pki
KUBECONFIG_ADMIN=$LOCAL_KUBECONFIG
AUDIT_LOG=$C/audit/audit.log

K8S_BIN=$CACHE/kubernetes-$KUBERNETES_VERSION/bin
ETCD_BIN=$CACHE/etcd-$ETCD_VERSION/bin
METRICS_BIN=$CACHE/metrics-server-$METRICS_SERVER_VERSION/bin
KWOK_BIN=$CACHE/kwok-$KWOK_VERSION/bin

# A name of its own per state folder: two of them live side by side on one machine.
INSTANCE=bnc$(printf %s "$STATE" | sha256sum | cut -c1-8)
BRIDGE=$INSTANCE
CGROUP=/$INSTANCE
NODE=dev-1
SERVICE_NET=10.97.0

CONTROL_PLANE=(etcd kube-apiserver kube-controller-manager kube-scheduler)
NODE_PARTS=(containerd kubelet)
PARTS=("${CONTROL_PLANE[@]}" "${NODE_PARTS[@]}" metrics-server)

CONTAINERD_SOCKET=$C/containerd/containerd.sock

pidfile() { echo "$RUN/$1.pid"; }
port() { cat "$RUN/$1.port"; }
part_runs() { is_running "$(pidfile "$1")"; }
start_part() { local name=$1; shift; start_process "$(pidfile "$name")" "$CLUSTER_LOGS/$name.log" "$@"; }
kc() { "$K8S_BIN/kubectl" --kubeconfig="$KUBECONFIG_ADMIN" "$@"; }
node_address() { cat "$C/node-address"; }

any_part_runs() {
  local part
  for part in "${PARTS[@]}" kwok; do
    ! part_runs "$part" || return 0
  done
  return 1
}

# wait_for_part SECONDS PART WHAT COMMAND...: a part that ends meanwhile is reported at once, with its own last words.
wait_for_part() {
  local limit=$((SECONDS + $1)) part=$2 what=$3
  shift 3
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $limit ] || ! part_runs "$part"; then
      echo "not reached: $what; $part $(part_runs "$part" && echo runs || echo ended). Last lines of $CLUSTER_LOGS/$part.log:"
      tail -n 15 "$CLUSTER_LOGS/$part.log"
      return 1
    fi
    sleep 0.2
  done >&2
}

require_root() {
  [ "$(id -u)" = 0 ] || {
    echo "The local cluster runs real containers and needs root. Run as root, or set KUBECONFIG to a cluster of yours." >&2
    exit 1
  }
}
