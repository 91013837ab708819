"""What a text gives the library to be called later, behind code that does not name it.

Owns finding these values. Refuses to know what they do when they are called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.proof.classes import path_of
from sentry_migrate.proof.library import LATER, STREAMS

_GIVEN = {path: index for functions in LATER.values() for path, index in functions.items()}


@remembered
def kept(context: Context) -> Mapping[str, Sequence[cst.BaseExpression]]:
    """By the path of a library's function or variable, what it is given to keep."""
    result: dict[str, list[cst.BaseExpression]] = {}
    for call in context.tree.nodes(cst.Call):
        path = path_of(context, call.func)
        if path in _GIVEN and len(call.args) > _GIVEN[path]:
            result.setdefault(path, []).append(call.args[_GIVEN[path]].value)
        elif path == "setattr" and len(call.args) == 3:
            module, name, value = (arg.value for arg in call.args)
            text = name.evaluated_value if isinstance(name, cst.SimpleString) else None
            stream = f"{path_of(context, module)}.{text}" if isinstance(text, str) else ""
            if stream in STREAMS:
                result.setdefault(stream, []).append(value)
    for assign in context.tree.nodes(cst.Assign):
        for one in assign.targets:
            path = path_of(context, one.target)
            if path in STREAMS and isinstance(one.target, cst.Attribute):
                result.setdefault(path, []).append(assign.value)
    return result
