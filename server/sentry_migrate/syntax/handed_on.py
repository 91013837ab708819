"""Names of the SDK that the code reaches through modules of its own project.

Owns following `from app.obs import push_scope`, `obs.push_scope` and `"app.obs.push_scope"` to the
SDK, given which names which module hands on. Refuses to know how that was found out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from sentry_migrate.syntax.bindings import Binding, dotted, first_name
from sentry_migrate.syntax.scopes import Scopes
from sentry_migrate.syntax.sdk_names import canonical
from sentry_migrate.syntax.tree import Tree


class HandedOn:
    """What the project's modules hand on, for one tree."""

    __slots__ = ("_homes", "_names", "_scopes", "_tree")

    def __init__(self, tree: Tree, scopes: Scopes, names: Mapping[str, str]) -> None:
        """`names` maps dotted project names (`app.obs.push_scope`) to the SDK's names."""
        self._tree = tree
        self._scopes = scopes
        self._names = names
        homes = set()
        for name in names:
            while name := name.rpartition(".")[0]:
                homes.add(name)
        self._homes = frozenset(homes)

    def origin(self, path: str) -> str:
        """The SDK's name for a dotted path, or the path itself."""
        return self._names.get(path, path)

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
