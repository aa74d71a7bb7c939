# Every task of the house. `make` alone lists them.

PYTHON ?= python3
JOBS ?= 2

BIN := .venv/bin
READY := .venv/.ready
SERVED := src/doorstep/web/assets/vendor/NOTICE
BROWSER := .venv/.browser
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install -qq
CHECKED := src tests examples assets/vendor.py $(wildcard bench)
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --no-build \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := list
.PHONY: list setup demo test check check-fast fix lint types imports bench docs screenshots migration lock clean

list:
	@echo "Doorstep. Choose one:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-11s %s\n", $$1, $$2 }'

setup: $(READY) $(SERVED) $(BROWSER) ## Install everything that is needed, pinned (nothing to do when it is up to date)

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Doorstep needs Python 3.11 or newer. Name yours: make PYTHON=python3.12"; exit 1; }
	@if [ -x $(BIN)/python ]; then echo "Bringing .venv up to date"; \
		else echo "Setting up .venv (first time: about a minute)"; $(PYTHON) -m venv .venv; fi
	@$(PIP) --only-binary :all: --require-hashes -r requirements-dev.lock
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

$(SERVED): assets/package.json assets/package-lock.json assets/vendor.py | $(READY)
	@$(BIN)/python assets/vendor.py

$(BROWSER): assets/install-chromium.sh | $(READY)
	@assets/install-chromium.sh
	@touch $@

demo: setup ## See a small store at work
	@$(BIN)/doorstep demo

test: check ## Everything that continuous integration runs
	@$(BIN)/pytest -n $(JOBS)

check: lint types imports ## Lint, types and import contracts

check-fast: setup ## Unit tests, laws and house rules, in under a minute
	@$(BIN)/pytest -n $(JOBS) tests/unit tests/laws tests/house

fix: setup ## Format, and repair what can be repaired automatically
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

lint: setup ## Format and lint findings
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted as above: run make fix"; exit 1; }
	@$(BIN)/ruff check --quiet .

types: setup
	@$(BIN)/mypy $(CHECKED)

imports: setup
	@$(BIN)/lint-imports --no-logo

bench: setup ## Measure speed and memory
	@PYTHONPATH=. $(BIN)/python bench/run.py

docs: setup ## Write the generated documents anew
	@$(BIN)/doorstep docs
	@PYTHONPATH=. $(BIN)/python -m examples.storefront.written
	@PYTHONPATH=. $(BIN)/python -m tests.contract.api.walk >/dev/null

screenshots: setup ## Take the pictures of the pages in docs/screenshots anew
	@PYTHONPATH=. $(BIN)/python -m tests.pages.screenshots

texts: setup ## Gather the texts of all pages into their catalogs; what is not translated is left empty
	@$(BIN)/python -m doorstep.web.catalogs

migration: setup ## Write the next schema migration: make migration NAME=add_bins (REPLACE=1: the newest anew)
	@[ -n "$(NAME)" ] || { echo "Name it: make migration NAME=add_bins"; exit 1; }
	@$(BIN)/python -m doorstep.storage.migrations new "$(NAME)" $(if $(REPLACE),--replace)
	@$(BIN)/ruff format --quiet src/doorstep/storage/migrations/versions

lock: setup ## Pin the newest allowed versions in requirements.lock and requirements-dev.lock
	@$(LOCK) --output-file requirements.lock
	@$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## Remove caches and build outputs (.venv stays)
	@rm -rf build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .schemathesis
	@find src tests $(wildcard bench) -name __pycache__ -type d -prune -exec rm -rf {} +
