#!/usr/bin/env bash
# The console itself: console.sh up|down|status|reset-password. Postgres runs and KUBECONFIG is set, or is the local cluster's.
# Promises: up migrates, starts the gateway when it does not run or is another build than the one on disk, and returns when it is ready.
# The first administrator's password is printed once, at the first start, and not kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for lib in paths process ports steps lock database; do
  # shellcheck source=/dev/null
  source "$here/lib/$lib.sh"
done

G=$STATE/gateway
PID=$G/gateway.pid
LOG=$LOGS/gateway.log
BIN=${BINNACLE_BIN:-$BIN_RELEASE}
ADMIN=${BINNACLE_ADMIN_USERNAME:-admin}

settings() {
  eval "$("$here/env.sh" "$BIN")"
  [ -n "${KUBECONFIG:-}" ] || { say "no cluster: \`make cluster\` starts a local one, or set KUBECONFIG"; exit 1; }
  [ -x "$BIN/binnacle" ] || { say "no $BIN/binnacle: \`make gateway\` builds it"; exit 1; }
  ! uses_local_cluster || export BINNACLE_CLUSTER_ENVIRONMENT=${BINNACLE_CLUSTER_ENVIRONMENT:-development}
  unset BINNACLE_URL # the address of the console for scripts, not one of its settings
}
url() { echo "http://127.0.0.1:$(<"$G/gateway.port")"; }

# What a running gateway was started from: another build or other settings mean a restart.
fingerprint() {
  { sha256sum <"$BIN/binnacle"; env | grep -E '^(BINNACLE_|KUBECONFIG=|RUST_LOG=)' | grep -vE '^BINNACLE_(URL|LISTEN|ADMIN_PASSWORD)=' | sort; cat "${KUBECONFIG%%:*}" 2>/dev/null || true; } | sha256sum
}

# What signs the checkpoints of the log and what was signed last: outside the database, where nobody who may do everything there can
# reach them.
signing_key() {
  BINNACLE_SIGNING_KEY_FILE=${BINNACLE_SIGNING_KEY_FILE:-$G/signing-key}
  BINNACLE_CHECKPOINT_FILE=${BINNACLE_CHECKPOINT_FILE:-$G/checkpoint}
  [ -s "$BINNACLE_SIGNING_KEY_FILE" ] || "$BIN/binnacle-audit" key --name binnacle.local/log --file "$BINNACLE_SIGNING_KEY_FILE" >/dev/null
  "$BIN/binnacle-audit" key --file "$BINNACLE_SIGNING_KEY_FILE" | tail -n 1 >"$G/verifier-key"
  export BINNACLE_SIGNING_KEY_FILE BINNACLE_CHECKPOINT_FILE
}

# What seals password hashes and the key of access tokens: outside the database, needed for as long as its data.
sealing_key() {
  BINNACLE_SEALING_KEY_FILE=${BINNACLE_SEALING_KEY_FILE:-$G/sealing-key}
  [ -s "$BINNACLE_SEALING_KEY_FILE" ] || (umask 077; echo "key-1 $(openssl rand -base64 32)" >"$BINNACLE_SEALING_KEY_FILE")
  export BINNACLE_SEALING_KEY_FILE
}

launch() {
  choose_port "$G/gateway.port" 8080 >/dev/null
  if [ ! -e "$G/password-told" ] && [ ! -s "$G/first-password" ]; then
    (umask 077; echo "${BINNACLE_ADMIN_PASSWORD:-$(openssl rand -base64 18 | tr '+/' '-_')}" >"$G/first-password")
  fi
  if [ -s "$G/first-password" ]; then
    BINNACLE_ADMIN_PASSWORD=$(<"$G/first-password")
    export BINNACLE_ADMIN_PASSWORD
  fi
  # Freed memory goes back to the system at once, also when nothing is asked of the process for a while.
  MIMALLOC_PURGE_DELAY=0 BINNACLE_LISTEN=127.0.0.1:$(<"$G/gateway.port") \
    start_process "$PID" "$LOG" env -u BINNACLE_DATABASE_ADMIN_URL "$BIN/binnacle" serve
  fingerprint >"$G/fingerprint"
}

ready() {
  until curl -fsS -o /dev/null --max-time 3 "$(url)/readyz"; do
    is_running "$PID" || { echo "the gateway ended:"; tail -n 20 "$LOG"; return 1; }
    [ $SECONDS -lt 120 ] || { echo "not ready after 120 s; /readyz says:"; curl -sS --max-time 3 "$(url)/readyz" || true; tail -n 15 "$LOG"; return 1; }
    sleep 0.3
  done
}

tell() {
  say ""
  say "Binnacle: $(url)   log: $LOG"
  if [ -s "$G/first-password" ]; then
    say "User:     $ADMIN"
    say "Password: $(<"$G/first-password")   (shown this once, kept nowhere)"
    touch "$G/password-told"
    rm -f "$G/first-password"
  else
    say "User:     $ADMIN   (the password was shown at the first start; \`make reset-password\` sets a new one)"
  fi
}

up() {
  mkdir -p "$G" "$LOGS"
  take_lock "$G/lock"
  settings
  signing_key
  sealing_key
  if ! is_running "$PID" || [ "$(fingerprint)" != "$(cat "$G/fingerprint" 2>/dev/null)" ]; then
    step "database migrated" "$LOGS/migrate.log" "$BIN/binnacle" migrate
    stop_process "$PID" 20
    launch
  fi
  step "gateway ready" "$LOGS/gateway-ready.log" "$0" ready
  tell
}

down() {
  [ -d "$G" ] || return 0
  take_lock "$G/lock"
  stop_process "$PID" 20
}

status() {
  if is_running "$PID"; then
    say "gateway     running, $(url), ready: $(curl -fsS -o /dev/null --max-time 3 "$(url)/readyz" 2>/dev/null && echo yes || echo no)"
  else
    say "gateway     stopped"
    return 1
  fi
}

reset_password() {
  settings
  "$BIN/binnacle" reset-password "$ADMIN"
}

case ${1:-} in
  up | down | status | ready) "$1" ;;
  reset-password) reset_password ;;
  *) echo "usage: console.sh up|down|status|reset-password" >&2; exit 2 ;;
esac
