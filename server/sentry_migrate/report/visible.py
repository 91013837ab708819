"""Characters that would not show, or would change how their neighbours show, made visible.

File names and code are written by others: a right-to-left override in one must not make a report
say something else than it says.
"""

from __future__ import annotations

import os
import re
import shlex
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


def word(name: str) -> str:
    """A file's name as a shell is given it: what does not show is spelled in escapes, as bash, zsh
    and POSIX of 2024 read them."""
    name = f"./{name}" if name.startswith("-") else name
    if name.isprintable():
        return shlex.quote(name)
    shown = (
        char
        if char.isprintable() and char not in "\\'"
        else "".join(f"\\x{byte:02x}" for byte in os.fsencode(char))
        for char in name
    )
    return f"$'{''.join(shown)}'"


def fence(code: str) -> str:
    """Backticks that `code` does not hold in a row, as CommonMark wants around code."""
    return "`" * (max(map(len, re.findall("`+", code)), default=0) + 1)
