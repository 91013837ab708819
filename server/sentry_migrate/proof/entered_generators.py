"""Whether a generator is a context manager that runs in one context from beginning to end.

Owns the proof: `contextlib` makes the manager, and all code of the project only enters it by
`with`, in functions that run to their end, or in such generators. Refuses to know what the
generator does.
"""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.function_uses import other_use, other_use_key
from sentry_migrate.proof.classes import decorator_path

_MAKERS = {"contextlib.contextmanager": False, "contextlib.asynccontextmanager": True}
"""By decorator, whether it is entered by `async with`."""


def stays_in_context(context: Context, node: cst.CSTNode, awaits: bool) -> bool:
    """Whether the generator that holds a node is left in the context in which it was entered, as
    also its caller's code runs to its end without a break, unless that only `awaits`."""
    return _by_with(context, context.function(node), awaits, True)


def is_dropped(context: Context, node: cst.CSTNode) -> bool:
    """Whether a value is only yielded by such a generator, and no `with` takes it."""
    given, function = context.parent(node), context.function(node)
    if not isinstance(given, cst.Yield) or not isinstance(context.parent(given), cst.Expr):
        return False
    return _by_with(context, function, True, False)


@remembered
def _by_with(context: Context, function: cst.CSTNode, awaits: bool, target: bool) -> bool:
    if not isinstance(function, cst.FunctionDef) or len(function.decorators) != 1:
        return False
    own = context.scopes.bound_by(function)
    if own is None or own.scope is not context.scopes.module or context.path is None:
        return False
    if len(own.scope.bindings[own.name]) != 1 or context.scopes.may_bind_anew(own.at):
        return False
    is_async = _MAKERS.get(decorator_path(context, function.decorators[0]))
    if is_async is None or is_async is not (function.asynchronous is not None):
        return False
    # Those below in the text only, so that none asks about itself.
    through = [
        one.name.value
        for one in context.tree.module.body
        if isinstance(one, cst.FunctionDef)
        and context.span(one)[0] > context.span(function)[0]
        and _by_with(context, one, awaits, True)
    ]
    kind = other_use_key(own.name, awaits, target)
    data = context.tree.text.encode("utf-8", "surrogatepass")
    return not other_use(kind, data, through) and not context.elsewhere(kind)
