#!/usr/bin/env bash
# Takes away all that up.sh brought, also after a crash half-way; only the logs stay. With CONTROL_PLANE=VERSION, whichever
# it is, all that control-planes-up.sh brought.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"
[ $# -eq 0 ] || fail "unexpected argument '$1': this script takes none"
[ "$cluster" = own ] || { say "CLUSTER=current: that cluster is not ours to take down."; exit 0; }
[ "$(id -u)" = 0 ] || fail "only root can take the cluster down: run it with sudo"
PATH=$PATH:/usr/sbin:/sbin
need findmnt flock ip sysctl

mkdir -p "$state"
if [ "${LOCKED:-}" != 1 ]; then   # up.sh calls this with the lock in its own hand
  exec 9>"$state/lock"
  flock -w 120 9 || fail "another up.sh or down.sh of this checkout has been busy for two minutes: end it first"
fi

# Every process of the cluster, its containers' too, is in a control group of our own. Deepest groups first.
control_groups() {
  local root
  for root in $(cgroup_roots); do find "$root/${name:?}" -depth -type d 2>/dev/null || true; done
}
daemons() { sort -un "$(daemons_cgroup)/cgroup.procs" 2>/dev/null || true; }
processes() {
  local group
  control_groups | while read -r group; do cat "$group/cgroup.procs" 2>/dev/null || true; done | sort -un
}
# Folders that are mounted in the state or in the run folder, the innermost first.
mounts() {
  local target
  findmnt -rno TARGET | while read -r target; do
    target=$(printf '%b' "$target")
    case $target in "${state:?}"/* | "${run:?}"/*) printf '%s\n' "$target" ;; esac
  done | sort -r
}
signal() {
  local process
  while read -r process; do kill "-$1" "$process" 2>/dev/null || true; done
}
gone_within() { # TENTHS LIST: until what LIST prints is nothing
  local tenths=$1
  while [ -n "$("$2")" ]; do
    ((tenths-- > 0)) || return 1
    sleep 0.1
  done
}

was_up=
if [ -e "$netns" ] || [ -e "$run" ]; then was_up=1; fi

# The daemons first, or the kubelet would start again what is killed under it. None of their state is to be saved.
daemons | signal TERM
gone_within 10 daemons || true
for _ in 1 2 3 4 5; do
  processes | signal KILL
  ! gone_within 10 processes || break
done

mounts | while read -r target; do umount "$target" 2>/dev/null || umount -l "$target" 2>/dev/null || true; done

[ ! -e "$netns" ] || ip netns delete "$name"
# A group that has just been emptied can be busy for a moment.
for _ in 1 2 3 4 5; do
  control_groups | while read -r group; do rmdir "$group" 2>/dev/null || true; done
  [ -n "$(control_groups)" ] || break
  sleep 0.1
done
[ ! -s "$state/sysctl.before" ] || sysctl -q -p "$state/sysctl.before" >/dev/null 2>&1 || true

# Some paths are fixed in the programs, and shared with any other cluster of the machine: only what is ours goes, and
# a folder only when it is empty. A shim that was killed leaves its socket.
find "$run/containerd" -name address -type f 2>/dev/null | while read -r file; do
  address=$(cat "$file")
  case $address in unix:///run/containerd/s/*) rm -f "${address#unix://}" ;; esac
done || true
find /var/log/containers -maxdepth 1 -type l -lname "$state/*" -delete 2>/dev/null || true
for result in /var/lib/cni/results/"$name"-*-eth0; do
  sandbox=${result#*"/$name-"}
  rm -f "$result" "/var/lib/cni/results/cni-loopback-${sandbox%-eth0}-lo"
done
plugins=/var/lib/kubelet/device-plugins
grep -qs "$plugins/kubelet.sock" /proc/net/unix || rm -f "$plugins/kubelet.sock"
for folder in /run/containerd/s /run/containerd /var/log/containers /var/lib/cni/results /var/lib/cni $plugins /var/lib/kubelet; do
  rmdir "$folder" 2>/dev/null || true
done
if [ -d /run/netns ] && [ -z "$(ls -A /run/netns)" ]; then { umount /run/netns; rmdir /run/netns; } 2>/dev/null || true; fi
rm -rf --one-file-system "$run"
find "$state" -mindepth 1 -maxdepth 1 ! -name log ! -name lock -exec rm -rf --one-file-system {} +

left=
note() { [ -z "$2" ] || left+="; $1: ${2//$'\n'/ }"; }
note processes "$(processes)"
note mounts "$(mounts)"
note "control groups" "$(control_groups)"
for path in "$netns" "$run" "$kubeconfig"; do [ ! -e "$path" ] || note path "$path"; done
[ -z "$left" ] || fail "something is left of the cluster${left}"
if [ "$was_up" ]; then say "The cluster is down after $SECONDS s."; else say "No cluster was up."; fi
