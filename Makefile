# Tsunagu. `make run` publishes the sample data and serves it; `make test` runs all tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: setup run test check bench lock clean

setup: $(VENV)/.installed endpoint/static/vendor/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 以上が必要です / Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

endpoint/static/vendor/.installed: $(VENV)/.installed endpoint/frontend/package-lock.json endpoint/frontend/install.py
	$(BIN)/python endpoint/frontend/install.py
	touch $@

run: setup
	$(BIN)/tsunagu publish data
	$(BIN)/tsunagu serve --host $(HOST) --port $(PORT)

check: setup $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/python -m pytest --cov --cov-report=term --cov-fail-under=90

bench: setup $(VENV)/.installed-dev
	$(BIN)/python -m bench.run
	$(BIN)/python -m bench.incremental --rows 80000

lock: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements-dev.lock

clean:
	rm -rf $(VENV) endpoint/static/vendor endpoint/frontend/node_modules
