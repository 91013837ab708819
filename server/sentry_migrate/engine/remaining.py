"""What a text has that code elsewhere in the project may meet, and which of it safe fixes settle.

Owns finding the sites of the plan (`plan.py`) in one analysed text. A site goes with the fix of a
finding that is shown: a suppressed finding, or one of a rule that was not chosen, leaves it. A
mistake in here costs fixes that are safe, and neither findings nor the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TypeAlias

import libcst as cst

from sentry_migrate.engine.rule_runs import Judged
from sentry_migrate.engine.unseen_lines import takes_options
from sentry_migrate.kit.context import Context
from sentry_migrate.kit.index import named
from sentry_migrate.model import Applicability
from sentry_migrate.plan import (
    ANYTHING,
    CLEARS,
    EVENT_CALLBACK,
    HUB_EVENT_ID,
    HUB_IDENTITY,
    LAST_EVENT_ID,
    NAMES,
    OWN_HUB,
    OWN_INTEGRATIONS,
    PASSED_SCOPE,
    PUSH,
    STACKTRACE,
    THREADS,
    Site,
    is_option_read,
    later_key,
    member_key,
)
from sentry_migrate.project.plan_words import GIVEN_HUB, SPAN_HUB, STUCK_HUB
from sentry_migrate.proof import derived_classes, event_callbacks, module_getattr, span_hubs
from sentry_migrate.proof.assigned_members import assigned
from sentry_migrate.proof.caught_errors import waiting
from sentry_migrate.proof.effects import Effects
from sentry_migrate.proof.event_ids import after_block, captured_here
from sentry_migrate.proof.given_scopes import setting_functions
from sentry_migrate.proof.hidden_scopes import hidden
from sentry_migrate.proof.hub_activation import binding_functions
from sentry_migrate.proof.hub_identity import comparisons
from sentry_migrate.proof.init_order import called_at_start
from sentry_migrate.proof.moves import forks
from sentry_migrate.proof.put_members import setters
from sentry_migrate.proof.stand_ins import places
from sentry_migrate.proof.taken_members import taken_members
from sentry_migrate.proof.thread_starts import own_integrations, starts_threads
from sentry_migrate.rewrite.arguments import keyword
from sentry_migrate.rewrite.own_captures import own_hubs
from sentry_migrate.rewrite.scope_uses import is_read_elsewhere, sets_name, variable_of
from sentry_migrate.sdk.names import PUSHES
from sentry_migrate.sdk.uses import Use
from sentry_migrate.sdk.value_types import is_nothing
from sentry_migrate.text.spans import SpanSet

OWN_TOO = frozenset(
    (
        *(CLEARS, EVENT_CALLBACK, GIVEN_HUB, NAMES, PASSED_SCOPE),
        *(PUSH, SPAN_HUB, STACKTRACE, STUCK_HUB),
    )
)
"""What rules are told of the text itself too; of the rest they find out more by themselves."""
_CONFIGURES = ("sentry_sdk.configure_scope", "Hub.configure_scope")
_NAMING = ("Scope.set_transaction_name", "Scope.transaction")
_LAST_EVENTS = ("sentry_sdk.last_event_id", "Hub.last_event_id", "Scope.last_event_id")
_HIDDEN = (
    *((PUSH, "push_scope"), (PASSED_SCOPE, "configure_scope")),
    *((LAST_EVENT_ID, "last_event_id"), (HUB_EVENT_ID, "last_event_id")),
)
"""What may be there although nothing is known to be it."""


def remaining(context: Context, shown: Sequence[Judged]) -> tuple[Site, ...]:
    """The sites of a text; those are settled that the safe fixes of what is `shown` replace. If
    looking for them fails, one of anything, on which no safe fix can rest."""
    try:
        return _sites(context, shown)
    except Exception:
        return (Site(ANYTHING, 1),)


def _sites(context: Context, shown: Sequence[Judged]) -> tuple[Site, ...]:
    settled = _replaced(context, shown)
    offered = _replaced(context, shown, (Applicability.SAFE, Applicability.UNSAFE))
    called = ((*one, False) for one in forks(context, (judged.draft for judged in shown)))
    return _located(context, chain(_nodes(context, settled, offered), called))


def without_sdk(context: Context) -> tuple[Site, ...]:
    """The sites of a text that has nothing to do with the SDK itself."""
    try:
        return _located(context, _general(context, _replaced(context, ())))
    except Exception:
        return (Site(ANYTHING, 1),)


_Found: TypeAlias = Iterator[tuple[str, cst.CSTNode, bool]]
"""Kinds with a node, and whether a safe fix takes that away."""


def _located(context: Context, found: _Found) -> tuple[Site, ...]:
    sites: dict[tuple[str, int], bool] = {}
    for kind, node, goes in found:
        key = kind, context.tree.lines.line_of(context.span(node)[0]) + 1
        sites[key] = goes and sites.get(key, True)
    return tuple(Site(*key, goes) for key, goes in sorted(sites.items()))


def _nodes(context: Context, settled: SpanSet, offered: SpanSet) -> _Found:
    """What safe fixes replace is `settled`; `offered` is what any fix replaces."""
    for use in _named(context, PUSHES):
        yield PUSH, use.node, settled.overlaps(use.start, use.end)
    for use in _named(context, _LAST_EVENTS):
        if not captured_here(context, use) or after_block(context, use):
            yield LAST_EVENT_ID, use.node, False
            if use.trigger.startswith("Hub."):
                yield HUB_EVENT_ID, use.node, False
    for use in _named(context, _CONFIGURES):
        if _is_passed(context, use):
            yield PASSED_SCOPE, use.node, settled.overlaps(use.start, use.end)
    for use in _named(context, _NAMING):
        if sets_name(context, use) and (use.owner is None or use.owner.origin != "now"):
            yield NAMES, use.node, _goes(context, use, settled)
    for use in _named(context, ("Scope.clear",)):
        if use.owner is None or use.owner.origin not in ("now", "pushed"):
            yield CLEARS, use.node, False
    for hub in own_hubs(context):
        yield OWN_HUB, hub, settled.overlaps(*context.span(hub))
        if not offered.overlaps(*context.span(hub)):
            yield STUCK_HUB, hub, False
    for comparison in comparisons(context):
        yield HUB_IDENTITY, comparison, False
    for kind, read in taken_members(context):
        yield kind, read, settled.overlaps(*context.span(read))
    for use in _named(context, span_hubs.MAKERS):
        given = keyword(use.call, "hub") if use.call is not None else None
        if given is not None and not is_nothing(given.value):
            yield GIVEN_HUB, given, settled.overlaps(*context.span(given))
    for kind, options in takes_options(context):
        yield kind, options, is_option_read(kind) and offered.overlaps(*context.span(options))
    yield from _general(context, settled)
    # of a file without the SDK, `heir_search` tells the like
    for kind, node in (*derived_classes.places(context), *assigned(context)):
        yield kind, node, False
    effects = Effects.of(context)
    for name, node in effects.members_with_effects():
        yield member_key(name), node, False
    for kind, call in called_at_start(context):
        yield kind, call, False
    for kind, function in binding_functions(context):
        yield kind, function, False


def _general(context: Context, settled: SpanSet) -> _Found:
    for kind, name in _HIDDEN:
        for node in hidden(context, name):
            yield kind, node, settled.overlaps(*context.span(node))
    for node in span_hubs.readers(context):
        yield SPAN_HUB, node, settled.overlaps(*context.span(node))
    for node in starts_threads(context):
        yield THREADS, node, False
    for node in own_integrations(context):
        yield OWN_INTEGRATIONS, node, False
    for kind, function in setting_functions(context):
        yield kind, function, False
    for kind, call in waiting(context):
        yield kind, call, False
    for path, value in Effects.of(context).kept_with_effects():
        yield later_key(path), value, False
        yield later_key(":".join(path.rsplit(".", 2)[-2:])), value, False  # for that module itself
    for name, node in Effects.of(context).properties_with_effects():
        yield member_key(name), node, False
    for kind, function in module_getattr.own(context):
        if Effects.of(context).function(function):
            yield kind, function, False
    for node in event_callbacks.acting(context):
        yield EVENT_CALLBACK, node, False
    for value in event_callbacks.given(context, ("attach_stacktrace",)):
        if not is_nothing(value):
            yield STACKTRACE, value, False
    for kind, node in (*setters(context), *module_getattr.classes(context)):
        yield kind, node, False
    for kind, node in places(context):
        yield kind, node, settled.overlaps(*context.span(node))


def _named(context: Context, triggers: Sequence[str]) -> Iterator[Use]:
    """Uses in code: an import alone runs nothing."""
    for trigger in triggers:
        for use in named(context, trigger):
            if isinstance(use.node, cst.BaseExpression):
                yield use


def _is_passed(context: Context, use: Use) -> bool:
    """Whether other code may get the scope, or the function that gives it."""
    call = use.call
    if call is None or (not call.args and not isinstance(context.parent(call), cst.WithItem)):
        return True
    return is_read_elsewhere(context, variable_of(context, call))


def _goes(context: Context, use: Use, settled: SpanSet) -> bool:
    """Whether a fix replaces a use, or what gives the scope that it is of."""
    source = use.owner.node if use.owner is not None else None
    return settled.overlaps(use.start, use.end) or (
        source is not None and settled.overlaps(*context.span(source))
    )


def _replaced(
    context: Context,
    shown: Sequence[Judged],
    which: Sequence[Applicability] = (Applicability.SAFE,),
) -> SpanSet:
    """What fixes of shown findings replace, of which many may share one."""
    fixes = {id(one.draft.fix): one.draft.fix for one in shown}
    return SpanSet(
        (edit.start, edit.end)
        for fix in fixes.values()
        if fix is not None and fix.applicability in which and context.tree.lossless
        for edit in fix.edits
    )
