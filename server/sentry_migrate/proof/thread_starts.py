"""Where a text says that its process may have several threads, and whether these start later.

Owns telling which threads have the data that is set before. Refuses to know when that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import OWN_INTEGRATIONS
from sentry_migrate.project.function_uses import other_use_key
from sentry_migrate.project.thread_words import INTEGRATIONS, THREADING
from sentry_migrate.proof.call_graph import runs_in
from sentry_migrate.python.bindings import Binding, dotted

_IMPORTERS = ("import_module", "__import__")
_EXECUTOR = "ThreadPoolExecutor"
_HARMLESS = frozenset(
    (
        *("ALL_COMPLETED", "CancelledError", "FIRST_COMPLETED", "FIRST_EXCEPTION", "Future"),
        *("TimeoutError", "as_completed", "wait"),
    )
)
"""What `concurrent.futures` has that starts nothing."""


def starts_threads(context: Context) -> Sequence[cst.CSTNode]:
    """The first place, if any, that says that the text's process may have several threads: an
    import, an attribute, or a module's dotted name in a string, as settings have it. An empty
    `Context()` counts too: what runs in one has the data of as few scopes as a new thread."""
    return _places(context)[:1]


@remembered
def _places(context: Context) -> Sequence[cst.CSTNode]:
    tree = context.tree
    found: list[cst.CSTNode] = [binding.node for binding in _imports(context)]
    found += (node for node in tree.nodes(cst.Attribute) if node.attr.value in THREADING)
    found += (node for node in tree.nodes(cst.SimpleString) if _names_module(context, node))
    calls = tree.nodes(cst.Call) if "contextvars" in tree.text else ()
    found += (one for one in calls if context.scopes.imported(one.func) == "contextvars.Context")
    return sorted(found, key=context.span)


def _names_module(context: Context, node: cst.SimpleString) -> bool:
    first, dot, rest = str(node.evaluated_value).partition(".")
    if first not in THREADING or not (first + rest.replace(".", "")).isidentifier():
        return False
    arg = context.parent(node)
    call = context.parent(arg) if isinstance(arg, cst.Arg) else None
    imported = isinstance(call, cst.Call) and context.code(call.func).endswith(_IMPORTERS)
    return bool(dot) or imported


def _imports(context: Context) -> Iterator[Binding]:
    for scope in context.scopes.scopes.values():
        for bindings in scope.bindings.values():
            for one in bindings:
                if one.kind == "import" and not THREADING.isdisjoint(one.path.split(".")):
                    yield one


def runs_before(context: Context, node: cst.CSTNode) -> bool:
    """Whether all threads that the text starts are those of `with ThreadPoolExecutor():` behind a
    node in the same function: both SDKs give them what the function set before."""
    imports = list(_imports(context))
    names = {_EXECUTOR, *(one.name for one in imports)}
    return (
        len(imports) == len(_places(context))
        and all(_starts_behind(context, one, node) for one in imports)
        and not any(
            context.elsewhere(other_use_key(name, awaits=False, target=False)) for name in names
        )
        and not (context.elsewhere(OWN_INTEGRATIONS) or [*own_integrations(context)])
    )


def _starts_behind(context: Context, binding: Binding, node: cst.CSTNode) -> bool:
    """Whether a name of `concurrent.futures` starts no other threads, if it is used at all."""
    reads = context.scopes.reads_of(binding) if binding.path.startswith("concurrent") else ()
    for read in reads:
        used: cst.CSTNode = read
        while isinstance(holder := context.parent(used), cst.Attribute):
            used = holder
        home, _, name = (binding.path + dotted(used)[len(read.value) :]).rpartition(".")
        if home == "concurrent.futures" and name in _HARMLESS:
            continue
        item = context.parent(holder) if isinstance(holder, cst.Call) else None
        if name != _EXECUTOR or not isinstance(item, cst.WithItem):
            return False
        behind = context.span(used)[0] > context.span(node)[0]
        if not behind or runs_in(context, used) is not runs_in(context, node):
            return False
    return bool(reads)


def own_integrations(context: Context) -> Iterator[cst.CSTNode]:
    """What may turn off the integration that gives threads their data."""
    if not any(word in context.tree.text for word in INTEGRATIONS):
        return
    for kind in (cst.Name, cst.SimpleString):
        for node in context.tree.nodes(kind):
            if any(word in context.code(node) for word in INTEGRATIONS):
                yield node
