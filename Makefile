# Two commands matter: `make up` (a running console on a real cluster) and `make test` (everything tested).
# The work is done by small scripts in tests/dev and tests/cluster; every step can be called singly.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
DEV := tests/dev
TEST_STEPS := test-format test-lint test-rust test-frontend test-browser

.PHONY: help up down status clean-state env test $(TEST_STEPS) pictures browser-budgets torture faults bench bench-engine reset-password deny fmt lint packages postgres cluster frontend gateway console

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { gsub(/\$$\$$/, "$$", $$2); printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## install what is missing, build, start Postgres, cluster and console (KUBECONFIG set: that cluster is used)
	@$(DEV)/up.sh

down: ## stop everything; data stay
	@$(DEV)/down.sh

status: ## what runs
	@$(DEV)/status.sh

clean-state: ## stop everything and delete its data and logs (not the caches)
	@$(DEV)/down.sh --delete

env: ## shell exports for scripts: eval "$$(make -s env)"
	@$(DEV)/env.sh

reset-password: ## a new password for the administrator
	@$(DEV)/console.sh reset-password

test: ## every test, cheapest first; needs no `make up`
	@$(DEV)/test.sh

test-format: ## formatting of the Rust code
test-lint: ## clippy, warnings refused
test-rust: ## Rust tests, on a real Postgres and a real Kubernetes
test-frontend: ## dashboard: generated files, types, lint, unit tests
test-browser: ## journeys in a browser
$(TEST_STEPS):
	@$(DEV)/test.sh $(@:test-%=%)

pictures: ## pictures of every page, in both themes and languages and four widths, in tests/browser/results/pictures
	@$(DEV)/test.sh pictures

browser-budgets: ## what the dashboard may cost in a browser, on 10,000 fake pods
	@$(DEV)/test.sh budgets

torture: ## the log under torture: a million events, writers and readers killed at random
	@$(DEV)/torture.sh $(ARGUMENTS)

faults: ## faults under load: two gateways, one fault at a time, 200 kills, every invariant after each
	@$(DEV)/faults.sh $(ARGUMENTS)

bench: ## benchmarks
	@$(DEV)/bench.sh

bench-engine: ## the event store beside its peers
	@$(DEV)/packages.sh
	@$(DEV)/postgres.sh up
	@tests/bench/engine/run

deny: ## bans, licences and sources of the dependencies
	@$(DEV)/deny.sh

fmt: ## format Rust and dashboard
	@cargo fmt --all
	@$(DEV)/frontend.sh install
	@cd frontend && npx biome format --write .

lint: test-format test-lint test-frontend ## all that judges without running

packages: ## Debian packages and toolchains
	@$(DEV)/packages.sh

postgres: ## the private Postgres
	@$(DEV)/postgres.sh up

cluster: ## the local Kubernetes
	@tests/cluster/up.sh

frontend: ## the dashboard
	@$(DEV)/frontend.sh build

gateway: frontend ## the release binaries
	@$(DEV)/gateway.sh release

console: ## migrate and start the gateway; the rest runs already
	@$(DEV)/console.sh up
