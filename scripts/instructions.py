"""Counts the instructions of a request, by kind; called by bench-instructions.sh. Prints Markdown.

Each server runs under callgrind, with one worker. What its worker thread executes while it answers a number of requests,
one after the other over one connection, is divided by their number: no clock is in it, and neither the kernel nor other
threads. Callgrind has no SHA instructions, so a signature costs far more in it than on most processors; the second figure
leaves the compression function of SHA-256 out.

To what runs in it, every x86-64 processor with AVX2 is one and the same of Intel's, whose caches have one size: what asks the
processor which code to take (libc, memchr, httparse, sha2) takes the same on all of them. So figures depend on what the first
line of the kept ones names, and on no machine. Where that differs, only what doubles is found.
"""

import argparse
import base64
import hashlib
import hmac
import itertools
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

from bench import Bench, free_port, wait

# The same work differs by a percent or two, with where its memory happens to lie; so the least of some counts is taken.
WARM, COUNTED, COUNTS = 100, 333, 3
# A kind that grows by more fails; the second is that of other tools than the kept figures are of.
TOLERANCE, COARSE = 0.02, 1.0
# A line of a profile: a position, which may be relative, and what was executed there.
COST = re.compile(r"[-+*\d]\d* \d+$")
# Only the thread of a worker runs this.
WORKER = "actix_http::h1::dispatcher"
HASH = re.compile(r"sha2|sha256", re.IGNORECASE)
EMAIL, PASSWORD = "bench@example.org", "womp-rats-in-my-T16-and-more"
# The least that argon2 takes. The hash is computed by another thread, so this only saves time.
CHEAP_HASH = {"MEMORY_KIB": "8", "ITERATIONS": "1", "THREADS": "1"}
MOST = "1000000"
# Callgrind counts `rep movsb` once for each byte, which would be half of a long answer; so memory is copied by vectors.
BY_WORDS = "glibc.cpu.x86_rep_movsb_threshold=1073741824:glibc.cpu.x86_rep_stosb_threshold=1073741824"


class Connection:
    """One connection, kept alive: a request, its whole answer, the next request."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request):
        self.socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.more()
        head, _, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        while len(body) < (int(length.group(1)) if length else 0):
            body += self.more()
        return int(head.split()[1]), body

    def more(self):
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise SystemExit("bench-instructions: the server closed the connection")
        return piece


def request(target, *headers, method="GET", body=None):
    lines = [f"{method} {target} HTTP/1.1", "host: 127.0.0.1:5003", "user-agent: instructions", "accept: */*", *headers]
    if body is not None:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + (body or "")).encode()


class Counted:
    """A server under callgrind."""

    def __init__(self, name, command, settings, folder):
        self.name, self.folder, self.parts = name, folder, 0
        self.out = folder / f"{name}.callgrind"
        log = open(folder / f"{name}.log", "w")
        tool = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--separate-threads=yes"]
        tool += [f"--callgrind-out-file={self.out}", f"--vgdb-prefix={folder}/vgdb"]
        environment = {**os.environ, **settings, "GLIBC_TUNABLES": BY_WORDS}
        self.process = subprocess.Popen([*tool, *command], env=environment, stdout=log, stderr=log)

    def control(self, *what):
        command = ["vgdb", f"--vgdb-prefix={self.folder}/vgdb", f"--pid={self.process.pid}", "--wait=60", *what]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"bench-instructions: vgdb {what}: {done.stderr.strip()}")

    def connect(self, port):
        self.connection = wait(lambda: Connection(port), 120)

    def count(self, asked, status):
        """The instructions of a request: all, and those without SHA-256."""
        requests = itertools.cycle(asked if isinstance(asked, list) else [asked])
        for _ in range(WARM):
            self.answered(next(requests), status)
        return min(self.count_once(requests, status) for _ in range(COUNTS))

    def count_once(self, requests, status):
        self.control("zero")
        for _ in range(COUNTED):
            self.answered(next(requests), status)
        self.control("dump")
        self.parts += 1
        threads = [file.read_text() for file in self.folder.glob(f"{self.out.name}.{self.parts}-*")]
        total, hashed = max(costs(profile) for profile in threads if WORKER in profile)
        return total / COUNTED, (total - hashed) / COUNTED

    def answered(self, asked, status):
        got, body = self.connection.ask(asked)
        if got != status:
            raise SystemExit(f"bench-instructions: {self.name}: {got} in place of {status}: {body[:300]}")
        return body

    def stop(self):
        self.process.terminate()
        self.process.wait(120)


def costs(profile):
    """All instructions of a thread, and those of SHA-256 itself, from a profile of callgrind."""
    total, hashed, names, called, of_hash = 0, 0, {}, False, False
    for line in profile.splitlines():
        if line.startswith("fn="):
            number, _, name = line[3:].partition(" ")
            of_hash = bool(HASH.search(names.setdefault(number, name)))
        elif line.startswith("cfn="):
            number, _, name = line[4:].partition(" ")
            names.setdefault(number, name)
        elif line.startswith("calls="):
            called = True
        elif COST.match(line):
            if not called:
                cost = int(line.split()[1])
                total += cost
                hashed += cost if of_hash else 0
            called = False
    return total, hashed


def kinds(bench):
    """The requests by name, each with the status that it is answered."""
    bearer = lambda token: f"authorization: Bearer {token}"
    token = bearer(bench.token)
    login = json.dumps({"email": EMAIL, "password": PASSWORD, "replace_session": False})
    lists = "/films/v1/?"
    others = [changed(bench.token, bench.secret, jti=str(uuid.uuid4())) for _ in range(WARM + COUNTED * COUNTS)]
    return {
        "a list": (request("/films/v1/", token), 200),
        "a list, for a token not seen before": ([request("/films/v1/", bearer(other)) for other in others], 200),
        "a list with options": (request(f"{lists}options[characters]=false&options[planets]=false", token), 200),
        "a list, filtered": (request(f"{lists}search=hope&filters=episode_id:lte:4&sort_by=title", token), 200),
        "one film, held already": (request("/films/v1/1", token, f"if-none-match: {bench.etag}"), 304),
        "the caller's record": (request("/users/v1/me", token), 200),
        "a login, without its hash": (request("/users/v1/login", method="POST", body=login), 409),
        "refused: no token": (request("/films/v1/"), 401),
        "refused: an expired token": (request("/films/v1/", bearer(bench.expired)), 401),
        "refused: three violations": (request(f"{lists}page=0&page_size=0&sort_order=up", token), 400),
        "refused: no such path": (request("/film/v1/", token), 404),
    }


def changed(token, secret, **claims):
    """The same token with other claims, signed anew."""
    head, payload, _ = token.split(".")
    encoded = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    claims = json.loads(base64.urlsafe_b64decode(payload + "==")) | claims
    text = f"{head}.{encoded(json.dumps(claims, separators=(',', ':')).encode())}"
    return f"{text}.{encoded(hmac.digest(secret.encode(), text.encode(), hashlib.sha256))}"


class Instructions(Bench):
    def __init__(self, service, baseline, folder):
        super().__init__(service, baseline, folder)
        rates = {"LIMITS__OPERATIONS__GET_ME__REQUESTS": MOST, "LIMITS__OPERATIONS__LOGIN__REQUESTS": MOST}
        hashes = {f"PASSWORDS__{key}": value for key, value in CHEAP_HASH.items()}
        self.settings |= {f"STARWARS__{key}": value for key, value in (rates | hashes).items()}
        self.command("users", "create", EMAIL, "--verified", "--password-stdin", given=PASSWORD)

    def counted(self, name, command, port, **settings):
        server = Counted(name, command, {**self.settings, **settings}, self.folder)
        self.running.append(server.process)
        server.connect(port)
        return server

    def of_service(self):
        port = free_port()
        server = self.counted("service", [self.service, "serve"], port, STARWARS__SERVER__BIND=f"127.0.0.1:{port}")
        login = json.dumps({"email": EMAIL, "password": PASSWORD})
        pair = json.loads(server.answered(request("/users/v1/login", method="POST", body=login), 200))
        self.token = pair["token"]
        self.expired = changed(self.token, self.secret, iat=1_700_000_000, nbf=1_700_000_000, exp=1_700_003_600)
        film = request("/films/v1/1", f"authorization: Bearer {self.token}")
        server.connection.socket.sendall(film)
        self.etag = re.search(rb"(?i)etag: (\S+)", server.connection.more()).group(1).decode()
        self.body = server.answered(request("/films/v1/", f"authorization: Bearer {self.token}"), 200)
        server.control("instrumentation on")
        found = {name: server.count(*kind) for name, kind in kinds(self).items()}
        server.stop()
        return found

    def of_baseline(self, checks):
        port = free_port()
        file = self.folder / "body.json"
        file.write_bytes(self.body)
        secret = {"BASELINE_SECRET": self.secret}
        server = self.counted(checks, [self.baseline, checks, f"127.0.0.1:{port}", str(file)], port, **secret)
        server.control("instrumentation on")
        found = server.count(request("/films/v1/", f"authorization: Bearer {self.token}"), 200)
        server.stop()
        return found


def tools():
    """What the figures depend on besides the sources."""
    tell = lambda *command: subprocess.run(command, capture_output=True, text=True).stdout
    processor = f"{platform.machine()} with AVX2" if "avx2" in Path("/proc/cpuinfo").read_text() else platform.machine()
    rustc = re.search(r"rustc [\d.]+", tell("rustc", "--version"))
    return f"{processor}, {' '.join(platform.libc_ver())}, {tell('valgrind', '--version').strip()}, {rustc.group()}"


def read(file):
    """The tools and the figures that are kept."""
    made_by, _, *lines = file.read_text().splitlines() if file.exists() else ("", "")
    figures = (line.split("\t") for line in lines)
    return made_by, {name: (int(total), int(rest)) for name, total, rest in figures}


def write(file, found):
    lines = [tools(), "request\tinstructions\twithout SHA-256"]
    lines += [f"{name}\t{total:.0f}\t{rest:.0f}" for name, (total, rest) in found.items()]
    file.write_text("\n".join(lines) + "\n")


def report(found, kept, tolerance):
    static = found["bare, static bytes"]
    print("| request | instructions | without SHA-256 | of static | since the baseline |")
    print("| --- | ---: | ---: | ---: | ---: |")
    grown = []
    for name, (total, rest) in found.items():
        change = total / kept[name][0] - 1 if name in kept else 0
        shown = f"{change:+.1%}" if name in kept else "new"
        print(f"| {name} | {total:,.0f} | {rest:,.0f} | {rest / static[1]:.2f} | {shown} |")
        if change > tolerance or name not in kept:
            grown.append(f"{name} ({shown})")
    return grown


def main():
    parser = argparse.ArgumentParser(prog="make bench-instructions")
    parser.add_argument("service")
    parser.add_argument("baseline")
    parser.add_argument("kept", type=Path, help="what was counted before")
    parser.add_argument("--update", action="store_true", help="keep what is counted now")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="starwars-instructions."))
    bench = Instructions(str(Path(arguments.service).resolve()), str(Path(arguments.baseline).resolve()), folder)
    try:
        of_service = bench.of_service()
        bare = {"bare, static bytes": "static", "bare, JWT check": "jwt"}
        found = {name: bench.of_baseline(checks) for name, checks in bare.items()} | of_service
    finally:
        bench.stop()
        shutil.rmtree(folder)
    made_by, kept = read(arguments.kept)
    tolerance = TOLERANCE if made_by == tools() else COARSE
    grown = report(found, kept, tolerance)
    if arguments.update:
        write(arguments.kept, found)
        return
    if tolerance is COARSE:
        print(f"bench-instructions: kept figures are of {made_by}, these of {tools()}", file=sys.stderr)
    if grown:
        raise SystemExit(
            f"bench-instructions: more than {tolerance:.0%} above {arguments.kept}: {'; '.join(grown)}. "
            "Find the reason by `callgrind_annotate`, or keep the new figures: make bench-instructions ARGS=--update"
        )


if __name__ == "__main__":
    main()
