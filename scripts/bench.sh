#!/usr/bin/env bash
# Measures the release binary against bare actix-web servers (benches/baseline/), on one core of this machine, and
# prints both. BENCH_ROUNDS and BENCH_SECONDS say how long; 5 rounds of 4 seconds unless told.
# Installs what it needs from Debian's packages.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "bench: $*" >&2
    exit 1
}

[[ -r /proc/self/stat ]] || fail "processor time is read from /proc, so this runs on Linux only"
(($(nproc) >= 2)) || fail "two cores are needed: one for the servers, one for what loads them"

packages=()
command -v redis-server >/dev/null || packages+=(redis-server)
command -v taskset >/dev/null || packages+=(util-linux)
if ((${#packages[@]} > 0)); then
    scripts/install.sh "${packages[@]}" || fail "install ${packages[*]} (Debian's names), then run 'make bench' again"
fi

# In one go, so that the features of what both are made of are the same, too.
"${CARGO:-cargo}" build --release --locked --package starwars-api --package baseline
exec python3 scripts/bench.py target/release/starwars-api target/release/baseline
