#!/usr/bin/env bash
# Brings the control planes up, runs the tests that need them (those of the JUnit tag control-planes), and takes them down
# again, also after a failure.  Wants the operator packaged (target/quarkus-app).
# Arguments go to Maven: e2e/owners.sh -Downers.only='Helm 3/.*/without'
# The rows are in build/owners.json, the logs, with every API request, in build/control-planes/log.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
cd "$here/.."
[ -f target/quarkus-app/quarkus-run.jar ] || { echo "owners.sh: the operator is not packaged: run make test" >&2; exit 1; }
JAVA_HOME=$("$here/cluster/java-home.sh")
export JAVA_HOME
export CONTROL_PLANE=1.36   # all are in one network; the tests find the others beside it
trap 'e2e/cluster/down.sh' EXIT
e2e/cluster/down.sh   # what an earlier run left, as the namespaces have to be new
e2e/cluster/control-planes-up.sh
mvn -B -ntp failsafe:integration-test failsafe:verify -Dcluster.jvm="$here/cluster/bin/java" -Dgroups=control-planes "$@" || { e2e/failed.py; exit 1; }
