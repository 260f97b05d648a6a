# Verbs. Each is the very command that a contributor and CI run.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv pip

# TORCH=cpu takes PyTorch without CUDA from PyTorch's own index.
SITE        := $(if $(filter cpu,$(TORCH)),cpu,html)
UV_OPTIONS  := $(if $(filter cpu,$(TORCH)),--torch-backend=cpu,--require-hashes)
# INDEX=URL takes every package from another index.
ifdef INDEX
export PIP_INDEX_URL := $(INDEX)
export UV_DEFAULT_INDEX := $(INDEX)
endif
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
# An environment knows where it lies: one that was moved or copied along is set up again.
ifneq ($(shell pwd -P),$(shell cat $(VENV)/uv.done 2>/dev/null))
.PHONY: $(VENV)/uv.done
endif

.DEFAULT_GOAL := html
.PHONY: help html publish serve new test hooks lint doctest proof bench data wheels lock clean

help:  ## list the verbs
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/'

# So many lessons run at the same time; CLUSTER=tcp://… has a Dask cluster run them.
JOBS  ?= 2
BUILD := $(BIN)/python -m sphinx_polyglot docs build/html --jobs $(JOBS)$(if $(CLUSTER), --cluster $(CLUSTER))
html: $(VENV)/$(SITE).done  ## build the site, both languages, into build/html; JOBS=1 runs one lesson at a time
	$(BUILD)

ADDRESS := $(TORCHHOUR_BASEURL)
publish: export TORCHHOUR_BASEURL = $(ADDRESS)
publish: $(VENV)/$(SITE).done  ## make build/public, ready for any static host: make publish ADDRESS=https://example.org
	$(if $(ADDRESS),,$(error where will the site be? make publish ADDRESS=https://example.org/course))
	$(BUILD)
	$(BIN)/python -m sphinx_polyglot publish build/html build/public

serve: $(VENV)/$(SITE).done  ## build on every save and show it; LESSON=20_autograd runs only that one, PREVIEW=1 none
	$(BIN)/python -m sphinx_polyglot serve docs build/serve $(if $(PORT),--port $(PORT)) \
	    $(if $(LESSON),--lesson $(LESSON)) $(if $(filter-out 0,$(PREVIEW)),--preview)

new: $(VENV)/$(SITE).done  ## begin a lesson in both languages: make new LESSON=55_name
	$(BIN)/python -m sphinx_polyglot new "$(LESSON)"

TESTS := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder
test: $(VENV)/test.done  ## run every test, on all cores
	$(TESTS)

hooks: $(VENV)/test.done  ## check each commit before it is made
	$(BIN)/pre-commit install

lint: $(VENV)/test.done  ## check the style of the code
	$(BIN)/ruff check
	$(BIN)/ruff format --check

doctest: $(VENV)/test.done  ## run only the library's doctests
	$(BIN)/python -m pytest src

proof: $(VENV)/test.done  ## run what takes long: the whole matrix
	$(TESTS) -m "proof or not proof"

ROUNDS := 3
bench: $(VENV)/test.done  ## time builds beside plain Sphinx-Gallery's, about an hour; LESSONS=10 or ONLY=base for less
	PYTHONPATH="$(CURDIR)/src/sphinx-polyglot" $(BIN)/python -m bench --rounds $(ROUNDS) \
	    $(if $(ONLY),--only $(ONLY)) $(if $(LESSONS),--lessons $(LESSONS))

data: $(VENV)/$(SITE).done  ## fetch CIFAR-10, MNIST and weights from their publishers, into the folder data
	$(BIN)/python -m torchhour.data.fetch

wheels: $(VENV)/$(SITE).done  ## build torchhour and sphinx-polyglot for others to install, into build/wheels
	$(BIN)/uv build --quiet --no-build-isolation --out-dir build/wheels .
	$(BIN)/uv build --quiet --no-build-isolation --out-dir build/wheels src/sphinx-polyglot

clean:  ## remove what was built and nothing else, keep the environment
	@test ! -x $(BIN)/python || $(BIN)/python -m sphinx_polyglot clean build/html build/serve build/public

lock: $(VENV)/uv.done  ## pin today's versions of all requirements
	cd requirements && ../$(UV) compile $(LOCK) --output-file uv.txt uv.in
	cd requirements && ../$(UV) compile $(LOCK) --output-file html.txt html.in
	cd requirements && ../$(UV) compile $(LOCK) --constraints html.txt --output-file test.txt test.in
	cd requirements && ../$(UV) compile $(LOCK) --constraints html.txt --output-file cpu.txt cpu.in \
	    --excludes cuda.in --no-emit-package torch --no-emit-package torchvision
	grep -oE '^torch(vision)?==[^ ]+' requirements/html.txt >> requirements/cpu.txt
LOCK := --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest \
        --generate-hashes --no-header --no-annotate --no-emit-index-url

# Set-up: each step leaves a mark, so that a second run does nothing.
$(VENV)/uv.done: requirements/uv.txt
	$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and 'Python 3.11 to 3.13 is needed, this is ' + sys.version.split()[0] + '; name another one: make html PYTHON=python3.12')"
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@pwd -P > $@

$(VENV)/$(SITE).done: requirements/$(SITE).txt pyproject.toml src/sphinx-polyglot/pyproject.toml $(VENV)/uv.done
	$(UV) install $(UV_OPTIONS) -r requirements/$(SITE).txt
	$(UV) install --no-deps --no-build-isolation --editable . --editable src/sphinx-polyglot
	@touch $@

$(VENV)/test.done: requirements/test.txt $(VENV)/$(SITE).done
	$(UV) install --require-hashes -r requirements/test.txt
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib > $(VENV)/compiled.log || true  # tests start many interpreters
	@touch $@
