"""Whether a file may replace an attribute of a module whose name it does not spell.

`setattr(obs, name, fake)` does, and `patch.object(obs, name)`. Owns a look with the standard
library's parser, ten times cheaper than the analysis that says where. Refuses to know which
attributes matter.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from sentry_migrate.project.modules import parsed
from sentry_migrate.project.syntax_nodes import walk

REPLACING = frozenset(("delattr", "object", "setattr"))
"""The last names of functions that replace an attribute of a module: `patch.object`, say."""
REPLACING_PATHS = frozenset(("patch", "setattr"))
"""The last names of functions that replace what a path leads to."""
_CALL = re.compile(
    rb"\b(?:__dict__|(?:%s|__import__|import_module|modules|vars)(?:[\s\\]|#[^\n]*)*[(\[])"
    % "|".join(sorted(REPLACING | REPLACING_PATHS)).encode(),
    re.ASCII,
)
_JOINING = (ast.BinOp, ast.Call, ast.JoinedStr, ast.Name)
"""What may put the path together."""
_BY_NAME = frozenset(("__import__", "import_module", "modules"))
"""The last names of what gives a module by its name."""


@lru_cache(maxsize=1 << 10)
def may_replace_unspelled(data: bytes) -> bool:
    """Whether a call may replace an attribute of something that the file imports, by a name that
    is not a plain string; in doubt, it may."""
    if _CALL.search(data) is None:
        return False
    tree = parsed(data)
    if tree is None:
        return True
    nodes: list[ast.Call | ast.Subscript | ast.Attribute] = []
    imported: set[str] = set()
    for node in walk(tree):
        if isinstance(node, ast.Call | ast.Subscript | ast.Attribute):
            nodes.append(node)
        elif isinstance(node, ast.Import):
            imported.update(one.asname or one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.update(one.asname or one.name for one in node.names)
    return any(_replaces(node, imported) for node in nodes)


def _replaces(node: ast.Call | ast.Subscript | ast.Attribute, imported: set[str]) -> bool:
    """Whether it may be such a call, or give the names of a module, where these are `imported`."""
    if isinstance(node, ast.Attribute):
        return node.attr == "__dict__" and _is_imported(node.value, imported)
    if isinstance(node, ast.Subscript):
        return _last_name(node.value) in _BY_NAME and isinstance(node.slice, ast.Constant)
    values = [*node.args, *(one.value for one in node.keywords)]
    name = _last_name(node.func)
    if name in _BY_NAME or name == "vars":
        given = values[0] if values else None
        return isinstance(given, ast.Constant) or (name == "vars" and _is_imported(given, imported))
    if name in REPLACING_PATHS and (name == "patch" or len(values) == 2):
        return bool(values) and isinstance(values[0], _JOINING)
    if name not in REPLACING or len(values) < 2 or not _is_imported(values[0], imported):
        return False
    named = values[1].value if isinstance(values[1], ast.Constant) else None
    return not (isinstance(named, str | bytes) and named)


def _is_imported(node: ast.expr | None, imported: set[str]) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in imported


def _last_name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
