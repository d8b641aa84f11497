"""Measures the service beside FastAPI, Fastify and connexion; called by bench-peers.sh. Prints Markdown."""

import json
import secrets
import shutil
import statistics
import sys
import tempfile
from base64 import urlsafe_b64decode
from collections import defaultdict
from pathlib import Path

from bench import CONNECTIONS, PATH, ROUNDS, SECONDS, SERVER_CORE, Bench, Server, free_port, machine, wait

SOURCES = Path("benches/peers").resolve()


def uvicorn(folder, application):
    options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    return [f"{folder}/venv/bin/uvicorn", f"{application}:app", "--app-dir", str(SOURCES), *options]


def peers(folder):
    """Name, command without its port, and variables of each."""
    return [
        ("Fastify", ["node", f"{folder}/fastify.js"], {}),
        ("FastAPI, uvicorn", uvicorn(folder, "films_fastapi"), {}),
        ("connexion `AsyncApp`, uvicorn", uvicorn(folder, "films_connexion"), {"PEER_KIND": "async"}),
        ("connexion `FlaskApp`, uvicorn", uvicorn(folder, "films_connexion"), {"PEER_KIND": "flask"}),
    ]


def start(bench, name, command, variables, issuer, file, redis):
    port = free_port()
    if "--app-dir" in command:
        command = [*command, "--port", str(port)]
    settings = {
        "PEER_FILMS": str(file),
        "PEER_SECRET": bench.secret,
        "PEER_ISSUER": issuer,
        "PEER_PORT": str(port),
        "NODE_ENV": "production",
        **({"PEER_REDIS_URL": bench.redis_url} if redis else {}),
        **variables,
    }
    log = f"peer-{port}"
    return Server(name, bench.spawn(log, command, SERVER_CORE, settings), port, bench)


def issuer_of(token):
    claims = token.split(".")[1]
    return json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["iss"]


def measure(bench, folder):
    host = machine()
    bench.start_redis()
    email = "bench@example.org"
    bench.command("users", "create", email, "--verified", "--password-stdin", given=secrets.token_urlsafe(24))
    bench.token = bench.command("token", "mint", email, "--kind", "access")
    issuer = issuer_of(bench.token)
    rows = {}
    for title, backend, checks, redis in (
        ("the token is verified", "embedded", "jwt", False),
        ("the token is verified, and its id looked up in Redis", "redis", "jwt-redis", True),
    ):
        service = bench.start_service(backend)
        body = wait(service.answer)
        file = bench.folder / "body.json"
        file.write_bytes(body)
        servers = [("**the service**", service), ("bare actix-web, the same checks, static bytes", bench.start_baseline(checks, file))]
        servers += [
            (name, start(bench, name, command, variables, issuer, file, redis))
            for name, command, variables in peers(folder)
        ]
        for name, server in servers:
            if json.loads(wait(server.answer, 60)) != json.loads(body):
                raise SystemExit(f"bench-peers: the answer of {name} differs")
        runs = defaultdict(list)
        for name, server in servers:
            server.load(1)
        for number in range(ROUNDS):
            print(f"bench-peers: {title}, round {number + 1} of {ROUNDS}", file=sys.stderr)
            for name, server in servers:
                runs[name].append(server.load(SECONDS))
        rows[title] = {
            name: {what: statistics.median(run[what] for run in of) for what in ("rate", "cpu", "p99")}
            for name, of in runs.items()
        }
        for _, server in servers:
            server.process.terminate()
            server.process.wait(20)
            bench.running.remove(server.process)
    report(host, len(body), rows)


def report(host, length, rows):
    print(f"`GET {PATH}`, {length:,} bytes of JSON; {CONNECTIONS} connections kept alive, one worker on one core, the client (and")
    print(f"Redis) on the other; {ROUNDS} rounds of {SECONDS} s, interleaved; medians.")
    print(f"{host}.")
    for title, servers in rows.items():
        ours = servers["**the service**"]
        print(f"\n| {title} | requests/s | processor us/request | of the service's | p99 ms |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for name, told in servers.items():
            ratio = told["cpu"] / ours["cpu"]
            print(f"| {name} | {told['rate']:,.0f} | {told['cpu']:,.1f} | {ratio:.1f} | {told['p99']:.1f} |")


def main():
    folder = Path(tempfile.mkdtemp(prefix="starwars-peers."))
    service, baseline, installed = (str(Path(path).resolve()) for path in sys.argv[1:4])
    bench = Bench(service, baseline, folder)
    try:
        measure(bench, installed)
    finally:
        bench.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
