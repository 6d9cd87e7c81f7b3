# Everything a developer or an operator of one machine types. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help install run demo test fmt bench score survive audit pin

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/python -m compileall -q -j 0 $(VENV)/lib

# Tests start some hundred processes: bytecode is to be kept, wherever this is.
unexport PYTHONDONTWRITEBYTECODE

# The first Python that works and can make a venv. 3.12 and 3.11 come first: for these two there is a package
# that brings a redis-server along. Names on PATH are tried, not trusted: some are shims that only complain.
PYTHON ?= $(shell for python in python3.12 python3.11 python3 python; do \
	$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$python; break; }; done)

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/installed ## Make .venv with the pinned dependencies and the briefing-bot command

run: $(VENV)/installed ## Start the bot; without BOT_TOKEN the demo, on http://127.0.0.1:8090
	@exec $(BIN)/briefing-bot run

demo: $(VENV)/installed ## Start the demo: a local Telegram in your browser, no token needed
	@exec $(BIN)/briefing-bot demo

# Types are checked while tests run, which mostly wait; the answer comes after theirs. Tests that were never run are
# compiled by one process first, or each of the six would do it.
test: $(VENV)/installed-for-tests ## Formatter, linter, types, layers and every test; exit 0 only if all pass
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .
	$(BIN)/hadolint Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
	@echo "$(BIN)/pytest, and $(BIN)/mypy beside it"
	@$(BIN)/mypy >$(VENV)/mypy.txt 2>&1 & types=$$!; \
	test -d tests/__pycache__ || $(BIN)/pytest -n 0 --collect-only -qq >/dev/null; \
	$(BIN)/pytest; tests=$$?; \
	wait $$types; typed=$$?; cat $(VENV)/mypy.txt; exit $$(( tests | typed ))

fmt: $(VENV)/installed-for-tests ## Format, and repair what the linter can repair
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/installed-for-tests ## Measure what the docs claim (takes minutes, prints ratios)
	$(BIN)/python -m benchmarks

survive: $(VENV)/installed-for-tests ## Kill, stop and storm everything at full size, with exact accounts (a quarter of an hour)
	SURVIVE_SIZE=full STATE_MACHINE_EXAMPLES=2000 $(BIN)/pytest -n 0 -s --timeout 1800 --durations=0 \
	  tests/stories/test_survive.py tests/stories/test_two_days.py tests/store/test_state_machine.py

score: $(VENV)/installed ## How well sources are read, as JSON (GOLD=folder FEEDS=folder: other evaluation sets)
	@$(BIN)/python -m benchmarks.score $(if $(GOLD),--gold "$(GOLD)") $(if $(FEEDS),--feeds "$(FEEDS)")

audit: $(BIN)/python ## Look for known holes in the pinned dependencies (asks the network)
	@test -x $(VENV)/audit/bin/pip-audit || { $(BIN)/python -m venv $(VENV)/audit && \
	$(VENV)/audit/bin/python -m pip --disable-pip-version-check --quiet install pip-audit; }
	$(VENV)/audit/bin/pip-audit --no-deps --disable-pip --requirement constraints.txt

pin: $(VENV)/installed ## Renew constraints.txt: the newest versions that fit together, on every platform
	$(PIP) install uv
	@{ echo '# One version of everything, for every platform; the tools that build us included. Made by: make pin'; \
	printf '%s\n' hatchling editables | $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--extra dev --no-header --no-annotate pyproject.toml -; } > $(VENV)/constraints.txt
	mv $(VENV)/constraints.txt constraints.txt
	@git --no-pager diff --stat constraints.txt

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer (with venv) is needed, and none was found." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# The builder first, at its pinned version; then we ourselves with it, so that no unpinned one is fetched. Bytecode is
# made afterwards, on all cores.
$(VENV)/installed: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing into $(VENV) ..."
	@$(PIP) install -c constraints.txt hatchling editables
	@$(PIP) install -c constraints.txt --no-compile --no-build-isolation -e .
	@-$(COMPILE)
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed
	@echo "Installing what the tests need into $(VENV) ..."
	@$(PIP) install -c constraints.txt --no-compile --no-build-isolation -e '.[dev]'
	@-$(COMPILE)
	@touch $@
