"""Clients, and what they were told: everything that was acknowledged, and every token that must be good for nothing."""

import collections
import email
import email.policy
import http.client
import json
import random
import re
import socket
import struct
import threading
import time

PASSWORD = "womp-rats-in-my-T16"
# Statuses of a service or a proxy whose parts are away. Nothing is promised about what was asked.
UNAVAILABLE = {0, 502, 503, 504}
# Longer than revocation.staleness_ms.
STALENESS = 0.3
# Longer than the time limits of the database: a login that was answered 503 may still be done until then.
UNDECIDED = 12


class Ledger:
    """What was promised. Shared by all clients."""

    def __init__(self):
        self.lock = threading.Lock()
        self.added, self.removed, self.tried_to_remove = {}, set(), set()
        self.signed_up, self.verified = set(), set()
        self.revoked = []
        self.statuses, self.done = collections.Counter(), collections.Counter()
        self.violations = []

    def violation(self, text):
        with self.lock:
            self.violations.append(text)
        print(f"VIOLATION: {text}", flush=True)

    def revoke(self, token):
        with self.lock:
            self.revoked.append((time.monotonic(), token))

    def count(self, what):
        with self.lock:
            self.done[what] += 1


class Client:
    """A person with an address of their own, which nginx tells the service."""

    def __init__(self, ledger, port, seed):
        self.ledger, self.port = ledger, port
        self.random = random.Random(seed)
        self.move()

    def move(self):
        self.address = f"127.{self.random.randint(1, 250)}.{self.random.randint(0, 250)}.{self.random.randint(1, 250)}"

    def ask(self, method, path, token=None, body=None, expected=(200,), port=None):
        """Returns status, headers and body; a status that is neither expected nor of a fault is a violation."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", port or self.port, timeout=40, source_address=(self.address, 0)
        )
        headers = {"Connection": "close"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            status, data = answer.status, answer.read()
            headers = answer.headers
        except (OSError, http.client.HTTPException):
            status, headers, data = 0, {}, b""
        finally:
            connection.close()
        with self.ledger.lock:
            self.ledger.statuses[status] += 1
        if status not in UNAVAILABLE and status not in expected:
            self.ledger.violation(f"{method} {path.split('?')[0]}: {status} {data[:300]!r}")
        return status, headers, data

    def hang_up(self, path, token, body):
        """Sends a request, or a part of it, and resets the connection."""
        text = json.dumps(body)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n{text}"
        ).encode()
        try:
            connection = socket.create_connection(("127.0.0.1", self.port), 10, (self.address, 0))
            connection.sendall(head[: self.random.choice([len(head), len(head) - 5, 40])])
            time.sleep(self.random.choice([0, 0.001, 0.01]))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        except OSError:
            pass


class Member(Client):
    """Signs up, verifies, logs in, reads, renews, logs out."""

    def __init__(self, ledger, port, seed, outbox):
        super().__init__(ledger, port, seed)
        self.outbox, self.email, self.number = outbox, None, 0
        self.name, self.pause = f"member{seed}", 0
        self.forget()

    def forget(self):
        self.access = self.refresh = None

    def step(self):
        if self.email is None or self.random.random() < 0.02:
            self.sign_up()
        elif time.monotonic() < self.pause:
            time.sleep(0.2)
        elif self.access is None:
            self.log_in()
        else:
            self.random.choice([self.read, self.read, self.read, self.renew, self.log_in, self.log_out])()

    def sign_up(self):
        self.move()
        self.number += 1
        address = f"{self.name}-{self.number}@rebels.example"
        body = {"email": address, "password": PASSWORD}
        if self.ask("POST", "/users/v1/signup", body=body, expected=(202,))[0] != 202:
            return
        with self.ledger.lock:
            self.ledger.signed_up.add(address)
        end = time.monotonic() + 180
        while (token := self.outbox.token(address)) is None:
            if time.monotonic() > end:
                self.ledger.violation(f"no mail to {address}")
                return
            time.sleep(0.1)
        for _ in range(50):
            if self.ask("GET", f"/users/v1/email_verification?token={token}")[0] == 200:
                with self.ledger.lock:
                    self.ledger.verified.add(address)
                # The session of the account before lives on, and nobody uses it.
                self.email, self.pause = address, 0
                self.forget()
                return
            time.sleep(0.5)

    def log_in(self):
        self.move()
        old, self.access, self.refresh = self.access, None, None
        body = {"email": self.email, "password": PASSWORD, "replace_session": True}
        # An attempt that a fault broke off stays counted, and so an account may come to its limit.
        status, _, data = self.ask("POST", "/users/v1/login", body=body, expected=(200, 429))
        if status == 200:
            if old:
                self.ledger.revoke(old)
            self.take(data)
            self.ledger.count("logins")
        else:
            self.pause = time.monotonic() + UNDECIDED

    def take(self, data):
        pair = json.loads(data)
        self.access, self.refresh = pair["token"], pair["refresh_token"]

    def read(self):
        path = self.random.choice(["/films/v1/", "/users/v1/me", "/characters/v1/?page_size=5"])
        # A live session's own token: 401 is a violation.
        if self.ask("GET", path, self.access)[0] == 200:
            self.ledger.count("reads")

    def renew(self):
        old, refresh = self.access, self.refresh
        self.forget()
        status, _, data = self.ask("POST", "/users/v1/generate_tokens", refresh)
        if status == 200:
            self.ledger.revoke(old)
            self.take(data)
            self.ledger.count("refreshes")

    def log_out(self):
        old = self.access
        self.forget()
        if self.ask("POST", "/users/v1/logout", old)[0] == 200:
            self.ledger.revoke(old)
            self.ledger.count("logouts")


class Admin(Client):
    """Keeps the mailing list, lists accounts, and hangs up in the middle."""

    def __init__(self, ledger, port, seed, email):
        super().__init__(ledger, port, seed)
        self.email, self.name, self.number, self.access = email, f"admin{seed}", 0, None
        self.own = []

    def step(self):
        if self.access is None:
            self.move()
            body = {"email": self.email, "password": PASSWORD, "replace_session": True}
            status, _, data = self.ask("POST", "/users/v1/login", body=body, expected=(200, 429))
            if status == 200:
                self.access = json.loads(data)["token"]
            return
        self.random.choice([self.add, self.add, self.remove, self.list, self.break_off])()

    def body(self):
        self.number += 1
        return {"full_name": "Wedge Antilles", "email": f"{self.name}-{self.number}@rebels.example"}

    def add(self):
        self.move()
        body = self.body()
        status, headers, _ = self.ask("POST", "/subscribers/v1/", self.access, body, (201,))
        if status == 201:
            number = headers["Location"].rsplit("/", 1)[1]
            with self.ledger.lock:
                self.ledger.added[body["email"]] = number
            self.own.append((body["email"], number))
            self.ledger.count("additions")

    def remove(self):
        if not self.own:
            return
        address, number = self.own.pop(self.random.randrange(len(self.own)))
        with self.ledger.lock:
            self.ledger.tried_to_remove.add(address)
        # nginx asks the next instance for a DELETE whose answer it did not get; the first may have done it.
        if self.ask("DELETE", f"/subscribers/v1/{number}", self.access, expected=(204, 404))[0] in (204, 404):
            with self.ledger.lock:
                self.ledger.removed.add(address)
            self.ledger.count("removals")

    def list(self):
        path = self.random.choice(["/users/v1/?page_size=20", "/subscribers/v1/?page_size=20"])
        self.ask("GET", path, self.access)

    def break_off(self):
        self.hang_up("/subscribers/v1/", self.access, self.body())
        self.ledger.count("hang-ups")


class Thief(Client):
    """Asks again and again with tokens that were revoked, everywhere."""

    def __init__(self, ledger, port, seed, ports):
        super().__init__(ledger, port, seed)
        self.doors = [port, *ports]

    def step(self):
        with self.ledger.lock:
            # Mostly the last ones.
            number = len(self.ledger.revoked)
            if not number:
                return
            place = max(0, number - 1 - int(self.random.expovariate(0.1)))
            when, token = self.ledger.revoked[place]
        if time.monotonic() - when > STALENESS:
            self.ask("GET", "/films/v1/", token, expected=(401,), port=self.random.choice(self.doors))
            self.ledger.count("tries with revoked tokens")


class Outbox:
    """The mails that instances wrote."""

    def __init__(self, folder):
        self.folder, self.seen, self.tokens, self.lock = folder, set(), {}, threading.Lock()

    def token(self, address):
        with self.lock:
            for file in self.folder.glob("*.eml"):
                if file.name not in self.seen:
                    self.seen.add(file.name)
                    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                    found = re.search(r"token=([\w.-]+)", mail.get_body(("plain",)).get_content())
                    if found:
                        self.tokens[mail["to"].addresses[0].addr_spec] = found[1]
            return self.tokens.pop(address, None)
