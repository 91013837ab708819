"""Where a variable is known to be an instance of the SDK's, because `isinstance()` said so.

Owns following a test to the code that runs only if it held. Refuses to know what follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import libcst as cst

from sentry_migrate.project.sdk_members import ANNOTATED
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.value_types import Obj, Ref, Value
from sentry_migrate.text.spans import Span

_LEAVING = (cst.Return, cst.Raise, cst.Continue, cst.Break)
_Held: TypeAlias = tuple[cst.Name, str, Span]
"""The variable that is tested, the type that it has, and where."""


class Narrowing:
    """The tests of one tree. `of` evaluates an expression."""

    def __init__(
        self, tree: Tree, scopes: Scopes, of: Callable[[cst.CSTNode], Value | None]
    ) -> None:
        self._tree = tree
        self._scopes = scopes
        self._of = of
        self._tests: dict[str, list[_Held]] = {}

    def value(self, name: cst.Name) -> Value | None:
        """What a variable can only be where it is read, if nothing else tells."""
        found = self._tests.get(name.value, ())
        at = self._tree.span(name)[0] if found else 0
        for tested, kind, (start, end) in found:
            same = [*self._scopes.reaching(tested)] == [*self._scopes.reaching(name)]
            if start <= at < end and same:
                return Obj(kind, "element" if kind == "Hub" else "param", name, "attribute")
        return None

    def reads(self) -> Iterator[cst.Name]:
        """The reads of variables that are tested."""
        for name in self._tests:
            yield from self._scopes.loads.get(name, ())

    def find(self) -> None:
        """Find the tests, before anybody asks: as a part of another question, the types that they
        name would make that one deeper."""
        for load in self._scopes.loads.get("isinstance", ()):
            call = self._tree.parent(load)
            if not isinstance(call, cst.Call) or call.func is not load or len(call.args) != 2:
                continue
            tested, kind = call.args[0].value, self._kind(call.args[1].value)
            if isinstance(tested, cst.Name) and kind and not self._scopes.reaching(load):
                for part in self._where(call):
                    self._tests.setdefault(tested.value, []).append((tested, kind, part))

    def _kind(self, node: cst.BaseExpression) -> str:
        value = self._of(node)
        return ANNOTATED.get(value.path, "") if isinstance(value, Ref) else ""

    def _where(self, test: cst.CSTNode) -> Iterator[Span]:
        """The code that runs only where a test held."""
        held = True
        parent = self._tree.parent(test)
        while isinstance(parent, cst.UnaryOperation | cst.BooleanOperation):
            if isinstance(parent, cst.UnaryOperation):
                if not isinstance(parent.operator, cst.Not):
                    return
                held = not held
            elif isinstance(parent.operator, cst.And) is not held:
                return
            elif parent.left is test:
                yield self._tree.span(parent.right)
            test, parent = parent, self._tree.parent(parent)
        if isinstance(parent, cst.IfExp) and parent.test is test:
            yield self._tree.span(parent.body if held else parent.orelse)
        elif isinstance(parent, cst.If) and parent.test is test:
            if held:
                yield self._tree.span(parent.body)
            elif parent.orelse is not None:
                yield self._tree.span(parent.orelse)
            elif _leaves(parent.body):
                yield self._rest(parent)
        elif isinstance(parent, cst.While) and parent.test is test and held:
            yield self._tree.span(parent.body)
        elif isinstance(parent, cst.Assert) and parent.test is test and held:
            yield self._rest(self._tree.parent(parent) or parent)
        elif isinstance(parent, cst.CompIf) and held:
            around = self._tree.enclosing(parent, cst.ListComp, cst.SetComp, cst.GeneratorExp)
            if isinstance(around, cst.ListComp | cst.SetComp | cst.GeneratorExp):
                yield self._tree.span(around.elt)

    def _rest(self, statement: cst.CSTNode) -> Span:
        """What follows a statement in its block."""
        block = self._tree.parent(statement)
        end = self._tree.span(block)[1] if block is not None else 0
        return self._tree.span(statement)[1], end


def _leaves(block: cst.BaseSuite) -> bool:
    """Whether nothing after a block runs once the block has."""
    last = block.body[-1] if block.body else None
    small = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
    return isinstance(small, _LEAVING)
