"""Which hub is active where.

Owns what changes that between two places of one function: `with hub:`, and what a reader of its
lines does not see, a generator that goes on elsewhere. Refuses to know what a hub's members become.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import OTHER_HUB, Doubt, differs
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import named
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import binds_key
from sentry_migrate.project.implied_calls import ENTERING
from sentry_migrate.project.sdk_members import SPANS
from sentry_migrate.proof.call_graph import CallGraph, Moments, runs_in
from sentry_migrate.proof.classes import Classes, all_members, path_of
from sentry_migrate.proof.other_files import called_outside, name_outside
from sentry_migrate.proof.thread_starts import starts_threads
from sentry_migrate.python.managers import entered_by
from sentry_migrate.sdk.names import PUSHES
from sentry_migrate.sdk.value_types import Obj

OTHER_ACTIVE = differs("a different hub is active around this line")
RESUMED = OTHER_HUB.about("a generator may resume where a different hub is active")


def since(context: Context, taken: int, node: cst.CSTNode) -> Doubt | None:
    """Why another hub may be active at `node` than at the offset `taken` of the same function.

    None where nothing says so.
    """
    if any(context.span(block)[0] > taken for block in activations(context, node)):
        return OTHER_ACTIVE
    if any(context.span(item)[0] > taken for item in _managers_around(context, node)):
        return OTHER_ACTIVE
    for start, end, reason in _switches(context).get(id(context.function(node)), ()):
        if taken < start and end <= context.span(node)[0]:
            return reason
    lazy = context.tree.enclosing(node, cst.GeneratorExp)
    return RESUMED if lazy is not None and taken < context.span(lazy)[0] else None


def activations(context: Context, node: cst.CSTNode) -> list[cst.With]:
    """The `with hub:` blocks of the same function around a node, innermost first."""
    function = context.function(node)
    result = []
    for holder in context.tree.holders(node, cst.With, type(function)):
        if holder is function:
            break
        if not isinstance(holder, cst.With):
            continue
        ends = [context.span(item)[1] for item in holder.items if activates(context, item.item)]
        # The items after the hub's run with it active, as the body does.
        if ends and min(ends) <= context.span(node)[0]:
            result.append(holder)
    return result


def activates(context: Context, manager: cst.BaseExpression) -> bool:
    """A hub, or `isolation_scope()`, which is what a cloned hub has become."""
    value = context.value(manager)
    return isinstance(value, Obj) and (
        value.type == "Hub" or (value.type, value.origin) == ("Manager", "isolation_scope")
    )


def _managers_around(context: Context, node: cst.CSTNode) -> Iterator[cst.WithItem]:
    """What `with` enters around a node, in the same function, that may activate another hub."""
    function = context.function(node)
    for holder in context.tree.holders(node, cst.With, type(function)):
        if holder is function:
            break
        for item in holder.items if isinstance(holder, cst.With) else ():
            if context.span(item)[1] <= context.span(node)[0] and _may_activate(context, item.item):
                yield item


def _may_activate(context: Context, manager: cst.BaseExpression) -> bool:
    """Whether entering a context manager runs code of the project that activates a hub."""
    if not isinstance(manager, cst.Call):
        return False
    activating, at = _activating(context), context.span(manager)[0]
    edges = CallGraph.of(context).edges.get(id(runs_in(context, manager)), ())
    if any(edge.at == at and id(edge.callee) in activating for edge in edges):
        return True
    made = Classes.of(context).called(manager.func)
    above = Classes.of(context).above(made)[0] if made is not None else ()
    entering = (member for name in ENTERING for member in all_members(above, name))
    if any(id(member.node) in activating for member in entering):
        return True
    return any(
        context.elsewhere(binds_key(one, "hub"))
        for key in called_outside(context, manager.func)
        for one in (key, *(f"{key}.{name}" for name in ENTERING))
    )


@remembered
def _activating(context: Context) -> set[int]:
    """The ids of functions that activate a hub, or call one that does."""
    managers: list[cst.BaseExpression] = [one.item for one in context.tree.nodes(cst.WithItem)]
    managers += filter(None, map(entered_by, context.tree.nodes(cst.Call)))
    active = {id(runs_in(context, one)) for one in managers if activates(context, one)}
    return CallGraph.of(context).reaching(active - {id(context.tree.module)})


_BINDING = ("sentry_sdk.init", "Hub.bind_client")
_STARTING = frozenset(("apply_async", "map", "run_in_executor", "start", "submit"))
_STARTERS = frozenset(("_thread.start_new_thread", "asyncio.to_thread"))
"""Methods of threads and pools, and functions, that start a thread."""
_PUSHING = (*PUSHES, "sentry_sdk.isolation_scope", "sentry_sdk.new_scope")
_READING = ("Hub.client", "sentry_sdk.is_initialized", "sentry_sdk.get_client")


def binds_client(context: Context, block: cst.With) -> bool:
    """Whether a client is bound inside the block, also by a function of another file."""
    return _binding(context).within(context, block)


def binds_anywhere(context: Context) -> bool:
    """Whether code of the text binds a client."""
    return next(_nodes(context, _BINDING), None) is not None


def binds_between(context: Context, function: cst.CSTNode, low: int, high: int) -> bool:
    """The like for two offsets of a function, or of the module."""
    return _binding(context).between(function, low, high)


def binding_functions(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The kinds of the plan for the functions of a text that bind a client when they are called,
    or activate a hub, and the functions."""
    graph = CallGraph.of(context)
    running = graph.reaching({id(runs_in(context, node)) for node in _nodes(context, _BINDING)})
    for functions, what in ((running, "client"), (_activating(context), "hub")):
        for scope in context.scopes.scopes.values():
            name = name_outside(context, scope.node) if id(scope.node) in functions else ""
            if name:
                yield binds_key(name, what), scope.node


def pushes_scope(context: Context, block: cst.With) -> bool:
    """Whether a scope is pushed inside the block, or was before a fix."""
    return _moments(context, _PUSHING).within(context, block)


def reads_client(context: Context, block: cst.With) -> bool:
    """Whether the client of the active hub is read inside the block."""
    return _moments(context, _READING).within(context, block)


def ends_span(context: Context, block: cst.With) -> bool:
    """Whether a span ends inside the block that may have been started outside of it."""
    return _ends(context).within(context, block)


def starts_thread(context: Context, block: cst.With) -> bool:
    """Whether a thread may be started inside the block."""
    return _starting(context).within(context, block)


@remembered
def _starting(context: Context) -> Moments:
    calls = context.tree.nodes(cst.Call) if starts_threads(context) else ()
    return Moments.of(context, (call for call in calls if _starts(context, call)))


def _starts(context: Context, call: cst.Call) -> bool:
    """Whether a call may start a thread: a method of that name, or a function of a module."""
    func = call.func
    if isinstance(func, cst.Attribute) and func.attr.value in _STARTING:
        return not context.values.trigger(func)
    return path_of(context, func) in _STARTERS


@remembered
def _ends(context: Context) -> Moments:
    entered = (item.item for item in context.tree.nodes(cst.WithItem))
    finished = (use.node for name in sorted(SPANS) for use in named(context, f"{name}.finish"))
    kept = (one for one in entered if not isinstance(one, cst.Call) and _is_span(context, one))
    return Moments.of(context, (*kept, *finished))


def _is_span(context: Context, node: cst.CSTNode) -> bool:
    value = context.value(node)
    return isinstance(value, Obj) and value.type in SPANS


@remembered
def _binding(context: Context) -> Moments:
    outside = (
        call
        for call in context.tree.nodes(cst.Call)
        if any(context.elsewhere(binds_key(name)) for name in called_outside(context, call.func))
    )
    return Moments.of(context, (*_nodes(context, _BINDING), *outside))


@remembered
def _moments(context: Context, triggers: Sequence[str]) -> Moments:
    """Where code runs that has such uses."""
    return Moments.of(context, _nodes(context, triggers))


def _nodes(context: Context, triggers: Sequence[str]) -> Iterator[cst.CSTNode]:
    uses = (use for trigger in triggers for use in named(context, trigger))
    return (use.node for use in uses if isinstance(use.node, cst.BaseExpression))


def is_client(context: Context, node: cst.CSTNode) -> bool:
    """Whether an expression always gives a client that is made in this text, and never None."""
    client = context.values.instance(node, "Client")
    if client is None or client.origin != "made":
        return False
    given = (
        [one.value for one in context.scopes.reaching(node)]
        if isinstance(node, cst.Name)
        else [node]
    )
    return all(isinstance(one, cst.Call) for one in given)


@remembered
def _switches(context: Context) -> dict[int, list[tuple[int, int, Doubt]]]:
    """Spans after which another hub may be active, and why, by id of the function."""
    found: dict[int, list[tuple[int, int, Doubt]]] = {}
    for node, reason in _everywhere(context):
        inside = found.setdefault(id(context.function(node)), [])
        inside.append((*context.span(node), reason))
    return found


def _everywhere(context: Context) -> Iterator[tuple[cst.CSTNode, Doubt]]:
    for node in context.tree.by_type.get(cst.Yield, ()):
        yield node, RESUMED
    for call in context.tree.by_type.get(cst.Call, ()):
        manager = entered_by(call) if isinstance(call, cst.Call) else None
        if manager is not None and activates(context, manager):
            yield call, OTHER_ACTIVE
