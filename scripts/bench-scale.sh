#!/usr/bin/env bash
# Measures what a request costs the release binary as its data, its connections and its workers grow, and prints tables;
# says on standard error how far it is. BENCH_SECONDS says how long a measurement takes, 3 unless told;
# BINARIES= takes a folder with `starwars-api`, `baseline` and `load` that are built. Installs what it needs from Debian's packages.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
command -v redis-server >/dev/null || packages+=(redis-server)
command -v taskset >/dev/null || packages+=(util-linux)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
((${#packages[@]} == 0)) || scripts/install.sh "${packages[@]}"

built="${BINARIES:-target/release}"
[[ -n "${BINARIES:-}" ]] || "${CARGO:-cargo}" build --release --locked --package starwars-api --package baseline
# A connection is a file.
ulimit -n 16384
exec python3 scripts/scale.py "$built/starwars-api" "$built/baseline"
