"""Which scope of 2.x has what a member of 1.x's scope was for: the table against the SDKs."""

from __future__ import annotations

import json

import pytest

from differential.environments import NEW, OLD
from differential.scope_members import home, probed, table
from sentry_migrate.sdk import scope_members
from sentry_migrate.sdk.scope_members import TABLE, differs

KNOWN = json.loads(TABLE.read_text(encoding="utf-8"))
WORDS = ("current", "either", "isolation", "neither", "rather current")


@pytest.mark.network
def test_the_table_holds_what_the_sdks_do() -> None:
    old = probed(OLD)
    names = sorted(old.keys() - {""})
    newest = table(old, [probed(NEW, names)])
    # Older releases may do less as 1.x did, never more.
    for where in ("current", "either", "isolation", "pushed"):
        assert set(KNOWN[where]) <= {*newest[where], *newest["either"]}, where
    assert {name for word in WORDS for name in KNOWN[word]} == set(names)


@pytest.mark.parametrize(
    ("found", "function", "expected"),
    [
        ([{"current", "isolation"}, {"current", "isolation"}], None, "either"),
        ([{"current", "isolation"}, {"current"}], None, "current"),
        ([{"current", "isolation"}, {"isolation"}], "current", "isolation"),
        ([{"isolation"}, {"current"}], None, "rather current"),
        ([set(), {"isolation"}], None, "neither"),
        ([set(), set()], "current", "rather current"),
        ([set(), {"current"}], None, "rather current"),
        ([{"current"}, set(), {"isolation", "current"}], None, "rather current"),
    ],
)
def test_where_a_member_lives(found: list[set[str]], function: str | None, expected: str) -> None:
    assert home(found, function) == expected


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("set_tag", False),
        ("_tags", False),
        ("_transaction_info", False),
        ("span", False),
        ("clear", True),
        ("apply_to_event", True),
        ("_propagation_context", True),
        ("get_traceparent", True),
        ("no_such_member", True),
    ],
)
def test_unknown_members_differ(member: str, expected: bool) -> None:
    assert differs(member) is expected


def test_each_member_has_one_place() -> None:
    placed = [name for word in WORDS for name in KNOWN[word]]
    assert sorted(placed) == sorted(set(placed))
    assert scope_members.of_pushed() <= set(placed)
