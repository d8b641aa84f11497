"""Measures the service against bare servers; called by bench.sh. Prints Markdown."""

import json
import os
import platform
import re
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
CONNECTIONS = 64
STARTS = 7
# A server that is asked all it can answer, and less busy than this, was kept from its core.
QUIET = 0.9
# The one serves, the other asks; Redis stands with the one that asks.
SERVER_CORE, LOAD_CORE = "0", "1"
PATH = "/films/v1/"
TICK = os.sysconf("SC_CLK_TCK")


class Bench:
    def __init__(self, service, baseline, folder):
        self.service, self.baseline, self.folder = service, baseline, folder
        self.client = str(Path(baseline).with_name("load"))
        self.running = []
        self.redis_url = f"redis://127.0.0.1:{free_port()}/0"
        self.settings = {
            "STARWARS_PROFILE": "local",
            "STARWARS__DATABASE__URL": f"sqlite://{folder}/bench.db",
            "STARWARS__MAIL__OUTBOX_DIR": f"{folder}/outbox",
            "STARWARS__REDIS__URLS": self.redis_url,
            # The same links, hence the same answer, whatever the port.
            "STARWARS__SERVER__PUBLIC_URL": "http://127.0.0.1:5003",
            "STARWARS__SERVER__WORKERS": "1",
            "STARWARS__TOKENS__SECRETS_FILE": f"{folder}/secrets.toml",
        }
        self.secret = secrets.token_urlsafe(48)
        for kind in ("access", "refresh", "email", "password"):
            value = self.secret if kind == "access" else secrets.token_urlsafe(48)
            self.settings[f"STARWARS__TOKENS__{kind.upper()}__SECRETS"] = value
        self.token = None

    def command(self, *arguments, given=None):
        done = subprocess.run(
            [self.service, *arguments],
            env={**os.environ, **self.settings},
            input=given,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise SystemExit(f"bench: starwars-api {arguments[0]}: {done.stderr.strip()}")
        return done.stdout.strip()

    def spawn(self, name, command, core, settings):
        log = open(self.folder / f"{name}.log", "w")
        process = subprocess.Popen(
            ["taskset", "-c", core, *command],
            env={**os.environ, **settings},
            stdout=log,
            stderr=log,
        )
        self.running.append(process)
        return process

    def start_redis(self):
        port = self.redis_url.split(":")[-1].split("/")[0]
        options = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--dir", str(self.folder)]
        self.spawn("redis", ["redis-server", "--port", port, *options], LOAD_CORE, {})
        wait(lambda: socket.create_connection(("127.0.0.1", int(port)), 1).close())

    def start_service(self, backend, **settings):
        port = free_port()
        process = self.spawn(
            backend,
            [self.service, "serve"],
            SERVER_CORE,
            {
                **self.settings,
                "STARWARS__REVOCATION__BACKEND": backend,
                "STARWARS__SERVER__BIND": f"127.0.0.1:{port}",
                **settings,
            },
        )
        return Server(backend, process, port, self)

    def start_baseline(self, checks, body):
        port = free_port()
        settings = {"BASELINE_SECRET": self.secret, "BASELINE_REDIS_URL": self.redis_url}
        command = [self.baseline, checks, f"127.0.0.1:{port}", str(body)]
        return Server(checks, self.spawn(checks, command, SERVER_CORE, settings), port, self)

    def stop(self):
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(20)


class Server:
    def __init__(self, name, process, port, bench, coding="identity"):
        self.name, self.process, self.bench, self.coding = name, process, bench, coding
        self.address = f"127.0.0.1:{port}"
        self.requests = 0

    def answer(self):
        headers = {"Authorization": f"Bearer {self.bench.token}"}
        request = urllib.request.Request(f"http://{self.address}{PATH}", headers=headers)
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.read()

    def accepting(self, coding):
        """The same server, asked for another coding."""
        return Server(coding, self.process, self.address.partition(":")[2], self.bench, coding)

    def processor_seconds(self):
        # The name, which may hold anything, stands in brackets.
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def resident_mb(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def load(self, seconds, rate=None, connections=CONNECTIONS):
        """One run of the client: requests a second, latencies in ms, processor time of a request in us."""
        command = ["taskset", "-c", LOAD_CORE, self.bench.client, self.address, PATH, "--seconds", str(seconds)]
        command += ["--connections", str(connections), *(["--rate", str(rate)] if rate else [])]
        command += ["-H", f"authorization: Bearer {self.bench.token}", "-H", f"accept-encoding: {self.coding}"]
        before = self.processor_seconds()
        done = subprocess.run(command, capture_output=True, text=True)
        used = self.processor_seconds() - before
        if done.returncode != 0:
            raise SystemExit(f"bench: {self.name}: {done.stderr.strip()}")
        told = json.loads(done.stdout)
        count, refused = told["requests"], told["refused"]
        # A machine with other work may keep Redis waiting for too long now and then; more would be another measurement.
        if refused > count / 1000:
            raise SystemExit(f"bench: {self.name} refused {refused} of {count} requests")
        if refused:
            print(f"bench: {self.name} refused {refused} of {count} requests", file=sys.stderr)
        self.requests += count
        return {**told, "cpu": used / count * 1e6, "busy": used / seconds}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(attempt, seconds=20.0):
    end = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.001)


def start_times(bench):
    """From the start of the process to the answer of a first, authenticated request, in ms."""
    times = []
    for _ in range(STARTS):
        began = time.monotonic()
        server = bench.start_service("embedded")
        wait(server.answer)
        times.append((time.monotonic() - began) * 1000)
        server.process.terminate()
        server.process.wait(20)
        bench.running.remove(server.process)
    return times


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    tell = lambda *command: subprocess.run(command, capture_output=True, text=True).stdout.strip()
    redis = re.search(r"v=([\d.]+)", tell("redis-server", "--version"))
    commit = tell("git", "rev-parse", "--short", "HEAD")
    changed = " and changes" if tell("git", "status", "--porcelain", "--untracked-files=no") else ""
    return (
        f"{os.cpu_count()} cores of {model.group(1) if model else platform.processor()}, "
        f"{platform.system()} {platform.release().split('-')[0]}; {tell('rustc', '--version').split(' (')[0]}, "
        f"Redis {redis.group(1) if redis else '?'}; "
        f"commit {commit}{changed}; load average before {os.getloadavg()[0]:.1f}"
    )


def measure(bench):
    host = machine()
    bench.start_redis()
    email = "bench@example.org"
    bench.command("users", "create", email, "--verified", "--password-stdin", given=secrets.token_urlsafe(24))
    bench.token = bench.command("token", "mint", email, "--kind", "access")
    starts = start_times(bench)

    embedded = bench.start_service("embedded")
    redis = bench.start_service("redis")
    replica = bench.start_service("redis-replica")
    body = wait(embedded.answer)
    for server in (redis, replica):
        if wait(server.answer) != body:
            raise SystemExit("bench: the answers of the revocation stores differ")
    file = bench.folder / "body.json"
    file.write_bytes(body)
    bare = [bench.start_baseline(checks, file) for checks in ("static", "jwt", "jwt-redis")]
    for server in bare:
        if wait(server.answer) != body:
            raise SystemExit(f"bench: the answer of {server.name} differs")
    servers = [bare[0], bare[1], embedded, embedded.accepting("gzip"), replica, bare[2], redis]

    runs = defaultdict(list)
    for server in servers:
        server.load(1)
    early = embedded.resident_mb(), embedded.requests
    for number in range(ROUNDS):
        print(f"bench: round {number + 1} of {ROUNDS}", file=sys.stderr)
        for server in servers:
            runs[server.name].append(server.load(SECONDS))
    late = embedded.resident_mb(), embedded.requests
    middle = lambda name, what: statistics.median(run[what] for run in runs[name])
    print("bench: at half of the peak", file=sys.stderr)
    rates = {server.name: middle(server.name, "rate") / 2 for server in servers}
    half = defaultdict(list)
    for _ in range(ROUNDS):
        for server in servers:
            half[server.name].append(server.load(SECONDS, rates[server.name]))
    report(host, len(body), runs, half, early, late, starts)


def ratio(runs, name, what):
    """Of static, round by round: what disturbs a round disturbs both."""
    pairs = zip(runs[name], runs["static"])
    return statistics.median(run[what] / static[what] for run, static in pairs)


def report(host, length, runs, half, early, late, starts):
    print(f"`GET {PATH}`, an answer of {length:,} bytes; {CONNECTIONS} connections kept alive, one worker on one core, the")
    print(f"client (and Redis) on the other; {ROUNDS} rounds of {SECONDS} s, interleaved; medians.")
    print(f"{host}.\n")
    names = {
        "static": "bare, static bytes, no check",
        "jwt": "bare, JWT check",
        "embedded": "**the service, `embedded`**",
        "gzip": "**the service, `embedded`**, by gzip",
        "redis-replica": "**the service, `redis-replica`**",
        "jwt-redis": "bare, JWT check and Redis",
        "redis": "**the service, `redis`**",
    }
    tail = lambda name: statistics.median(run["p99"] for run in half[name])
    print("| server | requests/s | of static | processor us/request | static's of it | p50 ms | p99 ms | p99 ms at half load |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, shown in names.items():
        middle = lambda what: statistics.median(run[what] for run in runs[name])
        at_half = f"{tail(name):.2f} ({half[name][0]['rate']:,.0f}/s)"
        print(
            f"| {shown} | {middle('rate'):,.0f} | {ratio(runs, name, 'rate'):.2f} | {middle('cpu'):.1f} "
            f"| {1 / ratio(runs, name, 'cpu'):.2f} | {middle('p50'):.2f} | {middle('p99'):.2f} | {at_half} |"
        )
    grown = late[0] - early[0]
    cost = lambda name: ratio(runs, name, "cpu")
    slow = lambda name: statistics.median(run["p99"] / bare["p99"] for run, bare in zip(half[name], half["static"]))
    goals = [
        ("processor time of `embedded`, of static's", cost("embedded"), 1.25, ".2f"),
        ("processor time of `redis-replica`, of static's", cost("redis-replica"), 1.25, ".2f"),
        ("processor time of `redis`, of static's", cost("redis"), 1.6, ".2f"),
        ("processor time by gzip, of static's uncompressed", cost("gzip"), 1.1, ".2f"),
        ("p99 at half of the peak, `embedded`, of static's", slow("embedded"), 2, ".2f"),
        ("p99 at half of the peak, `redis-replica`, of static's", slow("redis-replica"), 2, ".2f"),
        ("p99 at half of the peak, `redis`, of static's", slow("redis"), 2, ".2f"),
        (f"resident after {late[1]:,} requests, MB ({grown:+.1f} since request {early[1]:,})", late[0], 64, ".1f"),
        (f"start to first answer, SQLite, ms (slowest of {STARTS} {max(starts):.0f})", statistics.median(starts), 100, ".0f"),
    ]
    print("\n| what | measured | goal | |\n| --- | ---: | ---: | --- |")
    for what, value, goal, form in goals:
        print(f"| {what} | {value:{form}} | <= {goal:g} | {'met' if value <= goal else 'missed'} |")
    idle = min(statistics.median(run["busy"] for run in runs[name]) for name in runs)
    if idle < QUIET:
        print(
            f"bench: a server had its core for {idle:.0%} of the time only: other work went on. Processor time tells "
            "something all the same; requests per second and latencies are not worth publishing.",
            file=sys.stderr,
        )


def main():
    folder = Path(tempfile.mkdtemp(prefix="starwars-bench."))
    service, baseline = (str(Path(path).resolve()) for path in sys.argv[1:3])
    bench = Bench(service, baseline, folder)
    try:
        measure(bench)
    finally:
        bench.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
