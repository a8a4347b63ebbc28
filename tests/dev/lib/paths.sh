# Where everything outside the clone lives. Sourced; promises ROOT, STATE, CACHE, the folders of the binaries and whose cluster is used; creates nothing.
# Root gets a state folder of its own below /var/lib: Postgres runs as another user and could not pass through /root.
# shellcheck shell=bash disable=SC2034

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
if [ "$(id -u)" = 0 ]; then
  default_state=/var/lib/binnacle-dev
else
  default_state=${XDG_STATE_HOME:-$HOME/.local/state}/binnacle
fi
STATE=${BINNACLE_STATE:-$default_state}
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/binnacle
LOGS=$STATE/logs
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
BIN_RELEASE=$TARGET/release
BIN_DEBUG=$TARGET/debug
LOCAL_KUBECONFIG=$STATE/cluster/kubeconfig

# A KUBECONFIG of the user's own replaces the local cluster; `eval "$(make -s env)"` in the same shell does not.
uses_local_cluster() { [ -z "${KUBECONFIG:-}" ] || [ "$KUBECONFIG" = "$LOCAL_KUBECONFIG" ]; }
