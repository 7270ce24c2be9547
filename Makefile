# Every target sets up what it needs; Python 3.11 or newer is all that must be there.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
CASES := cases/zh-chest-tightness cases/en-dysuria
export UV_PROJECT_ENVIRONMENT := $(VENV)

.PHONY: help demo test lint types format bench cases lock clean
.DEFAULT_GOAL := help

help: ## show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Syngraph needs Python 3.11 or newer; name it with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.demo: $(BIN)/uv pyproject.toml uv.lock
	$(BIN)/uv sync --frozen --inexact --extra asr
	@touch $@

$(VENV)/.dev: $(BIN)/uv pyproject.toml uv.lock
	$(BIN)/uv sync --frozen --inexact --extra asr --extra ocr --extra dev
	@touch $@

demo: $(VENV)/.demo ## set up and draft the shipped Chinese and English encounters
	@for case in $(CASES); do echo; $(BIN)/syngraph draft $$case || exit $$?; done
	@echo
	@echo "Go on with:  $(BIN)/syngraph draft cases/* --out out       all shipped encounters, as JSON"
	@echo "             $(BIN)/syngraph check out/*.json              hold them against the four rules"
	@echo "             $(BIN)/syngraph draft YOUR_ENCOUNTER          your own; see docs/encounter-format.md"
	@echo "             $(BIN)/syngraph doctor                        what is installed, what is missing"

test: $(VENV)/.dev ## set up and run every test with branch coverage
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term --cov-fail-under=90

lint: $(VENV)/.dev ## style and the one direction
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

format: $(VENV)/.dev ## put the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## measure speed and memory on this machine
	$(BIN)/syngraph bench speed

cases: $(VENV)/.dev ## rebuild the shipped encounters
	$(BIN)/python -m case_builder

lock: $(BIN)/uv ## pin the dependencies anew
	$(BIN)/uv lock

clean: ## remove what was built
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage* out dist build
