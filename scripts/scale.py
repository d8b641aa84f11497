"""Measures how the cost of a request grows; called by bench-scale.sh. Prints Markdown.

Rows are written by SQL while no service runs. A list is asked for over one connection, so that its latency is that of a
request alone; the processor time is that of the service, and beside it that of all processes of PostgreSQL.
"""

import glob
import os
import re
import secrets
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import TICK, Bench, free_port, machine, wait
from instructions import Connection, request

SECONDS = int(os.environ.get("BENCH_SECONDS", "3"))
# Requests of a kind, however slow.
LEAST = 5
FEW, MANY = 1_000, 100_000
EVENTS, REVOKED = 1_000_000, 1_000_000
PAGE = 20
ADMIN = "bench@example.org"
# Most of the events are its; the rest are those of others, ten for each.
BUSY = 100_000


def say(text):
    print(f"bench-scale: {text}", file=sys.stderr, flush=True)


class Sqlite:
    name = "SQLite"

    def __init__(self, folder):
        self.file = folder / "scale.db"
        self.url = f"sqlite://{self.file}"

    def run(self, *statements):
        with sqlite3.connect(self.file, isolation_level=None) as database:
            database.execute("PRAGMA synchronous = OFF")
            database.execute("BEGIN")
            for statement in statements:
                database.execute(statement)
            database.execute("COMMIT")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def numbers(self, count):
        return f"WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {count})"

    random_id = "randomblob(16)"

    def id(self, number):
        return f"CAST(printf('%016d', {number}) AS BLOB)"

    def moment(self, seconds):
        return f"strftime('%Y-%m-%d %H:%M:%f000+00:00', {seconds}, 'unixepoch')"

    def processor_seconds(self):
        return 0.0

    def stop(self):
        pass


class Postgres:
    name = "PostgreSQL"

    def __init__(self, folder):
        self.folder, self.port = folder / "postgres", free_port()
        self.folder.mkdir()
        self.programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.user = {}
        if os.getuid() == 0:
            # It does not run as root.
            for place in (folder.parent, folder):
                place.chmod(0o711)
            shutil.chown(self.folder, "postgres", "postgres")
            self.user = {"user": "postgres", "group": "postgres", "cwd": "/"}
        options = ["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--locale=C"]
        self.program("initdb", "-D", str(self.folder), *options)
        settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "shared_buffers=512MB"]
        command = [f"{self.programs}/postgres", "-D", str(self.folder), "-p", str(self.port)]
        command += [word for setting in settings for word in ("-c", setting)]
        log = open(folder / "postgres.log", "w")
        self.process = subprocess.Popen(command, stdout=log, stderr=log, **self.user)
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        end = time.monotonic() + 20
        while subprocess.run([f"{self.programs}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode:
            if time.monotonic() > end:
                raise SystemExit("bench-scale: PostgreSQL does not start")
            time.sleep(0.05)

    def program(self, name, *arguments, given=None):
        command = [f"{self.programs}/{name}", *arguments]
        done = subprocess.run(command, input=given, capture_output=True, text=True, **self.user)
        if done.returncode != 0:
            raise SystemExit(f"bench-scale: {name}: {done.stderr.strip()}")

    def run(self, *statements):
        script = ";".join(["BEGIN", *statements, "COMMIT", "VACUUM ANALYZE", "CHECKPOINT", ""])
        self.program("psql", "-q", "-v", "ON_ERROR_STOP=1", self.url, given=script)

    def numbers(self, count):
        return f"WITH numbers (i) AS (SELECT generate_series(1, {count}))"

    random_id = "gen_random_uuid()"

    def id(self, number):
        return f"encode(convert_to(lpad(({number})::text, 16, '0'), 'UTF8'), 'hex')::uuid"

    def moment(self, seconds):
        return f"to_timestamp({seconds})"

    def processor_seconds(self):
        """Of the server, its processes, and those that have ended."""
        ticks = 0
        for stat in glob.glob("/proc/[0-9]*/stat"):
            try:
                name, _, rest = Path(stat).read_text().rpartition(")")
            except OSError:
                continue
            fields = rest.split()
            mine = int(name.split()[0]) == self.process.pid
            if mine or int(fields[1]) == self.process.pid:
                ticks += int(fields[11]) + int(fields[12])
                ticks += int(fields[13]) + int(fields[14]) if mine else 0
        return ticks / TICK

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


class Scale(Bench):
    """A service on a database."""

    def __init__(self, service, baseline, folder, database):
        super().__init__(service, baseline, folder)
        self.database = database
        more = {"DATABASE__URL": database.url, "LIMITS__ENABLED": "false"}
        self.settings |= {f"STARWARS__{name}": value for name, value in more.items()}
        self.command("users", "create", ADMIN, "--role", "admin", "--verified", "--password-stdin", given=secrets.token_urlsafe(24))
        self.token = self.command("token", "mint", ADMIN, "--kind", "access")

    def fill(self, table, count, **columns):
        """Empties the table but for what the service needs, and writes so many rows."""
        keep = f" WHERE email <> '{ADMIN}'" if table == "users" else ""
        names, values = ", ".join(columns), ", ".join(columns.values())
        one = ", (SELECT * FROM users LIMIT 1) AS one" if table == "users" else ""
        rows = f"{self.database.numbers(count)} SELECT {values} FROM numbers{one}"
        self.database.run(f"DELETE FROM {table}{keep}", f"INSERT INTO {table} ({names}) {rows}")

    def users(self, count):
        same = ["password_hash", "access_role", "email_verified_at", "version", "updated_at"]
        self.fill(
            "users",
            count,
            id=self.database.random_id,
            email="'pilot' || i || '@rebels.example'",
            created_at=self.database.moment("1600000000 + i"),
            **{name: f"one.{name}" for name in same},
        )

    def subscribers(self, count):
        email = "'fan' || i || '@rebels.example'"
        self.fill("subscribers", count, id=self.database.id("i"), full_name="'Fan ' || i", email=email)

    def events(self, count, busy):
        """Events of one account, and those of others, ten for each, in the order of time."""
        every = max(1, count // busy)
        owner = f"CASE WHEN i % {every} = 0 THEN {self.database.id(0)} ELSE {self.database.id('i % ' + str(count // 10) + ' + 1')} END"
        moment = self.database.moment("1800000000 + i / 100")
        self.fill("events", count, id=self.database.id("i"), happened_at=moment, kind="'logged-in'", user_id=owner)

    def revocations(self, count):
        begin, end = (self.database.moment(seconds) for seconds in (1_600_000_000, 2_100_000_000))
        published = "1" if isinstance(self.database, Sqlite) else "true"
        rows = {"expires_at": end, "revoked_at": begin, "published": published}
        self.fill("revocations", count, id=self.database.random_id, **rows)

    def serve(self, backend="embedded", core="0", **settings):
        """Starts the service, and returns it with the milliseconds to the first answer."""
        settings = {f"STARWARS__{name}": value for name, value in settings.items()}
        began = time.monotonic()
        server = self.start_service(backend, **settings)
        if core != "0":
            subprocess.run(["taskset", "-a", "-c", "-p", core, str(server.process.pid)], check=True, capture_output=True)
        wait(server.answer, 180)
        return server, (time.monotonic() - began) * 1000

    def end(self, server):
        server.process.terminate()
        server.process.wait(60)
        self.running.remove(server.process)

    def ask(self, server, target):
        """The same of one request after the other, with the processor time of the database."""
        connection = Connection(int(server.address.partition(":")[2]))
        asked = request(target, f"authorization: Bearer {self.token}")
        times = []
        before = server.processor_seconds(), self.database.processor_seconds()
        began = time.monotonic()
        while len(times) < LEAST or time.monotonic() - began < SECONDS:
            sent = time.monotonic()
            status, body = connection.ask(asked)
            times.append(time.monotonic() - sent)
            if status != 200:
                raise SystemExit(f"bench-scale: {target}: {status}: {body[:300]}")
        after = server.processor_seconds(), self.database.processor_seconds()
        cpu, sql = ((late - early) / len(times) * 1e6 for late, early in zip(after, before))
        return {"p50": statistics.median(times) * 1e3, "cpu": cpu, "sql": sql}


def lists(count):
    """The requests by name; `count` is that of users and of subscribers."""
    last = count // PAGE
    page = lambda path, number, more="": f"{path}?page={number}&page_size={PAGE}{more}"
    busy, other = ("/users/v1/" + "-".join(found.groups()) + "/events" for found in map(uuid_of, (0, 5)))
    return {
        "users, first page": page("/users/v1/", 1),
        "users, middle page": page("/users/v1/", last // 2),
        "users, last page": page("/users/v1/", last),
        "users, one by address": page("/users/v1/", 1, f"&search=pilot{count}"),
        "users, the suspended": page("/users/v1/", 1, "&disabled=true"),
        "subscribers, first page": page("/subscribers/v1/", 1),
        "subscribers, middle page": page("/subscribers/v1/", last // 2),
        "subscribers, last page": page("/subscribers/v1/", last),
        "events of an account with 10": page(other, 1),
        "events of the busiest, first page": page(busy, 1),
        "events of the busiest, last page": page(busy, min(count, BUSY) // PAGE),
    }


def uuid_of(number):
    return re.fullmatch("(.{8})(.{4})(.{4})(.{4})(.{12})", f"{number:016d}".encode().hex())


def measure_lists(bench, database):
    found = {}
    for count in (FEW, MANY):
        say(f"{database.name}: lists of {count:,}")
        bench.users(count)
        bench.subscribers(count)
        bench.events(10 * count, min(count, BUSY))
        server, _ = bench.serve()
        for name, target in lists(count).items():
            found.setdefault(name, []).append(bench.ask(server, target))
        bench.end(server)
    print(f"\n{database.name}: pages of {PAGE} of {FEW:,} and of {MANY:,} users and subscribers, and of {10 * FEW:,} and {10 * MANY:,}")
    print(f"events, of which {FEW:,} and {BUSY:,} are of one account; one request at a time:\n")
    of_sql = isinstance(database, Postgres)
    print(f"| request | us | {'us in PostgreSQL | ' * of_sql}p50 ms | us, {MANY // FEW} times the rows | {'us in PostgreSQL | ' * of_sql}p50 ms |")
    print("| --- |" + " ---: |" * (6 if of_sql else 4))
    for name, (few, many) in found.items():
        cells = [f"{run['cpu']:,.0f} | {run['sql']:,.0f} | {run['p50']:.2f}" if of_sql else f"{run['cpu']:,.0f} | {run['p50']:.2f}" for run in (few, many)]
        print(f"| {name} | {' | '.join(cells)} |")


def measure_revoked(bench):
    say(f"{bench.database.name}: none and {REVOKED:,} revoked tokens")
    rows = []
    for count in (0, REVOKED):
        bench.revocations(count)
        for backend in ("embedded", "redis", "redis-replica"):
            redis = backend != "embedded"
            if redis:
                bench.redis_url = bench.settings["STARWARS__REDIS__URLS"] = f"redis://127.0.0.1:{free_port()}/0"
                bench.start_redis()
                # It fills Redis, which keeps that for the start that is measured.
                server, _ = bench.serve(backend)
                wait_until_settled(server)
                bench.end(server)
            server, started = bench.serve(backend)
            busy = server.processor_seconds()
            wait_until_settled(server)
            run = server.load(SECONDS)
            rows.append((backend, count, started, busy, server.resident_mb(), run))
            bench.end(server)
            if redis:
                process = bench.running.pop()
                process.terminate()
                process.wait(20)
    print(f"\nRevoked tokens on {bench.database.name}, `GET /films/v1/`, 64 connections, one worker:\n")
    print("| `revocation.backend` | revoked | start to first answer, ms | its processor time, s | resident, MB | us a request | p50 ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for backend, count, started, busy, resident, run in sorted(rows, key=lambda row: row[0]):
        print(f"| `{backend}` | {count:,} | {started:,.0f} | {busy:.2f} | {resident:.0f} | {run['cpu']:.1f} | {run['p50']:.2f} |")


def wait_until_settled(server):
    """Until it does no more work in the background, such as filling Redis."""
    quiet, end = 0, time.monotonic() + 120
    while quiet < 3 and time.monotonic() < end:
        before = server.processor_seconds()
        time.sleep(0.5)
        quiet = quiet + 1 if server.processor_seconds() - before < 0.05 else 0


def measure_connections(bench):
    print("\n`GET /films/v1/`; one worker has a core, two have both, one of them with the client:\n")
    print("| server | workers | connections | requests/s | us a request | p50 ms | resident, MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    bench.revocations(0)
    for workers, core in (("1", "0"), ("2", "0,1")):
        server, _ = bench.serve(core=core, SERVER__WORKERS=workers)
        servers = {"the service, `embedded`": server}
        if workers == "1":
            body = bench.folder / "body.json"
            body.write_bytes(server.answer())
            servers["bare, JWT check"] = bench.start_baseline("jwt", body)
            wait(servers["bare, JWT check"].answer)
        for name, server in servers.items():
            for connections in (64, 2048):
                say(f"{name}, {workers} workers, {connections} connections")
                run = server.load(SECONDS, connections=connections)
                print(
                    f"| {name} | {workers} | {connections:,} | {run['rate']:,.0f} | {run['cpu']:.1f} | {run['p50']:.2f} "
                    f"| {server.resident_mb():.0f} |"
                )
            bench.end(server)


def main():
    folder = Path(tempfile.mkdtemp(prefix="starwars-scale."))
    service, baseline = (str(Path(path).resolve()) for path in sys.argv[1:3])
    stopped = []
    try:
        print(f"{machine()}.")
        for kind in (Sqlite, Postgres):
            place = folder / kind.name
            place.mkdir()
            database = kind(place)
            stopped.append(database)
            bench = Scale(service, baseline, place, database)
            stopped.append(bench)
            measure_lists(bench, database)
            measure_revoked(bench)
            if kind is Sqlite:
                measure_connections(bench)
    finally:
        for what in reversed(stopped):
            what.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
