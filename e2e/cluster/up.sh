#!/usr/bin/env bash
# Starts a real one-node Kubernetes in a network namespace of its own, which has no way out of it.
#   AUDIT=1          also writes every API request to build/cluster/log/audit.log
#   CLUSTER=current  starts nothing, and only checks that the kubeconfig's cluster answers
# down.sh takes it all away again; enter.sh runs a command next to it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"
[ $# -eq 0 ] || fail "unexpected argument '$1': this script takes none (settings are AUDIT=1 and CLUSTER=current)"

"$cluster_dir/build.sh" >/dev/null

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

kubectl() { nsenter --net="$netns" "$tools/kubectl" --kubeconfig "$kubeconfig" --request-timeout=5s "$@"; }
node_is_ready() { [ "$(kubectl get node node -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ]; }

mkdir -p "$state"
exec 9>"$state/lock"
flock -w 120 9 || fail "another up.sh or down.sh of this checkout has been busy for two minutes: end it first"

if [ -e "$netns" ]; then
  if node_is_ready; then say "The cluster is up already."; exit 0; fi
  say "Something of an earlier cluster is left, and its node is not ready: taking it down first."
  LOCKED=1 "$cluster_dir/down.sh"
fi

started=$(date +%s%N)
step() { local ms=$((($(date +%s%N) - started) / 1000000)); say "$(printf '%3d.%d s  %s' $((ms / 1000)) $((ms % 1000 / 100)) "$*")"; }
step "Starting Kubernetes $("$tools/kubectl" version --client | awk '/^Client/ {print $3}')"

exec 8>&2
roll_back() {
  local code=$?
  [ $code -ne 0 ] || return 0
  exec 2>&8   # a signal can come inside a command whose messages go nowhere
  trap '' INT TERM
  say "The cluster did not come up: taking it down. Its logs stay in $state/log"
  LOCKED=1 "$cluster_dir/down.sh" || true
  exit $code
}
trap roll_back EXIT
trap 'exit 130' INT TERM

rm -rf "$state/log"
mkdir -p "$run" "$state"/{cni,log/pods,pid,pki}

# --- Control groups: one of our own, so that down.sh knows every process that is ours -------------------------------
for root in $(cgroup_roots); do mkdir -p "$root/$name"; done
mkdir -p "$(daemons_cgroup)"

# --- Network: a bridge without ports carries the node's address, as not every kernel has dummy devices ---------------
ip netns add "$name"
inside() { nsenter --net="$netns" "$@"; }
inside ip link set lo up
inside ip link add node0 type bridge
inside ip address add "$node_ip/24" dev node0
inside ip link set node0 up
# Nobody is at the other end, but the components choose their address by the default route.
inside ip route add default dev node0
inside sysctl -qw net.ipv4.ip_forward=1

# --- Certificates ------------------------------------------------------------------------------------------------------
cd "$state/pki"
key() {
  # Elliptic keys are made in no time, but not every client can read one, and the admin's is the one that clients get.
  local algorithm=(EC -pkeyopt ec_paramgen_curve:P-256)
  [ "$1" != admin ] || algorithm=(RSA -pkeyopt rsa_keygen_bits:2048)
  openssl genpkey -algorithm "${algorithm[@]}" -out "$1.key" 2>/dev/null
}
certificate() { # NAME SUBJECT [ALTERNATIVE-NAMES]
  key "$1"
  printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "${3:-DNS:$1}" >"$1.ext"
  openssl req -new -key "$1.key" -subj "$2" |
    openssl x509 -req -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -extfile "$1.ext" -out "$1.crt" 2>/dev/null
  cat >"$state/$1.kubeconfig" <<K
apiVersion: v1
kind: Config
clusters:
  - name: $name
    cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: $(base64 -w0 ca.crt)}
users:
  - name: $1
    user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}
contexts:
  - name: $name
    context: {cluster: $name, user: $1}
current-context: $name
K
  chmod 600 "$state/$1.kubeconfig"
}
key ca
openssl req -x509 -new -key ca.key -subj "/CN=$name" -days 365 -out ca.crt
key service-accounts
openssl pkey -in service-accounts.key -pubout -out service-accounts.pub
certificate apiserver /CN=kube-apiserver \
  "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:$api_service_ip,IP:$node_ip"
certificate admin /O=system:masters/CN=admin
certificate controller-manager /CN=system:kube-controller-manager
certificate scheduler /CN=system:kube-scheduler
certificate proxy /CN=system:kube-proxy
certificate kubelet /O=system:nodes/CN=system:node:node "DNS:node,IP:$node_ip"
step "Network and certificates made"

# --- Components ----------------------------------------------------------------------------------------------------------
declare -A pid
start() { # NAME COMMAND...
  local component=$1; shift
  # It joins the control group first, and so does all that it ever starts.
  # shellcheck disable=SC2016  # for the inner shell to expand
  setsid bash -c 'echo $$ >"$0/cgroup.procs"; exec nsenter --net="$@"' "$(daemons_cgroup)" "$netns" "$@" \
    >"$state/log/$component.log" 2>&1 </dev/null 8>&- 9>&- &
  pid[$component]=$!
  disown   # or bash would report its end at length
  echo $! >"$state/pid/$component"
}
all_alive() {
  local component
  for component in "${!pid[@]}"; do
    kill -0 "${pid[$component]}" 2>/dev/null || fail "$component ended by itself; the end of $state/log/$component.log tells why"
  done
}
wait_for() { # COMPONENT SECONDS WHAT COMMAND...: until the command succeeds
  local component=$1 seconds=$2 what=$3 end=$((SECONDS + $2)); shift 3
  until "$@" >/dev/null 2>&1; do
    all_alive
    ((SECONDS < end)) || fail "$what did not happen within $seconds s; $state/log/$component.log tells more"
    sleep 0.1
  done
}

start etcd etcd --data-dir "$state/etcd" --unsafe-no-fsync --listen-client-urls http://127.0.0.1:2379 \
  --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380

audit=()
if [ "${AUDIT:-}" = 1 ]; then
  printf '%s\n' 'apiVersion: audit.k8s.io/v1' 'kind: Policy' 'omitStages: [RequestReceived]' 'rules: [{level: Metadata}]' >"$state/audit.yaml"
  audit=(--audit-policy-file="$state/audit.yaml" --audit-log-path="$state/log/audit.log")
fi
start kube-apiserver "$tools/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 --advertise-address=$node_ip --secure-port=6443 \
  --service-cluster-ip-range=$service_cidr --authorization-mode=Node,RBAC --allow-privileged --client-ca-file=ca.crt \
  --kubelet-preferred-address-types=InternalIP --cert-dir="$state/pki" --tls-cert-file=apiserver.crt --tls-private-key-file=apiserver.key \
  --service-account-issuer=https://kubernetes.default.svc --service-account-key-file=service-accounts.pub \
  --service-account-signing-key-file=service-accounts.key --kubelet-client-certificate=admin.crt \
  --kubelet-client-key=admin.key --kubelet-certificate-authority=ca.crt "${audit[@]}"

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
# With its usual rate limit the controller manager takes four seconds to log in as each of its controllers.
start kube-controller-manager "$tools/kube-controller-manager" --kubeconfig="$state/controller-manager.kubeconfig" \
  --kube-api-qps=200 --kube-api-burst=400 --service-account-private-key-file=service-accounts.key --root-ca-file=ca.crt --cert-dir="$state/pki" --use-service-account-credentials \
  --cluster-cidr=$pod_cidr --allocate-node-cidrs --node-cidr-mask-size="${node_pod_cidr#*/}" --leader-elect=false
start kube-scheduler "$tools/kube-scheduler" --kubeconfig="$state/scheduler.kubeconfig" --leader-elect=false
start kube-proxy "$tools/kube-proxy" --config="$state/proxy.yaml"

wait_for kubelet 60 "The node's readiness" node_is_ready
step "Node ready"
# Until then no pod of the namespace can be made, and no service works.
wait_for kube-controller-manager 30 "The creation of the default service account" kubectl get serviceaccount default
wait_for kube-proxy 30 "kube-proxy's readiness" inside python3 -c 'import urllib.request; urllib.request.urlopen("http://127.0.0.1:10256/healthz", timeout=2)'
all_alive
step "The cluster is up. Use it with e2e/cluster/enter.sh kubectl ..."
