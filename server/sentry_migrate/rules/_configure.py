"""Rewriting `configure_scope()`, however it is reached.

Owns which 2.x scope takes the place of the yielded one and the forms the manager can stand in. The
rules for the function and for the method of a hub share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import libcst as cst

from sentry_migrate.model import Applicability
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._index import calling, named
from sentry_migrate.rules._places import place_of
from sentry_migrate.rules._push import push_fix, push_fork, pushed_around
from sentry_migrate.rules._setters import is_target
from sentry_migrate.rules._variables import (
    entered_at,
    reasons_of,
    route,
    uncalled,
    variable_of,
)
from sentry_migrate.syntax.blocks import Unmovable, item_removal, unwrap
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use

OUTER_STAYS = "the `push_scope()` around it is not surely migrated with it"
NAME_STAYS = (
    "other code of this file keeps a 1.x scope whose names this one would override: both have to "
    "change"
)

_NAMES = "Scope.set_transaction_name"
_PUSHES = ("sentry_sdk.push_scope", "Hub.push_scope")
_CONFIGURES = ("sentry_sdk.configure_scope", "Hub.configure_scope")

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
    replaced = entered_at(context, call)
    if replaced is None:
        yield context.finding(
            use, remedy="Use `get_isolation_scope()`, which returns the scope without a `with`."
        )
        return
    fix = configure_fix(context, use, call)
    if fix is not None:
        try:
            fix.replace(replaced, _target(context, fix, use, call) + "()")
        except NoName as error:
            yield context.finding(use, remedy=str(error))
            return
    yield context.finding(use, fix)


def _target(context: Context, fix: FixDraft, use: Use, call: cst.Call) -> str:
    only = variable_of(context, call).only_routed
    return fix.api("get_current_scope" if only else "get_isolation_scope", use)


def configure_fix(context: Context, use: Use, call: cst.Call) -> FixDraft | None:
    """Routing and reasons of a `configure_scope()` fix; the caller adds the form's own edits."""
    variable = variable_of(context, call)
    name = "get_current_scope" if variable.only_routed else "get_isolation_scope"
    fix = context.fix(f"Replace with `{name}()`")
    if not variable.only_routed:
        try:
            route(context, fix, variable.routed)
        except NoName:
            return None
    fix.unsafe(place_of(context, call).reason)
    for reason in reasons_of(variable):
        fix.unsafe(reason)
    if variable.routed:
        for reason in staying(context, use, variable.routed):
            fix.unsafe(reason)
    return fix


def staying(context: Context, use: Use, routed: Iterable[Use]) -> Iterator[str]:
    """Why `routed`, sent to the current scope at the use, may not get on with the 2.x shims that
    stay in the file."""
    yield outer_stays(context, use)
    yield _name_stays(context, routed)


def outer_stays(context: Context, use: Use) -> str:
    """Why what is routed at the use would outlive a `push_scope()` around it; empty if it won't.

    The 2.x shim of a block that is not migrated does not fork the current scope.
    """
    outer = pushed_around(context, use)
    if outer is None or outer.call is None:
        return ""
    return OUTER_STAYS if _stays(context, outer, outer.call) else ""


def _name_stays(context: Context, routed: Iterable[Use]) -> str:
    """Why a transaction's name on the current scope would outlive, or override, names that other
    functions set; empty if none of `routed` sets one.

    The 2.x shims keep names on the isolation scope, which the current scope overrides.
    """
    if not any(_sets_name(context, one) for one in routed):
        return ""
    if _NAMES not in context.memory:
        kept = any(
            one.call is not None and goes_on(context, one, one.call)
            for triggers, goes_on in ((_PUSHES, _stays), (_CONFIGURES, _is_passed_on))
            for trigger in triggers
            for one in named(context, trigger)
        )
        context.memory[_NAMES] = NAME_STAYS if kept else ""
    return str(context.memory[_NAMES])


def _sets_name(context: Context, use: Use) -> bool:
    return use.trigger == _NAMES or (use.trigger == "Scope.transaction" and is_target(context, use))


def _stays(context: Context, use: Use, call: cst.Call) -> bool:
    """Whether a `with push_scope()` is not surely migrated."""
    key = ("stays", id(call))
    if key not in context.memory:
        fix = push_fix(context, use, call, push_fork(context, use, call))
        goes = fix is not None and fix.applicability is Applicability.SAFE
        context.memory[key] = isinstance(context.parent(call), cst.WithItem) and not goes
    return bool(context.memory[key])


def _is_passed_on(context: Context, use: Use, call: cst.Call) -> bool:
    """Whether a configured scope goes where it may be given a name."""
    return bool(variable_of(context, call).passed)


def _configure_with(
    context: Context, use: Use, call: cst.Call, item: cst.WithItem, block: cst.With
) -> Draft:
    if block.asynchronous is not None:
        return context.finding(use, remedy="`async with` never worked on it; use `with`.")
    fix = configure_fix(context, use, call)
    if fix is None:
        return context.finding(use, remedy="`sentry_sdk` means something else here.")
    try:
        # Without `as` nothing takes the scope's place, and nothing is to be imported.
        target = _target(context, fix, use, call) if item.asname is not None else ""
        _place_scope(context, fix, target, item, block)
    except (NoName, Unmovable) as error:
        return context.finding(use, remedy=f"Take the `with` apart by hand: {error}.")
    return context.finding(use, fix, _configure_alternatives(context, use, call, item, block))


def _configure_alternatives(
    context: Context, use: Use, call: cst.Call, item: cst.WithItem, block: cst.With
) -> list[FixDraft]:
    variable = variable_of(context, call)
    choices: list[tuple[Getter, str, str]] = []
    if place_of(context, call).start_up and variable.others:
        choices.append(
            (
                "get_global_scope",
                "Replace with `get_global_scope()`: for every thread and request of the process",
                "any other scope overrides the global one, and nothing isolates it",
            )
        )
    if not variable.only_routed and item.asname is not None:
        choices.append(
            (
                "get_current_scope",
                "Replace with `get_current_scope()`: for this span or block only",
                "later `sentry_sdk.set_*()` calls no longer override what is set here",
            )
        )
    result = []
    for name, message, reason in choices:
        fix = context.fix(message).unsafe(reason)
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
    newline = tree.lines.ending(tree.lines.line_of(tree.span(block)[0]))
    if index == 0:
        start = tree.span(block)[0]
        indent = tree.text[tree.lines.start(tree.lines.line_of(start)) : start]
        fix.edit(start, start, line + newline + indent)
        return
    if not isinstance(block.body, cst.IndentedBlock):
        raise Unmovable("the body stands on the header's line")
    first = tree.span(block.body.body[0])[0]
    inner = tree.text[tree.lines.start(tree.lines.line_of(first)) : first]
    fix.edit(first, first, line + newline + inner)
    if index + 1 < len(block.items):
        fix.unsafe("the scope is now taken after the other managers are entered")


def manager_fix(context: Context, call: cst.Call) -> FixDraft | None:
    """The fix of the `configure_scope()` finding at `call`."""
    key = ("fix", id(call))
    if key not in context.memory:
        use = next(iter(calling(context, call)), None)
        drafts = list(configure(context, use)) if use is not None else []
        context.memory[key] = drafts[0].fix if drafts else None
    fix = context.memory[key]
    return fix if isinstance(fix, FixDraft) else None
