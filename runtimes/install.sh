#!/usr/bin/env bash
# Installs the system packages that the server needs and that are missing: bubblewrap, redis-server, python3, its pip,
# libseccomp, and setpriv (util-linux). Does nothing, and prints nothing, when none is missing.
# Every test run exercises apt; the names for dnf and pacman have not been tried.
set -euo pipefail

missing=()
need() { missing+=("$1"); }
found() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1; }

found bwrap || need bubblewrap
found redis-server || need redis
found /usr/bin/python3 || need python
[ -n "$(find /usr/lib/python3*/dist-packages/pip /usr/lib/python3*/site-packages/pip -maxdepth 0 2>/dev/null)" ] || need pip
# Not grep -q: it may end before ldconfig has written everything, and pipefail then fails the pipe.
PATH="$PATH:/usr/sbin:/sbin" ldconfig -p | grep 'libseccomp\.so\.2' >/dev/null || need libseccomp
found setpriv || need util-linux
[ ${#missing[@]} -gt 0 ] || exit 0

if found apt-get; then
  declare -A names=([bubblewrap]=bubblewrap [redis]=redis-server [python]=python3 [pip]=python3-pip [libseccomp]=libseccomp2
    [util-linux]=util-linux)
  # RUNLEVEL=1 keeps the package from starting a system-wide Redis: the server runs its own.
  install() { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; }
  by_hand='apt-get install -y'
elif found dnf; then
  declare -A names=([bubblewrap]=bubblewrap [redis]=redis [python]=python3 [pip]=python3-pip [libseccomp]=libseccomp
    [util-linux]=util-linux)
  install() { dnf install -y "$@"; }
  by_hand='dnf install -y'
elif found pacman; then
  declare -A names=([bubblewrap]=bubblewrap [redis]=redis [python]=python [pip]=python-pip [libseccomp]=libseccomp [util-linux]=util-linux)
  install() { pacman -Sy --noconfirm --needed "$@"; }
  by_hand='pacman -S'
else
  echo "Faas needs ${missing[*]}; no apt-get, dnf or pacman was found to install them with." >&2
  exit 1
fi

packages=()
for what in "${missing[@]}"; do packages+=("${names[$what]}"); done
if [ "$(id -u)" -ne 0 ]; then
  echo "Faas needs ${packages[*]}; install with: sudo $by_hand ${packages[*]}" >&2
  exit 1
fi
echo "Installing ${packages[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! install "${packages[@]}" >"$log" 2>&1; then
  cat "$log" >&2
  echo "Could not install ${packages[*]}; install by hand with: $by_hand ${packages[*]}" >&2
  exit 1
fi
