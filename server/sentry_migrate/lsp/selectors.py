"""Selectors that mean no rule.

Owns finding and leaving them out. The rules are those a worker told of: nothing here imports them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sentry_migrate.config import Settings
from sentry_migrate.frames import RuleDoc


def unknown(selectors: Iterable[str], rules: Collection[RuleDoc]) -> list[str]:
    """Those that are neither `ALL`, nor a rule's name, nor a code or the beginning of one."""
    names = {"ALL", *(rule.name for rule in rules)}
    codes = [rule.code for rule in rules]
    return [
        selector
        for selector in dict.fromkeys(selectors)
        if selector not in names
        and not (selector[:3] == "SEN" and any(code.startswith(selector) for code in codes))
    ]


def drop(settings: Settings, names: Collection[str]) -> Settings:
    """The settings without some selectors."""

    def kept(selectors: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(selector for selector in selectors if selector not in names)

    return replace(
        settings,
        select=kept(settings.select),
        extend_select=kept(settings.extend_select),
        ignore=kept(settings.ignore),
        severity=tuple(pair for pair in settings.severity if pair[0] not in names),
        per_file_ignores=tuple(
            (pattern, kept(selectors)) for pattern, selectors in settings.per_file_ignores
        ),
    )
