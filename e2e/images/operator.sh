#!/usr/bin/env bash
# Builds the operator and its image, build/images/graceful-operator.tar, and says what to do with it. No test is run, and
# no container engine, root, Go or Helm is needed. Where there is Docker, `docker build .` needs nothing else.
#   VERSION=0.1.0   the image's tag
set -euo pipefail
shopt -s inherit_errexit
. "$(dirname "${BASH_SOURCE[0]}")/../cluster/paths.sh"
[ $# -eq 0 ] || fail "unexpected argument '$1': this script takes none (a setting is VERSION=0.1.0)"
version=${VERSION:-0.1.0}
maven_wanted=3.8.7   # what pom.xml asks for

unmet=()
has() { command -v "$1" >/dev/null; }
not_older() { [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; } # VERSION WANTED
JAVA_HOME=$("$cluster_dir/java-home.sh" 2>/dev/null) || JAVA_HOME=
export JAVA_HOME
# Some distributions keep apart what jlink takes the modules from.
links() { [ -x "$JAVA_HOME/bin/jlink" ] && { [ -d "$JAVA_HOME/jmods" ] || "$JAVA_HOME/bin/jlink" --help | grep 'run-time image enabled' >/dev/null; }; }

[[ $version =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]] || unmet+=("VERSION=$version cannot be an image's tag: use letters, digits, '.', '_' and '-'")
# The image gets the C library of this machine.
[ "$(uname -s)" = Linux ] || unmet+=("this is $(uname -s), and the image is made of a Linux machine's own libraries: use 'docker build .' here")
if [ -z "$JAVA_HOME" ]; then
  unmet+=("no JDK 25 was found: install one (for example Temurin 25), and set JAVA_HOME if it is in an unusual place")
elif ! links; then
  unmet+=("the JDK in $JAVA_HOME cannot link a runtime: install its jlink and jmods (Temurin 25 has both)")
fi
if ! has mvn; then
  unmet+=("Maven (mvn) is missing: install $maven_wanted or newer (on Debian: apt-get install maven)")
elif [ -n "$JAVA_HOME" ]; then
  maven=$(mvn --version 2>/dev/null | sed -nE 's/.*Apache Maven ([0-9.]+).*/\1/p') || true
  not_older "${maven:-0}" "$maven_wanted" || unmet+=("Maven ${maven:-of an unknown version} is too old: install $maven_wanted or newer")
fi
has python3 || unmet+=("python3 is missing: install it (on Debian: apt-get install python3)")
has ldd || unmet+=("ldd is missing: install it (on Debian: apt-get install libc-bin)")
if [ ${#unmet[@]} -gt 0 ]; then
  for line in "${unmet[@]}"; do printf 'make image: %s\n' "$line" >&2; done
  exit 1
fi

cd "$checkout"
mkdir -p "$build"
log=$build/image.log
maven=
trap '[ -z "$maven" ] || kill "$maven" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM

say "Building the operator with Maven. The first time it fetches about 240 MB: one to three minutes."
mvn -B package -Dmaven.test.skip=true -Dspotless.check.skip >"$log" 2>&1 &
maven=$!
said=0
while kill -0 "$maven" 2>/dev/null; do
  sleep 1
  ((SECONDS - said >= 10)) || continue
  said=$SECONDS
  goal=$(sed -nE 's/^\[INFO\] --- ([^:]+):[^:]+:([^ ]+) .*/\1:\2/p' "$log" | tail -n 1)
  say "  $SECONDS s: $(grep -c '^\[INFO\] Downloaded from ' "$log" || true) files fetched; now ${goal:-reading pom.xml}"
done
wait "$maven" || { grep '^\[ERROR\]' "$log" | head -n 20 >&2; maven=; fail "Maven failed; its first messages are above, and all of them in build/image.log"; }
maven=
say "  built after $SECONDS s"

"$e2e/images/build.sh" operator

archive=build/images/graceful-operator.tar
tag=
[ "$version" = 0.1.0 ] || tag=" --set image.tag=$version"
say "
The image localhost/graceful-operator:$version is in $archive. Bring it to your cluster, for example by
  kind load image-archive $archive
  minikube image load $archive
  docker load -i $archive
and install the chart with --set image.repository=localhost/graceful-operator$tag
or push it to a registry that your nodes can reach, and install the chart with --set image.repository=REGISTRY/graceful-operator$tag
  skopeo copy docker-archive:$archive docker://REGISTRY/graceful-operator:$version"
