#!/usr/bin/env bash
# Makes the virtual machine's system: Debian 12 with systemd, cgroup v2, what runtimes/install.sh wants of a system, and
# the .NET of this host. Prints the folder that holds it: kernel, initrd, root.ext4. Needs root, and apt on this host,
# whose own package sources it uses. Kept under .cache and made anew when this file or the .NET changes.
# Usage: tests/systemd/image.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
suite=bookworm
packages=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,linux-image-cloud-amd64,initramfs-tools,zstd,kmod,procps
packages+=,bubblewrap,redis-server,libseccomp2,python3,util-linux,libicu72,libssl3,make

fail() { echo "test-systemd: $*" >&2; exit 1; }

[ "$(id -u)" -eq 0 ] || fail "an image with root's files in it can only be made by root"
command -v apt-get >/dev/null || fail "the image is made by apt; this host has none"
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")

declare -A missing=()
command -v qemu-system-x86_64 >/dev/null || missing[qemu-system-x86]=1
command -v mmdebstrap >/dev/null || missing[mmdebstrap]=1
command -v mkfs.ext4 >/dev/null || missing[e2fsprogs]=1
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${!missing[*]}" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${!missing[@]}"; } >&2
fi

recipe=$({ cat "$here/image.sh"; dotnet --version; } | sha256sum | cut -c1-16)
cache="$here/.cache"
image="$cache/$recipe"
if [ -d "$image" ]; then
  echo "$image"
  exit
fi

rm -rf "$cache"
mkdir -p "$cache"
work=$(mktemp -d "$cache/making.XXXXXX")
trap 'rm -rf "$work"' EXIT
root="$work/root"

# Of the host's sources those of its own distribution, which alone have what makes a system.
sources=()
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
  [ -f "$file" ] && grep -q "$suite" "$file" && grep -q '\bmain\b' "$file" && grep -qi '/debian' "$file" && sources+=("$file")
done
[ ${#sources[@]} -gt 0 ] || fail "this host's apt has no source of Debian $suite"

echo "Making the image of Debian $suite: some minutes, once" >&2
# In a mount namespace of its own: whatever ends it, nothing stays mounted in what is then removed.
unshare --mount mmdebstrap --quiet --variant=minbase --include="$packages" "$suite" "$root" "${sources[@]}" >&2
cp -a "$dotnet" "$root/usr/share/dotnet"
ln -s ../share/dotnet/dotnet "$root/usr/bin/dotnet"
cp -L "$root/vmlinuz" "$work/kernel"
cp -L "$root/initrd.img" "$work/initrd"
rm -rf "$root/boot/"* "$root/var/cache/apt/"* "$root/var/lib/apt/lists/"* "$root/usr/share/doc" "$root/usr/share/locale"

echo faas-vm > "$root/etc/hostname"
printf '127.0.0.1 localhost faas-vm\n' > "$root/etc/hosts"
printf '/dev/vda / ext4 defaults 0 0\n/dev/vdb /faas ext4 defaults 0 0\n' > "$root/etc/fstab"
mkdir "$root/faas"
chroot "$root" useradd --create-home --uid 1000 --shell /bin/bash caller
mkdir -p "$root/var/lib/systemd/linger"
touch "$root/var/lib/systemd/linger/caller" # a user manager of its own from the start, without anyone logged in
chroot "$root" systemctl -q disable redis-server.service
chroot "$root" systemctl -q mask apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer getty@tty1.service serial-getty@ttyS0.service systemd-timesyncd.service
cat > "$root/etc/systemd/system/emergency.service" <<'UNIT'
[Unit]
Description=Nobody is there to help
DefaultDependencies=no

[Service]
Type=oneshot
ExecStart=/bin/systemctl --force --force poweroff
UNIT
cat > "$root/etc/systemd/system/faas-tests.service" <<'UNIT'
[Unit]
Description=The tests that the host asked for
After=user@1000.service
RequiresMountsFor=/faas

[Service]
Type=oneshot
ExecStart=/faas/tests/systemd/inside.sh
ExecStopPost=/bin/systemctl --no-block poweroff
StandardOutput=file:/dev/ttyS1
StandardError=file:/dev/ttyS1

[Install]
WantedBy=multi-user.target
UNIT
chroot "$root" systemctl -q enable faas-tests.service

mkfs.ext4 -q -d "$root" "$work/root.ext4" 4G >/dev/null
rm -rf "$root"
trap - EXIT
mv "$work" "$image"
echo "$image"
