"""Modules of Python's own library that new code needs.

Owns whether a name is, or can be, such a module where it is used.
"""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.rewrite.import_sections import library_import
from sentry_migrate.sdk.uses import Use


def reach_module(context: Context, fix: FixDraft, made: Use, at: cst.CSTNode, name: str) -> bool:
    """Import a module beside the SDK that `made` names, unless it is imported. False where it
    cannot be."""
    scope = context.scopes.lookup(name, context.scopes.scope_of(at))
    known = scope.bindings[name] if scope is not None else []
    if known:
        alone = len(known) == 1 and known[0].kind == "import" and known[0].path == name
        return scope is context.scopes.module and alone
    root = context.scopes.reaching(made.root) if isinstance(made.root, cst.Name) else ()
    statement = root[0].statement if len(root) == 1 else None
    line = context.parent(statement) if statement is not None else None
    if (
        not isinstance(statement, cst.Import | cst.ImportFrom)
        or line is None
        or context.parent(line) is not context.tree.module
        or "*" in context.scopes.module.bindings
    ):
        return False
    edit = library_import(context.tree, statement, name)
    if edit is not None:
        fix.add([edit])
    return edit is not None
