# make run    installs what is missing, builds, and serves on http://localhost:8080
# make test   installs what is missing, builds, and runs every suite
# make test-repeat N=50 NAME=...  repeats one test until it fails, or N times (tests/repeat.sh)
# make bench  measures speed beside others in under ten minutes, writes bench/results/DATE.md
#             (make bench-quick: the ratios alone, in less than a minute)
#             (make bench-scale: a million versions, long scripts, a thousand who wait; DATE-scale.md)
# make soak   the tests of faults and of wear, long: fifty kills of the server and fifty faults at random
#             on each store, 200,000 calls, a minute of overload; by hand
# make fuzz   feeds what reads strangers' bytes a hundred times what make test does; by hand
# make test-systemd  tries the drivers of cgroup v2 and systemd in a virtual machine (tests/systemd); slow
# make doctor tries every wall of a sandbox on this machine, and says how to mend those that are missing
SHELL := /bin/bash
.DEFAULT_GOAL := run
.PHONY: run test test-repeat test-systemd bench bench-quick bench-scale soak fuzz doctor build setup system clean

configuration := Release
server := src/Faas.Http/bin/$(configuration)/publish/faas.dll
bench := bench/Faas.Bench/bin/$(configuration)/net10.0/faas-bench.dll
bench_modules := bench/node_modules/.package-lock.json
node_modules := runtimes/node_modules/.package-lock.json
sources := $(shell find src hocon -type f -not -path '*/bin/*' -not -path '*/obj/*') Directory.Build.props Directory.Packages.props global.json
export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1

run: setup $(server)
	@exec dotnet $(server)

test: setup
	@tests/run.sh $(configuration)

test-repeat: setup
	@tests/repeat.sh $(or $(N),50) '$(NAME)' $(configuration)

test-systemd: setup
	dotnet build Faas.sln -c $(configuration) -v quiet
	@tests/systemd/run.sh $(configuration)

bench: setup $(bench_modules) $(server) $(bench)
	@dotnet $(bench) full --server $(server) --results bench/results

bench-quick: setup $(bench_modules) $(server) $(bench)
	@dotnet $(bench) quick --server $(server)

bench-scale: setup $(server) $(bench)
	@dotnet $(bench) scale --server $(server) --results bench/results

soak: setup
	FAAS_TEST_LIMIT_FACTOR=100 FAAS_FAULT_ROUNDS=50 FAAS_SOAK_CALLS=200000 FAAS_OVERLOAD_SECONDS=60 dotnet test tests/Faas.Sandbox.Tests -c $(configuration) --filter FullyQualifiedName~Faults --logger 'console;verbosity=detailed'

fuzz: setup
	FAAS_TEST_LIMIT_FACTOR=100 FAAS_FUZZ_TIMES=100 dotnet test Faas.sln -c $(configuration) --filter FullyQualifiedName~FuzzTests --logger 'console;verbosity=normal'

doctor: setup $(server)
	@dotnet $(server) doctor

build: setup $(server)

setup: system $(node_modules)

system:
	@command -v dotnet >/dev/null || { echo 'Faas needs the .NET 10 SDK: https://dot.net' >&2; exit 1; }
	@command -v npm >/dev/null || { echo 'Faas needs npm: https://nodejs.org' >&2; exit 1; }
	@runtimes/install.sh

$(node_modules): runtimes/package-lock.json
	cd runtimes && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(bench_modules): bench/package-lock.json
	cd bench && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(bench): $(sources) $(shell find bench/Faas.Bench tests/Faas.Testing -type f -not -path '*/bin/*' -not -path '*/obj/*')
	dotnet build bench/Faas.Bench -c $(configuration) -v quiet
	@touch $@

$(server): $(sources)
	dotnet publish src/Faas.Http -c $(configuration) -v quiet -o $(dir $@)
	@touch $@

clean:
	rm -rf src/*/bin src/*/obj bench/*/bin bench/*/obj tests/*/bin tests/*/obj
