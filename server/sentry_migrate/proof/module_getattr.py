"""Modules of the project that work out what is read of them, by a `__getattr__()` of their own.

Owns how the module and who reads of it find each other. Refuses to know what the function does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context
from sentry_migrate.plan import later_key
from sentry_migrate.project.modules import last_part
from sentry_migrate.proof.classes import path_of

NAME = "__getattr__"
_FOREIGN = frozenset(("sentry_sdk", *sys.stdlib_module_names))
"""Modules that are not of the project."""


def computed_by(context: Context, owner: cst.BaseExpression) -> str:
    """What reading a name may do of what is imported, which may be such a module; empty where
    nothing is known."""
    path = path_of(context, owner) if context.scopes.imported(owner) else ""
    if not path or path.partition(".")[0] in _FOREIGN:
        return ""
    place = context.elsewhere(_key(path.rpartition(".")[2]))
    return f"may run `{NAME}()` of the module in {place}" if place else ""


def own(context: Context) -> Iterator[tuple[str, cst.FunctionDef]]:
    """The kind of the plan for such a function of the text, and the function."""
    for binding in context.scopes.module.bindings.get(NAME, ()):
        if context.path is not None and isinstance(binding.node, cst.FunctionDef):
            yield _key(last_part(str(context.path))), binding.node


def _key(module: str) -> str:
    return later_key(f"{module}.{NAME}")
