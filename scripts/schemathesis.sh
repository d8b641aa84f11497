#!/usr/bin/env bash
# Lets Schemathesis judge the running service against its contract: as nobody, as a basic user and as an admin, on each
# store of revocations. Every run has a service, a database and a Redis of its own in a temporary folder.
#
#   scripts/schemathesis.sh                     all runs, with the seed that continuous integration uses
#   SEED=random scripts/schemathesis.sh         all runs, with a seed that nobody chose
#   SEED=7 RUNS=admin/redis scripts/schemathesis.sh    one run again
#   EXAMPLES=200 scripts/schemathesis.sh        more cases for each operation (default: 15)
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "schemathesis: $*" >&2
    exit 1
}

all_runs="none/embedded basic/embedded admin/embedded none/redis basic/redis-replica admin/redis"
runs=${RUNS:-$all_runs}
examples=${EXAMPLES:-15}
seed=${SEED:-20260504}
[[ $seed == random ]] && seed=$((RANDOM * 32768 + RANDOM))
[[ $seed =~ ^[0-9]+$ ]] || fail "SEED is a whole number or 'random', not '$seed'"
for run in $runs; do
    [[ " $all_runs " == *" $run "* ]] || fail "there is no run '$run'; RUNS takes any of: $all_runs"
done

judge=tests/schemathesis
venv=.tools/schemathesis

install() {
    local said stamp=$venv/installed wanted
    wanted="$PWD $(sha256sum <$judge/requirements.txt)"
    [[ -e $stamp && $(<"$stamp") == "$wanted" ]] && return
    command -v python3 >/dev/null || fail "python3 is missing; run 'make services'"
    rm -rf "$venv"
    mkdir -p "$venv"
    if ! said=$(python3 -m venv "$venv" 2>&1); then
        echo "$said" >&2
        fail "python3 cannot make a virtual environment; run 'make services'"
    fi
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement $judge/requirements.txt ||
        fail "pip could not install Schemathesis (see above); is PyPI reachable?"
    echo "$wanted" >"$stamp"
}

install
command -v redis-server >/dev/null || fail "redis-server is missing; run 'make services'"
"${CARGO:-cargo}" build --quiet --locked
target=${CARGO_TARGET_DIR:-target}
binary=$(cd "$target" && pwd)/debug/starwars-api

work=$(mktemp -d "${TMPDIR:-/tmp}/starwars-schemathesis.XXXXXX")

# Each lane is a process group of its own, so that what it started ends with it, however it ends.
lanes=()
clean_up() {
    local lane
    for lane in "${lanes[@]}"; do
        kill -TERM -- "-$lane" 2>/dev/null || true
    done
    wait
    if [[ -e $work/keep ]]; then
        echo "schemathesis: logs and reports are in $work"
    else
        rm -rf "$work"
    fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

started=$SECONDS
set -m
for store in embedded redis redis-replica; do
    mine=()
    for run in $runs; do
        [[ $run == */"$store" ]] && mine+=("${run%/*}")
    done
    ((${#mine[@]} == 0)) && continue
    "$venv/bin/python" $judge/runs.py \
        --binary "$binary" --work "$work" --store "$store" --seed "$seed" --examples "$examples" "${mine[@]}" &
    lanes+=($!)
done
set +m

failed=0
for lane in "${lanes[@]}"; do
    wait "$lane" || failed=1
done
if ((failed)); then
    touch "$work/keep"
    fail "the service and its contract differ; again: make schemathesis SEED=$seed RUNS=\"$runs\""
fi
echo "schemathesis: no failure in $((SECONDS - started)) s, seed $seed"
