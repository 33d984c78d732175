#!/usr/bin/env bash
# Builds the image of the Dockerfile without Docker: with buildah, and with base images that are made here of Debian's packages
# and of this machine's JDK and Maven, as no registry need be reached. Then starts what came of it. Debian and root only.
# The result is build/dockerfile/graceful-operator.tar, with the tag "dockerfile".
set -euo pipefail
shopt -s inherit_errexit
. "$(dirname "${BASH_SOURCE[0]}")/../cluster/paths.sh"
[ $# -eq 0 ] || fail "unexpected argument '$1': this script takes none"
[ "$(id -u)" = 0 ] || fail "building in a chroot needs root: run it with sudo"
need apt-get buildah dpkg-deb flock mvn
jdk=$("$cluster_dir/java-home.sh")

mkdir -p "$build/dockerfile" "$cache"
work=$(mktemp -d "$build/dockerfile/work.XXXXXX")
# The base images and the Maven repository of the build are kept; buildah has the latter in its folder for temporary files.
kept=$cache/buildah
mkdir -p "$kept/tmp" "$work/run"
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot TMPDIR=$kept/tmp
run_buildah() { buildah --root "$kept/storage" --runroot "$work/run" "$@"; }
container=
clean_up() {
  [ -z "$container" ] || run_buildah rm "$container" >/dev/null 2>&1 || true
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
exec 9>"$kept/lock"
flock -n 9 || { say "Another build of the Dockerfile is running; waiting for it."; flock 9; }

# Of the packages' files alone, without their scripts: nothing of this machine is changed.
unpack() { # ROOT PACKAGE...
  local root=$1 package; shift
  mkdir -p "$work/packages" "$root"/usr/{bin,sbin,lib,lib64}
  for package in bin sbin lib lib64; do ln -s "usr/$package" "$root/$package"; done
  (cd "$work/packages" && apt-get -qq -o APT::Sandbox::User=root download "$@" >/dev/null) || fail "apt-get could not fetch some of ${*}: try 'apt-get update'"
  # dpkg-deb would put a folder in place of /lib, which is a link.
  for package; do dpkg-deb --fsys-tarfile "$work/packages/$package"_*.deb | tar -x --keep-directory-symlink -C "$root"; done
}
base_image() { # NAME ROOT [ENVIRONMENT...]
  local name=$1 root=$2 base setting; shift 2
  base=$(run_buildah from scratch)
  run_buildah copy --quiet "$base" "$root" / >/dev/null
  for setting; do run_buildah config --env "$setting" "$base"; done
  run_buildah commit --quiet --rm "$base" "localhost/$name" >/dev/null
}
make_bases() {
  # What distroless/base-nossl has.
  unpack "$work/runtime" base-files libc6 netbase tzdata
  base_image graceful-runtime-base "$work/runtime"
  # What runs a shell script, Maven and jlink.
  unpack "$work/build" base-files libc6 bash dash coreutils findutils grep sed libacl1 libattr1 libgmp10 libpcre2-8-0 libselinux1 \
    libtinfo6 netbase
  local root=$work/build
  ln -s dash "$root/usr/bin/sh" 2>/dev/null || true
  mkdir -p "$root/opt/jdk" "$root/opt/maven" "$root/root" "$root/tmp"
  chmod 1777 "$root/tmp"
  cp -rL "$jdk/." "$root/opt/jdk/"
  cp -rL "$(dirname "$(dirname "$(readlink -f "$(command -v mvn)")")")/." "$root/opt/maven/"
  printf 'root:x:0:0::/root:/bin/sh\n' >"$root/etc/passwd"
  base_image graceful-build-base "$root" PATH=/opt/maven/bin:/opt/jdk/bin:/usr/bin:/usr/sbin JAVA_HOME=/opt/jdk
}

# They stay the same for as long as the JDK, Maven and Debian's C library do.
key=$({ cat "$jdk/release" "$0"; mvn --version | sed -n 1p; dpkg-query -W libc6; } | sha256sum | cut -c1-12)
if [ "$(cat "$kept/bases" 2>/dev/null)" != "$key" ]; then
  say "Making the base images"
  make_bases
  printf '%s\n' "$key" >"$kept/bases"
  say "  made after $SECONDS s"
fi

started=$SECONDS
say "Building the Dockerfile with $(buildah --version | cut -d' ' -f1-3)"
image=localhost/graceful-operator:dockerfile
run_buildah build --network host --build-arg BUILD_IMAGE=localhost/graceful-build-base --build-arg RUNTIME_IMAGE=localhost/graceful-runtime-base \
  --pull-never --tag "$image" "$checkout" >"$build/dockerfile/log" 2>&1 || { tail -n 30 "$build/dockerfile/log" >&2; fail "buildah could not build the Dockerfile; its last lines are above"; }
say "  built after $((SECONDS - started)) s"

# In a chroot of the image, as its user, the operator starts and comes as far as looking for its cluster, which it does not find.
container=$(run_buildah from --pull-never "$image")
started=$SECONDS
operator=0
timeout 60 buildah --root "$kept/storage" --runroot "$work/run" run --env KUBERNETES_MASTER=https://127.0.0.1:1 "$container" -- \
  /opt/java/bin/java @/app/java.options >"$work/operator.log" 2>&1 || operator=$?
grep -q '127.0.0.1:1\b' "$work/operator.log" || { tail -n 30 "$work/operator.log" >&2; fail "the image's operator does not start (exit code $operator); its last lines are above"; }
say "  its operator starts, and asked for its cluster within $((SECONDS - started)) s"

archive=$build/dockerfile/graceful-operator.tar
rm -f "$archive"
run_buildah push --quiet "$image" "docker-archive:$archive:$image" >/dev/null
say "The image $image is in ${archive#"$checkout/"}"
# What the tag named before.
run_buildah rm "$container" >/dev/null
container=
run_buildah rmi --prune >/dev/null 2>&1 || true
