# The development database: paths, port and the two addresses. Sourced after paths.sh; starts nothing.
# shellcheck shell=bash disable=SC2034

PG=$STATE/postgres
PG_BIN=/usr/lib/postgresql/15/bin
PG_PID=$PG/postgres.pid
PG_LOG=$LOGS/postgres.log

pg_password() { sed -n "s/^$1=//p" "$PG/passwords"; } # role -> password
pg_url() { echo "postgres://$1:$(pg_password "$1")@127.0.0.1:$(<"$PG/postgres.port")/binnacle"; }
