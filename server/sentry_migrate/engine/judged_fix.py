"""A finished fix: whether it is safe, why not, and what it assumes."""

from __future__ import annotations

from collections.abc import Iterable

from sentry_migrate.doubts import Doubt, split
from sentry_migrate.model import Applicability, Assumption, Fix
from sentry_migrate.project.config import Settings
from sentry_migrate.text.edits import Edit


def judged_fix(
    message: str,
    edits: tuple[Edit, ...],
    doubts: Iterable[Doubt],
    settings: Settings,
    display: bool = False,
) -> Fix:
    """The fix, safe if the settings answer every doubt."""
    left, answered = split(doubts, settings.assumed)
    return Fix(
        message,
        Applicability.DISPLAY if display else Applicability.UNSAFE if left else Applicability.SAFE,
        edits,
        "; ".join(one.reason for one in left),
        tuple(dict.fromkeys(one.code for one in left)) if all(one.code for one in left) else (),
        tuple(Assumption(one.code, one.reason) for one in answered),
    )
