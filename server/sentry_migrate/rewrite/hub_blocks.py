"""`with Hub(...) as hub:` → a block in which the scopes are active that the hub stands for."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.proof.executed import contains
from sentry_migrate.proof.hub_activation import binds_anywhere
from sentry_migrate.rewrite.active_hubs import covering
from sentry_migrate.rewrite.hub_doubts import block_doubts
from sentry_migrate.rewrite.hub_holders import NoForm
from sentry_migrate.rewrite.scope_pairs import Scopes, activated
from sentry_migrate.sdk.uses import Use


def enter(
    context: Context,
    fix: FixDraft,
    use: Use,
    item: cst.WithItem,
    scopes: Scopes,
    drafts: Sequence[Draft],
) -> None:
    """Replace a hub that is made in a `with` statement."""
    doubt_block(context, fix, item, scopes)
    fix.edit(*context.tree.outer(item.item), activated(fix, use, item, scopes))
    drop_name(context, fix, item, drafts)


def drop_name(context: Context, fix: FixDraft, item: cst.WithItem, drafts: Sequence[Draft]) -> None:
    """Replace the uses of the name that `with Hub(...) as name` gives the hub."""
    if item.asname is None:
        return
    name = item.asname.name
    binding = context.scopes.bound_by(name) if isinstance(name, cst.Name) else None
    loads = context.scopes.possible_reads(binding) if binding is not None else None
    parts = covering(drafts, loads, context) if loads is not None else None
    if parts is None:
        raise NoForm(f"`{context.code(name)}` has uses without a counterpart")
    for part in parts:
        fix.include(part)
    fix.edit(context.tree.outer(item.item)[1], context.span(item)[1], "")


def doubt_block(context: Context, fix: FixDraft, item: cst.WithItem, scopes: Scopes) -> None:
    """What may differ in the block in which the scopes are active."""
    block = context.parent(item)
    if not isinstance(block, cst.With) or block.asynchronous is not None:
        raise NoForm("hubs never supported `async with`")
    if scopes.empty and contains(block.body, cst.Yield) and binds_anywhere(context):
        raise NoForm(
            "code that runs at its `yield` may bind a client, which would outlast the block"
        )
    for doubt in block_doubts(context, block, scopes.cloned, scopes.empty):
        fix.unsafe(doubt)
