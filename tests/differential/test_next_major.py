"""What rules say of 3.0 holds for its newest pre-release as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pytest

from differential.environments import NEXT, ROOT, install
from differential.releases import inventory
from sentry_migrate.report.rule_pages import rule_page
from sentry_migrate.rules import RULES
from sentry_migrate.sdk.releases import names

pytestmark = pytest.mark.network

HUB = ("sentry_sdk.Hub",)
REMOVED: Mapping[str, Sequence[str]] = {
    "configure-scope-with": ("sentry_sdk.configure_scope",),
    "configure-scope-callback": ("sentry_sdk.configure_scope",),
    "push-scope-with": ("sentry_sdk.push_scope",),
    "push-scope-callback": ("sentry_sdk.push_scope",),
    "left-over-import": ("sentry_sdk.configure_scope", "sentry_sdk.push_scope", "sentry_sdk.Hub"),
    "init-transaction-profiling": (
        "sentry_sdk.init(profiles_sample_rate)",
        "sentry_sdk.init(profiles_sampler)",
    ),
    "init-enable-tracing": ("sentry_sdk.init(enable_tracing)",),
    "init-propagate-traces": ("sentry_sdk.init(propagate_traces)",),
    "init-experiments-otel": ("sentry_sdk.init(instrumenter)",),
    "set-measurement": ("sentry_sdk.set_measurement",),
    "span-hub-kwarg": ("sentry_sdk.tracing.Span(hub)",),
    "redis-max-data-size": ("sentry_sdk.integrations.redis.RedisIntegration(max_data_size)",),
    "sessions-auto-tracking": (
        "sentry_sdk.sessions.auto_session_tracking",
        "sentry_sdk.sessions.is_auto_session_tracking_enabled",
    ),
}
"""Names that rules say will be removed; rules about hubs all say the same."""

GUIDE = ("sentry_sdk.init(include_local_variables)", "sentry_sdk.init(profiles_sample_rate)")
"""What the guide from 1.x to 2.x recommends and the README says is removed, too."""


@pytest.fixture(scope="module")
def left() -> frozenset[str]:
    return inventory(install(NEXT) / NEXT)


def _speaking() -> list[str]:
    """Rules that say what 3.0 removes."""
    return [
        rule.name
        for rule in RULES.values()
        if re.search(r"(?:removed|fail) in 3\.0|before 3\.0", rule_page(rule))
    ]


@pytest.mark.parametrize("rule", _speaking())
def test_what_is_said_to_be_removed_is(rule: str, left: frozenset[str]) -> None:
    said = REMOVED.get(rule) or (HUB if RULES[rule].name.startswith("hub-") else ())
    assert said, f"{rule} says something of 3.0 that is not looked up"
    assert [name for name in said if name not in names()] == []
    assert [name for name in said if name in left] == []


def test_every_row_is_said() -> None:
    assert REMOVED.keys() <= {*_speaking()}


def test_so_is_what_the_guide_recommends(left: frozenset[str]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"`{NEXT}`" in readme
    for name in GUIDE:
        assert name in names()
        assert name not in left
        assert f"`{name.partition('(')[2][:-1]}`" in readme
    assert "sentry_sdk.new_scope" in left
