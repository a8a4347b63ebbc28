# Background processes by pid file. Sourced; promises that only a process we started is ever signalled.
# A pid file holds "pid start-time boot-id": after a crash or reboot a re-used pid does not match.
# shellcheck shell=bash

process_identity() { # pid -> start time and boot; nothing when it is gone or a zombie
  local stat fields
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  read -ra fields <<<"${stat##*) }"
  [ "${fields[0]}" != Z ] || return 1
  echo "${fields[19]} $(</proc/sys/kernel/random/boot_id)"
}

process_pid() { # pidfile -> pid, or failure when it does not run
  local pid identity
  { read -r pid identity <"$1"; } 2>/dev/null || return 1
  [ "$(process_identity "$pid")" = "$identity" ] || return 1
  echo "$pid"
}

is_running() { process_pid "$1" >/dev/null; }

# start_process PIDFILE LOG COMMAND...: detached, no descriptor of ours left open (locks, pipes of the caller).
start_process() {
  local pidfile=$1 log=$2 pid
  shift 2
  mkdir -p "$(dirname "$pidfile")" "$(dirname "$log")"
  [ ! -s "$log" ] || mv -f "$log" "$log.previous"
  (
    for fd in /proc/self/fd/*; do
      fd=${fd##*/}
      [ "$fd" -le 2 ] || eval "exec $fd>&-"
    done
    exec setsid "$@"
  ) </dev/null >"$log" 2>&1 &
  pid=$!
  echo "$pid $(process_identity "$pid")" >"$pidfile"
}

# stop_process PIDFILE [SECONDS] [SIGNAL]: asks, waits, then insists.
stop_process() {
  local pidfile=$1 patience=${2:-10} signal=${3:-TERM} pid
  if pid=$(process_pid "$pidfile"); then
    kill -CONT "$pid" 2>/dev/null || true
    kill "-$signal" "$pid" 2>/dev/null || true
    for _ in $(seq $((patience * 10))); do
      is_running "$pidfile" || break
      sleep 0.1
    done
    ! is_running "$pidfile" || kill -KILL "$pid" 2>/dev/null || true
    while is_running "$pidfile"; do sleep 0.05; done
  fi
  rm -f "$pidfile"
}

# wait_for SECONDS WHAT COMMAND...: polls; on failure says what did not happen.
wait_for() {
  local limit=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $limit ]; then
      echo "gave up waiting: $what" >&2
      return 1
    fi
    sleep 0.2
  done
}
