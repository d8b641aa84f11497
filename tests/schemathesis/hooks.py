"""What the contract cannot tell Schemathesis: who calls, and which values exist.

Roles are `none`, `basic` and `admin`. No operation is left out: a caller who logged out, lost the role or was deleted by
one case comes with new credentials, or as somebody new, in the next.
"""

import atexit
import functools
import json
import os
import traceback
from collections import Counter, defaultdict
from itertools import count

import schemathesis
from schemathesis.core.media_types import YAML_MEDIA_TYPES
from schemathesis.openapi.checks import ObjectLevelAuthorizationViolation, UseAfterFree
from schemathesis.wfc.escalation import EscalatingAuthProvider

from people import Account
from values import EXISTING, accepted, schedule_a_stream

ROLE = os.environ["JUDGE_ROLE"]
REPORT = os.environ["JUDGE_REPORT"]

# Who has no credentials to send still knows the password of an account.
caller = Account("basic" if ROLE == "none" else ROLE)
schedule_a_stream()
turns = defaultdict(count)
statuses = defaultdict(Counter)
phases = Counter()
errors = []


def told(hook):
    """Notes what a hook raises: in a sequence of requests Schemathesis takes it for bad luck, and goes on."""

    @functools.wraps(hook)
    def telling(*arguments):
        try:
            return hook(*arguments)
        except Exception:
            errors.append(traceback.format_exc())
            raise

    return telling


def operation_id(operation):
    return operation.definition.raw["operationId"]


class ByContract:
    """Credentials of an account by the schemes that the contract names; of several alternatives, each in turn."""

    def __init__(self, account):
        self.account = account

    @told
    def get(self, case, context):
        alternatives = context.operation.definition.raw.get("security")
        if not alternatives:
            return None
        # Whether the last credentials are still good is found out by using them, for each case.
        turn = next(turns["credentials", operation_id(context.operation)])
        headers = {}
        for scheme in alternatives[turn % len(alternatives)]:
            headers |= self.account.credential(scheme)
        return headers

    def set(self, case, headers, context):
        for name, value in headers.items():
            case.headers[name] = value


@schemathesis.deserializer(*YAML_MEDIA_TYPES)
def as_text(context, response):
    """The contract says that the document comes as a file, not as the value that it spells."""
    return response.content.decode()


@schemathesis.hook
def after_load_schema(context, schema):
    if ROLE == "none":
        return
    # The check object_level_authorization reads what the caller made as somebody else, too.
    accounts = {"caller": caller, "stranger": Account("basic")}
    providers = [ByContract(account) for account in accounts.values()]
    names = list(accounts)
    schema.auth.providers.append(EscalatingAuthProvider(providers, names, peers=tuple(names), pinned="caller"))


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keeps all failures but two kinds: the catalogue and the schedule are there for everybody with an account, and the
    list of an account's sessions is there, and empty, when they have ended."""
    if isinstance(failure, UseAfterFree) and operation_id(case.operation) == "list_sessions":
        return False
    shared = {"Films", "Characters", "Planets", "Species", "Starships", "Vehicles", "Holodules"}
    return not (isinstance(failure, ObjectLevelAuthorizationViolation) and shared & set(case.operation.tags))


@schemathesis.hook
@told
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    operation = operation_id(case.operation)
    accepted(case)
    # What a sequence of requests is about is chosen by its first request.
    if case.meta.phase.name == "stateful" or operation not in EXISTING:
        return
    turn = next(turns["values", operation])
    if turn % 2 == 0:
        EXISTING[operation](case, caller, turn // 2)


@schemathesis.hook
@told
def after_call(context, case, response):
    if response.request.method != case.operation.method.upper():
        return
    operation = operation_id(case.operation)
    statuses[operation][response.status_code] += 1
    if case.meta is not None:
        phases[case.meta.phase.name] += 1
    if response.status_code == 200 and operation == "reset_password":
        caller.password = case.body["new_password"]
    if operation == "change_password":
        caller.password_token_was_used(response, case.body)


@atexit.register
def report():
    with open(REPORT, "w", encoding="utf-8") as file:
        json.dump({"statuses": statuses, "phases": phases, "errors": errors}, file)
