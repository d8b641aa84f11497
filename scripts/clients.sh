#!/usr/bin/env bash
# Makes the Python, TypeScript and Rust clients from openapi.yaml into target/clients/, as OpenAPI Generator
# writes them, and runs the scenario of tests/clients/ with each against the real binary.
set -euo pipefail
cd "$(dirname "$0")/.."

python=.tools/clients/python
typescript=.tools/clients/typescript
work=
server=

fail() {
    echo "clients: $*" >&2
    exit 1
}

timed() { # WHAT COMMAND...
    local what=$1 start=$EPOCHREALTIME
    shift
    "$@"
    awk -v what="$what" -v from="$start" -v to="$EPOCHREALTIME" \
        'BEGIN { printf "clients: %-34s %6.1f s\n", what, to - from }'
}

clean_up() {
    if [[ -n $server ]]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    [[ -z $work ]] || rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

generate() {
    rm -rf target/clients/{python,typescript,rust}
    mkdir -p target/clients
    .tools/venv/bin/openapi-generator-cli batch --fail-fast tests/clients/*/generator.yaml \
        >target/clients/generate.log 2>&1 ||
        fail "the generator failed; see target/clients/generate.log"
    # How Node finds a package that is not installed beside the program.
    mkdir -p target/clients/node_modules
    ln -sfn ../typescript target/clients/node_modules/starwars-client
}

# A virtual environment works only at the path where it was created.
install_python() {
    local stamp
    stamp="$PWD $(sha256sum <tests/clients/python/requirements.txt)"
    if [[ ! -e $python/stamp || $(<"$python/stamp") != "$stamp" ]]; then
        rm -rf "$python"
        python3 -m venv "$python"
        "$python/bin/pip" install --quiet --disable-pip-version-check --no-deps \
            -r tests/clients/python/requirements.txt || fail "pip failed (see above); is PyPI reachable?"
        echo "$stamp" >"$python/stamp"
    fi
}

install_typescript() {
    command -v npm >/dev/null || fail "npm is missing; install Node.js 20 or newer with it, then run 'make clients' again"
    if ! cmp -s tests/clients/typescript/package-lock.json "$typescript/stamp"; then
        rm -rf "$typescript"
        mkdir -p "$typescript"
        cp tests/clients/typescript/package{,-lock}.json "$typescript"
        (cd "$typescript" && npm ci --silent --no-audit --no-fund) || fail "npm failed (see above); is its registry reachable?"
        cp tests/clients/typescript/package-lock.json "$typescript/stamp"
    fi
}

check_python() {
    MYPYPATH=target/clients/python "$python/bin/mypy" --strict --follow-imports=silent --no-error-summary \
        --cache-dir target/clients/mypy tests/clients/python/*.py
}

compile_typescript() {
    "$typescript/node_modules/.bin/tsc" --project target/clients/typescript
    "$typescript/node_modules/.bin/tsc" --project tests/clients/typescript
}

compile_rust() {
    "${CARGO:-cargo}" fmt --check --manifest-path tests/clients/rust/Cargo.toml
    "${CARGO:-cargo}" build --quiet --locked --manifest-path tests/clients/rust/Cargo.toml \
        --target-dir target/clients/build ||
        fail "if the lock file is behind (another version of the contract): run cargo check in tests/clients/rust and commit Cargo.lock"
}

compile_service() {
    "${CARGO:-cargo}" build --quiet --locked
}

start_service() {
    local port
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    work=$(mktemp -d "${TMPDIR:-/tmp}/starwars-clients.XXXXXX")
    mkdir -p "$work/var/outbox"
    local binary
    binary=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/debug/starwars-api
    (
        cd "$work"
        export STARWARS__SERVER__BIND=127.0.0.1:$port STARWARS__GATEKEEPER__VALIDATE_RESPONSES=true
        exec "$binary" serve
    ) >"$work/service.log" 2>&1 &
    server=$!
    export STARWARS_URL=http://127.0.0.1:$port STARWARS_OUTBOX=$work/var/outbox
    for _ in {1..200}; do
        if curl --silent --fail --output /dev/null "$STARWARS_URL/readyz"; then
            return
        fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    cat "$work/service.log" >&2
    fail "the service did not come up; its log is above"
}

run_python() {
    PYTHONPATH=target/clients/python "$python/bin/python" tests/clients/python/scenario.py
}

run_typescript() {
    node target/clients/scenario/scenario.js
}

run_rust() {
    target/clients/build/debug/starwars-client-scenario
}

make --no-print-directory tools
timed "generating three clients" generate
timed "installing for Python" install_python
timed "installing for TypeScript" install_typescript
timed "checking the types, Python" check_python
timed "compiling, TypeScript" compile_typescript
timed "compiling, Rust" compile_rust
timed "compiling the service" compile_service
start_service
timed "the scenario, Python" run_python
timed "the scenario, TypeScript" run_typescript
timed "the scenario, Rust" run_rust

echo "clients: three clients ran the scenario; $SECONDS s in all"
