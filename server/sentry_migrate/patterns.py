"""Patterns in gitignore syntax: which texts are some, and what matches them.

Owns the library for it, which is imported when the first pattern is met: it costs as much as the
rest of a start, and most runs need it not. Refuses to know where patterns come from, and files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@lru_cache(maxsize=512)
def compiled(lines: tuple[str, ...]) -> GitIgnoreSpec:
    """What lines of a .gitignore mean. One that is no pattern means nothing, as it does to git."""
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, re.error):  # `!` and `a\`; `[z-a]`, which only the regular expression shows
        return GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])


def wrong(lines: Iterable[str]) -> str | None:
    """The first line that is no pattern; None if all are."""
    return next((line for line in lines if not _is_pattern(line)), None)


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True
