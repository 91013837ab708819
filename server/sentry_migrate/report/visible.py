"""Characters that would not show, or would change how their neighbours show, made visible.

File names and code are written by others: a right-to-left override in one must not make a report
say something else than it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby


def parts(text: str, keep: str = "") -> Iterator[tuple[str, bool]]:
    """`text` cut into what may be shown as it is (True), and names such as `U+202E` (False).

    `keep` holds characters to show although they do not print.
    """
    if text.isprintable():
        yield text, True
        return
    for shows, chars in groupby(text, lambda char: char.isprintable() or char in keep):
        if shows:
            yield "".join(chars), True
        else:
            yield from ((f"U+{ord(char):04X}", False) for char in chars)


def plain(text: str, keep: str = "") -> str:
    """`text` on one line, with such characters as `[U+202E]`, but for those to `keep`."""
    return "".join(part if shows else f"[{part}]" for part, shows in parts(text, keep))


def fence(code: str) -> str:
    """Backticks that `code` does not hold in a row, as CommonMark wants around code."""
    return "`" * (max(map(len, re.findall("`+", code)), default=0) + 1)
