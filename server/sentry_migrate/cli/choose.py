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
    typed = "command line"
    # What can fail now does, before anything is done.
    _check_selectors(config.overlay(Settings(), overrides, typed), typed)

    @cache
    def choose(directory: str) -> Settings:
        settings = fixed or config.load(Path(directory), table, pins)
        _check_selectors(settings, str(file or (settings.root or Path()) / config.FILE))
        return config.overlay(settings, overrides, typed)

    return choose


@cache
def _check_selectors(settings: Settings, where: str) -> None:
    """Raises ConfigError, which begins with `where`, for a selector that means no rule."""
    if not (selectors := settings.selectors()):
        return
    from sentry_migrate.rules import select

    try:
        select(selectors)
    except KeyError as error:
        raise ConfigError(f"{where}: {config.no_rule(error.args[0])}") from None
