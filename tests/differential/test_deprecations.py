"""The list of what the SDK calls deprecated is the one of the newest SDK."""

from __future__ import annotations

import pytest

from differential.deprecations import FILE, text
from differential.environments import NEW, install


@pytest.mark.network
def test_the_list_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == text(install(NEW) / NEW / "sentry_sdk")
