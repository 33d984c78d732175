#!/usr/bin/env bash
# Runs a command on a machine where something else takes one processor the whole time, as it is where others build, too:
#   e2e/busy.sh make verify
#   e2e/busy.sh e2e/cold.sh make demo
set -euo pipefail
[ $# -gt 0 ] || { echo "busy.sh: say which command to run, as in: busy.sh make verify" >&2; exit 1; }
timeout 4h sh -c 'while :; do :; done' &   # should this script be killed, it ends all the same
busy=$!
trap 'kill "$busy" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM
"$@"
