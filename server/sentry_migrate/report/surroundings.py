"""What tells a line of code from others that are alike: the functions and classes around it, and
the line of code after it, where that is needed.

Both are read from the text by its indentation, as results have no trees; a string of several lines
may mislead it, which makes two lines less different and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from sentry_migrate.model import TODO
from sentry_migrate.text.lines import LineIndex

_HEADER = re.compile(r"(?:async\s+def|def|class)\s+(\w+)")
_CLOSING = (")", "]", "}", "#")


def code_of_line(lines: LineIndex, line: int) -> str:
    """The code of a line, without the space around and the comment of `--todo`, which makes no
    other finding of it."""
    return lines.text[lines.start(line) : lines.end(line)].partition(TODO)[0].strip()


def after(lines: LineIndex, line: int) -> str:
    """The next line of code after a line; empty after the last one."""
    for other in range(line + 1, len(lines)):
        code = code_of_line(lines, other)
        if code and not code.startswith("#"):
            return code
    return ""


@lru_cache(maxsize=2)
def around(lines: LineIndex) -> tuple[str, ...]:
    """Of each line, the names of the functions and classes that it is in, with dots between."""
    found = []
    stack: list[tuple[int, str]] = []
    for line in range(len(lines)):
        start = lines.start(line)
        code = lines.text[start : lines.end(line)].lstrip(" \t\f")
        if code and not code.startswith(_CLOSING):
            indent = lines.end(line) - start - len(code)
            while stack and stack[-1][0] >= indent:
                stack.pop()
            found.append(".".join(name for _, name in stack))
            if header := _HEADER.match(code):
                stack.append((indent, header[1]))
        else:
            found.append(".".join(name for _, name in stack))
    return tuple(found)


def is_repeated(lines: LineIndex, line: int) -> bool:
    """Whether the functions and classes around a line have another one of the same code."""
    return _counts(lines)[around(lines)[line], code_of_line(lines, line)] > 1


@lru_cache(maxsize=2)
def _counts(lines: LineIndex) -> Counter[tuple[str, str]]:
    """How often each line of code is there, with what is around it."""
    return Counter((scope, code_of_line(lines, line)) for line, scope in enumerate(around(lines)))
