# Needs GNU make and Python 3.11 or newer with its venv module; everything else is installed into .venv/ and .tox/.

TOX_VERSION := 4.25
VENV := .venv/with-tox-$(TOX_VERSION)
TOX := .venv/bin/python -m tox

# Asking tox on every run whether the package is up to date costs seconds. The stamps .tox/NAME/installed answer that
# question here (newer than pyproject.toml and tox.ini? the install is editable, so sources do not count).
RUN := $(TOX) run --skip-pkg-install

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help contracts portable teeth teeth-check gate test lint clean

help:
	@echo 'make contracts   search counterexamples to every contract against impl/; reports in build/contracts/'
	@echo 'make portable    the same on the kernels of a CPU without AVX-512'
	@echo 'make teeth       plant faults, show which falsifier kills which, and keep the record beside the contracts'
	@echo 'make teeth-check are the kill records those of what lies here?'
	@echo 'make gate        does the declared version of each contract fit what changed since its release?'
	@echo 'make test        run the unit tests and the linters'
	@echo 'make lint        run the linters alone: ruff and mypy'
	@echo 'make clean       remove the environments, caches and reports that the above made'
	@echo
	@echo 'The first run installs into .venv/ and .tox/ (about a minute); later runs start at once.'
	@echo 'More: .venv/bin/tox l'

contracts: .tox/contracts/installed
	$(RUN) -e contracts

portable: .tox/portable/installed
	$(RUN) -e portable

teeth: .tox/teeth/installed
	$(RUN) -e teeth

teeth-check: .tox/teeth/installed
	$(RUN) -e teeth -- --check

test: .tox/tests/installed .tox/lint/installed
	$(RUN) -e tests,lint

gate: .tox/gate/installed
	$(RUN) -e gate

lint: .tox/lint/installed
	$(RUN) -e lint

clean:
	rm -rf .venv .tox build .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

.tox/%/installed: pyproject.toml tox.ini $(VENV)
	$(TOX) run --notest -e $*
	@touch $@

.PRECIOUS: .tox/%/installed

# The first Python that is new enough and can make environments; else say which of the two is missing.
$(VENV):
	@found=; bare=; \
	for python in python3 python3.13 python3.12 python3.11; do \
	    command -v $$python >/dev/null 2>&1 || continue; \
	    if ! $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then continue; fi; \
	    if $$python -c 'import ensurepip, venv' >/dev/null 2>&1; then found=$$python; break; fi; \
	    bare=$${bare:-$$python}; \
	done; \
	if [ -z "$$found" ] && [ -n "$$bare" ]; then \
	    echo "$$bare lacks venv or ensurepip: install it (Debian and Ubuntu: apt install $$bare-venv), then run make again." >&2; exit 1; \
	elif [ -z "$$found" ]; then \
	    echo 'No Python 3.11 or newer found: install python3.11 or newer with its venv module, then run make again.' >&2; exit 1; \
	fi; \
	echo "Making .venv/ with $$found"; \
	$$found -m venv --clear .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check 'tox>=$(TOX_VERSION),<5'
	@touch $@
