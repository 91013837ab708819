"""What an expression can mean in terms of sentry_sdk.

Owns how values flow through variables, attributes of `self`, `with` and conditionals. Unknown is
None, and None stays silent. Knows names of the SDK, but no rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import libcst as cst

from sentry_migrate.syntax.attributes import Attributes
from sentry_migrate.syntax.bindings import Binding
from sentry_migrate.syntax.handed_on import HandedOn
from sentry_migrate.syntax.parameters import Parameters
from sentry_migrate.syntax.scopes import Scopes
from sentry_migrate.syntax.sdk_names import CALLS, ENTERED, READS, STAR, STAR_2, canonical
from sentry_migrate.syntax.tree import Tree
from sentry_migrate.syntax.value_types import Held, Method, Obj, Ref, Value, is_nothing, merge

_BUSY = object()


class Values:
    """Evaluates expressions of one tree, remembering results."""

    __slots__ = ("_attributes", "_known", "_parameters", "handed_on", "scopes", "tree")

    def __init__(
        self, tree: Tree, scopes: Scopes, reexports: Mapping[str, str] | None = None
    ) -> None:
        """`reexports` maps dotted project names (`app.obs.push_scope`) to the SDK's names."""
        self.tree = tree
        self.scopes = scopes
        self.handed_on = HandedOn(tree, scopes, reexports or {})
        self._known: dict[int, object] = {}
        self._attributes = Attributes(tree, scopes, self)
        self._parameters = Parameters(tree, scopes, self.of, self.handed_on)

    def of(self, node: cst.CSTNode | None) -> Value | None:
        """The value of an expression; None when unknown."""
        if node is None:
            return None
        known = self._known.get(id(node), self)
        if known is _BUSY:
            return None
        if known is not self:
            return known  # type: ignore[return-value]
        self._known[id(node)] = _BUSY
        value = self._evaluate(node)
        self._known[id(node)] = value
        return value

    def instance(self, node: cst.CSTNode | None, kind: str) -> Obj | None:
        """The value if it is an instance of the type `kind`."""
        value = self.of(node)
        return value if isinstance(value, Obj) and value.type == kind else None

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
        if isinstance(node, cst.Attribute):
            base = self.of(node.value)
            if isinstance(base, Obj):
                return f"{base.type}.{node.attr.value}"
            if isinstance(base, Ref):
                return canonical(f"{base.path}.{node.attr.value}")
        return ""

    def _evaluate(self, node: cst.CSTNode) -> Value | None:
        if isinstance(node, cst.Name):
            return self._name(node)
        if isinstance(node, cst.Attribute):
            return self._attribute(node)
        if isinstance(node, cst.Call):
            return self._call(node)
        if isinstance(node, cst.IfExp):
            sides = (node.body, node.orelse)
            return merge([self.of(side) for side in sides if not is_nothing(side)])
        if isinstance(node, cst.BooleanOperation):
            sides = (node.left, node.right)
            return merge([self.of(side) for side in sides if not is_nothing(side)])
        if isinstance(node, cst.NamedExpr | cst.Await):
            return self.of(node.value if isinstance(node, cst.NamedExpr) else node.expression)
        return None

    def _name(self, node: cst.Name) -> Value | None:
        bindings = self.scopes.reaching(node)
        if not bindings:
            return self._starred(node)
        scope = self.scopes.scope_of(node).function()
        values: list[Value | None] = []
        fallback = False
        for binding in bindings:
            if binding.kind == "assign" and is_nothing(binding.value):
                continue
            if self._is_fallback(binding):
                fallback = True
                continue
            value = self.bound(binding)
            if isinstance(value, Obj) and binding.kind != "param":
                held: Held = "local" if binding.scope is scope else "closure"
                if value.held in ("attribute", "param", "closure"):
                    held = value.held
                value = replace(value, held=held, via=binding)
            values.append(value)
        if not values and fallback:
            return None
        return merge(values)

    def _starred(self, node: cst.Name) -> Value | None:
        stars = self.scopes.module.bindings.get("*", ())
        if len(stars) == 1 and stars[0].path == "sentry_sdk" and node.value in STAR | STAR_2:
            return self._ref(f"sentry_sdk.{node.value}")
        return None

    def _is_fallback(self, binding: Binding) -> bool:
        """Whether the binding stands in an `except` whose `try` imports the same name."""
        handler = self.tree.enclosing(binding.node, cst.ExceptHandler)
        if handler is None:
            return False
        attempt = self.tree.parent(handler)
        return any(
            other.kind == "import"
            and other is not binding
            and isinstance(attempt, cst.Try)
            and other.path.startswith("sentry_sdk")
            and self.tree.enclosing(other.node, cst.Try) is attempt
            for other in binding.scope.bindings[binding.name]
        )

    def bound(self, binding: Binding) -> Value | None:
        """What a binding gives its name."""
        if binding.kind == "import":
            return self._ref(binding.path)
        if binding.kind == "param":
            return self._parameters.value(binding)
        if not binding.whole or binding.value is None:
            return None
        if binding.kind == "assign":
            return self.of(binding.value)
        if binding.kind == "with":
            return self.entered(binding.value)
        return None

    def entered(self, manager: cst.CSTNode) -> Value | None:
        """What `with manager as x` binds to x."""
        value = self.of(manager)
        if not isinstance(value, Obj):
            return None
        made = ENTERED.get((value.type, value.origin))
        if made is not None:
            return Obj(made[0], made[1], manager)
        if value.type in ("Span", "Transaction"):
            return value
        if value.type == "Hub":
            return replace(value, held="inline", via=None)
        return None

    def _ref(self, path: str) -> Value | None:
        path = self.handed_on.origin(path)
        if path != "sentry_sdk" and not path.startswith("sentry_sdk."):
            return None
        home = canonical(path)
        read = READS.get(home)
        if read is not None:
            return Obj(read[0], read[1], None)
        return Ref(home, path)

    def _attribute(self, node: cst.Attribute) -> Value | None:
        base = self.of(node.value)
        name = node.attr.value
        if isinstance(base, Ref):
            home = canonical(f"{base.path}.{name}")
            read = READS.get(home)
            if read is not None:
                return Obj(read[0], read[1], node)
            return Ref(home, f"{base.written}.{name}")
        if isinstance(base, Obj):
            read = READS.get(f"{base.type}.{name}")
            if read is not None:
                return Obj(read[0], read[1], node, base.held, base.via)
            return Method(base, name)
        handed = self.handed_on.attribute(node)
        return self._ref(handed) if handed else self._attributes.value(node)

    def _call(self, node: cst.Call) -> Value | None:
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
        if isinstance(function, Method):
            if function.name == "__enter__":
                return (
                    self.entered(node.func.value) if isinstance(node.func, cst.Attribute) else None
                )
            made = CALLS.get(f"{function.owner.type}.{function.name}")
            return Obj(made[0], made[1], node) if made else None
        return self._library_call(node)

    def _library_call(self, node: cst.Call) -> Value | None:
        """`stack.enter_context(manager)`, and imports spelled as calls."""
        if not node.args:
            return None
        first = node.args[0].value
        called = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
        if called == "enter_context":
            return self.entered(first)
        imports = called in ("import_module", "importorskip") or (
            isinstance(node.func, cst.Name) and node.func.value in ("__import__", "import_module")
        )
        text = first.evaluated_value if isinstance(first, cst.SimpleString) else None
        return self._ref(text) if imports and isinstance(text, str) else None

    def _new_hub(self, node: cst.Call) -> Obj:
        first = node.args[0].value if node.args else None
        if first is None or is_nothing(first):
            return Obj("Hub", "empty", node)
        given = self.of(first)
        if isinstance(given, Obj) and given.type == "Hub":
            return Obj("Hub", "clone" if len(node.args) == 1 else "clone-scope", node)
        return Obj("Hub", "client", node)
