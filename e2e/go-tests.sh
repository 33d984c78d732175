#!/usr/bin/env bash
# Runs the tests that are written in Go: those of the test programs, and of the chart's admission policy, which the API
# server's own compiler and patcher run here without a server.  The Java tests write down what the policy is compared with.
set -euo pipefail
# shellcheck source=cluster/paths.sh
. "$(dirname "${BASH_SOURCE[0]}")/cluster/paths.sh"
need go
[ -f "$checkout/target/admission/cases.jsonl" ] || fail "target/admission is not there: run make test"
for folder in load servers; do
  (cd "$e2e/$folder" && go test ./...)
done
# What the policy is compared with is no Go file, so a result of an earlier run says nothing.
(cd "$e2e" && go test -count=1 ./admission)
