"""Three instances, nginx, PostgreSQL and Redis as processes of a folder of their own, and what can happen to them."""

import contextlib
import glob
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
INSTANCES = 3


def free_ports(count):
    """Ports below those that the system gives to outgoing connections."""
    ports = []
    for port in range(20_000 + os.getpid() % 100 * 20, 32_000):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            ports.append(port)
        if len(ports) == count:
            return ports
    raise RuntimeError("no free ports")


class Part:
    """A server with its children."""

    def __init__(self, name, command, folder, environment=None, user=None):
        self.name, self.command, self.folder = name, command, folder
        self.environment, self.user, self.process = environment, user, None

    def start(self):
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, user=self.user, group=self.user,
            )

    def signal(self, number):
        """To all of them: those of PostgreSQL are in process groups of their own."""
        process = self.process.pid
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            children = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
            for one in [process, *map(int, children)]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, patience=60):
        """In good order."""
        self.process.terminate()
        return self.process.wait(patience)

    def memory(self):
        """Resident bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) * 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


class Fleet:
    def __init__(self, folder, binary):
        self.folder = folder
        self.outbox = folder / "outbox"
        self.outbox.mkdir()
        folder.chmod(0o755)
        self.front, self.sql_port, redis_port, *self.ports = free_ports(3 + INSTANCES)
        self.postgres = self._postgres()
        self.redis = Part("redis", [
            "redis-server", "--bind", "127.0.0.1", "--port", str(redis_port), "--save", "", "--appendonly", "no",
            "--dir", str(folder),
        ], folder)
        self.environment = {
            "PATH": os.environ["PATH"],
            "STARWARS__DATABASE__URL": f"postgres://postgres@127.0.0.1:{self.sql_port}/postgres",
            "STARWARS__REDIS__URLS": f"redis://127.0.0.1:{redis_port}/0",
            "STARWARS__REVOCATION__BACKEND": "redis",
            "STARWARS__SERVER__PUBLIC_URL": f"http://127.0.0.1:{self.front}",
            "STARWARS__SERVER__DRAIN_SECONDS": "6",
            "STARWARS__LIMITS__TRUSTED_PROXIES": "127.0.0.1",
            "STARWARS__MAIL__OUTBOX_DIR": str(self.outbox),
            "STARWARS__PASSWORDS__MEMORY_KIB": "64",
            "STARWARS__PASSWORDS__ITERATIONS": "1",
            "STARWARS__LOG__FORMAT": "json",
        }
        for kind in ("ACCESS", "REFRESH", "EMAIL", "PASSWORD"):
            self.environment[f"STARWARS__TOKENS__{kind}__SECRETS"] = os.urandom(32).hex()
        self.binary = binary
        self.instances = [
            Part(f"app{number}", [binary, "serve"], folder, self.environment | {
                "STARWARS__SERVER__BIND": f"127.0.0.1:{port}",
                # One of each kind: the last one checks tokens in memory.
                "STARWARS__REVOCATION__BACKEND": "redis-replica" if number == INSTANCES else "redis",
            })
            for number, port in enumerate(self.ports, 1)
        ]
        self.nginx = self._nginx()

    def _postgres(self):
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        data = self.folder / "postgres"
        data.mkdir()
        user = None
        if os.geteuid() == 0:
            user = "postgres"
            account = pwd.getpwnam(user)
            os.chown(data, account.pw_uid, account.pw_gid)
        subprocess.run(
            [f"{programs}/initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-D", data],
            check=True, stdout=subprocess.DEVNULL, cwd="/", user=user, group=user,
        )
        return Part("postgres-log", [
            f"{programs}/postgres", "-D", str(data), "-p", str(self.sql_port), "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=",
        ], self.folder, user=user)

    def _nginx(self):
        text = (ROOT / "deploy/nginx.conf").read_text()
        text = text.replace("/tmp/", f"{self.folder}/").replace("listen 8080;", f"listen 127.0.0.1:{self.front};")
        for number, port in enumerate(self.ports, 1):
            text = text.replace(f"server app{number}:5003 ", f"server 127.0.0.1:{port} ")
        (self.folder / "nginx.conf").write_text(text)
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        return Part("nginx", [
            program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", "stderr", "-g", "daemon off;",
        ], self.folder)

    def parts(self):
        return [self.postgres, self.redis, *self.instances, self.nginx]

    def start(self):
        self.postgres.start()
        self.redis.start()
        wait_for("PostgreSQL", lambda: self.sql("select 1") == "1")
        for instance in self.instances:
            instance.start()
        self.wait_until_ready()
        self.nginx.start()
        wait_for("nginx", lambda: status(f"http://127.0.0.1:{self.front}/healthz") == 200)

    def wait_until_ready(self):
        for port in self.ports:
            wait_for(f"an instance on port {port}", lambda: status(f"http://127.0.0.1:{port}/readyz") == 200)

    def end(self):
        for part in reversed(self.parts()):
            if part.process:
                part.signal(signal.SIGCONT)
                part.kill()

    def sql(self, statement):
        done = subprocess.run(
            ["psql", "-h", "127.0.0.1", "-p", str(self.sql_port), "-U", "postgres", "-tAc", statement],
            capture_output=True, text=True,
        )
        return done.stdout.strip() if done.returncode == 0 else None

    def run(self, *arguments, text=""):
        """A command of the command line."""
        done = subprocess.run(
            [self.binary, *arguments], cwd=self.folder, env=self.environment, input=text, capture_output=True, text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{arguments}: {done.stderr}")
        return done.stdout

    def command_redis(self, *words):
        subprocess.run(["redis-cli", "-p", self.redis.command[4], *words], check=True, stdout=subprocess.DEVNULL)


def status(url):
    """The status of an answer, or 0."""
    try:
        return urllib.request.urlopen(url, timeout=5).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def wait_for(what, done, patience=60):
    end = time.monotonic() + patience
    while not done():
        if time.monotonic() > end:
            raise RuntimeError(f"waited {patience} s in vain for {what}")
        time.sleep(0.05)
