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
from sentry_migrate.proof.patches import called_by, patches
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
    for put in context.scopes.replaced:
        path = put.module if put.holder is None else path_of(context, put.holder)
        if path and put.value is not None:
            path = f"{path}.{put.name or ANY_NAME}"
            result.setdefault(path, []).extend(called_by(context, put.value))
    for assign in context.tree.nodes(cst.Assign):
        for one in assign.targets:
            path = path_of(context, one.target)
            if path and isinstance(one.target, cst.Attribute):
                result.setdefault(path, []).extend(called_by(context, assign.value))
    for patch in patches(context):
        for path in () if patch.is_property else patch.paths:
            result.setdefault(path, []).extend(patch.values)
    of_the_sdk = [path for path in result if path.startswith("sentry_sdk.")]
    for path in of_the_sdk:
        result.setdefault("sentry_sdk", []).extend(result[path])
    return result
