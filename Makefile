# Needs Python 3.11 or newer and make; everything else is installed into .venv, from locks with hashes.
#
#   make up      install, start the application with servers of its own and the demo portfolio
#   make test    install what tests need and run all of them: unit, integration, browser
#   make lint    style, types, direction of imports, templates, migrations, deployment checks
#   make bench   speed and size, as ratios within one run
#   make storm   fault tests in full size
#   make lock    resolve the dependencies of pyproject.toml, keeping the versions that still fit

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help install dev browser up test lint bench storm lock clean

VENV := .venv
RUN := $(VENV)/bin
PY := $(RUN)/python
# uv lives beside the project's packages, not among them: a sync removes what the lock does not name.
TOOLS := $(VENV)/tools
SYNC := $(TOOLS)/bin/uv pip sync --quiet --require-hashes --only-binary :all: --compile-bytecode --python $(PY)
COMPILE := $(TOOLS)/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --custom-compile-command "make lock" pyproject.toml

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

# uv trusts the certificates this machine trusts, which in a company are more than the public ones; a mirror that is
# set for pip serves uv as well.
export UV_SYSTEM_CERTS ?= 1
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif

help:
	@sed -n 's/^#   //p' Makefile

# A virtual environment that has the tests' packages keeps them: only their lock is newer news to it.
install: $(VENV)/.installed
$(VENV)/.installed: requirements.lock requirements-dev.lock | $(TOOLS)/bin/uv
	@if [ -x $(RUN)/pytest ]; then lock=requirements-dev.lock; else lock=requirements.lock; fi; \
	echo "Installing $$lock"; $(SYNC) $$lock
	@touch $@

dev: $(VENV)/.installed-dev
$(VENV)/.installed-dev: requirements.lock requirements-dev.lock | $(TOOLS)/bin/uv
	@echo "Installing requirements-dev.lock"
	@$(SYNC) requirements-dev.lock
	@touch $(VENV)/.installed $@

$(PY):
	@[ -n "$(PYTHON)" ] || { echo "Vigil needs Python 3.11 or newer; name one with make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv --without-pip $(VENV)

# The lock of the tests names uv with its hashes; pip is needed this once.
$(TOOLS)/bin/uv: | $(PY)
	@$(PY) -m venv $(TOOLS) || { \
		echo "Python's venv module is not whole: on Debian and Ubuntu install python3-venv." >&2; \
		rm -rf $(TOOLS); exit 1; }
	@sed -n '/^uv==/,/^    # via/p' requirements-dev.lock > $(TOOLS)/uv.lock
	@$(TOOLS)/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(TOOLS)/uv.lock

up: install
	@$(PY) manage.py up $(ARGS)

# Debian's Chromium is used where it is installed; elsewhere Playwright brings its own.
browser: dev
	@[ -x /usr/bin/chromium ] || $(PY) -m playwright install chromium \
		|| echo "No Chromium could be had: the browser tests will be skipped." >&2

# A process for each core, each with servers of its own; a file's tests stay together.
test: dev browser
	$(PY) -m pytest -n logical --maxprocesses 4 --dist loadfile $(ARGS)

# -s: seeds, and when each fault landed, are shown as they come.
storm: dev
	$(PY) -m pytest -m storm -s $(ARGS)

bench: dev
	$(PY) -m benchmarks

lint: dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(RUN)/lint-imports
	find templates -name '*.html' -exec $(RUN)/djade --target-version 5.2 --check {} +
	$(RUN)/djlint --quiet --lint templates
	$(PY) -m mypy
	DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py makemigrations --check --dry-run
	VIGIL_HTTPS=1 VIGIL_HOSTS=vigil.example VIGIL_SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		$(PY) manage.py check --deploy --fail-level WARNING

# Keeps the versions that still fit; `make lock ARGS=--upgrade` takes the newest.
lock: | $(TOOLS)/bin/uv
	$(COMPILE) $(ARGS) --output-file requirements.lock
	$(COMPILE) $(ARGS) --extra dev --extra bench --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
