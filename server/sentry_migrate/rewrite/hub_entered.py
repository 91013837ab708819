"""A hub that is entered by hand → an `ExitStack` that enters both scopes.

Owns `hub.__enter__()` and `hub.__exit__()`, and `stack.enter_context(hub)`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from sentry_migrate.doubts import differs
from sentry_migrate.kit.context import Context, FixDraft
from sentry_migrate.proof.hub_identity import compared
from sentry_migrate.python.managers import entering
from sentry_migrate.rewrite.hub_doubts import SPAN_OF_CLIENT
from sentry_migrate.rewrite.hub_holders import NoForm, Place, is_free, name_at, named
from sentry_migrate.rewrite.library_modules import reach_module
from sentry_migrate.rewrite.scope_pairs import Scopes
from sentry_migrate.rewrite.slots import slot_of
from sentry_migrate.sdk.uses import Use

_ELSEWHERE = differs("unlike a hub, scopes must be left in the thread or task that entered them")
_RAISES = differs(
    "if an exception is raised before the hub is left, it stays active in 1.x, and its scopes do "
    "not in 2.x"
)


def enter_on_stack(
    context: Context, fix: FixDraft, made: Use, place: Place, scopes: Scopes
) -> None:
    """Have a stack enter both scopes where it entered a hub. Raises NoForm and NoName."""
    call = entering(context.tree, place)
    assert call is not None
    method = context.code(call.func)
    _write(context, fix, call, _entering(context, fix, made, call, scopes, method))
    _doubt(context, fix, scopes)


def enter_by_hand(
    context: Context,
    fix: FixDraft,
    made: Use,
    member: cst.Attribute,
    places: Sequence[Place],
    scopes: Scopes,
) -> bool:
    """Have a stack of its own enter both scopes where the hub that is in `places` is entered, and
    leave them where that is left. Raises NoForm and NoName."""
    place, name = member.value, member.attr.value
    assert isinstance(place, cst.Name | cst.Attribute | cst.Call | cst.Subscript)
    parents = [context.parent(one) for one in places]
    used = [one.attr.value for one in parents if isinstance(one, cst.Attribute)]
    if used.count("__enter__") != 1 or "__exit__" not in used:
        raise NoForm(f"`{context.code(place)}` is not entered exactly once and then left")
    if _is_left_above(context, places):
        raise NoForm(f"`{context.code(place)}` is left above where it is entered")
    around = {id(context.function(one)) for one in places if _is_entered(context, one)}
    if isinstance(place, cst.Name) and len(around) > 1:
        raise NoForm(f"`{context.code(place)}` is entered in one function and left in another")
    kept = re.sub("hub", "scopes", old := name_at(place).value, flags=re.I)
    kept = kept if kept != old else f"{old}_stack"
    known = isinstance(place, cst.Name | cst.Attribute) and is_free(context, kept, places)
    if isinstance(place, cst.Attribute) and slot_of(context, place) is not None:
        raise NoForm(f"`__slots__` may have no place for `{kept}`")
    if not known or any(not isinstance(one, type(place)) for one in places):
        raise NoForm(f"`{kept}` already has a different meaning")
    stack = named(context, place, kept)
    if name == "__exit__":
        fix.replace(place, stack)
        return True
    call = context.parent(member)
    if not isinstance(call, cst.Call) or call.args or call.func is not member:
        raise NoForm(f"`{context.code(member)}` is passed on")
    if not reach_module(context, fix, made, call, "contextlib"):
        raise NoForm("`contextlib` already has a different meaning")
    enters = _entering(context, fix, made, call, scopes, f"{stack}.enter_context")
    _write(context, fix, call, [f"{stack} = contextlib.ExitStack()", *enters])
    _doubt(context, fix, scopes)
    if isinstance(place, cst.Name):
        fix.unsafe(_RAISES)
    return True


def _is_left_above(context: Context, places: Sequence[Place]) -> bool:
    """Whether what leaves the hub stands above what enters it, as in `addCleanup(hub.__exit__)`."""
    parents = [context.parent(one) for one in places if _is_entered(context, one)]
    members = [one for one in parents if isinstance(one, cst.Attribute)]
    enters = next(one for one in members if one.attr.value == "__enter__")
    return any(
        one.attr.value == "__exit__"
        and context.span(one)[0] < context.span(enters)[0]
        and context.function(one) is context.function(enters)
        for one in members
    )


def _is_entered(context: Context, place: Place) -> bool:
    member = context.parent(place)
    return isinstance(member, cst.Attribute) and member.attr.value in ("__enter__", "__exit__")


def _entering(
    context: Context, fix: FixDraft, made: Use, site: cst.CSTNode, scopes: Scopes, method: str
) -> list[str]:
    """The statements that enter both scopes by a method of a stack."""
    managers = [
        ("scope.use_isolation_scope", scopes.isolation),
        ("scope.use_scope", scopes.current),
    ]
    return [
        f"{method}({fix.api(name, site, made.root)}({scope}))" for name, scope in managers if scope
    ]


def _write(context: Context, fix: FixDraft, call: cst.Call, statements: Sequence[str]) -> None:
    """Put statements in the place of one that is just a call. Raises NoForm."""
    line = context.parent(context.parent(call) or call)
    alone = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
    if not alone or not isinstance(context.parent(call), cst.Expr):
        raise NoForm(f"`{context.code(call)}` is part of another statement")
    start = context.span(call)[0]
    lines = context.tree.lines
    fix.replace(call, f"{lines.newline_at(start)}{lines.indent_at(start)}".join(statements))


def _doubt(context: Context, fix: FixDraft, scopes: Scopes) -> None:
    fix.unsafe(_ELSEWHERE).unsafe(compared(context))
    if not scopes.cloned:
        fix.unsafe(SPAN_OF_CLIENT)
