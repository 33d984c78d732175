#!/usr/bin/env bash
# Runs a command where the cluster can be reached, with kubectl and helm on its PATH:
#   e2e/cluster/enter.sh kubectl get pods -A
# With CLUSTER=current it runs right here, with the kubeconfig as it is; with CONTROL_PLANE=1.34 (or 1.36) it runs where the
# control planes without a node can be reached, with the kubeconfig of that one.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"
[ $# -gt 0 ] || fail "say which command to run, as in: enter.sh kubectl get nodes"
export PATH=$tools:$PATH
[ "$cluster" = own ] || exec "$@"
if [ ! -e "$netns" ] || [ ! -e "$kubeconfig" ]; then fail "the cluster is not up: start it with e2e/cluster/$starter"; fi
[ "$(id -u)" = 0 ] || fail "only root can enter the cluster's network: run it with sudo"
export KUBECONFIG=$kubeconfig
exec nsenter --net="$netns" "$@"
