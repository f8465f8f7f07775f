# The workshop. Every target sets up .venv first if it is not there yet; Python 3.11+ and make are all it takes.
# Another Python: PYTHON=python3.12 make test

SUITABLE = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c '$(SUITABLE)' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
RUN := $(BIN)/python -m
PYTEST := $(RUN) pytest
SKIPS := $(if $(POLICYENGINE_NO_SKIPS),--no-skips)
export POLICYENGINE_CACHE := $(CURDIR)/.venv/cache/rulesets
CODE := policyengine tests tools benchmarks demo

.PHONY: help demo test check lint types rulesets agree mutants flake bench bench-large coverage docs clean setup

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' Makefile | expand -t 12

demo: setup  ## settle bundled claims and explain every step
	@$(BIN)/python demo/run.py

test: setup  ## the fast tests in parallel, then types and lint
	$(PYTEST) -n 2 -m "not agree" $(SKIPS)
	@$(MAKE) --no-print-directory types lint

check: setup types lint rulesets  ## types, lint, and all bundled rule sets

types: setup
	$(RUN) mypy

lint: setup
	$(RUN) ruff check $(CODE)
	$(RUN) ruff format --check $(CODE)

rulesets: setup
	$(BIN)/policyengine check

agree: setup  ## the long campaigns: back ends against each other
	@$(BIN)/python tools/setup.py dev spark
	$(PYTEST) -n 2 -m agree $(SKIPS)
	$(BIN)/python tools/battery.py

mutants: setup  ## small changes of money, mechanisms, lowering and loading, each of which a test must notice; takes hours
	@$(BIN)/python tools/setup.py dev mutants
	$(BIN)/python tools/mutants.py $(if $(SAMPLE),--sample $(SAMPLE)) $(TARGETS)
	$(BIN)/python tools/battery.py

flake: setup  ## the fast tests twenty times: in random orders, in four time zones, with other hash seeds
	$(BIN)/python tools/flake.py
	$(BIN)/python tools/battery.py

bench: setup  ## measure, side by side with rivals; writes benchmarks/RESULTS.md
	@$(BIN)/python tools/setup.py dev bench spark
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.bulk.run
	$(BIN)/python -m benchmarks.on_spark

bench-large: setup  ## a hundred million claims: memory, and time of each; takes minutes, and 1.5 GB of temporary files
	$(BIN)/python -m benchmarks.bulk.large $(CLAIMS)

coverage: setup  ## branch coverage of the fast tests; fails under 95 %
	$(PYTEST) -n 2 -m "not agree" $(SKIPS) --cov=policyengine --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=95

docs: setup  ## rewrite docs/reference from the data it describes, and what the other pages show as output
	$(BIN)/python tools/reference.py
	$(BIN)/python tools/exceptions.py
	$(BIN)/python tools/pages.py

clean:  ## delete everything that was made here
	rm -rf .venv build dist htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it: make PYTHON=/path/to/python test" >&2; exit 2; }
	@"$(PYTHON)" tools/setup.py dev
