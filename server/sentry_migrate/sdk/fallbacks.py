"""`try` statements that choose between the SDK's lines.

Owns recognising them by what their parts import and use; where that stands is looked up once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import libcst as cst

from sentry_migrate.python.bindings import dotted
from sentry_migrate.python.caught import catches
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.value_types import Ref
from sentry_migrate.sdk.values import Values

_NEWER = frozenset(
    (
        *("new_scope", "isolation_scope", "get_client", "is_initialized"),
        *("get_isolation_scope", "get_current_scope", "get_global_scope"),
    )
)


class Fallbacks:
    """The `try` statements of one tree."""

    def __init__(self, tree: Tree, values: Values) -> None:
        self._tree = tree
        imports: list[cst.ImportFrom | cst.Import] = [
            *(node for node in tree.nodes(cst.ImportFrom) if _is_from_sdk(node)),
            *(node for node in tree.nodes(cst.Import) if _is_of_sdk(node)),
        ]
        self._imports = sorted(map(self._start, imports))
        self._newer_imports = [self._start(node) for node in imports if _is_newer(node)]
        self._newer_names = [
            self._start(node)
            for node in tree.nodes(cst.Attribute)
            if node.attr.value in _NEWER and isinstance(values.of(node), Ref)
        ]

    def imports_newer(self, attempt: cst.Try | None) -> bool:
        """`try: from sentry_sdk import new_scope`."""
        return attempt is not None and self._any_in(self._newer_imports, attempt.body)

    def chooses(self, attempt: cst.Try) -> bool:
        """Whether a handler is for the other line."""
        return self._chooses_import(attempt) or self._falls_back(attempt)

    def needs_newer(self, attempt: cst.Try) -> bool:
        """Whether the body fails, and that is caught, where the SDK is not 2.x."""
        return self._falls_back(attempt) or (
            self.imports_newer(attempt) and catches(attempt, "ImportError")
        )

    def _chooses_import(self, attempt: cst.Try) -> bool:
        """`try: from sentry_sdk import new_scope / except ImportError:` and an older name."""
        return self._any_in(self._imports, attempt.body) and any(
            self._any_in(self._imports, handler.body) for handler in attempt.handlers
        )

    def _falls_back(self, attempt: cst.Try) -> bool:
        """`try: sentry_sdk.new_scope … / except AttributeError:` older code."""
        return self._any_in(self._newer_names, attempt.body) and catches(attempt, "AttributeError")

    def _start(self, node: cst.CSTNode) -> int:
        return self._tree.span(node)[0]

    def _any_in(self, starts: Sequence[int], body: cst.CSTNode) -> bool:
        start, end = self._tree.span(body)
        return bisect_left(starts, start) < bisect_left(starts, end)


def _is_from_sdk(node: cst.ImportFrom) -> bool:
    return node.module is not None and dotted(node.module).split(".", 1)[0] == "sentry_sdk"


def _is_of_sdk(node: cst.Import) -> bool:
    return any(dotted(alias.name).split(".", 1)[0] == "sentry_sdk" for alias in node.names)


def _is_newer(node: cst.ImportFrom | cst.Import) -> bool:
    """Whether all that is imported only 2.x has."""
    return (
        isinstance(node, cst.ImportFrom)
        and not isinstance(node.names, cst.ImportStar)
        and all(dotted(alias.name) in _NEWER for alias in node.names)
    )
