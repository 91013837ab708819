"""Patterns in gitignore syntax: which texts are some, and what matches them.

Owns the library for it, which is imported when the first pattern is met: it costs as much as the
rest of a start, and most runs need it not. Refuses to know where patterns come from, and files.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern


@lru_cache(maxsize=512)
def compiled(lines: tuple[str, ...]) -> GitIgnoreSpec:
    """What lines of a .gitignore mean. One that is not a pattern means nothing, as in git."""
    try:
        return _spec(lines)
    except (ValueError, re.error):  # `!` and `a\`; `[z-a]`, which only the regular expression shows
        return _spec([line for line in lines if _is_pattern(line)])


def wrong(lines: Iterable[str]) -> str | None:
    """The first line that is not a pattern; None if all are."""
    return next((line for line in lines if not _is_pattern(line)), None)


def escaped(name: str) -> str:
    """A pattern for just this name."""
    return re.sub(r"([\\*?\[\]!# ])", r"\\\1", name)


def _is_pattern(line: str) -> bool:
    try:
        _spec([line])
    except (ValueError, re.error):
        return False
    return True


def _spec(lines: Iterable[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of `[[`, in somebody's file
        return GitIgnoreSpec.from_lines(lines, _factory(), backend="simple")


@lru_cache(maxsize=1)
def _factory() -> type[GitIgnoreSpecPattern]:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    class Pattern(GitIgnoreSpecPattern):
        """A pattern that takes no longer than its length times that of the path."""

        @classmethod
        def pattern_to_regex(cls, pattern: Any) -> tuple[Any, bool | None]:
            regex, include = super().pattern_to_regex(pattern)
            return regex and linear(regex), include

    return Pattern


_ANY, _STAR = "[^/]", "\0"  # what stands for `?`, and for `*` while segments are cut apart
_DIRECTORIES = re.compile(r"(\^\(\?:\.\+/\)\?|\(\?:/\.\+\)\?/)")
"""What pathspec makes of `**`: at the start, and between two segments."""
_BRACKETS = re.compile(r"\\.|\[\^/\]|(\[\^?\]?[^]]*\])", re.DOTALL)


def linear(regex: str) -> str:
    """A regular expression of pathspec's that never goes back to a wildcard it has passed, takes
    no slash for what is not in brackets, and a line feed for a character like any other.

    `*a*a*a*b` tries every `a` for every star. The first place where what stands between two
    wildcards fits is as good as any later one, so the search for it may forget the others. Python
    has atomic groups from 3.11 on only; what a lookahead found is not looked for again either.
    """
    first, *rest = _DIRECTORIES.split(regex.replace(f"{_ANY}*", _STAR).replace(_ANY, "\1"))
    pieces = [("", first), *zip(rest[::2], rest[1::2], strict=True)]
    groups = count()
    made = ""
    for position, (wildcard, segments) in enumerate(pieces):
        inner = "/".join(_segment(one, groups) for one in segments.split("/"))
        if wildcard and position < len(pieces) - 1:
            lazy = wildcard.removeprefix("^").replace("+", "+?").replace(")?", ")??")
            inner = _once(f"{lazy}{inner}(?=/)", groups)
            made += ("^" if wildcard.startswith("^") else "") + inner
        else:
            made += wildcard + inner
    made = _BRACKETS.sub(lambda one: f"(?!/){one[0]}" if one[1] else one[0], made)
    return "(?s)" + made.replace("\1", _ANY).replace("|$)", r"|\Z)")


def _segment(regex: str, groups: Iterator[int]) -> str:
    head, *parts = regex.split(_STAR)
    parts = [part for number, part in enumerate(parts, 1) if part or number == len(parts)]
    for number, part in enumerate(parts, 1):
        last = number == len(parts)
        head += f"{_ANY}*{part}" if last else _once(f"{_ANY}*?{part}", groups)
    return head


def _once(regex: str, groups: Iterator[int]) -> str:
    name = f"once{next(groups)}"
    return f"(?=(?P<{name}>{regex}))(?P={name})"
