#!/usr/bin/env bash
# Builds what the demo starts, brings a cluster up, shows the demo, and takes the cluster down again, also after a failure.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
cd "$here/.."
[ $# -eq 0 ] || { echo "demo.sh: unexpected argument '$1': this script takes none (a setting is CLUSTER=current)" >&2; exit 1; }
JAVA_HOME=$("$here/cluster/java-home.sh")
export JAVA_HOME
logs=build/demo
archives=(build/images/{graceful-operator,graceful-e2e-server,graceful-e2e-load}.tar)
mkdir -p "$logs"

# --- Steps that go side by side, each with a log of its own -------------------------------------------------------------------
declare -A words process begun
running=()
said=$SECONDS
begin() { # NAME WORDS COMMAND...
  local name=$1; shift
  words[$name]=$1 begun[$name]=$SECONDS; shift
  set -m   # in a group of its own, by which all that it starts can be ended
  "$@" >"$logs/$name.log" 2>&1 </dev/null &
  process[$name]=$!
  set +m
  running+=("$name")
}
end_steps() {
  local name
  for name in "${running[@]}"; do kill -- "-${process[$name]}" 2>/dev/null || true; done
  running=()
}
clock() { printf '%2d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }
tell() { printf '%s  %s\n' "$(clock)" "$*"; }

finished() { # takes the steps out of the list that have ended; the first that failed ends the script
  local name still=()
  for name in "${running[@]}"; do
    if kill -0 "${process[$name]}" 2>/dev/null; then still+=("$name"); continue; fi
    if ! wait "${process[$name]}"; then
      tail -n 40 "$logs/$name.log" >&2
      echo "demo.sh: '${words[$name]}' failed after $((SECONDS - begun[$name])) s: the last lines of its log are above, all are in $logs/$name.log" >&2
      exit 1
    fi
    tell "${words[$name]}: done in $((SECONDS - begun[$name])) s"
  done
  running=("${still[@]}")
}
is_running() { case " ${running[*]} " in *" $1 "*) ;; *) return 1 ;; esac }
await() { # NAME...: until these have ended; every 15 s a line tells how far all are that go on
  local awaited name far
  for awaited; do
    while is_running "$awaited"; do
      sleep 0.5
      finished
      ((SECONDS - said >= 15)) && [ ${#running[@]} -gt 0 ] || continue
      said=$SECONDS far=
      for name in "${running[@]}"; do far+="${far:+; }$("far_$name")"; done
      tell "$far"
    done
  done
}

# --- What the demo is made of -------------------------------------------------------------------------------------------------
programs() { TELL_SECONDS=5 e2e/cluster/build.sh node; }
far_programs() { tail -n 1 "$logs/programs.log"; }

# One run of Maven for both, as each would look through all libraries again. It does not live long enough for its second compiler.
images() {
  MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${MAVEN_OPTS:-}" mvn -B package dependency:build-classpath -DskipTests \
    -Dspotless.check.skip -Dmdep.outputFile=build/test.classpath -Dmdep.includeScope=test
  e2e/images/build.sh operator server load
}
far_images() {
  awk -v seconds=$((SECONDS - begun[images])) -v files=1560 '   # so many Maven fetches where it has none
    { fetching = 0 }
    / Download(ing|ed) from / { fetching = 1 }
    / Downloaded from / { fetched++ }
    /^\[INFO\] --- / { at = $3; sub(/:[^:]*:/, " ", at) }
    /^Building the image/ { image = $0 }
    END {
      if (image) { print image; exit }
      printf "Maven"
      if (at != "") printf " at %s", at
      if (!fetching) exit
      printf ", %d of about %d files fetched", fetched, files
      if (fetched >= 100 && fetched < files) {
        left = seconds * (files - fetched) / fetched
        if (left < 60) printf ", less than a minute left to fetch"; else printf ", about %d min left to fetch", left / 60 + 0.5
      }
    }' "$logs/images.log"
}

cluster() { e2e/cluster/up.sh; }
far_cluster() { tail -n 1 "$logs/cluster.log"; }

started_up=
finish() {
  trap '' INT TERM
  end_steps
  [ -z "$started_up" ] || e2e/cluster/down.sh
}
trap finish EXIT
trap 'exit 130' INT TERM

# Where somebody else's cluster can get no images, it is said before anything is built.
e2e/images/load.sh --check
# Go's compilers take up to a gigabyte each, and so does Maven. The longest step comes first; the cluster needs no image to start.
available_mb=$(awk '/^MemAvailable:/ {print int($2 / 1024)}' /proc/meminfo)
together=1
[ "$available_mb" -ge 4000 ] || together=
tell "Building what the demo starts${together:+, side by side}: Kubernetes and Helm; the operator and the images"
begin programs "Kubernetes and Helm" programs
[ "$together" ] || await programs
begin images "The operator and the images" images
[ "$together" ] || await images
await programs
started_up=1
begin cluster "The cluster's start" cluster
await images cluster
e2e/images/load.sh "${archives[@]}"
tell "Here is the demo."
e2e/cluster/bin/java -cp "target/test-classes:target/classes:$(cat build/test.classpath)" dev.graceful.e2e.Demo
