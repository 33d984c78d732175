#!/usr/bin/env bash
# Builds the images into build/images/*.tar, without a container engine.
#   build.sh [IMAGE...]   IMAGE is operator, server or load; without one, all of them
#   VERSION=0.1.0         the operator image's tag
# The operator's jars must have been built before (mvn package).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../cluster/paths.sh"
images=$build/images
version=${VERSION:-0.1.0}
[[ $version =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]] || fail "VERSION=$version cannot be an image's tag: use letters, digits, '.', '_' and '-'"
wanted=("$@")
[ $# -gt 0 ] || wanted=(operator server load)
for image in "${wanted[@]}"; do
  case $image in operator | server | load) ;; *) fail "the image '$image' is not known: choose from operator, server, load" ;; esac
done
need ldd python3
mkdir -p "$images" "$cache"

work=$(mktemp -d "$images/work.XXXXXX")
trap 'rm -rf "$work"' EXIT

pack() { "$e2e/images/pack.py" "$@"; }

# A dynamically linked program brings the machine's C library along.
with_libraries() { # ROOT FILE...
  local root=$1 library; shift
  ldd "$@" 2>/dev/null | grep -oE '/[^ ]+\.so[^ ]*' | sort -u | while read -r library; do
    case $library in "$root"/*) continue ;; esac   # one of the program's own
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
}
with_user() { # ROOT: the unprivileged user, and a folder for temporary files
  mkdir -p "$1/etc" "$1/tmp"
  printf 'root:x:0:0::/:/sbin/nologin\napp:x:10001:10001::/tmp:/sbin/nologin\n' >"$1/etc/passwd"
  printf 'root:x:0:\napp:x:10001:\n' >"$1/etc/group"
  printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
}

modules=java.base,java.logging,java.management,java.naming,java.net.http,java.sql,jdk.management,jdk.unsupported,jdk.zipfs
runtime_layer() { # prints the tar of the Java runtime, which is built once for each JDK
  local jdk tar
  jdk=$("$cluster_dir/java-home.sh") || exit 1
  tar=$cache/java-$({ cat "$jdk/release"; sed -n '/^with_libraries/,/^}/p; /^with_user/,/^}/p; /^modules=/,/^}/p' "$e2e/images/build.sh"; cat "$e2e/images/pack.py"; } | sha256sum | cut -c1-12).tar
  if [ ! -e "$tar" ]; then
    say "Linking a Java runtime from $(sed -n 's/^IMPLEMENTOR="\(.*\)"/\1/p' "$jdk/release") $(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$jdk/release")"
    local root=$work/runtime
    mkdir -p "$root/opt"
    "$jdk/bin/jlink" --add-modules "$modules" --output "$root/opt/java" --strip-java-debug-attributes --no-header-files --no-man-pages \
      --generate-cds-archive >&2
    mapfile -d '' -t programs < <(find "$root/opt/java" \( -name '*.so' -o -path '*/bin/*' \) -type f -print0)
    with_libraries "$root" "${programs[@]}"
    with_user "$root"
    pack --layer "$root" --only-layer --out "$tar"
  fi
  printf '%s\n' "$tar"
}

build_operator() {
  local jars=$checkout/target/quarkus-app runtime
  [ -e "$jars/quarkus-run.jar" ] || fail "target/quarkus-app/quarkus-run.jar is missing: build the operator first, with mvn package"
  runtime=$(runtime_layer) || exit 1
  mkdir -p "$work/operator"
  cp -r "$jars" "$work/operator/app"
  # The second compiler only costs here: without it the start takes 1.6 s instead of 2.1 s, and 124 MB instead of 157 MB.
  pack --name "graceful-operator:$version" --out "$images/graceful-operator.tar" --user 10001:10001 --directory /app \
    --layer "$runtime" --layer "$work/operator" \
    --entrypoint /opt/java/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError \
    -Djava.util.logging.manager=org.jboss.logmanager.LogManager -jar /app/quarkus-run.jar
}

build_server() {
  need npm
  local apps=$build/apps node root=$work/server
  [ -e "$e2e/apps/server.js" ] || { say "  skipped: e2e/apps/server.js is missing"; return; }
  # npm runs beside the sources, not in them: it would leave its node_modules there.
  mkdir -p "$apps"
  if ! cmp -s "$e2e/apps/package-lock.json" "$apps/package-lock.json" || [ ! -e "$apps/installed" ]; then
    rm -f "$apps/installed"
    cp "$e2e/apps/package.json" "$e2e/apps/package-lock.json" "$apps/"
    (cd "$apps" && npm ci --no-audit --no-fund --loglevel=error >&2)
    touch "$apps/installed"
  fi
  node=$(find "$apps/node_modules" -path '*/bin/node' -type f -perm -u+x | head -n 1)
  [ -n "$node" ] || fail "npm installed no Node.js for $(uname -m): it must be an optional dependency in e2e/apps/package.json"
  mkdir -p "$root/usr/local/bin" "$root/app"
  cp "$node" "$root/usr/local/bin/node"
  with_libraries "$root" "$node"
  with_user "$root"
  (cd "$e2e/apps" && find . -name node_modules -prune -o -name test -prune -o -type f -print0 | xargs -0 cp --parents -t "$root/app")
  pack --name graceful-e2e-server:1 --out "$images/graceful-e2e-server.tar" --user 10001:10001 --directory /app \
    --layer "$root" --entrypoint /usr/local/bin/node /app/server.js
}

build_load() {
  need go
  local root=$work/load
  [ -e "$e2e/load/main.go" ] || { say "  skipped: e2e/load/main.go is missing"; return; }
  mkdir -p "$root"
  (cd "$e2e/load" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$root/load" .)
  if [ -e "$e2e/load/faults/main.go" ]; then
    (cd "$e2e/load" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$root/faults" ./faults)
  fi
  pack --name graceful-e2e-load:1 --out "$images/graceful-e2e-load.tar" --user 10001:10001 --layer "$root" --entrypoint /load
}

for image in "${wanted[@]}"; do
  started=$SECONDS
  say "Building the image of the $image"
  "build_$image"
  say "  done in $((SECONDS - started)) s"
done
