# How each suite is run and counted. tests/run.sh and tests/repeat.sh source this file in the repository's root, and set
# $configuration. Each test has a limit of its own, usually 55 s: that of C# is in tests/Shared/Limits, that of Python in
# tests/runtimes/python/limited.py, and that of node is an argument below. Limits, and each wait for something that is to happen, are
# multiplied by FAAS_TEST_PATIENCE.

# Machines of one kind differ in the price of a page fault, and so of a fork, by more than ten, and most tests fork.
# Says how much longer than on an ordinary machine, where a fork of a small Python takes half a millisecond, everything may take here.
patience() { # at least this many times as long; at most 6
  /usr/bin/python3 -I -S -c '
import os, sys, time
forks = 100
begun = time.monotonic()
for _ in range(forks):
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
price = (time.monotonic() - begun) / forks * 1000
print(min(6, max(int(sys.argv[1]), round(price / 0.5))))' "$1"
}

node_tests() { # arguments of node's runner
  runtimes/node_modules/node-linux-*/bin/node --no-warnings --test --test-timeout=$((55000 * FAAS_TEST_PATIENCE)) \
    --test-force-exit --test-reporter=spec "$@"
}

# The page's own logic, and the types of the page and of its tests. A wrong type is a failure without a name.
web_tests() { # arguments of node's runner
  local folder
  for folder in src/Faas.Web tests/web tests/browser; do tests/web/node_modules/.bin/tsc -p $folder || return; done
  node_tests "$@"
}

# One process for all files: they share a server and a browser (tests/browser/shared.ts).
browser_tests() { # arguments of node's runner
  node_tests --test-isolation=none "$@"
}

python_tests() { # arguments of unittest
  /usr/bin/python3 -m unittest discover -s tests/runtimes/python -t . "$@"
}

csharp_tests() { # folder, filter, further arguments; the project has been built
  dotnet test "$1/bin/$configuration/net10.0/$(basename "$1").dll" --filter "$2" --logger 'console;verbosity=normal' \
    --results-directory "$1/bin/TestResults" --blame-hang-timeout 15m --blame-hang-dump-type none "${@:3}"
}

# The C# suites: tests/Faas.NAME.Tests is the suite "name".
csharp_suites() { local folder; for folder in tests/Faas.*.Tests; do name_of "$folder"; done; }
name_of() { local name=${1#tests/Faas.}; name=${name%.Tests}; echo "${name,,}"; }
# What a suite needs built: its own project, or the server that the browser is shown.
project_of() { if [ "$1" = browser ]; then echo src/Faas.Http; else folder_of "$1"; fi; }
folder_of() { local folder; for folder in tests/Faas.*.Tests; do [ "$(name_of "$folder")" != "$1" ] || echo "$folder"; done; }

passed_in() { # which of them ran, its output
  case $1 in
    node_tests|web_tests|browser_tests) sum '^ℹ pass [0-9]+' "$2" ;;
    python_tests) echo $(($(sum '^Ran [0-9]+ test' "$2") - $(failed_in "$1" "$2") - $(sum 'skipped=[0-9]+' "$2"))) ;;
    csharp_tests) sum '^ +Passed: [0-9]+' "$2" ;;
  esac
}

failed_in() { # which of them ran, its output
  case $1 in
    node_tests|web_tests|browser_tests) sum '^ℹ fail [0-9]+' "$2" ;;
    python_tests) sum '(failures|errors)=[0-9]+' "$2" ;;
    csharp_tests) sum '^ +Failed: [0-9]+' "$2" ;;
  esac
}

sum() { grep -oE "$1" "$2" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }
