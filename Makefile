# Everything a developer or a curious person runs; `make` alone lists it.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
# Three for two cores: tests wait for servers and browsers a quarter of their time.
PROCESSES ?= 3
DATA ?= ../shared/data
RUSSIAN := forum/translations/ru/LC_MESSAGES/messages.po
export FORUM_TEST_DATA = $(abspath $(DATA))

.DEFAULT_GOAL := help
.PHONY: help demo test test-full test-tools lint migrations-check wheel-check bench bench-search mutants screenshots lock messages permissions routes clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.for-running ## make the demo company and serve it on http://127.0.0.1:8000
	$(BIN)/forum demo --host $(HOST) --port $(PORT)

test: $(VENV)/.for-tests test-tools ## run the tests on SQLite, PostgreSQL and Chromium
	$(BIN)/pytest -n $(PROCESSES) --dist worksteal $(TESTS)

test-full: $(VENV)/.for-tests test-tools ## run the tests and their exhaustive variants
	FORUM_TEST_FULL=1 $(BIN)/pytest -n $(PROCESSES) --dist worksteal $(TESTS)

test-tools: ## install what the tests need from apt, where that is allowed
	@.ci/test-tools

lint: $(VENV)/.for-lint ## check style, templates, types and the import ladder
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports

migrations-check: $(VENV)/.for-tests test-tools ## run the migrations up, check, down, up on both databases
	$(BIN)/pytest -q tests/house/test_migrations.py

wheel-check: $(VENV)/.for-lint ## build the wheel and try it in an empty place
	$(BIN)/python .ci/wheel_check.py

bench: $(VENV)/.for-tests ## measure pages against a bare Flask and SQLAlchemy page
	$(BIN)/python -m tests.benchmarks.pages $(BENCH)

bench-search: $(VENV)/.for-tests ## measure searches against SQLite's FTS5 and tantivy
	$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[bench]'
	$(BIN)/python -m tests.benchmarks.search $(DATA) $(BENCH)

mutants: $(VENV)/.for-tests ## break fifty rules of the forum, one at a time: which test notices?
	$(BIN)/python -m tests.mutants $(MUTANTS)

messages: $(VENV)/.for-running ## collect, merge and compile the translations
	$(BIN)/pybabel -q extract -F forum/translations/babel.cfg -k lazy --no-location \
	  --sort-output --project Counterpart -o $(VENV)/messages.pot forum templates
	$(BIN)/pybabel -q $(if $(wildcard $(RUSSIAN)),update --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date,init) -l ru -w 100 -i $(VENV)/messages.pot -d forum/translations
	$(BIN)/pybabel compile -d forum/translations --statistics

permissions: $(VENV)/.for-tests ## write who may do what into docs/permissions.md; read the difference
	UPDATE=1 FORUM_TEST_DATABASES=sqlite $(BIN)/pytest -q tests/house/test_permissions.py

routes: $(VENV)/.for-tests ## pin the table of routes; read the difference before committing it
	UPDATE=1 $(BIN)/pytest -q tests/house/test_routes.py

screenshots: $(VENV)/.for-tests ## take the pictures of the README from the demo
	$(BIN)/python -m docs.screenshots

lock: ## pin the newest versions of everything that is installed
	rm -rf $(VENV)-lock
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install --quiet --editable '.[fast,bench,postgres,redis,metrics,pdf,docx,test,lint]'
	.ci/lock $(VENV)-lock/bin/pip > requirements.lock
	rm -rf $(VENV)-lock

clean: ## remove the virtual environment and what tools left behind
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.for-running: pyproject.toml requirements.lock | $(BIN)/pip
	$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[fast,metrics,pdf,docx]'
	@touch $@

$(VENV)/.for-tests: pyproject.toml requirements.lock | $(BIN)/pip
	$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[fast,postgres,redis,metrics,pdf,docx,test]'
	@touch $@ $(VENV)/.for-running

$(VENV)/.for-lint: pyproject.toml requirements.lock | $(BIN)/pip
	$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[fast,postgres,redis,metrics,pdf,docx,test,lint]'
	@touch $@ $(VENV)/.for-tests $(VENV)/.for-running
