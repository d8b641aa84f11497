#!/usr/bin/env bash
# Builds the program of the release before: of the newest tag v* that leads to this commit and is not its very tree; without
# tags, of the last commit that changed what a release keeps in docs/releases. Prints its path; with neither, prints nothing.
set -euo pipefail

cd "$(dirname "$0")/.."

for tag in $(git tag --list 'v*' --merged HEAD --sort=-version:refname) $(git log -1 --format=%h -- docs/releases); do
    [[ "$(git rev-parse "$tag^{tree}")" == "$(git rev-parse 'HEAD^{tree}')" ]] && continue
    target="$(realpath -m "${CARGO_TARGET_DIR:-target}")"
    program="$target/previous-release/$(git rev-parse "$tag^{commit}")/starwars-api"
    if [[ ! -x "$program" ]]; then
        sources="$(mktemp -d)"
        trap 'rm -rf "$sources"' EXIT
        git archive "$tag" | tar -x -C "$sources"
        echo "Building $tag" >&2
        # In a folder of its own: crates of the workspace have the same place in both trees, and the next build would take
        # those of the older one for its own.
        export CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$target/previous-release/build"
        (cd "$sources" && "${CARGO:-cargo}" build --locked --quiet --bin starwars-api) >&2
        mkdir -p "$(dirname "$program")"
        mv "$CARGO_TARGET_DIR/debug/starwars-api" "$program"
        rm -rf "$CARGO_TARGET_DIR"
    fi
    echo "$program"
    exit
done
echo "There is no earlier release." >&2
