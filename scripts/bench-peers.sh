#!/usr/bin/env bash
# Measures the release binary against servers in Python and JavaScript that do the same work (benches/peers/), one worker
# on one core each, and prints a table. BENCH_ROUNDS and BENCH_SECONDS say how long; 3 rounds of 4 seconds unless told.
# BINARIES= takes a folder with `starwars-api`, `baseline` and `load` that are built. Needs Linux, two cores, npm, PyPI and npm's
# registry once.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "bench-peers: $*" >&2
    exit 1
}

[[ -r /proc/self/stat ]] || fail "processor time is read from /proc, so this runs on Linux only"
(($(nproc) >= 2)) || fail "two cores are needed: one for the servers, one for what loads them"
command -v npm >/dev/null || fail "npm is missing; install Node.js 20 or newer with it, then run 'make bench-peers' again"

packages=()
command -v redis-server >/dev/null || packages+=(redis-server)
command -v taskset >/dev/null || packages+=(util-linux)
if ((${#packages[@]} > 0)); then
    scripts/install.sh "${packages[@]}" || fail "install ${packages[*]} (Debian's names), then run 'make bench-peers' again"
fi

peers=${CARGO_TARGET_DIR:-target}/peers
wanted=$(cat benches/peers/requirements.txt benches/peers/package-lock.json | sha256sum)
if [[ ! -e $peers/installed || $(<"$peers/installed") != "$wanted" ]]; then
    echo "bench-peers: installing FastAPI, connexion and Fastify into $peers" >&2
    rm -rf "$peers"
    mkdir -p "$peers"
    python3 -m venv "$peers/venv" || fail "python3 cannot make a virtual environment; run 'make services'"
    "$peers/venv/bin/pip" install --quiet --disable-pip-version-check --requirement benches/peers/requirements.txt ||
        fail "pip failed (see above); is PyPI reachable?"
    cp benches/peers/package.json benches/peers/package-lock.json "$peers"
    npm ci --prefix "$peers" --ignore-scripts --silent --no-audit --no-fund ||
        fail "npm failed (see above); is its registry reachable?"
    echo "$wanted" >"$peers/installed"
fi
# Node.js looks for packages above the file that wants them.
cp benches/peers/fastify.js "$peers"

if [[ -z ${BINARIES:-} ]]; then
    "${CARGO:-cargo}" build --release --locked --package starwars-api --package baseline
    BINARIES=${CARGO_TARGET_DIR:-target}/release
fi
BENCH_ROUNDS=${BENCH_ROUNDS:-3} exec python3 scripts/peers.py "$BINARIES/starwars-api" "$BINARIES/baseline" "$peers"
