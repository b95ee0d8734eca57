# Two commands do all set-up: `make brief` and `make test`. A second run skips what is done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
REPORT := build/us-russia-2024.html

.PHONY: brief test lint docs bench constraints clean

# --- set-up, once per change of the constraints -------------------------------------------------
$(VENV)/.created:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "détente needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.core: requirements/core.txt pyproject.toml $(VENV)/.created
	$(PIP) install --quiet --require-hashes -r requirements/core.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements/development.txt $(VENV)/.core
	$(PIP) install --quiet --require-hashes -r requirements/development.txt
	@touch $@

# --- the jobs -------------------------------------------------------------------------------------
brief: $(VENV)/.core
	@mkdir -p $(dir $(REPORT))
	$(BIN)/detente brief us-russia-2024 --output $(REPORT)

test: lint docs
	$(BIN)/python -m pytest

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.development
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs build/docs

bench: $(VENV)/.development
	$(BIN)/python -m bench

clean:
	rm -rf build $(VENV)
