#!/usr/bin/env bash
# Finds or installs the servers that the tests start by themselves, on free ports and in
# temporary folders: Redis, PostgreSQL, and a browser with its driver; curl, too. Nothing is left running.
set -euo pipefail

find_program() { # NAME [FOLDER...]
    local name="$1" folder
    shift
    command -v "$name" >/dev/null && return
    for folder in "$@"; do
        [[ -x "$folder/$name" ]] && return
    done
    return 1
}

packages=()
find_program redis-server || packages+=(redis-server)
find_program initdb /usr/lib/postgresql/*/bin || packages+=(postgresql)
find_program chromium || packages+=(chromium)
find_program curl || packages+=(curl)
find_program chromedriver || packages+=(chromium-driver)
find_program python3 && python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)

if ((${#packages[@]} == 0)); then
    exit 0
fi

if ! find_program apt-get; then
    echo "The tests need programs that are not on this machine; install: ${packages[*]} (Debian's names)." >&2
    exit 1
fi

as_root=()
if ((EUID != 0)); then
    if ! sudo -n true 2>/dev/null; then
        echo "The tests need packages that are not on this machine. Run once: sudo apt-get install ${packages[*]}" >&2
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
echo "Installing for the tests: ${packages[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
