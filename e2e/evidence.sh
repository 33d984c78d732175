#!/usr/bin/env bash
# The long runs: each labelled case three times, and more than 300 terminations that are graceful by design, on a cluster of
# its own that is taken down at the end; then what a watched pod costs.
# Wants the operator packaged.  What is done is kept in build/evidence/COMMIT, so that it goes on where it was when it is
# started again at the same commit; the result goes to e2e/evidence/.
#   RUNS=3     how often each case is run
#   SERIES=8   how often each of the four series is run: 10 terminations each
#   LANES=3    how many cases go side by side at most; fewer where the machine bears less
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
cd "$here/.."
[ $# -eq 0 ] || { echo "evidence.sh: unexpected argument '$1': this script takes none (settings are RUNS, SERIES and LANES)" >&2; exit 1; }
commit=$(git rev-parse HEAD)
kept=build/evidence/${commit:0:12}
if [ -n "$(git status --porcelain -- src e2e helm pom.xml ':!e2e/evidence')" ]; then
  echo "evidence.sh: there are changes that are not committed, and evidence speaks of a commit: commit or stash them" >&2
  exit 1
fi
e2e/suite.sh -Dit.test=VerdictsIT -Dverdicts.all=true -Dverdicts.runs="${RUNS:-3}" -Dverdicts.series="${SERIES:-8}" -Dverdicts.lanes="${LANES:-3}" \
  -Dverdicts.folder="$kept" -Dverdicts.result=e2e/evidence
if [ ! -f "$kept/heap.json" ]; then
  e2e/heap.sh -Dheap.commit="$commit"
  cp build/heap.json "$kept/heap.json"
fi
cp "$kept/heap.json" e2e/evidence/heap.json
