"""Values of the project's own for parameters that are annotated as the SDK's.

`def fill(scope: Scope)` may be given a class of the project that has the same attributes, and not
the methods which a fix calls. Owns telling where. Refuses to know what a fix calls.
"""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.given_values import own_value, own_value_key
from sentry_migrate.sdk.uses import Use


def given_in(context: Context, use: Use | None) -> str:
    """Where the parameter whose attribute is used gets a value that may be of the project; empty
    if nowhere."""
    param = use.owner.node if use is not None and use.owner is not None else None
    function = context.parent(context.parent(param) or param) if param is not None else None
    if not isinstance(param, cst.Param) or not isinstance(function, cst.FunctionDef) or param.star:
        return ""
    name, index = function.name.value, -1
    positional = [*function.params.posonly_params, *function.params.params]
    if any(one is param for one in positional):
        index = next(at for at, one in enumerate(positional) if one is param)
    holder = context.function(context.parent(function) or function)
    if isinstance(holder, cst.ClassDef):
        name = holder.name.value if name == "__init__" else name
        if not _is_static(context, function):
            if index == 0:
                return ""  # the instance itself
            index -= index > 0
    kind = own_value_key(name, param.name.value, index)
    line = _line(context, kind)
    return f"line {line}" if line else context.elsewhere(kind)


@remembered
def _line(context: Context, kind: str) -> int:
    """Where this text has that kind of code; 0 for nowhere."""
    return own_value(kind, context.tree.text.encode("utf-8", "surrogatepass"))


def _is_static(context: Context, function: cst.FunctionDef) -> bool:
    return any(context.code(one.decorator) == "staticmethod" for one in function.decorators)
