"""Options of `init()` that 2.x refuses, given to functions of other packages that may pass them on.

Owns which calls these are. Refuses to know which modules the project has.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.project.held_options import REFUSED
from sentry_migrate.sdk.values import Values

_BESIDE = frozenset(
    (
        *(*REFUSED, "dsn", "sentry_dsn", "traces_sample_rate", "before_send"),
        *("send_default_pii", "max_breadcrumbs"),
    )
)
"""Options that show what another one is about, where nothing else does."""


def foreign_options(values: Values) -> Iterator[tuple[cst.Call, cst.Arg, str]]:
    """The calls, the arguments that are such options, and the dotted path of what is called."""
    tree = values.tree
    if not any(one in tree.text for one in REFUSED):
        return
    for arg in tree.nodes(cst.Arg):
        if arg.keyword is None or arg.keyword.value not in REFUSED:
            continue
        call = tree.parent(arg)
        path = _called(values, call.func) if isinstance(call, cst.Call) else ""
        if not path or not isinstance(call, cst.Call):
            continue
        keys = {one.keyword.value for one in call.args if one.keyword is not None}
        about = "sentry_sdk" in tree.text or "sentry" in path.lower()
        if about or keys & _BESIDE - {arg.keyword.value}:
            yield call, arg, path


def _called(values: Values, func: cst.BaseExpression) -> str:
    """The dotted path of a function that is imported from another package; else empty."""
    path = values.scopes.imported(func)
    own = path.partition(".")[0] in ("", "sentry_sdk", *sys.stdlib_module_names)
    return "" if own or values.of(func) is not None else path
