"""What annotations say: an instance of the SDK's, or a container of such.

Owns reading them as code, in quotes and in comments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import libcst as cst

from sentry_migrate.project.annotation_types import AnnotationTypes, Said
from sentry_migrate.project.held_names import HELD
from sentry_migrate.project.sdk_members import ANNOTATED
from sentry_migrate.python.bindings import Binding, walk
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.names import canonical
from sentry_migrate.sdk.reexported_names import ReexportedNames
from sentry_migrate.sdk.value_types import Alias, Giving, Many, Obj, Ref, Value, holding

Declared: TypeAlias = "str | Many | Giving | Ref | None"
"""The type of an instance, such as `Hub`, a container, a function that gives one, or the class;
None for anything else."""


class Annotations:
    """The annotations of one tree. `of` evaluates an expression."""

    __slots__ = ("_known", "_of", "_reexported", "_scopes", "_tree")

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        of: Callable[[cst.CSTNode], Value | None],
        reexported: ReexportedNames,
    ) -> None:
        self._tree = tree
        self._scopes = scopes
        self._of = of
        self._reexported = reexported
        self._known: dict[int, Said | None] = {}

    def of(self, node: cst.CSTNode) -> Declared:
        """What an annotation in the code says."""
        return _declared(self._said(node))

    def text(self, text: str) -> Declared:
        """What an annotation in quotes or in a comment says."""
        return None if not text else _declared(self._quoted(text))

    def _said(self, node: cst.CSTNode) -> Said | None:
        if id(node) not in self._known:
            self._known[id(node)] = None  # for an alias that names itself
            self._known[id(node)] = self._read(node)
        return self._known[id(node)]

    def _read(self, node: cst.CSTNode) -> Said | None:
        if isinstance(node, cst.Name | cst.Attribute):
            return self._meant(node)
        if not isinstance(node, cst.Subscript | cst.BinaryOperation | cst.SimpleString):
            return None
        known: dict[str, Said] = {}
        quoted = False
        for part in walk(node):
            quoted = quoted or isinstance(part, cst.SimpleString)
            if isinstance(part, cst.Name | cst.Attribute):
                said = self._meant(part)
                if said is not None:
                    known[self._tree.code(part)] = said
        if not known and not quoted:
            return None
        return AnnotationTypes(known.get, self._quoted).read(self._tree.code(node))

    def _meant(self, node: cst.Name | cst.Attribute) -> Said | None:
        """What a name stands for: a class of the SDK, or what it was made another name of."""
        value = self._of(node)
        if value is None and isinstance(node, cst.Name):
            return self._alias(self._scopes.reaching(node))
        return value.said if isinstance(value, Alias) else _type(value)

    def _alias(self, bindings: Sequence[Binding]) -> Said | None:
        """What a name says that is given an annotation: `MaybeHub = Optional[Hub]`."""
        one = bindings[0] if len(bindings) == 1 else None
        if one is None or one.kind != "assign" or not one.whole or one.value is None:
            return None
        return self._said(one.value)

    def _quoted(self, text: str) -> Said | None:
        return AnnotationTypes(self._imported, self._quoted).read(text)

    def _imported(self, name: str) -> Said | None:
        """What a dotted name means that the module imports or gives a type."""
        first, _, rest = name.partition(".")
        bindings = self._scopes.module.bindings.get(first, ())
        for binding in bindings:
            if binding.kind == "import":
                path = self._reexported.origin(binding.path)
                path = self._reexported.origin(f"{path}.{rest}" if rest else path)
                held = holding(path)
                if isinstance(held, Alias):
                    return held.said
                return _type(Ref(canonical(path), path))
        return None if rest else self._alias(bindings)


def _type(value: Value | None) -> Said | None:
    kind = ANNOTATED.get(value.path) if isinstance(value, Ref) else None
    return (kind, "") if kind else None


def _declared(said: Said | None) -> Declared:
    if said is None or not said[1]:
        return said[0] if said is not None else None
    kind, shape = said
    if shape == "giving":
        return Giving(f"{HELD}{kind}")
    if shape == "class":
        home = next(path for path, one in ANNOTATED.items() if one == kind)
        return Ref(home, home, given=True)
    return Many(kind, "plain" if shape == "plain" else "mapping")


def stored(declared: Declared, node: cst.CSTNode) -> Value | None:
    """What is declared, as it is read at `node`."""
    return Obj(declared, "param", node, "attribute") if isinstance(declared, str) else declared
