"""What a text imports of the SDK, and how new code names it.

Owns choosing a spelling that is right where it stands: `sentry_sdk.x`, `x`, an existing alias.
What that asks of the import statements is a list of needs, for syntax/import_plan.py.
"""

from __future__ import annotations

import re

import libcst as cst

from sentry_migrate.syntax.bindings import Binding, Scope, dotted
from sentry_migrate.syntax.interface import names_in_text
from sentry_migrate.syntax.needs import Need, NoName, Spelling
from sentry_migrate.syntax.scopes import Scopes
from sentry_migrate.syntax.sdk_names import STAR_2, canonical
from sentry_migrate.syntax.tree import Tree
from sentry_migrate.syntax.value_types import is_nothing
from sentry_migrate.syntax.values import Values

ROOT = "sentry_sdk"


class Imports:
    """The imports of one tree."""

    __slots__ = (
        "_aliases",
        "_by_path",
        "_keeps",
        "_named",
        "_scopes",
        "_values",
        "bindings",
        "handed",
        "tree",
    )

    def __init__(self, tree: Tree, values: Values, keep_all: bool) -> None:
        """`keep_all`: never drop a name, as in `__init__.py`, whose imports are its interface."""
        self.tree = tree
        self._values = values
        self._scopes: Scopes = values.scopes
        self._keeps = keep_all
        self.bindings: list[Binding] = [
            binding
            for scope in self._scopes.scopes.values()
            for bindings in scope.bindings.values()
            for binding in bindings
            if binding.kind == "import"
            and (binding.path == ROOT or binding.path.startswith(ROOT + "."))
        ]
        self.bindings.sort(key=lambda binding: binding.at)
        self.handed: list[Binding] = [
            binding
            for bindings in self._scopes.module.bindings.values()
            for binding in bindings
            if values.handed_on.brings(binding) and self._always_runs(binding)
        ]
        """Of names of the SDK that come from the project's own modules: only to import beside."""
        # What follows answers questions that every fix of a text asks again.
        self._aliases = {id(binding.node): binding for binding in self.bindings}
        self._by_path: dict[tuple[str, int], list[Binding]] = {}
        for binding in self.bindings:
            key = canonical(binding.path), id(binding.scope)
            self._by_path.setdefault(key, []).append(binding)
        self._named: frozenset[str] | None = None

    # -- asking ------------------------------------------------------------------------------

    def of_alias(self, alias: cst.CSTNode) -> Binding | None:
        """What an ImportAlias binds."""
        return self._aliases.get(id(alias))

    def reads(self, binding: Binding) -> list[cst.Name]:
        """Every read of the name in its scope, whichever of its bindings gives the value."""
        return self._scopes.reads_in(binding.scope, binding.name)

    def is_interface(self, binding: Binding) -> bool:
        """Whether other code may reach the name: through `__all__`, quotes, or the package."""
        alias = binding.node
        if self._keeps or binding.name in binding.scope.elsewhere:
            return True
        if isinstance(alias, cst.ImportAlias) and alias.asname is not None:
            if self.tree.code(alias.name) == self.tree.code(alias.asname.name):
                return True
        if self._named is None:
            self._named = names_in_text(self.tree)
        return binding.name in self._named

    # -- spelling ----------------------------------------------------------------------------

    def spell(self, tail: str, site: cst.CSTNode, root: cst.CSTNode | None) -> Spelling:
        """How to write `sentry_sdk.<tail>` at `site`, in the style of the name `root` it replaces.

        Raises NoName.
        """
        scope = self._scopes.scope_of(site)
        binding = self._import_of(root)
        if binding is not None:
            self._refuse_stand_in(binding)
        if isinstance(root, cst.Name) and self._values.path(root) == ROOT:
            return Spelling(f"{root.value}.{tail}", self._submodule(tail, root.value, binding))
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
        anchor = binding if binding is not None else self._first_import()
        spelled = self._from_import(tail, scope, anchor)
        if spelled is not None:
            return spelled
        if module is not None:
            return Spelling(f"{module}.{tail}")
        if self._scopes.lookup(ROOT, scope) is not None:
            raise NoName(f"`{ROOT}` means something else here")
        if anchor is None:
            raise NoName("no import of sentry_sdk to write it beside")
        return Spelling(f"{ROOT}.{tail}", (Need(ROOT, "", id(anchor.statement)),))

    def _import_of(self, root: cst.CSTNode | None) -> Binding | None:
        if not isinstance(root, cst.Name):
            return None
        for binding in self._scopes.reaching(root):
            if binding.kind == "import" and binding.path.startswith(ROOT):
                return binding
        return None

    def _refuse_stand_in(self, binding: Binding) -> None:
        """Raise NoName where an `except` beside the import gives its name to something else."""
        others = binding.scope.bindings[binding.name]
        attempt = self.tree.enclosing(binding.node, cst.Try) if len(others) > 1 else None
        for other in others if attempt is not None else ():
            handler = self.tree.enclosing(other.node, cst.ExceptHandler)
            if handler is None or self.tree.parent(handler) is not attempt:
                continue
            if not is_nothing(other.value):
                raise NoName(
                    f"where sentry_sdk is missing, a stand-in takes the place of `{binding.name}`"
                )

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
        """A name that surely means `path` at the site."""
        wanted = canonical(path)
        around: list[Binding] = []
        at: Scope | None = scope
        while at is not None:
            around.extend(self._by_path.get((wanted, id(at)), ()))
            at = at.parent
        for binding in sorted(around, key=lambda one: one.at):
            if self._scopes.lookup(binding.name, scope) is not binding.scope:
                continue
            others = [
                other
                for other in binding.scope.bindings[binding.name]
                if canonical(other.path) != wanted and other.value is None
            ]
            if others or self._only_for_types(binding.node):
                continue
            if binding.scope is scope.function() and not self._runs_before(binding, site):
                continue
            return binding.name
        return None

    def _runs_before(self, binding: Binding, site: cst.CSTNode) -> bool:
        inside = set(self._scopes.chain(site))
        return binding.at <= self.tree.span(site)[0] and all(
            link in inside or link[1] == "try" for link in self._scopes.chain(binding.node)
        )

    def _only_for_types(self, node: cst.CSTNode) -> bool:
        return any(
            isinstance(holder, cst.If)
            and re.search(r"\b(TYPE_CHECKING|MYPY)\b", self.tree.code(holder.test))
            for holder in self.tree.ancestors(node)
        )

    def _first_import(self) -> Binding | None:
        for binding in (*self.bindings, *self.handed):
            if binding.scope is self._scopes.module and not self._only_for_types(binding.node):
                return binding
        return None

    def _always_runs(self, binding: Binding) -> bool:
        """Whether it is an import that the module makes whatever happens."""
        line = self.tree.parent(binding.statement) if binding.statement is not None else None
        return line is not None and self.tree.parent(line) is self.tree.module

    def _starred(self, name: str, scope: Scope) -> bool:
        """Whether `from sentry_sdk import *`, and nothing else, binds the name."""
        stars = self._scopes.module.bindings.get("*", ())
        alone = len(stars) == 1 and stars[0].path == ROOT
        return alone and self._scopes.lookup(name, scope) is None

    def _from_import(self, tail: str, scope: Scope, anchor: Binding | None) -> Spelling | None:
        """`name` with `from sentry_sdk import name`; None when the name is taken or unanchored."""
        if anchor is None or not isinstance(anchor.statement, cst.ImportFrom):
            return None
        module, rest = ROOT, ""
        parts = tail.split(".")
        if parts[0].islower() and len(parts) > 1:
            module, parts = f"{ROOT}.{parts[0]}", parts[1:]
        name, rest = parts[0], ".".join(parts[1:])
        at: Scope | None = scope
        while at is not None:
            if name in at.bindings:
                return None
            if at is anchor.scope:
                break
            at = at.parent
        text = f"{name}.{rest}" if rest else name
        return Spelling(text, (Need(module, name, id(anchor.statement)),))
