#!/usr/bin/env bash
# Runs one test until it fails, or as often as asked, and shows the output of the run that failed.
# Usage: tests/repeat.sh TIMES NAME [configuration]
#   NAME: a part of a C# test's full name (Class, Class.Method), or of the name of a test of a runtime.
set -u
cd "$(dirname "$0")/.."
times=${1:?how often} name=${2:?which test} configuration=${3:-Release}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The suites whose sources have the name. A theory's arguments are no part of it, and Class.Method stands in no source as it is.
last=${name##*.}
projects=()
for folder in tests/Faas.*.Tests; do
  grep -rqE --include='*.cs' --exclude-dir=obj "(class|Task|void|namespace) +([A-Za-z_0-9.]*\.)?[A-Za-z_0-9]*$last" "$folder" && projects+=("$folder")
done
mapfile -t node_files < <(grep -lF -- "$name" tests/runtimes/node/*.test.mjs)
grep -qE -- "(def|class) +[A-Za-z_0-9]*$last" tests/runtimes/python/test_*.py && in_python=yes || in_python=
[ ${#projects[@]} -gt 0 ] || [ -n "${node_files[0]-}$in_python" ] || { echo "no suite has a test named $name" >&2; exit 2; }
for project in "${projects[@]}"; do
  dotnet build "$project" -c "$configuration" -v quiet || exit 1
done

# Each prints how many tests ran and passed, as its last line, or fails.
csharp() { # folder
  dotnet test "$1/bin/$configuration/net10.0/$(basename "$1").dll" --filter "FullyQualifiedName~$name" --logger 'console;verbosity=normal' > "$log" 2>&1 &&
    count '^ +Passed: [0-9]+'
}

node() {
  runtimes/node_modules/node-linux-*/bin/node --no-warnings --test --test-timeout=55000 --test-force-exit --test-reporter=spec \
    --test-name-pattern="$(sed 's/[][\.*+?^${}()|\/]/\\&/g' <<< "$name")" \
    "${node_files[@]}" > "$log" 2>&1 && count '^ℹ pass [0-9]+'
}

python() {
  /usr/bin/python3 -m unittest discover -s tests/runtimes/python -t . -k "$name" > "$log" 2>&1 && count '^Ran [0-9]+ test'
}

count() { grep -oE "$1" "$log" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }

suite() { # what to run
  local passed
  if ! passed=$("$@"); then
    printf '\nrepetition %d of %d failed:\n' "$n" "$times"
    cat "$log"
    exit 1
  fi
  ran=$((ran + passed))
}

for ((n = 1; n <= times; n++)); do
  ran=0
  for project in "${projects[@]}"; do suite csharp "$project"; done
  [ ${#node_files[@]} -eq 0 ] || suite node
  [ -z "$in_python" ] || suite python
  [ "$ran" -gt 0 ] || { echo "no test is named $name" >&2; exit 2; }
  printf '\r%d of %d: %d passed' "$n" "$times" "$ran"
done
printf '\n%s: passed %d times\n' "$name" "$times"
