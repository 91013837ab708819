"""What Python's own functions give, `import_module("sentry_sdk")` and `cast(Hub, x)`, and what
`sys.modules["sentry_sdk"]` does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from importlib.util import resolve_name

import libcst as cst

from sentry_migrate.project.held_names import IMPORTED
from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.annotations import Annotations, stored
from sentry_migrate.sdk.names import IN_BOTH
from sentry_migrate.sdk.value_types import Giving, Ref, Value, is_nothing

_CASTS = frozenset(("typing.cast", "typing_extensions.cast"))
_IMPORTING = frozenset(("importlib.import_module", "pytest.importorskip", "sys.modules.get"))
_BUILTIN = frozenset(("builtins.__import__", "importlib.__import__"))
_CACHES = frozenset(("cache", "lru_cache", "functools.cache", "functools.lru_cache"))
_MODULES = "sys.modules"
_NAMESPACE = "types.SimpleNamespace"
_LOOKS = frozenset(("get", "items", "keys", "values", "copy"))
_SDK = re.compile(r"sentry_sdk(?:\.|$)")


class PythonCalls:
    """The calls of one tree. `of` evaluates an expression."""

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        of: Callable[[cst.CSTNode], Value | None],
        annotations: Annotations,
    ) -> None:
        self._tree = tree
        self._scopes = scopes
        self._of = of
        self._annotations = annotations
        self._puts: bool | None = None

    def imported(self, node: cst.Call | cst.Subscript) -> str:
        """The module that an import gives which is spelled as a call, or that `sys.modules` has;
        else empty."""
        if isinstance(node, cst.Subscript):
            key = node.slice[0].slice
            found = self._text(key.value) if isinstance(key, cst.Index) else ""
            known = _SDK.match(found) and self._scopes.imported(node.value) == _MODULES
            return found if known and not self._puts_modules() else ""
        called = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
        plain = node.func.value if isinstance(node.func, cst.Name) else ""
        home = self._scopes.imported(node.func)
        name = self._text(node.args[0].value) if node.args else ""
        if plain == "__import__" or home in _BUILTIN:
            return name if _has_list(node) else name.partition(".")[0]
        if called not in ("import_module", "importorskip") and plain != "import_module":
            if len(node.args) == 1 and self._is_importing(node.func):
                return name
            if home not in _IMPORTING:
                return ""
            if home.startswith(_MODULES) and (_has_default(node) or self._puts_modules()):
                return ""
        package = self._text(node.args[1].value) if len(node.args) > 1 else ""
        if name.startswith(".") and _SDK.match(package):
            return resolve_name(name, package)
        return name

    def _is_importing(self, func: cst.BaseExpression) -> bool:
        """Whether a function of the project gives the module that its first argument names, or
        None."""
        value = self._of(func)
        if isinstance(value, Giving):
            return value.held == IMPORTED
        bindings = self._scopes.reaching(func) if isinstance(func, cst.Name) else ()
        return bool(bindings) and all(
            isinstance(one.node, cst.FunctionDef) and id(one.node) in self._importing
            for one in bindings
        )

    @cached_property
    def _importing(self) -> frozenset[int]:
        """By id, the functions of the text that import what their first argument names."""
        found: dict[int, list[bool]] = {}
        for node in self._tree.nodes(cst.Return) if "import_module" in self._tree.text else ():
            function = self._tree.enclosing(node, cst.FunctionDef, cst.Lambda)
            if isinstance(function, cst.FunctionDef) and not _gives_default(node.value, function):
                kept = all(dotted(one.decorator) in _CACHES for one in function.decorators)
                loads = self._loads(node.value, function)
                found.setdefault(id(function), []).append(kept and loads)
        return frozenset(one for one, loads in found.items() if all(loads))

    def _loads(self, node: cst.BaseExpression | None, function: cst.FunctionDef) -> bool:
        """Whether an expression imports what the first parameter of a function names."""
        if not isinstance(node, cst.Call) or len(node.args) != 1:
            return False
        first = [one.name.value for one in function.params.params[:1]]
        own = dotted(node.args[0].value) in first
        return own and self._scopes.imported(node.func) == "importlib.import_module"

    def imports(self) -> Iterator[cst.Call | cst.Subscript]:
        """The modules of the SDK of which something is read at once."""
        if "sentry_sdk" not in self._tree.text:
            return
        read = [node.value for node in self._tree.nodes(cst.Attribute)]
        read += (one[0] for one in map(self.member, self._tree.nodes(cst.Call)) if one is not None)
        for value in read:
            if isinstance(value, cst.Call | cst.Subscript) and _SDK.match(self.imported(value)):
                yield value

    def member(self, call: cst.Call) -> tuple[cst.BaseExpression, str] | None:
        """Of what `getattr()` or `attrgetter("x")()` reads which attribute; None if it may give
        something else instead."""
        func = call.func
        if name := self.getter(call, "operator.attrgetter"):
            return call.args[0].value, name
        if not isinstance(func, cst.Name) or func.value != "getattr":
            return None
        if len(call.args) not in (2, 3) or any(arg.star or arg.keyword for arg in call.args):
            return None
        if self._scopes.reaching(func):
            return None
        asked, name = call.args[0].value, self._text(call.args[1].value)
        if len(call.args) == 3:
            of = self._of(asked)
            if name not in IN_BOTH or not isinstance(of, Ref) or of.path != "sentry_sdk":
                return None
        return (asked, name) if name.isidentifier() else None

    def getter(self, call: cst.Call, kind: str) -> str:
        """What a call reads of its argument by way of `operator.attrgetter("x")` or the like, which
        is written there or the only one that a name is given; else empty."""
        func: cst.CSTNode | None = call.func
        if isinstance(func, cst.Name):
            known = self._scopes.reaching(func)
            func = known[0].value if len(known) == 1 and known[0].whole else None
        if not isinstance(func, cst.Call) or self._scopes.imported(func.func) != kind:
            return ""
        plain = len(call.args) == len(func.args) == 1
        if not plain or any(one.star or one.keyword for one in (*call.args, *func.args)):
            return ""
        text = self._text(func.args[0].value)
        return text if text.replace(".", "_").isidentifier() else ""

    def held(self, node: cst.Attribute) -> Value | None:
        """What a `SimpleNamespace(name=x)` has, unless the text gives it something else."""
        bindings = self._scopes.reaching(node.value) if isinstance(node.value, cst.Name) else ()
        made = bindings[0].value if len(bindings) == 1 and bindings[0].whole else None
        if not isinstance(made, cst.Call) or self._scopes.imported(made.func) != _NAMESPACE:
            return None
        if node.attr.value in self._scopes.attributes:
            return None
        named = (arg for arg in made.args if arg.keyword is not None)
        given = [arg.value for arg in named if arg.keyword and arg.keyword.value == node.attr.value]
        return self._of(given[0]) if len(given) == 1 else None

    def cast(self, call: cst.Call) -> Value | None:
        """What `cast()` is given, or says that it is; or what `staticmethod()` is given."""
        func = call.func
        if isinstance(func, cst.Name) and func.value == "staticmethod" and len(call.args) == 1:
            return None if self._scopes.reaching(func) else self._of(call.args[0].value)
        if len(call.args) != 2 or self._scopes.imported(call.func) not in _CASTS:
            return None
        given = self._of(call.args[1].value)
        return given or stored(self._annotations.of(call.args[0].value), call)

    def _text(self, node: cst.BaseExpression) -> str:
        """A text that is written here, or the only one that a name is given."""
        if isinstance(node, cst.Name):
            known = self._scopes.reaching(node)
            one = known[0] if len(known) == 1 else None
            if one is None or one.kind != "assign" or not one.whole:
                return ""
            return _text(one.value)
        return _text(node)

    def _puts_modules(self) -> bool:
        """Whether the text may put something else in the place of the SDK's modules."""
        if self._puts is None:
            names = {
                binding.name
                for scope in self._scopes.scopes.values()
                for bindings in scope.bindings.values()
                for binding in bindings
                if binding.path in ("sys", _MODULES)
            }
            loads = (load for name in names for load in self._scopes.loads.get(name, ()))
            self._puts = any(map(self._may_put, loads))
        return self._puts

    def _may_put(self, load: cst.Name) -> bool:
        node: cst.BaseExpression = load
        while self._scopes.imported(node) != _MODULES:
            parent = self._tree.parent(node)
            if not isinstance(parent, cst.Attribute) or parent.value is not node:
                return False
            node = parent
        around = self._tree.parent(node)
        if isinstance(around, cst.Attribute):
            return around.attr.value not in _LOOKS
        if not isinstance(around, cst.Subscript):
            return not isinstance(around, cst.ComparisonTarget)
        index = around.slice[0].slice
        key = self._text(index.value) if isinstance(index, cst.Index) else ""
        if not isinstance(self._tree.parent(around), cst.AssignTarget | cst.AnnAssign | cst.AsName):
            return False
        return not key or _SDK.match(key) is not None

    def casts(self) -> Iterator[cst.BaseExpression]:
        """Every call of `cast()` and attribute of a namespace that give something of the SDK."""
        for node in self._tree.nodes(cst.Attribute) if "Namespace" in self._tree.text else ():
            if self.held(node) is not None:
                yield node
        for call in self._tree.nodes(cst.Call) if "cast" in self._tree.text else ():
            if self.cast(call) is not None:
                yield call


def _text(node: cst.CSTNode | None) -> str:
    text = node.evaluated_value if isinstance(node, cst.SimpleString) else None
    return text if isinstance(text, str) else ""


def _gives_default(node: cst.BaseExpression | None, function: cst.FunctionDef) -> bool:
    """Whether a function gives nothing, or what is nothing unless it is given."""
    defaults = {one.name.value for one in function.params.params if is_nothing(one.default)}
    return node is None or is_nothing(node) or dotted(node) in defaults


def _has_default(call: cst.Call) -> bool:
    """Whether `get()` gives anything else than None where it finds nothing."""
    given = [arg.value for arg in call.args[1:]]
    return any(not isinstance(one, cst.Name) or one.value != "None" for one in given)


def _has_list(call: cst.Call) -> bool:
    """Whether `__import__()` is told names to take, and gives the last part of its path."""
    given = [arg.value for arg in call.args[3:4] if arg.keyword is None]
    given += [arg.value for arg in call.args if arg.keyword and arg.keyword.value == "fromlist"]
    return any(isinstance(one, cst.List | cst.Tuple) and bool(one.elements) for one in given)
