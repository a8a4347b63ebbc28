#!/usr/bin/env bash
# The dashboard: frontend.sh install|build. Promises: npm runs only when its lock file or the sources changed since the last good run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for lib in paths steps lock; do
  # shellcheck source=/dev/null
  source "$here/lib/$lib.sh"
done
cd "$ROOT/frontend"
stamps=node_modules/.stamps # ignored by git, and gone when somebody deletes node_modules

fingerprint() { # files and folders -> one digest
  { find "$@" -type f -print0 2>/dev/null || true; } | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}
sources() {
  find . -mindepth 1 -maxdepth 1 ! -name node_modules ! -name .next ! -name out ! -name '*.tsbuildinfo' ! -name next-env.d.ts
  echo ../gateway/schema.graphql
}
unchanged() { [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]; }
remember() { mkdir -p "$stamps" && echo "$2" >"$stamps/$1"; }

install() {
  local now
  now=$(fingerprint package.json package-lock.json)
  ! unchanged install "$now" || return 0
  step "dashboard's packages installed" "$LOGS/frontend-install.log" npm ci --no-audit --no-fund --prefer-offline
  remember install "$(fingerprint package.json package-lock.json)"
}

build() {
  local now files
  install
  mapfile -t files < <(sources)
  now=$(fingerprint "${files[@]}")
  if [ -s out/index.html ] && unchanged build "$now"; then return 0; fi
  step "dashboard built" "$LOGS/frontend-build.log" env NEXT_TELEMETRY_DISABLED=1 npm run build
  remember build "$now"
}

case ${1:-} in
  install | build)
    take_lock "$STATE/frontend.lock"
    "$1" ;;
  *) echo "usage: frontend.sh install|build" >&2; exit 2 ;;
esac
