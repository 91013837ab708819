"""Which classes a file gives away, and what it gives the names of classes and instances.

The like of `proof/derived_classes.py` and `proof/assigned_members.py` for files that do not mention
the SDK, read with the standard library's parser. Owns finding both. Refuses to know who is derived
from what, and what functions do.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from sentry_migrate.project.syntax_nodes import children, dotted, walk

_NAMES = (ast.Name, ast.Attribute)
_READING = frozenset(("getattr", "hasattr", "id", "isinstance", "issubclass", "print", "repr"))
_READING |= {"str", "super", "vars"}
"""Functions that leave the class that they are given as it is."""
_WORKED_OUT = (
    *(ast.BinOp, ast.Compare, ast.Constant, ast.Dict, ast.DictComp, ast.JoinedStr, ast.ListComp),
    *(ast.Set, ast.SetComp, ast.UnaryOp),
)
"""What no function is."""


def spells_unseen_base(bases: bytes) -> bool:
    """Whether bases, as a file spells them, may be any class: neither a name nor Python's own."""
    return _UNSEEN.search(_MAKING.sub(b"", bases[1:])) is not None


_MAKING = re.compile(rb"\b(?:NamedTuple|NewType|namedtuple)\s*\([^)]*|\bmetaclass\s*=.*", re.DOTALL)
_UNSEEN = re.compile(rb"[(*'\"]|\b(?:and|if|or)\b|__class__")


def given(tree: ast.Module, name: str) -> int:
    """The 1-based line where what is called so, which may be a class, gets a further name or is in
    another value; 0 for nowhere."""
    for node in walk(tree):
        for value in _values(node):
            at = value.value if isinstance(value, ast.Subscript) else value
            called = at.attr if isinstance(at, ast.Attribute) else getattr(at, "id", "")
            text = at.value if isinstance(at, ast.Constant) and isinstance(at.value, str) else ""
            if called == name or re.split(r"[.:]", text)[-1] == name:
                return value.lineno
        if isinstance(node, ast.ImportFrom):
            if any(one.name == name and one.asname for one in node.names):
                return node.lineno
    return 0


def _values(node: ast.AST) -> Iterator[ast.expr]:
    """What gets a further name, or is in another value."""
    if isinstance(node, ast.Call):
        if getattr(node.func, "id", "") not in _READING:
            yield from (*node.args, *(one.value for one in node.keywords))
        elif getattr(node.func, "id", "") == "getattr":
            yield from (one for one in node.args if isinstance(one, ast.Constant))
    elif isinstance(node, ast.List | ast.Set | ast.Tuple):
        yield from node.elts
    elif isinstance(node, ast.Dict | ast.BoolOp):
        yield from node.values
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Lambda):
        yield node.body
    elif isinstance(node, ast.arguments):
        yield from filter(None, (*node.defaults, *node.kw_defaults))
    elif isinstance(node, ast.AnnAssign | ast.Assign | ast.NamedExpr | ast.Return | ast.Yield):
        if isinstance(node.value, (*_NAMES, ast.Subscript)):
            yield node.value


def assigned(tree: ast.Module, name: str) -> Iterator[tuple[ast.expr | None, int, bool]]:
    """What a name of a class or an attribute gets, None for what is not known, the 1-based line,
    and whether it is one of the class that the code is of."""
    for node, holder in _inside(tree, None):
        inside = isinstance(holder, ast.ClassDef)
        if isinstance(node, ast.ImportFrom | ast.Import) and inside:
            if any((one.asname or one.name) == name for one in node.names):
                yield None, node.lineno, True
        elif isinstance(node, ast.FunctionDef) and inside and node.name == name:
            if any(dotted(one).endswith("property") for one in node.decorator_list):
                yield None, node.lineno, True  # what that gives
        elif isinstance(node, ast.Call):
            for key, value, own in _put(node):
                if key == name:
                    yield value, node.lineno, own
        for target, value in _targets(node):
            own = _is_own(target, holder)
            if isinstance(target, ast.Name) and inside and target.id == name:
                yield value, target.lineno, True
            elif isinstance(target, ast.Attribute) and target.attr == name:
                yield value, target.lineno, own
            elif isinstance(target, ast.Subscript) and inside:
                if isinstance(target.slice, ast.Constant) and target.slice.value == name:
                    yield value, target.lineno, True


def _inside(node: ast.AST, holder: ast.AST | None) -> Iterator[tuple[ast.AST, ast.AST | None]]:
    """All nodes, with the class or function whose code each is."""
    waiting = [(node, holder)]
    while waiting:
        at, around = waiting.pop()
        yield at, around
        if isinstance(at, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            around = at
        waiting += [(one, around) for one in children(at)]


def _put(call: ast.Call) -> Iterator[tuple[str, ast.expr | None, bool]]:
    """What `setattr()` has a name be."""
    if getattr(call.func, "id", "") == "setattr" and len(call.args) == 3:
        key = call.args[1]
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, call.args[2], getattr(call.args[0], "id", "") in ("self", "cls")


def _targets(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """What a statement assigns to, each with its value if that is known."""
    if isinstance(node, ast.Assign):
        targets, value = node.targets, node.value
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        targets, value = [node.target], node.value
    elif isinstance(node, ast.For | ast.AsyncFor):
        targets, value = [node.target], None
    elif isinstance(node, ast.With | ast.AsyncWith):
        targets, value = [one.optional_vars for one in node.items if one.optional_vars], None
    else:
        return
    for target in targets:
        if isinstance(target, ast.Tuple | ast.List):
            yield from ((one, value) for one in target.elts)
        else:
            yield target, value


def _is_own(target: ast.expr, holder: ast.AST | None) -> bool:
    if not isinstance(holder, ast.FunctionDef) or not isinstance(target, ast.Attribute):
        return False
    params = [*holder.args.posonlyargs, *holder.args.args]
    return bool(params) and getattr(target.value, "id", None) == params[0].arg


def functions_in(value: ast.expr | None) -> Iterator[ast.expr | None]:
    """What may be functions of a value, or of the tuple or list that it is taken from."""
    if isinstance(value, ast.Tuple | ast.List):
        for one in value.elts:
            yield from functions_in(one)
    elif isinstance(value, ast.IfExp):
        yield from functions_in(value.body)
        yield from functions_in(value.orelse)
    elif not isinstance(value, _WORKED_OUT):
        yield value
