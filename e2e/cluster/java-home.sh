#!/usr/bin/env bash
# Prints the home of a JDK 25, wherever it is installed.
set -euo pipefail
[ $# -eq 0 ] || { echo "java-home.sh: unexpected argument '$1': this script takes none" >&2; exit 1; }
wanted=25

# The release file tells the version without starting a Java machine; javac tells a JDK from a mere runtime.
fits() { [ -x "$1/bin/javac" ] && grep -qs "^JAVA_VERSION=\"${wanted}[.\"]" "$1/release"; }

on_path=$(command -v javac || true)
[ -z "$on_path" ] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")

for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/* /opt/java/* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* \
  /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  if [ -n "$home" ] && fits "$home"; then printf '%s\n' "$home"; exit 0; fi
done
echo "java-home.sh: no JDK $wanted found: install one (for example Temurin $wanted), and set JAVA_HOME if it is in an unusual place" >&2
exit 1
