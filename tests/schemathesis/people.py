"""The service under judgement, and those who have accounts there."""

import os
import subprocess
from base64 import b64encode
from dataclasses import dataclass, field
from itertools import count

import requests

URL = os.environ["JUDGE_URL"]
FOLDER = os.environ["JUDGE_FOLDER"]
BINARY = os.environ["JUDGE_BINARY"]

_http = requests.Session()
_numbers = count(1)


def call(method, path, **arguments):
    """A request of our own, which is no part of what is judged."""
    return _http.request(method, URL + path, timeout=60, **arguments)


def command(*arguments, text=""):
    """What the command line prints; it works on the files of the running service."""
    done = subprocess.run(
        [BINARY, *arguments], cwd=FOLDER, input=text, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"starwars-api {' '.join(arguments)}: {done.stderr}")
    return done.stdout.strip()


@dataclass
class Account:
    """Somebody with an account, and what they hold. Whatever a case ended is made anew when it is asked for."""

    role: str
    email: str = ""
    password: str = ""
    user_id: str = ""
    tokens: dict = field(default_factory=dict)
    api_token: str = ""
    password_token: str = ""

    def __post_init__(self):
        self.sign_up()

    def sign_up(self):
        """A new account: the old one was closed, suspended or given another role."""
        self.email = f"{self.role}{next(_numbers)}@judge.example"
        self.password = "the-judge-has-no-robes"
        self.tokens, self.api_token, self.password_token = {}, "", ""
        self.user_id = command(
            "users", "create", self.email, "--role", self.role, "--verified", "--password-stdin", text=self.password
        )

    def log_in(self):
        """A new session, which ends the one before."""
        for _ in range(2):
            body = {"email": self.email, "password": self.password, "replace_session": True}
            answer = call("POST", "/users/v1/login", json=body)
            if answer.status_code == 200:
                self.tokens = answer.json()
                if self._good(self.bearer(self.tokens["token"])):
                    return self.tokens
            self.sign_up()
        raise RuntimeError(f"a new account cannot log in: {answer.status_code} {answer.text}")

    def _good(self, headers):
        answer = call("GET", "/users/v1/me", headers=headers)
        return answer.status_code == 200 and answer.json()["access_role"] == self.role

    @staticmethod
    def bearer(token):
        return {"Authorization": f"Bearer {token}"}

    def jwt(self):
        """Headers with an access token that is good now."""
        if not self.tokens or not self._good(self.bearer(self.tokens["token"])):
            self.log_in()
        return self.bearer(self.tokens["token"])

    def jwt_refresh(self):
        return self.bearer(self.log_in()["refresh_token"])

    def jwt_password(self):
        """Headers with a mailed token; it works once, and a refused password does not spend it."""
        if not self.password_token:
            self.jwt()
            self.password_token = command("token", "mint", "--kind", "password", self.email)
        return self.bearer(self.password_token)

    def basic(self):
        """Headers with the password, which is UTF-8 (RFC 7617)."""
        if not self._good(self._pair()):
            self.log_in()
        return self._pair()

    def _pair(self):
        pair = b64encode(f"{self.email}:{self.password}".encode())
        return {"Authorization": f"Basic {pair.decode()}"}

    def new_api_token(self):
        """A new API token; its place is made by deleting another, since an account has so many at most."""
        headers = self.jwt()
        answer = call("POST", "/auth/v1/api_tokens", headers=headers, json={"name": "judge"})
        if answer.status_code == 409:
            for old in call("GET", "/auth/v1/api_tokens?page_size=10", headers=headers).json()["results"]:
                call("DELETE", f"/auth/v1/api_tokens/{old['api_token_id']}", headers=headers)
            answer = call("POST", "/auth/v1/api_tokens", headers=headers, json={"name": "judge"})
        return answer.json()

    def api_token_header(self):
        if not self.api_token or not self._good({"api-token": self.api_token}):
            self.api_token = self.new_api_token()["value"]
        return {"api-token": self.api_token}

    def password_token_was_used(self, response, body):
        """Whatever it was told, only a refused password leaves the token as it was."""
        if response.status_code not in (400, 413, 415):
            self.password_token = ""
        if response.status_code == 200:
            self.password = body["password"]

    def credential(self, scheme):
        """Headers that satisfy a security scheme of the contract."""
        by_scheme = {
            "jwt": self.jwt,
            "jwt_refresh": self.jwt_refresh,
            "jwt_password": self.jwt_password,
            "basic": self.basic,
            "api_token": self.api_token_header,
        }
        return by_scheme[scheme]()
