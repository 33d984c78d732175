#!/usr/bin/env bash
# Measures what a watched pod and a governed Deployment cost the operator's heap, on a control plane whose pods kwok
# plays; takes ten minutes or more. Wants the operator packaged (target/quarkus-app). Arguments go to Maven:
# e2e/heap.sh -Dheap.pods=2000. The figures are in build/heap.json, the classes that they consist of in build/heap.txt.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
exec "$here/owners.sh" -Dgroups=heap "$@"
