# Two commands matter: `make run` and `make test`. Each makes .venv by itself; Python 3.11 or newer is all they need.
.DEFAULT_GOAL := help
.PHONY: help run test check fix docs clean

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
JOBS ?= auto
BIN := .venv/bin
comma := ,

# A Chromium on the machine brings the tests in a real browser with it.
CHROMIUM := $(shell for name in chromium chromium-browser google-chrome; do command -v $$name && break; done)
TESTS := test$(if $(CHROMIUM),-browser)

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: .venv/runtime  ## all five services on one address, with invented data: PORT=8000 ARGS="--empty"
	@$(BIN)/heed run --port $(PORT) $(ARGS)

test: .venv/$(TESTS)  ## every test that this machine can run: ARGS="tests/intake" JOBS=0
	@$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

check: .venv/test-browser-check  ## format, lint, types, imports between the parts, dead code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.dead_code

fix: .venv/test-browser-check  ## what format and lint can mend by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/test-browser-check  ## docs/events.md, docs/configuration.md and docs/api from the code
	$(BIN)/python -m tools.docs

clean:  ## what the commands above have made; data stay
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Heed needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

# One stamp for each set of extras, named after them; uv installs where it is there, for its speed.
.venv/%: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing into .venv ($(subst -,$(comma) ,$*))"
	@target='.$(if $(filter runtime,$*),,[$(subst -,$(comma),$*)])'; \
	{ command -v uv >/dev/null && uv pip install -q --python $(BIN)/python -c constraints.txt -e "$$target"; } || \
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e "$$target"
	@touch $@
