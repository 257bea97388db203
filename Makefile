# `make help` lists the targets. `check` reads, `lint` and `accept` write.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(name) 2>/dev/null)))
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
PORT := $(or $(GUIBIN_PORT),8000)
HOST := $(or $(GUIBIN_HOST),127.0.0.1)
# Test files that share a costly fixture stay together on one process, in the order of tests/conftest.py.
PARALLEL := --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder

# Room contracts, pending migrations, and the texts that were accepted.
DRIFT := tests/architecture tests/schema/test_sdl.py tests/authz/test_matrix.py
GOLDEN = $(shell grep -rl "from tests.accepting" tests)

##@ Use it
.PHONY: help setup run
help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.installed ## Create .venv and install the hash-locked packages of the product
	@mkdir -p var

run: setup ## Serve on 127.0.0.1:8000 (GUIBIN_PORT=...), with a demo bank when the database is empty
	@$(PY) -m api migrate
	@$(PY) -m api demo --if-empty
	@echo; echo "Guibin answers on http://$(HOST):$(PORT)/graphql, until you press Ctrl+C."; echo
	@exec $(PY) -m api serve

##@ Change it
.PHONY: test check lint accept migration lock
test: $(VENV)/.installed-dev ## Run the whole suite on SQLite and PostgreSQL; T=tests/desk runs a part of it
	@$(PY) -m pytest $(if $(T),$(T),$(PARALLEL))

check: $(VENV)/.installed-dev ## Read only: style, types, room contracts, pending migrations, drift of goldens
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m pytest $(DRIFT)

lint: $(VENV)/.installed-dev ## Put style right where ruff can
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

accept: $(VENV)/.installed-dev ## Rewrite the goldens: the policy's matrix, schema.graphql. The diff is the review
	@$(PY) -m tests.authz.accept
	@ACCEPT=1 $(PY) -m pytest $(GOLDEN)
	@git --no-pager diff --stat -- schema.graphql tests/golden

migration: $(VENV)/.installed-dev ## Write a migration for changed models: make migration name=add_a_column
	@test -n "$(name)" || { echo "Name it: make migration name=add_a_column"; exit 2; }
	@$(VENV)/bin/tortoise makemigrations --name "$(name)"
	@echo "Read it: only additions are safe as generated (docs/adding-a-column.md)."

lock: $(VENV)/.installed-dev ## Write both lock files anew, for every platform, from pyproject.toml
	@$(LOCK) -o requirements.lock
	@$(LOCK) --group dev -o requirements-dev.lock
LOCK = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header pyproject.toml

##@ Measure it
.PHONY: conformance bench
conformance: $(VENV)/.installed-dev ## Run the conformance tests in their full sizes (CI runs samples)
	@CONFORMANCE_DECISIONS=1000000 MACHINE_EXAMPLES=300 TWIN_QUERIES=12000 PATH_CHAINS=2000 CORPUS_DOCUMENTS=20000 RACE_ROUNDS=1000 \
		$(PY) -m pytest $(PARALLEL) tests/authz tests/desk tests/schema
	@$(PY) -m tests.pkdd99.accept

bench: $(VENV)/.installed-dev ## Measure plans, policies, receipts, growth, issuers, imports, screening, months; custody with 2,000 cards issued
	@for name in plans policies receipts growth issuers imports screening months; do $(PY) -m bench.$$name || exit 1; done
	@$(PY) -m bench.custody --issued 2000

##@ Clean up
.PHONY: clean
clean: ## Remove caches and the embedded database; keys under var/keys and .venv stay
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage htmlcov
	@rm -f var/guibin.sqlite3 var/guibin.sqlite3-wal var/guibin.sqlite3-shm
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +

$(PY):
	@test -n "$(PYTHON)" || { echo "Python is not on PATH. Install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is too old. Install Python 3.11 or newer, or name one: make PYTHON=python3.12"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock | $(PY)
	@echo "Installing the packages of requirements.lock"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock | $(PY)
	@echo "Installing the packages of requirements-dev.lock"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.installed
