# make alone explains every target.

GO ?= go
ENV ?= local
AGAINST ?=
FUZZTIME ?= 60s
# Tools are pinned here and built outside go.mod, so that they never choose a version for the module.
STATICCHECK = $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2

AVOW = .build/avow

# The tour's consumer has a contract of its own, one version newer.
NEXT = --schemas examples/tour/next/schemas --out examples/tour/next/gen --package-prefix github.com/avow-events/avow/examples/tour/next/gen

# The events that bench measures; bench is a module of its own, so that rivals stay out of go.mod.
MEASURED = --schemas bench/schemas --out bench/events --strip-prefix bench --package-prefix github.com/avow-events/avow/bench/events

.DEFAULT_GOAL := help
.PHONY: help demo test generate compat register dev lint bench interop check build race fuzz clean FORCE

help: ## explain the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(AVOW) ## show the main job end to end: schemas, types, registry, Kafka, evolution
	@AVOW=$(AVOW) GO="$(GO)" sh examples/tour/demo.sh

test: ## run the tests
	$(GO) test ./...

generate: $(AVOW) ## write gen/ from schemas/, and the events of the tour and of bench
	$(AVOW) generate
	$(AVOW) generate $(NEXT)
	$(AVOW) generate $(MEASURED)

compat: $(AVOW) ## check schemas/ against the git baseline (AGAINST=REV for another)
	$(AVOW) compat $(if $(AGAINST),--against $(AGAINST))

register: $(AVOW) ## register every contract (ENV=local, as avow.yaml names it)
	$(AVOW) apply --env $(ENV)

dev: $(AVOW) ## run broker and registry on this machine, data in .avow/dev
	$(AVOW) dev --data .avow/dev

lint: ## gofmt, go vet and staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "run gofmt on:"; echo "$$unformatted"; exit 1; }
	$(GO) vet ./...
	$(STATICCHECK) ./...

bench: ## measure codec and compat beside their rivals, writes bench/RESULTS.md and bench/breaking/RESULTS.md
	cd bench && $(GO) run . && $(GO) run ./breaking

interop: ## hold avow against clients, brokers, registries and Avro Java that others wrote
	@cd interop && $(GO) test -json -count=1 -p 1 -timeout 30m ./... | $(GO) run ./internal/summary

check: lint $(AVOW) ## everything that CI runs: lint, stale gen/, compat, tests
	$(AVOW) generate --check
	$(AVOW) generate --check $(NEXT)
	$(AVOW) generate --check $(MEASURED)
	$(AVOW) compat $(if $(AGAINST),--against $(AGAINST))
	$(MAKE) test
	cd bench && $(GO) vet ./... && $(GO) test ./...

build: $(AVOW) ## build the command into .build/avow

race: ## run the tests of everything concurrent under the race detector
	$(GO) test -race ./avsc ./codec/... ./compat ./registry/... ./stream ./internal/devenv

fuzz: ## run every fuzz target for FUZZTIME (60s) each
	@$(GO) list -f '{{.Dir}}' ./... | while read -r dir; do \
	  for target in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$$dir"/*_test.go 2>/dev/null | cut -c6-); do \
	    (cd "$$dir" && $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) .) || exit 1; \
	  done; done

clean: ## remove what the targets leave behind
	rm -rf .build .avow

$(AVOW): FORCE
	@$(GO) build -o $@ ./cmd/avow

FORCE:
