# bilan : les commandes de tous les jours / the everyday commands. `make` les énumère / lists them.
# Chaque cible publique porte son mot d'aide : « ## français | English ».

.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-time-installed
KERNEL := $(VENV)/share/jupyter/kernels/bilan/kernel.json
DEV_STAMP := $(VENV)/.development-installed

# The newest name first would pick an interpreter nobody tested here: the plain one is asked first.
PYTHON ?= $(firstword $(foreach name,python3 python3.11 python3.12 python3.13 python3.14,\
  $(shell command -v $(name) >/dev/null 2>&1 && $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(name))))

# A report's settings travel through the environment, as they were typed: no shell reads them again.
CENTRE ?= demo
override CENTRE := $(value CENTRE)
override YEAR := $(value YEAR)
override RAW := $(value RAW)
override AUDIENCE := $(value AUDIENCE)
override LANG_REPORT := $(value LANG_REPORT)
override DRY_RUN := $(value DRY_RUN)
override OPEN := $(value OPEN)
report: export CENTRE := $(CENTRE)
report: export YEAR := $(YEAR)
report: export RAW := $(RAW)
report: export AUDIENCE := $(AUDIENCE)
report: export LANG_REPORT := $(LANG_REPORT)
report: export DRY_RUN := $(DRY_RUN)
report: export OPEN := $(OPEN)

# Common in container images; without compiled bytecode every command starts several times slower.
unexport PYTHONDONTWRITEBYTECODE
# Another environment's modules must not shadow those of the lock.
unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Several goals given at once share one environment: they are done one after the other.
.NOTPARALLEL:

.PHONY: help
help: ## énumère les commandes | lists the commands
	@awk -F ':.*## | [|] ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n                (%s)\n", $$1, $$2, $$3 }' Makefile
	@printf '%s\n' '' \
	  '  make report [CENTRE=demo] [YEAR=2023-2024] [RAW=dossier] [AUDIENCE=internal|public|psoc|msp|scf|assemblee] [LANG_REPORT=fr|en] [OPEN=1] [DRY_RUN=1]'

.PHONY: setup
setup: $(RUN_STAMP) $(KERNEL) ## prépare l'environnement dans .venv | makes the environment in .venv

.PHONY: report
report: $(RUN_STAMP) ## produit le rapport annuel et son tableau de bord | makes the annual report and its dashboard
	@if [ -n "$$CENTRE" ] && [ -d "config/demonstration/$$CENTRE" ] && [ -z "$$RAW" ]; then \
	  $(BIN)/bilan demo --centre "$$CENTRE" --out "data/raw/$$CENTRE" || exit; fi; \
	set -- --centre "$$CENTRE"; \
	if [ -n "$$YEAR" ]; then set -- "$$@" --year "$$YEAR"; fi; \
	if [ -n "$$RAW" ]; then set -- "$$@" --raw "$$RAW"; fi; \
	if [ -n "$$AUDIENCE" ]; then set -- "$$@" --audience "$$AUDIENCE"; fi; \
	if [ -n "$$LANG_REPORT" ]; then set -- "$$@" --report-language "$$LANG_REPORT"; fi; \
	if [ "$${DRY_RUN:-0}" != 0 ]; then set -- "$$@" --dry-run; fi; \
	if [ "$${OPEN:-0}" != 0 ]; then set -- "$$@" --open; fi; \
	$(BIN)/bilan report "$$@"

.PHONY: test
test: check ## vérifie le code puis exécute tous les essais, comme l'intégration continue | checks the code, then runs all the tests, as CI does
	$(BIN)/python -m pytest tests/unit -n 2 --dist loadfile
	$(BIN)/python -m pytest --ignore=tests/unit -n 2 --dist loadfile

.PHONY: check
check: $(DEV_STAMP) ## vérifie le code sans rien modifier | checks the code, changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: fix
fix: $(DEV_STAMP) ## corrige ce qui peut l'être : mise en forme, imports | mends what can be: layout, imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: lab
lab: $(DEV_STAMP) $(KERNEL) ## ouvre les carnets dans JupyterLab, sur ce poste seulement | opens the notebooks in JupyterLab, on this machine only
	JUPYTER_CONFIG_DIR=$(VENV)/jupyter/config JUPYTER_DATA_DIR=$(VENV)/jupyter/data \
	JUPYTER_RUNTIME_DIR=$(VENV)/jupyter/runtime JUPYTERLAB_WORKSPACES_DIR=$(VENV)/jupyter/workspaces \
	IPYTHONDIR=$(VENV)/jupyter/ipython $(BIN)/jupyter lab --ip=127.0.0.1 --notebook-dir=notebooks \
	  --FileContentsManager.pre_save_hook=pipelines.outputs.lab.save_without_outputs

.PHONY: bench
bench: $(RUN_STAMP) ## mesure les durées promises : docs/benchmarks.md | measures the promised durations: docs/benchmarks.md
	@for file in benchmarks/*.py; do echo "$$file"; $(BIN)/python "$$file" || exit; done

.PHONY: clean
clean: ## efface l'environnement et les caches, jamais data/ ni reports/ | deletes the environment and caches, never data/ or reports/
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find pipelines tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# Addresses and indexes stay out of the locks: a private index must not be told to the world.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-annotate --no-header --quiet

.PHONY: lock
lock: ## recalcule les verrous des dépendances (il faut uv) | computes the dependency locks again (takes uv)
	@command -v uv >/dev/null || { echo 'make lock : uv est introuvable. / uv was not found.' >&2; exit 2; }
	$(LOCK) --all-extras --output-file requirements-dev.lock
	$(LOCK) --extra install --constraint requirements-dev.lock --output-file requirements.lock

# A stamp says "this lock is wholly installed". It is taken away before an installation and written after,
# so one that was stopped halfway leaves none, and the next begins again with an empty folder. When a lock
# or pyproject.toml is newer, what is there is brought up to date in place, which takes no network if the
# versions are the same. The run-time stamp holds the folder's path: a folder that was moved begins again.
ifneq ($(wildcard $(RUN_STAMP)),)
ifneq ($(shell cat $(RUN_STAMP)),$(CURDIR))
$(shell rm -f $(RUN_STAMP))
endif
endif
INSTALL := $(BIN)/python -m pip install --quiet --no-input
WRITE_RUN_STAMP := printf '%s' '$(subst ','\'',$(CURDIR))' > $(RUN_STAMP)

$(RUN_STAMP): requirements.lock pyproject.toml
	@test -n '$(PYTHON)' || { echo 'bilan : il faut Python 3.11 ou plus récent. / Python 3.11 or newer is needed.' >&2; exit 2; }
	@if [ -e $@ ]; then rm -f $@ $(DEV_STAMP); else \
	  echo "Préparation de l'environnement, une seule fois : quelques minutes. / Making the environment, once: a few minutes." >&2; \
	  $(PYTHON) -m venv --clear $(VENV); fi
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-index --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q pipelines
	@$(WRITE_RUN_STAMP)

# The kernel of the notebooks, in the environment itself: no folder of the user is touched.
$(KERNEL): | $(RUN_STAMP)
	@$(BIN)/python -m ipykernel install --prefix $(VENV) --name bilan --display-name bilan >/dev/null

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	@echo "Installation des outils de développement. / Installing the development tools." >&2
	@rm -f $@ $(RUN_STAMP)
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(WRITE_RUN_STAMP)
	@touch $@
