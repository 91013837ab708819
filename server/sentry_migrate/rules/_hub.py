"""What a hub in the code stands for in 2.x.

Owns judging whether the hub an expression means is the one that is active where it stands, and
the rewriting of its members. 2.x has no hub object: a member becomes a function that works on the
scopes active at the call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.rules._active import activations, since
from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._index import replacements
from sentry_migrate.syntax.bindings import Binding
from sentry_migrate.syntax.needs import NoName
from sentry_migrate.syntax.uses import Use
from sentry_migrate.syntax.value_types import Obj

WARNS = "`Hub.current` warns since 2.11, and hubs are gone in 3.0."
SAFE_HERE = (
    "Safe for `Hub.current` in place or in a variable of the same function; a hub taken elsewhere "
    "worked on its own scope in 1.x."
)

STORED = "the hub was taken elsewhere: 1.x worked on that hub, 2.x works on the scopes active here"
PARAMETER = "the hub comes from the caller: 1.x worked on that hub, 2.x on the scopes active here"
BOUND = "the method is called later: 1.x pins it to the hub that is active here"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a hub's members have counterparts here."""

    known: bool
    """Whether there is a rewrite at all."""
    reason: str = ""
    """Why the rewrite is not safe, or why there is none."""


def standing(context: Context, use: Use) -> Standing:
    """Judge the hub that owns the member `use`."""
    hub = use.owner
    assert hub is not None
    return judge(context, hub, use.node)


def judge(context: Context, hub: Obj, node: cst.CSTNode) -> Standing:
    """Judge a hub met at `node`."""
    if hub.origin == "current":
        if hub.held == "inline":
            return Standing(True)
        if hub.held == "local":
            return Standing(True, since(context, hub.via.at, node) if hub.via else "")
        return Standing(True, STORED)
    if hub.origin == "param":
        return Standing(True, PARAMETER)
    if hub.origin in ("clone", "clone-scope") and _is_active(context, hub, node):
        return Standing(True)
    if hub.origin in ("clone", "clone-scope"):
        return Standing(False, "the cloned hub is not active here; see `hub-clone-object`")
    if hub.origin == "client" and _is_active(context, hub, node):
        return Standing(True, "the hub's client must be the one of the scope that is active here")
    if hub.origin == "client":
        return Standing(False, "the hub has a client of its own; see `hub-custom-client`")
    if hub.origin == "main":
        return Standing(False, "2.x has no main hub; see `hub-main`")
    if hub.origin == "empty":
        return Standing(False, "`Hub()` switches the SDK off in 2.x; see `hub-new-empty`")
    return Standing(False, "a span has no hub in 2.x; see `span-hub-attr`")


def cloned(context: Context, call: cst.Call) -> Standing:
    """Judge the hub that `Hub(hub)` clones: 2.x forks the scopes that are active here."""
    hub = context.values.instance(call.args[0].value, "Hub")
    assert hub is not None
    return judge(context, hub, call)


def _is_active(context: Context, hub: Obj, node: cst.CSTNode) -> bool:
    """Whether `hub` is the `as` name of the innermost `with hub:` around the node."""
    if hub.via is None or hub.via.kind != "with":
        return False
    around = activations(context, node)
    return bool(around) and around[0] is context.tree.enclosing(hub.via.node, cst.With)


Text = Callable[[FixDraft, Use], str]


def rewrite_member(context: Context, use: Use, text: Text, message: str) -> Iterator[Draft]:
    """A finding that replaces `hub.member` by what `text` gives."""
    place = standing(context, use)
    if not place.known:
        if use.owner is None or use.owner.origin != "main":  # hub-main reports those
            yield context.finding(use, remedy=explain(place))
        return
    fix = context.fix(message).unsafe(place.reason or _bound(context, use))
    try:
        fix.edit(use.start, use.end, text(fix, use))
    except NoName as error:
        yield context.finding(use, remedy=_sentence(str(error)))
        return
    yield context.finding(use, fix)


def _bound(context: Context, use: Use) -> str:
    """Why a method that is not called on the spot may be called elsewhere."""
    named = use.trigger.partition(".")[2] not in ("scope", "client")
    return BOUND if named and use.call is None else ""


def top_level(context: Context, use: Use) -> Iterator[Draft]:
    """`hub.f` → `sentry_sdk.f`."""
    name = use.trigger.partition(".")[2]
    yield from rewrite_member(
        context, use, lambda fix, at: fix.api(name, at), f"Replace with `sentry_sdk.{name}`"
    )


def on_scope(context: Context, use: Use, getter: str) -> Iterator[Draft]:
    """`hub.f` → `sentry_sdk.<getter>().f`."""
    name = use.trigger.partition(".")[2]
    yield from rewrite_member(
        context,
        use,
        lambda fix, at: f"{fix.api(getter, at)}().{name}",
        f"Replace with `{getter}().{name}`",
    )


def explain(place: Standing) -> str:
    """Why a member has no rewrite, as a sentence."""
    return _sentence(place.reason)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


# -- variables -----------------------------------------------------------------------------------


def loads_of(context: Context, binding: Binding) -> list[cst.Name]:
    """The reads a binding reaches."""
    return [
        load
        for load in context.scopes.reads_in(binding.scope, binding.name)
        if binding in context.scopes.reaching(load)
    ]


def covering(
    drafts: Sequence[Draft], loads: Iterable[cst.CSTNode], context: Context
) -> list[FixDraft] | None:
    """Fixes that together replace all `loads`; None when one has none."""
    result: dict[int, FixDraft] = {}
    replaced = replacements(context, drafts)
    for load in loads:
        fix = replaced.over(*context.span(load))
        if fix is None:
            return None
        result[id(fix)] = fix
    return list(result.values())


def delete_statement(context: Context, statement: cst.CSTNode, fix: FixDraft) -> None:
    """Remove a small statement, with its line where it stands alone on it."""
    line = context.parent(statement)
    start, end = context.span(statement)
    block = context.parent(line) if isinstance(line, cst.SimpleStatementLine) else None
    alone = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
    siblings = len(getattr(block, "body", ()))
    if not alone or (siblings < 2 and not isinstance(block, cst.Module)):
        fix.edit(start, end, "pass")
        return
    lines = context.tree.lines
    last = lines.line_of(end)
    tail = context.tree.text[end : lines.end(last)]
    if tail.strip().startswith("#"):
        fix.edit(start, end + len(tail) - len(tail.lstrip()), "")
    else:
        fix.edit(lines.start(lines.line_of(start)), lines.next_start(last), "")
