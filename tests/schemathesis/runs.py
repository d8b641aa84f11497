"""Runs Schemathesis for some roles, one after the other, each against a service of its own.

Prints one line a run; ends with 1 when a run failed. `scripts/schemathesis.sh` calls it.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Longer than any run takes; a run that hangs must not hang the build.
MOST_SECONDS = 900


def main():
    # Ended from outside: leave by the same door, so that everything started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--store", choices=["embedded", "redis", "redis-replica"], required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--examples", type=int, required=True)
    parser.add_argument("roles", nargs="+", choices=["none", "basic", "admin"])
    arguments = parser.parse_args()
    good = [run(arguments, role) for role in arguments.roles]
    sys.exit(0 if all(good) else 1)


def run(arguments, role):
    folder = arguments.work / f"{role}-{arguments.store}"
    folder.mkdir()
    began = time.monotonic()
    with ExitStack() as stack:
        variables = {**settings(), "STARWARS__SERVER__BIND": f"127.0.0.1:{free_port()}"}
        if arguments.store != "embedded":
            port = free_port()
            stack.enter_context(process(redis(port, folder), folder / "redis.log", os.environ))
            wait_for("Redis", lambda: socket.create_connection(("127.0.0.1", port), 1).close())
            variables["STARWARS__REVOCATION__BACKEND"] = arguments.store
            variables["STARWARS__REDIS__URLS"] = f"redis://127.0.0.1:{port}"
        url = f"http://{variables['STARWARS__SERVER__BIND']}"
        environment = {"PATH": os.environ["PATH"], **variables}
        serve = [str(arguments.binary), "serve"]
        stack.enter_context(process(serve, folder / "service.log", environment, folder))
        wait_for("the service", lambda: urllib.request.urlopen(f"{url}/readyz", timeout=1).close())
        code = judge(arguments, role, folder, url, environment)
    return tell(arguments, role, folder, code, time.monotonic() - began)


def settings():
    """Of every service: cheap hashes, no limits, patience, replies held to the contract."""
    return {
        "STARWARS__SERVER__WORKERS": "2",
        "STARWARS__PASSWORDS__MEMORY_KIB": "64",
        "STARWARS__PASSWORDS__ITERATIONS": "1",
        "STARWARS__LIMITS__ENABLED": "false",
        "STARWARS__GATEKEEPER__VALIDATE_RESPONSES": "true",
        # On a busy machine a slow answer is no fault; a store that is down is.
        "STARWARS__REDIS__TIMEOUT_MS": "10000",
        "STARWARS__DATABASE__BUSY_TIMEOUT_MS": "20000",
        "STARWARS__LOG__FORMAT": "json",
        "STARWARS__LOG__FILTER": "warn",
    }


def redis(port, folder):
    return ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", ""]


def judge(arguments, role, folder, url, environment):
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
    command += ["run", f"{url}/openapi.json", "--checks", "all", "--no-color"]
    command += ["--seed", str(arguments.seed), "--max-examples", str(arguments.examples)]
    told = {
        "JUDGE_ROLE": role,
        "JUDGE_URL": url,
        "JUDGE_FOLDER": str(folder),
        "JUDGE_BINARY": str(arguments.binary),
        "JUDGE_REPORT": str(folder / "report.json"),
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Sets are walked in the order of hashes, and the data that a seed gives must not depend on those.
        "PYTHONHASHSEED": "0",
    }
    with process(command, folder / "schemathesis.log", {**environment, **told}, folder) as schemathesis:
        return schemathesis.wait(MOST_SECONDS)


def tell(arguments, role, folder, code, seconds):
    """One line about a run, after all that there is to say when it failed."""
    report = folder / "report.json"
    seen = json.loads(report.read_text()) if report.exists() else {"statuses": {}, "phases": {}, "errors": []}
    statuses = seen["statuses"]
    served = {name for name, answers in statuses.items() if any(status.startswith("2") for status in answers)}
    faults = seen["errors"]
    if code != 0:
        faults = [(folder / "schemathesis.log").read_text(), *faults]
        # The log blames the contract for what Schemathesis cannot know.
        faults.append("schemathesis: rules that no schema can say are kept by accepted() in tests/schemathesis/values.py")
    # A judge who never gets in judges nothing.
    if role == "admin" and len(served) < len(statuses):
        faults.append(
            f"schemathesis: no 2xx from {', '.join(sorted(set(statuses) - served))}; if they need something that exists, "
            "add them to EXISTING in tests/schemathesis/values.py"
        )
    if not seen["phases"].get("stateful"):
        faults.append("schemathesis: no sequence of requests was tried")
    for fault in faults:
        print(fault)
    print(
        f"schemathesis: {role} on {arguments.store}: {'FAILED' if faults else 'passed'}, seed {arguments.seed}, "
        f"{sum(sum(answers.values()) for answers in statuses.values())} requests, "
        f"{seen['phases'].get('stateful', 0)} of them in sequences, "
        f"2xx from {len(served)} of {len(statuses)} operations, {seconds:.0f} s",
        flush=True,
    )
    return not faults


@contextmanager
def process(command, log, environment, folder=None):
    """A process that writes to `log` and is ended at the latest with the block."""
    with open(log, "wb") as output:
        child = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(what, ask):
    deadline = time.monotonic() + 30
    while True:
        try:
            return ask()
        except (OSError, urllib.error.URLError) as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"schemathesis: {what} does not answer: {error}") from error
            time.sleep(0.05)


if __name__ == "__main__":
    main()
