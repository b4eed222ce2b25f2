# Everything a newcomer or a colleague does. Each target does its own set-up.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.complete

.PHONY: help setup up demo test check check-code check-tests check-moderation bench rules lock clean

help:
	@echo "make up     start attest with its own database, broker and mailbox"
	@echo "make demo   play a whole cohort from nothing and check the result"
	@echo "make test   run every test (containers too where an engine answers)"
	@echo "make check  format, lint, types, imports, unit and architecture tests"
	@echo "make rules  write docs/rules.md: every rule with its source and its test"
	@echo "make bench  measure, beside the peers, and say met or short (BENCH=short: in minutes)"

setup: $(STAMP)

$(STAMP): requirements/development.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Python 3.11 is missing: install it, or say where it is with make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' || { \
	  echo "$(PYTHON) is too old: attest needs Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing: install the package python3.11-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

up: $(STAMP)
	@$(BIN)/attest up $(UP_ARGS)

demo: $(STAMP)
	@$(BIN)/attest demo

test: $(STAMP)
	$(BIN)/pytest

check: $(STAMP)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-code check-tests check-moderation

check-code:
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

# In two parts, so that two cores have work. Compiled once, the modules start faster.
check-tests check-moderation: export PYTHONDONTWRITEBYTECODE =

check-tests:
	$(BIN)/pytest --quiet --quick tests/unit tests/architecture --ignore=tests/unit/moderation

check-moderation:
	$(BIN)/pytest --quiet --quick tests/unit/moderation

rules: $(STAMP)
	@$(BIN)/python -m tests.support.write_rules

bench: $(STAMP)
	@$(BIN)/python -m benchmarks $(if $(filter short,$(BENCH)),--short) $(BENCH_ARGS)

lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -o requirements/development.txt

clean:
	rm -rf $(VENV) .attest build
