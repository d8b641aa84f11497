#!/usr/bin/env python3
"""Compares three ways in which Redis can tell many instances of revocations.

Starts a Redis of its own, publishes a hundred revocations a second, and prints for each way and number of instances: the
time until a revocation is known, the longest age of a confirmation, and the processor time of Redis and of the publisher.
"""

import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

SECONDS = 4
PER_SECOND = 100
PERIOD = 0.025


def encoded(*words):
    words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def send(self, *commands):
        self.socket.sendall(b"".join(encoded(*command) for command in commands))

    def receive(self):
        """All replies that have come."""
        self.rest += self.socket.recv(1 << 20)
        replies = []
        while True:
            try:
                reply, end = parsed(self.rest, 0)
            except (IndexError, ValueError):
                return replies
            self.rest = self.rest[end:]
            replies.append(reply)

    def ask(self, *command):
        self.send(command)
        while not (replies := self.receive()):
            pass
        return replies[-1]


def parsed(text, start):
    end = text.index(b"\r\n", start)
    kind, rest, after = text[start : start + 1], text[start + 1 : end], end + 2
    if kind == b"$":
        if int(rest) < 0:
            return None, after
        stop = after + int(rest)
        if len(text) < stop + 2:
            raise IndexError
        return text[after:stop], stop + 2
    if kind in b"*>~%":
        count = int(rest) * (2 if kind == b"%" else 1)
        items = []
        for _ in range(max(count, 0)):
            item, after = parsed(text, after)
            items.append(item)
        return (items if count >= 0 else None), after
    return rest, after


class Reader:
    """An instance: what it knows, and when it was last sure to know all."""

    def __init__(self, port):
        self.connection = Connection(port)
        self.known, self.asked, self.confirmed, self.oldest = {}, 0.0, time.monotonic(), 0.0
        self.waiting, self.next = False, 0.0

    def learn(self, key):
        self.known.setdefault(key, time.monotonic())

    def confirm(self):
        now = time.monotonic()
        self.oldest = max(self.oldest, now - self.confirmed)
        self.confirmed, self.waiting = self.asked, False

    def ask(self, *commands):
        self.asked, self.waiting = time.monotonic(), True
        self.connection.send(*commands)


class Tracking(Reader):
    """CLIENT TRACKING with BCAST; confirmed by PING, one turn late."""

    name = "tracking"

    def __init__(self, port):
        super().__init__(port)
        self.connection.ask("HELLO", 3)
        self.connection.ask("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "revoked:")

    def tick(self, now):
        if not self.waiting and now >= self.next:
            self.next = now + PERIOD
            self.ask(("PING",))

    def read(self):
        for reply in self.connection.receive():
            if reply == b"PONG":
                self.confirm()
            else:
                for key in reply[1] or []:
                    self.learn(key)


class Blocking(Reader):
    """A stream, read by XREAD with BLOCK."""

    name = "blocking"
    last = b"0-0"

    def tick(self, _now):
        if not self.waiting:
            self.ask(("XREAD", "COUNT", 1000, "BLOCK", 50, "STREAMS", "feed", self.last))

    def read(self):
        for reply in self.connection.receive():
            for entry, fields in reply[0][1] if reply else []:
                self.learn(fields[1])
                self.last = entry
            self.confirm()


class Asking(Reader):
    """A stream, of which everything behind the last known entry is asked for again and again."""

    name = "asking"
    last = b"0-0"
    left = 0

    def tick(self, now):
        if not self.waiting and now >= self.next:
            self.next = now + PERIOD
            self.left = 3
            self.ask(("XRANGE", "feed", self.last, "+", "COUNT", 1001), ("GET", "epoch"), ("ROLE",))

    def read(self):
        for reply in self.connection.receive():
            if self.left == 3:
                for entry, fields in reply:
                    self.learn(fields[1])
                    self.last = entry
            self.left -= 1
        if self.left == 0:
            self.confirm()


def processor(connection):
    lines = connection.ask("INFO", "cpu").decode().splitlines()
    return sum(float(line.split(":")[1]) for line in lines if line.startswith(("used_cpu_user:", "used_cpu_sys:")))


def run(port, way, count):
    control, publisher = Connection(port), Connection(port)
    control.ask("FLUSHALL")
    control.ask("SET", "epoch", "x" * 40)
    control.ask("XADD", "feed", "1-0", "id", "none", "end", 0)
    readers = [way(port) for _ in range(count)]
    selector = selectors.DefaultSelector()
    for reader in readers:
        selector.register(reader.connection.socket, selectors.EVENT_READ, reader)
    published, taken = {}, []
    before, begin = processor(control), time.monotonic()
    due = begin
    while (now := time.monotonic()) < begin + SECONDS:
        if now >= due and now < begin + SECONDS - 0.3:
            due += 1 / PER_SECOND
            key = b"revoked:" + str(uuid.uuid4()).encode()
            commands = [("SET", key, 1, "EX", 60)]
            if way is not Tracking:
                commands.append(("XADD", "feed", "MAXLEN", "~", 10000, "*", "id", key, "end", 1800000000))
            publisher.send(*commands)
            replies = []
            while len(replies) < len(commands):
                replies += publisher.receive()
            published[key] = time.monotonic()
            taken.append(published[key] - now)
        for reader in readers:
            reader.tick(now)
        for event, _ in selector.select(0.001):
            event.data.read()
    cost = (processor(control) - before) / (time.monotonic() - begin)
    delays = sorted(max(reader.known[key] - at, 0) * 1000 for reader in readers for key, at in published.items())
    print(
        f"{way.name:9} {count:3} instances: known after {statistics.median(delays):5.1f} ms (median), "
        f"{delays[len(delays) * 99 // 100]:5.1f} (99th percentile); oldest confirmation "
        f"{max(reader.oldest for reader in readers) * 1000:5.0f} ms; Redis {cost * 100:4.1f}% of a core; "
        f"a publication {statistics.median(taken) * 1e6:4.0f} us"
    )


def main():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            for count in (3, 30):
                for way in (Tracking, Blocking, Asking):
                    run(port, way, count)
        finally:
            redis.terminate()
            redis.wait()


if __name__ == "__main__":
    sys.exit(main())
