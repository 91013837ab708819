"""What a text gives the library to call later, or puts in the place of what a library has.

Owns finding these values. Refuses to know what calling them does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import ANY_NAME
from sentry_migrate.proof.classes import path_of
from sentry_migrate.proof.library import LATER
from sentry_migrate.proof.put_members import put_members

Kept: TypeAlias = "cst.BaseExpression | cst.FunctionDef"

_GIVEN = {path: index for functions in LATER.values() for path, index in functions.items()}


@remembered
def kept(context: Context) -> Mapping[str, Sequence[Kept]]:
    """By the path of a function or variable of a library, what the text gives it to call later, or
    puts in its place; the path of a member has no module."""
    result: dict[str, list[Kept]] = {}
    for path, given in put_members(context):
        result.setdefault(path, []).append(given)
    for call in context.tree.nodes(cst.Call):
        path = path_of(context, call.func)
        if path in _GIVEN and len(call.args) > _GIVEN[path]:
            result.setdefault(path, []).append(call.args[_GIVEN[path]].value)
        elif path in _PATCHES and len(call.args) > 1 and not call.args[1].keyword:
            target = call.args[0].value
            named = target.evaluated_value if isinstance(target, cst.SimpleString) else None
            if isinstance(named, str):
                result.setdefault(named, []).append(call.args[1].value)
    for put in context.scopes.replaced:
        path = put.module if put.holder is None else path_of(context, put.holder)
        if path and put.value is not None:
            result.setdefault(f"{path}.{put.name or ANY_NAME}", []).append(put.value)
    for assign in context.tree.nodes(cst.Assign):
        for one in assign.targets:
            path = path_of(context, one.target)
            if path and isinstance(one.target, cst.Attribute):
                result.setdefault(path, []).append(assign.value)
    of_the_sdk = [path for path in result if path.startswith("sentry_sdk.")]
    for path in of_the_sdk:
        result.setdefault("sentry_sdk", []).extend(result[path])
    return result


_PATCHES = frozenset(("unittest.mock.patch", "mock.patch"))
