# `make demo` and `make verify` are all that most people need; the rest is their parts.
#   YES=1            installs missing Debian packages without asking
#   CLUSTER=current  uses the cluster that the kubeconfig points at, instead of one of its own
SHELL := /bin/bash
MVN := mvn -B -ntp
export JAVA_HOME = $(shell e2e/cluster/java-home.sh 2>/dev/null)

.PHONY: help
help: ## Lists the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Three acts on a real cluster: what a rollout drops, and what the operator says of it
	@e2e/cluster/prerequisites.sh demo
	@e2e/demo.sh

.PHONY: verify
verify: prerequisites tools ## All tests: units, walls, CRDs, chart, owners' tools, and the suite on a real cluster
	$(MVN) package
	e2e/go-tests.sh
	e2e/owners.sh
	e2e/suite.sh

.PHONY: evidence
evidence: prerequisites tools ## The long runs, some hours; goes on where it was. What came of them is in e2e/evidence/
	$(MVN) -q package -DskipTests
	e2e/evidence.sh

.PHONY: test
test: ## The tests that need no cluster
	@e2e/cluster/build.sh clients >/dev/null
	$(MVN) package
	e2e/go-tests.sh

.PHONY: mutation
mutation: ## Changes the decisions of the pure rooms one by one: of the changes 90 % have to make a test fail
	$(MVN) test-compile pitest:mutationCoverage@template pitest:mutationCoverage@rollout pitest:mutationCoverage@evidence pitest:mutationCoverage@judge pitest:mutationCoverage@report

.PHONY: crds
crds: ## Generates crds/ anew from the API classes, and the chart's copies
	$(MVN) -q test-compile surefire:test -Dtest=CrdTest -Dmaven.test.failure.ignore
	cp target/crds/*.yml crds/
	cp target/crds/*.yml helm/graceful-operator/files/crds/

.PHONY: format
format: ## Formats the Java sources
	$(MVN) -q spotless:apply

.PHONY: image
image: ## The operator's image alone, as an archive in build/images; needs a JDK 25, Maven and python3
	@e2e/images/operator.sh

.PHONY: dockerfile
dockerfile: prerequisites ## Builds the Dockerfile with buildah, without Docker or a registry, and starts what came of it
	@e2e/images/dockerfile.sh

.PHONY: images
images: prerequisites ## The images of the operator and of the tests, as archives in build/images
	$(MVN) -q package -DskipTests
	e2e/images/build.sh

.PHONY: cluster-up
cluster-up: ## A real one-node Kubernetes in a network namespace; use it with e2e/cluster/enter.sh
	@e2e/cluster/prerequisites.sh demo
	e2e/cluster/up.sh

.PHONY: cluster-down
cluster-down: ## Takes it away without a trace
	e2e/cluster/down.sh

.PHONY: prerequisites
prerequisites:
	@e2e/cluster/prerequisites.sh

.PHONY: tools
tools:
	@e2e/cluster/build.sh >/dev/null

.PHONY: clean
clean: ## Removes what was built here; the tools stay cached
	rm -rf target build
