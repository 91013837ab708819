"""Hubs that are made → the two scopes that each stands for, in every place that keeps them.

Owns following a hub through what keeps it. Refuses to know which hubs get this.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import libcst as cst

from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.index import between
from sentry_migrate.rewrite.hub_blocks import enter
from sentry_migrate.rewrite.hub_caches import (
    beside,
    has_cache,
    is_cached,
    is_cached_property,
    keeps_several,
)
from sentry_migrate.rewrite.hub_holders import (
    Asked,
    NoForm,
    Place,
    annotate,
    asked_from,
    holder,
    is_cloned_over,
    made_late,
    require_import,
    untaken,
)
from sentry_migrate.rewrite.hub_makers import Takers
from sentry_migrate.rewrite.hub_places import Given, Kept
from sentry_migrate.rewrite.hub_receivers import hand_over
from sentry_migrate.rewrite.hub_takers import Taken
from sentry_migrate.rewrite.own_captures import NeedsActive
from sentry_migrate.rewrite.scope_pairs import Scopes
from sentry_migrate.sdk.uses import Use
from sentry_migrate.text.edits import OverlapError, ordered


def replace(
    context: Context,
    fix: FixDraft,
    use: Use,
    call: cst.BaseExpression,
    scopes: Scopes,
    drafts: Sequence[Draft] = (),
) -> None:
    """Replace the hub that `call` gives, and all its uses. Raises NoName, and NoForm where a use
    has no form."""
    item = context.parent(call)
    if isinstance(item, cst.WithItem):
        enter(context, fix, use, item, scopes, drafts)
    else:
        _keep(context, fix, use, call, scopes, drafts)
    try:
        ordered(dict.fromkeys(fix.edits))
    except OverlapError:
        raise NoForm("two uses of the hub are part of the same code") from None


def _keep(
    context: Context,
    fix: FixDraft,
    use: Use,
    call: cst.BaseExpression,
    scopes: Scopes,
    drafts: Sequence[Draft],
) -> None:
    """Replace a hub that is kept, what keeps it, its clones, and all their uses.

    The current scope is kept too: it has the span, or the trace that all events of a hub share.
    That of a hub which is made late is kept in a variable of the module beside it.
    """
    waiting: list[tuple[Given, Scopes]] = [(call, scopes)]
    takers = Takers(context, fix, call)
    known, followed = dict[int, Scopes](), set[int]()
    while waiting or (waiting := [*takers.makers()]):
        given, scopes = waiting.pop()
        if not isinstance(given, Taken):
            node = given.function if isinstance(given, Asked) else given
            if known.setdefault(id(node), scopes) != scopes:
                raise NoForm(f"`{context.code(node)}` may be of several hubs")
            if id(node) in followed:
                continue
            followed.add(id(node))
        target: Place
        others: Sequence[Place]
        if isinstance(given, Taken):
            binding = context.scopes.bound_by(given.node)
            bound = binding.scope.bindings[binding.name] if binding is not None else ()
            others_bound = any(one is not binding and one.kind != "with" for one in bound)
            if binding is not None and others_bound and not is_cloned_over(context, binding):
                raise NoForm(f"`{context.code(given.place)}` is assigned more than once")
            if not takers.take(given, scopes):
                continue
            target, others = given.place, given.reads
            kept = Kept(context, fix, use, target, others, scopes, drafts)
            if not isinstance(given.node, cst.Subscript):
                kept.receive(target, given.node)
        elif isinstance(given, Asked):
            target, others = given.function.name, given.places
            now = scopes.current.replace(".fork()", "")
            if given.anew and now and not now.endswith("()"):
                raise NoForm(f"its current scope is a variable of `{target.value}()`")
            members = any(isinstance(context.parent(one), cst.Attribute) for one in others)
            if (
                scopes.inactive
                and members
                and given.anew
                and not has_cache(context, given.function)
                and not is_cached_property(context, given.function)
            ):
                raise NeedsActive  # a client that captures by itself is named twice
            several = keeps_several(context, given.function)
            scopes = scopes if several else _beside(context, fix, use, given.function, scopes)
            kept = Kept(context, fix, use, target, others, scopes, drafts, asked=not several)
            kept.rename(target)
            if several:
                current = kept.at(target).current if scopes.current else ""
                _keep_beside(context, fix, given, scopes, current)
            if given.function.returns is not None:
                annotate(context, fix, use, given.function.returns)
        elif isinstance(context.parent(given), cst.Arg | cst.Element | cst.DictElement):
            waiting.append((hand_over(context, fix, given, scopes), scopes))
            takers.handed.add(id(given))
            continue
        elif isinstance(context.parent(given), cst.Return):
            made = asked_from(context, given, [given])
            require_import(context, use, made.function)
            fix.edit(*context.span(given), scopes.isolation)
            waiting.append((dataclasses.replace(made, anew=True), scopes))
            continue
        else:
            target, others = holder(context, given)
            if scopes.shared and not others:
                raise NoForm("nothing uses it here")
            kept_by = context.scopes.assigned_from(given)
            late = made_late(context, kept_by) if kept_by is not None else None
            if late is not None:
                require_import(context, use, late)
            kept = Kept(context, fix, use, target, others, scopes, drafts, late)
            fix.edit(*context.span(given), scopes.isolation)
            kept.rename(target)
        kept.follow(others)
        waiting += kept.waiting
        if not isinstance(given, Asked | Taken):
            kept.assign(given, target)
        takers.handed |= kept.handed


_PLAIN = (cst.Name, cst.Attribute, cst.SimpleString, cst.Integer)


def _keep_beside(
    context: Context, fix: FixDraft, asked: Asked, scopes: Scopes, current: str
) -> None:
    """Have a function that keeps several hubs be named twice in each of its places, and keep the
    current scope of each under the name `current`. Raises NoForm."""
    name = asked.function.name.value
    given = [arg for one in asked.places if isinstance(one, cst.Call) for arg in one.args]
    if any(arg.star or not isinstance(arg.value, _PLAIN) for arg in given):
        raise NoForm(f"what `{name}()` is given may be another thing the second time")
    if scopes.cloned or scopes.shared:
        raise NoForm(f"`{name}` keeps several hubs")
    if current:
        end = context.span(asked.function)[1]
        fix.edit(end, end, beside(context, asked.function, current, scopes.current))


def _beside(
    context: Context, fix: FixDraft, use: Use, function: cst.FunctionDef, scopes: Scopes
) -> Scopes:
    """The scopes of a hub that a function gives: if it makes the hub and always gives the same one,
    the current scope is kept in a variable of the module. Raises NoForm."""
    if scopes.shared:
        raise NoForm("it is returned by a function")
    if scopes.cloned and not _leaves_current(context, use, function):
        raise NoForm(f"the current scope may be another one where `{function.name.value}` is used")
    if not scopes.current.endswith("()") or not is_cached(context, function):
        return scopes
    name, end = untaken(context, scopes.names[1]), context.span(function)[1]
    line = context.tree.lines.newline_at(end)
    fix.edit(end, end, f"{line * 3}{name} = {scopes.current}")
    return dataclasses.replace(scopes, current=name)


_MAKES = frozenset(("sentry_sdk.Hub", "sentry_sdk.Hub.current", "sentry_sdk.Scope", "=Hub"))


def _leaves_current(context: Context, use: Use, function: cst.FunctionDef) -> bool:
    """Whether the current scope is the same where a function makes a clone each time it is called
    as it is behind the call."""
    holder = context.tree.enclosing(use.node, cst.With, cst.FunctionDef)
    others = [
        one
        for one in between(context, *context.span(function))
        if one.trigger not in _MAKES
        and (one.trigger.startswith("sentry_sdk.") or (one.owner and one.owner.origin == "current"))
    ]
    return holder is function and not function.decorators and not others
