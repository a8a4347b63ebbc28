# Ports chosen free once and remembered in a file. Sourced; promises: a remembered port that somebody else has taken is chosen anew.
# The range lies below the one the kernel hands to outgoing connections.
# shellcheck shell=bash

port_is_free() { [ -z "$(ss -Hltn "sport = :$1")" ]; }

# choose_port FILE [PREFERRED]: prints the port; call it only while its owner is stopped.
choose_port() {
  local file=$1 port=${2:-} known
  [ ! -s "$file" ] || port=$(<"$file")
  mkdir -p "$(dirname "$file")"
  known=$(cat "$(dirname "$file")"/*.port 2>/dev/null || true)
  until [ -n "$port" ] && port_is_free "$port" && { [ -s "$file" ] && [ "$(<"$file")" = "$port" ] || ! grep -qx "$port" <<<"$known"; }; do
    port=$((20000 + RANDOM % 12000))
  done
  echo "$port" | tee "$file"
}
