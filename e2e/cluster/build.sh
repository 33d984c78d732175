#!/usr/bin/env bash
# Builds Kubernetes, kubectl, Helm and kwok from their Go modules, each once for each version of its go.mod file.
# Prints the folder that holds them all.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"
[ $# -eq 0 ] || fail "unexpected argument '$1': this script takes none"

if [ -d "$tools" ]; then printf '%s\n' "$tools"; exit 0; fi
need go flock
[ "$cluster" = current ] || need gcc

mkdir -p "$cache"
exec 9>"$cache/tools.lock"
flock -n 9 || { say "Another build of the tools is running; waiting for it."; flock 9; }
if [ -d "$tools" ]; then printf '%s\n' "$tools"; exit 0; fi

rm -rf "$cache"/partial.*   # of a build that was killed
partial=$(mktemp -d "$cache/partial.XXXXXX")
mkdir "$partial/tools"
compiler=
clean_up() {
  [ -z "$compiler" ] || kill "$compiler" 2>/dev/null || true
  rm -rf "$partial"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

version() { awk -v module="$2" '$1 == "require" {sub("require ", "")} $1 == module {print $2; exit}' "$e2e/$1/go.mod"; }

compile() { # FOLDER MODULE LDFLAGS PACKAGE... into $partial/module
  local folder=$1 module=$2 flags=$3 started=$SECONDS; shift 3
  say "Building ${*##*/} ($module $(version "$folder" "$module"))"
  # -v names each package as it is compiled, which is the only progress that Go shows.
  (cd "$e2e/$folder" && CGO_ENABLED=0 GOFLAGS=-mod=readonly exec go build -v -trimpath -buildvcs=false -ldflags "-s -w $flags" \
    -o "$partial/module/" "${@/#/$module/}") >"$partial/log" 2>&1 9>&- &
  compiler=$!
  local told=$SECONDS
  while kill -0 "$compiler" 2>/dev/null; do
    sleep 1
    if ((SECONDS - told >= 15)); then
      told=$SECONDS
      say "  $((SECONDS - started)) s: $(grep -vc '^go: ' "$partial/log" || true) packages compiled"
    fi
  done
  wait "$compiler" || { grep -v '^[a-z0-9./_-]*$' "$partial/log" >&2 || true; fail "go build failed in e2e/$folder; its messages are above"; }
  compiler=
  say "  built after $((SECONDS - started)) s"
}

# The programs of one go.mod file are kept in a folder of their own, so that a change in it does not build the others again.
add() { # FOLDER SUFFIX MODULE LDFLAGS PACKAGE...: the programs, named with the suffix
  local folder=$1 suffix=$2 key kept program; shift 2
  key=$({ cat "$e2e/$folder/go.mod" "$e2e/$folder/go.sum"; printf '%s\n' "$@"; } | sha256sum | cut -c1-12)
  kept=$cache/module-$key
  if [ ! -d "$kept" ]; then
    mkdir "$partial/module"
    compile "$folder" "$@"
    mv -T "$partial/module" "$kept"
  fi
  for program in "$kept"/*; do ln "$program" "$partial/tools/${program##*/}$suffix"; done
}

add_kubernetes() { # FOLDER SUFFIX PACKAGE...
  local folder=$1 suffix=$2 stamp=k8s.io/component-base/version wanted minor; shift 2
  wanted=$(version "$folder" k8s.io/kubernetes)
  minor=${wanted#v1.}; minor=${minor%%.*}
  # Unset, the version would be nonsense, and the components refuse to work with each other.
  add "$folder" "$suffix" k8s.io/kubernetes "-X $stamp.gitVersion=$wanted -X $stamp.gitMajor=1 -X $stamp.gitMinor=$minor" "${@/#/cmd/}"
}

say "Building what is not in $cache yet: minutes the first time, then never again."
add_kubernetes . "" kubectl
add helm "" helm.sh/helm/v4 "-X helm.sh/helm/v4/internal/version.version=$(version helm helm.sh/helm/v4)" cmd/helm
if [ "$cluster" = own ]; then
  add_kubernetes . "" kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubelet
  add_kubernetes kubernetes-1.34 -1.34 kube-apiserver kube-controller-manager
  add helm3 3 helm.sh/helm/v3 "-X helm.sh/helm/v3/internal/version.version=$(version helm3 helm.sh/helm/v3)" cmd/helm
  add kwok "" sigs.k8s.io/kwok "" cmd/kwok
  # What its fake kubelet does is told by files of the same module, the name of which differ from version to version.
  stages=$(cd "$e2e/kwok" && go list -mod=readonly -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
  for stage in "$stages"/{node,pod}/fast/{node,pod}-*.yaml; do
    [ ! -f "$stage" ] || { cat "$stage"; printf -- '---\n'; }
  done >"$partial/tools/kwok-stages.yaml"
  gcc -static -O2 -o "$partial/tools/pause" "$cluster_dir/pause.c"
fi

mv -T "$partial/tools" "$tools"
say "All programs are there after $SECONDS s."
printf '%s\n' "$tools"
