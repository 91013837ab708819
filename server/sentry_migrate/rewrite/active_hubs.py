"""Members of the hub that is active → functions that work on the active scopes.

Owns the form of these fixes, and the titles and messages that their rules share. `proof/hubs.py`
judges whether the hub is that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import libcst as cst

from sentry_migrate.doubts import OTHER_HUB, USED_ELSEWHERE, Doubt
from sentry_migrate.kit.context import Context, Draft, FixDraft, by_hand
from sentry_migrate.kit.index import replacements
from sentry_migrate.proof.hubs import explain, hub_status
from sentry_migrate.python.bindings import Binding
from sentry_migrate.rewrite.hub_parameters import (
    given_by_others,
    without_annotated,
    without_parameter,
)
from sentry_migrate.sdk.import_needs import NoName
from sentry_migrate.sdk.uses import Use

WARNS = "`Hub.current` has warned since 2.11, and hubs will be removed in 3.0."
SAFE_HERE = (
    "Safe where the hub is `Hub.current`, used directly or through a variable in the same "
    "function. Unsafe for a hub obtained elsewhere, which uses its own scope in 1.x."
)

BOUND = OTHER_HUB.about("the method is called later; 1.x binds it to the hub that is active here")

Text = Callable[[FixDraft, Use], str]


def rewrite_member(
    context: Context, use: Use, text: Text, title: str, message: str = ""
) -> Iterator[Draft]:
    """A finding that replaces `hub.member` by what `text` gives."""
    status = hub_status(context, use)
    if not status.known:
        if use.owner is None or use.owner.origin != "main":  # hub-main reports those
            yield context.finding(use, remedy=explain(status), message=message)
        return
    fix = context.fix(title).unsafe(status.doubt or _bound(context, use))
    try:
        fix.edit(use.start, use.end, text(fix, use))
    except NoName as error:
        yield context.finding(use, remedy=by_hand(error), message=message)
        return
    yield context.finding(use, fix, message=message)


def _bound(context: Context, use: Use) -> Doubt | None:
    """The doubt about a method that is not called where it is looked up."""
    named = use.trigger.partition(".")[2] not in ("scope", "client")
    return BOUND if named and use.call is None else None


def deprecated(name: str, new: str) -> str:
    """The message for a method of hubs."""
    return f"`hub.{name}()` is deprecated; use `{new}()`"


def top_level(context: Context, use: Use) -> Iterator[Draft]:
    """`hub.f` → `sentry_sdk.f`."""
    name = use.trigger.partition(".")[2]
    new = f"sentry_sdk.{name}"
    title, message = f"Replace with `{new}`", deprecated(name, new)
    yield from rewrite_member(context, use, lambda fix, at: fix.api(name, at), title, message)


def on_scope(context: Context, use: Use, getter: str) -> Iterator[Draft]:
    """`hub.f` → `sentry_sdk.<getter>().f`."""
    name = use.trigger.partition(".")[2]
    new = f"{getter}().{name}"
    title, message = f"Replace with `{new}`", deprecated(name, new)
    yield from rewrite_member(
        context, use, lambda fix, at: fix.member(getter, name, at), title, message
    )


_ALL_NAMES = ("dir", "eval", "exec", "locals", "vars")
READ_BY_NAME = USED_ELSEWHERE.about("`locals()`, `eval()` or the like may read the variable")


def read_by_name(context: Context, binding: Binding) -> bool:
    """Whether a call in a variable's function may read it without naming it in code."""
    for name in _ALL_NAMES if binding.scope.kind == "function" else ():
        for load in context.scopes.loads.get(name, ()):
            call = context.parent(load)
            if isinstance(call, cst.Call) and call.func is load:
                plain = name not in ("dir", "vars") or not call.args
                if plain and context.scopes.scope_of(load) is binding.scope:
                    return True
    return False


def covering(
    drafts: Sequence[Draft], loads: Iterable[cst.CSTNode], context: Context
) -> list[FixDraft] | None:
    """Fixes that together replace all `loads`; None when one has none."""
    result: dict[int, FixDraft] = {}
    replaced = replacements(context, drafts)
    for load in loads:
        fix = replaced.over(*context.span(load)) or handed_on(context, load, drafts)
        if fix is None:
            return None
        result[id(fix)] = fix
    return list(result.values())


def handed_on(context: Context, hub: cst.CSTNode, drafts: Sequence[Draft]) -> FixDraft | None:
    """The fix by which the function that is given a hub here no longer takes one; None where it
    needs it, or may be called elsewhere."""
    return without_parameter(context, hub, lambda reads: covering(drafts, reads, context))


def handed_in(context: Context, part: cst.CSTNode, drafts: Sequence[Draft]) -> FixDraft | None:
    """The same for the function whose parameter has this part in its annotation."""
    return without_annotated(context, part, lambda reads: covering(drafts, reads, context))


def handed_by_others(context: Context, drafts: Sequence[Draft]) -> Iterator[FixDraft]:
    """The like for the parameters to which another file gives a hub."""
    return given_by_others(context, lambda reads: covering(drafts, reads, context))


def members_without_fix(drafts: Sequence[Draft]) -> Mapping[int, Sequence[Draft]]:
    """The findings of members of hubs that have no fix of their own, by id of what made the hub."""
    found: dict[int, list[Draft]] = {}
    for draft in drafts:
        owner = draft.use.owner if draft.use is not None else None
        if draft.fix is None and owner is not None and owner.type == "Hub":
            found.setdefault(id(owner.node), []).append(draft)
    return found


def among_several(drafts: Sequence[Draft], fix: FixDraft | None) -> Iterator[Draft]:
    """The findings of members without a fix that a fix changes, of hubs that nobody could tell from
    others, as a function gave them."""
    edits = fix.edits if fix is not None else ()
    for draft in drafts:
        owner = draft.use.owner if draft.use is not None else None
        if draft.fix is None and owner is not None and owner.origin == "element":
            if any(one.start < draft.end and draft.start < one.end for one in edits):
                yield draft
