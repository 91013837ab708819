"""Rewriting `configure_scope()`, however it is reached.

Owns which 2.x scope takes the place of the yielded one and the forms the manager can stand in. The
rules for the function and for the method of a hub share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import libcst as cst

from sentry_migrate.doubts import LATER_LOOKUP, OUTLIVES_BLOCK, PRECEDENCE, Doubt, differs
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand, unspelled
from sentry_migrate.kit.index import calling
from sentry_migrate.kit.memory import remembered
from sentry_migrate.plan import PUSH
from sentry_migrate.project.plan_words import GIVEN_HUB
from sentry_migrate.proof.init_order import timing_of
from sentry_migrate.python.managers import entering
from sentry_migrate.rewrite.blocks import Unmovable, item_removal, unwrap
from sentry_migrate.rewrite.scope_setters import is_target
from sentry_migrate.rewrite.scope_uses import (
    doubts_of,
    overriding,
    route,
    sets_name,
    uncalled,
    variable_of,
)
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

_LOOKED_UP = LATER_LOOKUP.about(
    "the scope is now looked up after the other context managers are entered"
)
_LATER = PRECEDENCE.about("later `sentry_sdk.set_*()` calls won't override it")

Getter = Literal["get_isolation_scope", "get_current_scope", "get_global_scope"]


def configure(context: Context, use: Use) -> Iterator[Draft]:
    """Findings for a call of `configure_scope`."""
    call = use.call
    if call is None:
        yield from uncalled(context, use)
        return
    holder = context.parent(call)
    if isinstance(holder, cst.WithItem):
        block = context.parent(holder)
        assert isinstance(block, cst.With)
        yield _configure_with(context, use, call, holder, block)
        return
    replaced = entering(context.tree, call)
    if replaced is None:
        yield context.finding(
            use,
            remedy=(
                "Use `get_isolation_scope()`, which returns the scope without a `with` statement."
            ),
        )
        return
    fix = configure_fix(context, use, call)
    if fix is not None:
        try:
            fix.replace(replaced, _target(context, fix, use, call) + "()")
        except NoName as error:
            yield context.finding(use, remedy=by_hand(error))
            return
    yield context.finding(use, fix)


def _target(context: Context, fix: FixDraft, use: Use, call: cst.Call) -> str:
    only = variable_of(context, call).only_routed
    return fix.api("get_current_scope" if only else "get_isolation_scope", use)


def configure_fix(context: Context, use: Use, call: cst.Call) -> FixDraft | None:
    """Routing and doubts of a `configure_scope()` fix; the caller adds the form's own edits."""
    variable = variable_of(context, call)
    name = "get_current_scope" if variable.only_routed else "get_isolation_scope"
    fix = context.fix(f"Replace with `{name}()`")
    if not variable.only_routed:
        try:
            route(context, fix, variable.routed, once=True)
        except NoName:
            return None
    fix.unsafe(timing_of(context, call).doubt)
    for doubt in doubts_of(context, variable):
        fix.unsafe(doubt)
    if variable.routed:
        for doubt in staying(context, variable.routed):
            fix.unsafe(doubt)
    return fix


def staying(context: Context, routed: Iterable[Use]) -> Iterator[Doubt]:
    """Why `routed`, sent to the current scope, may not get on with what the run leaves.

    The 2.x shim of a `push_scope()` does not fork the current scope, so what is written to that
    outlives the block. Names of transactions are kept on the isolation scope by the shims, which
    the current scope overrides.
    """
    routed = list(routed)
    if routed and (place := context.elsewhere(GIVEN_HUB)):
        yield differs(
            f"{place} gives a span `hub=`, and 2.x keeps that span on the isolation scope"
        )
    written = [use for use in routed if _writes(context, use)]
    if not written:
        return
    push = context.elsewhere(PUSH)
    if push:
        stays = "stays on" if push.startswith("line ") else "stays in"
        yield OUTLIVES_BLOCK.about(
            f"`push_scope()` {stays} {push}, where 2.x would not undo this change"
        )
    yield from overriding(context, written)


def _writes(context: Context, use: Use) -> bool:
    """Whether the use changes the scope; reading its span or starting another does not."""
    return sets_name(context, use) or is_target(context, use)


def _configure_with(
    context: Context, use: Use, call: cst.Call, item: cst.WithItem, block: cst.With
) -> Draft:
    if block.asynchronous is not None:
        return context.finding(
            use, remedy="Use `with`; `configure_scope()` never supported `async with`."
        )
    fix = configure_fix(context, use, call)
    if fix is None:
        return context.finding(use, remedy=unspelled(context, use))
    try:
        # Without `as` nothing takes the scope's place, and nothing is to be imported.
        target = _target(context, fix, use, call) if item.asname is not None else ""
        _place_scope(context, fix, target, item, block)
    except (NoName, Unmovable) as error:
        return context.finding(use, remedy=by_hand(error, "Replace the `with` statement by hand."))
    return context.finding(use, fix, _configure_alternatives(context, use, call, item, block))


def _configure_alternatives(
    context: Context, use: Use, call: cst.Call, item: cst.WithItem, block: cst.With
) -> list[FixDraft]:
    variable = variable_of(context, call)
    choices: list[tuple[Getter, Doubt]] = []
    if timing_of(context, call).startup and variable.others:
        choices.append(("get_global_scope", PRECEDENCE))
    if not variable.only_routed and item.asname is not None:
        choices.append(("get_current_scope", _LATER))
    result = []
    for name, doubt in choices:
        fix = context.fix(f"Replace with `{name}()`").unsafe(doubt)
        try:
            if name == "get_global_scope":
                route(context, fix, variable.routed)
            _place_scope(context, fix, fix.api(name, use), item, block)
        except (NoName, Unmovable):
            continue
        result.append(fix)
    return result


def _place_scope(
    context: Context, fix: FixDraft, target: str, item: cst.WithItem, block: cst.With
) -> None:
    """Put `name = target()` where the item's manager was entered. Raises Unmovable."""
    tree = context.tree
    name = tree.code(item.asname.name) if item.asname is not None else None
    if name is not None and item.asname is not None:
        low, high = tree.outer(item.asname.name)
        name = tree.text[low:high]
    line = f"{name} = {target}()" if name is not None else None
    if len(block.items) == 1:
        fix.add(unwrap(tree, block, line))
        return
    fix.add([item_removal(tree, block, item)])
    if line is None:
        return
    index = list(block.items).index(item)
    newline = tree.lines.newline_at(tree.span(block)[0])
    if index == 0:
        start = tree.span(block)[0]
        fix.edit(start, start, line + newline + tree.lines.indent_at(start))
        return
    if not isinstance(block.body, cst.IndentedBlock):
        raise Unmovable("the body is on the same line as the `with`")
    first = tree.span(block.body.body[0])[0]
    fix.edit(first, first, line + newline + tree.lines.indent_at(first))
    if index + 1 < len(block.items):
        fix.unsafe(_LOOKED_UP)


@remembered
def manager_fix(context: Context, call: cst.Call) -> FixDraft | None:
    """The fix of the `configure_scope()` finding at `call`."""
    use = next(iter(calling(context, call)), None)
    drafts = list(configure(context, use)) if use is not None else []
    return drafts[0].fix if drafts else None
