"""What remedies say to write by hand, on 2.x, beside what it is for, on 1.x."""

from __future__ import annotations

from textwrap import dedent

import pytest

from differential.outcome import differences
from differential.proof import SETUPS, Laboratory
from sentry_migrate.rewrite.hub_remedies import FORKS_HERE, GIVE_BOTH, GIVE_FORKS, GIVE_NOTHING

pytestmark = pytest.mark.network

PROGRAM = """import threading
import sentry_sdk
import sentry_sdk.scope
def work():
    sentry_sdk.set_tag("worker", "1")
    with sentry_sdk.start_span(op="inner"):
        sentry_sdk.capture_message("in the worker")
def run({taken}):
    with {active}:
        work()
with sentry_sdk.start_transaction(name="request", op="web"):
    sentry_sdk.set_tag("request", "1")
    with sentry_sdk.start_span(op="outer"):
        thread = threading.Thread(target=run, args=({given},))
        thread.start()
        thread.join()
    sentry_sdk.capture_message("end")
"""
PAIR = "isolation_scope, current_scope"
ACTIVE = (
    "sentry_sdk.scope.use_isolation_scope(isolation_scope), "
    "sentry_sdk.scope.use_scope(current_scope)"
)
BOTH = ("sentry_sdk.get_isolation_scope()", "sentry_sdk.get_current_scope()")
FORKS = tuple(f"{one}.fork()" for one in BOTH)
# what: how 1.x activates the hub, what is given instead of it
ROWS = {
    "a hub that is cloned": ("sentry_sdk.Hub(hub)", FORKS),
    "a hub that is shared": ("hub", BOTH),
}


@pytest.mark.parametrize("setup", ["plain", "traced"])
@pytest.mark.parametrize(("old", "pair"), ROWS.values(), ids=ROWS)
def test_both_scopes_do_what_the_hub_did(
    lab: Laboratory, old: str, pair: tuple[str, ...], setup: str
) -> None:
    before = PROGRAM.format(taken="hub", active=old, given="sentry_sdk.Hub.current")
    after = PROGRAM.format(taken=PAIR, active=ACTIVE, given=", ".join(pair))
    was, becomes = (
        lab.outcome(lab.old, before, SETUPS[setup]),
        lab.outcome(lab.new, after, SETUPS[setup]),
    )
    assert not was.error
    assert not was.empty
    assert not differences(was, becomes)


@pytest.mark.parametrize("remedy", [FORKS_HERE, GIVE_BOTH, GIVE_FORKS, GIVE_NOTHING])
def test_this_is_what_they_say(remedy: str) -> None:
    assert f"with {ACTIVE}:" in remedy
    assert all(one in remedy for one in BOTH) or all(one in remedy for one in FORKS)


# what: (the code of 1.x, what the remedy has instead of it)
BY_HAND = {
    "a hub with a copied scope": (
        """
        import copy
        import sentry_sdk
        sentry_sdk.set_tag("a", "1")
        kept = copy.copy(sentry_sdk.Hub.current.scope)
        sentry_sdk.set_tag("b", "2")
        with sentry_sdk.Hub(sentry_sdk.Hub.current, kept):
            sentry_sdk.capture_message("in")
        sentry_sdk.capture_message("after")
        """,
        """
        import sentry_sdk
        import sentry_sdk.scope
        sentry_sdk.set_tag("a", "1")
        scope = sentry_sdk.get_isolation_scope().fork()
        current_scope = sentry_sdk.get_current_scope().fork()
        sentry_sdk.set_tag("b", "2")
        with sentry_sdk.scope.use_isolation_scope(scope), sentry_sdk.scope.use_scope(current_scope):
            sentry_sdk.capture_message("in")
        sentry_sdk.capture_message("after")
        """,
    ),
    "a hub with a scope that is made": (
        """
        import sentry_sdk
        sentry_sdk.set_tag("a", "1")
        scope = sentry_sdk.Scope()
        scope.set_tag("own", "1")
        hub = sentry_sdk.Hub(sentry_sdk.Hub.current, scope)
        for number in range(2):
            with hub:
                sentry_sdk.capture_message("in")
        sentry_sdk.capture_message("after")
        """,
        """
        import sentry_sdk
        import sentry_sdk.scope
        sentry_sdk.set_tag("a", "1")
        scope = sentry_sdk.Scope()
        scope.set_tag("own", "1")
        current_scope = sentry_sdk.Scope()
        for number in range(2):
            with sentry_sdk.scope.use_isolation_scope(scope), sentry_sdk.scope.use_scope(
                current_scope
            ):
                sentry_sdk.capture_message("in")
        sentry_sdk.capture_message("after")
        """,
    ),
    "a scope that a hub pushes which is not active": (
        """
        import sentry_sdk
        hub = sentry_sdk.Hub(sentry_sdk.Client(release="own", default_integrations=False))
        def report(text):
            with hub:
                hub.capture_message(text)
        with hub.push_scope() as scope:
            scope.set_tag("a", "1")
            sentry_sdk.capture_message("of the application")
            report("in")
        report("after")
        """,
        """
        import sentry_sdk
        import sentry_sdk.scope
        scope = sentry_sdk.Scope(
            client=sentry_sdk.Client(release="own", default_integrations=False)
        )
        current_scope = sentry_sdk.Scope()
        def report(text):
            with sentry_sdk.scope.use_isolation_scope(scope), sentry_sdk.scope.use_scope(
                current_scope
            ):
                sentry_sdk.capture_message(text)
        kept = scope
        scope = kept.fork()
        scope.set_tag("a", "1")
        sentry_sdk.capture_message("of the application")
        report("in")
        scope = kept
        report("after")
        """,
    ),
}


@pytest.mark.parametrize(("old", "new"), BY_HAND.values(), ids=BY_HAND)
def test_written_by_hand_it_does_the_same(lab: Laboratory, old: str, new: str) -> None:
    was = lab.outcome(lab.old, dedent(old), SETUPS["plain"])
    becomes = lab.outcome(lab.new, dedent(new), SETUPS["plain"])
    assert not was.error
    assert not was.empty
    assert not differences(was, becomes)
