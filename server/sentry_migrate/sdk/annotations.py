"""What annotations say: an instance of the SDK's, or a container of such.

Owns reading them as code, in quotes and in comments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import libcst as cst

from sentry_migrate.project.annotation_types import AnnotationTypes, Said
from sentry_migrate.python.bindings import walk
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.names import ANNOTATED, canonical
from sentry_migrate.sdk.reexported_names import ReexportedNames
from sentry_migrate.sdk.value_types import Many, Obj, Ref, Value

Declared: TypeAlias = "str | Many | None"
"""The type of an instance, such as `Hub`, or a container; None for anything else."""


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
        self._known: dict[int, Declared] = {}

    def of(self, node: cst.CSTNode) -> Declared:
        """What an annotation in the code says."""
        if id(node) not in self._known:
            self._known[id(node)] = self._declared(node)
        return self._known[id(node)]

    def _declared(self, node: cst.CSTNode) -> Declared:
        value = self._of(node)
        if isinstance(value, Ref):
            return ANNOTATED.get(value.path)
        if not isinstance(node, cst.Subscript | cst.BinaryOperation | cst.SimpleString):
            return None
        paths: dict[str, str] = {}
        quoted = False
        for part in walk(node):
            quoted = quoted or isinstance(part, cst.SimpleString)
            if isinstance(part, cst.Name | cst.Attribute):
                named = self._of(part)
                if isinstance(named, Ref):
                    paths[self._tree.code(part)] = named.path
        if not paths and not quoted:
            return None
        types = AnnotationTypes(lambda name: self._type(paths.get(name)), self._quoted)
        return _declared(types.read(self._tree.code(node)))

    def text(self, text: str) -> Declared:
        """What an annotation in quotes or in a comment says."""
        return None if not text else _declared(self._quoted(text))

    def _quoted(self, text: str) -> Said | None:
        return AnnotationTypes(lambda name: self._type(self._imported(name)), self._quoted).read(
            text
        )

    def _type(self, path: str | None) -> str | None:
        return ANNOTATED.get(path or "")

    def _imported(self, name: str) -> str | None:
        """What a dotted name means that the module imports."""
        first, _, rest = name.partition(".")
        for binding in self._scopes.module.bindings.get(first, ()):
            if binding.kind == "import":
                path = self._reexported.origin(binding.path)
                return canonical(self._reexported.origin(f"{path}.{rest}" if rest else path))
        return None


def _declared(said: Said | None) -> Declared:
    if said is None or not said[1]:
        return said[0] if said is not None else None
    return Many(said[0], "plain" if said[1] == "plain" else "mapping")


def stored(declared: Declared, node: cst.CSTNode) -> Value | None:
    """What is declared, as it is read at `node`."""
    return Obj(declared, "param", node, "attribute") if isinstance(declared, str) else declared
