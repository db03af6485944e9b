#!/usr/bin/env bash
# Runs every suite, shows its output, then once more what failed, and ends with one line: N passed, N failed.
# Each test has a limit of its own, usually 55 s (node: below; Python: tests/runtimes/python/limited.py; C#: tests/Shared/Limits).
# Usage: tests/run.sh [configuration]
set -u
cd "$(dirname "$0")/.."
configuration=${1:-Release}
passed=0
failed=0
log=$(mktemp)
bad=$(mktemp)
trap 'rm -f "$log" "$bad"' EXIT

# A suite that ends badly without naming a failed test (a crash, a build that fails) counts as one failure.
add() { # name, exit status, passed, failed
  local p=${3:-0} f=${4:-0}
  if [ "$2" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
  if [ "$2" -eq 0 ] && [ "$p" -eq 0 ]; then f=1; echo "$1 ran no test" >&2; fi
  passed=$((passed + p))
  failed=$((failed + f))
  echo "== $1: $p passed, $f failed"
  [ "$f" -eq 0 ] || { echo "== $1"; failures; } >> "$bad"
}

# What the last suite said of each test that failed: the name in the runner's own form, and what follows it.
failures() { { grep -E -A 25 '^ +Failed [^:]|^(FAIL|ERROR): |^ *✖ ' "$log" || tail -n 50 "$log"; } | cut -c1-400; }

sum() { grep -oE "$1" "$log" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }

echo "== build"
if ! dotnet build Faas.sln -c "$configuration" -v quiet; then
  echo "0 passed, 1 failed"
  exit 1
fi

node=$(echo runtimes/node_modules/node-linux-*/bin/node)
"$node" --no-warnings --test --test-timeout=55000 --test-force-exit --test-reporter=spec tests/runtimes/node/*.test.mjs 2>&1 | tee "$log"
add "node runtime" "${PIPESTATUS[0]}" "$(sum '^ℹ pass [0-9]+')" "$(sum '^ℹ fail [0-9]+')"

/usr/bin/python3 -m unittest discover -s tests/runtimes/python -t . 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
wrong=$(($(sum 'failures=[0-9]+') + $(sum 'errors=[0-9]+')))
add "python runtime" "$status" "$(($(sum '^Ran [0-9]+ test') - wrong - $(sum 'skipped=[0-9]+')))" "$wrong"

# C#: first the tests that may share the machine, then, one at a time, those that judge time or speed: [Trait("Machine", "Alone")].
run_csharp() { # project, filter, further arguments
  dotnet test "$1" -c "$configuration" --no-build --filter "$2" --logger 'console;verbosity=normal' \
    --blame-hang-timeout 15m --blame-hang-dump-type none "${@:3}" 2>&1 | tee "$log"
  add "$(basename "$1" .csproj), $2" "${PIPESTATUS[0]}" "$(sum '^ +Passed: [0-9]+')" "$(sum '^ +Failed: [0-9]+')"
}

for project in tests/*/*.csproj; do
  grep -q 'Microsoft.NET.Test.Sdk' "$project" && run_csharp "$project" 'Machine!=Alone'
done
for project in tests/*/*.csproj; do
  grep -rqF --include='*.cs' '[Trait("Machine", "Alone")]' "$(dirname "$project")" &&
    run_csharp "$project" 'Machine=Alone' -- xUnit.ParallelizeTestCollections=false
done

[ "$failed" -eq 0 ] || { echo "== what failed"; head -n 300 "$bad"; }
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
