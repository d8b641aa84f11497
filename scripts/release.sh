# Read by scripts/dist.sh and scripts/image.sh: finds the binary and its version, and holds both to the sources.

target_dir="${CARGO_TARGET_DIR:-target}"
# The time of everything that is packed.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH

if [[ -z "${BINARY:-}" ]]; then
    "${CARGO:-cargo}" build --release --locked --package starwars-api
fi
binary="${BINARY:-$target_dir/release/starwars-api}"
target="$(rustc -vV | sed -n 's/^host: //p')"
version="$(sed -n '/^\[workspace.package\]/,/^\[/ s/^version = "\(.*\)"/\1/p' Cargo.toml)"

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

[[ "$("$binary" --version)" == "starwars-api $version" ]] || fail "$binary is not of version $version, as Cargo.toml says"
"$binary" openapi | cmp --quiet - openapi.yaml || fail "$binary was built from another openapi.yaml"
grep -q "^  version: $version\$" openapi.yaml || fail "info.version of openapi.yaml is not $version, as Cargo.toml says"
[[ -e "docs/releases/$version.yaml" ]] || fail "the contract is not kept: cp openapi.yaml docs/releases/$version.yaml"
grep -qE "^## $version - [0-9]{4}-[0-9]{2}-[0-9]{2}\$" CHANGELOG.md || fail "CHANGELOG.md has no section '## $version - DATE'"
