#!/usr/bin/env bash
# Builds the images into build/images/*.tar, without a container engine.
#   build.sh [IMAGE...]   IMAGE is operator, load, server, node18, shell, postgres, servers, nginx or php; without one, all of them
#   VERSION=0.1.0         the operator image's tag
# The operator's jars must have been built before (mvn package).
set -euo pipefail
shopt -s inherit_errexit
. "$(dirname "${BASH_SOURCE[0]}")/../cluster/paths.sh"
images=$build/images
version=${VERSION:-0.1.0}
[[ $version =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]] || fail "VERSION=$version cannot be an image's tag: use letters, digits, '.', '_' and '-'"
known=(operator load server node18 shell postgres servers nginx php)
wanted=("$@")
[ $# -gt 0 ] || wanted=("${known[@]}")
for image in "${wanted[@]}"; do
  case " ${known[*]} " in *" $image "*) ;; *) fail "the image '$image' is not known: choose from ${known[*]}" ;; esac
done
need ldd python3
mkdir -p "$images" "$cache"

work=$(mktemp -d "$images/work.XXXXXX")
trap 'rm -rf "$work"' EXIT

pack() { "$e2e/images/pack.py" "$@"; }

# A dynamically linked program brings the machine's C library along.
with_libraries() { # ROOT FILE...
  local root=$1 library; shift
  { ldd "$@" 2>/dev/null || true; } | sed -nE '/:$/d; s#.* (/[^ ]+\.so[^ ]*).*#\1#p; s#^\s*(/[^ ]+\.so[^ ]*).*#\1#p' | sort -u | while read -r library; do
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

# What is the same from build to build is a layer of its own, and kept for as long as what it is made from stays the same.
kept_layer() { # NAME FUNCTION FILE...: prints the tar of what FUNCTION puts into the folder that it is given; FILEs are its inputs
  local kept_as=$1 fill=$2 tar; shift 2
  tar=$cache/$kept_as-$({ cat "$@" "$e2e/images/pack.py"; declare -f "$fill" with_libraries with_user with_shell compile_python; printf '%s\n' "$java_modules"; } |
    sha256sum | cut -c1-12).tar
  if [ ! -e "$tar" ]; then
    mkdir -p "$work/$kept_as"
    "$fill" "$work/$kept_as" >&2
    pack --layer "$work/$kept_as" --only-layer --out "$tar"
  fi
  printf '%s\n' "$tar"
}
with_shell() { # ROOT
  mkdir -p "$1/bin" "$1/usr/bin"
  cp "$(command -v dash)" "$1/bin/sh"
  cp "$(command -v env)" "$(command -v sleep)" "$1/usr/bin/"
  with_libraries "$1" "$1/bin/sh" "$1/usr/bin/env" "$1/usr/bin/sleep"
}

java_modules=
fill_java() { # ROOT
  local jdk programs
  jdk=$("$cluster_dir/java-home.sh")
  say "Linking a Java runtime from $(sed -n 's/^IMPLEMENTOR="\(.*\)"/\1/p' "$jdk/release") $(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$jdk/release")"
  mkdir -p "$1/opt"
  "$checkout/src/main/docker/jlink.sh" "$jdk" "$1/opt/java" "$java_modules"
  mapfile -d '' -t programs < <(find "$1/opt/java" \( -name '*.so' -o -path '*/bin/*' \) -type f -print0)
  with_libraries "$1" "${programs[@]}"
  with_user "$1"
}
java_layer() { # NAME [MODULES]: without them, those that the operator needs
  local java_modules=${2:-} jdk
  jdk=$("$cluster_dir/java-home.sh")
  kept_layer "$1" fill_java "$jdk/release" "$checkout/src/main/docker/jlink.sh"
}

build_operator() {
  local jars=$checkout/target/quarkus-app runtime
  [ -e "$jars/quarkus-run.jar" ] || fail "target/quarkus-app/quarkus-run.jar is missing: build the operator first, with mvn package"
  runtime=$(java_layer java)
  mkdir -p "$work/operator"
  cp -r "$jars" "$work/operator/app"
  cp "$checkout/src/main/docker/java.options" "$work/operator/app/"
  pack --name "localhost/graceful-operator:$version" --out "$images/graceful-operator.tar" --user 10001:10001 --directory /app \
    --layer "$runtime" --layer "$work/operator" --entrypoint /opt/java/bin/java @/app/java.options
}

# npm runs beside the sources, not in them: it would leave its node_modules there.
npm_installed() { # FOLDER: prints a copy of it where what it depends on is installed
  local folder=$1 copy=$build/npm/${1##*/}
  need npm
  mkdir -p "$copy"
  if ! cmp -s "$folder/package-lock.json" "$copy/package-lock.json" || [ ! -e "$copy/installed" ]; then
    rm -f "$copy/installed"
    cp "$folder/package.json" "$folder/package-lock.json" "$copy/"
    (cd "$copy" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
    touch "$copy/installed"
  fi
  printf '%s\n' "$copy"
}

node_modules=
fill_node() { # ROOT
  local node
  node=$(find "$node_modules"/node-linux-*/bin/node -type f | head -n 1)
  [ -n "$node" ] || fail "npm installed no Node.js for $(uname -m): it must be an optional dependency in package.json"
  mkdir -p "$1/usr/local/bin"
  cp "$node" "$1/usr/local/bin/node"
  with_libraries "$1" "$node"
  with_user "$1"
}
node_layer() { # NAME FOLDER
  local copy
  copy=$(npm_installed "$2")
  local node_modules=$copy/node_modules
  kept_layer "$1" fill_node "$copy/package-lock.json"
}
fill_npm() { # ROOT
  with_shell "$1"
  mkdir -p "$1/usr/local/bin" "$1/usr/local/lib/node_modules"
  cp -r "$node_modules/npm" "$1/usr/local/lib/node_modules/"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/usr/local/bin/npm"
}
npm_layer() {
  local copy
  copy=$(npm_installed "$e2e/images/programs")
  local node_modules=$copy/node_modules
  kept_layer npm fill_npm "$copy/package-lock.json"
}

# The same apps in every image that has a Node.js.
app_folder() { # prints it
  local root=$work/app copy
  copy=$(npm_installed "$e2e/apps")
  if [ ! -e "$root" ]; then
    mkdir -p "$root/app/tls"
    (cd "$e2e/apps" && find . -name node_modules -prune -o -name test -prune -o -type f -print0 | xargs -0 cp --parents -t "$root/app")
    (cd "$copy" && find node_modules -mindepth 1 -maxdepth 1 ! -name 'node-linux-*' ! -name '.*' -print0 | xargs -0 cp -r --parents -t "$root/app")
    certificate
    cp "$build/tls/key.pem" "$build/tls/cert.pem" "$root/app/tls/"
  fi
  printf '%s\n' "$root"
}
certificate() { # makes $build/tls once, so that the image stays the same from build to build
  need openssl
  [ ! -e "$build/tls" ] || return 0
  mkdir "$work/tls"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=web \
    -keyout "$work/tls/key.pem" -out "$work/tls/cert.pem" 2>"$work/openssl.log" || { cat "$work/openssl.log" >&2; fail "openssl made no certificate"; }
  mv -T "$work/tls" "$build/tls"
}

pack_app() { # IMAGE LAYER...: the app on top of them
  local image=$1 app layers=(); shift
  app=$(app_folder)
  for layer; do layers+=(--layer "$layer"); done
  pack --name "graceful-e2e-$image:1" --out "$images/graceful-e2e-$image.tar" --user 10001:10001 --directory /app \
    --env NPM_CONFIG_UPDATE_NOTIFIER=false "${layers[@]}" --layer "$app" --entrypoint /usr/local/bin/node /app/server.js
}
build_server() {
  local node
  node=$(node_layer node22 "$e2e/apps")
  pack_app server "$node"
}
build_node18() {
  local node
  node=$(node_layer node18 "$e2e/images/programs")
  pack_app node18 "$node"
}
build_shell() {
  local node npm
  node=$(node_layer node22 "$e2e/apps")
  npm=$(npm_layer)
  pack_app shell "$node" "$npm"
}

fill_postgres() { # ROOT
  local home=$postgres_home share
  share=/usr/share/postgresql/${home##*/}
  with_shell "$1"
  mkdir -p "$1$home/bin" "$1$home/lib" "$1$share"
  cp "$home"/bin/{postgres,initdb,pg_isready,psql} "$1$home/bin/"
  cp "$home"/lib/{plpgsql,dict_snowball}.so "$1$home/lib/"
  # Conversions between encodings are looked for when the database is made.
  find "$home/lib" -name '*_and_*.so' -exec cp -t "$1$home/lib" {} +
  cp -rL "$share"/. "$1$share/"
  rm -rf "$1$share/man" "$1$share/extension"
  mkdir "$1$share/extension"
  cp -L "$share"/extension/plpgsql* "$1$share/extension/"
  with_libraries "$1" "$home"/bin/{postgres,initdb,pg_isready,psql}
  with_user "$1"
  mkdir -p "$1/usr/local/bin"
  cp "$e2e/images/postgres/start.sh" "$1/usr/local/bin/start"
}
build_postgres() {
  local postgres_home layer
  postgres_home=$(compgen -G '/usr/lib/postgresql/*' | sort -V | tail -n 1) ||
    fail "PostgreSQL is missing: run e2e/cluster/prerequisites.sh"
  layer=$(kept_layer postgres fill_postgres "$postgres_home/bin/postgres" "$e2e/images/postgres/start.sh")
  # At SIGTERM it would wait until the last client has gone by itself.
  pack --name graceful-e2e-postgres:1 --out "$images/graceful-e2e-postgres.tar" --user 10001:10001 --directory /tmp --stop-signal SIGINT \
    --env "PATH=$postgres_home/bin:/usr/bin:/bin" --layer "$layer" --entrypoint /bin/sh /usr/local/bin/start
}

fill_python() { # ROOT
  local program stdlib library
  program=$(python3 -c 'import sys; print(sys.executable)')
  stdlib=$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
  mkdir -p "$1/usr/local/bin" "$1/usr/local/lib/${stdlib##*/}"
  # It finds its library beside the folder that it lies in, wherever that is.
  cp -L "$program" "$1/usr/local/bin/python3"
  (cd "$stdlib" && find . \( -name __pycache__ -o -name test -o -name tests -o -name '*-packages' -o -name 'config-*' -o -name idlelib -o -name tkinter \
    -o -name lib2to3 -o -name ensurepip -o -name pydoc_data -o -name '_tkinter.*' \) -prune -o -type f -print0 | xargs -0 cp --parents -t "$1/usr/local/lib/${stdlib##*/}")
  with_libraries "$1" "$program" "$1/usr/local/lib/${stdlib##*/}"/lib-dynload/*.so
  # The C library looks for this one only when a thread ends.
  library=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p | awk '/libgcc_s\.so\.1 / && !found++ {print $NF}')
  cp -L "$library" "$1$(dirname "$library")/"
  with_user "$1"
  compile_python "$1/usr/local/lib"
}
# Without, each start compiles what it imports. By the sources' times Python could not know that they are the same: a layer has none.
compile_python() { # FOLDER
  python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash "$1" || true   # some of its own files are bad on purpose
}
fill_pip() { # ROOT
  mkdir -p "$1/app/packages"
  python3 -m pip install --quiet --no-deps --only-binary :all: --no-compile --disable-pip-version-check --root-user-action ignore \
    --target "$1/app/packages" --requirement "$e2e/servers/requirements.txt"
  compile_python "$1/app/packages"
}
build_servers() {
  need go
  local java python packages jdk root=$work/servers
  java=$(java_layer java-server java.base,java.logging,jdk.httpserver)
  python=$(kept_layer python fill_python "$(readlink -f "$(python3 -c 'import sys; print(sys.executable)')")")
  packages=$(kept_layer pip fill_pip "$e2e/servers/requirements.txt")
  jdk=$("$cluster_dir/java-home.sh")
  mkdir -p "$root/app"
  (cd "$e2e/servers" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$root/app/server" .)
  "$jdk/bin/javac" -d "$root/app" "$e2e/servers/Server.java"
  cp "$e2e"/servers/*.py "$root/app/"
  pack --name graceful-e2e-servers:1 --out "$images/graceful-e2e-servers.tar" --user 10001:10001 --directory /app \
    --env PYTHONPATH=/app/packages --layer "$java" --layer "$python" --layer "$packages" --layer "$root" --entrypoint /app/server
}

build_nginx() {
  local root=$work/nginx nginx
  nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || fail "nginx is missing: run e2e/cluster/prerequisites.sh"
  mkdir -p "$root/usr/sbin" "$root/usr/lib/nginx/modules" "$root/etc/nginx" "$root/var/lib/nginx" "$root/var/log/nginx"
  cp "$nginx" "$root/usr/sbin/nginx"
  cp /usr/lib/nginx/modules/ngx_http_echo_module.so "$root/usr/lib/nginx/modules/"
  cp "$e2e"/servers/{nginx,front}.conf "$root/etc/nginx/"
  with_libraries "$root" "$nginx" /usr/lib/nginx/modules/ngx_http_echo_module.so
  with_user "$root"
  # Two images that differ in what the container runtime sends them to end: nginx drops what it does at SIGTERM, and ends it at SIGQUIT.
  local tag signal
  for tag in 1:SIGTERM 2:SIGQUIT; do
    signal=${tag#*:} tag=${tag%:*}
    pack --name "graceful-e2e-nginx:$tag" --out "$images/graceful-e2e-nginx-$tag.tar" --user 10001:10001 --stop-signal "$signal" \
      --layer "$root" --entrypoint /usr/sbin/nginx -e stderr -c /etc/nginx/nginx.conf
  done
}

build_php() {
  local root=$work/php php
  php=$(compgen -G '/usr/sbin/php-fpm[0-9]*' | sort -V | tail -n 1) || fail "php-fpm is missing: run e2e/cluster/prerequisites.sh"
  mkdir -p "$root/usr/sbin" "$root/app"
  cp "$php" "$root/usr/sbin/php-fpm"
  cp "$e2e"/servers/php/* "$root/app/"
  with_libraries "$root" "$php"
  with_user "$root"
  # At SIGTERM it ends at once, whatever its workers have in hand; at SIGQUIT it answers that first.
  local tag signal
  for tag in 1:SIGTERM 2:SIGQUIT; do
    signal=${tag#*:} tag=${tag%:*}
    pack --name "graceful-e2e-php:$tag" --out "$images/graceful-e2e-php-$tag.tar" --user 10001:10001 --stop-signal "$signal" \
      --layer "$root" --entrypoint /usr/sbin/php-fpm --nodaemonize --fpm-config /app/php-fpm.conf
  done
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
