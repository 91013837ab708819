"""Settings: what the user chose, from pyproject.toml, the command line or an editor.

Owns reading and validating `[tool.sentry-migrate]`. Refuses to know the rules: a selector is
text here, and the engine matches it against the registry.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sentry_migrate.model import Severity

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = "sentry-migrate"
LATEST: Version = (2, 75, 0)
"""The newest sentry-sdk the rewrites are proved on."""
FIRST: Version = (2, 0, 0)

Version = tuple[int, int, int]


class ConfigError(ValueError):
    """A setting is wrong; str() names the place, the value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices that change findings or fixes. Selectors are codes (`SEN101`), prefixes (`SEN1`),
    names (`push-scope-with`) or `ALL`."""

    select: tuple[str, ...] = ()
    """Empty means the default set: every rule that is not informational."""
    ignore: tuple[str, ...] = ()
    sdk_version: Version = LATEST
    """The oldest sentry-sdk 2.x the migrated code must run on."""
    unsafe_fixes: bool = False
    severity: tuple[tuple[str, Severity], ...] = ()
    exclude: tuple[str, ...] = ()
    """Glob patterns in gitignore syntax, relative to the configuration file."""
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()


def parse_version(text: str, where: str) -> Version:
    """`2.12` or `2.12.0` as numbers. Raises ConfigError below 2.0."""
    parts = text.strip().split(".")
    if text.strip() == "latest":
        return LATEST
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts):
        raise ConfigError(f"{where}: {text!r} is not a version such as \"2.12\" or \"latest\"")
    numbers = [int(part) for part in parts] + [0, 0]
    version = (numbers[0], numbers[1], numbers[2])
    if version < FIRST:
        raise ConfigError(f"{where}: {text!r} is below 2.0, the version to migrate to")
    return version
