#!/usr/bin/env bash
# Builds everything, brings a cluster up, shows the demo, and takes the cluster down again, also after a failure.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
cd "$here/.."
JAVA_HOME=$("$here/cluster/java-home.sh")
export JAVA_HOME
log=build/demo.log
mkdir -p build

step() { # WORDS COMMAND...: shows that something goes on, and its output only if it fails
  local words=$1 begun=$SECONDS pid
  shift
  "$@" >"$log" 2>&1 &
  pid=$!
  printf '%s' "$words"
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    [ $(((SECONDS - begun) % 10)) -ne 0 ] || printf ' %s s' $((SECONDS - begun))
  done
  if wait "$pid"; then
    printf ': done in %s s\n' $((SECONDS - begun))
  else
    printf ': failed after %s s\n' $((SECONDS - begun))
    tail -n 40 "$log" >&2
    exit 1
  fi
}

e2e/cluster/build.sh >/dev/null
step "Building the operator (Maven fetches its libraries the first time)" \
  mvn -B -ntp package -DskipTests -Dspotless.check.skip
step "Listing the libraries of the demo" \
  mvn -B -ntp dependency:build-classpath -Dmdep.outputFile=build/test.classpath -Dmdep.includeScope=test
e2e/images/build.sh operator server load
trap 'e2e/cluster/down.sh' EXIT
e2e/cluster/up.sh
e2e/images/load.sh
e2e/cluster/bin/java -cp "target/test-classes:target/classes:$(cat build/test.classpath)" dev.graceful.e2e.Demo
