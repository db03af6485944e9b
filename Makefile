# `make help` lists the targets, from the comments after "##".
SHELL := /bin/bash
.DEFAULT_GOAL := run

configuration := Release
server := src/Faas.Http/bin/$(configuration)/publish/faas-server.dll
published = $(dir $(server))
cli := src/Faas.Cli/bin/$(configuration)/publish/faas
# A C compiler and zlib make the command line a native program, which starts in some 15 ms. Without them, .NET
# starts it in some 60 ms, and a command that asks the server takes 0.2 s.
native := $(if $(and $(shell command -v clang || command -v gcc),$(wildcard /usr/include/zlib.h)),true)
PREFIX ?= /usr/local
DOTNET ?= $(shell command -v dotnet)
root := $(DESTDIR)
library = $(root)$(PREFIX)/lib/faas
unit = $(root)$(PREFIX)/lib/systemd/system/faas.service
command = $(root)$(PREFIX)/bin/faas-server
cli_command = $(root)$(PREFIX)/bin/faas
completions = $(root)$(PREFIX)/share
bash_completion = $(completions)/bash-completion/completions/faas
zsh_completion = $(completions)/zsh/site-functions/_faas
fish_completion = $(completions)/fish/vendor_completions.d/faas.fish
bench := bench/Faas.Bench/bin/$(configuration)/net10.0/faas-bench.dll
bench_modules := bench/node_modules/.package-lock.json
test_modules := $(patsubst %/package-lock.json,%/node_modules/.package-lock.json,$(wildcard tests/*/package-lock.json))
node_modules := runtimes/node_modules/.package-lock.json
props := Directory.Build.props Directory.Packages.props global.json
actors := src/Faas.Actors/bin/$(configuration)/net10.0/Faas.Actors.dll
actors_sources := $(shell find src/Faas.Actors -type f -not -path '*/bin/*' -not -path '*/obj/*')
sources := $(actors_sources) $(shell find src/Faas.Http hocon -type f -not -path '*/bin/*' -not -path '*/obj/*') $(props)
cli_sources := $(actors_sources) $(shell find src/Faas.Cli src/Faas.Client -type f -not -path '*/bin/*' -not -path '*/obj/*') $(props)
page := src/Faas.Web/dist/index.html
page_modules := src/Faas.Web/node_modules/.package-lock.json
page_sources := $(shell find src/Faas.Web -type f -not -path '*/node_modules/*' -not -path '*/dist/*')
suites := node python web browser $(shell ls -d tests/Faas.*.Tests | sed 's/.*Faas[.]\(.*\)[.]Tests/\L\1/')
ifeq ($(MAKELEVEL),0) # what may run side by side does so in a make of its own: see $(server)
.NOTPARALLEL:
endif
export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1

.PHONY: run cluster help test $(suites:%=test-%) test-one test-repeat test-systemd screenshots bench bench-quick bench-scale bench-network \
  bench-libraries soak fuzz doctor build cli install uninstall setup system test-tools clean

run: system $(server) $(node_modules) ## installs what is missing, builds, and serves on http://localhost:8080 (also: make alone)
	@exec dotnet $(server)

cluster: system $(server) $(node_modules) ## starts three nodes of one cluster on this machine, says what to try, and ends them at Ctrl+C
	@src/Faas.Http/cluster.sh $(server)

help: ## prints this
	@sed -n 's/^# \(test-SUITE:\)/\1/; s/^\([a-z][A-Za-z-]*\):.*## /make \1\t/p' Makefile | expand -t 22

test: setup test-tools $(page) ## runs every suite
	@tests/run.sh $(configuration)

# test-SUITE: ## runs one suite: actors, architecture, bench, browser, cli, http, node, python, sandbox or web
$(suites:%=test-%): test-%: setup test-tools $(page)
	@tests/run.sh $(configuration) $*

test-one: setup test-tools $(page) ## NAME=...: builds no more than one test needs, and runs it
	@tests/repeat.sh $(configuration) 1 '$(NAME)'

test-repeat: setup test-tools $(page) ## N=50 NAME=...: repeats one test N times, or until it fails
	@tests/repeat.sh $(configuration) $(or $(N),50) '$(NAME)'

test-systemd: setup $(server) ## tests the installed unit and the drivers of cgroup v2 and systemd in a virtual machine; slow
	dotnet build Faas.sln -c $(configuration) -v quiet
	@tests/systemd/run.sh $(configuration)

screenshots: setup test-tools $(page) ## makes the pictures of the page in docs/images
	dotnet build src/Faas.Http -c $(configuration) -v quiet
	runtimes/node_modules/.bin/node --no-warnings tests/browser/screenshots.ts

bench: setup $(bench_modules) $(server) $(bench) ## measures speed beside other platforms in under ten minutes; writes bench/results/DATE.md
	@dotnet $(bench) full --server $(server) --results bench/results

bench-quick: setup $(bench_modules) $(server) $(bench) ## measures the ratios alone, in less than a minute
	@dotnet $(bench) quick --server $(server)

bench-scale: setup $(server) $(bench) ## measures a million versions, long scripts, a thousand waiting clients; writes bench/results/DATE-scale.md
	@dotnet $(bench) scale --server $(server) --results bench/results

bench-network: setup $(server) $(bench) ## measures what the proxy of sandboxes costs; writes bench/results/DATE-network.md
	@dotnet $(bench) network --server $(server) --results bench/results

bench-libraries: setup $(server) $(bench) ## measures what libraries cost at an upload and at calls; writes bench/results/DATE-libraries.md
	@dotnet $(bench) libraries --server $(server) --results bench/results

soak: setup ## runs for long: fifty kills and fifty faults on each store, 1,000 uploads, 200,000 calls, hostile scripts with libraries
	FAAS_TEST_LIMIT_FACTOR=100 FAAS_FAULT_ROUNDS=50 FAAS_SOAK_CALLS=200000 FAAS_SOAK_UPLOADS=1000 FAAS_OVERLOAD_SECONDS=60 FAAS_TEST_ABUSE=all \
	  dotnet test tests/Faas.Sandbox.Tests -c $(configuration) \
	  --filter 'FullyQualifiedName~Faults|FullyQualifiedName~LayeredTests|FullyQualifiedName~DurabilityTests|FullyQualifiedName~SecretTests' \
	  --logger 'console;verbosity=detailed' -- xUnit.ParallelizeTestCollections=false

fuzz: setup ## gives the parsers of untrusted bytes a hundred times the inputs of make test
	FAAS_TEST_LIMIT_FACTOR=100 FAAS_FUZZ_TIMES=100 \
	  dotnet test Faas.sln -c $(configuration) --filter FullyQualifiedName~FuzzTests --logger 'console;verbosity=normal'

doctor: setup $(server) ## tries every wall of a sandbox on this machine, and says how to mend a missing one
	@dotnet $(server) doctor

build: setup $(server) $(cli) ## builds the server and the command line

cli: $(cli) ## builds the command line alone: src/Faas.Cli/bin/Release/publish/faas

# Without DESTDIR it also makes the user and tells systemd. What is in /etc/faas stays as it is.
install: ## PREFIX=/usr/local DESTDIR=: installs what `make build` has made, as root, with a unit for systemd (docs/install.md)
	@[ -f $(published)/faas-server.dll ] && [ -f $(cli) ] && [ -d runtimes/node_modules ] || { echo 'Nothing is built yet: run `make build` first.' >&2; exit 1; }
	@[ -n '$(DOTNET)' ] || { echo 'dotnet was not found: name it, DOTNET=/path/to/dotnet.' >&2; exit 1; }
	rm -rf $(library).new
	install -d $(library).new/runtimes $(dir $(command)) $(dir $(unit))
	cp -r $(published)/. $(library).new
	cp -r runtimes/PROTOCOL.md runtimes/node runtimes/python runtimes/node_modules $(library).new/runtimes
	rm -rf $(library).new/runtimes/node_modules/node-*/{include,share}
	find $(library).new -name __pycache__ -prune -exec rm -r {} +
	rm -rf $(library)
	mv $(library).new $(library)
	printf '#!/bin/sh\nexec %s %s/lib/faas/faas-server.dll "$$@"\n' '$(DOTNET)' '$(PREFIX)' > $(command)
	chmod 755 $(command)
ifeq ($(wildcard $(cli).dll),)
	install -m 755 $(cli) $(cli_command)
else # .NET starts it
	install -d $(library)/cli
	cp -r $(dir $(cli)). $(library)/cli
	printf '#!/bin/sh\nexec %s %s/lib/faas/cli/faas.dll "$$@"\n' '$(DOTNET)' '$(PREFIX)' > $(cli_command)
	chmod 755 $(cli_command)
endif
	install -d $(dir $(bash_completion) $(zsh_completion) $(fish_completion))
	$(cli) completion bash > $(bash_completion)
	$(cli) completion zsh > $(zsh_completion)
	$(cli) completion fish > $(fish_completion)
	sed 's|/usr/local|$(PREFIX)|g' docs/faas.service > $(unit)
	install -d -m 750 $(root)/etc/faas
	[ -e $(root)/etc/faas/faas.conf ] || install -m 640 docs/etc/faas.conf $(root)/etc/faas/faas.conf
	[ -e $(root)/etc/faas/faas.env ] || install -m 600 docs/etc/faas.env $(root)/etc/faas/faas.env
ifeq ($(root),)
	getent passwd faas >/dev/null || useradd --system --user-group --home-dir /var/lib/faas --no-create-home --shell /usr/sbin/nologin faas
	chown root:faas /etc/faas /etc/faas/faas.conf
	[ ! -d /run/systemd/system ] || systemctl daemon-reload
	@echo 'Installed. Start it now and at every boot: systemctl enable --now faas'
endif

uninstall: ## PREFIX=/usr/local DESTDIR=: removes what `make install` has installed, except /etc/faas, /var/lib/faas and the user
ifeq ($(root),)
	[ ! -d /run/systemd/system ] || ! systemctl -q is-enabled faas 2>/dev/null || systemctl disable --now faas
endif
	rm -rf $(library) $(command) $(cli_command) $(unit) $(bash_completion) $(zsh_completion) $(fish_completion)
ifeq ($(root),)
	[ ! -d /run/systemd/system ] || systemctl daemon-reload
	@echo 'Left as they are: /etc/faas, /var/lib/faas and the user faas.'
endif

setup: system $(node_modules) ## installs what is missing

test-tools: $(test_modules)
	@tests/install.sh

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

$(test_modules): tests/%/node_modules/.package-lock.json: tests/%/package-lock.json
	cd tests/$* && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(bench): $(sources) $(shell find bench/Faas.Bench tests/Faas.Testing -type f -not -path '*/bin/*' -not -path '*/obj/*')
	dotnet build bench/Faas.Bench -c $(configuration) -v quiet
	@touch $@

$(page_modules): src/Faas.Web/package-lock.json
	cd src/Faas.Web && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

# By the node that runs scripts, so that the page is built alike on every machine.
$(page): $(page_sources) $(page_modules) $(node_modules)
	cd src/Faas.Web && $(CURDIR)/runtimes/node_modules/.bin/node node_modules/vite/bin/vite.js build --logLevel warn
	@touch $@

# Analyzers take a third of the time and tell a user nothing: `make test` builds with them.
unanalysed := -p:RunAnalyzersDuringBuild=false

# The page and the server's library need nothing of each other, so they are built side by side: npm waits for its downloads meanwhile.
$(server): $(sources) $(page_sources)
	@$(MAKE) --no-print-directory -j2 $(actors) $(page)
	dotnet publish src/Faas.Http -c $(configuration) -v quiet -o $(dir $@) $(unanalysed)
	@touch $@

$(actors): $(actors_sources) $(props)
	dotnet build src/Faas.Actors -c $(configuration) -v quiet $(unanalysed)
	@touch $@

$(cli): $(cli_sources)
	rm -rf $(dir $@)
	dotnet publish src/Faas.Cli -c $(configuration) -v quiet -o $(dir $@) $(if $(native),-p:PublishAot=true) $(unanalysed)
	@touch $@

clean: ## removes what was built
	rm -rf artifacts src/*/bin src/*/obj src/Faas.Web/dist bench/*/bin bench/*/obj tests/*/bin tests/*/obj
