#!/usr/bin/env bash
# Checks what building and testing need, and on Debian installs what is missing, after asking.
#   prerequisites.sh image   what the operator's image is built with
#   prerequisites.sh demo    this, and what the demo and its cluster take
#   prerequisites.sh all     this, and what the tests take; so without a word
#   YES=1 (or CI)    does not ask
#   CLUSTER=current  needs nothing of what a cluster of its own takes
# A JDK 25 and Go are never installed by this: which ones, and where, is for you to choose.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"
[ $# -le 1 ] || fail "unexpected argument '$2': this script takes one word, image, demo or all (settings are YES=1 and CLUSTER=current)"
set=${1:-all}
case $set in
  image | demo | all) ;;
  *) fail "the set '$set' is not known: say image, demo or all" ;;
esac
PATH=$PATH:/usr/sbin:/sbin

unmet=()
has() { command -v "$1" >/dev/null; }

"$cluster_dir/java-home.sh" >/dev/null 2>&1 ||
  unmet+=("no JDK 25 was found: install one (for example Temurin 25), and set JAVA_HOME if it is in an unusual place")
if [ "$set" != image ]; then
  go_wanted=$(cd "$e2e" && awk '$1 == "go" {print $2}' "${modules[@]/%//go.mod}" | sort -V | tail -n 1)
  if ! has go; then
    unmet+=("Go $go_wanted or newer is missing: install it, and put its bin folder on the PATH")
  else
    # From outside the modules: inside one, Go would rather fail than tell its version when it is too old.
    go_found=$(cd / && go env GOVERSION); go_found=${go_found#go}
    [ "$(printf '%s\n' "$go_wanted" "${go_found%% *}" | sort -V | head -n 1)" = "$go_wanted" ] ||
      unmet+=("Go $go_found is too old: install $go_wanted or newer")
  fi
fi

missing=()   # Debian packages
package() { # NAME TEST...: is needed unless the test succeeds
  local name=$1; shift
  if ! "$@" >/dev/null 2>&1; then missing+=("$name"); fi
}
static_libc() { case $(gcc -print-file-name=libc.a) in /*) ;; *) return 1 ;; esac; }

package maven has mvn
package python3 has python3
package libc-bin has ldd
if [ "$set" != image ]; then
  package npm has npm
  package python3-pip python3 -m pip --version
  package util-linux has flock
  package openssl has openssl
fi
if [ "$set" = all ]; then
  package git has git
  # The servers that are judged by the tests, and their modules. The images are made of what is installed.
  package dash has dash
  package postgresql eval 'compgen -G "/usr/lib/postgresql/*/bin/postgres"'
  package nginx-light eval 'has nginx && test -e /usr/lib/nginx/modules/ngx_http_echo_module.so'
  package php-fpm eval 'compgen -G "/usr/sbin/php-fpm[0-9]*"'
fi
if [ "$set" != image ] && [ "$cluster" = own ]; then
  package gcc has gcc
  package libc6-dev static_libc
  package etcd-server has etcd
  package containerd eval 'has containerd && has ctr'
  package runc has runc
  package containernetworking-plugins test -x /usr/lib/cni/ptp
  package iptables has iptables
  package conntrack has conntrack
  package iproute2 has ip
  package util-linux eval 'has nsenter && has setsid && has findmnt'
  package procps has sysctl
  # Builds the Dockerfile without Docker.
  package buildah has buildah
fi

if [ "$set" != image ] && [ "$cluster" = own ] && [ "$(id -u)" != 0 ]; then
  unmet+=("a cluster of its own needs root: use sudo, or set CLUSTER=current to use the kubeconfig's")
fi
any_kubeconfig() {
  local file files
  IFS=: read -ra files <<<"${KUBECONFIG:-$HOME/.kube/config}"
  for file in "${files[@]}"; do [ ! -s "$file" ] || return 0; done
  return 1
}
if [ "$set" != image ] && [ "$cluster" = current ] && ! any_kubeconfig; then
  unmet+=("CLUSTER=current, but there is no kubeconfig ${KUBECONFIG:-$HOME/.kube/config}: set KUBECONFIG to that of your cluster")
fi
# Nothing is installed as long as something is missing that nobody but you can install.
if [ ${#missing[@]} -gt 0 ]; then
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  list="${missing[*]}"
  if [ ${#unmet[@]} -gt 0 ] || ! has apt-get || [ "$(id -u)" != 0 ]; then
    for name in "${missing[@]}"; do
      unmet+=("$name is missing (the name is Debian's package): as root on Debian this script installs it")
    done
  fi
fi
if [ ${#unmet[@]} -gt 0 ]; then
  for line in "${unmet[@]}"; do printf '%s: %s\n' "$(basename "$0")" "$line" >&2; done
  exit 1
fi

if [ ${#missing[@]} -gt 0 ]; then
  if [ "${YES:-}" != 1 ] && [ -z "${CI:-}" ]; then
    [ -t 0 ] || fail "these Debian packages are missing: $list. Set YES=1 to have them installed, as there is no terminal to ask on"
    read -rp "Install these Debian packages: $list? [y/N] " answer
    case $answer in [yY]*) ;; *) fail "nothing was installed: $list" ;; esac
  fi
  say "Installing $list"
  guard=/usr/sbin/policy-rc.d
  log=$(mktemp)
  guarded=
  trap 'rm -f "$log"; [ -z "$guarded" ] || rm -f "$guard"' EXIT
  # Debian starts the services that it installs; the tests run them by themselves.
  if [ ! -e $guard ]; then
    guarded=1
    printf '#!/bin/sh\nexit 101\n' >$guard
    chmod 755 $guard
  fi
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null ||
    { tail -n 20 "$log" >&2; fail "apt-get could not install them; its last lines are above"; }
  if has systemctl; then
    for unit in etcd:etcd-server containerd:containerd postgresql:postgresql nginx:nginx-light php:php-fpm; do
      case " $list" in *" ${unit#*:} "*) ;; *) continue ;; esac
      unit=${unit%:*}
      if [ "$unit" = php ]; then unit=$(compgen -G '/usr/sbin/php-fpm[0-9]*' | sed -n '1s|.*/php-fpm\(.*\)|php\1-fpm|p'); fi
      systemctl disable --quiet "$unit" 2>/dev/null || true
    done
  fi
  say "Installed after $SECONDS s."
fi
say "All that is needed is here."
