"""Values of the project's own for parameters and fields that are annotated as the SDK's.

`def fill(scope: Scope)`, or a class with the field `scope: Scope`, may be given a class of the
project that has the same attributes, and not the methods which a fix calls. Owns telling where.
Refuses to know what a fix calls.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.project.given_values import ANYWHERE, own_value, own_value_key
from sentry_migrate.project.sdk_members import HANDED
from sentry_migrate.proof.classes import path_of
from sentry_migrate.python.bindings import walk
from sentry_migrate.sdk.class_members import ClassMembers
from sentry_migrate.sdk.uses import Use

_PLAIN = frozenset(("abc", "object", "typing", "typing_extensions"))
"""Where bases come from that have no fields."""


def given_in(context: Context, use: Use | None) -> str:
    """Where the parameter or the field whose attribute is used gets a value that may be of the
    project; empty if nowhere."""
    for kind in _kinds(context, use):
        line = _line(context, kind)
        if found := f"line {line}" if line else context.elsewhere(kind):
            return found
    return ""


def _kinds(context: Context, use: Use | None) -> Iterator[str]:
    """The kinds of code that may give it such a value."""
    owner = use.owner if use is not None else None
    if isinstance(owner.node if owner is not None else None, cst.Param):
        assert owner is not None
        yield from _of_parameter(context, owner.node)
    elif use is not None and owner is not None and owner.type in HANDED and owner.origin == "param":
        yield from _of_field(context, use, owner.node)


def _of_parameter(context: Context, param: cst.CSTNode | None) -> Iterator[str]:
    function = context.parent(context.parent(param) or param) if param is not None else None
    if not isinstance(param, cst.Param) or not isinstance(function, cst.FunctionDef) or param.star:
        return
    name, index = function.name.value, -1
    positional = [*function.params.posonly_params, *function.params.params]
    if any(one is param for one in positional):
        index = next(at for at, one in enumerate(positional) if one is param)
    holder = context.function(context.parent(function) or function)
    if isinstance(holder, cst.ClassDef):
        name = holder.name.value if name == "__init__" else name
        if not _is_static(context, function):
            if index == 0:
                return  # the instance itself
            index -= index > 0
    yield own_value_key(name, param.name.value, index)


def _of_field(context: Context, use: Use, declared: cst.CSTNode | None) -> Iterator[str]:
    """By the class that declares the field; of one in another file, it is not known where its
    instances are given it."""
    holder = context.scopes.scope_of(declared).node if declared is not None else None
    if isinstance(holder, cst.ClassDef) and isinstance(declared, cst.Name):
        found = (one.target for one in walk(holder.body) if isinstance(one, cst.AnnAssign))
        fields = sorted((one for one in found if isinstance(one, cst.Name)), key=context.span)
        names = [one.value for one in fields]
        plain = all(path_of(context, one.value).partition(".")[0] in _PLAIN for one in holder.bases)
        index = names.index(declared.value) if plain and declared.value in names else ANYWHERE
        yield own_value_key(holder.name.value, declared.value, index, stored=True)
        return
    read = getattr(use.node, "value", None)
    if declared is None and isinstance(read, cst.Attribute):
        members = _members(context)
        classes = {path.rpartition(".")[2] for path in members.imported(read.value)}
        classes.update(one.name.value for one in members.lineage(read.value))
        for name in sorted(classes):
            yield own_value_key(name, read.attr.value, ANYWHERE, stored=True)


@remembered
def _members(context: Context) -> ClassMembers:
    return ClassMembers(context.tree, context.scopes)


@remembered
def _line(context: Context, kind: str) -> int:
    """Where this text has that kind of code; 0 for nowhere."""
    return own_value(kind, context.tree.text.encode("utf-8", "surrogatepass"))


def _is_static(context: Context, function: cst.FunctionDef) -> bool:
    return any(context.code(one.decorator) == "staticmethod" for one in function.decorators)
