#!/usr/bin/env bash
# Builds the program of the release before: of the newest tag v* that leads to this commit and is not its very tree; without
# tags, of the commit that kept the contract of the last release. Prints its path; with neither, prints nothing.
set -euo pipefail

cd "$(dirname "$0")/.."

kept="$(find docs/releases -name '*.yaml' | sort --version-sort | tail -1)"
for tag in $(git tag --list 'v*' --merged HEAD --sort=-version:refname) $(git log -1 --format=%h -- "$kept"); do
    [[ "$(git rev-parse "$tag^{tree}")" == "$(git rev-parse 'HEAD^{tree}')" ]] && continue
    target="$(realpath -m "${CARGO_TARGET_DIR:-target}")"
    program="$target/previous-release/$(git rev-parse "$tag^{commit}")/starwars-api"
    if [[ ! -x "$program" ]]; then
        sources="$(mktemp -d)"
        trap 'rm -rf "$sources"' EXIT
        git archive "$tag" | tar -x -C "$sources"
        echo "Building $tag" >&2
        # Dependencies that have not changed are taken from the same folder; the next build puts this tree's program back.
        (cd "$sources" && "${CARGO:-cargo}" build --locked --quiet --bin starwars-api --target-dir "$target") >&2
        mkdir -p "$(dirname "$program")"
        cp "$target/debug/starwars-api" "$program"
    fi
    echo "$program"
    exit
done
echo "There is no earlier release." >&2
