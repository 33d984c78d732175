# shellcheck shell=bash disable=SC2034  # what is set here is used where this is sourced
# Sourced by the scripts beside it: where everything is, and how they speak.
# Nothing here starts, stops or writes anything.

cluster_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
e2e=$(dirname "$cluster_dir")
checkout=$(dirname "$e2e")
build=$checkout/build

# What the scripts are about: the one-node cluster, or with CONTROL_PLANE=VERSION the control planes without a node, which
# share a network namespace. Both may be up at the same time.
control_planes=(1.36 1.34)    # the newest first: its kubectl is used for all
control_plane=${CONTROL_PLANE:-}

# Two checkouts on one machine must not meet, so the name carries a hash of the path.
hash=$(printf %s "$checkout" | sha256sum | cut -c1-6)
if [ -z "$control_plane" ]; then
  name=graceful-$hash
  state=$build/cluster          # certificates, databases, logs
  kubeconfig=$state/admin.kubeconfig
  starter=up.sh
else
  name=control-planes-$hash
  state=$build/control-planes
  kubeconfig=$state/$control_plane.kubeconfig
  starter=control-planes-up.sh
fi
run=/run/$name                # unix sockets: their paths may have 107 characters at most
netns=/run/netns/$name

node_ip=10.200.0.1
pod_cidr=10.244.0.0/16
node_pod_cidr=10.244.0.0/22
service_cidr=10.96.0.0/16
api_service_ip=10.96.0.1

say() { printf '%s\n' "$*" >&2; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

need() { # COMMAND...: each must be on the PATH
  local command
  for command; do
    command -v "$command" >/dev/null || fail "the command '$command' is missing: run e2e/cluster/prerequisites.sh"
  done
}

# Which cluster the tests talk to: our own, or the one that the kubeconfig points at.
cluster=${CLUSTER:-own}
case $cluster in
  own | current) ;;
  *) fail "CLUSTER=$cluster is not known: leave it unset (or 'own') for the project's own node, or say 'current' for the kubeconfig's context" ;;
esac

case " ${control_planes[*]} " in
  *" ${control_plane:-${control_planes[0]}} "*) ;;
  *) fail "CONTROL_PLANE=$control_plane is not known: say one of ${control_planes[*]}" ;;
esac

# The programs are kept for as long as what names them stays the same; build.sh gets ready which of them are asked for.
cache=${GRACEFUL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/graceful-operator}
modules=(. helm helm3 kwok kubernetes-1.34)   # folders with a go.mod
sources=$(cd "$e2e" && for module in "${modules[@]}"; do cat "$module/go.mod" "$module/go.sum"; done |
  cat - kubectl/requirements.txt cluster/pause.c | sha256sum | cut -c1-12)
tools=$cache/tools-$sources

# What Go compiles here is run, not debugged, and without what debuggers read it is compiled in four fifths of the time. The
# same for all, as each may then use what another has compiled.
export CGO_ENABLED=0 GOFLAGS='-mod=readonly -gcflags=all=-dwarf=false'

# The mount points under which control groups are made: one with version 2, one for each controller with version 1, and
# runc uses both where both are mounted.
cgroup_roots() { awk '($3 == "cgroup" || $3 == "cgroup2") && $2 ~ "^/sys/fs/cgroup" {print $2}' /proc/mounts; }
# In version 1 the kubelet wants its cpu and memory groups to be the same, so the list of processes is kept elsewhere.
daemons_cgroup() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then echo "/sys/fs/cgroup/$name/daemons"; else echo "/sys/fs/cgroup/pids/$name/daemons"; fi
}
