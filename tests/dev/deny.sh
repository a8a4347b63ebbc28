#!/usr/bin/env bash
# Bans, licences and sources of the dependencies: deny.sh [CHECK...]. Promises: a pinned cargo-deny, built once, outside the clone.
# `deny.sh advisories` also works where the advisory database can be reached.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/lib/paths.sh"
# shellcheck source=tests/dev/lib/steps.sh
source "$here/lib/steps.sh"
version=0.20.2
tool=$CACHE/cargo-deny-$version
[ -x "$tool/bin/cargo-deny" ] ||
  step "cargo-deny $version built" "$LOGS/cargo-deny.log" cargo install --locked --root "$tool" --version "$version" cargo-deny
cd "$ROOT"
checks=("$@")
[ $# -gt 0 ] || checks=(bans licenses sources)
exec "$tool/bin/cargo-deny" --locked check "${checks[@]}"
