"""What an expression can mean in terms of sentry_sdk.

Owns how values flow through variables, attributes of `self`, `with` and conditionals. Unknown is
None, and None stays silent. Knows names of the SDK, but no rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import libcst as cst

from sentry_migrate.project.held_names import HOLDING, IMPORTED, MEMBER
from sentry_migrate.project.held_options import OPTIONS
from sentry_migrate.project.sdk_members import CALLS, ENTERED, READS, SPANS
from sentry_migrate.python.bindings import Binding, Scope
from sentry_migrate.python.fixpoint import STEPS, Questions
from sentry_migrate.python.flow import MANY
from sentry_migrate.python.managers import entered_by
from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.annotations import Annotations, Declared
from sentry_migrate.sdk.attributes import Attributes, Stored
from sentry_migrate.sdk.containers import Containers
from sentry_migrate.sdk.import_doubts import Doubts
from sentry_migrate.sdk.instances import Instances
from sentry_migrate.sdk.names import STARRED, canonical
from sentry_migrate.sdk.narrowing import Narrowing
from sentry_migrate.sdk.parameters import Parameters
from sentry_migrate.sdk.python_calls import PythonCalls
from sentry_migrate.sdk.reexported_names import ReexportedNames
from sentry_migrate.sdk.results import Results
from sentry_migrate.sdk.value_types import (
    Giving,
    Held,
    Method,
    Obj,
    Ref,
    Value,
    holding,
    in_place_of,
    is_nothing,
    merge,
)


@dataclass(frozen=True, slots=True, eq=False)
class _Assigned:
    """A variable or attribute that is assigned to."""

    target: cst.CSTNode
    value: cst.CSTNode | None


Asked: TypeAlias = "cst.CSTNode | Binding | Stored | _Assigned | list[Binding]"
"""An expression, a parameter, an attribute of a class, what an assignment says besides its value,
or more bindings than are told apart."""


class Values:
    """Evaluates expressions of one tree, remembering results."""

    __slots__ = (
        *("_annotations", "_asked", "_assigned", "_attributes", "_containers"),
        *("_instances", "_narrowing", "_parameters", "_results"),
        *("calls", "doubts", "reexported", "scopes", "tree"),
    )

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        reexports: Mapping[str, str] | None = None,
        given: Collection[cst.Param] = (),
    ) -> None:
        """`reexports` maps dotted project names (`app.obs.push_scope`) to the SDK's names. `given`
        are parameters to which other files give the active hub."""
        self.tree = tree
        self.scopes = scopes
        self.reexported = ReexportedNames(tree, scopes, reexports or {})
        self._asked: Questions[Asked, Value | None] = Questions(
            self._evaluate, None, None, STEPS * len(tree.text)
        )
        self._assigned: dict[int, _Assigned] = {}
        self.doubts = Doubts(tree)
        self._instances = Instances(tree, scopes)
        self._attributes = Attributes(tree, scopes, self._instances, self)
        self._containers = Containers(tree, scopes, self.of)
        self._annotations = Annotations(tree, scopes, self.of, self.reexported)
        self._results = Results(tree, scopes, self.of, self._annotations, self._instances)
        self._narrowing = Narrowing(tree, scopes, self.of)
        self.calls = PythonCalls(tree, scopes, self.of, self._annotations)
        self._parameters = Parameters(tree, scopes, self.of, self._results, self.reexported, given)
        self._narrowing.find()

    def of(self, node: cst.CSTNode | None) -> Value | None:
        """The value of an expression; None when unknown."""
        return None if node is None else self._asked.ask(node)

    @property
    def incomplete(self) -> bool:
        """Whether some values are unknown only because the text is too intricate, and what is
        not a use of the SDK so far may be one."""
        return self._asked.gave_up

    def instance(self, node: cst.CSTNode | None, kind: str) -> Obj | None:
        """The value if it is an instance of the type `kind`."""
        one = self.of(node)
        return one if isinstance(one, Obj) and one.type == kind else None

    def path(self, node: cst.CSTNode | None) -> str:
        """The canonical path if the value is a Ref, else empty."""
        value = self.of(node)
        return value.path if isinstance(value, Ref) else ""

    def trigger(self, node: cst.CSTNode) -> str:
        """What rules call this expression: a path, or `Type.member`; empty when unknown."""
        value = self.of(node)
        if isinstance(value, Ref):
            return value.path
        if isinstance(value, Method):
            return f"{value.owner.type}.{value.name}"
        read = self.read(node)
        if read is not None:
            base = self.of(read[0])
            if isinstance(base, Obj):
                return f"{base.type}.{read[1]}"
            if isinstance(base, Ref):
                return canonical(f"{base.path}.{read[1]}")
        return ""

    def read(self, node: cst.CSTNode) -> tuple[cst.BaseExpression, str] | None:
        """Of what an expression reads which attribute: `a.b`, `getattr(a, "b")`."""
        if isinstance(node, cst.Attribute):
            return node.value, node.attr.value
        return self.calls.member(node) if isinstance(node, cst.Call) else None

    def shown(self) -> Iterator[cst.BaseExpression]:
        """Expressions that `isinstance()`, `cast()` or an import shows to be of the SDK."""
        yield from self.calls.imports()
        yield from (read for read in self._narrowing.reads() if self.of(read) is not None)
        yield from self.calls.casts()

    def _evaluate(self, node: Asked) -> Value | None:
        if isinstance(node, cst.Name):
            return self._name(node)
        if isinstance(node, cst.Attribute):
            return self._attribute(node)
        if isinstance(node, cst.Call):
            return self._call(node)
        if isinstance(node, cst.IfExp | cst.BooleanOperation):
            return self._choice(node)
        if isinstance(node, cst.NamedExpr | cst.Await):
            return self.of(node.value if isinstance(node, cst.NamedExpr) else node.expression)
        if isinstance(node, Binding):
            return self._parameters.value(node)
        if isinstance(node, Stored):
            return self._attributes.held(node)
        if isinstance(node, _Assigned):
            return self._parameters.declared(node.target) or self._containers.filled(
                node.target, node.value
            )
        if isinstance(node, list):
            return self._one_of(node, node[0].scope)
        if isinstance(node, cst.Subscript) and (module := self.calls.imported(node)):
            return self._ref(module)
        return self._containers.value(node)

    def _choice(self, node: cst.IfExp | cst.BooleanOperation) -> Value | None:
        if isinstance(node, cst.IfExp):
            sides = [node.body, node.orelse]
        else:
            sides = [node.left, node.right]
        values = [self.of(side) for side in sides if not is_nothing(side)]
        stands_in = isinstance(node, cst.IfExp) or isinstance(node.operator, cst.Or)
        return in_place_of(node, values) if stands_in else merge(values)

    def _name(self, node: cst.Name) -> Value | None:
        bindings = self.scopes.reaching(node)
        if not bindings:
            return self._starred(node)
        return self._bound_to(node, bindings) or self._narrowing.value(node)

    def _bound_to(self, node: cst.Name, bindings: Sequence[Binding]) -> Value | None:
        scope = self.scopes.scope_of(node).function()
        if len(bindings) <= MANY or not isinstance(bindings, list):
            return self._one_of(bindings, scope)
        value = self._asked.ask(bindings)
        if isinstance(value, Obj) and value.held == "local" and bindings[0].scope is not scope:
            return replace(value, held="closure")
        return value

    def _one_of(self, bindings: Sequence[Binding], scope: Scope) -> Value | None:
        """What a name means, read in `scope`."""
        values: list[Value | None] = []
        for binding in bindings:
            if binding.kind == "assign" and is_nothing(binding.value):
                continue
            if self.doubts.is_fallback(binding):
                continue
            value = self.bound(binding)
            if value is None and isinstance(binding.node, cst.Param):
                if len(bindings) > 1 and is_nothing(binding.node.default):
                    return in_place_of(
                        binding.node,
                        [None, *(self.bound(one) for one in bindings if one is not binding)],
                    )
            if isinstance(value, Obj) and binding.kind != "param":
                held: Held = "local" if binding.scope is scope else "closure"
                if value.held in ("attribute", "param", "closure"):
                    held = value.held
                value = replace(value, held=held, via=binding)
            values.append(value)
        return merge(values)

    def _starred(self, node: cst.Name) -> Value | None:
        stars = self.scopes.module.bindings.get("*", ())
        if len(stars) != 1:
            return None
        if (home := stars[0].path) in STARRED:
            return self._ref(f"{home}.{node.value}") if node.value in STARRED[home] else None
        path = self.reexported.starred(stars[0], node.value)
        return self._ref(path) if path else None

    def held(self, stored: Stored) -> Value | None:
        """What an attribute of a class holds."""
        return self._asked.ask(stored)

    def bound(self, binding: Binding) -> Value | None:
        """What a binding gives its name."""
        if binding.kind == "import":
            return self._ref(binding.path)
        if binding.kind == "param":
            return self._asked.ask(binding)
        if binding.kind == "for" or (binding.kind == "assign" and not binding.whole):
            return self._containers.unpacked(binding)
        if not binding.whole or binding.value is None:
            return None
        if binding.kind == "assign":
            return self.of(binding.value) or self.declared(binding.node, binding.value)
        if binding.kind == "with":
            return self.entered(binding.value)
        return None

    def fields(self) -> Iterator[str]:
        """The names of attributes that class bodies only annotate, as far as they hold something
        of the SDK."""
        for (_, name), field in self._attributes.fields().items():
            if self.declared(field.target, field.value) is not None:
                yield name

    def field_of(self, attribute: cst.Attribute) -> cst.AnnAssign | None:
        """Where a class body annotates an attribute of `self`."""
        holder = self.tree.enclosing(attribute, cst.ClassDef)
        return self._attributes.fields().get((id(holder), attribute.attr.value))

    def annotated(self, annotation: cst.CSTNode | str) -> Declared:
        """What an annotation says; a text is one in quotes or in a comment."""
        said = self._annotations
        return said.text(annotation) if isinstance(annotation, str) else said.of(annotation)

    def declared(self, target: cst.CSTNode, value: cst.CSTNode | None) -> Value | None:
        """What a variable or attribute holds by the annotation of an assignment, or by what is put
        into the empty container that it is given."""
        if id(target) not in self._assigned:
            self._assigned[id(target)] = _Assigned(target, value)
        return self._asked.ask(self._assigned[id(target)])

    def entered(self, manager: cst.CSTNode) -> Value | None:
        """What `with manager as x` binds to x."""
        value = self.of(manager)
        given = self.of(manager.func) if isinstance(manager, cst.Call) else None
        if isinstance(given, Giving) and given.entered:
            return self._held(given)
        if isinstance(manager, cst.Call) and not isinstance(value, Obj):
            return self._results.entered(manager)
        if not isinstance(value, Obj):
            return None
        made = ENTERED.get((value.type, value.origin))
        if made is not None:
            return Obj(made[0], made[1], manager)
        if value.type == "Hub":
            return replace(value, held="inline", via=None)
        return value if value.type in SPANS else None

    def _ref(self, path: str) -> Value | None:
        path = self.reexported.origin(path)
        if path.startswith(HOLDING):
            return holding(path)
        if path != "sentry_sdk" and not path.startswith("sentry_sdk."):
            return None
        home = canonical(path)
        read = READS.get(home)
        if read is not None:
            return Obj(read[0], read[1], None)
        return Ref(home, path)

    def _attribute(self, node: cst.Attribute) -> Value | None:
        base = self.of(node.value)
        if isinstance(base, Ref | Obj):
            return self._member(base, node.attr.value, node)
        reexported = self.reexported.attribute(node)
        if reexported:
            return self._ref(reexported.removeprefix(MEMBER))
        return self._attributes.value(node) or self.of_imported_class(node) or self.calls.held(node)

    def of_imported_class(self, node: cst.Attribute) -> Value | None:
        """What instances of another module's class have, unless the text gives them something."""
        name = node.attr.value
        holder = self._instances.of(node.value) if name in self.reexported.last else None
        if name not in self.reexported.last or (holder and self._attributes.owner(holder, name)):
            return None
        paths = {f"{path}.{name}" for path in self._instances.imported(node.value)}
        held = map(self.reexported.origin, sorted(paths))
        found = {home for home in held if home.startswith((MEMBER, OPTIONS))}
        given = (target.value for target, _ in self.scopes.attributes.get(name, ()))
        if len(found) != 1 or any(
            f"{path}.{name}" in paths for of in given for path in self._instances.imported(of)
        ):
            return None
        return self._ref(found.pop().removeprefix(MEMBER))

    def _member(self, base: Value, name: str, node: cst.CSTNode) -> Value | None:
        """What an attribute of the SDK, or of an instance, is."""
        if isinstance(base, Ref):
            home = canonical(f"{base.path}.{name}")
            read = READS.get(home)
            if read is not None:
                return Obj(read[0], read[1], node)
            return Ref(home, f"{base.written}.{name}", base.given)
        if isinstance(base, Obj):
            read = READS.get(f"{base.type}.{name}")
            if read is not None:
                return Obj(read[0], read[1], node, base.held, base.via)
            return Method(base, name)
        return None

    def _call(self, node: cst.Call) -> Value | None:
        manager = entered_by(node)
        if manager is not None:
            return self.entered(manager)
        function = self.of(node.func)
        if isinstance(function, Ref):
            if function.path == "sentry_sdk.Hub":
                return self._new_hub(node)
            if function.path == "sentry_sdk.start_span" and node.args:
                first = self.of(node.args[0].value)
                if isinstance(first, Obj) and first.type == "Transaction":
                    return Obj("Transaction", "started", node)
            made = CALLS.get(function.path)
            return Obj(made[0], made[1], node) if made else None
        if isinstance(function, Giving) and function.held != IMPORTED:
            return None if function.entered else self._held(function)
        if isinstance(function, Method):
            made = CALLS.get(f"{function.owner.type}.{function.name}")
            return Obj(made[0], made[1], node) if made else None
        read = self.calls.member(node)
        base = self.of(read[0]) if read is not None else None
        if base is not None and read is not None:
            return self._member(base, read[1], node)
        return (
            self._ref(self.calls.imported(node))
            or self.calls.cast(node)
            or self._containers.called(node)
            or self._results.returned(node)
            or self._results.made(node)
        )

    def _held(self, function: Giving) -> Value | None:
        return holding(function.held) or self._ref(function.held)

    def giving(self) -> Collection[str]:
        """The names of functions of the text that give something of the SDK."""
        return frozenset(self._results.giving())

    def results(self, names: Collection[str]) -> Iterator[cst.Call]:
        """The calls of functions of these names that give something of the SDK."""
        for call in self.tree.by_type.get(cst.Call, ()) if names else ():
            assert isinstance(call, cst.Call)
            func = call.func
            name = func.attr if isinstance(func, cst.Attribute) else func
            if isinstance(name, cst.Name) and name.value in names and self.of(call) is not None:
                yield call

    def given(self, function: cst.FunctionDef, node: cst.CSTNode) -> Value | None:
        """What a function of the text gives, read at `node`."""
        return self._results.given(function, node)

    def _new_hub(self, node: cst.Call) -> Obj:
        first = node.args[0].value if node.args else None
        if first is None or is_nothing(first):
            return Obj("Hub", "empty", node)
        given = self.of(first)
        if isinstance(given, Obj) and given.type == "Hub":
            return Obj("Hub", "clone" if len(node.args) == 1 else "clone-scope", node)
        of_client = isinstance(given, Obj) and given.type == "Client"
        return Obj("Hub", "client" if of_client else "given", node)
