# Everything a developer or an operator of one machine types. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help install run demo test fmt bench

# The first Python that works: 3.12 and 3.11 bring a redis-server with them (see docs/running.md for others).
PYTHON ?= $(shell for p in python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.installed ## Make .venv with the pinned dependencies and the briefing-bot command

run: install ## Start the bot; without BOT_TOKEN the demo, on http://127.0.0.1:8090
	@exec $(BIN)/briefing-bot run

demo: install ## Start the demo: a local Telegram in your browser, no token needed
	@exec $(BIN)/briefing-bot demo

test: $(VENV)/.installed-dev ## Formatter, linter, types, layers, and every test; exit 0 only if all pass
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/hadolint Dockerfile
	$(BIN)/pytest

fmt: $(VENV)/.installed-dev ## Format and repair what the linter can repair
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed-dev ## Measure what the docs claim (takes minutes, prints ratios)
	$(BIN)/python -m benchmarks

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found on PATH."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
