# shellcheck shell=bash disable=SC2154,SC2086  # what paths.sh sets; none of it has a blank
# Sourced, after paths.sh, by the scripts that bring something up: a network namespace, certificates, and the components
# that all clusters have.

kubectl() { nsenter --net="$netns" "$tools/kubectl" --kubeconfig "$kubeconfig" --request-timeout=5s "$@"; }
inside() { nsenter --net="$netns" "$@"; }

started=$(date +%s%N)
step() { local ms=$((($(date +%s%N) - started) / 1000000)); say "$(printf '%3d.%d s  %s' $((ms / 1000)) $((ms % 1000 / 100)) "$*")"; }

begin() { # IS-UP: ends the script where that command succeeds; else nothing of an earlier cluster is left
  mkdir -p "$state"
  exec 9>"$state/lock"
  flock -w 120 9 || fail "another script that brings this up or takes it down has been busy for two minutes: end it first"
  if [ -e "$netns" ]; then
    if "$1"; then say "It is up already."; exit 0; fi
    say "Something of an earlier cluster is left, and it is not ready: taking it down first."
    LOCKED=1 "$cluster_dir/down.sh"
  fi
  exec 8>&2
  trap roll_back EXIT
  trap 'exit 130' INT TERM
  rm -rf "$state/log"
  mkdir -p "$run" "$state"/{log,pid,pki}
  # Control groups of our own, so that down.sh knows every process that is ours.
  local root
  for root in $(cgroup_roots); do mkdir -p "$root/$name"; done
  mkdir -p "$(daemons_cgroup)"
}
roll_back() {
  local code=$?
  [ $code -ne 0 ] || return 0
  exec 2>&8   # a signal can come inside a command whose messages go nowhere
  trap '' INT TERM
  say "It did not come up: taking it down. Its logs stay in $state/log"
  LOCKED=1 "$cluster_dir/down.sh" || true
  exit $code
}

# A bridge without ports carries the node's address, as not every kernel has dummy devices.
make_network() {
  ip netns add "$name"
  inside ip link set lo up
  inside ip link add node0 type bridge
  inside ip address add "$node_ip/24" dev node0
  inside ip link set node0 up
  # Nobody is at the other end, but the components choose their address by the default route.
  inside ip route add default dev node0
}

# --- Certificates, in the folder that the script is in ------------------------------------------------------------------
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
}
write_kubeconfig() { # FILE USER PORT: the user's certificate is there
  cat >"$1" <<K
apiVersion: v1
kind: Config
clusters:
  - name: $name
    cluster: {server: "https://127.0.0.1:$3", certificate-authority-data: $(base64 -w0 ca.crt)}
users:
  - name: $2
    user: {client-certificate-data: $(base64 -w0 "$2.crt"), client-key-data: $(base64 -w0 "$2.key")}
contexts:
  - name: $name
    context: {cluster: $name, user: $2}
current-context: $name
K
  chmod 600 "$1"
}
make_authority() {
  key ca
  openssl req -x509 -new -key ca.key -subj "/CN=$name" -days 365 -out ca.crt
  key service-accounts
  openssl pkey -in service-accounts.key -pubout -out service-accounts.pub
  certificate apiserver /CN=kube-apiserver \
    "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:$api_service_ip,IP:$node_ip"
  certificate admin /O=system:masters/CN=admin
  certificate controller-manager /CN=system:kube-controller-manager
}

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
start_etcd() { # NAME DATA-FOLDER PORT; its peers' port, which nobody uses, is the next one
  start "$1" etcd --data-dir "$2" --unsafe-no-fsync --listen-client-urls "http://127.0.0.1:$3" \
    --advertise-client-urls "http://127.0.0.1:$3" --listen-peer-urls "http://127.0.0.1:$(($3 + 1))"
}
start_api_server() { # NAME PROGRAM ETCD-PORT PORT OPTION...
  local component=$1 program=$2 etcd_port=$3 port=$4; shift 4
  start "$component" "$program" --etcd-servers="http://127.0.0.1:$etcd_port" --advertise-address=$node_ip --secure-port="$port" \
    --service-cluster-ip-range=$service_cidr --authorization-mode=Node,RBAC --allow-privileged --client-ca-file=ca.crt \
    --kubelet-preferred-address-types=InternalIP --cert-dir="$state/pki" --tls-cert-file=apiserver.crt --tls-private-key-file=apiserver.key \
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file=service-accounts.pub \
    --service-account-signing-key-file=service-accounts.key --kubelet-client-certificate=admin.crt \
    --kubelet-client-key=admin.key --kubelet-certificate-authority=ca.crt "$@"
}
start_controller_manager() { # NAME PROGRAM KUBECONFIG OPTION...
  local component=$1 program=$2 kubeconfig=$3; shift 3
  # With its usual rate limit it takes four seconds to log in as each of its controllers.
  start "$component" "$program" --kubeconfig="$kubeconfig" --kube-api-qps=200 --kube-api-burst=400 \
    --service-account-private-key-file=service-accounts.key --root-ca-file=ca.crt --cert-dir="$state/pki" \
    --use-service-account-credentials --leader-elect=false "$@"
}
audit_options() { # LOG: the API server's options that have every request written there, one a line
  printf '%s\n' 'apiVersion: audit.k8s.io/v1' 'kind: Policy' 'omitStages: [RequestReceived]' 'rules: [{level: Metadata}]' >"$state/audit.yaml"
  printf '%s\n' "--audit-policy-file=$state/audit.yaml" "--audit-log-path=$1" --audit-log-maxsize=4000   # megabytes, as tests read one file
}
