#!/usr/bin/env bash
# Brings build/images/*.tar into the running cluster; one that is there already, unchanged, is left alone.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../cluster/paths.sh"
[ $# -eq 0 ] || fail "unexpected argument '$1': this script takes none"

if [ "$cluster" = current ]; then
  say "CLUSTER=current: nothing is loaded for you. The cluster must have the images of build/images/*.tar: load them into its nodes
(for example 'kind load image-archive build/images/graceful-operator.tar', or 'docker load -i' on each node), or push them to a
registry that it reaches and set IMAGE_PREFIX to that registry's path."
  exit 0
fi
[ -S "$run/containerd.sock" ] || fail "the cluster is not up: start it with e2e/cluster/up.sh"
need ctr sha256sum
shopt -s nullglob
tars=("$build"/images/*.tar)
[ ${#tars[@]} -gt 0 ] || fail "there are no images in build/images: build them with e2e/images/build.sh"

# What was imported is noted in the cluster's own folder, so that a new cluster starts with an empty list.
imported=$state/imported
mkdir -p "$imported"
for tar in "${tars[@]}"; do
  image=$(basename "$tar" .tar)
  digest=$(sha256sum <"$tar")
  if [ "$(cat "$imported/$image" 2>/dev/null)" = "$digest" ]; then say "$image is loaded already"; continue; fi
  started=$SECONDS
  ctr -a "$run/containerd.sock" -n k8s.io images import "$tar" >/dev/null
  printf '%s\n' "$digest" >"$imported/$image"
  say "$image loaded in $((SECONDS - started)) s"
done
