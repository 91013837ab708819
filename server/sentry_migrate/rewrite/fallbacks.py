"""Imported names that are None where the SDK is not installed.

`try: from sentry_sdk import Hub` / `except ImportError: Hub = None`. Owns recognising these, having
code ask for the SDK itself by such a name, and taking the name away. Refuses to know which go.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.project.modules import SDK
from sentry_migrate.proof.truth_tests import test_around
from sentry_migrate.python.bindings import Binding
from sentry_migrate.rewrite.statements import delete_statement
from sentry_migrate.rewrite.unused_imports import drop
from sentry_migrate.sdk.import_needs import Need
from sentry_migrate.sdk.value_types import is_nothing


def fallback_of(context: Context, binding: Binding) -> cst.Assign | None:
    """The statement in a handler of the `try` with an import that gives the name None; None where
    the name has any other value too."""
    bindings = binding.scope.bindings[binding.name]
    others = [one for one in bindings if one is not binding]
    if len(others) != 1 or binding.scope.kind == "class" or binding.name in binding.scope.elsewhere:
        return None
    other, attempt = others[0], _try_of(context, binding.statement, cst.Try)
    assign = context.parent(context.parent(other.node) or other.node)
    handler = _try_of(context, assign, cst.ExceptHandler)
    if not isinstance(assign, cst.Assign) or len(assign.targets) > 1 or attempt is None:
        return None
    known = other.whole and not other.remote and is_nothing(other.value)
    return assign if known and handler is not None and context.parent(handler) is attempt else None


def _try_of(
    context: Context, small: cst.CSTNode | None, kind: type[cst.CSTNode]
) -> cst.CSTNode | None:
    """The `try` or the handler in whose own block a simple statement stands."""
    line = context.parent(small) if small is not None else None
    block = context.parent(line) if isinstance(line, cst.SimpleStatementLine) else None
    around = context.parent(block) if isinstance(block, cst.IndentedBlock) else None
    return around if isinstance(around, kind) else None


def ask_for_sdk(
    context: Context, binding: Binding, tests: Collection[cst.CSTNode]
) -> FixDraft | None:
    """A fix that has `tests`, all that a name is used for, ask whether the SDK itself is there;
    None where other code may use the name, or `sentry_sdk` means something there."""
    reads = context.scopes.reads_beside(binding)
    fallback = fallback_of(context, binding)
    if fallback is None or {*map(id, reads)} != {*map(id, tests)} or not reads:
        return None
    sites: Sequence[cst.CSTNode] = (binding.node, *reads)
    scopes = context.scopes
    if (
        context.imports.is_interface(binding)
        or scopes.unknown_stars(SDK)
        or any(scopes.lookup(SDK, scopes.scope_of(site)) is not None for site in sites)
        or any(test_around(context, read) is None for read in reads)
    ):
        return None
    fix = context.fix(f"Ask for `{SDK}` instead of `{binding.name}`")
    for name in (*reads, fallback.targets[0].target):
        fix.replace(name, SDK)
    fix.needs += (Need(SDK, "", id(binding.statement)), Need("", "", 0, id(binding.node)))
    return fix


def drop_with_fallback(context: Context, binding: Binding) -> FixDraft | None:
    """A fix that removes an import which nothing reads, and what stands in for it."""
    fallback = fallback_of(context, binding)
    edit = delete_statement(context, fallback) if fallback is not None else None
    return drop(context, binding).add([edit]) if edit is not None else None
