"""Selectors: what `SEN101`, `SEN1`, `push-scope-with`, `later` and `ALL` mean among the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol


class Named(Protocol):
    """A rule, or what is known of one where rules are not imported."""

    @property
    def code(self) -> str:
        """Such as `SEN101`."""

    @property
    def name(self) -> str:
        """Such as `push-scope-with`."""

    @property
    def group(self) -> str:
        """Such as `later`."""


def means(selector: str, rule: Named) -> bool:
    """Whether a selector means a rule: `ALL`, its group, its name, its code or the beginning of
    that from `SEN` on."""
    return selector in ("ALL", rule.group, rule.name) or (
        selector.startswith("SEN") and rule.code.startswith(selector)
    )


def unknown(selectors: Iterable[str], rules: Collection[Named]) -> list[str]:
    """Those that mean none of the rules."""
    return [
        selector
        for selector in dict.fromkeys(selectors)
        if not any(means(selector, rule) for rule in rules)
    ]


def select(selectors: Collection[str], rules: Collection[Named]) -> frozenset[str]:
    """Names of the rules they mean. Raises KeyError with the first that means none."""
    for selector in unknown(selectors, rules):
        raise KeyError(selector)
    return frozenset(rule.name for rule in rules if any(means(one, rule) for one in selectors))
