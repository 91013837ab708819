"""What calls of Python's own functions give: `import_module("sentry_sdk")`, `cast(Hub, x)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from sentry_migrate.python.scopes import Scopes
from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.annotations import Annotations, stored
from sentry_migrate.sdk.value_types import Value

_CASTS = frozenset(("typing.cast", "typing_extensions.cast"))
_IMPORTING = ("pytest.importorskip", "sys.modules.get")


class PythonCalls:
    """The calls of one tree. `of` evaluates an expression."""

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        of: Callable[[cst.CSTNode], Value | None],
        annotations: Annotations,
    ) -> None:
        self._tree = tree
        self._scopes = scopes
        self._of = of
        self._annotations = annotations

    def imported(self, call: cst.Call) -> str:
        """The module that an import gives which is spelled as a call; else empty."""
        called = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
        imports = called in ("import_module", "importorskip") or (
            isinstance(call.func, cst.Name) and call.func.value in ("__import__", "import_module")
        )
        imports = imports or self._scopes.imported(call.func) in _IMPORTING
        return _text(call.args[0].value) if imports and call.args else ""

    def member(self, call: cst.Call) -> tuple[cst.BaseExpression, str] | None:
        """Of what `getattr()` reads which attribute; None if it may give something else instead."""
        func = call.func
        if not isinstance(func, cst.Name) or func.value != "getattr" or len(call.args) != 2:
            return None
        if self._scopes.reaching(func) or any(arg.star or arg.keyword for arg in call.args):
            return None
        name = _text(call.args[1].value)
        return (call.args[0].value, name) if name.isidentifier() else None

    def cast(self, call: cst.Call) -> Value | None:
        """What `cast()` is given, or says that it is."""
        if len(call.args) != 2 or self._scopes.imported(call.func) not in _CASTS:
            return None
        given = self._of(call.args[1].value)
        return given or stored(self._annotations.of(call.args[0].value), call)

    def casts(self) -> Iterator[cst.Call]:
        """Every call of `cast()` that gives something of the SDK."""
        for call in self._tree.nodes(cst.Call) if "cast" in self._tree.text else ():
            if self.cast(call) is not None:
                yield call


def _text(node: cst.BaseExpression) -> str:
    text = node.evaluated_value if isinstance(node, cst.SimpleString) else None
    return text if isinstance(text, str) else ""
