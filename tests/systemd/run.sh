#!/usr/bin/env bash
# Runs the drivers of cgroup v2 and of systemd, which a machine with cgroup v1 or without systemd cannot try, in a
# virtual machine: the machine's disks are thrown away at its end, what it says comes out here, and so does its verdict.
# Without a usable /dev/kvm the processor is emulated, ten to fifty times slower: hence FAAS_TEST_PATIENCE, by which the
# tests multiply what they wait for.
# Usage: tests/systemd/run.sh CONFIGURATION [RUN...]   RUN: example, unit, scope, user, user-scope; all of them by default
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
configuration=${1:-Release}
shift || true
# What needs sandboxes and minds neither who else is on the machine nor how quick it is.
filter=${FAAS_TEST_FILTER:-FullyQualifiedName~.Abuse.|FullyQualifiedName~LimitTests|FullyQualifiedName~EndTests|FullyQualifiedName~DoctorTests|Name~driver}
runs=${*:-example unit scope user user-scope}

image=$("$here/image.sh") || exit 1
work=$(mktemp -d)
machine=
finish() {
  [ -n "$machine" ] && kill -9 "$machine" 2>/dev/null && wait "$machine" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# /dev/kvm can be there and yet run nothing, on a machine that is a virtual one itself. So the kernel is started once: without
# a disk it ends at once.
kvm_works() {
  [ -r /dev/kvm ] && [ -w /dev/kvm ] && timeout -k 1 20 qemu-system-x86_64 -machine q35,accel=kvm -cpu max -m 256 \
    -display none -no-reboot -nic none -monitor none -serial none -kernel "$image/kernel" -append 'panic=-1' </dev/null >/dev/null 2>&1
}

if kvm_works; then
  accelerator=kvm patience=${FAAS_TEST_PATIENCE:-2}
else
  accelerator=tcg patience=${FAAS_TEST_PATIENCE:-10}
fi

# The project as it is built here, without what only building needs.
stage="$work/stage"
mkdir -p "$stage/src/Faas.Http/bin" "$stage/tests/Faas.Sandbox.Tests/bin" "$stage/runtimes"
cp -a "$repository/src/Faas.Http/bin/$configuration" "$stage/src/Faas.Http/bin/"
cp -a "$repository/tests/Faas.Sandbox.Tests/bin/$configuration" "$stage/tests/Faas.Sandbox.Tests/bin/"
cp -a "$repository/runtimes/." "$stage/runtimes/"
cp -a "$repository/Faas.sln" "$repository/Makefile" "$repository/README.md" "$repository/hocon" "$repository/docs" "$stage/"
cp -a "$here" "$stage/tests/systemd"
rm -rf "$stage/tests/systemd/.cache"
printf 'configuration=%q\nruns=%q\nexport FAAS_TEST_PATIENCE=%q\nfilter=%q\n' "$configuration" "$runs" "$patience" "$filter" > "$stage/tests/systemd/settings"
{
  echo "faas.sandbox.start-timeout = $((10 * patience))s"
  echo "faas.store.redis.timeout = $((5 * patience))"
} > "$stage/tests/systemd/patience.conf"
chown -R 0:0 "$stage"
mkfs.ext4 -q -d "$stage" "$work/project.ext4" 1G >/dev/null || exit 1
rm -rf "$stage"

touch "$work/said"
TMPDIR="$work" qemu-system-x86_64 \
  -machine q35,accel=$accelerator -cpu max -smp 2 -m 4096 \
  -display none -no-reboot -nic none -monitor none \
  -kernel "$image/kernel" -initrd "$image/initrd" \
  -append 'mitigations=off root=/dev/vda rw console=ttyS0 quiet panic=-1 systemd.show_status=0 systemd.default_timeout_start_sec=15min' \
  -drive "file=$image/root.ext4,format=raw,if=virtio,snapshot=on" \
  -drive "file=$work/project.ext4,format=raw,if=virtio,snapshot=on" \
  -serial "file:$work/console" -serial "file:$work/said" </dev/null &
machine=$!
tail --pid="$machine" -f -n +1 "$work/said" &
wait "$machine"
machine=
wait

if grep -q '^all runs passed' "$work/said"; then exit 0; fi
echo "test-systemd: not every run passed; the machine's last words:" >&2
tail -n 30 "$work/console" >&2
exit 1
