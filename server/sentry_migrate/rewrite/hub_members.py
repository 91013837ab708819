"""Members of a hub that is made → members of the scopes in its place.

Owns which of the two scopes has what a member of the hub's one scope was for. Refuses to know where
the hub is kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from sentry_migrate.doubts import FOREIGN_VALUES, ONE_CLIENT, Doubt, differs
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.kit.index import between
from sentry_migrate.plan import EVENT_CALLBACK
from sentry_migrate.proof.effects import Effects
from sentry_migrate.proof.executed import awaits, contains, executed
from sentry_migrate.proof.hub_activation import is_client
from sentry_migrate.proof.library import ROUTED, SERIALIZED
from sentry_migrate.python.bindings import dotted, walk
from sentry_migrate.rewrite.blocks import Unmovable, unwrap, wrap
from sentry_migrate.rewrite.callables import called, refuse_losses
from sentry_migrate.rewrite.client_variables import set_given
from sentry_migrate.rewrite.hub_holders import NoForm
from sentry_migrate.rewrite.scope_pairs import Scopes
from sentry_migrate.rewrite.scope_uses import variable_of
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.names import CAPTURES
from sentry_migrate.sdk.scope_members import differs as differs_on_a_scope

SENDS = frozenset((*CAPTURES, "add_breadcrumb"))
"""Members that need the client: in 2.x, of the scope that is active."""
SESSIONS = frozenset(("start_session", "end_session"))
"""Members that do on a scope what they did on a hub, while it is the one that is active."""
_NOT_ON_A_SCOPE = SENDS | {"continue_trace", "generate_propagation_context", "clear"}
NO_CLIENT = ONE_CLIENT.about(
    "if there is no client, 1.x sends nothing, but 2.x sends with the client of the process"
)
_MOVES = differs("the rest of the line may use the SDK, and now runs with the scope active")
_RUNS = differs("what the SDK calls while it sends this may use the SDK, now with the scope active")


def sending_doubts(
    context: Context, line: cst.SimpleStatementLine, call: cst.Call
) -> Iterator[Doubt]:
    """What may notice that the scopes are active while a call in a line sends something: in 1.x,
    the hub that sends it is not. Raises NoForm where the line leaves its function for a while."""
    effects, strictly = Effects.of(context), Effects.of(context, True)
    if contains(line, cst.Yield):
        raise NoForm(f"`{context.code(call)}` is in a line with `yield`")
    # What gives the hub runs before the scopes are active.
    own = (call, call.func, *walk(call.func))
    parts = [part for part in executed(line) if not any(part is one for one in own)]
    start, end = context.span(line)
    if (
        between(context, start, context.span(call)[0])
        or any(between(context, *context.span(arg.value)) for arg in call.args)
        or between(context, context.span(call)[1], end)
        or any(awaits(part) or effects.node(part) for part in parts)
    ):
        yield _MOVES
    # Without arguments, it is of the exception that is being handled.
    shown = effects.serialized(call) if call.args else any(map(effects.of_members, SERIALIZED))
    if shown or context.elsewhere(EVENT_CALLBACK):
        yield _RUNS
    elif any(map(strictly.node, parts)) or strictly.serialized(call):
        yield FOREIGN_VALUES


def is_of_current(member: str) -> bool:
    """Whether a member of a 1.x scope is for the span or the transaction."""
    return is_kept(member) and member in ROUTED


def is_kept(member: str) -> bool:
    """Whether a member of a 1.x scope does the same on a scope of 2.x that is not active."""
    return not differs_on_a_scope(member) and member not in _NOT_ON_A_SCOPE


def unwrap_configured(context: Context, fix: FixDraft, member: cst.Attribute, scope: str) -> bool:
    """`with hub.configure_scope() as scope:` → `scope = {scope}`, where it is only written to.
    False for another member. Raises NoForm."""
    call = context.parent(member)
    if member.attr.value != "configure_scope" or not isinstance(call, cst.Call):
        return False
    item = context.parent(call)
    block = context.parent(item) if isinstance(item, cst.WithItem) else None
    if not isinstance(item, cst.WithItem) or not isinstance(block, cst.With):
        raise NoForm("`configure_scope()` is not in a `with` statement")
    variable = variable_of(context, call)
    if variable.passed or variable.unclear or len(block.items) > 1 or item.asname is None:
        raise NoForm("the scope of `configure_scope()` is passed on")
    kept = (is_kept(one.trigger.partition(".")[2]) for one in variable.others)
    if variable.routed or not all(kept):
        raise NoForm("the scope of `configure_scope()` is used for more than setting data")
    try:
        edits = unwrap(context.tree, block, f"{context.code(item.asname.name)} = {scope}")
    except Unmovable as error:
        raise NoForm(str(error)) from error
    fix.add(edits)
    return True


def reach(context: Context, fix: FixDraft, member: cst.Attribute, scopes: Scopes) -> None:
    """Have a member of a hub be read of the scope in its place, whose name is changed elsewhere.
    Raises NoForm where a scope has none like it."""
    name, call = member.attr.value, context.parent(member)
    if name == "client" and not (scopes.cloned or scopes.empty):
        return
    if name == "scope" and isinstance(call, cst.Attribute) and is_kept(call.attr.value):
        fix.edit(context.span(member.value)[1], context.span(member)[1], "")
    elif not isinstance(call, cst.Call) or call.func is not member:
        raise NoForm(f"`{context.code(member)}` has no counterpart on a scope")
    elif name == "flush" and not scopes.cloned:
        fix.replace(member.attr, "client.flush")
    elif name == "bind_client" and not scopes.empty:
        known = bool(call.args) and is_client(context, call.args[0].value)
        known |= set_given(fix, call, around=not scopes.inactive)
        if not (known or scopes.inactive):
            fix.unsafe(NO_CLIENT)
        fix.replace(member.attr, "set_client")
    else:
        raise NoForm(f"`{context.code(member)}()` has no counterpart on a scope")


def run_inside(context: Context, fix: FixDraft, call: cst.Call, header: str) -> None:
    """`hub.run(f)` → a block in which `f()` is called. Raises NoForm."""
    code = context.code(call.func)
    line = context.tree.enclosing(call, cst.SimpleStatementLine)
    alone = isinstance(context.parent(call), cst.Expr | cst.Assign | cst.Return)
    if line is None or not alone:
        raise NoForm(f"`{code}()` is part of another statement")
    if len(call.args) != 1 or call.args[0].star or call.args[0].keyword is not None:
        raise NoForm(f"what `{code}()` calls is not visible here")
    callback = call.args[0].value
    if not isinstance(callback, cst.Lambda) and not dotted(callback):
        raise NoForm(f"`{context.code(callback)}` would run later")
    try:
        refuse_losses(context, call, callback)
        fix.add(wrap(context.tree, line, f"with {header}:"))
    except (NoName, Unmovable) as error:
        raise NoForm(str(error)) from error
    fix.replace(call, f"{called(context, callback)}()")
