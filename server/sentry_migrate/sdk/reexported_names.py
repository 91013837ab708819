"""Names of the SDK that the code reaches through modules of its own project.

Owns following `from app.obs import push_scope`, `obs.push_scope` and `"app.obs.push_scope"` to the
SDK, given which names which module re-exports. Refuses to know how that was found out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import libcst as cst

from sentry_migrate.project.given_parameters import parameter_of
from sentry_migrate.project.handed_values import PARAMETER
from sentry_migrate.python.bindings import Binding, dotted, first_name
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.names import canonical


class ReexportedNames:
    """What the project's modules re-export, for one tree."""

    __slots__ = ("_homes", "_names", "_scopes", "_tree", "given", "last", "modules")

    def __init__(self, tree: Tree, scopes: Scopes, names: Mapping[str, str]) -> None:
        """`names` maps dotted project names (`app.obs.push_scope`) to the SDK's names."""
        self._tree = tree
        self._scopes = scopes
        given = {name: held for name, held in names.items() if name.startswith(PARAMETER)}
        self.given = {parameter_of(name): held for name, held in given.items()}
        """What other modules give to functions of the text, by function and parameter."""
        self._names = names = {name: names[name] for name in names.keys() - given.keys()}
        homes = set()
        for name in names:
            while name := name.rpartition(".")[0]:
                homes.add(name)
        self._homes = frozenset(homes)
        self.modules = frozenset(name.split(".")[-2] for name in names if "." in name)
        """The last parts of the modules that have them."""
        self.last = frozenset(name.rpartition(".")[2] for name in names)
        """The last parts of the names."""

    @property
    def names(self) -> Collection[str]:
        """The dotted project names."""
        return self._names.keys()

    @property
    def origins(self) -> Collection[str]:
        """The SDK's names that they stand for."""
        return self._names.values()

    def origin(self, path: str) -> str:
        """The SDK's name for a dotted path, or the path itself."""
        return self._names.get(path, path)

    def starred(self, star: Binding, name: str) -> str:
        """The SDK's name for a name that `from app.obs import *` binds; empty if it binds none."""
        joint = "" if star.path.endswith(".") else "."
        return "" if name.startswith("_") else self._names.get(f"{star.path}{joint}{name}", "")

    def named(self, path: str) -> str:
        """The canonical path of a dotted name in a string; empty when it is not the SDK's.

        `app.views.sentry_sdk.Hub` reaches the SDK through a module that imports it.
        """
        parts = path.split(".")
        for index in range(len(parts), 0, -1):
            home = self._names.get(".".join(parts[:index]))
            if home is not None:
                return canonical(".".join([home, *parts[index:]]))
        if "sentry_sdk" in parts:
            return canonical(".".join(parts[parts.index("sentry_sdk") :]))
        return ""

    def brings(self, binding: Binding) -> bool:
        """Whether a name is imported from such a module, or is one."""
        return binding.path in self._names or binding.path in self._homes

    def attribute(self, node: cst.Attribute) -> str:
        """The SDK's name for `obs.push_scope`; empty if `obs` may be anything else.

        Also if the module's attribute is given another value in this text.
        """
        written = dotted(node) if self._homes else ""
        root = first_name(node) if written else None
        if root is None:
            return ""
        imports = self._scopes.reaching(root)
        paths = {binding.path if binding.kind == "import" else "" for binding in imports}
        home = paths.pop() if len(paths) == 1 else ""
        found = self._names.get(home + written[len(root.value) :], "") if home else ""
        stores = self._scopes.attributes.get(node.attr.value, ()) if found else ()
        return "" if any(dotted(target) == written for target, _ in stores) else found

    def module(self, node: cst.BaseExpression) -> str:
        """The dotted path of the module that an expression can only be, if it re-exports names."""
        root = first_name(node) if self._homes else None
        imports = self._scopes.reaching(root) if root is not None else ()
        if root is None or len(imports) != 1 or imports[0].kind != "import":
            return ""
        path = imports[0].path + dotted(node)[len(root.value) :]
        return path if path in self._homes else ""

    def attributes(self) -> Iterator[cst.Attribute]:
        """Every `obs.push_scope`."""
        if not self._homes:
            return
        bound = {
            binding.name
            for scope in self._scopes.scopes.values()
            for bindings in scope.bindings.values()
            for binding in bindings
            if binding.path in self._homes
        }
        for name in bound:
            for load in self._scopes.loads.get(name, ()):
                at = self._tree.parent(load)
                while isinstance(at, cst.Attribute):
                    if self.attribute(at):
                        yield at
                        break
                    at = self._tree.parent(at)
