# The ways in. Each target makes .venv when it is absent and reuses it while pyproject.toml is unchanged.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif

# The book is made in an environment of its own: its pins do not agree with JupyterLab's.
BOOK := .venv-book
# The site that needs no installation, too: the widgets it is made with are those it brings.
LITE := build/lite-environment

.PHONY: help demo test test-all notebooks lessons lab course lite bench docs eutils lint clean

help:
	@echo "make demo      the evidence table of the bundled review: terminal, demo/*.html, .xlsx, .csv, .md"
	@echo "make test      every test needed to trust an installation"
	@echo "make test-all  the long ones, which make test leaves out: every lesson in a browser, kills, many random cases"
	@echo "make lab       the lessons in JupyterLab, in ketalit-lessons/"
	@echo "make lessons   the notebooks older than their text (notebooks/*.py) or the panels, executed anew"
	@echo "make course    the book, documentation and all lessons, to read and print: course/index.html"
	@echo "make lite      lessons 1 to 5 for a browser, nothing to install: build/lite (needs npm)"
	@echo "make bench     speed and accuracy, measured side by side: benchmarks/results/; some of it: BENCH='parsing pooling'"
	@echo "make docs      the pages of docs/ that are made from the code"
	@echo "make eutils    a stand-in for NCBI on this machine, to try search, fetch and refresh on"
	@echo "make lint      style and types"

$(VENV)/bare: pyproject.toml setup.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/lab: $(VENV)/bare
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[lab]"
	@touch $@

$(VENV)/test: $(VENV)/bare
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test]"
	@touch $@

$(BOOK)/ready: docs/requirements.txt
	$(PYTHON) -m venv $(BOOK)
	$(BOOK)/$(notdir $(BIN))/python -m pip install --quiet --disable-pip-version-check -r docs/requirements.txt
	@touch $@

$(LITE)/ready: docs/lite.txt
	$(PYTHON) -m venv $(LITE)
	$(LITE)/$(notdir $(BIN))/python -m pip install --quiet --disable-pip-version-check -r docs/lite.txt
	@touch $@

$(VENV)/bench: $(VENV)/test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	@touch $@

demo: $(VENV)/bare
	@mkdir -p demo
	$(BIN)/ketalit table --view outcomes
	$(BIN)/ketalit table --view full --to demo/evidence.html --to demo/evidence.xlsx --to demo/evidence.csv \
	  --to demo/evidence.md --to demo/references.ris --to demo/references.bib --to demo/references.json
	@echo "Open demo/evidence.html in a browser: sort, filter, choose columns, open a row to see its sources."

test: lint notebooks
	$(BIN)/python -m pytest -n auto -m "not long"

test-all: $(VENV)/test course
	$(BIN)/python -m pytest -n auto -m long

notebooks: $(VENV)/test
	$(BIN)/python -m pytest -n auto --dist loadfile --nbval --nbval-current-env \
	  --nbval-sanitize-with tests/nbval.cfg notebooks/*.ipynb

lessons: $(patsubst %.py,%.ipynb,$(wildcard notebooks/*.py))

notebooks/%.ipynb: notebooks/%.py $(wildcard ketalit/lessons/*.py ketalit/lessons/bank/*.json) | $(VENV)/test
	$(BIN)/python -m ketalit.lessons.canon $<

lint: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lab: $(VENV)/lab
	$(BIN)/ketalit lab

course: $(VENV)/bare $(BOOK)/ready
	rm -rf course
	$(BIN)/python docs/book.py $(BOOK)/$(notdir $(BIN))/jupyter-book build/book
	mv build/book/_build/html course
	@echo "Open course/index.html in a browser."

lite: $(VENV)/bare $(LITE)/ready
	$(BIN)/python -m ketalit.lessons.editions build/lite-lessons
	$(LITE)/$(notdir $(BIN))/python docs/lite.py build/lite-lessons build/lite
	@echo "python3 -m http.server --bind 127.0.0.1 --directory build/lite, then open the address that it says."

bench: $(VENV)/bench
	$(BIN)/python -m benchmarks $(BENCH)

docs: $(VENV)/bare
	@(echo "# The rules by which records are read"; echo; $(BIN)/ketalit rules) > docs/rules.md
	$(BIN)/python docs/_ext/commands.py > docs/reference/commands.md
	$(BIN)/python -m tests.models.facts

eutils: $(VENV)/test
	$(BIN)/python -m tests.eutils $(EUTILS)

clean:
	rm -rf $(VENV) $(BOOK) demo course build *.egg-info .pytest_cache .mypy_cache .ruff_cache
