#!/usr/bin/env bash
# Finds or installs the servers that the tests start by themselves, on free ports and in temporary folders: Redis, PostgreSQL
# with PgBouncer, MariaDB, nginx, and a browser with its driver; and curl, sqlite3, npm, promtool, libfaketime and Python's venv.
# Nothing is left running.
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
find_program mariadbd /usr/sbin && find_program mariadb || packages+=(mariadb-server)
find_program pgbouncer /usr/sbin || packages+=(pgbouncer)
find_program chromium || packages+=(chromium)
find_program curl || packages+=(curl)
find_program sqlite3 || packages+=(sqlite3)
compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || packages+=(libfaketime)
find_program nginx /usr/sbin || packages+=(nginx-light)
find_program promtool || packages+=(prometheus)
find_program npm || packages+=(npm)
find_program chromedriver || packages+=(chromium-driver)
find_program python3 && python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)

if ((${#packages[@]} > 0)); then
    "${BASH_SOURCE%/*}/install.sh" "${packages[@]}"
fi

# axe-core, which looks at the pages.
cd "${BASH_SOURCE%/*}/.."
if ! cmp -s tests/axe/package-lock.json .tools/axe/package-lock.json || [[ ! -e .tools/axe/node_modules ]]; then
    mkdir -p .tools/axe
    cp tests/axe/package.json tests/axe/package-lock.json .tools/axe
    if ! (cd .tools/axe && npm ci --ignore-scripts --silent --no-audit --no-fund); then
        rm -rf .tools/axe
        echo "services: npm could not install axe-core (see above); is its registry reachable?" >&2
        exit 1
    fi
fi
