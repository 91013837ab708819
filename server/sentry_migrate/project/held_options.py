"""What dictionaries, classes and functions of a module have of the options that 2.x refuses.

Owns telling that from what is written out, and from what is done to a dictionary by name. Refuses
to know whose names they are.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping

OPTIONS = "{}"
"""Begins what a dictionary has of `REFUSED`: `{}with_locals`."""
PASSES = "->"
"""Begins what a function passes on to `init()` of `REFUSED`: `->request_bodies with_locals`, and
which of its parameters are dictionaries that it passes on, by name and place: `->options:0`."""

RENAMED = {
    "with_locals": "include_local_variables",
    "request_bodies": "max_request_body_size",
}
"""Options with which 2.x does not start, and what it calls them."""
REFUSED = frozenset(RENAMED)


def options(node: ast.expr | None, known: Mapping[str, str]) -> str:
    """What a dictionary that is written out has of the options; `OPTIONS` alone for none. `known`
    says that of others, by name."""
    found = keys(node, known)
    return "" if found is None else spelled(found) or OPTIONS


def spelled(found: Collection[str]) -> str:
    """The options among some keys; empty for none."""
    refused = sorted(REFUSED.intersection(found))
    return f"{OPTIONS}{' '.join(refused)}" if refused else ""


def keys(node: ast.expr | None, known: Mapping[str, str]) -> set[str] | None:
    """The keys of a dictionary that is written out, with the options of those in it."""
    inside: list[ast.expr] = []
    if isinstance(node, ast.Dict):
        values = (getattr(one, "value", None) for one in node.keys)
        found = {key for key in values if isinstance(key, str)}
        inside += (value for key, value in zip(node.keys, node.values, strict=True) if not key)
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in _MAKES:
        found = {one.arg for one in node.keywords if one.arg is not None}
        inside += (*node.args, *(one.value for one in node.keywords if one.arg is None))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        found, inside = set(), [node.left, node.right]
    else:
        return None
    for one in inside:
        held = known.get(ast.unparse(one), "")
        found.update(held.removeprefix(OPTIONS).split(), keys(one, known) or ())
    return found


_MAKES = ("dict", "ChainMap", "OrderedDict")


def items(name: str, node: ast.expr | None) -> Iterator[tuple[str, str]]:
    """The dictionaries that are items of one, or attributes that a namespace is given."""
    pairs: list[tuple[object, ast.expr]] = []
    if isinstance(node, ast.Dict):
        words = (getattr(key, "value", None) for key in node.keys)
        pairs += zip(words, node.values, strict=True)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Namespace"):
        pairs += ((one.arg, one.value) for one in node.keywords)
    for word, value in pairs:
        if (
            isinstance(word, str)
            and word.isidentifier()
            and (held := spelled(keys(value, {}) or ()))
        ):
            yield f"{name}.{word}", held


def changed(node: ast.AST) -> tuple[str, set[str]] | None:
    """Which dictionary gets which keys: `x["key"] = …`, `x.setdefault("key", …)`, `x.update(…)`."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        return ast.unparse(node.value), {str(getattr(node.slice, "value", None))}
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    name = ast.unparse(node.func.value)
    if node.func.attr == "setdefault" and node.args:
        return name, {str(getattr(node.args[0], "value", None))}
    if node.func.attr == "update":
        given = {one.arg for one in node.keywords if one.arg is not None}
        return name, given.union(*(keys(one, {}) or () for one in node.args))
    return None


def mappings(call: ast.Call) -> Iterator[ast.expr]:
    """The dictionaries that a call is given, whose items are its arguments."""
    for given in (one.value for one in call.keywords if one.arg is None):
        yield from _parts(given)


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """The dictionaries of which one is made."""
    yield node
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from _parts(value) if key is None else ()
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _parts(value)
    elif isinstance(node, ast.BinOp):
        yield from (*_parts(node.left), *_parts(node.right))
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "dict":
        for value in (*node.args, *mappings(node)):
            yield from _parts(value)


def passed(
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    calls: Iterable[ast.Call],
    inside: Iterable[ast.AST],
    reaching: Collection[str] = (),
) -> str:
    """What a function passes on to `calls` of `init()` in it, of what stands `inside` it, or gives
    to what is `reaching` them."""
    names = {ast.unparse(one) for call in calls for one in mappings(call)} | {*reaching}
    if not names:
        return ""
    parts = [*inside]
    while True:
        before = len(names)
        for node in parts:
            names.update(map(ast.unparse, _added(node, names)))
        if len(names) == before:
            break
    args = function.args
    own = {one.arg for one in (*args.args, *args.kwonlyargs)}
    rest = args.kwarg is not None and args.kwarg.arg in names
    found = sorted(REFUSED - own) if rest else []
    first = int(bool(args.args) and args.args[0].arg in ("self", "cls"))
    found += (f"{one.arg}:{at}" for at, one in enumerate(args.args, -first) if one.arg in names)
    found += (f"{one.arg}:-1" for one in args.kwonlyargs if one.arg in names)
    return f"{PASSES}{' '.join(found)}" if found else ""


def _added(node: ast.AST, names: Collection[str]) -> Iterator[ast.expr]:
    """What is added to one of some dictionaries, or is one."""
    if isinstance(node, ast.Assign):
        if any(ast.unparse(one) in names for one in node.targets):
            yield from _parts(node.value)
    elif isinstance(node, ast.AugAssign | ast.AnnAssign) and node.value is not None:
        if ast.unparse(node.target) in names:
            yield from _parts(node.value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "update" and ast.unparse(node.func.value) in names:
            for given in (*node.args, *mappings(node)):
                yield from _parts(given)
