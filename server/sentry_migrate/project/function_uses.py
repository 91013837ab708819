"""Whether a function is used, or the context manager that it makes by anything but `with`.

Owns the kinds of the plan for that, and the look at one file with the standard library's parser. By
the function's name, whatever else has it: what is not certainly a `with` counts as another use.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from sentry_migrate.project.modules import parsed
from sentry_migrate.project.plan_words import TASKS
from sentry_migrate.project.syntax_nodes import children, walk

OTHER_USE = "other-use:"
"""Begins the kind of code that uses such a function in another way."""
_ASYNC, _AS = "async", "as"


def other_use_key(name: str, awaits: bool, target: bool) -> str:
    """The kind of code that uses the function of this name in another way than by `with name():`.

    It does not count as another way if the function around it `awaits`, or if the `with` has a
    `target` for what is yielded.
    """
    ways = [way for way, allowed in ((_ASYNC, awaits), (_AS, target)) if allowed]
    return f"{OTHER_USE}{'+'.join(ways)}:{name}"


def name_of(kind: str) -> str:
    """The function that a kind is about."""
    return kind.rpartition(":")[2]


def other_use(kind: str, data: bytes, through: Collection[str] = ()) -> int:
    """The line with the first use of that kind in a file; 0 if there is none. It does not count as
    another way if the `with` is in a generator that is `through`, and used in no other way itself.
    """
    name = name_of(kind)
    if name.encode() not in data:
        return 0
    tree = parsed(data)
    if tree is None:
        return 1
    ways = kind.removeprefix(OTHER_USE).partition(":")[0].split("+")
    return _Look(name, _ASYNC in ways, _AS in ways, through).first(tree)


class _Look:
    def __init__(self, name: str, awaits: bool, target: bool, through: Collection[str]) -> None:
        self._name = name
        self._through = through
        self._awaits = awaits
        self._target = target
        self._word = re.compile(rf"\b{re.escape(name)}\b")

    def first(self, tree: ast.Module) -> int:
        waiting: list[tuple[ast.AST, bool]] = [(tree, True)]
        while waiting:
            node, plain = waiting.pop()  # and whether it is in a function that runs to its end
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                plain = self._runs_through(node)
            elif isinstance(node, ast.With | ast.AsyncWith) and plain:
                waiting += (
                    (one, plain) for item in node.items for one in self._of_item(item, node)
                )
                waiting += ((one, plain) for one in node.body)
                continue
            elif _is_listing(node) or _is_text(node):
                continue
            if self._names(node):
                return int(getattr(node, "lineno", 1))
            waiting += ((one, plain) for one in children(node))
        return 0

    def _runs_through(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
        """Whether a function's code is left only at its end, or where it awaits if that counts."""
        if isinstance(node, ast.Lambda) or (
            isinstance(node, ast.AsyncFunctionDef) and not self._awaits
        ):
            return False
        if node.name in self._through:
            return True
        return not any(isinstance(one, ast.Yield | ast.YieldFrom) for one in walk(node))

    def _of_item(self, item: ast.withitem, around: ast.With | ast.AsyncWith) -> list[ast.AST]:
        """What is to be looked at of an item: of `name(…)`, the arguments."""
        call = item.context_expr
        targets: list[ast.AST] = [item.optional_vars] if item.optional_vars is not None else []
        if targets and not self._target:
            return [call, *targets]
        if not isinstance(call, ast.Call) or not self._is_named(call.func):
            return [call, *targets]
        func = call.func
        if any(map(_is_involved, (*around.items, *around.body))):
            return [call]
        owner: list[ast.AST] = [func.value] if isinstance(func, ast.Attribute) else []
        return [*owner, *call.args, *call.keywords, *targets]

    def _is_named(self, node: ast.AST) -> bool:
        return self._name == getattr(node, "attr", getattr(node, "id", None))

    def _names(self, node: ast.AST) -> bool:
        """Whether a node uses the function, or makes it known by another name."""
        if isinstance(node, ast.Name | ast.Attribute):
            return self._is_named(node)
        if isinstance(node, ast.alias):
            last = node.name.rpartition(".")[2]
            return self._name in (last, node.asname) and node.asname not in (None, last)
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            return self._word.search(text) is not None
        return isinstance(node, ast.Global | ast.Nonlocal) and self._name in node.names


_INVOLVED = frozenset(("bind_client", "enter_async_context", "enter_context", "init", "set_client"))
_INVOLVED |= TASKS


def _is_involved(part: ast.AST) -> bool:
    """Whether a part of a `with` enters what was made before, starts a task or may give the
    program another client."""
    for node in walk(part):
        if isinstance(node, ast.withitem) and not isinstance(node.context_expr, ast.Call):
            return True
        if getattr(node, "attr", getattr(node, "id", None)) in _INVOLVED:
            return True
    return False


def _is_text(node: ast.AST) -> bool:
    """Whether a statement is a string, which documents something."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_listing(node: ast.AST) -> bool:
    """Whether a statement lists what a module offers."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets)
