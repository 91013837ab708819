"""Selectors: what they mean, and which mean no rule.

Owns finding and leaving out the latter. The rules are those a worker told of: nothing here
imports them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sentry_migrate.config import Settings
from sentry_migrate.frames import RuleDoc


def means(selector: str, code: str, name: str) -> bool:
    """Whether a selector means a rule: `ALL`, its name, its code or the beginning of that."""
    return selector in ("ALL", name) or (selector[:3] == "SEN" and code.startswith(selector))


def unknown(selectors: Iterable[str], rules: Collection[RuleDoc]) -> list[str]:
    """Those that mean none of the rules."""
    return [
        selector
        for selector in dict.fromkeys(selectors)
        if not any(means(selector, rule.code, rule.name) for rule in rules)
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
