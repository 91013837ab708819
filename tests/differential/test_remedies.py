"""What remedies say to write by hand, on 2.x, beside what it is for, on 1.x."""

from __future__ import annotations

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
