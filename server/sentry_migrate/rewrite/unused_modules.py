"""The module `sentry_sdk.hub`, imported by a statement or a call, and not used.

Owns removing that. Names that are imported from it are for others.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.kit.context import Context, Draft
from sentry_migrate.python.bindings import first_name
from sentry_migrate.rewrite.statements import delete_statement
from sentry_migrate.rewrite.unused_imports import drop
from sentry_migrate.sdk.uses import Use
from sentry_migrate.text.edits import Edit

_SDK, _HUB = "sentry_sdk", "sentry_sdk.hub"
_MESSAGE = f"`{_HUB}` of 1.x is imported and not used"
_REMEDY = "Remove the import, and whatever else names it here."


def unused_modules(context: Context) -> Iterator[Draft]:
    """The findings."""
    if "hub" not in context.tree.text:
        return
    for use in context.uses:
        if use.trigger == f"import:{_HUB}" and isinstance(use.node, cst.ImportAlias):
            yield from _by_statement(context, use, use.node)
    for node in context.tree.nodes(cst.SimpleStatementLine):
        call = getattr(node.body[0], "value", None) if len(node.body) == 1 else None
        if isinstance(call, cst.Call) and context.values.path(call) == _HUB:
            yield from _by_call(context, node.body[0], call)


def _by_statement(context: Context, use: Use, alias: cst.ImportAlias) -> Iterator[Draft]:
    binding = context.imports.of_alias(alias)
    if binding is None or context.imports.is_interface(binding):
        return
    if binding.name != _SDK:
        unused = not context.scopes.reads_beside(binding)
        fix = drop(context, binding)
    else:
        reads = (one for one in context.tree.nodes(cst.Attribute) if one is not alias.name)
        unused = _HUB not in map(context.values.path, reads)
        others = (one for one in binding.scope.bindings[_SDK] if one is not binding)
        if any(one.path == _SDK for one in others):
            fix = drop(context, binding)
        else:
            fix = context.fix(f"Import `{_SDK}` alone").replace(alias.name, _SDK)
    if unused:
        yield Draft(use.start, use.end, fix, message=_MESSAGE, use=use)


def _by_call(context: Context, small: cst.BaseSmallStatement, call: cst.Call) -> Iterator[Draft]:
    if isinstance(small, cst.Assign):
        binding = context.scopes.assigned_from(call)
        if binding is None or len(binding.scope.bindings[binding.name]) > 1:
            return
        if context.scopes.reads_beside(binding) or context.imports.is_interface(binding):
            return
    elif not isinstance(small, cst.Expr):
        return
    edit = delete_statement(context, small)
    fix = context.fix(f"Remove the unused import of `{_HUB}`").add([edit]) if edit else None
    if fix is not None and (edit := _importing(context, call)) is not None:
        fix.add([edit])
    remedy = "" if fix else _REMEDY
    yield Draft(*context.span(call), fix, remedy=remedy, message=_MESSAGE, deprecated=False)


def _importing(context: Context, call: cst.Call) -> Edit | None:
    """What removes `import importlib`, if only this call needs it."""
    root = first_name(call.func)
    bindings = context.scopes.reaching(root) if root is not None else ()
    if len(bindings) != 1 or len(context.scopes.reads_beside(bindings[0])) != 1:
        return None
    statement = bindings[0].statement
    if context.imports.is_interface(bindings[0]):
        return None
    if isinstance(statement, cst.Import | cst.ImportFrom) and not isinstance(
        statement.names, cst.ImportStar
    ):
        return delete_statement(context, statement) if len(statement.names) == 1 else None
    return None
