#!/usr/bin/env bash
# Makes generated/ anew in a copy of the repository and fails when that differs from the one at hand.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/tools.sh
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target"
target=$(cd "$target" && pwd)
copy=$target/codegen/generate-check
rm -rf "$copy"
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do [[ -e $file ]] && printf '%s\0' "$file"; done |
    tar --create --null --files-from - | tar --extract --directory "$copy"
rm -f "$copy/generated/.fingerprint"
# Cargo tells the crates of two workspaces apart by name and version, not by the workspace's path. With the same
# version the copy and the repository would take each other's results for their own.
sed -i '/^\[workspace\.package\]/,/^version/s/^version = "\(.*\)"/version = "\1-generate-check"/' "$copy/Cargo.toml"
generator=${OPENAPI_GENERATOR_CLI:-$PWD/.tools/venv/bin/openapi-generator-cli}
# Intermediate results are shared with the other builds, so that dependencies are compiled once.
(cd "$copy" && OPENAPI_GENERATOR_CLI=$generator CARGO_BUILD_BUILD_DIR=$target \
    CARGO_TARGET_DIR=$target/codegen/out cargo check --quiet --package generated)
if diff --recursive --unified generated "$copy/generated"; then
    rm -rf "$copy"
else
    echo "generate-check: generated/ is not what openapi.yaml makes; run 'make generate' and commit the result" >&2
    exit 1
fi
