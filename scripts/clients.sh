#!/usr/bin/env bash
# Makes a client with each generator of docs/clients.md and runs its scenario of tests/clients/ against the real binary. The
# commands are those of the page: the first block of a section makes the client, the second one runs the scenario. NAME... are
# sections; without any, all.
set -euo pipefail
cd "$(dirname "$0")/.."

page=docs/clients.md
tools=$PWD/.tools/clients
jar=(.tools/venv/lib/python3*/site-packages/openapi_generator_cli/openapi-generator.jar)
export PATH="$tools/npm/node_modules/.bin:$tools/python/bin:$PWD/.tools/venv/bin:$PATH"
# Debian has no jackson-datatype-jsr310; the generator's own archive has it, with the rest of Jackson.
export CLASSPATH="$PWD/${jar[0]}:/usr/share/java/httpmime.jar:/usr/share/java/jsr305.jar:/usr/share/java/geronimo-annotation-1.3-spec.jar"
# Nothing is fetched for Go: the client asks for the standard library alone.
export GOPROXY=off GOTOOLCHAIN=local
work=
server=

fail() {
    echo "clients: $*" >&2
    exit 1
}

timed() { # WHAT COMMAND...
    local what=$1 start=$EPOCHREALTIME
    shift
    "$@" || return
    awk -v what="$what" -v from="$start" -v to="$EPOCHREALTIME" \
        'BEGIN { printf "clients: %-42s %6.1f s\n", what, to - from }'
}

clean_up() {
    if [[ -n $server ]]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    [[ -z $work ]] || rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

install_packages() {
    local packages=() jar
    command -v npm >/dev/null || packages+=(npm)
    command -v go >/dev/null || packages+=(golang-go)
    command -v javac >/dev/null || packages+=(default-jdk-headless)
    for jar in httpmime jsr305 geronimo-annotation-1.3-spec; do
        [[ -e /usr/share/java/$jar.jar ]] || packages+=("lib$jar-java")
    done
    ((${#packages[@]} == 0)) || scripts/install.sh "${packages[@]}"
}

# A virtual environment works only at the path where it was created.
install_python() {
    local stamp
    stamp="$PWD $(sha256sum <tests/clients/python/requirements.txt)"
    if [[ ! -e $tools/python/stamp || $(<"$tools/python/stamp") != "$stamp" ]]; then
        rm -rf "$tools/python"
        python3 -m venv "$tools/python"
        "$tools/python/bin/pip" install --quiet --disable-pip-version-check --no-deps \
            -r tests/clients/python/requirements.txt || fail "pip failed (see above); is PyPI reachable?"
        echo "$stamp" >"$tools/python/stamp"
    fi
}

install_npm() {
    if ! cmp -s tests/clients/typescript/package-lock.json "$tools/npm/stamp"; then
        rm -rf "$tools/npm"
        mkdir -p "$tools/npm"
        cp tests/clients/typescript/package{,-lock}.json "$tools/npm"
        (cd "$tools/npm" && npm ci --silent --no-audit --no-fund) || fail "npm failed (see above); is its registry reachable?"
        cp tests/clients/typescript/package-lock.json "$tools/npm/stamp"
    fi
    # How Node finds what is not installed beside the program.
    mkdir -p target/clients/node_modules
    ln -sfn ../typescript-fetch target/clients/node_modules/starwars-client
    ln -sfn "$tools"/npm/node_modules/{axios,openapi-fetch} target/clients/node_modules
}

install_all() {
    install_packages
    install_python &
    local python=$!
    install_npm
    wait "$python"
}

# The page's block of commands: the first or the second one of a section.
block() { # NAME NUMBER
    awk -v name="$1" -v number="$2" '
        /^## / { inside = $0 == "## " name }
        inside && /^```$/ { printing = 0 }
        printing { print; found = 1 }
        inside && /^```sh$/ { printing = ++blocks == number }
        END { exit !found }
    ' "$page" || fail "$page: the section $1 has no ${2}. block of commands"
}

# The warnings that the page explains.
explained() {
    awk '/^```$/ { printing = 0 } printing; /^```text$/ { printing = 1 }' "$page"
}

make_client() { # NAME
    local log=target/clients/$1.log
    if ! timed "$1, made and compiled" bash -euo pipefail -c "$(block "$1" 1)" >"$log" 2>&1; then
        cat "$log" >&2
        fail "$1 cannot be made or compiled; the output is above"
    fi
    tail -1 "$log"
    # What a generator warns of is mended in the contract, asked of it otherwise, or explained on the page.
    ! grep -iE '\bwarn(ing)?\b' "$log" | grep -vFf <(explained) | sort -u >&2 ||
        fail "$1: the generator or the compiler warns, as above; mend it, or explain it in $page"
}

make_clients() { # NAME...
    local name job jobs=() failed=0
    for name; do
        rm -rf "target/clients/$name"
        while (($(jobs -pr | wc -l) >= $(nproc))); do
            wait -n || true
        done
        make_client "$name" &
        jobs+=("$!")
    done
    for job in "${jobs[@]}"; do
        wait "$job" || failed=1
    done
    ((failed == 0)) || fail "not all clients can be made"
}

compile_service() {
    "${CARGO:-cargo}" build --quiet --locked
}

start_service() {
    local port binary
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    work=$(mktemp -d "${TMPDIR:-/tmp}/starwars-clients.XXXXXX")
    mkdir -p "$work/var/outbox"
    binary=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/debug/starwars-api
    (
        cd "$work"
        export STARWARS__SERVER__BIND=127.0.0.1:$port STARWARS__GATEKEEPER__VALIDATE_RESPONSES=true
        exec "$binary" serve
    ) >"$work/service.log" 2>&1 &
    server=$!
    export STARWARS_URL=http://127.0.0.1:$port STARWARS_OUTBOX=$work/var/outbox
    for _ in {1..200}; do
        if curl --silent --fail --output /dev/null "$STARWARS_URL/readyz"; then
            return
        fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    cat "$work/service.log" >&2
    fail "the service did not come up; its log is above"
}

run_scenario() { # NAME
    bash -euo pipefail -c "$(block "$1" 2)" | sed "s/^/$1: /"
}

mapfile -t clients < <(sed -n 's/^## \([a-z-]*\)$/\1/p' "$page")
(($# == 0)) || clients=("$@")
make --no-print-directory tools
mkdir -p target/clients
timed "installing" install_all
make_clients "${clients[@]}"
timed "compiling the service" compile_service
start_service
for client in "${clients[@]}"; do
    timed "$client, the scenario" run_scenario "$client"
done

echo "clients: ${#clients[@]} clients ran the scenario; $SECONDS s in all"
