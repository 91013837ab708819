"""Since which release sentry-sdk 2.x has a name.

Owns asking the table that `tests/differential/releases.py` makes from the releases themselves.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache
from pathlib import Path

from sentry_migrate.project.versions import Version, parse_version

TABLE = Path(__file__).with_name("releases.json")
"""By release, the names that it and every later one has. See `since` for what they look like."""

FAILED_BEFORE = {
    # There since 2.2, but AttributeError in a forked scope, whose copy lacked the id.
    "sentry_sdk.last_event_id": (2, 4, 0),
    "sentry_sdk.Scope.last_event_id": (2, 4, 0),
    "sentry_sdk.scope.Scope.last_event_id": (2, 4, 0),
    "sentry_sdk.api.last_event_id": (2, 4, 0),
}


def since(name: str) -> Version | None:
    """The first release from which on all have a name that works; None if the latest lacks it.

    `sentry_sdk.scope.Scope.fork` is a member, `sentry_sdk.tracing.Span(name)` a parameter, and
    `sentry_sdk.init(dsn)` an option.
    """
    return FAILED_BEFORE.get(name) or _table().get(name)


def names() -> Collection[str]:
    """Every name that the latest release has."""
    return _table().keys()


@cache
def _table() -> dict[str, Version]:
    releases = json.loads(TABLE.read_text(encoding="utf-8"))
    return {
        name: version
        for release, names in releases.items()
        for version in (parse_version(release),)
        for name in names
    }
