"""Which functions are called that functions return: `make()()`, `@decorator(1)`.

Owns the keys of what a function returns, and what calls it. Refuses to know what a name means.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from sentry_migrate.project.call_scopes import Scope
from sentry_migrate.project.held_functions import lambda_name
from sentry_migrate.project.implied_calls import ENTERING

_GIVEN = ".<given>"
_Meaning: TypeAlias = Callable[[Scope, ast.expr], Iterable[str]]


class Returned:
    """What the functions of one file return."""

    def __init__(
        self, named: _Meaning, meant: _Meaning, add: Callable[[str, str, int], None]
    ) -> None:
        """`named` gives the functions and classes that a name may mean, `meant` methods too; `add`
        notes that one function calls another, and the line."""
        self._named = named
        self._meant = meant
        self._add = add
        self._decorated: list[tuple[Scope, str, ast.FunctionDef | ast.AsyncFunctionDef]] = []

    def define(self, scope: Scope, key: str, node: ast.AST) -> None:
        """Note a function of this key."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
            self._decorated.append((scope, key, node))

    def called(self, scope: Scope, func: ast.expr) -> Iterator[str]:
        """What a call of `func` may call that some function returned."""
        if isinstance(func, ast.Call):
            yield from map(_given, self._own(scope, func.func))

    def note(self, scope: Scope, caller: str, node: ast.AST) -> None:
        """Note what a function returns, and what decorators with arguments run at once."""
        if isinstance(node, ast.Return):
            value = node.value
            if isinstance(value, ast.Lambda):
                self._add(_given(scope.key), f"{scope.key}.{lambda_name(value)}", node.lineno)
            elif isinstance(value, ast.Name | ast.Attribute):
                for callee in self._meant(scope, value):
                    self._add(_given(scope.key), callee, node.lineno)
                    self._add(_given(_given(scope.key)), _given(callee), node.lineno)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                for callee in self.called(scope, decorator):
                    self._add(caller, callee, decorator.lineno)

    def finish(self) -> None:
        """Note what calls of decorated functions run, once all names are known."""
        for scope, key, node in self._decorated:
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call):
                    for callee in self._own(scope, decorator.func):
                        self._add(key, _given(_given(callee)), decorator.lineno)
                        for method in ENTERING:  # of a `ContextDecorator`
                            self._add(key, f"{callee}.{method}", decorator.lineno)
                else:
                    for callee in self._own(scope, decorator):
                        self._add(key, _given(callee), decorator.lineno)

    def _own(self, scope: Scope, node: ast.expr) -> Iterator[str]:
        """What a name may mean that is none of Python's own."""
        for callee in self._named(scope, node):
            if callee.partition(".")[0] not in sys.stdlib_module_names:
                yield callee


def _given(function: str) -> str:
    """What stands for all functions that one returns."""
    return function + _GIVEN
