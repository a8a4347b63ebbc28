# Progress for people: one line per step. Sourced; promises that a long step keeps talking and a failed one shows its log.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }

# step TITLE LOG COMMAND...: COMMAND is a program (not a function), its output goes to LOG.
step() {
  local title=$1 log=$2 begin=$SECONDS ticker status=0
  shift 2
  mkdir -p "$(dirname "$log")"
  keep_talking "$title" "$log" &
  ticker=$!
  "$@" >"$log" 2>&1 </dev/null || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  if [ $status -ne 0 ]; then
    printf '\nFAILED after %d s: %s (exit %d). The last lines of its log:\n' $((SECONDS - begin)) "$title" $status
    tail -n 20 "$log" | sed 's/^/  | /'
    printf 'Whole log: %s\n' "$log"
    return $status
  fi
  printf '%5d s  %s\n' $((SECONDS - begin)) "$title"
}

keep_talking() {
  local never begin=$SECONDS
  exec {never}<> <(:) # never readable: a sleep without a child that would outlive us
  while kill -0 $$ 2>/dev/null; do
    read -r -t 10 -u "$never" _ || true
    printf '         still working on: %s (%d s), log: %s\n' "$1" $((SECONDS - begin)) "$2"
  done
}
