#!/usr/bin/env bash
# A Postgres on a small tmpfs, to be filled up or killed: small-postgres.sh possible|up|pid|start|fill|free|down. Root only, because of the mount.
# Promises: `up` prints the two addresses as NAME=VALUE; `pid` prints that of the server; `start` starts it again after it was killed;
# `fill` leaves not one byte; `free` gives the room back and starts the server again if it gave up; `down` leaves nothing. Durable like
# the other one, on loopback only; touches no other Postgres. SMALL_POSTGRES names it, so that two can run at once.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for lib in paths process ports steps database; do
  # shellcheck source=/dev/null
  source "$here/../dev/lib/$lib.sh"
done
NAME=${SMALL_POSTGRES:-bench}
DISK=$STATE/$NAME-disk
SIZE=${SMALL_POSTGRES_SIZE:-160m}
PIDFILE=$STATE/$NAME-postgres.pid
LOG=$LOGS/$NAME-postgres.log
PORT=$STATE/$NAME-postgres.port
PASSWORDS=$STATE/$NAME-postgres.passwords

as_server() { (cd / && setpriv --reuid postgres --regid postgres --init-groups -- "$@"); }
password() { sed -n "s/^$1=//p" "$PASSWORDS"; }
url() { echo "postgres://$1:$(password "$1")@127.0.0.1:$(<"$PORT")/$2"; }
answers() { psql -X -q -c 'SELECT 1' "$(url postgres postgres)"; }

begin() {
  start_process "$PIDFILE" "$LOG" setpriv --reuid postgres --regid postgres --init-groups -- "$PG_BIN/postgres" -D "$DISK/data" \
    -p "$(<"$PORT")" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=on -c max_connections=60 \
    -c shared_buffers=32MB -c min_wal_size=2MB -c max_wal_size=8MB -c cluster_name="binnacle-$NAME"
}

launch() {
  begin
  wait_for 30 "the small Postgres answers" answers
}

up() {
  down
  mkdir -p "$DISK" "$LOGS"
  mount -t tmpfs -o "size=$SIZE" "binnacle-$NAME" "$DISK"
  chmod 755 "$DISK"
  install -d -m 700 -o postgres -g postgres "$DISK/data"
  (umask 077; for role in binnacle binnacle_owner postgres; do echo "$role=$(openssl rand -hex 24)"; done >"$PASSWORDS")
  password postgres | install -m 600 -o postgres /dev/stdin "$DISK/owner"
  as_server "$PG_BIN/initdb" --pgdata="$DISK/data" --username=postgres --pwfile="$DISK/owner" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --wal-segsize=1 >"$LOGS/$NAME-postgres-initdb.log" 2>&1
  rm "$DISK/owner"
  choose_port "$PORT" >/dev/null
  launch
  psql -X -q -v ON_ERROR_STOP=1 -v application_password="$(password binnacle)" -v owner_password="$(password binnacle_owner)" \
    "$(url postgres postgres)" >&2 <<<"$PG_ROLES"
  echo "BINNACLE_DATABASE_URL=$(url binnacle binnacle)"
  echo "BINNACLE_DATABASE_ADMIN_URL=$(url binnacle_owner binnacle)"
}

fill() {
  dd if=/dev/zero of="$DISK/ballast" bs=64k 2>/dev/null || true
  dd if=/dev/zero of="$DISK/ballast-rest" bs=1 count=70000 2>/dev/null || true
  [ "$(stat -f -c %a "$DISK")" = 0 ]
}

pid() { process_pid "$PIDFILE"; }

# A server that was killed leaves children, which hold its memory for a moment and let no other one begin.
start() {
  for _ in 1 2 3 4 5; do
    is_running "$PIDFILE" || begin
    ! wait_for 4 "the small Postgres answers" answers 2>/dev/null || return 0
  done
  wait_for 30 "the small Postgres answers" answers
}

free() {
  rm -f "$DISK/ballast" "$DISK/ballast-rest"
  wait_for 10 "the small Postgres answers" answers 2>/dev/null || { stop_process "$PIDFILE" 5 QUIT; launch; }
}

down() {
  stop_process "$PIDFILE" 10 INT
  ! mountpoint -q "$DISK" || umount "$DISK"
  rm -rf "$DISK" "$PORT" "$PASSWORDS"
}

possible() {
  [ "$(id -u)" = 0 ] || return 1
  mkdir -p "$DISK"
  mountpoint -q "$DISK" || { mount -t tmpfs -o size=1m "binnacle-$NAME" "$DISK" 2>/dev/null && umount "$DISK"; }
}

case ${1:-} in
  possible | up | pid | start | fill | free | down) "$1" ;;
  *) echo "usage: small-postgres.sh possible|up|pid|start|fill|free|down" >&2; exit 2 ;;
esac
