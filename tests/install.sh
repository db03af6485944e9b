#!/usr/bin/env bash
# Installs the system packages that only the tests need and that are missing: prometheus, whose promtool checks the page of
# metrics, and which reads it; chromium, and a font, in which the page is tried; zsh and fish, which complete the command line; numpy,
# which scripts of an image use; a C compiler, for libraries with machine code; ip, which makes networks for a cluster. Does nothing, and
# prints nothing, when none is missing.
# Debian and Ubuntu only, as the tests.
set -euo pipefail

missing=()
command -v prometheus >/dev/null && command -v promtool >/dev/null || missing+=(prometheus)
command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
command -v zsh >/dev/null || missing+=(zsh)
command -v fish >/dev/null || missing+=(fish)
[ -d /usr/lib/python3/dist-packages/numpy ] || missing+=(python3-numpy)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v ip >/dev/null || missing+=(iproute2)
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need ${missing[*]}; install with: sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
echo "Installing ${missing[*]}, for the tests"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# RUNLEVEL=1 keeps the package from starting a system-wide Prometheus.
export RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
