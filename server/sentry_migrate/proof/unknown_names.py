"""Calls that replace a name of a module where the text does not tell which.

`patch.object(obs, name)`, `patch(f"app.obs.{name}")`. Owns telling the module. Refuses to know what
is put there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.project.modules import SDK
from sentry_migrate.project.replaced_attributes import REPLACING, REPLACING_PATHS
from sentry_migrate.project.testing_files import TESTING
from sentry_migrate.proof.joined_text import UNKNOWN, literal, text_of
from sentry_migrate.python.bindings import dotted, first_name

OWN_NAMES = frozenset(("__name__", "__qualname__"))


def replaced_in(context: Context, call: cst.Call) -> Iterator[str]:
    """The last parts of the modules of which a call may replace any name."""
    func = dotted(call.func).rpartition(".")[2]
    if func in REPLACING and len(call.args) > 1 and not any(arg.star for arg in call.args[:2]):
        named = call.args[1].value
        home = module_of(context, call.args[0].value)
        if home and not literal(named) and not _is_own_name(named):
            yield home
    if func in REPLACING_PATHS and call.args:
        known, found, _ = text_of(context, call.args[0].value).partition(UNKNOWN)
        *_, home, _prefix = ["", *re.split(r"[.:]", known)]
        if found and home.isidentifier() and home != SDK:
            yield home


def module_of(context: Context, node: cst.BaseExpression) -> str:
    """The last part of the one module that an expression can be; empty for anything else."""
    root = first_name(node)
    if root is None or not isinstance(node, cst.Name | cst.Attribute):
        return ""
    bindings = context.scopes.reaching(root)
    if len(bindings) != 1 or bindings[0].kind != "import" or SDK in bindings[0].path:
        return ""
    path = bindings[0].path + dotted(node)[len(root.value) :]
    if path.partition(".")[0] in TESTING:
        return ""  # `call.push_scope()` of mocks
    last = path.rpartition(".")[2]
    if last.startswith("__"):
        return ""  # such as `__globals__` or `__dict__`, whose module is not told
    return "" if SDK in path.split(".") else last


def _is_own_name(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value in OWN_NAMES
