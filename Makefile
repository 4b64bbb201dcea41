# One command a job; `make` alone lists them. Needs Python 3.11 or newer, make and a C++20 compiler, nothing else.
PYTHON ?= python3
SECONDS ?= 10
N ?= 1000000
RUNS ?= 3
TIMES ?= 15
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help demo demo-cdc install postgres browser test test-spark lint type stub bench accuracy accept fuzz torture sanitize clean

BIN := .venv/bin
PACKAGE := .venv/.package
TESTED := .venv/.installed
MEASURED := .venv/.bench
ON_SPARK := .venv/.spark
TOOL := PYTHONPATH=tests $(BIN)/python -m tools
# What the native module is made of: a change here builds it anew, a change of Python code needs no step at all.
BUILT_FROM := pyproject.toml streamstat/kernels/CMakeLists.txt $(shell find streamstat/kernels -name '*.[ch]pp')

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "$(PYTHON) is no Python 3.11 or newer: install one, or name it, for example make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "$(PYTHON) -m venv failed: on Debian install python3-venv" >&2; exit 1; }

.PHONY: compiler
compiler:
	@for each in "$$CXX" c++ g++ clang++; do \
	  if [ -n "$$each" ] && command -v $${each%% *} >/dev/null; then exit 0; fi; done; \
	echo "no C++ compiler found: install one (Debian: apt install g++; macOS: xcode-select --install), or name it in CXX" >&2; \
	exit 1

demo: $(PACKAGE) ## build, install, run the main job on samples/web: a table, demo/report.csv, demo/report.parquet
	@mkdir -p demo
	$(BIN)/streamstat run samples/web/events.ndjson --window tumbling:3h --timezone Europe/Berlin --by route \
	  --where 'not contains(agent, "bot")' --agg 'requests=count()' --agg 'errors=count() if status >= 500' \
	  --agg 'visitors=distinct(visitor)' --agg 'p50(latency_ms)' --agg 'p99(latency_ms)' \
	  --sketches --format table --output - --output demo/report.csv --output demo/report.parquet
	@ls -l demo

demo-cdc: $(PACKAGE) ## a PostgreSQL of its own for half a minute, and its table kept as a report while it changes
	@$(TOOL).postgres >/dev/null
	@$(TOOL).demo_cdc

$(PACKAGE): $(BUILT_FROM) $(shell find streamstat -name "*.py" -o -path "*/help/*.md") | compiler .venv/bin/python
	@if [ -e $(TESTED) ]; then $(MAKE) install; else echo "building streamstat (about a minute)" \
	  && $(BIN)/python -m pip install -q --disable-pip-version-check .; fi
	@touch $@

install: $(TESTED) ## .venv with this tree (editable) and what tests need; built anew when the C++ code has changed

$(TESTED): $(BUILT_FROM) | compiler .venv/bin/python
	@echo "building streamstat and installing it into .venv"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@

postgres: $(TESTED) ## the PostgreSQL with wal2json that tests/cdc and demo-cdc need: on Debian, as root
	@$(TOOL).postgres >/dev/null 2>&1 || sh tests/tools/install_postgres.sh
	@$(TOOL).postgres

browser: $(TESTED) ## the chromium that tests/browser needs: on Debian, as root
	@$(TOOL).browser >/dev/null 2>&1 || sh tests/tools/install_browser.sh
	@$(TOOL).browser

test: $(TESTED) ## all tests but those on Spark (make test-spark), and the examples in docstrings
	$(BIN)/python -m pytest -n auto --dist worksteal --ignore tests/spark tests
	$(BIN)/python -m pytest --doctest-modules streamstat

test-spark: $(ON_SPARK) ## the tests on a cluster of Spark on this machine; they need Java 17
	$(BIN)/python -m pytest tests/spark

$(ON_SPARK): $(TESTED)
	@for each in "$$JAVA_HOME/bin/java" java; do \
	  if command -v "$$each" >/dev/null 2>&1; then exit 0; fi; done; \
	echo "no Java found: install one (Debian: apt install openjdk-17-jre-headless), or name it in JAVA_HOME" >&2; exit 1
	@echo "installing Spark into .venv (some 500 MB)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev,spark]'
	@touch $@

lint: $(TESTED) ## ruff's rules and layout; and that the native module's stub is current
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(TOOL).stub --check

type: $(TESTED) ## mypy --strict over streamstat and tests
	$(BIN)/python -m mypy

stub: $(TESTED) ## write the native module's stub anew
	$(TOOL).stub

bench: $(MEASURED) ## speed and memory beside other tools, a table; N=1000000 events, RUNS=3, ONLY=part of a job's name
	$(BIN)/python tests/bench/bench.py --events $(N) --runs $(RUNS) --only "$(ONLY)"

$(MEASURED): $(TESTED)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[bench]'
	@touch $@

accuracy: $(TESTED) ## what the sketches are off by, a list
	$(TOOL).accuracy

accept: $(TESTED) ## write what the cases and samples give now as what is expected; read the diff
	$(TOOL).accept

fuzz: $(TESTED) ## mutated lines against the decoder under ASan and UBSan, for SECONDS=10 from SEED=
	@$(TOOL).fuzz_decoder $(SECONDS) $(SEED)

torture: $(TESTED) ## runs killed, failing and without power, logs that change at any moment, TIMES=15 times as long, from SEED=5
	TORTURE=$(TIMES) SEED=$(SEED) $(BIN)/python -m pytest tests/checkpoints/test_state_crash.py \
	  tests/checkpoints/test_state_folder.py tests/input/logs/test_changing_world.py

sanitize: $(TESTED) ## the kernels' tests with a module built with ASan and UBSan
	@sh tests/tools/sanitize.sh $(BIN)/python

clean: ## remove what was built
	rm -rf .venv build demo .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
