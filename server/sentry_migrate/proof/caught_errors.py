"""Whether code waits for the `AttributeError` that a member of None raises, or goes on after it.

Owns finding what ends the error around a use of a client, or around its function's calls.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import CLIENT_IS_NONE, Doubt
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import named
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import caught_key
from sentry_migrate.proof.other_files import called_outside, name_outside
from sentry_migrate.proof.swallowed_errors import RAISED, swallowed, swallowing
from sentry_migrate.proof.truth_tests import test_around
from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.caught import ALL, RAISES, caught_by, exceptions

CAUGHT = CLIENT_IS_NONE.about(
    "the `except` may be there for the `AttributeError` raised when the client is `None`"
)
SWALLOWED = CLIENT_IS_NONE.about(
    "code goes on after the `AttributeError` raised when the client is `None`"
)

_LATER = ("apply_async", "gather", "run_in_executor", "submit", "to_thread")
"""What runs a function, and keeps its error for whoever asks."""
_KEPT = ("exception", "return_exceptions")
_ASKING = {"getattr": 3, "hasattr": 2}
"""What ends the `AttributeError` of a property, with so many arguments."""


def why_caught(context: Context, node: cst.CSTNode) -> Doubt | None:
    """Why a use of the client is not the same without None; None if nothing waits for the error.

    Where the function asks whether there is a client, it does not wait for any error.
    """
    function = context.function(node)
    asks = id(function) in _asking(context)
    if caught_by(context.tree, node, RAISED, *(() if asks else ALL)):
        return CAUGHT
    if isinstance(function, cst.FunctionDef) and _is_waited_for(context, function, RAISED):
        return CAUGHT
    if not asks and (
        swallowed(context, node)
        or (isinstance(function, cst.FunctionDef) and _is_swallowed(context, function))
    ):
        return SWALLOWED
    return None


def _is_waited_for(context: Context, function: cst.FunctionDef, error: str) -> bool:
    name = function.name.value
    calls = _calls(context).get(name, ()) if error in context.tree.text else ()
    called = any(caught_by(context.tree, call, error) for call in calls)
    return called or bool(context.elsewhere(caught_key(name)))


def _is_swallowed(context: Context, function: cst.FunctionDef) -> bool:
    """Whether code goes on after any error of a function."""
    names = [name_outside(context, function)]
    if any(dotted(one.decorator).endswith("property") for one in function.decorators):
        names.append(f".{function.name.value}")
    here = {key for key, _ in _going_on(context)}
    return any(name in here or context.elsewhere(caught_key(name)) for name in names if name)


def waiting(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The functions that are called where the error is caught, and the calls; and what of the text
    ends errors of others."""
    if RAISED in context.tree.text:
        for name, calls in _calls(context).items():
            found = (call for call in calls if caught_by(context.tree, call, RAISED))
            yield from ((caught_key(name), call) for call in found)
    yield from ((caught_key(name), call) for name, call in _going_on(context))
    yield from swallowing(context)


@remembered
def _going_on(context: Context) -> list[tuple[str, cst.CSTNode]]:
    """The functions after whose errors the text goes on, as other files call them, and where."""
    found: list[tuple[str, cst.CSTNode]] = []
    for call in context.tree.nodes(cst.Call):
        name = dotted(call.func).rpartition(".")[2]
        if len(call.args) == _ASKING.get(name):
            asked = call.args[1].value
            attribute = asked.evaluated_value if isinstance(asked, cst.SimpleString) else None
            if isinstance(attribute, str):
                found.append((f".{attribute}", call))
        for func in (*_run_later(context, call, name), call.func):
            if func is not call.func or swallowed(context, call):
                found += ((key, call) for key in _functions(context, func))
    return found


def _run_later(context: Context, call: cst.Call, name: str) -> Iterator[cst.BaseExpression]:
    """What a call runs of its arguments, whose error it keeps or waits for."""
    values = [arg.value for arg in call.args]
    keeps = name in _LATER and any(word in context.tree.text for word in _KEPT)
    if name in RAISES and values:
        keeps = not {RAISED, *ALL}.isdisjoint(exceptions(values[0]))
    for value in values if keeps else ():
        if isinstance(value, cst.Name | cst.Attribute):
            yield value


def _functions(context: Context, func: cst.BaseExpression) -> Iterator[str]:
    """The functions that a name means, as other files call them; no methods of anything."""
    if isinstance(func, cst.Name):
        for binding in context.scopes.reaching(func):
            if isinstance(binding.node, cst.FunctionDef):
                yield name_outside(context, binding.node)
    yield from (key for key in called_outside(context, func) if key.partition(".")[0])


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
