"""The versions of sentry-sdk that code can be migrated to.

Owns the notion of such a version, and the first and the last of them.
"""

from __future__ import annotations

Version = tuple[int, int, int]

FIRST: Version = (2, 0, 0)
LATEST: Version = (2, 75, 0)
"""The newest sentry-sdk the rewrites are proved on."""


def parse_version(text: str) -> Version:
    """`2.12`, `2.12.0` or `latest` as numbers. Raises ValueError with the reason."""
    text = text.strip()
    if text == "latest":
        return LATEST
    parts = text.split(".")
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts):
        raise ValueError('not a version such as "2.12" or "latest"')
    numbers = [int(part) for part in parts] + [0, 0]
    if numbers[0] != FIRST[0]:
        where = "below 2.0" if numbers[0] < FIRST[0] else "above 2.x"
        raise ValueError(f"{where}; the target must be a 2.x version")
    return numbers[0], numbers[1], numbers[2]
