#!/usr/bin/env bash
# Takes the API server away and gives it back, for tests of faults: apiserver.sh stop|start|pause|resume.
# Promises: stop breaks connections and refuses new ones at once, pause accepts them and never answers; port, data and the rest of the cluster stay as they are;
# start and resume return when it is ready. Each may be repeated.
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"
signal() { pid=$(process_pid "$(pidfile kube-apiserver)") && kill "-$1" "$pid"; }

take_lock "$C/lock"
case ${1:-} in
  stop) stop_process "$(pidfile kube-apiserver)" 0 ;;
  start) "$cluster_scripts/controlplane.sh" kube-apiserver ;;
  pause) signal STOP ;;
  resume)
    signal CONT
    wait_for 60 "the API server is ready" kc get --raw /readyz ;;
  *) echo "usage: apiserver.sh stop|start|pause|resume" >&2; exit 2 ;;
esac
