# Needs Python 3.11 or newer and make; everything else is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install run test lint quality mutants schema contract openapi docs site bench clean

install: .venv/installed

.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try: make PYTHON=python3.12")'
	@echo "Installing into .venv; this takes about half a minute."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

run: install
	@$(BIN)/aggregator demo
	@echo
	@echo "That was a recording. To follow the live sources of feeds.toml:"
	@echo "  1. set contact under [service] in feeds.toml"
	@echo "  2. $(BIN)/aggregator check"
	@echo "  3. $(BIN)/aggregator run"

test: install
	$(BIN)/pytest

lint: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# How well copies, stories and edits are judged, beside plain methods; fails where a figure fell below its level.
quality: install
	$(BIN)/python -m tests.quality

# Breaks every line of the citation gate and of the numbering, one at a time, and lists what no test notices. Takes a while.
mutants: install
	$(BIN)/python -m tests.mutation

# The schema that editors complete feeds.toml by, and that of a story's JSON, made from the types themselves.
schema: install
	$(BIN)/python -c 'from aggregator.config import schema_text; print(schema_text(), end="")' > feeds.schema.json
	$(BIN)/python -c 'from aggregator.publish.story_schema import schema_text; print(schema_text(), end="")' > aggregator/publish/story.schema.json

# What a new view adds to tests/data/contract, and what Datasette is told of all views, made from storage/README.md.
contract: install
	$(BIN)/python -m tests.contract

# The description of the API, made from its questions and from storage/README.md.
openapi: install
	$(BIN)/python -m tests.openapi

# The references of the handbook: every key of feeds.toml and every command, from the types and the commands themselves.
docs: install
	$(BIN)/python -m tests.handbook

# The handbook as pages, in build/handbook; fails where a link leads nowhere.
site: install
	$(BIN)/properdocs build --quiet --strict

# Tables for the README. The peer is installed into a temporary environment, so this needs a network or a package mirror.
bench: install
	$(BIN)/python benchmarks/transports.py
	$(BIN)/python benchmarks/against_reader.py
	$(BIN)/python benchmarks/hanging_hosts.py

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache build dist demo-storage
