#!/usr/bin/env bash
# Installs Debian packages without a question: install.sh PACKAGE... (called by packages.sh, as root).
# Promises: no Postgres cluster is created or started by it; waits for another package manager to finish.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -o DPkg::Lock::Timeout=600 -y --no-install-recommends)

# The default cluster is created while postgresql-15 is installed, unless this says otherwise; gone again afterwards.
setting=/etc/postgresql-common/createcluster.d/binnacle.conf
without_default_cluster() {
  mkdir -p "$(dirname "$setting")"
  trap 'rm -f "$setting"' EXIT
  echo "create_main_cluster = false" >"$setting"
}

"${apt[@]}" update
if [[ " $* " == *" postgresql-15 "* ]]; then
  "${apt[@]}" install postgresql-common
  without_default_cluster
fi
"${apt[@]}" install "$@"
