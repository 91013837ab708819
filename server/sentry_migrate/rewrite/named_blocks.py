"""`with isolation_scope() as scope:` where the block of a cloned hub uses its scope.

Owns which name the scope gets, and the fixes of what looks it up in the block, without that lookup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.index import between, owned
from sentry_migrate.model import Applicability
from sentry_migrate.python.bindings import walk
from sentry_migrate.rewrite.blocks import Unmovable, item_removal, unwrap
from sentry_migrate.rewrite.configure_scope import configure_fix
from sentry_migrate.rewrite.scope_uses import forks, variable_of
from sentry_migrate.sdk.names import PUSHES

_NAME = "scope"


class Named:
    """How the scope of one block is called, and what takes the place of which fixes."""

    def __init__(
        self, context: Context, call: cst.Call, item: cst.WithItem, drafts: Sequence[Draft]
    ) -> None:
        """`call` makes the hub that `item` activates."""
        block = context.parent(item)
        assert isinstance(block, cst.With)
        self.name = ""
        self.free = context.scopes.lookup(_NAME, context.scopes.scope_of(call)) is None
        self.free = self.free and not _gives_name(context, call, block)
        """Whether `scope` may be the name."""
        self.replaced: list[tuple[Draft, FixDraft]] = []
        """The findings that the name is for, each with its fix that uses it."""
        found = _configured(context, block, item, drafts)
        if found is not None and _goes_along(found[1], found[2]):
            self.name, draft, fix = found
            self.replaced = [(draft, fix)]
            return
        # A block inside may get the same name, which it would not give back.
        free = self.free and not _has_forks(context, block, item)
        reads = list(_reads(context, call, drafts)) if free else []
        fixes = [_by_name(context, draft) for draft in reads]
        if reads and None not in fixes:
            self.name = _NAME
            self.replaced = [
                (draft, fix) for draft, fix in zip(reads, fixes, strict=True) if fix is not None
            ]

    def instead(self, part: FixDraft) -> FixDraft:
        """What is to be done in place of a part of the fix for the block."""
        return next((fix for draft, fix in self.replaced if draft.fix is part), part)


def _goes_along(draft: Draft, fix: FixDraft) -> bool:
    """Whether the fix of the block waits for this one: it does anyway, or this one is safe."""
    of_hub = draft.use is not None and draft.use.trigger.startswith("Hub.")
    return of_hub or fix.applicability is Applicability.SAFE


def _has_forks(context: Context, block: cst.With, item: cst.WithItem) -> bool:
    """Whether other scopes are active after an item of a block, or in a part of it."""
    inner = (node for node in walk(block.body) if isinstance(node, cst.With))
    items = [*_after(block, item), *(each for one in inner for each in one.items)]
    return any(forks(context, one.item) for one in items)


def _after(block: cst.With, item: cst.WithItem) -> Sequence[cst.WithItem]:
    """The items of a statement after one of them."""
    at = next(index for index, one in enumerate(block.items) if one is item)
    return block.items[at + 1 :]


def _gives_name(context: Context, call: cst.Call, block: cst.With) -> bool:
    """Whether another fix may give the name to something here: to a hub that is called `hub`, or to
    the scope of `push_scope(callback)`."""
    holder = context.scopes.lookup("hub", context.scopes.scope_of(call))
    if holder is not None and any(one.kind != "with" for one in holder.bindings["hub"]):
        return True
    return any(
        one.trigger in PUSHES and one.call is not None and one.call.args
        for one in between(context, *context.span(block.body))
    )


def _next(block: cst.With, item: cst.WithItem) -> tuple[cst.With, cst.WithItem | None]:
    """What is entered directly after an item, and the statement that does."""
    if following := _after(block, item):
        return block, following[0]
    first = block.body.body[0] if isinstance(block.body, cst.IndentedBlock) else None
    return (first, first.items[0]) if isinstance(first, cst.With) else (block, None)


def _configured(
    context: Context, block: cst.With, item: cst.WithItem, drafts: Sequence[Draft]
) -> tuple[str, Draft, FixDraft] | None:
    """The name that a `configure_scope()` directly after an item gives the scope, its finding, and
    the fix without a lookup."""
    holder, inner = _next(block, item)
    if inner is None or inner.asname is None or not isinstance(inner.asname.name, cst.Name):
        return None
    for draft in drafts:
        if draft.use is not None and draft.use.call is inner.item:
            fix = _without_lookup(context, draft, holder, inner)
            return (inner.asname.name.value, draft, fix) if fix is not None else None
    return None


def _without_lookup(
    context: Context, draft: Draft, holder: cst.With, item: cst.WithItem
) -> FixDraft | None:
    """The fix of `with configure_scope() as name:` where something else gives the name."""
    call, use = item.item, draft.use
    manager = context.values.instance(call, "Manager")
    if (
        manager is None
        or manager.origin != "configure"
        or use is None
        or draft.fix is None
        or not isinstance(call, cst.Call)
        or holder.asynchronous is not None
        or variable_of(context, call).only_routed
    ):
        return None
    fix = configure_fix(context, use, call)
    if fix is None:
        return None
    for doubt in draft.fix.doubts:
        fix.unsafe(doubt)
    try:
        alone = len(holder.items) == 1
        tree = context.tree
        fix.add(unwrap(tree, holder, None) if alone else [item_removal(tree, holder, item)])
    except Unmovable:
        return None
    return fix


def _reads(context: Context, call: cst.Call, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """The findings of `hub.scope` for the hub that a call makes."""
    uses = [one for one in owned(context, call) if one.trigger == "Hub.scope"]
    for draft in drafts if uses else ():
        if any(draft.use is one for one in uses):
            yield draft


def _by_name(context: Context, draft: Draft) -> FixDraft | None:
    """The fix of `hub.scope` by the name that the block gives the scope; None where the scope of
    the block may be another one than the one that is active."""
    use, fix = draft.use, draft.fix
    if use is None or use.owner is None or fix is None or len(fix.edits) != 1:
        return None
    edit = fix.edits[0]
    if (edit.start, edit.end) != (use.start, use.end) or "get_isolation_scope" not in edit.text:
        return None
    made = use.owner.node
    for holder in context.tree.holders(use.node, cst.With, cst.FunctionDef, cst.Lambda):
        if not isinstance(holder, cst.With):
            return None
        if any(one.item is made for one in holder.items):
            named = context.fix(fix.message).edit(use.start, use.end, _NAME)
            for doubt in fix.doubts:
                named.unsafe(doubt)
            return named
        if any(forks(context, one.item) for one in holder.items):
            return None
    return None
