#!/usr/bin/env bash
# Runs suites side by side, shows the output of each one whole when it ends, then once more what failed, last a line for
# each failed test, and ends with one line: N passed, N failed.
# Usage: tests/run.sh CONFIGURATION [SUITE...]
#   SUITE: node, python, web, browser, or that of tests/Faas.SUITE.Tests; all of them by default
#
# Theory of operation. Most tests wait for processes, timers and disks more than they compute. So the suites that need no build,
# those of the runtimes and of the page's logic, run beside the build, and then three suites run at a time, the long ones first. The
# suite "sandbox" runs in four parts, one test at a time in each. The tests of two parts mostly start servers and wait for them. Those of
# the other two have hostile scripts, which take all the processor time that they can get: one of these parts comes early and
# one late, so that they do not run at once. Last come the C# tests that judge time or speed, [Trait("Machine", "Alone")]: they too run
# one at a time, with nothing beside them.
set -um # each suite has a process group of its own
cd "$(dirname "$0")/.." || exit 1
. tests/suites.sh
configuration=${1:?which configuration}
shift
at_a_time=3
hostile=(Abuse Bubblewrap) # folders of tests/Faas.Sandbox.Tests
slow=(Faults Settings)     # they take as many minutes as the rest
mapfile -t csharp < <(csharp_suites)
[ $# -gt 0 ] || set -- node python web browser $(printf '%s\n' "${csharp[@]}" | grep -vx sandbox) sandbox
export FAAS_TEST_PATIENCE=${FAAS_TEST_PATIENCE:-$(patience 2)} # 2, for suites run beside each other
echo "-- limits of time: $FAAS_TEST_PATIENCE times those of an ordinary machine"
work=$(mktemp -d)
bad=$work/bad
passed=0
failed=0
declare -A running=() # process: name
declare -A kinds=()   # name: which function runs it
declare -A begun=()   # name: when, in seconds since the beginning

stop() { for process in "${!running[@]}"; do kill -TERM -- "-$process"; done; }
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start() { # name, function, its arguments
  while [ ${#running[@]} -ge $at_a_time ]; do finish; done
  echo "-- $1 runs"
  "${@:2}" > "$work/$1.log" 2>&1 < /dev/null &
  running[$!]=$1
  kinds[$1]=$2
  begun[$1]=$SECONDS
}

# Waits for a suite to end, and shows it.
finish() {
  local process status name
  wait -n -p process "${!running[@]}"
  status=$?
  name=${running[$process]}
  unset "running[$process]"
  cat "$work/$name.log"
  count "$name" "$status" "$(passed_in "${kinds[$name]}" "$work/$name.log")" "$(failed_in "${kinds[$name]}" "$work/$name.log")"
}

finish_all() { while [ ${#running[@]} -gt 0 ]; do finish; done; }

# A suite that ends badly without naming a failed test (a crash, a build that fails) counts as one failure.
count() { # name, exit status, passed, failed
  local p=$3 f=$4
  if [ "$2" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
  if [ "$2" -eq 0 ] && [ "$p" -eq 0 ]; then f=1; echo "$1 ran no test" >&2; fi
  passed=$((passed + p))
  failed=$((failed + f))
  echo "== $1: $p passed, $f failed${begun[$1]:+, $((SECONDS - begun[$1])) s}"
  [ "$f" -eq 0 ] || { { echo "== $1"; failures "$work/$1.log"; } >> "$bad"; names "$1" "$work/$1.log" >> "$bad.names"; }
}

# What a suite said of each test that failed: the name in the runner's own form, and what follows it, without what passed.
failures() {
  { grep -E -A 25 '^ +Failed [^:]|^(FAIL|ERROR): |^ *✖ ' "$1" | grep -vE '^ +Passed [^:]|^ *✔ ' || tail -n 50 "$1"; } | cut -c1-400
}

# A line for each test that failed, with the first line of its message where the runner gives one (C#).
names() { # suite, its output
  awk -v suite="$1" '/^ +Failed [^:]|^(FAIL|ERROR): |^ *✖ / { name = $0; print suite ":" name; next }
    /^ +Error Message:/ { getline; print "  " $0 }' "$2" | cut -c1-300
}

build() { # suites that need a build
  if [ $# -gt ${#csharp[@]} ]; then
    dotnet build Faas.sln -c "$configuration" -v quiet
  else
    local name
    for name; do dotnet build "$(project_of "$name")" -c "$configuration" -v quiet || return; done
  fi && ship "$@"
}

# What is tested is what is shipped: a server that starts with less compilation, which is a third of the processor time of such a start,
# and a command line that starts ten times as fast. This earns the time that it takes to make them. What has been built with analyzers is
# not built again without them.
export FAAS_TEST_SERVER=$PWD/src/Faas.Http/bin/$configuration/tested/faas-server.dll
export FAAS_TEST_CLI=$PWD/src/Faas.Cli/bin/$configuration/publish/faas
ship() { # suites that need a build
  case " $* " in
    *' cli '*|*' http '*|*' sandbox '*|*' browser '*)
      dotnet publish src/Faas.Http -c "$configuration" -v quiet --no-build -o "$(dirname "$FAAS_TEST_SERVER")" || return ;;
  esac
  case " $* " in *' cli '*) make --no-print-directory cli configuration="$configuration" ;; esac
}

start_sandbox() { # folder
  start sandbox-calls csharp_tests "$1" "Machine!=Alone&$(without "${hostile[@]}" "${slow[@]}")"
  start sandbox-faults csharp_tests "$1" "Machine!=Alone&($(within "${slow[@]}"))"
}

start_hostile() { # folder, part
  start "sandbox-${2,,}" csharp_tests "$1" "Machine!=Alone&$(within "$2")"
}

# Filters of dotnet test for the tests within folders, and for those in none of them.
within() { printf '|FullyQualifiedName~.%s.' "$@" | cut -c2-; }
without() { printf '&FullyQualifiedName!~.%s.' "$@" | cut -c2-; }

# .NET maps each page of code that it compiles twice, so that none is writable and executable at once. Without this, a start of a server
# takes four fifths of the processor time, and so do the compiler's and the test hosts'.
export DOTNET_EnableWriteXorExecute=0

to_build=()
for suite; do
  case $suite in
    node) start node node_tests tests/runtimes/node/*.test.mjs ;;
    python) start python python_tests ;;
    web) start web web_tests tests/web/*/*.test.ts ;;
    *) to_build+=("$suite") ;;
  esac
done

if [ ${#to_build[@]} -gt 0 ]; then
  echo "-- build of ${to_build[*]}"
  begun[build]=$SECONDS
  if build "${to_build[@]}" 2>&1 | tee "$work/build.log"; [ "${PIPESTATUS[0]}" -eq 0 ]; then
    echo "== built in $((SECONDS - begun[build])) s"
    # A server of a test lives for seconds, in which better code for its methods does not pay.
    export DOTNET_TieredPGO=0 DOTNET_TC_CallCountingDelayMs=7D0 # 2000, in hexadecimal
    case " ${to_build[*]} " in *' sandbox '*)
      start_sandbox "$(folder_of sandbox)"
      start_hostile "$(folder_of sandbox)" "${hostile[0]}" ;;
    esac
    for suite in "${to_build[@]}"; do
      case $suite in
        sandbox) ;;
        browser) start browser browser_tests tests/browser/*.test.ts ;;
        *) start "$suite" csharp_tests "$(folder_of "$suite")" 'Machine!=Alone' ;;
      esac
    done
    case " ${to_build[*]} " in *' sandbox '*) start_hostile "$(folder_of sandbox)" "${hostile[1]}" ;; esac
    finish_all
    unset DOTNET_TieredPGO DOTNET_TC_CallCountingDelayMs # speed is judged as it is shipped
    for suite in "${to_build[@]}"; do
      [ "$suite" != browser ] || continue
      grep -rqF --include='*.cs' '[Trait("Machine", "Alone")]' "$(folder_of "$suite")" || continue
      start "$suite-alone" csharp_tests "$(folder_of "$suite")" 'Machine=Alone' -- xUnit.ParallelizeTestCollections=false
      finish_all
    done
  else
    count build 1 0 1
  fi
fi
finish_all

[ "$failed" -eq 0 ] || { echo "== what failed"; head -n 300 "$bad"; echo "== in short"; head -n 100 "$bad.names"; }
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
