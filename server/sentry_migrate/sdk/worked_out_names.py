"""Where a text has names of the SDK that only the running program knows, or that are text.

`getattr(sentry_sdk, name)`, which a class or module may give to all the project, and
`"sentry_sdk.push_scope"`, which something may import. Owns finding these. Refuses to know who uses
what they give.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import libcst as cst

from sentry_migrate.python.tree import Tree
from sentry_migrate.sdk.values import Values

_MODULES = ("sentry_sdk", "sentry_sdk.hub", "sentry_sdk.api", "sentry_sdk.Hub")
_OLD = re.compile(r"sentry_sdk(?:\.api|\.hub)?[.:](?:push_scope|configure_scope|Hub(?:\.\w+)*)")


def worked_out_names(
    tree: Tree, values: Values, known: Collection[int]
) -> Iterator[cst.BaseExpression]:
    """Each such expression, but for the strings that are `known`, by id."""
    if "sentry_sdk" not in tree.text:
        return
    for call in tree.nodes(cst.Call):
        if isinstance(call.func, cst.Name) and call.func.value in ("getattr", "vars"):
            if _is_sdk(values, call) and values.of(call) is None:
                yield call
    for node in tree.nodes(cst.Attribute):
        if node.attr.value == "__dict__" and values.path(node.value) in _MODULES:
            yield node
    for text in tree.nodes(cst.SimpleString):
        value = text.evaluated_value if "sentry_sdk" in text.value else None
        if isinstance(value, str) and _OLD.fullmatch(value) and id(text) not in known:
            if not isinstance(tree.parent(text), cst.Expr | cst.Annotation):
                yield text


def _is_sdk(values: Values, call: cst.Call) -> bool:
    """Whether a call reads of the SDK, by a name that is not written out."""
    given = call.args[1].value if len(call.args) > 1 else None
    written = isinstance(given, cst.SimpleString | cst.ConcatenatedString)
    return bool(call.args) and not written and values.path(call.args[0].value) in _MODULES
