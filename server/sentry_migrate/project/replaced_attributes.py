"""Whether a file may replace an attribute of a module whose name it does not spell.

`setattr(obs, name, fake)` does, and `patch.object(obs, name)`. Owns a look with the standard
library's parser, ten times cheaper than the analysis that says where. Refuses to know which
attributes matter.
"""

from __future__ import annotations

import ast
import re

from sentry_migrate.project.modules import parsed
from sentry_migrate.project.syntax_nodes import walk

REPLACING = frozenset(("delattr", "object", "setattr"))
"""The last names of functions that replace an attribute of a module: `patch.object`, say."""
_CALL = re.compile(
    rb"\b(?:%s)(?:[\s\\]|#[^\n]*)*\(" % "|".join(sorted(REPLACING)).encode(), re.ASCII
)


def may_replace_unspelled(data: bytes) -> bool:
    """Whether a call may replace an attribute of something that the file imports, by a name that
    is not a plain string; in doubt, it may."""
    if _CALL.search(data) is None:
        return False
    tree = parsed(data)
    if tree is None:
        return True
    calls: list[ast.Call] = []
    imported: set[str] = set()
    for node in walk(tree):
        if isinstance(node, ast.Call):
            calls.append(node)
        elif isinstance(node, ast.Import):
            imported.update(one.asname or one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.update(one.asname or one.name for one in node.names)
    return any(_replaces(call, imported) for call in calls)


def _replaces(call: ast.Call, imported: set[str]) -> bool:
    """Whether a call may be such a one, where these names are `imported`."""
    values = [*call.args, *(one.value for one in call.keywords)]
    if _last_name(call.func) not in REPLACING or len(values) < 2:
        return False
    root = values[0]
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name) or root.id not in imported:
        return False
    named = values[1].value if isinstance(values[1], ast.Constant) else None
    return not (isinstance(named, str | bytes) and named)


def _last_name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
