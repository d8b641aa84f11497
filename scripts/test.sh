#!/usr/bin/env bash
# Runs the tests of the whole workspace. An argument is passed on to `cargo test` as a filter:
# `scripts/test.sh films` or `make test TESTS=films`.
#
# The tests start servers of their own. Each test process has a watchdog that ends what the
# process started, however it ends; this script waits for the watchdogs and removes the files.
set -euo pipefail

cd "$(dirname "$0")/.."

# tests/api/schema.rs starts it beside this one.
PREVIOUS_RELEASE="$(scripts/previous-release.sh)"
export PREVIOUS_RELEASE

work="$(mktemp -d "${TMPDIR:-/tmp}/starwars-tests.XXXXXX")"
# PostgreSQL refuses to run as root and gets its files through this folder.
chmod 755 "$work"

clean_up() {
    local file waited=0
    for file in "$work"/watchdog.*; do
        [[ -e "$file" ]] || continue
        while kill -0 "${file##*.}" 2>/dev/null && ((waited < 200)); do
            sleep 0.1
            waited=$((waited + 1))
        done
    done
    # Nothing should be left; what is names this folder on its command line.
    for file in /proc/[0-9]*/cmdline; do
        if grep -qF -- "$work/" "$file" 2>/dev/null; then
            file="${file%/cmdline}"
            kill -KILL "${file##*/}" 2>/dev/null || true
        fi
    done
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

TMPDIR="$work" "${CARGO:-cargo}" test --workspace --locked "$@"
