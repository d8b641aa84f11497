#!/usr/bin/env bash
# Counts the instructions that the service and the bare servers (benches/baseline/) execute for a request, under callgrind,
# and fails when a kind of request takes over 2% more than benches/instructions.tsv says; --update writes that file.
# PROFILE=release counts those of the release binary; it has no baseline.
# Installs what it needs from Debian's packages.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
command -v valgrind >/dev/null && command -v vgdb >/dev/null || packages+=(valgrind)
command -v python3 >/dev/null || packages+=(python3)
((${#packages[@]} == 0)) || scripts/install.sh "${packages[@]}"
profile="${PROFILE:-instructions}"
"${CARGO:-cargo}" build --profile "$profile" --locked \
    --package starwars-api --package baseline --bin starwars-api --bin baseline
built="${CARGO_TARGET_DIR:-target}/$profile"
exec python3 scripts/instructions.py "$built/starwars-api" "$built/baseline" \
    benches/instructions.tsv "$@"
