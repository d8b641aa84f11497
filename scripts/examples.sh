#!/usr/bin/env bash
# Starts each example on a free port of its own and asks it what its README shows.
set -euo pipefail

cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-target}/debug"
# Of the whole workspace, so that libraries have the features that they have in the tests, and are compiled already.
"${CARGO:-cargo}" build --locked --quiet --workspace --bin example-minimal --bin example-petstore

work="$(mktemp -d)"
server=""
trap '[[ -z "$server" ]] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

start() {
    local port
    port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
    base="http://127.0.0.1:$port$2"
    PETSTORE_KEY=tatooine ADDRESS="127.0.0.1:$port" "$target/$1" &
    server=$!
    for _ in $(seq 100); do
        curl -s -o /dev/null "$base" && return
        kill -0 "$server" || exit 1
        sleep 0.1
    done
    echo "$1 does not answer on $base" >&2
    exit 1
}

stop() {
    kill "$server"
    wait "$server" || true
    server=""
}

# expect STATUS PATTERN curl-arguments: the status, and a regular expression that head and body match.
expect() {
    local status="$1" pattern="$2" got
    shift 2
    got="$(curl -sS -i -H "Expect:" "$@")"
    if [[ "$got" != HTTP/1.1\ "$status"* ]] || ! grep -qE -- "$pattern" <<<"$got"; then
        printf 'expected %s and %s from curl %s, got:\n%s\n' "$status" "$pattern" "$*" "$got" >&2
        exit 1
    fi
}

start example-minimal ""
expect 200 '\{"greeting":"Hello Leia!"\}' "$base/greetings/Leia"
expect 200 'Hello Leia! Hello Leia!' "$base/greetings/Leia?times=2"
expect 400 '"pointer":"/times"' "$base/greetings/Leia?times=4"
expect 404 'application/problem\+json' "$base/greeting/Leia"
expect 405 'allow: GET' -X DELETE "$base/greetings/Leia"
stop

start example-petstore /api/v3
reader='Authorization: Bearer pets.read'
writer='Authorization: Bearer pets.read+pets.write'
json='Content-Type: application/json'
expect 401 '^www-authenticate: Bearer realm="petstore"' "$base/pets"
expect 401 '\{"code":401,"message":"' "$base/pets"
expect 403 'error="insufficient_scope".*scope="pets.write"' "$base/pets" -H "$reader" -H "$json" -d '{"name":"Rex"}'
expect 201 'location: /api/v3/pets/1' "$base/pets" -H "$writer" -H "$json" -d '{"name":"Rex","tags":["dog"]}'
expect 201 '"id":2,"name":"Tom & Jerry"' "$base/pets" -H "$writer" --data-urlencode 'name=Tom & Jerry' -d status=pending
expect 400 '"message":"body /nmae unknown property; did you mean `name`\?; body /name is required"' "$base/pets" -H "$writer" -H "$json" -d '{"nmae":"Rex"}'
expect 415 '\{"code":415,' "$base/pets" -H "$writer" -H 'Content-Type: text/plain' -d Rex
expect 200 '^\[\{"id":2,' "$base/pets?status=pending,sold" -H "$reader"
expect 200 '<pet>Tom &amp; Jerry</pet>' "$base/pets" -H "$reader" -H 'Accept: application/xml'
expect 200 '"name":"Rex"' "$base/pets/1" -H 'api_key: tatooine'
expect 401 '"code":401' "$base/pets/1" -H 'api_key: alderaan'
expect 404 '"message":"there is no such pet"' "$base/pets/9" -H "$reader"
head -c 3000000 /dev/zero >"$work/photo.jpg"
expect 200 '\{"bytes":3000000,"caption":"Rex"\}' "$base/pets/1/photo" -H "$writer" -F caption=Rex -F "photo=@$work/photo.jpg"
expect 400 '"code":400' "$base/pets/1/photo" -H "$writer" -F caption=Rex
expect 200 '"complete":true' "$base/orders" -H 'api_key: tatooine' -H "$json" -d '{"petId":1}'
expect 409 '"message":"there is no such pet, or it is sold"' "$base/orders" -H 'api_key: tatooine' -H "$json" -d '{"petId":1}'
expect 501 '"code":501' "$base/orders" -H 'api_key: tatooine' -H 'Content-Type: application/xml' -d '<order/>'
expect 404 '"code":404' "$base/cats"
stop
echo "the examples answer as their READMEs say"
