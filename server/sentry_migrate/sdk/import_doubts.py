"""Why an imported name may not stand for what was imported.

Owns what another binding, an `except` beside the import or an import for type checkers only mean
for it.
"""

from __future__ import annotations

import re
from collections import Counter

import libcst as cst

from sentry_migrate.python.bindings import Binding
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.names import canonical
from sentry_migrate.sdk.value_types import is_nothing

_TYPING = re.compile(r"\b(TYPE_CHECKING|MYPY)\b")


class Doubts:
    """The doubts about the imports of one tree, each looked into once."""

    __slots__ = ("_meanings", "_stand_ins", "_tree", "_tried", "_typing")

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._typing: dict[int, bool] = {}
        # By id of all bindings of a name in one scope, which are one list.
        self._tried: dict[int, Counter[int]] = {}
        self._stand_ins: dict[int, set[int]] = {}
        self._meanings: dict[int, set[str]] = {}

    def is_fallback(self, binding: Binding) -> bool:
        """Whether the binding stands in an `except` whose `try` imports the same name."""
        handler = self._tree.enclosing(binding.node, cst.ExceptHandler)
        if handler is None:
            return False
        others = binding.scope.bindings[binding.name]
        tried = self._tried.get(id(others))
        if tried is None:
            tried = self._tried[id(others)] = Counter(
                id(self._tree.enclosing(other.node, cst.Try))
                for other in others
                if _imports_sdk(other)
            )
        # The handler's own import is in the `try` statement too.
        return tried[id(self._tree.parent(handler))] > _imports_sdk(binding)

    def refuse_stand_in(self, binding: Binding) -> None:
        """Raise NoName where an `except` beside the import gives its name to something else."""
        others = binding.scope.bindings[binding.name]
        if len(others) == 1:
            return
        tries = self._stand_ins.get(id(others))
        if tries is None:
            handlers = (
                self._tree.enclosing(other.node, cst.ExceptHandler)
                for other in others
                if not is_nothing(other.value)
            )
            tries = self._stand_ins[id(others)] = {
                id(self._tree.parent(handler)) for handler in handlers if handler is not None
            }
        if id(self._tree.enclosing(binding.node, cst.Try)) in tries:
            raise NoName(f"`{binding.name}` has a fallback for when `sentry_sdk` is not installed")

    def means_more(self, binding: Binding) -> bool:
        """Whether something that is not a value gives the name of an import another meaning."""
        bindings = binding.scope.bindings[binding.name]
        paths = self._meanings.get(id(bindings))
        if paths is None:
            first = min(other.at for other in bindings)
            paths = self._meanings[id(bindings)] = {
                canonical(other.path)
                for other in bindings
                if other.value is None or (other.at > first and self._is_certain(other))
            }
        return len(paths) > 1 or canonical(binding.path) not in paths

    def _is_certain(self, binding: Binding) -> bool:
        """Whether a statement of the module itself binds the name, whatever happens."""
        line = self._tree.statement(binding.node)
        return isinstance(line, cst.SimpleStatementLine) and (
            self._tree.parent(line) is self._tree.module
        )

    def only_for_types(self, node: cst.CSTNode) -> bool:
        """Whether the code runs for type checkers only."""
        passed: list[int] = []
        found = False
        for holder in self._tree.holders(node, cst.If):
            known = self._typing.get(id(holder))
            if known is not None:
                found = known
                break
            passed.append(id(holder))
            if _TYPING.search(self._tree.code(holder.test)):
                found = True
                break
        self._typing.update(dict.fromkeys(passed, found))
        return found


def _imports_sdk(binding: Binding) -> bool:
    return binding.kind == "import" and binding.path.startswith("sentry_sdk")
