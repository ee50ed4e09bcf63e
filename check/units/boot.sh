#!/bin/bash
# Boots a systemd of its own: PID 1 in namespaces of its own, on a copy of this system's files that lives in memory and ends with it.
#   boot.sh WORK ROOT ARCHIVE    WORK: an empty folder; ROOT: this clone; ARCHIVE: unpacked, becomes /opt/kunak
# What runs in there, and where it leaves its report: inside.ts. Needs root; touches no file of this system.
set -euo pipefail
HIERARCHIES="systemd memory pids unified"

# Every process of it in a cgroup of its own, which systemd takes for the root of all.
outside() {
  local name place
  name=kunak-units-$$
  for place in $(cgroups); do
    mkdir -p "$place/$name"
    echo $$ >"$place/$name/cgroup.procs"
  done
  trap "leave $name" EXIT
  unshare --pid --mount --uts --ipc --net --cgroup --fork --kill-child --propagation private \
    bash "$0" inside "$1" "$2" "$3" </dev/null
}

cgroups() {
  if [ -e /sys/fs/cgroup/cgroup.procs ]; then echo /sys/fs/cgroup; return; fi
  for one in $HIERARCHIES; do if [ -d "/sys/fs/cgroup/$one" ]; then echo "/sys/fs/cgroup/$one"; fi; done
}

leave() {
  for place in $(cgroups); do
    echo $$ >"$place/cgroup.procs" || true
    find "$place/$1" -depth -type d -exec rmdir {} \; || true
  done
}

inside() {
  local work=$1 root=$2 archive=$3
  local new=$work/memory/root
  mkdir "$work/memory"
  mount -t tmpfs -o size=3g tmpfs "$work/memory"
  mkdir "$work/memory/"{upper,work,root}
  mount -t overlay overlay -o "lowerdir=/,upperdir=$work/memory/upper,workdir=$work/memory/work" "$new"
  mkdir -p "$new$root" "$new/opt/kunak" "$new/units"
  mount --bind "$root" "$new$root"
  mount -o remount,bind,ro "$new$root"
  mount --bind "$archive" "$new/opt/kunak"
  mount -o remount,bind,ro "$new/opt/kunak"
  mount --bind "$work/units" "$new/units"
  mount -t proc proc "$new/proc"
  mount -t sysfs -o ro sysfs "$new/sys"
  if [ -e /sys/fs/cgroup/cgroup.procs ]; then
    mount -t cgroup2 cgroup2 "$new/sys/fs/cgroup"
  else
    mount -t tmpfs -o mode=755 tmpfs "$new/sys/fs/cgroup"
    for one in $HIERARCHIES; do
      if [ ! -d "/sys/fs/cgroup/$one" ]; then continue; fi
      mkdir "$new/sys/fs/cgroup/$one"
      case $one in
        unified) mount -t cgroup2 cgroup2 "$new/sys/fs/cgroup/unified" ;;
        systemd) mount -t cgroup -o none,name=systemd,xattr cgroup "$new/sys/fs/cgroup/systemd" ;;
        *) mount -t cgroup -o "$one" cgroup "$new/sys/fs/cgroup/$one" ;;
      esac
    done
  fi
  mount -t tmpfs -o mode=755 tmpfs "$new/dev"
  for one in null zero full random urandom tty; do cp -a "/dev/$one" "$new/dev/"; done
  mkdir "$new/dev/"{shm,pts}
  mount -t tmpfs tmpfs "$new/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$new/dev/pts"
  ln -s pts/ptmx "$new/dev/ptmx"
  ln -s /proc/self/fd "$new/dev/fd"
  mount -t tmpfs -o mode=755 tmpfs "$new/run"
  mount -t tmpfs -o mode=1777 tmpfs "$new/tmp"
  ip link set lo up
  hostname kunak-units
  # Nothing of this system's services is started.
  rm -rf "$new/etc/systemd/system"
  mkdir -p "$new/etc/systemd/system/units.target.wants" "$new/old"
  cp "$root"/check/units/units.{target,service} "$new/etc/systemd/system/"
  sed -i "s#@ROOT@#$root#" "$new/etc/systemd/system/units.service"
  ln -s ../units.service "$new/etc/systemd/system/units.target.wants/"
  cd "$new"
  pivot_root . old
  cd /
  umount -l /old
  exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --unit=units.target --log-target=journal --show-status=no
}

if [ "$1" = inside ]; then shift; inside "$@"; else outside "$@"; fi
