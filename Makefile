.DEFAULT_GOAL := help
.NOTPARALLEL:
# An active environment of somebody else must not catch what is meant for ours.
unexport VIRTUAL_ENV
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

ASSISTANT := .venv/bin/python
BRIDGE := handoff_bridge/.venv/bin/python
ASSISTANT_CODE := $(wildcard actions authoring benchmarks channels components serving tests/assistant)
BRIDGE_CODE := $(wildcard handoff_bridge/handoff_bridge handoff_bridge/migrations backoffice tests/bridge tests/guards tests/journeys)
# As tools/setup.sh finds it: a shim may work in one of our folders alone.
UV = $(shell { uv --version && cd handoff_bridge && uv --version; } >/dev/null 2>&1 && \
	echo uv || echo $(CURDIR)/.uv/bin/uv)

# Side by side. Those of a file share an assistant or a running copy; the bridge's wait
# more than they work, and share nothing, but those that measure time need the machine.
# Beside others a test may wait longer than it has patience for: what fails there is run
# once more by itself, and fails for good if it fails again.
BRIDGE_PYTEST = $(BRIDGE) -m pytest -c handoff_bridge/pyproject.toml
BY_ITSELF = --last-failed --last-failed-no-failures none
define side_by_side
{ $(1) $(2) $(3) || { echo "Once more by itself, what failed beside others:"; $(1) $(BY_ITSELF) $(3); }; }
endef
ASSISTANT_TESTS = $(call side_by_side,$(ASSISTANT) -m pytest,-n 2 --dist loadfile,tests/assistant)
BRIDGE_TESTS = $(call side_by_side,$(BRIDGE_PYTEST),-n 3 --dist worksteal,-m "not alone" tests/bridge)
BRIDGE_TESTS_ALONE = $(BRIDGE_PYTEST) -m alone tests/bridge
JOURNEYS = $(call side_by_side,$(BRIDGE_PYTEST),-n 2 --dist loadfile,tests/journeys)

.PHONY: help setup train run people doctor erase reload talk simulate drill bench estimates crashes guards faults channel-faults firefox evaluate test test-assistant test-bridge test-stories check validate lint types format lock clean

help: ## This list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-15s %s\n", $$1, $$2}' Makefile

setup: ## Install both environments and build the pages, if their inputs changed.
	@sh tools/setup.sh

train: setup ## Train the assistant, if its inputs changed.
	@sh tools/train.sh

run: train ## Start everything; Ctrl-C stops it. Settings: .env (see .env.example).
	@PYTHONPATH=handoff_bridge exec $(BRIDGE) -m handoff_bridge.launch

people: setup ## List people; ADD=mail@shop.example ROLE=owner NAME=Olive adds one; DO="disable mail@...".
	@PYTHONPATH=handoff_bridge exec $(BRIDGE) -m handoff_bridge.launch.people \
		$(if $(ADD),add "$(ADD)" --role "$(or $(ROLE),agent)" --name "$(NAME)" --team "$(TEAM)",$(or $(DO),list))

doctor: setup ## Whether each messaging channel is set up and works, and what to do where not.
	@PYTHONPATH=handoff_bridge exec $(BRIDGE) -m handoff_bridge.launch.doctor

erase: setup ## All that is stored about a channel's customer: CHANNEL=whatsapp ADDRESS=+49...; asks first.
	@PYTHONPATH=handoff_bridge exec $(BRIDGE) -m handoff_bridge.launch.erase \
		--channel "$(CHANNEL)" --address "$(ADDRESS)"

reload: train ## Train what changed and take it into the running assistant.
	@PYTHONPATH=handoff_bridge exec $(BRIDGE) -m handoff_bridge.launch.reload

talk: train ## Talk to the trained assistant in the terminal.
	@PYTHONPATH=handoff_bridge exec $(BRIDGE) -m handoff_bridge.launch.talk

simulate: setup ## A day as it goes now, and by RULES=, TEAMS=; DAY=2026-11-27, ROSTER, LOAD, SEED.
	@PYTHONPATH=handoff_bridge exec $(BRIDGE) -m handoff_bridge.simulate $(if $(DAY),--day $(DAY)) \
		$(if $(RULES),--rules "$(RULES)") $(if $(TEAMS),--teams "$(TEAMS)") \
		$(if $(ROSTER),--roster "$(ROSTER)") $(if $(LOAD),--load $(LOAD)) $(if $(SEED),--seed $(SEED))

drill: setup ## CUSTOMERS=20 over MINUTES=5 for agents to train with, at the copy that runs.
	@PYTHONPATH=handoff_bridge exec $(BRIDGE) -m handoff_bridge.drill \
		--customers $(or $(CUSTOMERS),20) --minutes $(or $(MINUTES),5) $(if $(STORIES),--stories "$(STORIES)")

bench: train ## Speed and memory beside stock Rasa's, in minutes; QUICK=1: seconds, no verdict.
	@PYTHONPATH=.:handoff_bridge exec $(BRIDGE) -m benchmarks.speed.bench $(if $(QUICK),--quick)

estimates: setup ## How true the told wait is, on simulated days; seconds.
	@PYTHONPATH=.:handoff_bridge exec $(BRIDGE) -m benchmarks.estimates.run

crashes: setup ## Kill a bridge among its commits, TIMES=100 times, and count what was lost.
	@PYTHONPATH=.:handoff_bridge exec $(BRIDGE) -m benchmarks.speed.crashes --times $(or $(TIMES),100)

guards: setup ## Take each guard away in a copy, and see which test fails; ONLY=lease: those named so.
	@PYTHONPATH=.:handoff_bridge exec $(BRIDGE) -m tests.guards --only "$(ONLY)"

faults: setup ## Kill, cut and freeze everything among conversations for SECONDS=120, and compare; TIMES, SEED.
	@PYTHONPATH=.:handoff_bridge exec $(BRIDGE) -m benchmarks.faults.run --seconds $(or $(SECONDS),120) \
		--times $(or $(TIMES),1) $(if $(SEED),--seed $(SEED)) $(if $(RECORD),--record)

channel-faults: setup ## The same between platforms and bridges, CHATS=30 of MESSAGES=40; ONLY=app, SEED.
	@PYTHONPATH=.:handoff_bridge exec $(BRIDGE) -m tests.bridge.channels.fault_run --chats $(or $(CHATS),30) \
		--messages $(or $(MESSAGES),40) $(if $(ONLY),--only $(ONLY)) $(if $(SEED),--seed $(SEED))

evaluate: train ## How well the assistant understands, into benchmarks/results.md; QUICK=1: a minute.
	@TF_CPP_MIN_LOG_LEVEL=3 $(ASSISTANT) -W ignore -m benchmarks.evaluate $(if $(QUICK),--quick)

test: train ## Check style, types and data, run every test and the quick evaluation.
	@failed=0; \
	for checks in lint types check validate; do \
		$(MAKE) --no-print-directory $$checks || failed=1; \
	done; \
	$(ASSISTANT_TESTS) || failed=1; \
	$(BRIDGE_TESTS) || failed=1; \
	$(BRIDGE_TESTS_ALONE) || failed=1; \
	$(JOURNEYS) || failed=1; \
	sh tools/npm.sh test || failed=1; \
	$(MAKE) --no-print-directory evaluate QUICK=1 || failed=1; \
	exit $$failed

firefox: setup ## The main road in Firefox against the running copy; needs firefox-esr, BRIDGE_URL, DEMO_PASSWORD.
	@sh tests/firefox/run.sh

test-assistant: train ## Only the assistant's tests.
	@$(ASSISTANT_TESTS)

test-bridge: setup ## Only the bridge's tests, without the journeys.
	@failed=0; \
	$(BRIDGE_TESTS) || failed=1; \
	$(BRIDGE_TESTS_ALONE) || failed=1; \
	exit $$failed

test-stories: train ## Play the test stories against the trained assistant.
	@$(ASSISTANT) -m rasa test core --stories tests/assistant/stories --model models/assistant.tar.gz \
		--fail-on-prediction-errors --out results

check: setup ## Check what designers write, with file and line; takes seconds.
	@failed=0; \
	PYTHONPATH=handoff_bridge $(BRIDGE) -m handoff_bridge.brand_file || failed=1; \
	PYTHONPATH=handoff_bridge $(BRIDGE) -m handoff_bridge.routing_files || failed=1; \
	PYTHONPATH=handoff_bridge $(BRIDGE) -m handoff_bridge.articles.folder || failed=1; \
	$(ASSISTANT) -m authoring.check || failed=1; \
	exit $$failed

validate: setup ## Let Rasa check the assistant's data; every warning counts.
	@$(ASSISTANT) -m rasa data validate --fail-on-warnings

lint: setup ## Check style in both environments and the pages.
	@failed=0; \
	$(ASSISTANT) -m ruff check $(ASSISTANT_CODE) || failed=1; \
	$(ASSISTANT) -m ruff format --check $(ASSISTANT_CODE) || failed=1; \
	$(BRIDGE) -m ruff check --config handoff_bridge/pyproject.toml $(BRIDGE_CODE) || failed=1; \
	$(BRIDGE) -m ruff format --check --config handoff_bridge/pyproject.toml $(BRIDGE_CODE) || failed=1; \
	sh tools/npm.sh run lint || failed=1; \
	exit $$failed

types: setup ## Check types in both environments and the pages.
	@failed=0; \
	$(BRIDGE) -m mypy --python-executable $(ASSISTANT) || failed=1; \
	(cd handoff_bridge && .venv/bin/python -m mypy) || failed=1; \
	sh tools/npm.sh run typecheck || failed=1; \
	exit $$failed

format: setup ## Rewrite style in both environments and the pages.
	@$(ASSISTANT) -m ruff check --quiet --fix $(ASSISTANT_CODE) || true
	@$(ASSISTANT) -m ruff format $(ASSISTANT_CODE)
	@$(BRIDGE) -m ruff check --quiet --fix --config handoff_bridge/pyproject.toml $(BRIDGE_CODE) || true
	@$(BRIDGE) -m ruff format --config handoff_bridge/pyproject.toml $(BRIDGE_CODE)
	@sh tools/npm.sh run format

LOCK = $(UV) pip compile --quiet --generate-hashes --no-header --group dev pyproject.toml -o requirements.txt --python

lock: setup ## Lock both environments again after a pyproject.toml changed.
	cd . && $(LOCK) 3.10
	cd handoff_bridge && $(LOCK) 3.12

clean: ## Remove environments, models and builds; var/ with your data stays.
	rm -rf .venv .uv handoff_bridge/.venv handoff_bridge/web/node_modules handoff_bridge/web/dist
	rm -rf models .rasa .bench results .pytest_cache .ruff_cache
