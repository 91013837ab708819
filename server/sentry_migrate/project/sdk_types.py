"""Of which type of the SDK an expression gives an instance, by its text alone.

Owns following calls and attributes: `Hub.current.scope.span`, `span.start_child()`. Refuses to know
what variables hold.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from sentry_migrate.project.sdk_members import ANNOTATED, CALLS, HANDED, READS, SPANS
from sentry_migrate.project.syntax_nodes import dotted

FOLLOWED = HANDED | {"Hub"}
"""The types of instances that are followed from file to file."""
_WITHIN = re.compile(r"^sentry_sdk\.(?:api|hub|scope)\.")
"""The modules whose names stand in the SDK itself too."""


def kind_of(path: str) -> str:
    """The type that a class of the SDK is, by its dotted path; empty for one not followed."""
    kind = ANNOTATED.get(_WITHIN.sub("sentry_sdk.", path), "")
    return kind if kind in FOLLOWED else ""


def type_of(
    node: ast.expr | None, known: Callable[[str], str], path_of: Callable[[str], str]
) -> str:
    """The type; empty for any other value. `known` tells the types of variables, `path_of` what is
    imported by a name."""
    if held := known(dotted(node)):
        return held
    if isinstance(node, ast.Await | ast.NamedExpr):
        return type_of(node.value, known, path_of)
    if isinstance(node, ast.BoolOp | ast.IfExp):
        sides = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
        given = (side for side in sides if getattr(side, "value", side) is not None)
        kinds = {type_of(side, known, path_of) for side in given}
        return kinds.pop() if len(kinds) == 1 else "Span" if kinds == SPANS else ""
    part = node.func if isinstance(node, ast.Call) else node
    gives = CALLS if isinstance(node, ast.Call) else READS
    path = _WITHIN.sub("sentry_sdk.", path_of(dotted(part)))
    if path not in gives and isinstance(part, ast.Attribute):
        path = f"{type_of(part.value, known, path_of)}.{part.attr}"
    return gives[path][0] if path in gives else ""
