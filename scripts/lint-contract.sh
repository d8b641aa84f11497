#!/usr/bin/env bash
# Installs Spectral into .tools/lint as lint/package-lock.json pins it, then holds openapi.yaml to lint/ruleset.yaml:
# no error and no warning. Then shows that our rules find what they are for.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "lint-contract: $*" >&2
    exit 1
}

command -v npm >/dev/null || fail "npm is missing; install Node.js 20 or later (Debian: apt-get install npm), then run 'make lint-contract' again"
tools=.tools/lint
if ! cmp -s lint/package-lock.json "$tools/installed"; then
    rm -rf "$tools"
    mkdir -p "$tools"
    cp lint/package.json lint/package-lock.json "$tools/"
    # Nothing that is used here needs to run anything to be installed.
    (cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
        fail "npm could not install Spectral (see above); is the npm registry reachable?"
    cp lint/package-lock.json "$tools/installed"
fi

"$tools/node_modules/.bin/spectral" lint --ruleset lint/ruleset.yaml --fail-severity hint openapi.yaml || fail "mend openapi.yaml by what is said above. Where a rule is wrong for a place, add \
the place and the reason to an entry of 'overrides' in lint/ruleset.yaml; an entry is for one path, and not for those below it"
node --test --test-reporter=spec tests/lint/rules.test.mjs
