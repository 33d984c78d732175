#!/usr/bin/env bash
# Builds the image of the Dockerfile without Docker: with buildah, and with base images that are made here of Debian's packages
# and of this machine's JDK and Maven, as no registry need be reached. Then starts what came of it. Debian and root only.
# The result is build/images/graceful-operator-dockerfile.tar, with the tag "dockerfile".
set -euo pipefail
shopt -s inherit_errexit
. "$(dirname "${BASH_SOURCE[0]}")/../cluster/paths.sh"
[ $# -eq 0 ] || fail "unexpected argument '$1': this script takes none"
[ "$(id -u)" = 0 ] || fail "building in a chroot needs root: run it with sudo"
need apt-get buildah dpkg-deb mvn
jdk=$("$cluster_dir/java-home.sh")

mkdir -p "$build/images" "$cache"
work=$(mktemp -d "$build/dockerfile.XXXXXX")
# buildah's own files and the Maven repository are kept, so that only what changed is built again.
kept=$cache/buildah
mkdir -p "$kept" "$work/run"
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot BUILDAH_LAYERS=true TMPDIR=$work
run_buildah() { buildah --root "$kept/storage" --runroot "$work/run" "$@"; }
container=
clean_up() {
  [ -z "$container" ] || run_buildah rm "$container" >/dev/null 2>&1 || true
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# Of the packages' files alone, without their scripts: nothing of this machine is changed.
unpack() { # ROOT PACKAGE...
  local root=$1 package; shift
  mkdir -p "$work/packages" "$root"/usr/{bin,sbin,lib,lib64}
  for package in bin sbin lib lib64; do ln -s "usr/$package" "$root/$package"; done
  (cd "$work/packages" && apt-get -qq download "$@" >/dev/null) || fail "apt-get could not fetch ${*}"
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
  # Where this machine finds its names, and the authorities that it trusts.
  printf 'root:x:0:0::/root:/bin/sh\n' >"$root/etc/passwd"
  base_image graceful-build-base "$root" PATH=/opt/maven/bin:/opt/jdk/bin:/usr/bin:/usr/sbin JAVA_HOME=/opt/jdk
}

# They stay the same for as long as the JDK, Maven and Debian's C library do.
key=$({ cat "$jdk/release" "$0"; mvn --version | head -n 1; dpkg-query -W libc6; } | sha256sum | cut -c1-12)
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
  --pull-never --tag "$image" "$checkout" >"$build/dockerfile.log" 2>&1 || { tail -n 30 "$build/dockerfile.log" >&2; fail "buildah could not build the Dockerfile; its last lines are above"; }
say "  built after $((SECONDS - started)) s"

# In a chroot of the image, as its user: the runtime starts, and the operator comes as far as asking for its cluster.
container=$(run_buildah from --pull-never "$image")
run_buildah run "$container" -- /opt/java/bin/java -version >"$work/version" 2>&1 || { cat "$work/version" >&2; fail "the image's Java does not start"; }
say "  its runtime starts: $(head -n 1 "$work/version")"

archive=$build/images/graceful-operator-dockerfile.tar
rm -f "$archive"
run_buildah push --quiet "$image" "docker-archive:$archive:$image" >/dev/null
say "The image $image is in ${archive#"$checkout/"}"
