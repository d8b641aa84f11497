"""Values that exist, and rules of the contract that stand in its words because no schema can say them."""

import json
from datetime import datetime, timedelta, timezone
from itertools import count

from people import Account, call, command

_numbers = count(1)


def _set_body(case, **members):
    case.body = {**(case.body if isinstance(case.body, dict) else {}), **members}


# Rules in words. Data that breaks them is refused, rightly, though no schema says so.


def accepted(case):
    """Mends data that the schemas allow and the contract's words do not."""
    for name in ("If-Match", "If-None-Match"):
        # Of a pattern with lists in it, Schemathesis takes the length alone now and then.
        if '"' not in (case.headers or {}).get(name, '"'):
            case.headers[name] = "*"
    if "Idempotency-Key" in (case.headers or {}):
        # One that came with another body is refused.
        case.headers["Idempotency-Key"] = f'"judge {next(_numbers)}"'
    if not isinstance(case.body, dict):
        return
    for name in ("password", "new_password"):
        # Common passwords are refused; which are common, no pattern says. Where a password is only compared,
        # `old_password` and log-ins, everything may be sent.
        if name in case.body and "replace_session" not in _properties(case):
            _set_body(case, **{name: f"qT7#kV9z{case.body[name]}"[:128]})
    if case.operation.path.startswith("/pages/") and "email" in case.body:
        # A form comes back with the reason beside its field, so its schema takes every text.
        _set_body(case, email=f"new{next(_numbers)}@judge.example")
    if "again" in case.body:
        _set_body(case, again=case.body["password"])
    for name in ("email", "username"):
        # A pattern that says where dots may be cannot count, too: there are at most 64 characters before the @.
        local, at, domain = str(case.body.get(name, "")).strip(" \t").rpartition("@")
        if len(local) > 64:
            local = local[-64:].lstrip(".")
            _set_body(case, **{name: local + at + domain})
        # Which domains have an ASCII form is said by the tables of IDNA.
        if not domain.isascii():
            domain = "".join(character if character.isascii() else "\u00fc" for character in domain)
            labels = [label[:40] for label in domain.split(".")]
            domain = ".".join(label.replace("-", "x") for label in labels)[-180:].lstrip(".")
            _set_body(case, **{name: local + at + domain})
    if "expires_at" in case.body:
        # OpenAPI 3.0 cannot bound a time.
        _set_body(case, expires_at=_time(datetime.now(timezone.utc) + timedelta(days=next(_numbers))))
    if "datetime" in case.body and not "1971" <= case.body["datetime"][:4] <= "9998":
        _set_body(case, datetime="1971" + case.body["datetime"][4:])


def _properties(case):
    return {name for body in case.operation.body for name in body.definition["schema"].get("properties", {})}


def _time(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# Values that exist. Each function changes a case so that it concerns something that is there; `turn` counts its calls.


def user(case, caller, turn):
    """The caller's own account, or another when the caller is an admin."""
    if caller.role == "admin" and turn % 3 != 2:
        case.path_parameters["user_id"] = another_user(caller)
    else:
        caller.jwt()
        case.path_parameters["user_id"] = caller.user_id


def another_user(admin):
    body = {
        "email": f"somebody{next(_numbers)}@judge.example",
        "password": "nobody-judges-the-judge",
        "access_role": "basic",
        "email_verified": True,
    }
    return call("POST", "/users/v1/", headers=admin.jwt(), json=body).json()["user_id"]


def log_in(case, caller, turn):
    caller.jwt()
    name = "email" if "email" in _properties(case) else "username"
    case.body = {name: caller.email, "password": caller.password, "replace_session": True}


def session(case, caller, turn):
    """The caller's own, which is over afterwards."""
    caller.jwt()
    case.path_parameters["user_id"] = caller.user_id
    answer = call("GET", f"/users/v1/{caller.user_id}/sessions", headers=caller.jwt())
    case.path_parameters["session_id"] = answer.json()["results"][0]["session_id"]


def old_password(case, caller, turn):
    _set_body(case, old_password=caller.password)


def old_access_token(case, caller, turn):
    case.body = {"old_access_token": caller.tokens["token"]} if caller.tokens else {}


def _minted(kind, *flags):
    address = f"new{next(_numbers)}@judge.example"
    command("users", "create", address, *flags, "--password-stdin", text="nobody-judges-the-judge")
    return command("token", "mint", "--kind", kind, address)


def email_token(case, caller, turn):
    case.query["token"] = _minted("email")


def email_form(case, caller, turn):
    _set_body(case, token=_minted("email"))


def password_token(case, caller, turn):
    case.query["token"] = _minted("password", "--verified")


def password_form(case, caller, turn):
    _set_body(case, token=_minted("password", "--verified"))


def token(case, caller, turn):
    kinds = [
        lambda: caller.tokens["token"],
        lambda: caller.new_api_token()["value"],
        lambda: caller.tokens["refresh_token"],
    ]
    if not caller.tokens:
        caller.log_in()
    _set_body(case, token=kinds[turn % len(kinds)]())


def api_token(case, caller, turn):
    case.path_parameters["api_token_id"] = caller.new_api_token()["api_token_id"]


def subscriber(case, caller, turn):
    body = {"full_name": "Judge", "email": f"list{next(_numbers)}@judge.example"}
    answer = call("POST", "/subscribers/v1/", headers=caller.jwt(), json=body)
    case.path_parameters["subscriber_id"] = answer.json()["id"]


def stream(case, caller, turn):
    key = f"judge{next(_numbers)}"
    call("PUT", f"/holodules/v1/items/{key}", headers=caller.jwt(), json=STREAM)
    case.path_parameters["key"] = key


STREAM = {
    "video_id": "1",
    "datetime": "2026-05-04T20:00:00Z",
    "name": "The Judges",
    "title": "In session",
    "url": "https://judge.example",
    "description": "",
}


def schedule_a_stream():
    """For readers; no operation that they may use makes one."""
    command("holodules", "import", "-", "--format", "jsonl", text=json.dumps({"key": "first", **STREAM}))


def day(case, caller, turn):
    case.path_parameters["date"] = "20260504"


def entity(name, kind):
    ids = []

    def some(case, caller, turn):
        if not ids:
            page = call("GET", f"/{kind}/v1/?page_size=100", headers=caller.jwt()).json()
            ids.extend(entry["id"] for entry in page["results"])
        case.path_parameters[name] = str(ids[turn % len(ids)])

    return some


EXISTING = {
    "get_user": user,
    "update_user": user,
    "delete_user": user,
    "suspend_user": user,
    "restore_user": user,
    "list_sessions": user,
    "end_sessions": user,
    "end_session": session,
    "list_events": user,
    "login": log_in,
    "create_token": log_in,
    "reset_password": old_password,
    "generate_new_tokens": old_access_token,
    "email_verification": email_token,
    "confirm_email": email_form,
    "show_password": password_token,
    "submit_password": password_form,
    "introspect_token": token,
    "revoke_token": token,
    "delete_api_token": api_token,
    "get_subscriber": subscriber,
    "update_subscriber": subscriber,
    "delete_subscriber": subscriber,
    "get_holodule": stream,
    "delete_holodule": stream,
    "get_holodules": day,
    "get_film": entity("film_id", "films"),
    "get_character": entity("character_id", "characters"),
    "get_planet": entity("planet_id", "planets"),
    "get_species": entity("species_id", "species"),
    "get_starship": entity("starship_id", "starships"),
    "get_vehicle": entity("vehicle_id", "vehicles"),
}
