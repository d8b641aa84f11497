#!/usr/bin/env bash
# Makes generated/ anew, also when neither contract nor templates changed.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/tools.sh
rm -f generated/.fingerprint
cargo check --quiet --package generated
