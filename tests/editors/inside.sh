#!/usr/bin/env bash
# The first process of a namespace of its own: inside.sh ROOT PROJECT CASE COMMAND...
# Runs a command in a root, waits for what it leaves behind, and complains if that stays. Whatever
# ends this process ends all others with it, and no mount outlives them.
set -euo pipefail
root=$1 project=$2 case=$3
shift 3
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/tmp"
mount --bind "$case" "$root/mnt/case"
mount --bind "$project" "$root/mnt/project"
mount -o remount,bind,ro "$root/mnt/project"

status=0
chroot "$root" "$@" || status=$?

for _ in $(seq 150); do
    left=""
    for process in "$root"/proc/[0-9]*; do
        read -r stat 2>/dev/null <"$process/stat" || continue
        state=${stat##*) }
        [[ ${process##*/} = 1 || ${state:0:1} = Z ]] && continue
        left+="${process##*/} $(tr '\0' ' ' 2>/dev/null <"$process/cmdline" || true)"$'\n'
    done
    [ -z "$left" ] && exit "$status"
    sleep 0.1
done
printf 'still running:\n%s' "$left" >&2
exit 70
