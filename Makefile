# `make` lists the targets. The most important ones: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := constraints.txt
export EMNIST_DESKTOP_DATA ?= $(abspath ../shared/data)

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(BIN)/python:
	@sh tools/make_venv.sh $(PYTHON) $(VENV)

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS)

# The window only: a quarter of the size of the packages for training.
$(VENV)/.run: $(BIN)/python pyproject.toml $(CONSTRAINTS)
	@echo "Installing the packages of the window (about 0.4 GB) …"
	@$(INSTALL) -e .
	@touch $@

# Everything: training on the CPU, and the tools.
$(VENV)/.dev: $(BIN)/python pyproject.toml $(CONSTRAINTS)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info >= (3, 14))' || \
	  { echo "TensorFlow is not available for this Python yet: make clean, then make PYTHON=python3.13 $(MAKECMDGOALS)"; exit 1; }
	@echo "Installing the packages for training and the tests (about 2.6 GB) …"
	@$(INSTALL) -e '.[train-cpu,dev]'
	@touch $@ $(VENV)/.run

.PHONY: system
system:
	@sh tools/system_libraries.sh

.PHONY: setup
setup: system $(VENV)/.dev ## Create .venv with everything for training and development

.PHONY: run
run: system $(VENV)/.run ## Start the window
	@$(BIN)/python -m emnist_desktop $(ARGS)

# Half as many again as there are processors: tests wait for windows and for programs.
WORKERS = $$($(BIN)/python -c 'import os; print(os.cpu_count() * 3 // 2)')

# The tests start some three hundred programs: without bytecode each would compile all modules anew.
.PHONY: test
test: setup ## Run all tests, without a screen
	PYTHONDONTWRITEBYTECODE= QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

.PHONY: coverage
coverage: setup ## Run all tests and say which lines they reach, those of child processes too
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q \
	    --cov --cov-report=term:skip-covered $(ARGS)

.PHONY: fuzz
fuzz: setup ## Fuzz the readers with 100,000 broken files: no crash, no hang, no memory leak
	$(BIN)/python -m tests.fuzz $(ARGS)

.PHONY: soak
soak: setup ## Random actions in the window for ten minutes: no error, no memory growth
	$(BIN)/python -m tests.soak $(ARGS)

.PHONY: lint
lint: $(VENV)/.dev ## Check style, types and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: setup ## Measure the figures of docs/benchmarks.md
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m bench

$(VENV)/.docs: $(BIN)/python pyproject.toml $(CONSTRAINTS)
	@$(INSTALL) -e '.[docs]'
	@touch $@

.PHONY: docs
docs: $(VENV)/.docs ## Build the documentation as a site: site/index.html
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

.PHONY: model
model: $(VENV)/.dev ## Train the bundled recogniser (hours; can be resumed)
	$(BIN)/python tools/make_model.py

.PHONY: build-lite
build-lite: setup ## Build the executable without training: dist/emnist-desktop-lite
	@sh tools/system_libraries.sh strip=binutils xz=xz-utils
	$(BIN)/python tools/package.py lite $(ARGS)

.PHONY: build
build: setup ## Build the executable with training: dist/emnist-desktop-full
	@sh tools/system_libraries.sh strip=binutils xz=xz-utils
	$(BIN)/python tools/package.py full $(ARGS)

.PHONY: screenshots
screenshots: setup ## Take the screenshots of the README and the guide
	QT_QPA_PLATFORM=offscreen $(BIN)/python tools/screenshots.py

.PHONY: translations
translations: setup ## Collect the texts of the window and compile their translations
	$(BIN)/python tools/translate.py

.PHONY: table-presets
table-presets: setup ## Measure every preset on MNIST, EMNIST and the pen data, into docs/presets.md (hours; can be resumed)
	$(BIN)/python tools/table_presets.py $(ARGS)

.PHONY: lock
lock: ## Update constraints.txt from pyproject.toml
	sh tools/lock.sh

.PHONY: clean
clean: ## Remove all generated files
	rm -rf $(VENV) build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
