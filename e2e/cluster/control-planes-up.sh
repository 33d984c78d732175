#!/usr/bin/env bash
# Starts a control plane of each Kubernetes version that the tests of owners' tools want: etcd, API server, controller
# manager, and kwok, which plays the kubelet of one node: its pods are ready at once, and gone at once when deleted.
# All are in one network namespace, so that one test can reach them; every API request is written to
# build/control-planes/log/VERSION.audit.log.
#   CONTROL_PLANE=1.34 enter.sh   runs a command next to them, with that one's kubeconfig
#   CONTROL_PLANE=1.34 down.sh    takes all of them away again
set -euo pipefail
export CONTROL_PLANE=1.36
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"
. "$cluster_dir/components.sh"
[ $# -eq 0 ] || fail "unexpected argument '$1': this script takes none"
[ "$cluster" = own ] || fail "CLUSTER=current: these control planes are always the project's own; leave CLUSTER unset"
[ "$(id -u)" = 0 ] || fail "a network namespace needs root: run it with sudo"
PATH=$PATH:/usr/sbin:/sbin
need etcd flock ip nsenter openssl setsid
"$cluster_dir/build.sh" all >/dev/null

of() { # VERSION COMMAND...: with that control plane's kubeconfig
  local kubeconfig=$state/$1.kubeconfig; shift
  "$@"
}
pods_can_be_made() {
  of "$1" kubectl get serviceaccount default &&
    [ "$(of "$1" kubectl get node node -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" = True ]
}
all_are_ready() {
  local version
  for version in "${control_planes[@]}"; do pods_can_be_made "$version" || return 1; done >/dev/null 2>&1
}

begin all_are_ready
step "Starting the control planes of Kubernetes ${control_planes[*]}"
make_network
cd "$state/pki"
make_authority
for version in "${control_planes[@]}"; do
  port=6${version#*.}3
  write_kubeconfig "$state/$version.kubeconfig" admin "$port"
  write_kubeconfig "$state/$version.controller-manager.kubeconfig" controller-manager "$port"
done
step "Network and certificates made"

for version in "${control_planes[@]}"; do
  minor=${version#*.}
  suffix=-$version
  [ -x "$tools/kube-apiserver$suffix" ] || suffix=   # the version that the one-node cluster has, too
  start_etcd "$version.etcd" "$state/etcd-$version" "2${minor}0"
  mapfile -t audit < <(audit_options "$state/log/$version.audit.log")
  # kwok watches from resource version 0, for which the API server would want what an etcd before 3.4.25 does not have.
  start_api_server "$version.kube-apiserver" "$tools/kube-apiserver$suffix" "2${minor}0" "6${minor}3" --feature-gates=WatchList=false \
    "${audit[@]}"
  # Nobody tells that the node is alive, and nobody is to ask.
  start_controller_manager "$version.kube-controller-manager" "$tools/kube-controller-manager$suffix" \
    "$state/$version.controller-manager.kubeconfig" --secure-port="7${minor}3" \
    --controllers='*,-node-lifecycle-controller,-taint-eviction-controller'
done
for version in "${control_planes[@]}"; do
  wait_for "$version.kube-apiserver" 60 "The readiness of the API server $version" of "$version" kubectl get --raw /readyz
  start "$version.kwok" "$tools/kwok" --kubeconfig="$state/$version.kubeconfig" --config="$tools/kwok-stages.yaml" \
    --manage-all-nodes --node-name=node --cidr=$pod_cidr --node-ip=$node_ip
done
step "API servers ready"
for version in "${control_planes[@]}"; do
  of "$version" kubectl apply -f - >/dev/null <<'N'
{apiVersion: v1, kind: Node, metadata: {name: node, annotations: {kwok.x-k8s.io/node: fake}}}
N
  wait_for "$version.kwok" 60 "The readiness of the node of $version" pods_can_be_made "$version"
done
all_alive
step "The control planes are up. Use one with CONTROL_PLANE=${control_planes[-1]} e2e/cluster/enter.sh kubectl ..."
