#!/usr/bin/env bash
# Checks what deploy/ holds and what is released: the archive and its SBOM, the image by starting it, the unit, the compose
# file and the manifests by their schemas, and every variable in them by the service itself.
# BINARY= takes a program that is already built; without, the debug build is used, which is made in no time after the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ -z "${BINARY:-}" ]]; then
    "${CARGO:-cargo}" build --locked --quiet --package starwars-api
    BINARY="${CARGO_TARGET_DIR:-target}/debug/starwars-api"
fi
BINARY="$(realpath "$BINARY")"
export BINARY

packages=()
need() { command -v "$1" >/dev/null || packages+=("$2"); }
need buildah buildah
need umoci umoci
need runc runc
need systemd-analyze systemd
need curl curl
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
((${#packages[@]} == 0)) || scripts/install.sh "${packages[@]}"

venv=.tools/deploy
wheels=(pyyaml==6.0.4 compose-spec==0.2.1 kubernetes-validate==1.37.0 'cyclonedx-python-lib[json-validation]==11.12.0')
if [[ ! -e $venv/installed || "$(<"$venv/installed")" != "${wheels[*]}" ]]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "${wheels[@]}"
    echo "${wheels[*]}" >"$venv/installed"
fi

work="$(mktemp -d)"
started=()
clean_up() {
    for command in "${started[@]}"; do eval "$command" || true; done
    rm -rf "$work"
}
trap clean_up EXIT
step() { echo "deploy-check: $*"; }
fail() {
    echo "deploy-check: $*" >&2
    exit 1
}

step "the release archive"
scripts/dist.sh
dist="${CARGO_TARGET_DIR:-target}/dist"
(cd "$dist" && sha256sum --check --quiet SHA256SUMS)
mkdir "$work/dist"
tar --extract --gzip --file "$dist"/*.tar.gz --directory "$work/dist" --strip-components=1
for file in starwars-api LICENSE THIRD-PARTY-LICENCES.txt CHANGELOG.md openapi.yaml sbom.cdx.json config/default.toml \
    config/production.toml deploy/nginx.conf deploy/compose.yaml "deploy/starwars-api@.service" docs/operating.md docs/settings.md; do
    [[ -s "$work/dist/$file" ]] || fail "the archive has no $file"
done
(cd "$work/dist" && env -i ./starwars-api config check)

step "the compose file, the manifests, the unit and the SBOM"
SMTP_URL=smtps://user:password@mail.example.org deploy/secrets.sh "$work/secrets" >/dev/null
"$venv/bin/python" scripts/deploy_check.py "$work/dist" "$work/secrets"
grep -qF "$(sed -n 's/^user starwars on >[^ ]* //p' "$work/secrets/redis.acl")" docs/operating.md ||
    fail "deploy/secrets.sh gives another account in Redis than docs/operating.md"

# The paths of the unit exist here, so that only the unit is judged.
unit="$work/starwars-api@.service"
sed "s#/usr/local/bin/starwars-api#$BINARY#" "deploy/starwars-api@.service" >"$unit"
systemd-analyze verify --man=no "$unit"
# 1.2 of 10, where 10 is a service with nothing locked; 1.5 is tolerated, since other versions of systemd weigh otherwise.
systemd-analyze security --offline=true --threshold=15 "$unit" | tail -1

step "the image"
scripts/image.sh
image="${CARGO_TARGET_DIR:-target}/image"
(cd "$image" && sha256sum --check --quiet SHA256SUMS)
mkdir "$work/layout"
tar --extract --file "$image"/*.oci.tar --directory "$work/layout"
# What Docker reads, and OCI has no word for.
config="$(grep -o 'blobs/sha256/[0-9a-f]*' "$work/layout/manifest.json" | head -1)"
grep -qF '"Test":["CMD","starwars-api","health"]' "$work/layout/$config" || fail "the image has no health check"
name="$(sed -n 's/^  image: .*:-\(.*\)}$/\1/p' deploy/compose.yaml)"
for file in manifest.json index.json; do
    grep -qF "\"$name\"" "$work/layout/$file" || fail "the image is not named $name, as in deploy/compose.yaml"
done
# umoci takes no name with a colon.
sed -i "s/\"$name\"/\"check\"/" "$work/layout/index.json"
umoci unpack --image "$work/layout:check" "$work/bundle"
rootfs="$work/bundle/rootfs"
[[ ! -e "$rootfs/bin/sh" ]] || fail "there is a shell in the image"
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
# As an orchestrator would start it: another user than root, no capability, nothing writable but its data.
"$venv/bin/python" scripts/bundle.py "$work/bundle/config.json" "STARWARS__SERVER__BIND=127.0.0.1:$port"
id="starwars-check-$$"
if runc --root "$work/runc" run --bundle "$work/bundle" --detach "$id" >"$work/log" 2>&1 </dev/null; then
    started+=("runc --root $work/runc delete --force $id")
    inside=(runc --root "$work/runc" exec "$id" /usr/local/bin/starwars-api)
else
    echo "no container can be started here ($(tail -1 "$work/log")); its files are, by chroot" >&2
    inside=(env -i "STARWARS__SERVER__BIND=127.0.0.1:$port" "$(command -v unshare)" --root "$rootfs" --wd /var/lib/starwars-api
        --setgid 65532 --setuid 65532 /usr/local/bin/starwars-api)
    "${inside[@]}" serve >"$work/log" 2>&1 &
    started+=("kill $!")
fi
"${inside[@]}" health --wait 60 || { cat "$work/log"; exit 1; }
curl --silent --show-error --fail "http://127.0.0.1:$port/readyz" >/dev/null
step "all is well"
