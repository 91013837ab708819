"""Which functions of a file call which of other files, for the plan (`plan.py`).

Owns reading that with the standard library's parser, in any file of a project, whether it uses the
SDK or not. A name means all that the text may bind it to, wherever; what is only passed on, and
not to a function of Python's own, is not called. Refuses to know when anything is called.
"""

from __future__ import annotations

import ast
import builtins
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sentry_migrate.call_keys import any_handed, function_key, holder_of, import_key, program_key
from sentry_migrate.plan import Call
from sentry_migrate.project.call_scopes import Body, Scope, function_at, heir_key, logged
from sentry_migrate.project.handed_functions import Handed, lambdas, slots, without_data
from sentry_migrate.project.held_functions import Held, assigned, lambda_name, moment
from sentry_migrate.project.implied_calls import RECORD, SUBCLASSING, implied_calls, may_log
from sentry_migrate.project.imported_places import ModulesOnDisk
from sentry_migrate.project.modules import SDK as _SDK
from sentry_migrate.project.modules import (
    directory_of,
    last_part,
    named_place,
    parsed,
    place_of,
)
from sentry_migrate.project.outside_calls import LEAVING, UNKNOWN, is_wrapped, modules_of
from sentry_migrate.project.returned_functions import Returned
from sentry_migrate.project.syntax_nodes import children, is_enum, names_in

CONSTRUCTORS = ("__init__", "__new__", "__post_init__", "__call__", "__prepare__")
"""The methods that run when a class is called."""
EVERYDAY = frozenset(
    name
    for kind in (str, bytes, list, dict, set, int, float, memoryview, range, io.TextIOWrapper)
    for name in dir(kind)
    if callable(getattr(kind, name))
)
"""Methods that values of Python's own types have too. A call of one says nothing of a class that
has one of the same name: `environ.get()` calls no view's `get()`."""
_BASES = "<bases>"
_BUILTINS = frozenset(dir(builtins))

_TELLING = frozenset(
    (
        *(ast.AnnAssign, ast.Assign, ast.AsyncFunctionDef, ast.AugAssign, ast.Call, ast.ClassDef),
        *(ast.For, ast.FunctionDef, ast.Import, ast.ImportFrom, ast.Return, ast.comprehension),
        *LEAVING,
    )
)
"""The nodes that call or bind something, names aside."""
_LEAVES = frozenset((ast.Name, ast.Constant))
_HOLDING = frozenset((ast.AsyncFunctionDef, ast.ClassDef, ast.FunctionDef, ast.If, ast.Lambda))
"""The nodes of which a scope does not run all itself, or not as its own."""

_Definition: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"


@dataclass(frozen=True, slots=True)
class Import:
    """One import, of which the file alone does not say what it runs."""

    caller: str
    home: str
    """As it is spelled, with its dots."""
    names: tuple[str, ...]
    """What is imported from there; empty for `import home`."""
    line: int
    """1-based."""


@dataclass(frozen=True, slots=True)
class Callers:
    """What one file calls and imports."""

    calls: tuple[Call, ...] = ()
    """By position."""
    imports: tuple[Import, ...] = ()
    outside: tuple[tuple[str, str], ...] = ()
    """Functions that run code besides the file's own, with the first name of the module that has
    it; `""` for the SDK, what it watches, and what nobody knows."""
    members: tuple[tuple[str, int], ...] = ()
    """The methods of classes, each with its 1-based line."""
    initialising: tuple[str, ...] = ()
    """The functions that call `init()`, of which the analysis itself says what they call when."""

    def among(self, directory: str, disk: ModulesOnDisk) -> Iterator[Call]:
        """The calls, and the modules of the project that run where a file in `directory` imports
        them."""
        yield from self.calls
        for one in self.imports:
            for place in disk.imported(directory, one.home, one.names):
                yield Call(one.caller, import_key(place), one.line)


def read(path: str, data: bytes) -> Callers:
    """What the file at `path` calls; nothing where it is not valid Python."""
    tree = parsed(data)
    return Callers() if tree is None else _Reader(path).callers(tree)


class _Reader:
    """Reads one file."""

    def __init__(self, path: str) -> None:
        self._directory = directory_of(path)
        self._module = last_part(path)
        self._place = place_of(path)
        self._imports: list[Import] = []
        self._stars: list[str] = []
        self._methods: dict[str, set[str]] = {}
        """By the key of a class, the names of its methods."""
        self._found: dict[tuple[str, str], int] = {}
        self._outside: set[tuple[str, str]] = set()
        self._members: list[tuple[str, int]] = []
        self._initialising: set[str] = set()
        """Functions that call `init()`, of which the analysis itself says what they call when."""
        self._scopes: list[Scope] = []
        self._held = Held(self._meant, self._add)
        self._handed = Handed(self._held, self._add)
        self._returned = Returned(self._named, self._meant, self._add)

    def callers(self, tree: ast.Module) -> Callers:
        """All of the file's."""
        self._scopes.append(Scope(self._module, tree.body))
        nodes: list[tuple[Scope, list[ast.AST]]] = []
        for scope in self._scopes:  # grows while it is read
            own = self._own(scope)
            nodes.append((scope, own))
            for node in own:
                self._bind(scope, node)
        for scope, own in nodes:
            for node in own:
                if type(node) is not ast.Name:
                    self._note(scope, node)
        self._returned.finish()
        functions = {scope.key for scope in self._scopes} | self._methods.keys()
        found = sorted(without_data(self._found, self._module, functions), key=moment)
        calls = (Call(*pair, line) for pair, line in found if pair[0] != pair[1])
        return Callers(
            tuple(one for one in calls if holder_of(one.caller) not in self._initialising),
            tuple(one for one in self._imports if one.caller not in self._initialising),
            tuple(sorted(self._outside)),
            tuple(self._members),
            tuple(sorted(self._initialising)),
        )

    def _own(self, scope: Scope) -> list[ast.AST]:
        """The nodes that call or bind something and whose code a scope runs itself."""
        found: list[ast.AST] = []
        waiting: list[tuple[ast.AST, str]] = [(node, "") for node in scope.body]
        while waiting:
            node, holder = waiting.pop()
            kind = type(node)
            if kind in _LEAVES:
                if kind is ast.Name and not isinstance(node.ctx, ast.Load):  # type: ignore[attr-defined]
                    found.append(node)
                continue
            if kind in _TELLING:
                found.append(node)
            if kind in _HOLDING:
                waiting += self._inside(scope, node, holder)
            else:
                waiting += [(one, holder) for one in children(node)]
        return found

    def _inside(self, scope: Scope, node: ast.AST, holder: str) -> Iterator[tuple[ast.AST, str]]:
        """What a scope runs itself of a node that may hold other scopes, which are noted."""
        inside: Iterable[ast.AST]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._define(scope, node.name, node, holder, node.body)
            inside = (*node.decorator_list, node.args)
        elif isinstance(node, ast.Lambda):
            inside = (node.args,)
        elif isinstance(node, ast.ClassDef):
            key = f"{scope.key}.{node.name}"
            self._methods.setdefault(key, set())
            scope.names.setdefault(node.name, set()).add(key)
            for one in (*node.decorator_list, *node.bases, *node.keywords):
                yield one, ""
            for one in node.body:
                yield one, key
            return
        else:
            inside = children(node)
            if isinstance(node, ast.If) and scope.outer is None and not holder:
                if names := names_in(node.test) & {"TYPE_CHECKING", "__name__"}:
                    inside = (node.test, *node.orelse)
                    if "__name__" in names:
                        key = program_key(self._place)
                        self._scopes.append(Scope(key, node.body, scope))
        yield from ((one, holder) for one in inside)

    def _define(self, scope: Scope, name: str, node: _Definition, holder: str, body: Body) -> None:
        key = f"{holder or scope.key}.{name}"
        inner = Scope(key, body, scope)
        params = [*node.args.posonlyargs, *node.args.args]
        for param in (*params, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg):
            if param is not None:
                inner.names.setdefault(param.arg, set())
        inner.slots.update(slots(node, bool(holder)))
        if is_wrapped(node):
            self._outside.add((key, UNKNOWN))
        if holder:
            self._methods[holder].add(name)
            self._members.append((key, node.lineno))
            inner.holder, inner.own = holder, params[0].arg if params else ""
            if name in CONSTRUCTORS:
                self._stand_for(holder, key, node.lineno)
            if name not in EVERYDAY:
                self._stand_for(function_key("", name), key, node.lineno)
        else:
            scope.names.setdefault(name, set()).add(key)
            if name == "__getattr__" and scope.outer is None:  # what `from here import x` may run
                self._add(import_key(self._place), key, node.lineno)
        self._scopes.append(inner)
        self._returned.define(scope, key, node)

    def _bind(self, scope: Scope, node: ast.AST) -> None:
        """What the statement binds in the scope."""
        if isinstance(node, ast.Import):
            for one in node.names:
                first = one.name.partition(".")[0]
                scope.import_name(one.asname or first, one.name if one.asname else first)
        elif isinstance(node, ast.ImportFrom):
            home = self._home(node)
            for one in node.names:
                if one.name != "*":
                    scope.import_name(one.asname or one.name, f"{home}.{one.name}")
                elif star := self._star(node):
                    self._stars.append(star)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for name in assigned(node):
                if isinstance(node.value, ast.Lambda):
                    self._define(scope, name, node.value, "", [node.value.body])
                elif isinstance(node.value, ast.Name | ast.Attribute):
                    scope.names.setdefault(name, set()).add(f"{scope.key}.{name}")
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            scope.names.setdefault(node.id, set())
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Lambda):
            self._define(scope, lambda_name(node.value), node.value, "", [node.value.body])
        shorts = [*self._held.bind(scope, node)]
        if isinstance(node, ast.Call):
            shorts += lambdas(node)
        for short in shorts:
            self._define(scope, lambda_name(short), short, "", [short.body])

    def _home(self, node: ast.ImportFrom) -> str:
        """The module that names are imported from; of a package that is only dots, its name."""
        dots = "." * node.level
        return node.module or last_part(named_place(self._directory, dots))

    def _star(self, node: ast.Import | ast.ImportFrom) -> str:
        """The last part of the module of which all is imported; empty for the SDK's."""
        home = self._home(node) if isinstance(node, ast.ImportFrom) else ""
        return "" if home.partition(".")[0] == _SDK else home.rpartition(".")[2]

    def _note(self, scope: Scope, node: ast.AST) -> None:
        """The calls and imports that a node makes."""
        caller = import_key(self._place) if scope.outer is None else scope.key
        for named, method, line in implied_calls(node, scope.full_paths):
            if not method:
                self._handed.is_called(scope, named, line)
            for callee in self._named(scope, named):
                self._add(caller, f"{callee}.{method}" if method else callee, line)
        if isinstance(node, ast.Call):
            if any(path == f"{_SDK}.init" for path in scope.full_paths(node.func)):
                self._initialising.add(caller)
            callees = [*self._called(scope, node.func)]
            callees_or_held = (*callees, *self._held.called(scope, node.func))
            for callee in callees_or_held:
                self._add(caller, callee, node.lineno)
            if isinstance(node.func, ast.Attribute):
                if may_log(node.func.attr, scope.full_paths(node.func.value)):
                    self._add(caller, RECORD, node.lineno)
                    for one in logged():
                        self._add(RECORD, one, 1)
            self._handed.is_called(scope, node.func, node.lineno)
            self._handed.passed(scope, caller, node, callees_or_held)
            if scope.outer is not None:
                self._run_outside(scope, node.func, callees)
            if (module := scope.imported(node)) is not None:
                self._imports.append(Import(caller, module, (), node.lineno))
        elif type(node) in LEAVING:
            self._outside.add((caller, UNKNOWN))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self._imports += _imports(caller, node)
            if scope.outer is None:
                self._pass_on(scope, node)
        elif isinstance(node, ast.ClassDef):
            own = f"{scope.key}.{node.name}"
            for meta in (one.value for one in node.keywords if one.arg == "metaclass"):
                for callee in self._named(scope, meta):
                    for making in (caller, own, f"{own}.{SUBCLASSING}"):
                        self._add(making, callee, node.lineno)
            if any(is_enum(base) for base in node.bases):  # each member is made at once
                self._add(caller, own, node.lineno)
            if "__init__" not in self._methods.get(own, ()):
                self._handed.fields(own, node)
            bases = f"{own}.{_BASES}.*"  # a mixin overrides what another base calls
            for base in node.bases:
                of = base.value if isinstance(base, ast.Subscript) else base  # `Base[int]`
                for callee in self._named(scope, of):
                    self._stand_for(own, callee, node.lineno)
                    if len(node.bases) > 1:
                        self._add(bases, f"{callee}.*", node.lineno)
                        self._add(heir_key(callee, "*"), bases, node.lineno)
                    for heirs in (f"{own}.*", heir_key(own, "*")):
                        self._add(heir_key(callee, "*"), heirs, node.lineno)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            if isinstance(node.value, ast.Name | ast.Attribute):
                for name in assigned(node):
                    for callee in self._named(scope, node.value):
                        self._stand_for(f"{scope.key}.{name}", callee, node.lineno)
        self._held.note(scope, node)
        self._handed.note(scope, node)
        self._returned.note(scope, caller, node)

    def _meant(self, scope: Scope, node: ast.expr) -> Iterator[str]:
        """The functions that a value may be, methods of the instance among them."""
        yield from self._named(scope, node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == scope.own and node.attr in self._methods.get(scope.holder, ()):
                yield f"{scope.holder}.{node.attr}"

    def _run_outside(self, scope: Scope, func: ast.expr, callees: Sequence[str]) -> None:
        known = any(callee.partition(".")[0] for callee in callees)
        bound = isinstance(func, ast.Name) and scope.binds(func.id) is not None
        for module in modules_of(func, scope.full_paths(func), known, bound):
            self._outside.add((scope.key, module))

    def _pass_on(self, scope: Scope, node: ast.Import | ast.ImportFrom) -> None:
        """That other modules may take from this one what it imports."""
        for one in node.names:
            if one.name == "*":
                star = self._star(node)
                if star:
                    self._add(function_key(self._module, "*"), function_key(star, "*"), node.lineno)
            elif isinstance(node, ast.ImportFrom):
                local = one.asname or one.name
                for path in scope.paths.get(local, ()):
                    if callee := function_at(path):
                        self._stand_for(function_key(self._module, local), callee, node.lineno)

    def _called(self, scope: Scope, func: ast.expr) -> Iterator[str]:
        """What a call of `func` may call."""
        if isinstance(func, ast.IfExp | ast.BoolOp):  # `(f or g)()`
            for one in (func.body, func.orelse) if isinstance(func, ast.IfExp) else func.values:
                yield from self._called(scope, one)
        yield from self._named(scope, func)
        yield from self._returned.called(scope, func)
        if not isinstance(func, ast.Attribute):
            return
        name, value = func.attr, func.value
        if isinstance(value, ast.Name):
            holders = [scope.holder] if value.id == scope.own else scope.reaching(value.id)
            known = [one for one in holders if name in self._methods.get(one, ())]
            if known:
                yield from (f"{one}.{name}" for one in known)
                if value.id == scope.own:
                    yield heir_key(scope.holder, name)
                return
        roots = {path.partition(".")[0] for path in scope.full_paths(func)}
        if not (roots and roots <= {_SDK, *sys.stdlib_module_names}) and name not in EVERYDAY:
            yield function_key("", name)

    def _named(self, scope: Scope, node: ast.expr) -> Iterator[str]:
        """The functions and classes that a name, dotted or not, may mean."""
        if isinstance(node, ast.Name):
            found = scope.reaching(node.id)
            yield from found
            if not found and not scope.binds(node.id) and node.id not in _BUILTINS:
                stars = self._stars if len(self._stars) < 2 else [self._module]
                yield from (function_key(star, node.id) for star in stars)
        for path in scope.full_paths(node):
            if callee := function_at(path):
                yield callee

    def _stand_for(self, name: str, function: str, line: int) -> None:
        """Note that a call of one is a call of the other, whatever it is handed."""
        self._add(name, function, line)
        self._add(any_handed(name), any_handed(function), line)

    def _add(self, caller: str, callee: str, line: int) -> None:
        known = self._found.setdefault((caller, callee), line)
        self._found[caller, callee] = min(known, line)


def _imports(caller: str, node: ast.Import | ast.ImportFrom) -> Iterator[Import]:
    if isinstance(node, ast.ImportFrom):
        names = tuple(one.name for one in node.names)
        yield Import(caller, "." * node.level + (node.module or ""), names, node.lineno)
    else:
        yield from (Import(caller, one.name, (), node.lineno) for one in node.names)
