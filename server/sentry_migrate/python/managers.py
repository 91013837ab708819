"""Where a context manager is entered other than by `with`: `enter_context(…)`, `__enter__()`."""

from __future__ import annotations

import libcst as cst

from sentry_migrate.python.tree import Tree


def entered_by(call: cst.Call) -> cst.BaseExpression | None:
    """The context manager that a call enters."""
    if not isinstance(call.func, cst.Attribute):
        return None
    called = call.func.attr.value
    if called == "__enter__":
        return None if call.args else call.func.value
    if called == "enter_context" and len(call.args) == 1 and not call.args[0].star:
        return call.args[0].value
    return None


def entering(tree: Tree, manager: cst.CSTNode) -> cst.Call | None:
    """The call that enters a context manager; None where something else becomes of it."""
    call = tree.parent(tree.parent(manager) or manager)
    return call if isinstance(call, cst.Call) and entered_by(call) is manager else None
