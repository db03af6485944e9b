#!/usr/bin/env bash
# One run inside the virtual machine: the doctor's tables of both launches, which must name the driver, then the tests that need real
# sandboxes. Ends with a line NAME: N passed, N failed.
# Usage: suite.sh NAME DRIVER CONFIGURATION FILTER   FILTER: dotnet test's; none: the doctor alone
set -u
name=$1 driver=$2 configuration=$3 filter=$4
[ "$(id -u)" -eq 0 ] || filter="${filter:+($filter)&}Needs!=root"
repository=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'cd / && rm -rf "$work"' EXIT
cd "$work" || exit 1
export VSTEST_CONNECTION_TIMEOUT=1800 # seconds: the processor may be an emulated one
export DOTNET_CLI_HOME=$work DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
grep '^0::' /proc/self/cgroup
start=$SECONDS
failed=0
# The server knows no variable of the tests.
env -u FAAS_TEST_PATIENCE FAAS_CONFIG="$repository/tests/systemd/patience.conf" dotnet "$repository/src/Faas.Http/bin/$configuration/net10.0/faas-server.dll" doctor 2>&1 | tee doctor
[ "${PIPESTATUS[0]}" -eq 0 ] || failed=$((failed + 1))
[ "$(grep -c "^Every wall stands; limits come from $driver" doctor)" -eq 2 ] ||
  { echo "the doctor did not find every wall of both launches with $driver"; failed=$((failed + 1)); }
echo "-- doctor: $((SECONDS - start)) s"
if [ "$4" = none ]; then
  echo "$name: doctor $([ $failed -eq 0 ] && echo passed || echo failed), $((SECONDS - start)) s"
  exit $((failed > 0))
fi
dotnet test "$repository/tests/Faas.Sandbox.Tests/bin/$configuration/net10.0/Faas.Sandbox.Tests.dll" \
  ${filter:+--filter "$filter"} --logger 'console;verbosity=normal' -- xUnit.MaxParallelThreads=1 2>&1 | tee tests
status=${PIPESTATUS[0]}
sum() { grep -oE "$1" tests | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }
passed=$(sum '^ +Passed: [0-9]+')
bad=$(sum '^ +Failed: [0-9]+')
[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
[ "$passed" -gt 0 ] || bad=$((bad + 1))
failed=$((failed + bad))
echo "$name: $passed passed, $failed failed, $((SECONDS - start)) s"
[ "$failed" -eq 0 ]
