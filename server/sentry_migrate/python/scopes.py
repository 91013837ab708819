"""Which bindings a name can mean where it is read.

Owns looking names up. Knows nothing of sentry_sdk.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import libcst as cst

from sentry_migrate.python.binder import Binder
from sentry_migrate.python.bindings import Binding, Scope, dotted, first_name
from sentry_migrate.python.flow import MANY, Flow
from sentry_migrate.python.tree import Tree


class Scopes:
    """All scopes of a tree, and the scope of every name that is read."""

    __slots__ = (
        "_bound",
        "_reads",
        "_reads_of",
        "_scope_of",
        "attributes",
        "flow",
        "loads",
        "module",
        "replaced",
        "scopes",
        "tree",
    )

    def __init__(self, tree: Tree) -> None:
        bound = Binder(tree)
        self.tree = tree
        self.module = bound.module
        self.scopes = bound.scopes
        """By id of the node that opens the scope."""
        self.loads = bound.loads
        """The names that are read, by name."""
        self.attributes = bound.attributes
        """`x.name = value` anywhere, by attribute name; None where the value is not one node."""
        self.replaced = bound.replaced
        """What is put under names by other means than a plain assignment."""
        self._scope_of = bound.scope_of
        self._bound = bound.bound
        self._reads: dict[str, dict[int, list[cst.Name]]] = {}
        self._reads_of: dict[int, dict[int, list[cst.Name]]] = {}
        self.flow = Flow(tree, self.scopes)

    def scope_of(self, name: cst.CSTNode) -> Scope:
        """The scope a node's code runs in."""
        passed: list[cst.CSTNode] = []
        at: cst.CSTNode | None = name
        found = self.module
        while at is not None:
            scope = self._scope_of.get(id(at))
            passed.append(at)
            at = self.tree.parent(at)
            if scope is None and at is not None:
                scope = self.scopes.get(id(at))
            if scope is not None:
                found = scope
                break
        for node in passed:
            self._scope_of[id(node)] = found
        return found

    def lookup(self, name: str, scope: Scope) -> Scope | None:
        """The scope whose binding `name` means when read in `scope`; None for builtins."""
        at: Scope | None = scope
        while at is not None:
            declared = at.elsewhere.get(name)
            if declared == "global":
                return self.module if name in self.module.bindings else None
            if declared is None and name in at.bindings and (at is scope or at.kind != "class"):
                return at
            at = at.parent
        return None

    def unknown_stars(self, *known: str) -> list[Binding]:
        """Each `from module import *` of a module that is neither Python's own nor one of these,
        and may bind any name."""
        stars = self.module.bindings.get("*", ())
        roots = {*known, *sys.stdlib_module_names} if stars else {*known}
        return [star for star in stars if star.path.partition(".")[0] not in roots]

    def may_bind_anew(self, at: int) -> bool:
        """Whether code of which nobody knows which names it binds may bind one of the module again
        that was bound at an offset: `import *`, or an update of `globals()`."""
        return any(star.at > at for star in self.unknown_stars("sentry_sdk")) or any(
            one.own and not one.name for one in self.replaced
        )

    def reaching(self, name: cst.Name) -> Sequence[Binding]:
        """The bindings the read `name` can mean; empty for builtins and unknown names.

        Where they are more than `MANY`, all bindings of the name in its scope, always the same
        list, so that what is found out about it can be remembered.
        """
        use_scope = self._scope_of.get(id(name), self.module)
        scope = self.lookup(name.value, use_scope)
        if scope is None:
            return ()
        bindings = scope.bindings[name.value]
        if len(bindings) == 1 or use_scope.function() is not scope:
            return bindings
        return self.flow.reaching(bindings, name)

    def imported(self, node: cst.BaseExpression) -> str:
        """The dotted path of what an expression names by way of one import; else empty."""
        root = first_name(node)
        bindings = self.reaching(root) if root is not None else ()
        if root is None or len(bindings) != 1 or bindings[0].kind != "import":
            return ""
        return bindings[0].path + dotted(node)[len(root.value) :]

    def reads_in(self, scope: Scope, name: str) -> list[cst.Name]:
        """Every read of `name` that means the name of this scope."""
        known = self._reads.get(name)
        if known is None:
            known = self._reads[name] = {}
            for load in self.loads.get(name, ()):
                home = self.lookup(name, self.scope_of(load))
                if home is not None:
                    known.setdefault(id(home), []).append(load)
        return known.get(id(scope), [])

    def reads_of(self, binding: Binding) -> list[cst.Name]:
        """The reads that a binding can give its value, those of `unclear_reads` aside."""
        return self._reads_by_binding(binding).get(id(binding), [])

    def unclear_reads(self, binding: Binding) -> list[cst.Name]:
        """The reads that so many bindings of the name can give a value that this may be one."""
        return self._reads_by_binding(binding).get(0, [])

    def _reads_by_binding(self, binding: Binding) -> dict[int, list[cst.Name]]:
        bindings = binding.scope.bindings[binding.name]
        known = self._reads_of.get(id(bindings))
        if known is None:
            known = self._reads_of[id(bindings)] = {}
            for load in self.reads_in(binding.scope, binding.name):
                reaching = self.reaching(load)
                many = len(reaching) > MANY
                for key in (0,) if many else map(id, reaching):
                    known.setdefault(key, []).append(load)
        return known

    def possible_reads(self, binding: Binding) -> Sequence[cst.Name]:
        """All reads that a binding may give its value."""
        return [*self.reads_of(binding), *self.unclear_reads(binding)]

    def reads_of_variable(self, node: cst.CSTNode) -> Sequence[cst.Name]:
        """Every read of the name that `node` binds, whichever of its bindings gives the value."""
        binding = self.bound_by(node)
        return self.reads_beside(binding) if binding is not None else ()

    def reads_beside(self, binding: Binding) -> Sequence[cst.Name]:
        """Every read of the name in its scope, whichever of its bindings gives the value."""
        return self.reads_in(binding.scope, binding.name)

    def reads_of_definition(self, node: cst.FunctionDef | cst.ClassDef) -> Sequence[cst.Name]:
        """The reads that can mean a function or a class."""
        binding = self.bound_by(node)
        return self.possible_reads(binding) if binding is not None else ()

    def bound_by(self, node: cst.CSTNode) -> Binding | None:
        """The binding that a bound name, a parameter, a definition or an import is."""
        return self._bound.get(id(node))

    def assigned_from(self, value: cst.CSTNode) -> Binding | None:
        """The variable a value is assigned to, by `=`, an annotation or `:=`."""
        parent = self.tree.parent(value)
        target: cst.CSTNode | None = None
        if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
            target = parent.targets[0].target
        elif isinstance(parent, cst.AnnAssign | cst.NamedExpr):
            target = parent.target
        return self.bound_by(target) if isinstance(target, cst.Name) else None

    def given_to(self, value: cst.CSTNode) -> Sequence[Binding]:
        """The variables a value is assigned to, also by `a = b = value` and `a, b = x, value`;
        none where one of them is not a variable."""
        one = self.assigned_from(value)
        if one is not None:
            return (one,)
        holder = self.tree.parent(value)
        if isinstance(holder, cst.Element):
            targets = self._opposite(holder)
        else:
            targets = _targets(holder)
        bound = [self.bound_by(target) for target in targets if isinstance(target, cst.Name)]
        return [one for one in bound if one is not None] if len(bound) == len(targets) else ()

    def _opposite(self, element: cst.Element) -> Sequence[cst.CSTNode]:
        """What gets a part of what is assigned; nothing where that is not written out."""
        row = self.tree.parent(element)
        targets = _targets(self.tree.parent(row)) if row is not None else ()
        if not isinstance(row, cst.Tuple | cst.List):
            return ()
        found: list[cst.CSTNode] = []
        for target in targets:
            if not isinstance(target, cst.Tuple | cst.List):
                return ()
            both = [*row.elements, *target.elements]
            if len(both) != 2 * len(row.elements) or any(
                isinstance(one, cst.StarredElement) for one in both
            ):
                return ()
            found.append(both[len(row.elements) + both.index(element)].value)
        return found


def _targets(holder: cst.CSTNode | None) -> Sequence[cst.CSTNode]:
    """What all of a value is assigned to, if its holder is an assignment."""
    return [one.target for one in holder.targets] if isinstance(holder, cst.Assign) else ()
