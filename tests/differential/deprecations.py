"""What sentry-sdk itself calls deprecated, read from its source.

`python tests/differential/deprecations.py` installs the newest SDK and writes `deprecations.json`:
classes (empty for functions, options and parameters) and the names in them that the SDK warns
about, in its log too, or documents as deprecated. Nothing of the SDK is run.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).parent
FILE = HERE / "deprecations.json"

_DOCUMENTED = re.compile(r"\s*(?:\.\. deprecated::|DEPRECATED:)|\n\s*(?:\.\. deprecated::)")
_NAMED = re.compile(r"`(\w+)`|\['(\w+)'\]|(\w+) (?:option|parameter) is")
_WARNS = ("warn", "warning", "deprecation_warning")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class _Source:
    """The deprecations in some modules."""

    def __init__(self, trees: Sequence[ast.Module]) -> None:
        self._nodes = [node for tree in trees for node in ast.walk(tree)]
        self._parents = {
            child: node for node in self._nodes for child in ast.iter_child_nodes(node)
        }
        self._functions: dict[str, ast.AST] = {
            node.name: node for tree in trees for node in tree.body if isinstance(node, _Function)
        }

    def found(self) -> Iterator[tuple[str, str]]:
        """Classes and names."""
        for node in self._nodes:
            if isinstance(node, ast.ClassDef):
                if re.search(rf"\b{node.name} is deprecated", ast.get_docstring(node) or ""):
                    yield "", node.name
            elif isinstance(node, _Function):
                if _DOCUMENTED.match(ast.get_docstring(node) or ""):
                    yield self._owner(node), node.name
            elif isinstance(node, ast.Call) and _is_deprecation(node):
                yield from self._warned(node)

    def _owner(self, function: ast.AST) -> str:
        parent = self._parents.get(function)
        return parent.name.removesuffix("Meta") if isinstance(parent, ast.ClassDef) else ""

    def _warned(self, call: ast.Call) -> Iterator[tuple[str, str]]:
        """What a warning names; else what the nearest condition asks for; else the function."""
        subject = re.split("deprecat", _text(call), maxsplit=1, flags=re.IGNORECASE)[0]
        named = [name for match in _NAMED.findall(subject) for name in match if name]
        guarded = False
        node: ast.AST = call
        while not isinstance(node, _Function | ast.Module):
            child, node = node, self._parents[node]
            if isinstance(node, ast.If) and child is not node.test:
                guarded = True
                named = named or list(self._keys(node.test))
        if named or guarded or not isinstance(node, _Function):
            yield from (("", name) for name in named)
        else:
            owner = self._owner(node)
            yield ("", owner) if node.name == "__init__" else (owner, node.name)

    def _keys(self, node: ast.AST) -> Iterator[str]:
        """The keys of options that an expression, and the functions it calls, look up."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner.id in self._functions:
                yield from self._keys(self._functions[inner.id])
            key: ast.AST | None = inner.slice if isinstance(inner, ast.Subscript) else None
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
                key = inner.args[0] if inner.func.attr == "get" and inner.args else None
            looked_into = isinstance(self._parents.get(inner), ast.Attribute | ast.Subscript)
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and not looked_into:
                yield key.value


def _is_deprecation(call: ast.Call) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _WARNS and "deprecat" in ast.unparse(call).lower()


def _text(call: ast.Call) -> str:
    first = call.args[0] if call.args else call
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def collect(package: Path) -> dict[str, list[str]]:
    """Classes and the deprecated names in them, of an installed `sentry_sdk`."""
    trees = [ast.parse(path.read_bytes()) for path in sorted(package.rglob("*.py"))]
    result: dict[str, set[str]] = {}
    for owner, name in _Source(trees).found():
        result.setdefault(owner, set()).add(name)
    return {owner: sorted(names) for owner, names in sorted(result.items())}


def text(package: Path) -> str:
    """What `deprecations.json` should hold."""
    return json.dumps(collect(package), indent=2) + "\n"


def main() -> None:
    """Write `deprecations.json`."""
    from environments import NEW, install

    FILE.write_text(text(install(NEW) / NEW / "sentry_sdk"), encoding="utf-8")


if __name__ == "__main__":
    main()
