#!/usr/bin/env bash
# Runs the tests, cheapest first: test.sh [format|lint|rust|frontend|browser|pictures|budgets]... The last two only when they are named.
# Promises: the runners' own lines are printed and kept in a log; what of Postgres and the cluster it had to start it stops again,
# also after a failure; the exit status is that of the first failing step. Needs no `make up`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/lib/paths.sh"
# shellcheck source=tests/dev/lib/process.sh
source "$here/lib/process.sh"
# shellcheck source=tests/dev/lib/steps.sh
source "$here/lib/steps.sh"
cd "$ROOT"

steps=("$@")
[ $# -gt 0 ] || steps=(format lint rust frontend browser)
started_postgres=''
started_cluster=''
started_kwok=''

# Another run may be using what we started: then it stays.
mkdir -p "$STATE" "$LOGS"
exec 8>"$STATE/tests.lock"
flock -s 8

stop_started() {
  local status=$?
  trap - EXIT
  [ -z "$started_kwok" ] || "$here/../cluster/kwok.sh" down || true
  flock -u 8
  if flock -n 8; then
    [ -z "$started_cluster" ] || "$here/../cluster/down.sh" || true
    [ -z "$started_postgres" ] || "$here/postgres.sh" down || true
  fi
  exit $status
}
trap stop_started EXIT

services() {
  is_running "$STATE/postgres/postgres.pid" || started_postgres=yes
  "$here/postgres.sh" up
  if uses_local_cluster; then
    is_running "$STATE/cluster/run/kube-apiserver.pid" || started_cluster=yes
    "$here/../cluster/up.sh"
  fi
  eval "$("$here/env.sh" "$BIN_DEBUG")"
  unset BINNACLE_URL
  export DATABASE_URL=$BINNACLE_DATABASE_ADMIN_URL # a database of its own for every test that asks for one
}

run() { # name, command...
  local name=$1 begin=$SECONDS status=0
  shift
  say "==> $name: $*"
  "$@" 2>&1 8>&- | tee "$LOGS/test-$name.log" || status=$?
  [ $status -eq 0 ] || { say "FAILED after $((SECONDS - begin)) s: $name (exit $status), log: $LOGS/test-$name.log"; exit $status; }
  printf '%5d s  %s\n' $((SECONDS - begin)) "$name"
}

# The Python client, from its registry at pinned versions.
python_client() {
  local wanted=tests/browser/python/requirements.txt
  export PYTHON_CLIENT=$CACHE/python-client
  cmp -s "$wanted" "$PYTHON_CLIENT/installed" && return
  rm -rf "$PYTHON_CLIENT"
  mkdir -p "$CACHE"
  # Of Debian: another one may be built without TLS.
  /usr/bin/python3 -m venv "$PYTHON_CLIENT"
  step "Python client installed" "$LOGS/python-client.log" "$PYTHON_CLIENT/bin/pip" install --no-deps -r "$wanted"
  cp "$wanted" "$PYTHON_CLIENT/installed"
}

test_format() { run format cargo fmt --all --check; }

test_lint() {
  "$here/frontend.sh" build
  run lint cargo clippy --locked --workspace --all-targets --test faults --bin bench -- -D warnings
  run lint-engine-bench env CARGO_TARGET_DIR="$TARGET" cargo clippy --locked --manifest-path tests/bench/engine/Cargo.toml -- -D warnings
}

test_rust() {
  "$here/frontend.sh" build
  services
  "$here/gateway.sh" debug
  run rust cargo test --locked --workspace
}

test_frontend() {
  "$here/frontend.sh" install
  run frontend npm --prefix frontend run check
}

install_browser_tests() {
  [ tests/browser/node_modules/.package-lock.json -nt tests/browser/package-lock.json ] ||
    step "browser tests' packages installed" "$LOGS/browser-install.log" npm --prefix tests/browser install --no-audit --no-fund
}

test_browser() {
  [ -e tests/browser/package.json ] || return 0
  "$here/frontend.sh" build
  services
  "$here/gateway.sh" debug
  install_browser_tests
  python_client
  run browser npm --prefix tests/browser test
}

# Pictures of every page, in tests/browser/results/pictures.
test_pictures() {
  "$here/frontend.sh" build
  services
  "$here/gateway.sh" debug
  install_browser_tests
  run pictures npm --prefix tests/browser test -- pictures outage display
}

# The budgets of the dashboard in a browser, on 10,000 fake pods. It wants the machine for itself.
test_budgets() {
  uses_local_cluster || { say "the budgets fill the cluster with fake pods: they only run on the local one (unset KUBECONFIG)"; exit 2; }
  "$here/frontend.sh" build
  services
  "$here/gateway.sh" release
  export BINNACLE_BIN=$BIN_RELEASE
  install_browser_tests
  is_running "$STATE/cluster/run/kwok.pid" || started_kwok=yes
  "$here/../cluster/kwok.sh" up
  "$here/../cluster/kwok.sh" nodes 10
  run budgets npm --prefix tests/browser test -- budgets
}

"$here/packages.sh"
for name in "${steps[@]}"; do
  case $name in
    format | lint | rust | frontend | browser | pictures | budgets) "test_$name" ;;
    *) echo "test.sh: unknown step '$name'" >&2; exit 2 ;;
  esac
done
say "All passed: ${steps[*]} ($SECONDS s)"
