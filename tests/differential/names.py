"""Which names of the SDK a text uses, read without the project's own analysis.

What is known of a value is where it was imported from or which function of the SDK gave it; the
table of releases knows the rest. Names are spelled as in `sentry_migrate.sdk.releases`.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from sentry_migrate.sdk.releases import since

GIVES = {
    "get_isolation_scope": "Scope",
    "get_current_scope": "Scope",
    "get_global_scope": "Scope",
    "new_scope": "Scope",
    "isolation_scope": "Scope",
    "fork": "Scope",
    "use_scope": "Scope",
    "use_isolation_scope": "Scope",
    "get_client": "Client",
    "start_span": "tracing.Span",
    "start_transaction": "tracing.Transaction",
    "start_child": "tracing.Span",
}
"""What functions and methods of the SDK give, by their names."""
TAKES = {
    "start_span": "tracing.Span",
    "start_transaction": "tracing.Transaction",
    "start_child": "tracing.Span",
}
"""Whose parameters they hand on."""


def used(text: str) -> frozenset[str]:
    """All names, `sentry_sdk.scope.Scope.fork` and `sentry_sdk.tracing.Span(name)` alike."""
    return frozenset(_Reader(ast.parse(text)).names())


def words(text: str) -> frozenset[str]:
    """Every identifier, whatever it means."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return frozenset(token.string for token in tokens if token.type == tokenize.NAME)


class _Reader:
    def __init__(self, tree: ast.Module) -> None:
        self._nodes = list(ast.walk(tree))
        self._known: dict[str, str] = {}
        """By local name, what it stands for, as far as one thing."""

    def names(self) -> Iterator[str]:
        for node in self._nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.split(".")[0] == "sentry_sdk":
                        yield alias.name
                        local = alias.asname or "sentry_sdk"
                        self._known[local] = alias.name if alias.asname else local
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                if node.module.split(".")[0] == "sentry_sdk":
                    for alias in node.names:
                        yield f"{node.module}.{alias.name}"
                        self._known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        for node in self._nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                self._bind(node.targets[0], node.value)
            elif isinstance(node, ast.withitem):
                self._bind(node.optional_vars, node.context_expr)
        for node in self._nodes:
            if isinstance(node, ast.Attribute):
                path = self._path(node)
                if path:
                    yield path
            elif isinstance(node, ast.Call):
                yield from self._arguments(node)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                if re.fullmatch(r"sentry_sdk(\.\w+)+", node.value):
                    yield node.value  # for `mock.patch`

    def _bind(self, target: ast.expr | None, value: ast.expr) -> None:
        path = self._path(value)
        if isinstance(target, ast.Name) and path:
            self._known.setdefault(target.id, path)

    def _path(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return self._known.get(node.id, "")
        if isinstance(node, ast.Attribute):
            owner = self._path(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        if isinstance(node, ast.Call):
            called = self._path(node.func)
            given = GIVES.get(called.rpartition(".")[2])
            if called and given:
                return f"sentry_sdk.{given}"
            return called if called.rpartition(".")[2][:1].isupper() else ""
        return ""

    def _arguments(self, call: ast.Call) -> Iterator[str]:
        path = self._path(call.func)
        owner = TAKES.get(path.rpartition(".")[2])
        if not path:
            return
        for keyword in call.keywords:
            name = f"{path}({keyword.arg})"
            handed = f"sentry_sdk.{owner}({keyword.arg})"
            yield handed if owner and since(name) is None else name
