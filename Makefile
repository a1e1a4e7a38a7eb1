# One virtual environment, made anew when the dependencies change. `make` alone lists the targets.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
FUZZ_SECONDS ?= 60
ONCE_MORE := What failed is tried once more, by itself. A test that passes now depends on the clock or on the load: mend it.

# Where this is set, as in many images, each of the hundreds of processes of the tests would compile all anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-faults format coverage fuzz bench-polls bench-ingest bench-latency bench-scale bench-counting screenshots constraints clean

help: ## List the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.installed ## Set everything up and run the service on the sample content
	$(BIN)/feedsvc serve --config config/feedsvc.toml

test: $(VENV)/.installed-dev ## Set everything up and pass all checks and tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 4 --dist worksteal || { [ $$? -eq 1 ] && echo "$(ONCE_MORE)" && \
		$(BIN)/pytest --last-failed --last-failed-no-failures none --maxfail 1; }

test-faults: $(VENV)/.installed-dev ## Run the tests of faults at length: more kills, more files
	FAULT_ROUNDS=20 FAULT_FILES=10000 $(BIN)/pytest -n auto tests/e2e tests/robustness

format: $(VENV)/.installed-dev ## Format the code, and mend what can be mended by a machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: $(VENV)/.installed-dev ## Run the tests and show which branches none of them takes
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine
	$(BIN)/coverage report --skip-covered

fuzz: $(VENV)/.installed-dev ## Try random bytes on every reader, for FUZZ_SECONDS (60)
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(PIP) install --only-binary :all: 'atheris>=3,<4' || \
		echo "skipped: the fuzzer, atheris, has no wheel for this Python and system; use another, make PYTHON=python3.12 fuzz"
	@! $(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python tests/fuzz/run.py --seconds $(FUZZ_SECONDS)

bench-polls: $(VENV)/.installed ## Measure what a poll costs, beside nginx and Caddy (BENCH=--quick for a short run)
	$(BIN)/python benchmarks/polls.py $(BENCH)

bench-ingest: $(VENV)/.installed ## Measure how long files take to come in, beside Hugo
	$(BIN)/python benchmarks/ingest.py $(BENCH)

bench-latency: $(VENV)/.installed ## Measure how long it takes from a dropped file to the feed
	$(BIN)/python benchmarks/latency.py $(BENCH)

bench-scale: $(VENV)/.installed ## Measure what a large archive costs
	$(BIN)/python benchmarks/scale.py $(BENCH)

bench-counting: $(VENV)/.installed ## Measure what counting a poll costs
	$(BIN)/python benchmarks/counting.py $(BENCH)

screenshots: $(VENV)/.installed-dev ## Make the pictures in docs/images from the running service
	$(BIN)/python docs/screenshots.py

constraints: $(VENV)/.installed-dev ## Write down the versions that are installed
	@echo "# The versions that the tests pass with, for installs that must be repeatable. Made by \`make constraints\`." > .ci/constraints.txt
	@$(PIP) freeze --exclude-editable | grep -E '^[A-Za-z0-9_.-]+==' >> .ci/constraints.txt

clean: ## Remove the environment and everything that was made
	rm -rf $(VENV) build dist .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "feedsvc needs Python 3.11 or newer; name one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml .ci/constraints.txt | $(BIN)/python
	$(PIP) install --constraint .ci/constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install --upgrade "pip>=25.1"
	$(PIP) install --constraint .ci/constraints.txt --group dev
	@touch $@
