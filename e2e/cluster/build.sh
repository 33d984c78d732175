#!/usr/bin/env bash
# Builds Kubernetes, kubectl and Helm from their Go modules, once for each version of the go.mod files.
# Prints the folder that holds them.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"
[ $# -eq 0 ] || fail "unexpected argument '$1': this script takes none"

kubernetes=(kubectl)
[ "$cluster" = current ] || kubernetes+=(kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubelet)
programs=("${kubernetes[@]}" helm)

if [ -d "$tools" ]; then printf '%s\n' "$tools"; exit 0; fi
need go flock
[ "$cluster" = current ] || need gcc

mkdir -p "$cache"
exec 9>"$cache/tools.lock"
flock -n 9 || { say "Another build of the tools is running; waiting for it."; flock 9; }
if [ -d "$tools" ]; then printf '%s\n' "$tools"; exit 0; fi

rm -rf "$cache"/partial.*   # of a build that was killed
partial=$(mktemp -d "$cache/partial.XXXXXX")
compiler=
clean_up() {
  [ -z "$compiler" ] || kill "$compiler" 2>/dev/null || true
  rm -rf "$partial"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

count() { find "$partial" -maxdepth 1 -type f -perm -u+x | wc -l; }

compile() { # MODULE-DIR LDFLAGS PACKAGE...
  local dir=$1 flags=$2 started=$SECONDS; shift 2
  # -v names each package as it is compiled, which is the only progress that Go shows.
  (cd "$dir" && CGO_ENABLED=0 GOFLAGS=-mod=readonly exec go build -v -trimpath -buildvcs=false -ldflags "-s -w $flags" -o "$partial/" "$@") \
    >"$partial/log" 2>&1 9>&- &
  compiler=$!
  local told=$SECONDS
  while kill -0 "$compiler" 2>/dev/null; do
    sleep 1
    if ((SECONDS - told >= 15)); then
      told=$SECONDS
      say "  $((SECONDS - started)) s: $(grep -vc '^go: ' "$partial/log" || true) packages compiled, $(count) of ${#programs[@]} programs done"
    fi
  done
  wait "$compiler" || { grep -v '^[a-z0-9./_-]*$' "$partial/log" >&2 || true; fail "go build failed in ${dir#"$checkout"/}; its messages are above"; }
  compiler=
}

version() { awk -v module="$2" '$1 == "require" {sub("require ", "")} $1 == module {print $2; exit}' "$1/go.mod"; }

kubernetes_version=$(version "$e2e" k8s.io/kubernetes)
helm_version=$(version "$e2e/helm" helm.sh/helm/v4)
minor=${kubernetes_version#v1.}; minor=${minor%%.*}

say "Building ${programs[*]} (Kubernetes $kubernetes_version, Helm $helm_version): minutes the first time, then never again."
# Unset, the version would be nonsense, and the components refuse to work with each other.
stamp=k8s.io/component-base/version
compile "$e2e" "-X $stamp.gitVersion=$kubernetes_version -X $stamp.gitMajor=1 -X $stamp.gitMinor=$minor" \
  "${kubernetes[@]/#/k8s.io/kubernetes/cmd/}"
say "Kubernetes built after $SECONDS s."
compile "$e2e/helm" "-X helm.sh/helm/v4/internal/version.version=$helm_version" helm.sh/helm/v4/cmd/helm
[ "$cluster" = current ] || gcc -static -O2 -o "$partial/pause" "$cluster_dir/pause.c"
rm "$partial/log"

chmod 755 "$partial"
mv -T "$partial" "$tools"
say "All ${#programs[@]} programs built after $SECONDS s."
printf '%s\n' "$tools"
