"""Small pieces of HTML: text, code, a line of code with its span marked, a bar.

Everything that comes from outside passes through here; nothing else in `report` writes `<`
around a value that it did not make itself.
"""

from __future__ import annotations

import re
from html import escape

from sentry_migrate.report import visible
from sentry_migrate.report.summary import Counts
from sentry_migrate.text.lines import LineIndex

KINDS = (("safe", "safe fix"), ("unsafe", "unsafe fix"), ("manual", "by hand"))

_CODE = re.compile(r"`([^`]+)`")
_BLANK = " \t"
_BEFORE, _AFTER = 60, 140  # characters of a line shown before a span, and from its start on


def text(value: str, keep: str = "") -> str:
    """Plain text; what would not show is named."""
    if value.isprintable():
        return escape(value)
    return "".join(
        escape(part) if shows else f'<span class="odd">{part}</span>'
        for part, shows in visible.parts(value, keep)
    )


def name(value: str) -> str:
    """A file name, in a direction of its own."""
    return f"<bdi>{text(value)}</bdi>"


def prose(value: str) -> str:
    """A sentence of a rule: code is between backticks."""
    pieces = _CODE.split(value)
    return "".join(
        f"<code>{text(piece)}</code>" if at % 2 else text(piece) for at, piece in enumerate(pieces)
    )


def anchor(link: str, inner: str, attributes: str = "") -> str:
    """A link around finished markup; without a link the markup alone."""
    return f'<a{attributes} href="{text(link)}">{inner}</a>' if link else inner


def excerpt(lines: LineIndex, start: int, end: int) -> str:
    """The line that holds `start`, indentation aside, with the span marked as far as it goes."""
    line = lines.line_of(start)
    first, last = lines.start(line), lines.end(line)
    stop = min(end, last)
    left = max(first, start - _BEFORE)
    right = min(last, max(stop, start) + _AFTER, start + _AFTER)
    stop = min(stop, right)
    source = lines.text
    before = source[left:start].lstrip(_BLANK) if left == first else "…" + source[left:start]
    after = source[stop:right].rstrip(_BLANK) + ("…" if right < last else "")
    marked = text(source[start:stop], keep="\t")
    return f"<pre>{text(before, chr(9))}<mark>{marked}</mark>{text(after, chr(9))}</pre>"


def words(counts: Counts) -> str:
    """`3 safe fix, 1 by hand`, for those who do not see the bar."""
    shown = ((getattr(counts, key), label) for key, label in KINDS)
    return ", ".join(f"{number} {label}" for number, label in shown if number)


def bar(counts: Counts, whole: int, label: bool = True) -> str:
    """The kinds side by side; `whole` findings would fill it. Hidden from readers of the page's
    words if `label` is off, because the numbers stand beside it."""
    rectangles = []
    at = 0.0
    for key, _ in KINDS:
        width = 100 * getattr(counts, key) / max(whole, 1)
        if width:
            rectangles.append(f'<rect class="{key}" x="{at:.4g}" width="{width:.4g}" height="1"/>')
        at += width
    says = f'role="img" aria-label="{words(counts)}"' if label else 'aria-hidden="true"'
    return f'<svg {says} viewBox="0 0 100 1" preserveAspectRatio="none">{"".join(rectangles)}</svg>'
