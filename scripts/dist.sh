#!/usr/bin/env bash
# Makes the release archive in target/dist: binary, settings, contract, what operators need, licences and SBOM, with
# checksums beside it. The same commit and toolchain give the same bytes.
# BINARY= takes a program that is already built; without, the release is built.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/release.sh

name="starwars-api-$version-$target"
out="$target_dir/dist"
rm -rf "$out"
mkdir -p "$out/$name"/{config,docs}

install -m 755 "$binary" "$out/$name/starwars-api"
install -m 644 -t "$out/$name" LICENSE CHANGELOG.md openapi.yaml
install -m 644 -t "$out/$name/config" config/default.toml config/production.toml
install -m 644 -t "$out/$name/docs" docs/operating.md docs/settings.md
install -m 644 -t "$out/$name" CONTRIBUTING.md
# Not all that is there: an operator keeps secrets in deploy/secrets.
git ls-files deploy ':!deploy/Containerfile' | tar --create --files-from - | tar --extract --directory "$out/$name"
scripts/bom.py "$out/$name"

# Permissions and times of this checkout are nobody's business.
chmod -R u=rwX,go=rX "$out/$name"
tar --create --directory "$out" --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@$SOURCE_DATE_EPOCH" "$name" | gzip -n9 >"$out/$name.tar.gz"
cp "$out/$name/sbom.cdx.json" "$out/$name.sbom.cdx.json"
rm -rf "${out:?}/$name"
(cd "$out" && sha256sum "$name".* >SHA256SUMS)

ls -l "$out"/* | awk '{ print $9, $5, "bytes" }'
