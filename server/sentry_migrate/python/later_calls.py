"""Functions that Python's own library is given, to call them elsewhere: threads, pools, loops.

Owns which argument of such a call is the function, and what that is called with. Knows nothing of
sentry_sdk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree


@dataclass(frozen=True, slots=True)
class _Form:
    """How a call names the function, and its arguments: by a keyword, or else at an index."""

    at: int
    named: str = ""
    together: tuple[int, str] | None = None
    """Where one tuple or list has the arguments; else they follow the function."""
    keywords: tuple[int, str] | None = None
    """Where one dictionary has those with a keyword."""
    passes: bool = False
    """Whether the function gets the other keywords."""


THREAD = "threading.Thread"
_THREAD = _Form(1, "target", (3, "args"), (4, "kwargs"))
_REST = _Form(0, passes=True)
_TUPLE = _Form(0, "func", (1, "args"), (2, "kwds"))
_FUNCTIONS = {
    THREAD: _THREAD,
    "threading.Timer": _Form(1, "function", (2, "args"), (3, "kwargs")),
    "_thread.start_new_thread": _Form(0, "", (1, ""), (2, "")),
    "asyncio.to_thread": _REST,
}
_POOLS = ("multiprocessing.pool.ThreadPool", "multiprocessing.dummy.Pool")
_EXECUTORS = (
    "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.thread.ThreadPoolExecutor",
)
_LOOPS = tuple(
    f"asyncio.{name}" for name in ("get_event_loop", "get_running_loop", "new_event_loop")
)
_METHODS = {
    # name: how it is called, by what its object is made
    "submit": (_REST, _EXECUTORS),
    "apply": (_TUPLE, _POOLS),
    "apply_async": (_TUPLE, _POOLS),
    "run_in_executor": (_Form(1), _LOOPS),
    "call_soon": (_Form(0), _LOOPS),
    "call_soon_threadsafe": (_Form(0), _LOOPS),
    "call_later": (_Form(1), _LOOPS),
}


@dataclass(frozen=True, slots=True)
class LaterCall:
    """A call by the library."""

    function: cst.BaseExpression
    args: Sequence[cst.BaseExpression]
    """What the function is called with, by position."""
    certain: bool
    """Whether what is given the function is known to call it so."""
    named: Mapping[str, cst.BaseExpression] = field(default_factory=dict)
    """What it is called with by keyword."""


def is_thread(scopes: Scopes, holder: cst.ClassDef) -> bool:
    """Whether the methods of a class run in a thread of each instance."""
    return any(scopes.imported(one.value) == THREAD for one in holder.bases)


def later_call(tree: Tree, scopes: Scopes, call: cst.Call) -> LaterCall | None:
    """What the library is told to call by `call`."""
    path = scopes.imported(call.func)
    if path == "functools.partial":
        return _partly(tree, scopes, call)
    form, certain = _FUNCTIONS.get(path), True
    if form is None and isinstance(call.func, cst.Attribute):
        form, makers = _METHODS.get(call.func.attr.value, (None, ()))
        certain = form is not None and _made(tree, scopes, call.func.value) in makers
    if form is None or any(arg.star for arg in call.args):
        return None
    function = _argument(call, form.at, form.named)
    if form.together is None:
        rest = call.args[form.at + 1 :]
        given, named = _plain(rest), _named(rest if form.passes else ())
        whole = len(given) + len(named) == len(rest)
    else:
        held = _argument(call, *form.together)
        kept = _argument(call, *form.keywords) if form.keywords is not None else None
        parts = held.elements if isinstance(held, cst.Tuple | cst.List) else ()
        given = [part.value for part in parts if isinstance(part, cst.Element)]
        named = _entries(scopes, kept)
        partly = isinstance(function, cst.Call) and held is None
        whole = (bool(given) or bool(named) or partly) and len(given) == len(parts)
        whole = whole and (held is None or bool(parts)) and (kept is None or bool(named))
    return LaterCall(function, given, certain, named) if function is not None and whole else None


def _plain(args: Sequence[cst.Arg]) -> list[cst.BaseExpression]:
    return [one.value for one in args if one.keyword is None]


def _named(args: Sequence[cst.Arg]) -> dict[str, cst.BaseExpression]:
    return {one.keyword.value: one.value for one in args if one.keyword is not None}


def _entries(scopes: Scopes, kept: cst.BaseExpression | None) -> dict[str, cst.BaseExpression]:
    """What a dictionary has by names; empty where that cannot be seen."""
    if isinstance(kept, cst.Call) and isinstance(kept.func, cst.Name) and kept.func.value == "dict":
        named = _named(kept.args)
        built_in = scopes.lookup("dict", scopes.scope_of(kept)) is None
        return named if built_in and len(named) == len(kept.args) else {}
    found: dict[str, cst.BaseExpression] = {}
    for one in kept.elements if isinstance(kept, cst.Dict) else ():
        key = one.key if isinstance(one, cst.DictElement) else None
        if not isinstance(key, cst.SimpleString) or not isinstance(key.evaluated_value, str):
            return {}
        found[key.evaluated_value] = one.value
    return found


def _partly(tree: Tree, scopes: Scopes, part: cst.Call) -> LaterCall | None:
    """What is called by `partial(f, x)`, with what that is given first, and what a thread or the
    like that takes it adds."""
    arg = tree.parent(part)
    around = tree.parent(arg) if isinstance(arg, cst.Arg) else None
    later = later_call(tree, scopes, around) if isinstance(around, cst.Call) else None
    more = later if later is not None and later.function is part else None
    given, named = _plain(part.args), _named(part.args)
    if any(one.star for one in part.args) or not given or part.args[0].keyword is not None:
        return None
    if more is None:
        return LaterCall(given[0], given[1:], True, named)
    return LaterCall(given[0], [*given[1:], *more.args], more.certain, {**named, **more.named})


def called_with(tree: Tree, scopes: Scopes, place: cst.CSTNode) -> LaterCall | None:
    """The later call one of whose arguments stands in this place."""
    holder = tree.parent(place)
    held = tree.parent(holder) if holder is not None else None
    for inner in (holder, tree.parent(held) if held is not None else None):
        call = tree.parent(inner) if isinstance(inner, cst.Arg) else None
        later = later_call(tree, scopes, call) if isinstance(call, cst.Call) else None
        if later is not None and any(one is place for one in (*later.args, *later.named.values())):
            return later
    return None


def later_calls(tree: Tree, scopes: Scopes) -> Mapping[str, Sequence[LaterCall]]:
    """All later calls of a text, by the last name of what is called."""
    found: dict[str, list[LaterCall]] = {}
    for call in tree.nodes(cst.Call):
        later = later_call(tree, scopes, call) if len(call.args) > 1 else None
        name = dotted(later.function).rpartition(".")[2] if later is not None else ""
        if later is not None and name:
            found.setdefault(name, []).append(later)
    return found


def _argument(call: cst.Call, at: int, name: str) -> cst.BaseExpression | None:
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == name:
            return arg.value
    plain = at < len(call.args) and not any(arg.keyword for arg in call.args[: at + 1])
    return call.args[at].value if plain else None


def _made(tree: Tree, scopes: Scopes, node: cst.BaseExpression) -> str:
    """The dotted path of what made an object, if that is called in the text; else empty."""
    if isinstance(node, cst.Call):
        return scopes.imported(node.func)
    values: Sequence[cst.CSTNode | None] = ()
    if isinstance(node, cst.Name):
        values = [one.value if one.whole else None for one in scopes.reaching(node)]
    elif isinstance(node, cst.Attribute):
        holder = tree.enclosing(node, cst.ClassDef)
        stores = scopes.attributes.get(node.attr.value, ())
        values = [value for one, value in stores if tree.enclosing(one, cst.ClassDef) is holder]
    paths = {scopes.imported(value.func) if isinstance(value, cst.Call) else "" for value in values}
    return paths.pop() if len(paths) == 1 else ""
