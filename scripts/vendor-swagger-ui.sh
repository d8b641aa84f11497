#!/usr/bin/env bash
# Brings a release of swagger-ui-dist from npm into assets/swagger-ui/.
#
#   scripts/vendor-swagger-ui.sh 5.35.0     replace the vendored files and their checksums
#   scripts/vendor-swagger-ui.sh --check    compare the vendored files with their checksums
#
# index.html, viewer.css, initializer.js, login.js and code-samples.js are ours and stay as they are: the page must not
# read `?url=`, and must hold under `Content-Security-Policy: default-src 'self'`.
set -euo pipefail

cd "$(dirname "$0")/../assets/swagger-ui"

if [[ "${1:-}" == "--check" ]]; then
    exec sha256sum --check --strict SHA256SUMS
fi

version="${1:?usage: scripts/vendor-swagger-ui.sh VERSION | --check}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

(cd "$work" && npm pack --silent "swagger-ui-dist@$version" >/dev/null && tar -xzf ./*.tgz)

# Without the trailing reference, a browser with its tools open does not ask for a map we do not ship.
sed '/^\/[*\/]# sourceMappingURL=.*$/d' "$work/package/swagger-ui.css" >swagger-ui.css
sed '/^\/[*\/]# sourceMappingURL=.*$/d' "$work/package/swagger-ui-bundle.js" >swagger-ui-bundle.js
cp "$work/package/favicon-32x32.png" favicon.png
cp "$work/package/LICENSE" LICENSE
{
    cat "$work/package/NOTICE"
    printf '\nswagger-ui-dist %s. Licences of what the bundle contains:\n\n' "$version"
    cat "$work/package/swagger-ui-bundle.js.LICENSE.txt"
} >NOTICE
printf '%s\n' "$version" >VERSION
sha256sum LICENSE NOTICE VERSION favicon.png swagger-ui-bundle.js swagger-ui.css >SHA256SUMS
