#!/usr/bin/env bash
# Starts a real one-node Kubernetes in a network namespace of its own, which has no way out of it.
#   AUDIT=1          also writes every API request to build/cluster/log/audit.log
#   CLUSTER=current  starts nothing, and only checks that the kubeconfig's cluster answers
# down.sh takes it all away again; enter.sh runs a command next to it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"
. "$cluster_dir/components.sh"
[ $# -eq 0 ] || fail "unexpected argument '$1': this script takes none (settings are AUDIT=1 and CLUSTER=current)"
[ -z "$control_plane" ] || fail "CONTROL_PLANE is set: control-planes-up.sh starts those"

"$cluster_dir/build.sh" node >/dev/null

if [ "$cluster" = current ]; then
  context=$("$tools/kubectl" config current-context 2>/dev/null) || fail "CLUSTER=current, but the kubeconfig has no current context: choose one with 'kubectl config use-context'"
  version=$("$tools/kubectl" version --request-timeout=10s 2>/dev/null | awk '/^Server Version/ {print $3}') || true
  [ -n "$version" ] || fail "the cluster of the context '$context' does not answer: try 'kubectl version'"
  say "Using the current context '$context' (Kubernetes $version)."
  exit 0
fi

[ "$(id -u)" = 0 ] || fail "a cluster of its own needs root: run it with sudo, or set CLUSTER=current to use the kubeconfig's"
PATH=$PATH:/usr/sbin:/sbin
need containerd conntrack ctr etcd flock ip iptables nsenter openssl python3 runc setsid sysctl
[ -x /usr/lib/cni/ptp ] || fail "the CNI plugins are missing in /usr/lib/cni: run e2e/cluster/prerequisites.sh"
# The kubelet keeps unix sockets under its root, and their paths may have 107 characters at most.
[ ${#state} -le 72 ] || fail "the path of this checkout is too long for the kubelet's sockets: move it to one of at most $((72 - 14)) characters"

node_is_ready() { [ "$(kubectl get node node -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ]; }

begin node_is_ready
step "Starting Kubernetes $("$tools/kubectl" version --client | awk '/^Client/ {print $3}')"
mkdir -p "$state"/{cni,log/pods}
make_network
inside sysctl -qw net.ipv4.ip_forward=1

cd "$state/pki"
make_authority
certificate scheduler /CN=system:kube-scheduler
certificate proxy /CN=system:kube-proxy
certificate kubelet /O=system:nodes/CN=system:node:node "DNS:node,IP:$node_ip"
for user in admin controller-manager scheduler proxy kubelet; do write_kubeconfig "$state/$user.kubeconfig" $user 6443; done
step "Network and certificates made"

start_etcd etcd "$state/etcd" 2379
audit=()
[ "${AUDIT:-}" != 1 ] || mapfile -t audit < <(audit_options "$state/log/audit.log")
start_api_server kube-apiserver "$tools/kube-apiserver" 2379 6443 "${audit[@]}"

# Without CAP_SYS_RESOURCE, as inside many containers, runc may not lower oom_score_adj, and no pod would start.
restrict_oom=false
capabilities=$(awk '/^CapEff/ {print $2}' /proc/self/status)
((0x$capabilities >> 24 & 1)) || restrict_oom=true
cat >"$state/containerd.toml" <<K
version = 2
root = "$state/containerd"
state = "$run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "$run/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$state/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "graceful-e2e-pause:1"
  netns_mounts_under_state_dir = true
  restrict_oom_score_adj = $restrict_oom
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$state/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      Root = "$run/runc"
K
# Every pod has a link of its own to the node, so that all traffic is routed and passes kube-proxy's rules. On a shared
# bridge the answer of a pod on the same node would not, unless the kernel has br_netfilter.
cat >"$state/cni/10-pods.conflist" <<K
{"cniVersion": "0.4.0", "name": "$name", "plugins": [{"type": "ptp", "ipMasq": false,
 "ipam": {"type": "host-local", "dataDir": "$state/addresses", "ranges": [[{"subnet": "$node_pod_cidr"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
K
start containerd containerd -c "$state/containerd.toml"

cat >"$state/kubelet.yaml" <<K
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: "$state/pki/ca.crt"}}
authorization: {mode: Webhook}
tlsCertFile: "$state/pki/kubelet.crt"
tlsPrivateKeyFile: "$state/pki/kubelet.key"
containerRuntimeEndpoint: "unix://$run/containerd.sock"
cgroupDriver: cgroupfs
cgroupRoot: /$name
failCgroupV1: false
failSwapOn: false
enforceNodeAllocatable: []
oomScoreAdj: 0
resolvConf: ""
clusterDomain: cluster.local
maxPods: 250
podLogsDir: "$state/log/pods"
containerLogMaxSize: 100Mi
# A nearly full disk is no reason to evict what is being tested, or to delete an image that was loaded by hand.
evictionHard: {memory.available: 100Mi, nodefs.available: 0%, nodefs.inodesFree: 0%, imagefs.available: 0%, imagefs.inodesFree: 0%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
K
cat >"$state/proxy.yaml" <<K
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clusterCIDR: $pod_cidr
hostnameOverride: node
oomScoreAdj: 0
clientConnection: {kubeconfig: "$state/proxy.kubeconfig"}
conntrack: {maxPerCore: 0, min: 0}
K

wait_for containerd 20 "containerd's listening" test -S "$run/containerd.sock"
mkdir -p "$state/pause"
cp "$tools/pause" "$state/pause/pause"
python3 "$e2e/images/pack.py" --name graceful-e2e-pause:1 --out "$state/pause.tar" --layer "$state/pause" --entrypoint /pause
wait_for containerd 20 "The import of the pause image" ctr -a "$run/containerd.sock" -n k8s.io images import "$state/pause.tar"
wait_for kube-apiserver 60 "The API server's readiness" kubectl get --raw /readyz
step "API server ready"

# The kubelet changes settings of the whole machine; down.sh puts them back. If another checkout's cluster is up, they
# are changed already, and it is the one that knows what was there before.
others=$(find /run/netns -name 'graceful-*' ! -name "$name")
if [ -z "$others" ]; then
  for setting in vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes; do
    sysctl "$setting" 2>/dev/null || true
  done >"$state/sysctl.before"
fi
start kubelet "$tools/kubelet" --config="$state/kubelet.yaml" --kubeconfig="$state/kubelet.kubeconfig" --root-dir="$state/kubelet" \
  --hostname-override=node --node-ip=$node_ip
start_controller_manager kube-controller-manager "$tools/kube-controller-manager" "$state/controller-manager.kubeconfig" \
  --cluster-cidr=$pod_cidr --allocate-node-cidrs --node-cidr-mask-size="${node_pod_cidr#*/}"
start kube-scheduler "$tools/kube-scheduler" --kubeconfig="$state/scheduler.kubeconfig" --leader-elect=false
start kube-proxy "$tools/kube-proxy" --config="$state/proxy.yaml"

wait_for kubelet 60 "The node's readiness" node_is_ready
step "Node ready"
# Until then no pod of the namespace can be made, and no service works.
wait_for kube-controller-manager 30 "The creation of the default service account" kubectl get serviceaccount default
wait_for kube-proxy 30 "kube-proxy's readiness" inside python3 -c 'import urllib.request; urllib.request.urlopen("http://127.0.0.1:10256/healthz", timeout=2)'
all_alive
step "The cluster is up. Use it with e2e/cluster/enter.sh kubectl ..."
