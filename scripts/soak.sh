#!/usr/bin/env bash
# Three instances under mixed traffic and random faults, for MINUTES (2); SEED repeats the choices of a run.
set -euo pipefail

cd "$(dirname "$0")/.."

if [[ -z ${BINARY:-} ]]; then
    "${CARGO:-cargo}" build --locked --quiet --bin starwars-api
    BINARY="${CARGO_TARGET_DIR:-target}/debug/starwars-api"
fi
export PYTHONDONTWRITEBYTECODE=1
exec python3 tests/soak/soak.py --binary "$(realpath "$BINARY")" --minutes "${MINUTES:-2}" ${SEED:+--seed "$SEED"}
