#!/usr/bin/env bash
# Runs inside the virtual machine, as root and as a unit of its own without a delegated cgroup; its output is what the
# host shows. See run.sh.
set -uo pipefail
. "$(dirname "$0")/settings"
here=$(cd "$(dirname "$0")" && pwd)
start=(systemd-run --quiet --pipe --wait --collect -p KillMode=mixed -E FAAS_TEST_PATIENCE)
as_user=(runuser -u caller -- env XDG_RUNTIME_DIR=/run/user/1000)
good=yes
systemctl start user@1000.service # it lingers, and returns once it is up

# What docs/install.md says, in its order: installed, started and answering, stopped in good order. Then a Redis and a port that come
# late, and the removal.
example() {
  make -C /faas install 2>&1 | tail -n 3 && cat "$here/patience.conf" >> /etc/faas/faas.conf || return 1
  # The server knows no variable of the tests.
  env -u FAAS_TEST_PATIENCE FAAS_CONFIG=/etc/faas/faas.conf faas-server --check-config && systemctl enable --now faas && python3 "$here/example.py" &&
    systemctl stop faas || return 1
  [ "$(systemctl show -p Result --value faas)" = success ] || return 1
  echo 'the unit: started, answered and stopped'

  echo 'REDIS_HOST=127.0.0.1' > /etc/faas/faas.env
  systemctl start faas && started_again && systemctl start redis-server && python3 "$here/example.py" && systemctl stop faas || return 1
  systemctl stop redis-server
  echo 'the unit: came back when Redis came'

  : > /etc/faas/faas.env
  python3 -m http.server --bind 127.0.0.1 8080 >/dev/null 2>&1 &
  systemctl start faas && started_again && kill $! && python3 "$here/example.py" || return 1
  echo 'the unit: came back when the port was free'

  make -C /faas uninstall || return 1
  ! systemctl -q is-active faas && ! command -v faas-server >/dev/null && [ -d /etc/faas ] && [ -d /var/lib/faas/data ]
}

# Waits until systemd has started the unit anew at least once.
started_again() {
  local second
  for ((second = 0; second < 600; second++)); do
    [ "$(systemctl show -p NRestarts --value faas)" -gt 0 ] && return
    sleep 1
  done
  echo 'the unit was not started again'
  return 1
}

# name, driver that must be chosen, then how to start a command
run() {
  local name=$1 driver=$2
  shift 2
  echo "== $name: $(uname -r), systemd $(systemctl --version | awk 'NR == 1 { print $2 }'), up $(cut -d' ' -f1 /proc/uptime) s"
  "$@" "$here/suite.sh" "$name" "$driver" "$configuration" "$filter" 2>&1 || good=no
}

for each in $runs; do
  case $each in
    example) example || { journalctl -u faas | tail -n 20; good=no; } ;;
    unit) run unit 'cgroup v2' "${start[@]}" -p Delegate=yes ;;
    scope) run scope 'systemd scopes' "${start[@]}" ;;
    user) run user 'cgroup v2' "${as_user[@]}" "${start[@]}" --user -p Delegate=yes ;;
    user-scope) run user-scope 'systemd scopes of the user' "${as_user[@]}" "${start[@]}" --user ;;
    *) echo "no run is named $each"; good=no ;;
  esac
done
[ $good = yes ] && echo 'all runs passed' || echo 'a run failed'
