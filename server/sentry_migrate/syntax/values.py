"""What an expression can mean in terms of sentry_sdk.

Owns the abstract values (a dotted name, an instance of a type the model knows, a method of one)
and how they flow through variables, attributes of `self`, parameters, `with` and conditionals.
Unknown is None, and None stays silent. Knows names of the SDK, but no rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import libcst as cst

from sentry_migrate.syntax.scopes import Binding, Scopes
from sentry_migrate.syntax.sdk_names import ANNOTATED, CALLS, ENTERED, READS, STAR, canonical
from sentry_migrate.syntax.tree import Tree

Held = Literal["inline", "local", "closure", "attribute", "param"]
"""How an instance reached the expression: written in place, through a variable of the same
function, through a variable of an enclosing scope, an attribute, or a parameter."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A module, function or class of the SDK."""

    path: str
    """Canonical, such as `sentry_sdk.Hub`."""
    written: str
    """The path by way of the import, such as `sentry_sdk.hub.Hub`."""


@dataclass(frozen=True, slots=True)
class Obj:
    """An instance."""

    type: str
    origin: str
    node: cst.CSTNode | None
    """The expression that made it; None after a merge of several."""
    held: Held = "inline"
    via: Binding | None = None
    """The variable it was read from, where there is just one."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method of an instance, not called yet."""

    owner: Obj
    name: str


Value: TypeAlias = Ref | Obj | Method

_BUSY = object()


class Values:
    """Evaluates expressions of one tree, remembering results."""

    __slots__ = ("_known", "_reexports", "scopes", "tree")

    def __init__(
        self, tree: Tree, scopes: Scopes, reexports: Mapping[str, str] | None = None
    ) -> None:
        """`reexports` maps dotted project names (`app.obs.push_scope`) to the SDK's names."""
        self.tree = tree
        self.scopes = scopes
        self._reexports = reexports or {}
        self._known: dict[int, object] = {}

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

    def named(self, path: str) -> str:
        """The canonical path of a dotted name written in a string; empty when it is not the SDK's.

        `app.views.sentry_sdk.push_scope` reaches the SDK through a module that imports it.
        """
        parts = path.split(".")
        for index in range(len(parts), 0, -1):
            home = self._reexports.get(".".join(parts[:index]))
            if home is not None:
                return canonical(".".join([home, *parts[index:]]))
        if "sentry_sdk" in parts:
            return canonical(".".join(parts[parts.index("sentry_sdk") :]))
        return ""

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

    # -- evaluation --------------------------------------------------------------------------

    def _evaluate(self, node: cst.CSTNode) -> Value | None:
        if isinstance(node, cst.Name):
            return self._name(node)
        if isinstance(node, cst.Attribute):
            return self._attribute(node)
        if isinstance(node, cst.Call):
            return self._call(node)
        if isinstance(node, cst.IfExp):
            return self._merge([node.body, node.orelse])
        if isinstance(node, cst.BooleanOperation):
            return self._merge([node.left, node.right])
        if isinstance(node, cst.NamedExpr | cst.Await):
            return self.of(node.value if isinstance(node, cst.NamedExpr) else node.expression)
        return None

    def _merge(self, nodes: Sequence[cst.CSTNode]) -> Value | None:
        """The one value all of `nodes` have; nodes that are `None` or `False` do not count."""
        return merge([self.of(node) for node in nodes if not is_nothing(node)])

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
                same = binding.scope is scope and scope.kind != "module"
                held: Held = "local" if same or binding.scope is scope else "closure"
                if value.held in ("attribute", "param", "closure"):
                    held = value.held
                value = replace(value, held=held, via=binding)
            values.append(value)
        if not values and fallback:
            return None
        return merge(values)

    def _starred(self, node: cst.Name) -> Value | None:
        stars = self.scopes.module.bindings.get("*", ())
        if len(stars) == 1 and stars[0].path == "sentry_sdk" and node.value in STAR:
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
            return self._parameter(binding)
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
        path = self._reexports.get(path, path)
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
        return self._stored(node)

    def _stored(self, node: cst.Attribute) -> Value | None:
        """An attribute of `self` that every assignment in the class gives the same value."""
        if not isinstance(node.value, cst.Name):
            return None
        holder = self.tree.enclosing(node, cst.ClassDef)
        if holder is None or node.value.value != self._self_name(node):
            return None
        values: list[Value | None] = []
        for target, value in self.scopes.attributes.get(node.attr.value, ()):
            if self.tree.enclosing(target, cst.ClassDef) is not holder:
                continue
            if not isinstance(target.value, cst.Name) or is_nothing(value):
                continue
            stored = self.of(value)
            if isinstance(self.tree.parent(target), cst.AsName) and value is not None:
                stored = self.entered(value)
            values.append(stored)
        for binding in self.scopes.scopes[id(holder)].bindings.get(node.attr.value, ()):
            if not is_nothing(binding.value):
                values.append(self.bound(binding))
        value_all = merge(values) if values else None
        if isinstance(value_all, Obj):
            return replace(value_all, held="attribute", via=None)
        return value_all

    def _self_name(self, node: cst.CSTNode) -> str:
        function = self.tree.enclosing(node, cst.FunctionDef)
        while function is not None:
            holder = self.tree.parent(self.tree.parent(function) or function)
            if isinstance(holder, cst.ClassDef):
                params = [*function.params.posonly_params, *function.params.params]
                return params[0].name.value if params else ""
            function = self.tree.enclosing(function, cst.FunctionDef)
        return ""

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

    def _parameter(self, binding: Binding) -> Value | None:
        param = binding.node
        if not isinstance(param, cst.Param):
            return None
        if param.annotation is not None:
            kind = self.annotated(param.annotation.annotation)
            if kind:
                return Obj(kind, "param", param, "param", binding)
        made = ENTERED.get(("Manager", self._callback_of(param)))
        if made is not None:
            return Obj(made[0], made[1], param, "inline", binding)
        return None

    def annotated(self, node: cst.CSTNode) -> str:
        """The type an annotation names, `Optional[...]`, `| None` and quotes seen through."""
        value = self.of(node)
        if isinstance(value, Ref):
            return ANNOTATED.get(value.path, "")
        if isinstance(node, cst.Subscript):
            inner = [
                self.annotated(part.slice.value)
                for part in node.slice
                if isinstance(part.slice, cst.Index) and not is_nothing(part.slice.value)
            ]
            name = self.tree.code(node.value).rsplit(".", 1)[-1]
            return inner[0] if name in ("Optional", "Union") and len(set(inner)) == 1 else ""
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
            sides = [side for side in (node.left, node.right) if not is_nothing(side)]
            kinds = {self.annotated(side) for side in sides}
            return kinds.pop() if len(kinds) == 1 else ""
        if isinstance(node, cst.SimpleString) and isinstance(node.evaluated_value, str):
            return self._quoted(node.evaluated_value)
        return ""

    def _quoted(self, text: str) -> str:
        match = re.fullmatch(r"\s*(?:Optional\[)?\s*([\w.]+)\s*\]?\s*(?:\|\s*None)?\s*", text)
        if match is None:
            return ""
        first, _, rest = match.group(1).partition(".")
        for binding in self.scopes.module.bindings.get(first, ()):
            if binding.kind == "import":
                path = f"{binding.path}.{rest}" if rest else binding.path
                return ANNOTATED.get(canonical(self._reexports.get(path, path)), "")
        return ""

    def _callback_of(self, param: cst.Param) -> str:
        """`configure` or `push` for the first parameter of a callback of such a call."""
        holder = self.tree.parent(self.tree.parent(param) or param)
        if isinstance(holder, cst.Lambda):
            uses: Sequence[cst.CSTNode] = [holder]
            first = [*holder.params.posonly_params, *holder.params.params][:1]
        elif isinstance(holder, cst.FunctionDef):
            uses = self.scopes.loads.get(holder.name.value, ())
            first = [*holder.params.posonly_params, *holder.params.params][:1]
        else:
            return ""
        if first != [param]:
            return ""
        origins: set[str] = set()
        for use in uses:
            arg = self.tree.parent(use)
            call = self.tree.parent(arg) if isinstance(arg, cst.Arg) else None
            if isinstance(call, cst.Call) and isinstance(holder, cst.CSTNode):
                made = self.of(call)
                if isinstance(made, Obj) and made.type == "Manager":
                    origins.add(made.origin)
                    continue
            if isinstance(holder, cst.FunctionDef):
                origins.add("")
        return origins.pop() if len(origins) == 1 else ""


def merge(values: Sequence[Value | None]) -> Value | None:
    """One value for several possible ones: they must agree on what rules look at."""
    if not values or values[0] is None:
        return None
    first = values[0]
    for other in values[1:]:
        if other == first:
            continue
        if (
            isinstance(first, Obj)
            and isinstance(other, Obj)
            and (first.type, first.origin) == (other.type, other.origin)
        ):
            held: Held = first.held if first.held == other.held else "attribute"
            first = replace(first, node=None, via=None, held=held)
        elif isinstance(first, Ref) and isinstance(other, Ref) and first.path == other.path:
            continue
        else:
            return None
    return first


def is_nothing(node: cst.CSTNode | None) -> bool:
    """Whether an expression is the word `None` or `False`."""
    return isinstance(node, cst.Name) and node.value in ("None", "False")
