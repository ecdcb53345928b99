# Two commands matter: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
# The first that runs: a version manager may put a python3.11 on the path that does not.
PYTHON ?= $(firstword $(foreach name,python3.11 python3,$(shell $(name) -c "" 2>/dev/null && echo $(name))) python3)
BIN := .venv/bin
export WORKPLAN_VAR ?= $(CURDIR)/var

.PHONY: help run test check browser reset secret lock bench bench-imports screenshots pictures lighthouse venv dev assets

help:           ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: export WORKPLAN_MODE := $(or $(WORKPLAN_MODE),demo)
run: venv assets  ## set everything up and serve the portal on 127.0.0.1 (PORT, default 8000)
	@exec $(BIN)/python -m config.serve

test: dev assets  ## all checks, the suite on SQLite and on PostgreSQL, Redis and browser tests
	@$(BIN)/python -m tests.run

check: dev      ## lint, layers, templates, migrations: the static part of `make test`
	@$(BIN)/python -m tests.run --static

browser:        ## install Chromium, LibreOffice and Chinese fonts for tests (Debian, as root)
	@apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk libreoffice-writer-nogui libreoffice-calc-nogui >/dev/null

reset:          ## start afresh, after asking
	@$(PYTHON) config/bootstrap.py reset

secret: venv    ## make the keys of a production installation in WORKPLAN_VAR, those that are missing
	@$(BIN)/python -m config.secret_files

lock: dev       ## compile the hashed requirements from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml -q --extra pdf -c requirements.txt --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements-pdf.txt
	$(BIN)/uv pip compile pyproject.toml -q --group dev -c requirements.txt --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements-dev.txt

bench: dev      ## overview, figures, roll-ups and monthly sheets on a private PostgreSQL, tables against the bare libraries, a notice of 5 MB
	@WORKPLAN_MODE=demo DJANGO_SETTINGS_MODULE=config.settings $(BIN)/python -m benchmarks.overview
	@WORKPLAN_MODE=demo DJANGO_SETTINGS_MODULE=config.settings $(BIN)/python -m benchmarks.rollup
	@WORKPLAN_MODE=demo DJANGO_SETTINGS_MODULE=config.settings $(BIN)/python -m benchmarks.officers
	@$(BIN)/python -m benchmarks.sheets
	@$(BIN)/python -m benchmarks.notice

bench-imports: dev  ## imports and exports of 100,000 people against the floor and the library's default, a quarter of an hour
	@$(BIN)/python -m benchmarks.imports

screenshots: dev assets  ## pictures of the running portal for the README, made from a fresh demo
	@$(BIN)/python -m tests.screenshots

pictures: dev assets  ## pictures of the dashboard by role, size and theme into WORKPLAN_VAR/pictures, to be looked at
	@$(BIN)/python -m tests.pictures

lighthouse: dev assets  ## Lighthouse on the dashboard of a fresh demo, with what is sent over the wire
	@$(BIN)/python -m tests.lighthouse

venv:
	@$(PYTHON) config/bootstrap.py venv

dev:
	@$(PYTHON) config/bootstrap.py venv --dev

assets:
	@$(PYTHON) config/bootstrap.py assets
