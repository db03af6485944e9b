#!/usr/bin/env bash
# Runs inside the virtual machine, as root and as a unit of its own without a delegated cgroup; its output is what the
# host shows. See run.sh.
set -u
. "$(dirname "$0")/settings"
here=$(cd "$(dirname "$0")" && pwd)
start=(systemd-run --quiet --pipe --wait --collect -p KillMode=mixed -E FAAS_TEST_PATIENCE)
as_user=(runuser -u caller -- env XDG_RUNTIME_DIR=/run/user/1000)
good=yes
systemctl start user@1000.service # it lingers, and returns once it is up

# The unit that we ship, as it is: it starts, has a delegated cgroup, answers, and stops in good order.
example() {
  ln -s /faas /opt/faas
  echo "FAAS_CONFIG=$here/patience.conf" > /etc/faas.env
  cp /faas/docs/faas.service /etc/systemd/system/
  systemctl daemon-reload
  systemctl start faas.service && python3 "$here/example.py" && systemctl stop faas.service || return 1
  [ "$(systemctl show -p Result --value faas.service)" = success ] || return 1
  echo 'docs/faas.service: started, answered and stopped'
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
    example) example || { journalctl -u faas.service | tail -n 20; good=no; } ;;
    unit) run unit 'cgroup v2' "${start[@]}" -p Delegate=yes ;;
    scope) run scope 'systemd scopes' "${start[@]}" ;;
    user) run user 'cgroup v2' "${as_user[@]}" "${start[@]}" --user -p Delegate=yes ;;
    user-scope) run user-scope 'systemd scopes of the user' "${as_user[@]}" "${start[@]}" --user ;;
    *) echo "no run is named $each"; good=no ;;
  esac
done
[ $good = yes ] && echo 'all runs passed' || echo 'a run failed'
