"""Edits for an imported name that moved to another module or became something else.

Owns removing it from its import statement, importing it from elsewhere under the same local name,
and replacing it where it is read. The finding is on the import; a use
through a module (`tracing.NAME`) is a separate finding.
"""

from __future__ import annotations

import libcst as cst

from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.sdk.import_needs import Need
from sentry_migrate.sdk.imports import ROOT
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import Ref


def through_module(use: Use) -> bool:
    """Whether a reference goes through a module; a bare name belongs to its import's finding."""
    return isinstance(use.node, cst.Attribute)


def drop(fix: FixDraft, use: Use) -> FixDraft:
    """Take an imported name out of its statement."""
    fix.needs.append(Need("", "", 0, id(use.node)))
    return fix


def import_from(context: Context, fix: FixDraft, use: Use, module: str, name: str) -> FixDraft:
    """Import `name` from `module` in place of the use's alias, under the same local name.

    Without a module, `name` is one itself. Raises NoName.
    """
    binding = context.imports.from_import(use.node)
    assert binding is not None
    if module.partition(".")[0] == ROOT:
        context.require(f"{module}.{name}".removeprefix(f"{ROOT}."))
    text = name if name == binding.name else f"{name} as {binding.name}"
    fix.needs.append(Need(module or text, text if module else "", id(binding.statement)))
    return drop(fix, use)


def inline(context: Context, use: Use, text: str, message: str) -> FixDraft | None:
    """Write `text` in place of every read of an imported name and drop the import.

    None where the name is not read, or other code may reach it.
    """
    binding = context.imports.from_import(use.node)
    if binding is None or context.imports.is_interface(binding):
        return None
    reads = context.scopes.reads_beside(binding)
    if not reads:
        return None
    fix = context.fix(message)
    for read in reads:
        fix.replace(read, quoted(context, read, text))
    return drop(fix, use)


def rename_reads(context: Context, use: Use, tail: str, message: str) -> FixDraft | None:
    """Write `sentry_sdk.<tail>` in place of every read of an imported name. Raises NoName."""
    binding = context.imports.from_import(use.node)
    if binding is None:
        return None
    reads = context.scopes.reads_beside(binding)
    fix = context.fix(message)
    if not reads or context.imports.is_interface(binding):
        module, _, name = f"sentry_sdk.{tail}".rpartition(".")
        return import_from(context, fix, use, module, name)
    for read in reads:
        fix.replace(read, fix.api(tail, read, read))
    return drop(fix, use)


def quoted(context: Context, node: cst.CSTNode, text: str) -> str:
    """`text`; a string literal in it takes the file's quotes, or those an f-string leaves."""
    if '"' not in text:
        return text
    holder = context.tree.enclosing(node, cst.FormattedString)
    code = context.tree.text
    single = code.count("'") > code.count('"')
    if holder is not None:
        single = '"' in holder.start
    return text.replace('"', "'") if single else text


def written(context: Context, use: Use) -> str:
    """The path of a reference as its imports spell it."""
    value = context.value(use.node)
    return value.written if isinstance(value, Ref) else ""
