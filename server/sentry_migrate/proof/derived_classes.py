"""From which classes of other files a text derives classes, or may have some derived.

What `self.method()` calls is not what stands beside it where another file overrides the method.
Owns finding such files, by the class's name. Refuses to know what the methods do.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.project.modules import SDK
from sentry_migrate.project.plan_words import DERIVED
from sentry_migrate.proof.classes import Classes, path_of

_ASKING = ("isinstance", "issubclass")


def derived_elsewhere(context: Context, owner: cst.BaseExpression) -> str:
    """Where another file may derive a class from that of `self` in a method, or from one that this
    text derives from it; empty if none does, or if `owner` is something else than that `self`."""
    own = Classes.of(context).of_receiver(owner)
    bindings = context.scopes.reaching(owner) if isinstance(owner, cst.Name) else ()
    if own is None or any(one.kind != "param" for one in bindings):
        return ""
    names = sorted(one.node.name.value for one in Classes.of(context).heirs(own))
    return next(filter(None, (context.elsewhere(f"{DERIVED}{name}") for name in names)), "")


def places(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The kinds of the plan that a text has for that reason, and where: bases of classes, and
    imported names that are given to a call, such as `type()` or a decorator."""
    found: dict[str, cst.CSTNode] = {}
    for node in context.tree.nodes(cst.ClassDef):
        for base in node.bases:
            found.setdefault(_class(context, base.value, imported=False), base)
    for arg in context.tree.nodes(cst.Arg):
        call = context.parent(arg)
        if isinstance(call, cst.Call) and path_of(context, call.func) not in _ASKING:
            values = [arg.value]
            if isinstance(arg.value, cst.Tuple | cst.List):
                values = [one.value for one in arg.value.elements]
            for value in values:
                found.setdefault(_class(context, value, imported=True), arg)
    yield from ((f"{DERIVED}{name}", node) for name, node in found.items() if name)


def _class(context: Context, node: cst.BaseExpression, imported: bool) -> str:
    """The name that a class may have in its own file; empty where it is none of the project, or
    something else than an `imported` name."""
    if isinstance(node, cst.Subscript):
        node = node.value
    if not isinstance(node, cst.Name | cst.Attribute):
        return ""
    path = path_of(context, node)
    if "." in path:
        foreign = path.partition(".")[0] in (SDK, *sys.stdlib_module_names)
        return "" if foreign else path.rpartition(".")[2]
    return "" if imported else (node.value if isinstance(node, cst.Name) else node.attr.value)
