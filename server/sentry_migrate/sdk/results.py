"""What functions of the text give: by annotation, else by what they return.

Owns finding the function that is called, of a module, a class or its bases. A hub that a function
made may be any of several by the time that it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

import libcst as cst

from sentry_migrate.project.sdk_members import ANNOTATED, ENTERED, HANDED
from sentry_migrate.project.sdk_types import FOLLOWED
from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk import type_comments
from sentry_migrate.sdk.annotations import Annotations, Declared, stored
from sentry_migrate.sdk.instances import Instances
from sentry_migrate.sdk.value_types import (
    Many,
    Obj,
    Ref,
    Value,
    instance,
    is_nothing,
    merge,
)

PROPERTIES = frozenset(("property", "cached_property"))
_KEEPING = PROPERTIES | {"lru_cache", "cache", "staticmethod", "classmethod", "wraps"}
"""Decorators, by the last part of their names, that give what the function gives."""
_DERIVED = HANDED | {"Client"}
"""The types of which projects derive classes of their own."""
_SEVERAL = frozenset(("either", "element"))
"""Origins of hubs which are known better than an annotation says it."""
_MANAGERS = frozenset(("contextmanager", "asynccontextmanager"))


class Results:
    """The functions of one tree. `of` evaluates an expression."""

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        of: Callable[[cst.CSTNode | None], Value | None],
        annotations: Annotations,
        instances: Instances,
    ) -> None:
        self._tree = tree
        self._scopes = scopes
        self._of = of
        self.annotations = annotations
        self._instances = instances

    def returned(self, call: cst.Call) -> Value | None:
        """What a call of a function of the text gives."""
        function = self._function(call.func)
        return None if function is None else self.given(function, call)

    def made(self, call: cst.Call) -> Value | None:
        """The client, scope or span that a call makes of a class of the text."""
        holder = self._instances.of(call) if isinstance(call.func, cst.Name) else None
        kind = self.derived(holder) if holder is not None else ""
        return Obj(kind, "made", call) if kind else None

    def derived(self, holder: cst.ClassDef) -> str:
        """The type of the SDK that a class of the text derives from; empty for none."""
        for one in self._instances.with_bases(holder):
            for base in one.bases:
                value = self._of(base.value)
                kind = ANNOTATED.get(value.path, "") if isinstance(value, Ref) else ""
                if kind in _DERIVED:
                    return kind
        return ""

    def given(self, function: cst.FunctionDef, node: cst.CSTNode) -> Value | None:
        """What a function gives, read at `node`."""
        declared = self._declared(function)
        if declared is not None:
            known = self._merged(self._returns.get(id(function), ()), node)
            is_hub = declared == "Hub" and isinstance(known, Obj) and known.type == "Hub"
            if is_hub and isinstance(known, Obj) and known.origin in _SEVERAL:
                return known
            return stored(declared, node)
        if function.returns is not None or self._decorators(function) - _KEEPING:
            return None
        return self._merged(self._returns.get(id(function), ()), node)

    def entered(self, call: cst.Call) -> Value | None:
        """What `with f() as x` binds, if the function is a generator that yields it."""
        function = self._function(call.func)
        if function is None:
            return None
        if not self._decorators(function) & _MANAGERS:
            return self._of_manager(function, call)
        declared = self._declared(function)
        if isinstance(declared, Many):
            return declared.one(call)
        return self._merged(self._yields.get(id(function), ()), call)

    def _of_manager(self, function: cst.FunctionDef, call: cst.Call) -> Value | None:
        """What `with` gets of a manager of scopes that a function returns."""
        if self._decorators(function) - _KEEPING:
            return None
        value = merge([self._of(one) for one in self._returns.get(id(function), ())])
        made = ENTERED.get((value.type, value.origin)) if isinstance(value, Obj) else None
        return Obj(made[0], "param", call, "attribute") if made is not None else None

    def giving(self) -> Iterator[str]:
        """The names of functions that may give something of the SDK."""
        for function in self._tree.by_type.get(cst.FunctionDef, ()):
            assert isinstance(function, cst.FunctionDef)
            if self._declared(function) is not None or self.given(function, function) is not None:
                yield function.name.value

    def _merged(self, results: Sequence[cst.BaseExpression], node: cst.CSTNode) -> Value | None:
        value = merge([self._of(one) for one in results if not is_nothing(one)])
        if isinstance(value, Ref):
            return value
        followed = isinstance(value, Obj) and value.type in FOLLOWED
        return instance(value, node) if isinstance(value, Obj) and followed else None

    def _declared(self, function: cst.FunctionDef) -> Declared:
        """What the annotation of a function's result says, or the comment in place of it."""
        if function.returns is not None:
            return self.annotations.of(function.returns.annotation)
        return self.annotations.text(type_comments.of_result(function))

    def _decorators(self, function: cst.FunctionDef) -> set[str]:
        called = (
            one.decorator.func if isinstance(one.decorator, cst.Call) else one.decorator
            for one in function.decorators
        )
        return {dotted(one).rpartition(".")[2] for one in called}

    @cached_property
    def _returns(self) -> Mapping[int, Sequence[cst.BaseExpression]]:
        return self._by_function(cst.Return)

    @cached_property
    def _yields(self) -> Mapping[int, Sequence[cst.BaseExpression]]:
        return self._by_function(cst.Yield)

    def _by_function(
        self, kind: type[cst.Return | cst.Yield]
    ) -> Mapping[int, list[cst.BaseExpression]]:
        """By id of a function, what it returns or yields; nothing where it does both."""
        found: dict[int, list[cst.BaseExpression]] = {}
        generators = {
            id(self._tree.enclosing(one, cst.FunctionDef, cst.Lambda))
            for one in self._tree.by_type.get(cst.Yield, ())
        }
        for node in self._tree.by_type.get(kind, ()):
            function = self._tree.enclosing(node, cst.FunctionDef, cst.Lambda)
            value = getattr(node, "value", None)
            if value is not None and (kind is cst.Yield or id(function) not in generators):
                found.setdefault(id(function), []).append(value)
        return found

    def _function(self, func: cst.BaseExpression) -> cst.FunctionDef | None:
        if isinstance(func, cst.Name):
            bindings = self._scopes.reaching(func)
            node = bindings[0].node if len(bindings) == 1 else None
            return node if isinstance(node, cst.FunctionDef) else None
        holder = self._instances.of(func.value) if isinstance(func, cst.Attribute) else None
        if holder is None or not isinstance(func, cst.Attribute):
            return None
        for one in self._instances.with_bases(holder):
            found = self._scopes.scopes[id(one)].bindings.get(func.attr.value, ())
            if found:
                node = found[0].node if len(found) == 1 else None
                return node if isinstance(node, cst.FunctionDef) else None
        return None
