"""Which settings apply to a directory: those of files, overridden by the command line.

Owns asking each question of the file system once in a run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sentry_migrate.cli.output import say
from sentry_migrate.project import code_style, config, requirements
from sentry_migrate.project.config import ConfigError, NotAFileError, Settings

Choose = Callable[[str], Settings]


def chooser(overrides: Mapping[str, Any], file: Path | None, isolated: bool) -> Choose:
    """A function from a directory to its settings, which raises ConfigError.

    `overrides` win over files; None among them means not given. `file` replaces all others,
    `isolated` ignores all of them.
    """
    specifiers = cache(requirements.specifiers_in)
    style = cache(code_style.said_in)
    fixed = config.read(file) if file else Settings() if isolated else None
    for key in ("select", "extend-select", "ignore"):  # report what is wrong before any work
        _check_selectors(tuple(overrides.get(key) or ()), {f"--{key}": overrides.get(key)})

    @cache
    def table(directory: Path) -> dict[str, Any] | None:
        """The settings written in a directory; warns of a pipe or a directory in their place."""
        try:
            return config.table_in(directory)
        except NotAFileError as error:
            say(f"warning: {error}, so it counts as missing", sys.stderr)
            return None

    @cache
    def written(place: Path) -> None:
        """Check the selectors in a file. Raises ConfigError."""
        found = config.table_of(place) or {}
        selectors = config.overlay(Settings(), found, str(place)).selectors()
        _check_selectors(selectors, {f"{place}: {key}": value for key, value in found.items()})

    @cache
    def choose(directory: str) -> Settings:
        settings = fixed or config.load(Path(directory), table, specifiers, style)
        if settings.root is not None:
            written(file or settings.root / config.FILE)
        return config.overlay(settings, overrides, "command line")

    return choose


def _check_selectors(selectors: tuple[str, ...], said: Mapping[str, Any]) -> None:
    """Raises ConfigError for a selector that means no rule; it begins with where that is `said`."""
    if not selectors:
        return
    from sentry_migrate.rules import select, unknown

    try:
        select(selectors)
    except KeyError as error:
        selector = error.args[0]
        place = next(key for key, value in said.items() if config.holds(value, selector))
        raise ConfigError(f"{place}: {unknown(selector)}") from None
