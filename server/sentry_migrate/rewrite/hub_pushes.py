"""`with hub.push_scope() as scope:` of a hub that is made → a block with forks of its scopes.

Owns what such a block may hold: in 1.x, only what goes through the hub itself meets the scope.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from sentry_migrate.doubts import GENERATOR_CONTEXT, differs
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.index import between
from sentry_migrate.proof.effects import Effects
from sentry_migrate.proof.executed import contains, executed
from sentry_migrate.rewrite.arguments import keyword
from sentry_migrate.rewrite.hub_holders import NoForm, Place
from sentry_migrate.rewrite.hub_members import SENDS, is_kept, sending_doubts
from sentry_migrate.rewrite.own_captures import ASKED
from sentry_migrate.rewrite.scope_pairs import Scopes, activated
from sentry_migrate.rewrite.scope_uses import variable_of
from sentry_migrate.sdk.uses import Use

_FORKS = (2, 20)
"""From this release on, a fork of a scope has its client."""
_MOVES = differs("the rest of the block may use the SDK, and now runs with the hub's scopes active")


def pushing(context: Context, place: Place) -> cst.Call | None:
    """The call of `push_scope()` of the hub in this place."""
    member = context.parent(place)
    call = context.parent(member) if isinstance(member, cst.Attribute) else None
    pushes = isinstance(member, cst.Attribute) and member.attr.value == "push_scope"
    return call if pushes and isinstance(call, cst.Call) and call.func is member else None


def block_of(context: Context, call: cst.Call) -> cst.With:
    """The block in which the scope is pushed. Raises NoForm."""
    item = context.parent(call)
    block = context.parent(item) if isinstance(item, cst.WithItem) else None
    if not isinstance(block, cst.With) or block.asynchronous is not None or call.args:
        raise NoForm("`push_scope()` is not in a `with` statement")
    return block


def require_clients_of_forks(context: Context) -> None:
    """Raise NoForm where a fork of a scope may lose its client."""
    if not context.at_least(*_FORKS):
        raise NoForm("a fork of a scope has no client before sentry-sdk 2.20")


def activate(
    context: Context,
    fix: FixDraft,
    use: Use,
    call: cst.Call,
    forks: Scopes,
    inside: Sequence[Place],
) -> None:
    """Make forks active in place of the push, and call what is sent through the hub `inside` the
    block on them. Raises NoForm and NoName."""
    item, block = context.parent(call), block_of(context, call)
    assert isinstance(item, cst.WithItem)
    variable = variable_of(context, call)
    if variable.passed or variable.unclear or variable.routed:
        raise NoForm("the scope of `push_scope()` is used for more than setting data")
    if not all(is_kept(one.trigger.partition(".")[2]) for one in variable.others):
        raise NoForm("the scope of `push_scope()` is used for more than setting data")
    name = f" as {context.code(item.asname.name)}" if item.asname is not None else ""
    begin, end = context.tree.outer(call)[0], context.span(item)[1]
    fix.edit(begin, end, activated(fix, use, call, forks, name))
    own = {id(one.node) for one in variable.others} | {id(one.call) for one in variable.others}
    for place in inside:
        member = context.parent(place)
        sent = context.parent(member) if isinstance(member, cst.Attribute) else None
        name = member.attr.value if isinstance(member, cst.Attribute) else ""
        line = context.tree.enclosing(place, cst.SimpleStatementLine)
        if not isinstance(sent, cst.Call) or name not in SENDS or sent.func is not member:
            raise NoForm(f"`{context.code(member or place)}` is used while a scope is pushed")
        if line is None or keyword(sent, "scope") is not None or any(a.star for a in sent.args):
            raise NoForm(f"a scope may be given to `{context.code(member)}()`")
        if forks.own and name == "capture_exception":
            fix.unsafe(ASKED)
        for doubt in sending_doubts(context, line, sent):
            fix.unsafe(doubt)
        fix.replace(member, fix.api(name, sent, use.root))
        own |= {id(sent), id(member), id(place)}
    effects = Effects.of(context)
    if any(
        id(part) not in own and isinstance(part, cst.CSTNode) and effects.node(part)
        for part in executed(block.body)
    ) or any(
        id(one.node) not in own and not (one.owner is not None and one.owner.node is call)
        for one in between(context, *context.span(block.body))
    ):
        fix.unsafe(_MOVES)
    if contains(block.body, cst.Yield):
        fix.unsafe(GENERATOR_CONTEXT)
