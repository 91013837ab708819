"""The two scopes of 2.x that take the place of one hub, and how they are written.

A hub of 1.x had a scope and a client, and was active as a whole. In 2.x an isolation scope and a
current scope are, and both have to take the hub's place: with the isolation scope alone, what is on
the current scope of the surrounding code gets into the events, its span or the data of another
client's. Owns this form. Refuses to know where a hub is kept.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import libcst as cst

from sentry_migrate.doubts import BEFORE_INIT, SPAN_FROM_OUTSIDE, differs
from sentry_migrate.kit.context import FixDraft
from sentry_migrate.proof.init_order import timing_of
from sentry_migrate.sdk.uses import Use

_CURRENT = "get_current_scope"
POPPED = differs(
    "data of a scope that is pushed where the hub is from, and popped before other code uses the "
    "hub, counts there in 2.x only"
)


@dataclass(frozen=True, slots=True)
class Scopes:
    """How to write what takes the place of a hub."""

    isolation: str
    current: str
    """Empty where the current scope stays the one that is active."""
    names: tuple[str, str] = ("scope", "current_scope")
    """What "hub" becomes in the names of variables."""
    cloned: bool = False
    """Whether they have the ID of an event from before."""
    empty: bool = False
    """Whether their client stands for none."""
    shared: bool = False
    """Whether they are the active ones, which code that is called here finds by itself."""
    own: bool = False
    """Whether they have a client that is not the application's."""
    inactive: bool = False
    """Whether they are active nowhere: as the hub never was, its client captures by itself."""

    def forked(self) -> Scopes:
        """What takes the place of a clone of the hub."""
        current = f"{self.current}.fork()" if self.current else ""
        isolation = f"{self.isolation}.fork()"
        return dataclasses.replace(self, isolation=isolation, current=current, cloned=True)


def with_client(
    fix: FixDraft, use: Use, client: str, empty: bool = False, inactive: bool = False
) -> Scopes:
    """A scope that has this client, and an empty one. Raises NoName."""
    fix.context.require("Scope(client)")
    scope = fix.api("Scope", use)
    isolation, current = f"{scope}(client={client})", "" if inactive else f"{scope}()"
    return Scopes(isolation, current, empty=empty, own=not empty, inactive=inactive)


def of_clone(fix: FixDraft, use: Use, alone: bool = False) -> Scopes:
    """Forks of the active scopes; of the isolation scope `alone`, as the guide has it. Raises
    NoName."""
    early = timing_of(fix.context, use.node).doubt
    if early is not None and early.code == BEFORE_INIT.code:
        fix.unsafe(early)  # the clone keeps having no client
    names = ("isolation_scope", "current_scope")
    isolation = f"{fix.api('get_isolation_scope', use)}().fork()"
    if alone:
        fix.unsafe(SPAN_FROM_OUTSIDE)
        return Scopes(isolation, "", names, cloned=True)
    return Scopes(isolation, f"{fix.api('get_current_scope', use)}().fork()", names, cloned=True)


def of_active(fix: FixDraft, use: Use) -> Scopes:
    """The active scopes, in the place of the hub that is active. Raises NoName."""
    fix.unsafe(POPPED)
    names = ("isolation_scope", "current_scope")
    isolation, current = fix.api("get_isolation_scope", use), fix.api(_CURRENT, use)
    return Scopes(f"{isolation}()", f"{current}()", names, cloned=True, shared=True)


def import_only_used(fix: FixDraft) -> None:
    """Import nothing for the active current scope where only the other of the two is used."""
    if not any(_CURRENT in edit.text for edit in fix.edits):
        fix.needs[:] = [need for need in fix.needs if need.name != _CURRENT]
        fix.spelled[:] = [name for name in fix.spelled if name != _CURRENT]


def activated(fix: FixDraft, use: Use, site: cst.CSTNode, scopes: Scopes, named: str = "") -> str:
    """The managers that make the scopes active at `site`; `named` is ` as scope` for the first."""
    manager = fix.api("scope.use_isolation_scope", site, use.root)
    isolation = f"{manager}({scopes.isolation}){named}"
    if not scopes.current:
        return isolation
    # In this order: use_isolation_scope() puts a fork in the place of the current scope, and a span
    # that is started in the block would be on that.
    return f"{isolation}, {fix.api('scope.use_scope', site, use.root)}({scopes.current})"
