#!/usr/bin/env bash
# Runs one test once and shows its output, or runs it as often as asked, until it fails, and shows the output of the run that failed.
# Usage: tests/repeat.sh CONFIGURATION TIMES NAME
#   NAME: a part of a C# test's full name (Class, Class.Method), or of the name of a test of a runtime or of the page.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/suites.sh
export FAAS_TEST_PATIENCE=${FAAS_TEST_PATIENCE:-$(patience 1)}
configuration=${1:?which configuration} times=${2:?how often} name=${3:?which test}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The suites whose sources have the name. A theory's arguments are no part of it, and Class.Method stands in no source as it is.
last=${name##*.}
folders=()
for folder in tests/Faas.*.Tests; do
  grep -rqE --include='*.cs' --exclude-dir=obj "(class|Task|void|namespace) +([A-Za-z_0-9.]*\.)?[A-Za-z_0-9]*$last" "$folder" && folders+=("$folder")
done
mapfile -t node_files < <(grep -lF -- "$name" tests/runtimes/node/*.test.mjs tests/web/*/*.test.ts)
mapfile -t browser_files < <(grep -lF -- "$name" tests/browser/*.test.ts)
grep -qE -- "(def|class) +[A-Za-z_0-9]*$last" tests/runtimes/python/test_*.py && in_python=yes || in_python=
if [ -z "${folders[0]-}${node_files[0]-}${browser_files[0]-}$in_python" ]; then echo "no suite has a test named $name" >&2; exit 2; fi

# The compiler stays in memory for the next build (ten minutes), which halves that one; packages are restored when a project
# file is newer than the last restore.
build() { # folder
  local restored=$1/obj/project.assets.json restore=--no-restore
  [ -e "$restored" ] || restore=
  [ -z "$restore" ] || [ -z "$(find ./*.props tests/*.props {src,tests,bench}/*/*.csproj -newer "$restored")" ] || restore=
  dotnet build "$1" -c "$configuration" -v quiet $restore -p:UseSharedCompilation=true
}
for folder in "${folders[@]}"; do
  build "$folder" || exit 1
done
[ ${#browser_files[@]} -eq 0 ] || build src/Faas.Http || exit 1

pattern=$(sed 's/[][\.*+?^${}()|\/]/\\&/g' <<< "$name")
ran=0
run() { # function, its arguments
  if ! "$@" > "$log" 2>&1; then
    printf '\nrepetition %d of %d failed:\n' "$n" "$times"
    cat "$log"
    exit 1
  fi
  [ "$times" -gt 1 ] || cat "$log"
  ran=$((ran + $(passed_in "$1" "$log")))
}

for ((n = 1; n <= times; n++)); do
  ran=0
  for folder in "${folders[@]}"; do run csharp_tests "$folder" "FullyQualifiedName~$name"; done
  [ ${#node_files[@]} -eq 0 ] || run node_tests --test-name-pattern="$pattern" "${node_files[@]}"
  [ ${#browser_files[@]} -eq 0 ] || run browser_tests --test-name-pattern="$pattern" "${browser_files[@]}"
  [ -z "$in_python" ] || run python_tests -k "$name"
  [ "$ran" -gt 0 ] || { echo "no test is named $name" >&2; exit 2; }
  printf '\r%d of %d: %d passed' "$n" "$times" "$ran"
done
printf '\n%s: passed %d times\n' "$name" "$times"
