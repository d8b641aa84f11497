#!/usr/bin/env bash
# Installs Debian packages; starts nothing of theirs.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
    echo "Programs are needed that are not on this machine; install: $* (Debian's names)." >&2
    exit 1
fi

as_root=()
if ((EUID != 0)); then
    if ! sudo -n true 2>/dev/null; then
        echo "Packages are needed that are not on this machine. Run once: sudo apt-get install $*" >&2
        exit 1
    fi
    as_root=(sudo -n)
fi

# Debian starts a server as soon as it is installed, unless this file says no.
policy=/usr/sbin/policy-rc.d
if [[ ! -e "$policy" ]]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi

# A second cluster of the packages' own is of no use here, and would be one more thing to stop.
export DEBIAN_FRONTEND=noninteractive
echo "Installing: $*"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
