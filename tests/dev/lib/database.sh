# The development database: paths, port and the two addresses. Sourced after paths.sh; starts nothing.
# shellcheck shell=bash disable=SC2034

PG=$STATE/postgres
PG_BIN=/usr/lib/postgresql/15/bin
PG_PID=$PG/postgres.pid
PG_LOG=$LOGS/postgres.log

# SQL of a superuser: the roles, their passwords, the database. The owner is no superuser. Its tests make databases (CREATEDB), act as
# the application, see and end what holds a database (pg_read_all_stats, pg_signal_backend); benchmarks begin at a checkpoint.
PG_ROLES="
SELECT 'CREATE ROLE binnacle_app NOLOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'binnacle_app') \gexec
SELECT 'CREATE ROLE binnacle LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'binnacle') \gexec
SELECT 'CREATE ROLE binnacle_owner LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'binnacle_owner') \gexec
ALTER ROLE binnacle PASSWORD :'application_password';
ALTER ROLE binnacle_owner CREATEDB PASSWORD :'owner_password';
GRANT binnacle_app TO binnacle, binnacle_owner;
GRANT pg_read_all_stats, pg_signal_backend, pg_checkpoint TO binnacle_owner;
SELECT 'CREATE DATABASE binnacle OWNER binnacle_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'binnacle') \gexec
"

pg_password() { sed -n "s/^$1=//p" "$PG/passwords"; } # role -> password
pg_url() { echo "postgres://$1:$(pg_password "$1")@127.0.0.1:$(<"$PG/postgres.port")/binnacle"; }
