# `make run` serves, `make test` tests; both make their own ground ready and are quick about it when it is.
# `make run ARGS="--listen 127.0.0.1:9000"` and `make test ARGS=room` pass arguments on.

SHELL := bash
ARGS ?=
export CARGO_TARGET_DIR := $(CURDIR)/target

.PHONY: run test check bench fuzz

run:
	@tools/setup/node
	@tools/setup/packages run
	@tools/setup/page
	cargo build --release --bin enfilade
	target/release/enfilade serve $(ARGS)

test:
	@tools/setup/node
	@tools/setup/packages test
	@tools/setup/python
	@tools/setup/page
	tests/with-postgres tools/run-tests $(ARGS)

check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	@if cargo deny --version >/dev/null 2>&1; then cargo deny check; else echo "cargo deny is not installed: skipped"; fi
	@tools/setup/node
	@tools/setup/page
	cd ui && npm run check
	tools/api-types --check

bench:
	@tools/setup/packages run
	cargo run --release -p enfilade-bench -- $(ARGS)

fuzz:
	tools/fuzz $(ARGS)
