# The commands of this project, the same on every machine and in CI. Each sets up what it needs.
PYTHON ?= python3
STACK ?= dev
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/pip install --disable-pip-version-check --no-compile

.PHONY: help preview test check fmt schema allocate bench diff up
.DEFAULT_GOAL := help

help: ## List the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

preview: $(VENV)/runs ## Preview STACK offline: no Pulumi CLI, no account, no credential
	@$(BIN)/python -m inspection preview --stack $(STACK)

test: check ## Lint, format, types and all tests
	$(BIN)/python -m pytest -n auto

check: $(VENV)/develops ## Lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/ty check --error-on-warning

fmt: $(VENV)/develops ## Put the code in form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: $(VENV)/runs ## Write settings.schema.json from the settings
	$(BIN)/python -m planning schema

allocate: $(VENV)/runs ## Record in the ledger what STACK needs
	$(BIN)/python -m planning allocate --stack $(STACK)

bench: $(VENV)/develops ## Measure preview and planning, as ratios
	$(BIN)/python -m bench.run

diff: $(VENV)/runs pulumi-cli ## What `pulumi up` would change, by the Pulumi CLI
	pulumi preview --diff --stack $(STACK)

up: $(VENV)/runs pulumi-cli ## Deploy STACK with the Pulumi CLI
	pulumi up --stack $(STACK)

.PHONY: pulumi-cli
pulumi-cli:
	@command -v pulumi >/dev/null || { \
		echo "The Pulumi CLI is not installed. Install it from https://www.pulumi.com/docs/install/," >&2; \
		echo "then log in to a backend (README, \"Deploy\"). 'make preview' needs neither." >&2; exit 1; }

$(VENV)/runs: requirements.txt
	@echo "Setting up $(VENV): about 1 GB of provider SDKs, a minute or two the first time"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/it" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { echo "On Debian and Ubuntu: apt install python3-venv" >&2; rm -rf $(VENV); exit 1; }
	$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/develops: requirements-dev.txt $(VENV)/runs
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@
