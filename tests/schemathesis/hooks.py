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

from people import Account
from values import EXISTING, accepted

ROLE = os.environ["JUDGE_ROLE"]
REPORT = os.environ["JUDGE_REPORT"]

# Who has no credentials to send still knows the password of an account.
caller = Account("basic" if ROLE == "none" else ROLE)
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
    """Credentials by the schemes that the contract names; of several alternatives, each in turn."""

    @told
    def get(self, case, context):
        alternatives = context.operation.definition.raw.get("security")
        if not alternatives:
            return None
        turn = next(turns["credentials", operation_id(context.operation)])
        headers = {}
        for scheme in alternatives[turn % len(alternatives)]:
            headers |= caller.credential(scheme)
        return headers

    def set(self, case, headers, context):
        for name, value in headers.items():
            case.headers[name] = value


if ROLE != "none":
    # Asked for each case: whether the last credentials are still good is found out by using them.
    schemathesis.auth(refresh_interval=None)(ByContract)


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
