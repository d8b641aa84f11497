"""Three instances under mixed traffic and random faults: `make soak MINUTES=n`, SEED=n repeats the choices."""

import argparse
import pathlib
import random
import re
import secrets
import shutil
import sys
import tempfile
import threading
import time

import faults
from fleet import Fleet, status, wait_for
from traffic import PASSWORD, STALENESS, Admin, Client, Ledger, Member, Outbox, Thief

MEMBERS, ADMINS, THIEVES = 6, 2, 2
# Seconds between two faults.
PAUSE = (2, 6)
# How many revoked tokens are tried on each instance at the end; those before, on one.
EVERYWHERE = 3000
# Growth that is no leak: what an allocator keeps, and connections of pools.
MEMORY, DESCRIPTORS = 48 * 1024 * 1024, 20


class Run:
    def __init__(self, fleet, minutes, seed):
        self.fleet, self.seed, self.seconds = fleet, seed, minutes * 60
        self.ledger, self.stop, self.began = Ledger(), threading.Event(), time.monotonic()
        self.outbox, self.faults = Outbox(fleet.outbox), 0

    def say(self, text):
        print(f"[{time.monotonic() - self.began:6.1f} s] {text}", flush=True)

    def loop(self, client):
        while not self.stop.is_set():
            try:
                client.step()
            except Exception as error:  # A client that ends silently would prove nothing.
                self.ledger.violation(f"{type(client).__name__} failed: {error!r}")
                return
            time.sleep(client.random.uniform(0, 0.03))

    def clients(self):
        port = self.fleet.front
        admins = []
        for number in range(ADMINS):
            email = f"mothma{number}@rebels.example"
            self.fleet.run(
                "users", "create", email, "--role", "admin", "--verified", "--password-stdin", text=PASSWORD
            )
            admins.append(Admin(self.ledger, port, f"{self.seed}-{number}", email))
        members = [Member(self.ledger, port, f"{self.seed}-{number}", self.outbox) for number in range(MEMBERS)]
        thieves = [Thief(self.ledger, port, f"{self.seed}-t{number}", self.fleet.ports) for number in range(THIEVES)]
        return [*admins, *members, *thieves]

    def traffic(self):
        threads = [threading.Thread(target=self.loop, args=[client]) for client in self.everybody]
        for thread in threads:
            thread.start()
        return threads

    def resources(self):
        return [(instance.memory(), instance.descriptors()) for instance in self.fleet.instances]

    def progress(self):
        done = ", ".join(f"{count} {what}" for what, count in sorted(self.ledger.done.items()))
        statuses = ", ".join(f"{count} x {code or 'no answer'}" for code, count in sorted(self.ledger.statuses.items()))
        self.say(f"{done}; answers: {statuses}; {len(self.ledger.violations)} violations")

    def run(self):
        self.say(f"seed {self.seed}; files in {self.fleet.folder}")
        self.fleet.start()
        self.everybody = self.clients()
        threads = self.traffic()
        time.sleep(min(10, self.seconds / 4))
        before = self.resources()
        self.say("warm: " + ", ".join(f"{memory >> 20} MB and {files} files" for memory, files in before))
        choices, end = random.Random(self.seed), self.began + self.seconds
        told = time.monotonic()
        while time.monotonic() < end:
            name, happen = faults.chosen(choices, self.fleet, time.sleep)
            happen()
            since = time.monotonic()
            wait_for("the service", lambda: status(f"http://127.0.0.1:{self.fleet.front}/readyz") == 200)
            self.fleet.wait_until_ready()
            self.faults += 1
            self.say(f"{name}; all ready after {time.monotonic() - since:.1f} s")
            if time.monotonic() - told > 30:
                told = time.monotonic()
                self.progress()
            time.sleep(choices.uniform(*PAUSE))
        time.sleep(5)
        self.stop.set()
        for thread in threads:
            thread.join()
        self.check(before)
        self.progress()
        self.say(f"{self.faults} faults, {len(self.ledger.violations)} violations; seed {self.seed}")
        return 1 if self.ledger.violations else 0

    def check(self, before):
        """Holds what is there to what was promised."""
        ledger, fleet = self.ledger, self.fleet
        stored = fleet.run("subscribers", "export")
        for address in ledger.added:
            here = f"{address}\n" in stored or f"{address}\r\n" in stored or f"{address}," in stored
            if not here and address not in ledger.tried_to_remove:
                ledger.violation(f"the subscriber {address} is lost")
            if here and address in ledger.removed:
                ledger.violation(f"the subscriber {address} is back")
        accounts = dict(
            line.split("|") for line in fleet.sql("select email, email_verified_at is not null from users").splitlines()
        )
        for address in ledger.signed_up - accounts.keys():
            ledger.violation(f"the account {address} is lost")
        for address in ledger.verified:
            if accounts.get(address) != "t":
                ledger.violation(f"the address {address} is not verified")
        client = Client(ledger, fleet.front, f"{self.seed}-end")
        time.sleep(STALENESS)
        last = len(ledger.revoked) - EVERYWHERE
        for number, port in enumerate(fleet.ports):
            for place, (_, token) in enumerate(ledger.revoked):
                if place < last and place % len(fleet.ports) != number:
                    continue
                # A service that has all its parts answers.
                if client.ask("GET", "/films/v1/", token, expected=(401,), port=port)[0] != 401:
                    ledger.violation(f"a revoked token was not refused on port {port}")
            for member in self.everybody:
                if isinstance(member, Member) and member.access:
                    if client.ask("GET", "/films/v1/", member.access, port=port)[0] != 200:
                        ledger.violation(f"a live session of {member.email} is refused on port {port}")
        self.say(
            f"held to what is stored: {len(ledger.added)} subscribers, {len(ledger.signed_up)} accounts, "
            f"{len(ledger.revoked)} revoked tokens, the last {EVERYWHERE} on each instance"
        )
        time.sleep(8)
        after = self.resources()
        for number, ((memory, files), (memory_now, files_now)) in enumerate(zip(before, after), 1):
            self.say(f"app{number}: {memory_now >> 20} MB (warm {memory >> 20}), {files_now} files (warm {files})")
            if memory_now > memory + MEMORY:
                ledger.violation(f"app{number} grew from {memory >> 20} to {memory_now >> 20} MB")
            if files_now > files + DESCRIPTORS:
                ledger.violation(f"app{number} has {files_now} files open, {files} when it was warm")
        busy = fleet.sql(
            "select count(*) from pg_stat_activity where backend_type = 'client backend' "
            "and state <> 'idle' and pid <> pg_backend_pid() "
            # Instances look for revocations every second.
            "and state_change < clock_timestamp() - interval '2 seconds'"
        )
        if busy != "0":
            ledger.violation(f"{busy} connections to PostgreSQL are in the middle of something")
        for instance in fleet.instances:
            log = (fleet.folder / f"{instance.name}.log").read_text(errors="replace")
            for line in re.findall(r".*panicked.*", log):
                ledger.violation(f"{instance.name}: {line[:300]}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--binary", required=True)
    arguments.add_argument("--minutes", type=float, default=2)
    arguments.add_argument("--seed", default=None)
    options = arguments.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="starwars-soak-"))
    fleet = Fleet(folder, options.binary)
    failed = 1
    try:
        failed = Run(fleet, options.minutes, options.seed or secrets.token_hex(4)).run()
    finally:
        fleet.end()
        if failed:
            print(f"the logs are in {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder)
    return failed


if __name__ == "__main__":
    sys.exit(main())
