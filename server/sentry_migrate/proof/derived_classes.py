"""From which classes of other files a text derives classes, or may have some derived.

What `self.method()` calls is not what stands beside it where another file overrides the method.
Owns finding such files, by the class's name: a class that is given away, under another name or in
a list, may be the base of any class. Refuses to know what the methods do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import ANY_NAME, later_key
from sentry_migrate.project.plan_words import ASSIGNED, DERIVED, OVERRIDES
from sentry_migrate.proof.classes import PLAIN, Class, Classes, decorator_path, path_of
from sentry_migrate.proof.other_files import FOREIGN

READING = "__getattribute__"
"""The method that is asked for every member."""


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
    if not _has_heirs(context, own):
        return member("__init_subclass__") if has_bases else ""
    place = context.elsewhere(ASSIGNED + name)
    assigned = f"may call what `{name}` is in a class in {place}" if place else ""
    more = ("__init_subclass__",) if has_bases else ()
    return assigned or next(filter(None, map(member, (name, READING, *more))), "")


def put_by_heirs(context: Context, owner: cst.BaseExpression, name: str) -> str:
    """Where an attribute that the class of `self` has may be something else in another file: in a
    class derived from it, or on an instance of whatever class; empty if nowhere."""
    own = Classes.of(context).of_receiver(owner)
    if place := context.elsewhere(later_key(f".{name}")):
        return place
    if own is None or not _has_heirs(context, own):
        return ""
    return context.elsewhere(ASSIGNED + name) or context.elsewhere(OVERRIDES + name)


def _has_heirs(context: Context, own: Class) -> bool:
    """Whether a class of another file may be derived from one here, or have methods for it."""
    heirs = Classes.of(context).heirs(own)
    names = sorted({one.node.name.value for one in heirs})
    mixed = any(one.open for one in heirs if one is not own)
    return (
        mixed
        or not _given(context).keys().isdisjoint(names)
        or any(context.elsewhere(f"{DERIVED}{one}") for one in (*names, ANY_NAME))
    )


def places(context: Context) -> Iterator[tuple[str, cst.CSTNode]]:
    """The kinds of the plan that a text has for that reason, and where: bases of classes, and
    classes that are given away, such as to `type()` or a decorator."""
    found: dict[str, cst.CSTNode] = {}
    for one in Classes.of(context).by_node.values():
        for base in one.node.bases:
            found.setdefault(_class(context, base.value), base)
        if one.unseen:
            found.setdefault(ANY_NAME, one.node)
    found |= {name: node for name, node in _given(context).items() if name not in found}
    yield from ((f"{DERIVED}{name}", node) for name, node in found.items() if name)


_READING = frozenset(("getattr", "hasattr", "id", "isinstance", "issubclass", "print", "repr"))
_READING |= {"str", "super", "vars"}
"""Functions that leave the class that they are given as it is."""
_GIVING = (
    *(cst.AnnAssign, cst.Arg, cst.Assign, cst.BooleanOperation, cst.DictElement, cst.Element),
    *(cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Param, cst.Return, cst.StarredElement, cst.Yield),
)
"""What may give a value a further name, or have it in another value."""
_QUOTED = re.compile(r"[bru]*(['\"])(?:\w+[.:])+([A-Za-z_]\w*)\1", re.IGNORECASE)
"""The path of a class."""


@remembered
def _given(context: Context) -> dict[str, cst.CSTNode]:
    """By their names in their own files, what is or may be classes and is given away, and where."""
    found: dict[str, cst.CSTNode] = {}
    for loads in context.scopes.loads.values():
        for node in loads:
            if (given := _outermost(context, node)) is not None:
                found.setdefault(_class(context, given), node)
    for one in Classes.of(context).by_node.values():
        if any(decorator_path(context, each) not in PLAIN for each in one.node.decorators):
            found.setdefault(one.node.name.value, one.node)
    for text in context.tree.nodes(cst.SimpleString):
        if path := _QUOTED.fullmatch(text.value):
            found.setdefault(path[2], text)
        elif isinstance(call := context.parent(context.parent(text) or text), cst.Call):
            if path_of(context, call.func) == "getattr":
                found.setdefault(str(text.evaluated_value), text)
    for statement in context.tree.nodes(cst.ImportFrom):
        for alias in () if isinstance(statement.names, cst.ImportStar) else statement.names:
            if alias.asname is not None and isinstance(alias.name, cst.Name):
                found.setdefault(alias.name.value, alias)
    found.pop("", None)
    return found


def _outermost(context: Context, name: cst.Name) -> cst.BaseExpression | None:
    """The whole of an imported name, or the name of a class, that is given away; else None."""
    at: cst.BaseExpression = name
    around = context.parent(at)
    while isinstance(around, cst.Attribute | cst.Subscript) and around.value is at:
        at, around = around, context.parent(around)
    if not isinstance(around, _GIVING):
        return None
    if isinstance(around, cst.Arg):
        call = context.parent(around)
        if not isinstance(call, cst.Call) or path_of(context, call.func) in _READING:
            return None
    kinds = {one.kind for one in context.scopes.reaching(name)}
    by_star = not kinds and "*" in context.scopes.module.bindings
    return at if kinds & {"class", "import"} or by_star else None


def _class(context: Context, node: cst.BaseExpression) -> str:
    """The name that a class may have in its own file; empty where it is none of the project."""
    if isinstance(node, cst.Subscript):
        node = node.value
    if not isinstance(node, cst.Name | cst.Attribute):
        return ""
    path = path_of(context, node)
    if "." in path:
        return "" if path.partition(".")[0] in FOREIGN else path.rpartition(".")[2]
    return node.value if isinstance(node, cst.Name) else node.attr.value
