# `make help` lists the targets. Needs Python 3.11 or newer and a package registry; all else goes into .venv.
PYTHON ?= python3
KILLS ?= 200
WORKERS ?= auto
BIN := .venv/bin
CODE := $(wildcard tracker jobs dashboards demo benchmarks tests)

.PHONY: help demo test bench kill words fmt lint types imports clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/.stamp ## load the demo and start everything (CHECK=1: run its story once and stop)
	$(BIN)/python demo/run.py $(if $(CHECK),--check)

test: lint types imports ## all that CI runs, tests on both databases and in the browser (WORKERS=1: one at a time)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

bench: .venv/.stamp ## run every benchmark and print its figures
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	set -e; for script in $(sort $(wildcard benchmarks/*.py)); do $(BIN)/python $$script; done

kill: .venv/.stamp ## kill the program at every step of its work and at random moments (KILLS=200 on each database)
	TRACKER_KILLS=$(KILLS) $(BIN)/python -m pytest tests/kill --timeout=0

words: .venv/.stamp ## collect the words of the reporters' pages into the catalogues (tracker/web/locale)
	mkdir -p build
	$(BIN)/pybabel -q extract -F pyproject.toml -k gettext_noop --add-location=file --width=118 -o build/messages.pot .
	$(BIN)/pybabel -q update -N --ignore-obsolete --ignore-pot-creation-date --width=118 -i build/messages.pot -d tracker/web/locale

fmt: .venv/.stamp ## format the code and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: .venv/.stamp ## check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.stamp ## check types
	$(BIN)/mypy $(CODE)

imports: .venv/.stamp ## check that imports go one way
	$(BIN)/lint-imports

clean: ## remove the environment and all that the other targets made
	rm -rf .venv build dist demo/.run .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.stamp: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
