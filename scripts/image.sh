#!/usr/bin/env bash
# Makes the image of deploy/Containerfile as target/image/starwars-api-VERSION.oci.tar, from a binary that is already built,
# without daemon and registry; `docker load`, `podman load` and `skopeo copy oci-archive:…` take it. The same commit and
# binary give the same image.
# BINARY= takes a program that is already built; without, the release is built.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/release.sh

packages=()
command -v buildah >/dev/null || packages+=(buildah)
[[ -e /etc/ssl/certs/ca-certificates.crt ]] || packages+=(ca-certificates)
((${#packages[@]} == 0)) || scripts/install.sh "${packages[@]}" >&2

out="$target_dir/image"
work="$out/work"
rm -rf "$out"
mkdir -p "$work/build" "$work/empty"
trap 'rm -rf "$work"' EXIT

scripts/bom.py "$work/documents"
cp LICENSE "$work/documents"
scripts/rootfs.sh "$binary" "$work/documents" "$work/build/rootfs"

# Nothing is run in the image, so no privileges are needed but those to write its files.
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
storage=(--root "$PWD/$work/storage" --runroot "$PWD/$work/run")
label() { echo "--label=org.opencontainers.image.$1=$2"; }
tag="starwars-api:$version"
# The folder takes the place of the stage `build`. The format is Docker's, since OCI's has no health check, which is lost below.
buildah "${storage[@]}" build --quiet --file deploy/Containerfile --build-context "build=$PWD/$work/build" --network none \
    --format docker --timestamp "$SOURCE_DATE_EPOCH" --identity-label=false --tag "$tag" \
    "$(label title "Star Wars API")" "$(label version "$version")" "$(label licenses MIT)" \
    "$(label revision "$(git rev-parse HEAD)")" "$(label created "$(date --utc --date "@$SOURCE_DATE_EPOCH" +%FT%TZ)")" \
    "$work/empty" >/dev/null
buildah "${storage[@]}" push --quiet "$tag" "oci:$work/layout:$version"
buildah "${storage[@]}" inspect --type image "$tag" | scripts/layout.py "$work/layout" "$tag"

archive="$out/starwars-api-$version.oci.tar"
tar --create --file "$archive" --directory "$work/layout" --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@$SOURCE_DATE_EPOCH" .
(cd "$out" && sha256sum ./*.oci.tar >SHA256SUMS)
ls -l "$archive" | awk '{ print $9, $5, "bytes" }'
