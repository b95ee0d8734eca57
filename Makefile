# Each job does its own set-up: a fresh machine needs Python 3.11 or newer and make, nothing else.
# A second run skips what is done; the stamps in .venv say what that is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# The locks are complete: nothing is left to resolve, so no newer release can upset it, and any pip will do.
# Bytecode is made when a module is first imported; most never are. Where a machine asks for none, each start would
# compile all that it imports, so here that wish is not heard.
LOCKED := install --quiet --require-hashes --no-deps --no-compile
OLD_PIP := 23.2.1
export PYTHONDONTWRITEBYTECODE :=
CASE ?= us-russia-2024
REPORT ?= build/$(CASE).html
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal -rfEs
SPHINX := $(BIN)/python -m sphinx -q -W --keep-going -b html docs build/docs
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-config $(UPGRADE)

.DEFAULT_GOAL := help
MUTANTS ?= 1000000
.PHONY: help brief test test-full mutants bounds coverage check pages loops lint style types docs bench setup spark peers check-setup constraints clean

help:
	@echo 'make brief        analyse a case and write its report (CASE=us-russia-2024)'
	@echo 'make test         everything that must hold: lint, documentation, tests'
	@echo 'make test-full    the same with the slow tests and with all made-up examples'
	@echo 'make mutants      spoiled files and command lines, a million of them (MUTANTS=20000)'
	@echo 'make bounds       the tests of lenses and events with every look-up of the compiled loops checked'
	@echo 'make coverage     the same as test, measuring which lines and branches of the code the tests run'
	@echo 'make lint         style, types, import contracts'
	@echo 'make docs         refresh the generated pages and build the documentation'
	@echo 'make bench        measure speed against its limits'
	@echo 'make constraints  resolve requirements/ again (UPGRADE=--upgrade takes newer releases)'
	@echo 'make clean        remove what the other jobs made'

# --- set-up, once per change of what it depends on ------------------------------------------------
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	"détente needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	@$(PIP) uninstall -qq --yes setuptools  # Python 3.11 adds ten megabytes of it that nobody needs
	@touch $@

$(VENV)/.core: requirements/core.txt pyproject.toml $(VENV)/.created
	$(PIP) $(LOCKED) -r requirements/core.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@cd $(VENV)/lib/*/site-packages && find numba numpy scipy -type d -name tests ! -path 'numpy/_core/*' \
		-prune -exec rm -r {} +  # their tests of themselves: 30 MB
	@touch $@

$(VENV)/.development: requirements/development.txt $(VENV)/.core
	$(PIP) $(LOCKED) -r requirements/development.txt
	@$(PIP) check >$(VENV)/check.log || { cat $(VENV)/check.log; exit 1; }
	@touch $@

setup: $(VENV)/.development

# Spark, half a gigabyte: for the tests that compare it with DuckDB, which need Java and are skipped without either.
$(VENV)/.spark: requirements/spark.txt $(VENV)/.development
	$(PIP) $(LOCKED) -r requirements/spark.txt
	@touch $@

spark: $(VENV)/.spark

# Programs that open what is written and check its proofs; without them those tests are skipped.
$(VENV)/.peers: requirements/peers.txt $(VENV)/.development
	$(PIP) $(LOCKED) -r requirements/peers.txt
	@touch $@

peers: $(VENV)/.peers

# That the locks install with an old pip too, whichever pip this Python brings; nothing is kept.
check-setup:
	$(PYTHON) -m venv --clear build/old-pip
	build/old-pip/bin/python -m pip install --quiet 'pip==$(OLD_PIP)'
	build/old-pip/bin/python -m pip $(LOCKED) --dry-run -r requirements/development.txt
	rm -rf build/old-pip

# --- the jobs -------------------------------------------------------------------------------------
brief: $(VENV)/.core
	@mkdir -p $(dir $(REPORT))
	$(BIN)/detente brief $(CASE) --output $(REPORT)

# What fails fastest goes first; pytest goes last, so that its summary is what one reads. Types, pages and loops
# take a minute each on one processor, so two are made at a time.
# The generated pages are not refreshed here: a stale one is a failure, which the tests find.
check: style
	@$(MAKE) --no-print-directory --jobs=2 types pages loops

pages: $(VENV)/.development
	$(SPHINX)

loops: $(VENV)/.development  # compiled before the tests, which would wait for each other
	$(BIN)/python -m tests.loops

test: check
	$(PYTEST)

test-full: check
	HYPOTHESIS_PROFILE=full $(PYTEST)

# By seeds: what fails says which, tests/robustness/mutating.py makes it again, and build/mutants.jsonl keeps it. A
# million takes an hour and a half of one processor; of those that are cases a few are solved, and command lines tried.
mutants: $(VENV)/.development
	@mkdir -p build
	$(BIN)/python -m tests.robustness.sweep --count $(MUTANTS) --workers 2 --log build/mutants.jsonl
	DETENTE_MUTANTS=20000 $(PYTEST) tests/robustness/test_mutants.py

# Compiled anew, into a place of their own (conftest.py): loops that check where they look are slower, and kept apart.
bounds: $(VENV)/.development
	NUMBA_BOUNDSCHECK=1 $(PYTEST) tests/lenses tests/events tests/test_compiled.py tests/robustness/test_mutants.py

coverage: check
	$(PYTEST) --cov --cov-report=term

lint: style types

style: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/.development
	$(BIN)/mypy

docs: $(VENV)/.development
	$(BIN)/python -m docs.tools.generate
	$(SPHINX)
	@echo 'open build/docs/index.html'

bench: $(VENV)/.development
	$(BIN)/python -m bench

# --- upkeep ---------------------------------------------------------------------------------------
constraints: $(VENV)/.created
	$(PIP) install --quiet uv
	$(COMPILE) pyproject.toml --group build -o requirements/core.txt
	$(COMPILE) pyproject.toml --group test --group docs --group build \
		-c requirements/core.txt -o requirements/development.txt
	$(COMPILE) pyproject.toml --extra spark -c requirements/development.txt -o requirements/spark.txt
	$(COMPILE) --group peers -c requirements/development.txt -o requirements/peers.txt

clean:
	rm -rf build dist $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
