# One starter at a time. Sourced; promises that the lock ends with the script that took it.
# shellcheck shell=bash

# take_lock FILE: waits for another run to finish, and says so.
take_lock() {
  mkdir -p "$(dirname "$1")"
  exec 9>"$1"
  flock -n 9 || { echo "another start or stop is under way, waiting for it"; flock 9; }
}
