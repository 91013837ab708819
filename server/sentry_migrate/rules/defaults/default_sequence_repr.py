"""Sequences other than lists in extra data and contexts."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Flags, Ignores, Rule
from sentry_migrate.model import Severity
from sentry_migrate.python.bindings import walk
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN805",
    name="default-sequence-repr",
    kind="info",
    group="info",
    summary="Since 2.61, a sequence other than a list, tuple or set is sent as its `repr()`",
    why="1.x sends a `deque` or `UserList` in extra data and contexts as a list.",
    safety="No fix: wrap it in `list()` to send a list.",
    link=DETAILED_GUIDE,
    since="2.61.0",
    severity=Severity.INFORMATION,
    deprecated=False,
    examples=(
        Ignores(
            "import sentry_sdk\n"
            "from collections import deque\n"
            "last = deque([1])\n"
            "sentry_sdk.set_extra('last', list(last))\n"
        ),
        Ignores("import sentry_sdk\nsentry_sdk.set_extra('last', [1])\n"),
        Flags(
            "import sentry_sdk\n"
            "from collections import deque\n"
            "last = deque([1])\n"
            "sentry_sdk.set_extra('last', last)\n",
            remedy="Wrap the value in `list(…)` to send a list.",
        ),
    ),
)

KINDS = frozenset(("deque", "UserList"))
SETTERS = ("set_extra", "set_context")


@RULE.on(*(f"{home}.{name}" for home in ("sentry_sdk", "Scope") for name in SETTERS))
def check(use: Use, context: Context) -> Iterator[Draft]:
    values = [arg.value for arg in use.call.args[1:]] if use.call is not None else []
    for value in values:
        inside = [value] if not isinstance(value, cst.Dict) else list(_entries(value))
        if any(_is_sequence(context, one) for one in inside):
            yield context.finding(use, remedy="Wrap the value in `list(…)` to send a list.")
            return


def _entries(value: cst.Dict) -> Iterator[cst.BaseExpression]:
    return (node.value for node in walk(value) if isinstance(node, cst.DictElement))


def _is_sequence(context: Context, value: cst.CSTNode | None) -> bool:
    if isinstance(value, cst.Name):
        found = context.scopes.reaching(value)
        return len(found) == 1 and found[0].whole and _is_sequence(context, found[0].value)
    return isinstance(value, cst.Call) and context.code(value.func).rpartition(".")[2] in KINDS
