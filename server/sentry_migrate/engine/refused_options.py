"""Findings for words that nothing connects with `init()`, and that 2.x refuses if it gets them.

Owns making them for a text whose project gives `init()` options from somewhere that cannot be
followed. Refuses to know whether the project does: the run knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from sentry_migrate.engine.selection import chosen_rules, severities
from sentry_migrate.kit.suppressions import Suppressions
from sentry_migrate.model import Finding
from sentry_migrate.project.config import Settings
from sentry_migrate.rules import RULES
from sentry_migrate.text.lines import LineIndex

_RULES = {
    "with_locals": ("init-with-locals", "include_local_variables"),
    "request_bodies": ("init-request-bodies", "max_request_body_size"),
}
_WORD = re.compile(rf"\b(?:{'|'.join(_RULES)})\b".replace("_", "[_-]"))


def refused_options(
    text: str, places: Iterable[int], settings: Settings, path: PurePath | None
) -> Iterator[Finding]:
    """The findings for the words in some 1-based lines."""
    lines, active, levels = LineIndex(text), chosen_rules(settings, path), severities(settings)
    suppressions = Suppressions(lines, lambda offset: False)
    for line in places:
        word = _WORD.search(text, lines.start(line - 1), lines.end(line - 1))
        if word is None:
            continue
        option = word[0].replace("-", "_")
        name, new = _RULES[option]
        rule = RULES[name]
        if name not in active or suppressions.cover(word.start(), rule.code, name):
            continue
        remedy = f"Find out whether `init()` gets it. If so, rename it to `{new}` where it is "
        yield Finding(
            code=rule.code,
            name=name,
            message=f"2.x refuses to start with `{option}`, if `init()` gets it",
            start=word.start(),
            end=word.end(),
            severity=levels.get(name, rule.severity),
            url=rule.page,
            fix=None,
            remedy=remedy + "given and where it is read.",
            deprecated=rule.deprecated,
            group=rule.group,
            suppression=suppressions.suppressing(word.start(), rule.code),
        )
