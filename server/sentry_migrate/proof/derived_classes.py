"""From which classes of other files a text derives classes, or may have some derived.

What `self.method()` calls is not what stands beside it where another file overrides the method.
Owns finding such files, by the class's name. Refuses to know what the methods do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.project.plan_words import DERIVED
from sentry_migrate.proof.classes import Classes, path_of
from sentry_migrate.proof.other_files import FOREIGN


def overridden(
    context: Context, member: Callable[[str], str], owner: cst.BaseExpression, name: str
) -> str:
    """What may run of a class in another file in place of a method of `self`, where `member` says
    what members may do that have a name; empty for an instance that is made here.
    """
    own = Classes.of(context).of_receiver(owner)
    has_bases = own is not None and Classes.of(context).family(own)[1]
    if name.startswith("__") and not name.endswith("__"):
        return ""  # no other class has it by this name
    bindings = context.scopes.reaching(owner) if isinstance(owner, cst.Name) else ()
    if own is None or any(one.kind != "param" for one in bindings):
        return ""
    heirs = sorted(one.node.name.value for one in Classes.of(context).heirs(own))
    is_derived = any(context.elsewhere(f"{DERIVED}{one}") for one in heirs)
    return (member(name) if is_derived else "") or (
        member("__init_subclass__") if has_bases else ""
    )


def places(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The kinds of the plan that a text has for that reason, and where: bases of classes, and
    imported names that are given to a call, such as `type()` or a decorator."""
    found: dict[str, cst.CSTNode] = {}
    for node in context.tree.nodes(cst.ClassDef):
        for base in node.bases:
            found.setdefault(_class(context, base.value, imported=False), base)
    for arg in context.tree.nodes(cst.Arg):
        call = context.parent(arg)
        if not isinstance(call, cst.Call) or path_of(context, call.func) in _READING:
            continue
        several = isinstance(arg.value, cst.Tuple | cst.List)
        for one in arg.value.elements if several else (arg,):  # type: ignore[attr-defined]
            found.setdefault(_class(context, one.value, imported=True), arg)
    yield from ((f"{DERIVED}{name}", node) for name, node in found.items() if name)


_READING = frozenset(("getattr", "hasattr", "id", "isinstance", "issubclass", "print", "repr"))
_READING |= {"str", "super", "typing.cast", "vars"}
"""Functions that leave the class that they are given as it is."""


def _class(context: Context, node: cst.BaseExpression, imported: bool) -> str:
    """The name that a class may have in its own file; empty where it is none of the project, or
    something else than an `imported` name."""
    if isinstance(node, cst.Subscript):
        node = node.value
    if not isinstance(node, cst.Name | cst.Attribute):
        return ""
    path = path_of(context, node)
    if "." in path:
        return "" if path.partition(".")[0] in FOREIGN else path.rpartition(".")[2]
    return "" if imported else (node.value if isinstance(node, cst.Name) else node.attr.value)
