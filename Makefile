# Every target does the set-up that it needs; stamps in .venv keep a second run fast.
# Another Python: make PYTHON=python3.13 test

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip -qq --disable-pip-version-check
NEEDS  := pyproject.toml constraints.txt
# Drift's own client, which ours is held against: its build needs what is installed, and if that
# fails one line of the tests says that it was left out.
OFFICIAL := drift-python==1.1.3

.DEFAULT_GOAL := help
.PHONY: help review test check lab docs bench soak constraints clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

review: $(VENV)/.ready ## the main job on the sample: one page with charts and numbers
	@$(BIN)/drift-analysis review data/sample --out review

test: $(VENV)/.ready-test check ## set up, then everything that CI runs

check: ## everything that CI runs, on what is installed already
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist worksteal --cov --cov-report=term

lab: $(VENV)/.ready-lab ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab notebooks

docs: $(VENV)/.ready-test ## write docs/tables.md, the gallery and the picture of the README anew
	$(BIN)/python docs/write_tables.py
	$(BIN)/python docs/write_picture.py
	$(BIN)/python docs/write_gallery.py

bench: $(VENV)/.ready-test ## time what has to stay fast
	$(BIN)/python benchmarks/import_time.py
	$(BIN)/python benchmarks/attribution.py
	$(BIN)/python benchmarks/metrics.py
	$(BIN)/python benchmarks/loading.py
	$(BIN)/python benchmarks/archive_memory.py 0.5 2
	$(BIN)/python benchmarks/review.py

soak: $(VENV)/.ready-test ## the long versions of the seeded tests of the loaders, the archive and the sync
	DRIFT_ANALYSIS_SOAK=20 $(BIN)/pytest tests/sources/test_mutations.py
	DRIFT_ANALYSIS_SOAK=10 $(BIN)/pytest tests/sources/test_round_trip.py
	DRIFT_ANALYSIS_SOAK=20 $(BIN)/pytest tests/sources/test_columnar.py
	DRIFT_ANALYSIS_KILLS=200 $(BIN)/pytest tests/sources/test_archive_kill.py tests/sources/test_sync_kill.py
	DRIFT_ANALYSIS_SOAK=4 $(BIN)/pytest tests/sources/test_sync_faults.py
	DRIFT_ANALYSIS_SCHEDULES=1000 $(BIN)/pytest tests/sources/test_sync_moving.py

constraints: $(VENV)/.ready-test ## resolve constraints.txt anew, for every Python from 3.11
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --upgrade pyproject.toml --extra deck --extra lab --extra pdf --extra test --extra xlsx \
		--no-annotate --no-header -o constraints.txt

clean: ## remove everything that was made
	rm -rf $(VENV) review .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed. Try: make PYTHON=python3.13" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: $(NEEDS) | $(BIN)/python
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.ready-lab: $(NEEDS) | $(BIN)/python
	$(PIP) install -c constraints.txt -e '.[lab]'
	@touch $(VENV)/.ready $@

$(VENV)/.ready-test: $(NEEDS) | $(BIN)/python
	$(PIP) install -c constraints.txt -e '.[lab,test]'
	-$(PIP) install setuptools && $(PIP) install --no-build-isolation --no-deps $(OFFICIAL)
	@touch $(VENV)/.ready $(VENV)/.ready-lab $@
