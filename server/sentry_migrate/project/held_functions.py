"""Which functions lists, dicts and the like of a file hold: `for f in HOOKS: f()` calls them.

Owns telling what a value is taken from, and the keys of what is held. Refuses to know what a name
means.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from sentry_migrate.call_keys import function_key
from sentry_migrate.project.call_scopes import Scope

IN_ORDER, ANY_OF = "[]", "[?]"
"""What follows the key of a value where all that it holds is called, or some of it."""

_WHOLE = frozenset(
    ("dict", "enumerate", "filter", "frozenset", "iter", "list", "set", "tuple", "zip")
)
_PARTS = frozenset(("max", "min", "next", "reversed", "sorted"))
_WHOLE_METHODS = frozenset(("copy", "items", "values"))
_PART_METHODS = frozenset(("__getitem__", "get", "pop", "popitem", "popleft"))
_ADDING = frozenset(
    ("add", "append", "appendleft", "extend", "insert", "setdefault", "update", "__setitem__")
)

_DISPLAYS = (ast.List, ast.Tuple, ast.Set, ast.Dict)
_NAMES = (ast.Name, ast.Attribute)


def variable_key(scope: str, name: str) -> str:
    """A variable of a function or a module that is given parts of a value."""
    return f"{scope}.for {name}"


class Held:
    """What the values of one file hold."""

    def __init__(
        self,
        meant: Callable[[Scope, ast.expr], Iterable[str]],
        add: Callable[[str, str, int], None],
    ) -> None:
        """`meant` gives the functions that a name or an attribute may be; `add` notes that one
        function calls another, and the line."""
        self._meant = meant
        self._add = add
        self._attributes: set[str] = set()
        """Those that may hold functions."""
        self._variables: set[str] = set()
        """The keys of those that are called and take something."""

    def bind(self, scope: Scope, node: ast.AST) -> Iterator[ast.Lambda]:
        """Note what names a statement has hold something; gives the lambdas there."""
        values: list[ast.expr] = []
        for name, part in _bound(node):
            scope.parts.setdefault(name, []).append(part)
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            values = [node.iter]
            for one in ast.walk(node.target):
                if isinstance(one, ast.Name):
                    scope.taken.setdefault(one.id, []).append(node.iter)
        elif (value := _given(node)) is not None:
            values = [value]
            names, stored = list(assigned(node)), set(attributes(node))
            if any(not whole for _, whole in sources(value)):
                for name in names:
                    scope.taken.setdefault(name, []).append(value)
            if _may_hold(value):
                scope.holding.update(names)
                self._attributes |= stored if scope.outer else {*stored, *names}
        for one in (each for value in values for each in elements(value)):
            if isinstance(one, ast.Lambda):
                yield one

    def note(self, scope: Scope, node: ast.AST) -> None:
        """Note what a statement or a call puts into values."""
        value = _given(node)
        if value is not None and _may_hold(value):
            for name in assigned(node):
                key = f"{scope.key}.{name}"
                if self._hold(scope, key, value) and scope.outer is None:
                    self._add(function_key("", name), key, value.lineno)
            for name in attributes(node):
                self._hold(scope, function_key("", name), value)
        for target, more in added(node):
            for holder in self.holders(scope, target):
                self._hold(scope, holder, more)

    def called(self, scope: Scope, func: ast.expr) -> Iterator[str]:
        """What a call of `func` may call that some value holds."""
        if not isinstance(func, ast.Name):
            if isinstance(func, ast.Subscript | ast.Call):
                yield from self._taken(scope, func)
        elif at := scope.binds(func.id):
            if func.id in at.holding:
                yield f"{at.key}.{func.id}"
            key = variable_key(at.key, func.id)
            for value in at.taken.pop(func.id, ()):  # once, as there may be many calls
                for holder in self._taken(at, value):
                    self._add(key, holder, value.lineno)
                    self._variables.add(key)
            if key in self._variables:
                yield key

    def _taken(self, scope: Scope, value: ast.expr) -> Iterator[str]:
        """The values of which parts are taken, or all that they hold."""
        for source, whole in sources(value):
            if isinstance(source, _NAMES):
                holders = list(self.holders(scope, source))
            else:
                holder = f"{scope.key}.{source.lineno}:{source.col_offset}"
                holders = [holder] if self._hold(scope, holder, source) else []
            yield from (holder if whole else holder + ANY_OF for holder in holders)

    def _hold(self, scope: Scope, holder: str, value: ast.expr) -> bool:
        """Note that a call of `holder` may call what a value holds; whether it holds anything."""
        held = False
        for source, whole in sources(value):
            for one in elements(source):
                for callee in self._parts(scope, one, whole):
                    held = True
                    self._add(holder + IN_ORDER, callee, one.lineno)
                    self._add(holder + ANY_OF, callee, one.lineno)
                    self._add(holder, holder + IN_ORDER, one.lineno)
        return held

    def _parts(self, scope: Scope, node: ast.expr, whole: bool) -> Iterator[str]:
        """The functions that a part of a value may be, and the values whose parts it may have."""
        if isinstance(node, ast.Lambda):
            yield f"{scope.key}.{lambda_name(node)}"
        elif isinstance(node, _NAMES):
            yield from (key if whole else key + ANY_OF for key in self.holders(scope, node))

    def holders(self, scope: Scope, node: ast.expr) -> Iterator[str]:
        """The values and the functions that a name or an attribute may mean."""
        at = scope.binds(node.id) if isinstance(node, ast.Name) else None
        if at is not None and isinstance(node, ast.Name) and node.id in at.holding:
            yield f"{at.key}.{node.id}"
        meant = list(self._meant(scope, node))
        yield from meant
        if not meant and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == scope.own or node.attr in self._attributes:
                yield function_key("", node.attr)


def lambda_name(node: ast.Lambda) -> str:
    """What a lambda in a value is called here."""
    return lambda_at(node.lineno, node.col_offset)


def lambda_at(line: int, column: int) -> str:
    """What a lambda is called that begins at a 1-based line, and so many bytes behind its start."""
    return f"lambda:{line}:{column}"


def assigned(node: ast.AST) -> Iterator[str]:
    """The names that an assignment gives its value to as it is."""
    yield from (one.id for one in _targets(node) if isinstance(one, ast.Name))


def _bound(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that a statement or a loop binds, each with what it is taken from."""
    if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        names = (one for one in ast.walk(node.target) if isinstance(one, ast.Name))
        yield from ((one.id, node.iter) for one in names)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        yield from ((name, node.value) for name in assigned(node))


def attributes(node: ast.AST) -> Iterator[str]:
    """The attributes that an assignment gives its value to as it is."""
    yield from (one.attr for one in _targets(node) if isinstance(one, ast.Attribute))


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.AnnAssign):
        return [node.target]
    return node.targets if isinstance(node, ast.Assign) else []


def _may_hold(value: ast.expr) -> bool:
    return any(whole for _, whole in sources(value))


def _given(node: ast.AST) -> ast.expr | None:
    """The value that an assignment gives, unless that is just another name for it."""
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    return None if value is None or isinstance(value, (*_NAMES, ast.Lambda)) else value


def sources(value: ast.expr, whole: bool = True) -> Iterator[tuple[ast.expr, bool]]:
    """The names, attributes and displays whose parts a value has, each with whether it has all of
    them, in their order."""
    waiting = [(value, whole)]
    while waiting:
        at, all_of_it = waiting.pop()
        if isinstance(at, (*_NAMES, *_DISPLAYS)):
            yield at, all_of_it
        elif isinstance(at, ast.Subscript):
            waiting.append((at.value, False))
        elif isinstance(at, ast.Starred | ast.NamedExpr):
            waiting.append((at.value, all_of_it))
        elif isinstance(at, ast.BinOp):
            waiting += [(at.right, all_of_it), (at.left, all_of_it)]
        elif isinstance(at, ast.IfExp):
            waiting += [(at.orelse, all_of_it), (at.body, all_of_it)]
        elif isinstance(at, ast.BoolOp):
            waiting += [(one, all_of_it) for one in at.values[::-1]]
        elif isinstance(at, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            waiting += [(one.iter, all_of_it) for one in at.generators[::-1]]
        elif isinstance(at, ast.Call) and isinstance(at.func, ast.Name):
            if at.func.id in _WHOLE or at.func.id in _PARTS:
                whole = all_of_it and at.func.id in _WHOLE
                given = [*at.args, *(one.value for one in at.keywords if one.arg != "key")]
                waiting += [(one, whole) for one in given[::-1]]
        elif isinstance(at, ast.Call) and isinstance(at.func, ast.Attribute):
            if at.func.attr in _WHOLE_METHODS or at.func.attr in _PART_METHODS:
                waiting.append((at.func.value, all_of_it and at.func.attr in _WHOLE_METHODS))


def elements(display: ast.expr) -> Iterator[ast.expr]:
    """What a display holds, and what the displays in it do, in their order."""
    waiting = [display]
    while waiting:
        at = waiting.pop()
        if isinstance(at, ast.Dict):
            waiting += at.values[::-1]
        elif isinstance(at, ast.List | ast.Tuple | ast.Set):
            waiting += at.elts[::-1]
        elif isinstance(at, ast.IfExp):
            waiting += [at.orelse, at.body]
        elif isinstance(at, ast.Starred):
            waiting.append(at.value)
        else:
            yield at


def added(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The values that a statement or a call adds something to, each with that."""
    if isinstance(node, ast.AugAssign):
        yield node.target, node.value
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        yield node.targets[0].value, node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in _ADDING:
            given = (*node.args, *(one.value for one in node.keywords))
            yield from ((node.func.value, one) for one in given)


def moment(item: tuple[tuple[str, str], int]) -> tuple[int, str, str]:
    """Where a call is in the order of all; what a value holds stays as it is held."""
    (caller, callee), line = item
    return line, caller, "" if caller.endswith(IN_ORDER) else callee
