#!/usr/bin/env bash
# A private Postgres for development: postgres.sh up|down|status.
# Promises: durable (fsync on), reachable on 127.0.0.1 only, its data survive `down`; it touches no other Postgres of the machine.
# The superuser is `postgres`, whose password nothing else uses: neither the owner of the databases nor the application is one.
# Root runs it as the user postgres, which must be able to reach the state folder (see lib/paths.sh).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for lib in paths process ports steps lock database; do
  # shellcheck source=/dev/null
  source "$here/lib/$lib.sh"
done

as_server() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --init-groups -- "$@"; else "$@"; fi
}

make_passwords() {
  [ ! -s "$PG/passwords" ] || return 0
  (umask 077; for role in binnacle binnacle_owner postgres; do echo "$role=$(openssl rand -hex 24)"; done >"$PG/passwords.new")
  mv "$PG/passwords.new" "$PG/passwords"
}

# Into a folder that gets its final name when it is whole.
make_data() {
  [ ! -d "$PG/data" ] || return 0
  rm -rf "$PG/new"
  mkdir -m 700 "$PG/new"
  (umask 077; pg_password postgres >"$PG/new/password")
  [ "$(id -u)" != 0 ] || chown -R postgres: "$PG/new"
  (cd / && as_server "$PG_BIN/initdb" --pgdata="$PG/new/data" --username=postgres --pwfile="$PG/new/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums) >"$LOGS/postgres-initdb.log" 2>&1 || {
    tail -n 20 "$LOGS/postgres-initdb.log" >&2
    return 1
  }
  mv "$PG/new/data" "$PG/data"
  rm -rf "$PG/new"
}

superuser_psql() { # psql's arguments; SQL from stdin
  PGPASSWORD=$(pg_password postgres) psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$(<"$PG/postgres.port")" -U postgres -d postgres "$@"
}

make_roles() {
  [ ! -e "$PG/roles-made" ] || return 0
  superuser_psql -v application_password="$(pg_password binnacle)" -v owner_password="$(pg_password binnacle_owner)" <<<"$PG_ROLES"
  touch "$PG/roles-made"
}

answers() { superuser_psql -c 'SELECT 1' && is_running "$PG_PID"; }

launch() {
  choose_port "$PG/postgres.port" >/dev/null
  local command=("$PG_BIN/postgres" -D "$PG/data" -p "$(<"$PG/postgres.port")" -c listen_addresses=127.0.0.1 -c unix_socket_directories=
    -c fsync=on -c max_connections=200 -c shared_buffers=128MB -c cluster_name=binnacle-dev)
  [ "$(id -u)" != 0 ] || command=(setpriv --reuid postgres --regid postgres --init-groups -- "${command[@]}")
  (cd / && start_process "$PG_PID" "$PG_LOG" "${command[@]}")
}

up() {
  mkdir -p "$PG" "$LOGS"
  as_server test -x "$PG" || { say "the user postgres cannot reach $PG: set BINNACLE_STATE to a folder that all may pass through"; return 1; }
  take_lock "$PG/lock"
  if [ -d "$PG/data" ] && [ -z "$(pg_password postgres)" ]; then
    say "the owner of the databases in $PG is a superuser, as older versions made it: \`make clean-state\` deletes them and what belongs to them, the next start makes them anew"
    return 1
  fi
  if is_running "$PG_PID"; then
    say "Postgres runs on 127.0.0.1:$(<"$PG/postgres.port")"
    return 0
  fi
  local begin=$SECONDS
  make_passwords
  make_data
  # A second try: after a crash, the last server's children may take a moment to let go of its memory.
  launch
  wait_for 5 "Postgres answers" answers 2>/dev/null || is_running "$PG_PID" || launch
  wait_for 60 "Postgres answers" answers || { tail -n 20 "$PG_LOG"; say "Whole log: $PG_LOG"; return 1; }
  make_roles
  printf '%5d s  Postgres started on 127.0.0.1:%s\n' $((SECONDS - begin)) "$(<"$PG/postgres.port")"
}

down() {
  [ -d "$PG" ] || return 0
  take_lock "$PG/lock"
  stop_process "$PG_PID" 60 INT
}

status() {
  if is_running "$PG_PID"; then
    say "postgres    running, 127.0.0.1:$(<"$PG/postgres.port")"
  else
    say "postgres    stopped"
    return 1
  fi
}

case ${1:-} in
  up | down | status) "$1" ;;
  # For benchmarks, whose peers make roles: SQL from stdin.
  superuser) superuser_psql ;;
  *) echo "usage: postgres.sh up|down|status|superuser" >&2; exit 2 ;;
esac
