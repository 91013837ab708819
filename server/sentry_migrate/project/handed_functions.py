"""What functions of a file do with functions that they are handed: `go(on_start=tag)`, `App(tag)`.

A call is followed together with what it is handed, so that `run(tag)` says nothing of another
`run(other)`. Owns telling what calls hand over, and which parameters are called, passed on, or put
where others call them. Refuses to know what a name means.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from sentry_migrate.call_keys import (
    CALLED,
    HEIRS,
    function_key,
    handed_key,
    handed_of,
    stored_key,
)
from sentry_migrate.project.call_scopes import Scope
from sentry_migrate.project.held_functions import (
    Held,
    added,
    attributes,
    elements,
    lambda_name,
    sources,
)

_ANY_POSITION, _ANY_KEYWORD, _ANY_NAME = "*", "*=", "**"
_MOST = 8
"""Arguments that a `*args` may take and are told apart."""


def slots(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, is_method: bool
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """By parameter of a function, where calls hand it something."""
    args = node.args
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in decorators)
    params = [*args.posonlyargs, *args.args][is_method and not static :]
    for index, one in enumerate(params):
        yield one.arg, (str(index), one.arg, _ANY_POSITION, _ANY_NAME)
    for one in args.kwonlyargs:
        yield one.arg, (one.arg, _ANY_NAME)
    if args.vararg is not None:
        rest = map(str, range(len(params), len(params) + _MOST))
        yield args.vararg.arg, (*rest, _ANY_POSITION)
    if args.kwarg is not None:
        yield args.kwarg.arg, (_ANY_KEYWORD, _ANY_NAME)


def slots_at(index: int, star: str, name: str | None) -> tuple[str, ...]:
    """Where a call hands over an argument: a named one, one with a `star`, or one at an index."""
    if star:
        return (star,)
    return (str(index),) if name is None else (name, _ANY_KEYWORD)


def _slots_of(node: ast.Call) -> Iterator[tuple[ast.expr, tuple[str, ...]]]:
    """What a call hands over, and where."""
    for index, one in enumerate(node.args):
        if isinstance(one, ast.Starred):
            yield one.value, slots_at(index, _ANY_POSITION, None)
        else:
            yield one, slots_at(index, "", None)
    for keyword in node.keywords:
        yield keyword.value, slots_at(0, "" if keyword.arg else _ANY_NAME, keyword.arg)


class Handed:
    """What one file's functions are handed."""

    def __init__(self, held: Held, add: Callable[[str, str, int], None]) -> None:
        """`add` notes that one function calls another, and the line."""
        self._held = held
        self._add = add

    def given(self, scope: Scope, value: ast.expr) -> Iterator[str]:
        """The keys of what a function is handed that a value may be, or be taken from."""
        waiting, seen = [value], set[str]()
        while waiting:
            for source, _ in sources(waiting.pop()):
                for one in elements(source):
                    if isinstance(one, ast.Name) and one.id not in seen:
                        seen.add(one.id)
                        waiting += scope.parts.get(one.id, ())
                        for slot in scope.slots.get(one.id, ()):
                            yield handed_key(scope.key, slot)

    def is_called(self, scope: Scope, value: ast.expr, line: int) -> None:
        """Note that a function calls a value."""
        for key in self.given(scope, value) if scope.slots else ():
            self._add(key, CALLED, line)

    def passed(self, scope: Scope, caller: str, node: ast.Call, callees: Iterable[str]) -> None:
        """Note what a call hands to what it calls."""
        functions = {one for one in callees if not one.startswith(HEIRS)}
        for value, where in _slots_of(node) if functions else ():
            handed = {*self._functions(scope, value)}
            given = {*self.given(scope, value)} if scope.slots else ()
            for function in functions if handed or given else ():
                for slot in where:
                    for one in handed:
                        self._add(caller, handed_key(function, slot, one), node.lineno)
                    for key in given:
                        self._add(key, handed_key(function, slot), node.lineno)

    def note(self, scope: Scope, node: ast.AST) -> None:
        """Note what is put where others call it."""
        if not scope.slots:
            return
        holders: list[tuple[str, ast.expr]] = []
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            holders += ((function_key("", name), node.value) for name in attributes(node))
        for target, value in added(node):
            holders += ((holder, value) for holder in self._held.holders(scope, target))
        for holder, value in holders:
            for key in self.given(scope, value):
                self._add(key, stored_key(holder), value.lineno)

    def fields(self, own: str, node: ast.ClassDef) -> None:
        """Note that what a class is handed that has no `__init__` becomes its fields, in order."""
        fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
        names = [one.target.id for one in fields if isinstance(one.target, ast.Name)]
        for index, name in enumerate(names):
            for slot in (str(index), name):
                holder = stored_key(function_key("", name))
                self._add(handed_key(own, slot), holder, node.lineno)

    def _functions(self, scope: Scope, value: ast.expr) -> Iterator[str]:
        for one in elements(value):
            if isinstance(one, ast.Lambda):
                yield f"{scope.key}.{lambda_name(one)}"
            elif isinstance(one, ast.Name | ast.Attribute):
                yield from self._held.holders(scope, one)


def lambdas(node: ast.Call) -> Sequence[ast.Lambda]:
    """Those that a call hands over."""
    given = (*node.args, *(one.value for one in node.keywords))
    return [one for each in given for one in elements(each) if isinstance(one, ast.Lambda)]


def without_data(
    found: Mapping[tuple[str, str], int], module: str, functions: Collection[str]
) -> Iterator[tuple[tuple[str, str], int]]:
    """The calls of a module, by caller and callee, with their lines; but not that functions are
    handed variables of functions that neither are any nor hold any: most of what is handed over is
    data. `functions` are the keys of the module's own, and of its classes."""
    callers = {caller for caller, _ in found}
    for pair, line in found.items():
        handed = handed_of(pair[1])
        is_local = handed.startswith(f"{module}.") and handed.count(".") > 1
        if not is_local or handed.endswith("*") or handed in functions or handed in callers:
            yield pair, line
