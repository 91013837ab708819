"""Which functions and classes end an error of the code that they run.

Owns decorators and context managers of the project that go on after an error, and finding them
around code, also where another file has them. Refuses to know whose error it is.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.call_keys import function_key
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import caught_key
from sentry_migrate.proof.call_graph import own_module
from sentry_migrate.proof.other_files import FOREIGN, called_outside
from sentry_migrate.python.bindings import Binding, first_name, walk
from sentry_migrate.python.caught import ALL, around, goes_on

RAISED = "AttributeError"
_EXITS = ("__exit__", "__aexit__")
_NOTHING = ("False", "None")


def swallowed(context: Context, node: cst.CSTNode) -> bool:
    """Whether the function that holds a node goes on after any error of it, or those who call it
    through a decorator do."""
    attempts = [*around(context.tree, node)]
    if any(goes_on(one, RAISED, *ALL) for one in attempts):
        return True
    managers = [item.item for one in attempts if isinstance(one, cst.With) for item in one.items]
    function = context.function(node)
    if isinstance(function, cst.FunctionDef):
        managers += [one.decorator for one in function.decorators]
    return any(_swallows(context, one) for one in managers)


def swallowing(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The kinds of the plan for what a module has that ends errors of others, and where."""
    for node in context.tree.module.body:
        if isinstance(node, cst.FunctionDef | cst.ClassDef) and _ends_errors(context, node):
            yield _by(function_key(own_module(context), node.name.value)), node


def _by(function: str) -> str:
    return caught_key(f"by {function}")


def _swallows(context: Context, user: cst.BaseExpression) -> bool:
    """Whether what is entered, or decorates, is known to end errors."""
    func = user.func if isinstance(user, cst.Call) else user
    first = first_name(func)
    if first is None:
        return False
    for binding in context.scopes.reaching(first):
        if isinstance(binding.node, cst.FunctionDef | cst.ClassDef):
            if func is first and _ends_errors(context, binding.node):
                return True
        elif _is_of_project(binding) and any(
            context.elsewhere(_by(key)) for key in called_outside(context, func) if key[0] != "."
        ):
            return True
    return False


def _is_of_project(binding: Binding) -> bool:
    return binding.kind == "import" and binding.path.partition(".")[0] not in FOREIGN


@remembered
def _ends_errors(context: Context, node: cst.FunctionDef | cst.ClassDef) -> bool:
    if isinstance(node, cst.ClassDef):
        return any(
            _returns_truth(one)
            if one.name.value in _EXITS
            else one.name.value == "__call__" and _runs_others(context, one)
            for one in node.body.body
            if isinstance(one, cst.FunctionDef)
        )
    return _runs_others(context, node)


def _returns_truth(function: cst.FunctionDef) -> bool:
    """Whether an `__exit__()` may return what is true, of itself and not as another does."""
    for node in walk(function.body):
        value = node.value if isinstance(node, cst.Return) else None
        if value is None or (isinstance(value, cst.Name) and value.value in _NOTHING):
            continue
        inner = value.expression if isinstance(value, cst.Await) else value
        func = inner.func if isinstance(inner, cst.Call) else None
        if not (isinstance(func, cst.Attribute) and func.attr.value in _EXITS):
            return True
    return False


def _runs_others(context: Context, function: cst.FunctionDef) -> bool:
    """Whether a function, or one inside, goes on after an error of code that it was given."""
    given = {one.name.value for one in walk(function) if isinstance(one, cst.Param)}
    for node in walk(function.body):
        if isinstance(node, cst.Call):
            first = first_name(node.func)
            runs = first is not None and first.value in given
        else:
            runs = isinstance(node, cst.Yield)
        if runs and any(goes_on(one, RAISED, *ALL) for one in around(context.tree, node)):
            return True
    return False
