# Everything a person does with a clone of Binnacle. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
DESTDIR ?=
ARGS ?=
BENCH ?=
CC ?= cc

# One binary that needs no Swift on the machine it is copied to. Not position-independent: relocating this much at each
# start costs a millisecond and 8 MB of pages that are no longer shared with the file.
RELEASE = swift build -c release --product binnacle --static-swift-stdlib -Xlinker --gc-sections $(STRIP) -Xlinker --no-pie
STRIP ?= -Xlinker -s
BINARY = .build/release/binnacle
REFERENCE = .build/reference

BIN = $(DESTDIR)$(PREFIX)/bin
THEMES = $(DESTDIR)$(PREFIX)/share/binnacle/themes

.PHONY: help run build debug test unit screens bench install uninstall clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: build ## builds and opens the dashboard on the engine it finds, else the practice cluster (ARGS="--host ...")
	@if [ -n "$(ARGS)" ] || $(BINARY) --answers; then exec $(BINARY) $(ARGS); fi; \
	echo "No Docker engine answers on this machine: opening the practice cluster, in which nothing is real."; \
	echo "(make run ARGS=\"--host ssh://user@machine\" watches a real one.)"; sleep 2; \
	exec $(BINARY) --practice

build: ## a release build, after installing by apt what it needs
	@Tests/lab/setup build
	$(RELEASE)

debug: ## a debug build
	@Tests/lab/setup build
	swift build

test: ## all tests, with real engines that are started for them and stopped again
	@Tests/run

unit: ## the tests that need no engine
	@Tests/run --unit

screens: ## records the golden screens anew; look at the difference before you keep it
	RECORD_SCREENS=1 swift test --filter PanesTests

bench: build $(REFERENCE) ## speed, memory, the engine's cost (BENCH="--quick", BENCH="--program 'htop=htop'")
	@Tests/lab/setup test
	@Tests/Benchmarks/bench $(BENCH)
	@Tests/Benchmarks/health $(filter --quick --check,$(BENCH))
	@Tests/Benchmarks/scale $(filter --quick --check,$(BENCH))

$(REFERENCE): Tests/Benchmarks/reference.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -Werror -o $@ $< -lncursesw -ltinfo

# Only when it is older than its sources, so that `sudo make install` needs no Swift in root's path.
$(BINARY): Package.swift $(wildcard Package.resolved) $(shell find Sources -type f)
	@$(MAKE) --no-print-directory build
	@touch $@

install: $(BINARY) ## puts the binary and the themes in place (PREFIX=/usr/local, DESTDIR=)
	install -d $(BIN) $(THEMES)
	install -s -m 0755 $(BINARY) $(BIN)/binnacle
	install -m 0644 themes/*.theme $(THEMES)

uninstall: ## removes what install put in place
	rm -f $(BIN)/binnacle
	rm -rf $(DESTDIR)$(PREFIX)/share/binnacle

clean: ## removes what was built
	rm -rf .build
