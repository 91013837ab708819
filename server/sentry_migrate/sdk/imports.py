"""What a text imports of the SDK, and how new code names it.

Owns choosing a spelling that is right where it stands: `sentry_sdk.x`, `x`, an existing alias.
What that asks of the import statements is a list of needs, for rewrite/import_plan.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.project.taken_names import EVERYTHING, UNKNOWN, TakenNames
from sentry_migrate.python.bindings import Binding, Scope, dotted
from sentry_migrate.python.looked_up import ANY, names_looked_up
from sentry_migrate.python.quoted_names import names_in_text
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.import_needs import Need, NoName, Spelling
from sentry_migrate.sdk.names import STAR_2, STARRED, canonical
from sentry_migrate.sdk.values import Values

ROOT = "sentry_sdk"


class Imports:
    """The imports of one tree."""

    __slots__ = (
        "_aliases",
        *("_by_path", "_doubts", "_first", "_named", "_taken", "_values"),
        "bindings",
        "scopes",
        "reexported",
        "starred",
        "tree",
    )

    def __init__(self, tree: Tree, values: Values, taken: TakenNames) -> None:
        """`taken`: names that others may take from this module, so that none of them is dropped;
        UNKNOWN in `__init__.py`, whose imports are its interface."""
        self.tree = tree
        self._values = values
        self.scopes: Scopes = values.scopes
        self._taken = {name: (files, first) for name, files, first in taken}
        self.bindings: list[Binding] = [
            binding
            for scope in self.scopes.scopes.values()
            for bindings in scope.bindings.values()
            for binding in bindings
            if binding.kind == "import"
            and (binding.path == ROOT or binding.path.startswith(ROOT + "."))
        ]
        self.bindings.sort(key=lambda binding: binding.at)
        self.reexported: list[Binding] = [
            binding
            for scope in self.scopes.scopes.values()
            for bindings in scope.bindings.values()
            for binding in bindings
            if binding.kind == "import"
            and values.reexported.brings(binding)
            and self._always_runs(binding)
        ]
        """Of names of the SDK that come from the project's own modules: only to import beside."""
        self.starred: list[Binding] = [
            one for one in self.scopes.module.bindings.get("*", ()) if self._always_runs(one)
        ]
        """What may bring names of the SDK that others have: only to import beside."""
        # What follows answers questions that every fix of a text asks again.
        self._aliases = {id(binding.node): binding for binding in self.bindings}
        self._by_path: dict[tuple[str, int], list[Binding]] = {}
        for binding in (*self.bindings, *self._of_the_sdk_itself()):
            key = canonical(values.reexported.origin(binding.path)), id(binding.scope)
            self._by_path.setdefault(key, []).append(binding)
        self._named: frozenset[str] | None = None
        self._first: tuple[Binding, ...] | None = None
        self._doubts = values.doubts

    def _of_the_sdk_itself(self) -> Iterator[Binding]:
        """What binds `sentry_sdk` by way of the project's own modules."""
        for scope in self.scopes.scopes.values():
            for bindings in scope.bindings.values():
                for binding in bindings:
                    if binding.path and self._values.reexported.origin(binding.path) == ROOT:
                        if binding.path != ROOT and binding.kind == "import":
                            yield binding

    # -- asking ------------------------------------------------------------------------------

    def of_alias(self, alias: cst.CSTNode) -> Binding | None:
        """What an ImportAlias binds."""
        return self._aliases.get(id(alias))

    def from_import(self, alias: cst.CSTNode) -> Binding | None:
        """What a from-import binds; None where it is another import or the name means more."""
        binding = self.of_alias(alias)
        if binding is None or not isinstance(binding.statement, cst.ImportFrom):
            return None
        return binding if len(binding.scope.bindings[binding.name]) == 1 else None

    def is_taken(self, name: str) -> bool:
        """Whether other files may take this module-level name from here."""
        return any(one in self._taken for one in (name, EVERYTHING, UNKNOWN))

    def takers(self, binding: Binding) -> int:
        """How many files may take the name from here, as far as that is known."""
        return self._taker(binding)[0]

    def first_taker(self, binding: Binding) -> str:
        """The first of them, as a person is told of it; empty where it is not known."""
        return self._taker(binding)[1]

    def _taker(self, binding: Binding) -> tuple[int, str]:
        known = self._taken.get(binding.name) or self._taken.get(EVERYTHING)
        return known if known and binding.scope is self.scopes.module else (0, "")

    def is_interface(self, binding: Binding, known: int = 0) -> bool:
        """Whether other code may reach the name: through `__all__`, quotes, `globals()`, or other
        files, of which `known` ones do not count."""
        alias = binding.node
        if (
            EVERYTHING in self._taken
            or UNKNOWN in self._taken
            or binding.name in binding.scope.elsewhere
        ):
            return True
        if self.takers(binding) > known:
            return True
        if isinstance(alias, cst.ImportAlias) and alias.asname is not None:
            if self.tree.code(alias.name) == self.tree.code(alias.asname.name):
                return True
        if self._named is None:
            self._named = names_in_text(self.tree) | names_looked_up(self.tree)
        return binding.name in self._named or ANY in self._named

    # -- spelling ----------------------------------------------------------------------------

    def spell(self, tail: str, site: cst.CSTNode, root: cst.CSTNode | None) -> Spelling:
        """How to write `sentry_sdk.<tail>` at `site`, in the style of the name `root` it replaces.

        Raises NoName.
        """
        scope = self.scopes.scope_of(site)
        binding = self._import_of(root)
        if binding is not None and self.scopes.lookup(binding.name, scope) is not binding.scope:
            binding = root = None  # the name is one of another function
        if binding is not None:
            self._doubts.refuse_stand_in(binding)
        written = dotted(root) or self.tree.code(root) if root is not None else ""
        if written and self._values.path(root) == ROOT:
            return Spelling(f"{written}.{tail}", self._submodule(tail, written, binding))
        known = self._visible(f"{ROOT}.{tail}", scope, site)
        if known is not None:
            return Spelling(known)
        head, _, rest = tail.partition(".")
        if head == "Scope" and rest:
            known = self._visible(f"{ROOT}.Scope", scope, site)
            if known is not None:
                return Spelling(f"{known}.{rest}")
        module = self._visible(ROOT, scope, site)
        renames = binding is not None and canonical(binding.path) not in (f"{ROOT}.Hub",)
        if module is not None and not renames:
            return Spelling(f"{module}.{tail}")
        if head in STAR_2 and self._starred(head, scope):
            return Spelling(tail)
        anchor = binding or self._own_import(root) or self._first_import()
        spelled = self._from_import(tail, scope, anchor)
        if spelled is not None:
            return spelled
        if module is not None:
            return Spelling(f"{module}.{tail}")
        if self.scopes.lookup(ROOT, scope) is not None:
            raise NoName(f"`{ROOT}` refers to something else here")
        if anchor is None:
            raise NoName("there is no import of `sentry_sdk` to add a name to")
        return Spelling(f"{ROOT}.{tail}", (Need(ROOT, "", id(anchor.statement)),))

    def _import_of(self, root: cst.CSTNode | None) -> Binding | None:
        if not isinstance(root, cst.Name):
            return None
        for binding in self.scopes.reaching(root):
            if binding.kind == "import" and binding.path.startswith(ROOT):
                return binding
        return None

    def _own_import(self, root: cst.CSTNode | None) -> Binding | None:
        """The import in a function by which a name comes from a module of the project."""
        found = self.scopes.reaching(root) if isinstance(root, cst.Name) else ()
        own = len(found) == 1 and found[0].scope is not self.scopes.module
        return found[0] if own and any(one is found[0] for one in self.reexported) else None

    def _submodule(self, tail: str, root: str, binding: Binding | None) -> tuple[Need, ...]:
        """`import sentry_sdk.scope` for `sentry_sdk.scope.use_scope`, as the guide has it."""
        head, _, rest = tail.partition(".")
        module = f"{ROOT}.{head}"
        if not rest or not head.islower() or root != ROOT or binding is None:
            return ()
        if any(
            isinstance(one.statement, cst.Import)
            and isinstance(one.node, cst.ImportAlias)
            and dotted(one.node.name) == module
            for one in self.bindings
        ):
            return ()
        return (Need(module, "", id(binding.statement)),)

    def _visible(self, path: str, scope: Scope, site: cst.CSTNode) -> str | None:
        """A name that is known to mean `path` at the site."""
        wanted = canonical(path)
        around: list[Binding] = []
        at: Scope | None = scope
        while at is not None:
            around.extend(self._by_path.get((wanted, id(at)), ()))
            at = at.parent
        for binding in sorted(around, key=lambda one: one.at):
            if self.scopes.lookup(binding.name, scope) is not binding.scope:
                continue
            if self._doubts.means_more(binding) or self._doubts.only_for_types(binding.node):
                continue
            if binding.scope is scope.function() and not self._runs_before(binding, site):
                continue
            return binding.name
        return None

    def _runs_before(self, binding: Binding, site: cst.CSTNode) -> bool:
        return binding.at <= self.tree.span(site)[0] and self.scopes.flow.dominates(
            binding.node, site, "try"
        )

    def _first_import(self) -> Binding | None:
        if self._first is None:
            self._first = tuple(
                binding
                for binding in (*self.bindings, *self.reexported, *self.starred)
                if binding.scope is self.scopes.module
                and not self._doubts.only_for_types(binding.node)
            )[:1]
        return self._first[0] if self._first else None

    def _always_runs(self, binding: Binding) -> bool:
        """Whether it is an import that the module, or a function, makes whatever happens."""
        line = self.tree.parent(binding.statement) if binding.statement is not None else None
        block = self.tree.parent(line) if line is not None else None
        if isinstance(block, cst.IndentedBlock):
            return isinstance(self.tree.parent(block), cst.FunctionDef)
        return line is not None and block is self.tree.module

    def _starred(self, name: str, scope: Scope) -> bool:
        """Whether a star import of the SDK, and nothing else, binds the name."""
        stars = self.scopes.module.bindings.get("*", ())
        alone = len(stars) == 1 and name in STARRED.get(stars[0].path, ())
        return alone and self.scopes.lookup(name, scope) is None

    def _means_something(self, name: str, scope: Scope) -> bool:
        """Whether the text binds the name here or around, or reads what a star import may bring."""
        at: Scope | None = scope
        while at is not None:
            if name in at.bindings:
                return True
            at = at.parent
        return "*" in self.scopes.module.bindings and name in self.scopes.loads

    def _from_import(self, tail: str, scope: Scope, anchor: Binding | None) -> Spelling | None:
        """`name` with `from sentry_sdk import name`; None when the name is taken or unanchored."""
        if anchor is None or not isinstance(anchor.statement, cst.ImportFrom):
            return None
        if anchor in self.starred and not anchor.path.startswith(ROOT):
            return None  # whatever that brings may hide the name
        module, rest = ROOT, ""
        parts = tail.split(".")
        if parts[0].islower() and len(parts) > 1:
            module, parts = f"{ROOT}.{parts[0]}", parts[1:]
        name, rest = parts[0], ".".join(parts[1:])
        if self.scopes.may_bind_anew(anchor.at):
            return None  # it may bind the name to something else
        if self._means_something(name, scope):
            return None  # an import would hide that, in a function from all of the function
        if EVERYTHING in self._taken and anchor.scope is self.scopes.module:
            return None  # whoever takes everything may have something of this name
        text = f"{name}.{rest}" if rest else name
        return Spelling(text, (Need(module, name, id(anchor.statement)),))
