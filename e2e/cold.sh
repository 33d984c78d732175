#!/usr/bin/env bash
# Runs a command as on a machine that never built this: in a fresh clone of the last commit, with empty caches of Go, Maven,
# npm, pip and of the project itself, and says how long it took.  All of it is in one folder, which is removed at the end.
#   e2e/cold.sh make demo
#   KEEP=1   leaves the folder
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
[ $# -gt 0 ] || { echo "cold.sh: say which command to run, as in: cold.sh make demo" >&2; exit 1; }
[ -z "$(git -C "$here" status --porcelain)" ] || echo "cold.sh: what is not committed is not tried" >&2
cold=$(mktemp -d /tmp/cold.XXXXXX)
# shellcheck disable=SC2317  # the trap calls it
clean_up() {
  if [ "${KEEP:-}" = 1 ]; then echo "cold.sh: all is left in $cold" >&2; return; fi
  chmod -R u+w "$cold/go" 2>/dev/null || true   # Go takes the right to write from the modules that it fetches
  rm -rf --one-file-system "$cold"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

git clone --quiet --shared --no-tags "$here/.." "$cold/checkout"
export GOCACHE=$cold/go/build GOMODCACHE=$cold/go/modules
export MAVEN_OPTS="${MAVEN_OPTS:-} -Dmaven.repo.local=$cold/maven"
export npm_config_cache=$cold/npm PIP_CACHE_DIR=$cold/pip GRACEFUL_CACHE=$cold/tools
cd "$cold/checkout"
code=0
"$@" || code=$?
echo "cold.sh: '$*' ended with exit code $code after $SECONDS s, with nothing cached" >&2
exit $code
