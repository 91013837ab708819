"""Which sentry-sdk 1.x a project requires, in words for a person.

Owns choosing one of its requirements. `requirements.py` says which 2.x they all allow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sentry_migrate.project.requirements import specifiers
from sentry_migrate.project.specifiers import judge

_EXACT = re.compile(r"={0,2}\s*v?(\d[\w.+!-]*)")


@dataclass(frozen=True, slots=True)
class Required:
    """A requirement that excludes sentry-sdk 2.x."""

    specifier: str
    """A bare version if it is `exact`, else as the file has it."""
    exact: bool


def required_1x(files: Iterable[tuple[str, str]]) -> Required | None:
    """The first requirement in these files, by path and text, that excludes 2.x. One of an exact
    version comes before a range: a lock file knows better what is installed."""
    found = [
        Required(match[1], True) if (match := _EXACT.fullmatch(text)) else Required(text, False)
        for path, content in files
        for text, style in specifiers(path, content)
        if judge(text, style) == "excludes 2.x"
    ]
    return min(found, key=lambda one: not one.exact, default=None)
