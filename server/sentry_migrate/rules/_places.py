"""Where a use runs: at import, at start-up, before `init()`.

Owns what can be read from the file about the order of `init()` and a use, and about threads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.rules._context import Context
from sentry_migrate.rules._index import named, triggers
from sentry_migrate.syntax.bindings import first_name, walk
from sentry_migrate.syntax.uses import Use

_INIT_LIKE = re.compile(
    r"sentry|observability|telemetry|monitoring|tracing|^django\.setup$", re.IGNORECASE
)
_THREADS = re.compile(r"\b(?:gevent|eventlet|greenlet|threading|Thread|concurrent)\b")
_SENDS = ("capture_message", "capture_exception", "capture_event", "start_transaction")

BEFORE_INIT = "it runs before `init()`: 1.x drops the data then, 2.x keeps it"
UNKNOWN_INIT = (
    "it runs at import time and no `init()` comes before it here: 1.x drops the data before "
    "`init()`, 2.x keeps it"
)
START_UP = (
    "it runs at start-up: threads and greenlets started otherwise than from here have an "
    "isolation scope of their own in 2.x"
)


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a use's moment."""

    start_up: bool
    """At import time, or in the function that calls `init()`."""
    reason: str
    """Why the isolation scope is not proved to be the right one; empty when it is."""


def place_of(context: Context, node: cst.CSTNode) -> Place:
    """Judge the moment at which `node` runs."""
    function = context.function(node)
    at = context.span(node)[0]
    inits = [use.start for use in _inits(context) if context.function(use.node) is function]
    at_import = isinstance(function, cst.Module | cst.ClassDef)
    if inits and min(inits) > at:
        return Place(True, BEFORE_INIT)
    if at_import and not inits and not _init_like_before(context, at):
        return Place(True, UNKNOWN_INIT)
    if not at_import and not inits:
        return Place(False, BEFORE_INIT if _called_before_init(context, function) else "")
    if _self_contained(context, function) or (at_import and _runs_on(context, at)):
        return Place(True, "")
    return Place(True, START_UP)


def _called_before_init(context: Context, function: cst.CSTNode) -> bool:
    """Whether the file calls the function by its name and then, in the same place, `init()`."""
    if not isinstance(function, cst.FunctionDef):
        return False
    return any(
        context.span(load)[0] < use.start and context.function(load) is context.function(use.node)
        for load in context.scopes.loads.get(function.name.value, ())
        if _calls(context, load, function)
        for use in _inits(context)
    )


def _calls(context: Context, load: cst.Name, function: cst.FunctionDef) -> bool:
    call = context.parent(load)
    if not isinstance(call, cst.Call) or call.func is not load:
        return False
    return any(one.node is function for one in context.scopes.reaching(load))


def _inits(context: Context) -> Iterator[Use]:
    return (use for use in named(context, "sentry_sdk.init") if use.call is not None)


def _init_like_before(context: Context, at: int) -> bool:
    """Whether a module-level call before `at` may initialise Sentry."""
    key = "init-like"
    if key not in context.memory:
        context.memory[key] = next(_init_like_statements(context), None)
    first = context.memory[key]
    return isinstance(first, int) and first < at


def _init_like_statements(context: Context) -> Iterator[int]:
    """Where the module-level statements begin that call something that may be like `init`."""
    for statement in context.tree.module.body:
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            continue
        calls = (node for node in walk(statement) if isinstance(node, cst.Call))
        if any(_may_initialise(context, call) for call in calls):
            yield context.span(statement)[0]


def _may_initialise(context: Context, call: cst.Call) -> bool:
    """Whether the function calls `init()`, as it stands here or as its name or module says."""
    first = first_name(call.func)
    bindings = context.scopes.reaching(first) if first is not None else ()
    here = [one.node for one in bindings if one.kind == "def"]
    if here:
        return any(context.function(use.node) in here for use in _inits(context))
    if context.values.trigger(call.func):
        return False
    name = context.code(call.func)
    paths = [one.path + name[len(one.name) :] for one in bindings if one.kind == "import"]
    return any(map(_INIT_LIKE.search, paths or [name]))


def _self_contained(context: Context, function: cst.CSTNode) -> bool:
    """Whether the events that the data is for are sent by the same code, in the same thread."""
    key = "senders"
    if key not in context.memory:
        context.memory[key] = {
            id(context.function(use.node))
            for trigger in triggers(context)
            if trigger.rpartition(".")[2] in _SENDS
            for use in named(context, trigger)
            if use.call is not None
        }
    senders = context.memory[key]
    if not isinstance(senders, set) or id(function) not in senders:
        return False
    return not _THREADS.search(context.tree.text)


def _runs_on(context: Context, at: int) -> bool:
    """Whether the module is a script that goes on to call functions of its own, in this thread.

    A method call is not enough: `app.run()` may start threads of any kind.
    """
    if _THREADS.search(context.tree.text):
        return False
    return any(
        isinstance(small, cst.Expr)
        and isinstance(small.value, cst.Call)
        and isinstance(small.value.func, cst.Name)
        for statement in context.tree.module.body
        if isinstance(statement, cst.SimpleStatementLine) and context.span(statement)[0] > at
        for small in statement.body
    )
