"""Programs written in another way that means the same: no label may depend on the difference.

Each function gives the variant of a text, or the text itself where it has nothing to change.
"""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import tokenize
from collections.abc import Callable, Iterator
from itertools import pairwise


def _bound(tree: ast.Module) -> Iterator[str]:
    """Names of the text's own that a reader may choose freely."""
    methods = {
        id(one) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for one in node.body
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if id(node) not in methods:
                yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def _fixed(tree: ast.Module) -> Iterator[str]:
    """Names that something outside the text, or a string, may know it by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "").split(".")
        elif isinstance(node, ast.alias):
            yield from (*node.name.split("."), node.asname or "")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from node.value.replace(".", " ").split()
        elif isinstance(node, ast.JoinedStr):
            yield from (one.id for one in ast.walk(node) if isinstance(one, ast.Name))
        elif isinstance(node, ast.ClassDef):
            for one in ast.walk(node):
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                    yield one.id
    yield from dir(builtins)


def renamed(text: str, prefix: str) -> str:
    """Every function, class and variable of the text's own, called something else."""
    tree = ast.parse(text)
    fixed = set(_fixed(tree))
    names = sorted(name for name in set(_bound(tree)) - fixed if not name.startswith("__"))
    new = {name: f"{prefix}{number}" for number, name in enumerate(names)}
    lines = text.splitlines(keepends=True)
    words = [
        token
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string)
    ]
    for token in reversed(words):
        if token.string in new:
            row, column = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:column] + new[token.string] + line[token.end[1] :]
    return "".join(lines)


def _swapped(text: str, kinds: tuple[type[ast.stmt], ...]) -> str:
    """The first neighbours of these kinds at module level change places."""
    body = ast.parse(text).body
    lines = text.splitlines(keepends=True)
    for one, other in pairwise(body):
        if not isinstance(one, kinds) or not isinstance(other, kinds):
            continue
        if getattr(one, "decorator_list", ()) or getattr(other, "decorator_list", ()):
            continue
        first, middle, last = one.lineno - 1, other.lineno - 1, other.end_lineno or 0
        if middle <= (one.end_lineno or 0) - 1 or "\\\n" in text:
            continue  # two statements on a line
        between = lines[one.end_lineno or 0 : middle]
        return "".join(
            [
                *lines[:first],
                *lines[middle:last],
                *between,
                *lines[first : one.end_lineno or 0],
                *lines[last:],
            ]
        )
    return text


def _functions_swapped(text: str) -> str:
    tree = ast.parse(text)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
            node.args.defaults or any(node.args.kw_defaults) or node.returns
        ):
            return text
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if any(one.annotation for one in ast.walk(node) if isinstance(one, ast.arg)):
                return text
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if len(names) != len(set(names)):
        return text
    return _swapped(text, (ast.FunctionDef, ast.AsyncFunctionDef))


def _imports_swapped(text: str) -> str:
    tree = ast.parse(text)
    if any(isinstance(one, ast.ImportFrom) and one.module == "__future__" for one in tree.body):
        return text
    return _swapped(text, (ast.Import, ast.ImportFrom))


WORDS = "threading flask django push_scope last_event_id before_send patch init"

VARIANTS: dict[str, Callable[[str], str]] = {
    "plain names": lambda text: renamed(text, "name"),
    "names of start-up": lambda text: renamed(text, "setup_"),
    "names of tests": lambda text: renamed(text, "test_"),
    "names of the SDK": lambda text: renamed(text, "push_scope_"),
    "a last print": lambda text: text + "print()\n",
    "a last pass": lambda text: text + "pass\n",
    "a last call": lambda text: text + "len('x')\n",
    "a first statement": lambda text: "pass\n" + text if "__future__" not in text else text,
    "a last comment": lambda text: f"{text}# {WORDS}\n",
    "a first comment": lambda text: f"# {WORDS}\n{text}",
    "a function of its own": lambda text: text + "def unrelated_to_all():\n    return 1\n",
    "a class of its own": lambda text: text + "class UnrelatedToAll:\n    value = 1\n",
    "imports in another order": _imports_swapped,
    "functions in another order": _functions_swapped,
}
