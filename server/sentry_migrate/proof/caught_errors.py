"""Whether code waits for the `AttributeError` that a member of None raises.

Owns finding the `except` or `suppress()` around a use of a client, or around its function's calls.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import CLIENT_IS_NONE, Doubt
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import named
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import caught_key
from sentry_migrate.proof.truth_tests import test_around
from sentry_migrate.python.caught import ALL, caught_by

CAUGHT = CLIENT_IS_NONE.about(
    "the `except` may be there for the `AttributeError` raised when the client is `None`"
)

_RAISED = "AttributeError"


def why_caught(context: Context, node: cst.CSTNode) -> Doubt | None:
    """Why a use of the client is not the same without None; None if nothing waits for the error.

    Where the function asks whether there is a client, it does not wait for any error.
    """
    function = context.function(node)
    if caught_by(context.tree, node, _RAISED, *(() if id(function) in _asking(context) else ALL)):
        return CAUGHT
    if isinstance(function, cst.FunctionDef) and _RAISED in context.tree.text:
        for call in _calls(context).get(function.name.value, ()):
            if caught_by(context.tree, call, _RAISED):
                return CAUGHT
    if isinstance(function, cst.FunctionDef) and context.elsewhere(caught_key(function.name.value)):
        return CAUGHT
    return None


def waiting(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The names of functions that are called where the error is caught, and the calls."""
    if _RAISED in context.tree.text:
        for name, calls in _calls(context).items():
            yield from ((name, call) for call in calls if caught_by(context.tree, call, _RAISED))


@remembered
def _calls(context: Context) -> dict[str, list[cst.CSTNode]]:
    """All calls of the text, by the last name of what is called."""
    found: dict[str, list[cst.CSTNode]] = {}
    for call in context.tree.nodes(cst.Call):
        name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
        if isinstance(name, cst.Name):
            found.setdefault(name.value, []).append(call)
    return found


@remembered
def _asking(context: Context) -> set[int]:
    """The functions, by id, that test a hub's client for None or truth."""
    return {
        id(context.function(use.node))
        for trigger in ("Hub.client", "=Client")
        for use in named(context, trigger)
        if isinstance(use.node, cst.BaseExpression) and test_around(context, use.node) is not None
    }
