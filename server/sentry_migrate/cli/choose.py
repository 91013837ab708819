"""Which settings hold for a directory: files, then the command line on top.

Owns asking each question of the file system once in a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sentry_migrate import config, sdk
from sentry_migrate.config import ConfigError, Settings

Choose = Callable[[str], Settings]


def chooser(overrides: Mapping[str, Any], file: Path | None, isolated: bool) -> Choose:
    """A function from a directory to its settings, which raises ConfigError.

    `overrides` win over files; None among them means not given. `file` replaces all others,
    `isolated` leaves all out.
    """
    table, pins = cache(config.table_in), cache(sdk.pins_in)
    fixed = config.read(file) if file else Settings() if isolated else None
    where = "command line"
    config.overlay(Settings(), overrides, where)  # fails now if it fails at all

    @cache
    def choose(directory: str) -> Settings:
        settings = fixed or config.load(Path(directory), table, pins)
        chosen = config.overlay(settings, overrides, where)
        _check_selectors(chosen)
        return chosen

    return choose


@cache
def _check_selectors(settings: Settings) -> None:
    """Raises ConfigError for a selector that means no rule."""
    if not (selectors := settings.selectors()):
        return
    from sentry_migrate.rules import RULES, select

    try:
        select(selectors)
    except KeyError as error:
        place = f"{settings.root / config.FILE}: " if settings.root else ""
        raise ConfigError(
            f"{place}{error.args[0]!r} selects no rule; known are ALL, prefixes of codes, and "
            + ", ".join(f"{rule.code} ({name})" for name, rule in RULES.items())
        ) from None
