# `make help` says what there is. Everything happens in .venv; nothing else on the machine is
# changed, but for `system` where it may.
.DEFAULT_GOAL := help
.PHONY: help setup system check test demo bench fuzz docs lock clean

PY := .venv/bin/python
STAMP := .venv/.ready
MODELLER := .venv/modeller
# Where tests write: in memory where the machine has room, for thousands of small databases.
ROOM := $(shell df -k /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4194304 {print "/dev/shm"}')

# The stamp holds the folder it was made in: an editable install does not survive being moved.
ifneq ($(shell cat $(STAMP) 2>/dev/null),$(CURDIR))
.PHONY: $(STAMP)
endif

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-7s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## the environment in .venv, made or mended

# Without its stamp an environment is half made, and is made again from nothing.
$(STAMP): pyproject.toml constraints.txt .ci/find-python
	@if [ ! -x $(PY) ] || [ "$$(cat $@ 2>/dev/null)" != '$(CURDIR)' ]; then \
	  python=$$(.ci/find-python) || exit 1; \
	  echo "making .venv with $$python"; \
	  rm -rf .venv; "$$python" -m venv .venv; \
	fi
	@rm -f $@
	@echo "installing Python packages (about a minute the first time)"
	@$(PY) -m pip install -qq --no-input --disable-pip-version-check -c constraints.txt -e '.[dev,demo]' \
	  || { echo "the packages could not be installed; durable-rules needs a C compiler and Python's headers (Debian: apt-get install build-essential python3-dev)" >&2; exit 1; }
	@$(PY) -m compileall -q pmo_engine flows  # else each command compiles, where Python keeps no bytecode
	@printf '%s' '$(CURDIR)' > $@

# The browser that the tests open pages with, and the reader of a modeller that opens our tables.
system: setup
	@missing=; \
	command -v chromium >/dev/null || missing=chromium; \
	command -v npm >/dev/null || missing="$$missing nodejs npm"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing $$missing (once)"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing >/dev/null && missing=; \
	fi; \
	[ -z "$$missing" ] || echo "not installed, and some tests need it: $$missing (Debian: apt-get install $$missing)"; \
	if command -v npm >/dev/null && [ ! -d $(MODELLER)/node_modules/dmn-moddle ]; then \
	  mkdir -p $(MODELLER) && cd $(MODELLER) \
	  && npm install --silent --no-audit --no-fund --no-package-lock dmn-moddle@12.2.1; \
	fi

check: setup ## formatting, lint, types, layers, dependencies
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/deptry pmo_engine flows

# A worker more than two cores have: each waits for databases and programs half of its time.
test: setup system check ## check, then every test
	@TMPDIR=$(or $(ROOM),$(TMPDIR),/tmp) $(PY) -m pytest -n 4

demo: setup ## the main job, on a simulated clock
	@$(PY) -m pmo_engine.demo

bench: setup ## speed, as ratios
	@$(PY) tests/benchmarks/run.py

fuzz: setup ## 100,000 inputs that nobody should write, and the engines; PART=1/10 for a part
	@$(PY) tests/fuzz/run.py $(if $(PART),--part $(PART))

docs: setup ## the parts of docs/reference that are made from the code
	@$(PY) docs/generate.py

lock: ## constraints.txt anew, from pyproject.toml, for both Pythons
	@p311=$$(.ci/find-python 3.11) && p312=$$(.ci/find-python 3.12) \
	  && echo "resolving for 3.11 and 3.12 (about a minute)" \
	  && "$$p312" .ci/lock.py "$$p311" "$$p312" > .constraints.new \
	  && mv .constraints.new constraints.txt || { rm -f .constraints.new; exit 1; }

clean: ## what was made here
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
