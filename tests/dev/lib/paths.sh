# Where everything outside the clone lives. Sourced; promises ROOT, STATE, CACHE, BIN_RELEASE and BIN_DEBUG, and creates nothing.
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
BIN_RELEASE=$ROOT/target/release
BIN_DEBUG=$ROOT/target/debug
