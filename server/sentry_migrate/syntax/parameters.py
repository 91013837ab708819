"""What parameters hold: by annotation, or because the SDK calls the function with a scope.

Owns reading annotations (`Optional`, `|`, quotes) and finding the callbacks of `configure_scope()`
and `push_scope()`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import libcst as cst

from sentry_migrate.syntax.bindings import Binding
from sentry_migrate.syntax.handed_on import HandedOn
from sentry_migrate.syntax.scopes import Scopes
from sentry_migrate.syntax.sdk_names import ANNOTATED, ENTERED, canonical
from sentry_migrate.syntax.tree import Tree
from sentry_migrate.syntax.value_types import Obj, Ref, Value, is_nothing


class Parameters:
    """The parameters of one tree. `of` evaluates an expression."""

    __slots__ = ("_handed_on", "_of", "_scopes", "_tree")

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        of: Callable[[cst.CSTNode], Value | None],
        handed_on: HandedOn,
    ) -> None:
        self._tree = tree
        self._scopes = scopes
        self._of = of
        self._handed_on = handed_on

    def value(self, binding: Binding) -> Value | None:
        """What a parameter holds, by its annotation or by who calls the function."""
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
        value = self._of(node)
        if isinstance(value, Ref):
            return ANNOTATED.get(value.path, "")
        if isinstance(node, cst.Subscript):
            inner = [
                self.annotated(part.slice.value)
                for part in node.slice
                if isinstance(part.slice, cst.Index) and not is_nothing(part.slice.value)
            ]
            name = self._tree.code(node.value).rsplit(".", 1)[-1]
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
        for binding in self._scopes.module.bindings.get(first, ()):
            if binding.kind == "import":
                path = f"{binding.path}.{rest}" if rest else binding.path
                return ANNOTATED.get(canonical(self._handed_on.origin(path)), "")
        return ""

    def _callback_of(self, param: cst.Param) -> str:
        """`configure` or `push` for the first parameter of a callback of such a call."""
        holder = self._tree.parent(self._tree.parent(param) or param)
        if isinstance(holder, cst.Lambda):
            uses: Sequence[cst.CSTNode] = [holder]
            first = [*holder.params.posonly_params, *holder.params.params][:1]
        elif isinstance(holder, cst.FunctionDef):
            uses = self._scopes.loads.get(holder.name.value, ())
            first = [*holder.params.posonly_params, *holder.params.params][:1]
        else:
            return ""
        if first != [param]:
            return ""
        origins: set[str] = set()
        for use in uses:
            arg = self._tree.parent(use)
            call = self._tree.parent(arg) if isinstance(arg, cst.Arg) else None
            if isinstance(call, cst.Call) and isinstance(holder, cst.CSTNode):
                made = self._of(call)
                if isinstance(made, Obj) and made.type == "Manager":
                    origins.add(made.origin)
                    continue
            if isinstance(holder, cst.FunctionDef):
                origins.add("")
        return origins.pop() if len(origins) == 1 else ""
