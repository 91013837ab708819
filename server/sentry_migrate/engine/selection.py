"""Which rules run on a file: select, ignore, per-file ignores."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath

from sentry_migrate.config import ConfigError, Settings
from sentry_migrate.rules import RULES, select


def chosen_rules(settings: Settings, path: PurePath | None) -> frozenset[str]:
    """Names of the rules that run. Raises ConfigError for a selector that means no rule."""
    names = _chosen(settings.select, settings.ignore)
    if path is not None and settings.per_file_ignores:
        for pattern, selectors in settings.per_file_ignores:
            if path.match(pattern):
                names -= _matching(selectors, "per-file-ignores")
    return names


@lru_cache(maxsize=64)
def _chosen(selected: tuple[str, ...], ignored: tuple[str, ...]) -> frozenset[str]:
    names = (
        _matching(selected, "select")
        if selected
        else frozenset(rule.name for rule in RULES.values() if rule.default)
    )
    return names - _matching(ignored, "ignore")


def _matching(selectors: tuple[str, ...], setting: str) -> frozenset[str]:
    try:
        return select(selectors)
    except KeyError as error:
        raise ConfigError(
            f"{setting}: {error.args[0]!r} is no rule; `sentry-migrate rule --all` lists them"
        ) from error
