#!/usr/bin/env bash
# Brings image archives into the running cluster; one that is there already, unchanged, is left alone.
#   load.sh [ARCHIVE...]     without one, all of build/images
#   load.sh --check          brings nothing, and fails where the next call would: before anything is built
#   CLUSTER=current          the kubeconfig's cluster: kind, k3d, minikube and Docker Desktop get the images by their own programs
#   IMAGE_PREFIX=HOST/PATH   pushes them to that registry, with skopeo or crane, for nodes that pull from there
#   IMAGES_LOADED=1          brings nothing: you have brought them there yourself
set -euo pipefail
shopt -s inherit_errexit nullglob
. "$(dirname "${BASH_SOURCE[0]}")/../cluster/paths.sh"
check=
if [ "${1:-}" = --check ]; then check=1; shift; fi
case ${1:-} in -*) fail "the option '$1' is not known: say --check, or name archives" ;; esac
archives=("$@")

has() { command -v "$1" >/dev/null; }
in_turn() { # COMMAND...: with each archive after it
  local archive started
  for archive in "${archives[@]}"; do
    started=$SECONDS
    "$@" "$archive" >&2 || fail "'$* $archive' failed; what it said is above"
    say "$(basename "$archive" .tar) loaded in $((SECONDS - started)) s"
  done
}
find_archives() {
  [ ${#archives[@]} -gt 0 ] || archives=("$build"/images/*.tar)
  [ ${#archives[@]} -gt 0 ] || fail "there are no images in build/images: build them with e2e/images/build.sh"
  local archive
  for archive in "${archives[@]}"; do [ -f "$archive" ] || fail "there is no archive $archive: build it with e2e/images/build.sh"; done
}

# --- A cluster that is somebody's ----------------------------------------------------------------------------------------
# Read without kubectl, which may not be there yet.
current_context() {
  local file files
  IFS=: read -ra files <<<"${KUBECONFIG:-$HOME/.kube/config}"
  for file in "${files[@]}"; do
    [ ! -r "$file" ] || sed -nE "s/^\"?current-context\"?: *[\"']?([^\"',]*)[\"']?,? *$/\1/p" "$file"
  done | sed -n 1p
}
push() { # PREFIX ARCHIVE
  local name
  name=$(tar -xOf "$2" manifest.json | sed -nE 's/.*"RepoTags": *\["([^"]+)".*/\1/p')
  name=${1%/}/${name#localhost/}
  if has skopeo; then skopeo copy --quiet "docker-archive:$2" "docker://$name"; else crane push "$2" "$name"; fi
}
way=() # the command that an archive's path is given to
choose_way() {
  local context
  if [ "${IMAGES_LOADED:-}" = 1 ]; then way=(:); return; fi
  if [ -n "${IMAGE_PREFIX:-}" ]; then
    has skopeo || has crane || fail "IMAGE_PREFIX=$IMAGE_PREFIX, but there is neither skopeo nor crane to push with: install one (on Debian: apt-get install skopeo), \
or push build/images/*.tar yourself and set IMAGES_LOADED=1"
    way=(push "$IMAGE_PREFIX")
    return
  fi
  context=$(current_context)
  [ -n "$context" ] || fail "CLUSTER=current, but the kubeconfig has no current context: choose one with 'kubectl config use-context'"
  case $context in
    kind-*) if has kind; then way=(kind load image-archive --name "${context#kind-}"); fi ;;
    k3d-*) if has k3d; then way=(k3d image import --cluster "${context#k3d-}"); fi ;;
    docker-desktop) if has docker; then way=(docker load --input); fi ;;
    *) if has minikube && minikube --profile "$context" status >/dev/null 2>&1; then way=(minikube --profile "$context" image load); fi ;;
  esac
  [ ${#way[@]} -gt 0 ] || fail "nothing here can bring images to the nodes of '$context'. Set IMAGE_PREFIX=REGISTRY/PATH to a registry that they pull from (this is what it does:
  skopeo copy docker-archive:build/images/graceful-operator.tar docker://REGISTRY/PATH/graceful-operator:0.1.0
and the same for each archive of build/images); or put the program that made the cluster (kind, k3d, minikube) on the PATH; or load the
archives into each node yourself ('ctr -n k8s.io images import ARCHIVE') and set IMAGES_LOADED=1"
}
if [ "$cluster" = current ]; then
  choose_way
  [ -z "$check" ] || exit 0
  find_archives
  if [ "${way[0]}" = : ]; then say "IMAGES_LOADED=1: no image is loaded for you."; else in_turn "${way[@]}"; fi
  exit 0
fi

# --- The project's own ---------------------------------------------------------------------------------------------------
[ -z "$check" ] || exit 0
[ -S "$run/containerd.sock" ] || fail "the cluster is not up: start it with e2e/cluster/up.sh"
need ctr sha256sum
find_archives
# What was imported is noted in the cluster's own folder, so that a new cluster starts with an empty list.
imported=$state/imported
mkdir -p "$imported"
for archive in "${archives[@]}"; do
  image=$(basename "$archive" .tar)
  digest=$(sha256sum <"$archive")
  if [ "$(cat "$imported/$image" 2>/dev/null)" = "$digest" ]; then say "$image is loaded already"; continue; fi
  started=$SECONDS
  ctr -a "$run/containerd.sock" -n k8s.io images import "$archive" >/dev/null
  printf '%s\n' "$digest" >"$imported/$image"
  say "$image loaded in $((SECONDS - started)) s"
done
