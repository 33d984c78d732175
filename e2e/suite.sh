#!/usr/bin/env bash
# Brings a cluster up, runs all *IT classes against it but those of owners.sh and heap.sh, and takes the cluster down
# again, also after a failure.
# Wants the operator packaged (target/quarkus-app).  Arguments go to Maven: e2e/suite.sh -Dit.test=RolloutIT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
cd "$here/.."
[ -f target/quarkus-app/quarkus-run.jar ] || { echo "suite.sh: the operator is not packaged: run make test" >&2; exit 1; }
JAVA_HOME=$("$here/cluster/java-home.sh")
export JAVA_HOME
trap 'e2e/cluster/down.sh' EXIT
# Some tests count the operator's requests. The cluster needs no image to start.
AUDIT=1 e2e/cluster/up.sh &
starting=$!
e2e/images/build.sh
wait "$starting"
e2e/images/load.sh
mvn -B -ntp failsafe:integration-test failsafe:verify -Dcluster.jvm="$here/cluster/bin/java" -DexcludedGroups=control-planes,heap "$@" || { e2e/failed.py; exit 1; }
