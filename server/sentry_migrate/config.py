"""Settings: what the user chose, from pyproject.toml, the command line or an editor.

Owns reading and validating `[tool.sentry-migrate]`. Refuses to know the rules: a selector is
text here, and the engine matches it against the registry.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from sentry_migrate import patterns, sdk
from sentry_migrate.model import Severity
from sentry_migrate.sdk import FIRST, LATEST, Version

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["FIRST", "LATEST", "ConfigError", "Settings", "Version", "load", "overlay", "read"]

TABLE = "sentry-migrate"
FILE = "pyproject.toml"

Probe = Callable[[Path], "dict[str, Any] | None"]


class ConfigError(ValueError):
    """A setting is wrong; str() names the place, the value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices that change findings or fixes. Selectors are codes (`SEN101`), prefixes (`SEN1`),
    names (`push-scope-with`) or `ALL`."""

    select: tuple[str, ...] = ()
    """Empty means the default set: every rule that is not informational."""
    extend_select: tuple[str, ...] = ()
    """In addition to `select` or the default set."""
    ignore: tuple[str, ...] = ()
    """Taken away last."""
    sdk_version: Version = LATEST
    """The oldest sentry-sdk 2.x the migrated code must run on."""
    unsafe_fixes: bool = False
    severity: tuple[tuple[str, Severity], ...] = ()
    """By selector; a later entry beats an earlier one."""
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Glob patterns in gitignore syntax, relative to `root`, and the selectors they ignore."""
    exclude: tuple[str, ...] | None = None
    """Glob patterns in gitignore syntax, relative to `root`; None means the default ones."""
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    """Whether exclusions also hold for files named on the command line."""
    respect_gitignore: bool = True
    root: Path | None = None
    """The directory of the configuration file; None without one."""

    def ignored_for(self, path: PurePath | None) -> tuple[str, ...]:
        """The selectors that `per_file_ignores` takes away from the file at `path`."""
        if path is None or not self.per_file_ignores:
            return ()
        name = relative(path, self.root)
        return tuple(
            selector
            for pattern, selectors in self.per_file_ignores
            if patterns.compiled((pattern,)).match_file(name)
            for selector in selectors
        )

    def selectors(self) -> tuple[str, ...]:
        """Every selector written anywhere, for a caller that knows the rules to check."""
        return (
            *self.select,
            *self.extend_select,
            *self.ignore,
            *(selector for _, group in self.per_file_ignores for selector in group),
            *(selector for selector, _ in self.severity),
        )


def relative(path: PurePath, root: Path | None) -> str:
    """`path` below `root` with forward slashes; the path itself where it is elsewhere."""
    name = os.path.relpath(path, root) if root and path.is_absolute() else str(path)
    return PurePath(str(path) if name.startswith("..") else name).as_posix()


def load(path: Path, table: Probe | None = None, pins: sdk.Probe = sdk.pins_in) -> Settings:
    """The settings for a file or directory: the nearest pyproject.toml with our table decides.

    Without an `sdk-version` there, the project's own requirements give it. `table` and `pins` are
    `table_in` and `sdk.pins_in`, or versions of them that remember. Raises ConfigError.
    """
    directory = Path(os.path.abspath(path))
    if not directory.is_dir():
        directory = directory.parent
    settings = Settings()
    nearest = nearest_table(directory, table)
    if nearest is not None:
        here, found = nearest
        settings = overlay(Settings(root=here), found, str(here / FILE))
        if "sdk-version" in found:
            return settings
    return replace(settings, sdk_version=sdk.detect(directory, pins) or LATEST)


def nearest_table(
    directory: Path, table: Probe | None = None
) -> tuple[Path, dict[str, Any]] | None:
    """Our table nearest to an absolute directory, and where it is. Raises ConfigError."""
    for here in (directory, *directory.parents):
        found = (table or table_in)(here)
        if found is not None:
            return here, found
    return None


def read(file: Path) -> Settings:
    """The settings of one configuration file. Raises ConfigError, also if it has no table."""
    if not file.is_file():
        raise ConfigError(f"{file}: no such file")
    table = _table(file)
    if table is None:
        raise ConfigError(f"{file}: has no [tool.{TABLE}] table")
    root = Path(os.path.abspath(file)).parent
    settings = overlay(Settings(root=root), table, str(file))
    if "sdk-version" in table:
        return settings
    return replace(settings, sdk_version=sdk.detect(root) or LATEST)


def table_in(directory: Path) -> dict[str, Any] | None:
    """`[tool.sentry-migrate]` of the pyproject.toml in a directory; None without one.

    Raises ConfigError.
    """
    return _table(directory / FILE)


def _table(file: Path) -> dict[str, Any] | None:
    """`[tool.sentry-migrate]` of a file; None if the file or the table is missing."""
    try:
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error
    if TABLE.encode() not in data:
        return None  # somebody else's file; whether it is well-formed is not our business
    try:
        tool = tomllib.loads(data.decode()).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeError, RecursionError) as error:
        raise ConfigError(f"{file}: is not valid TOML: {error}") from error
    table = tool.get(TABLE) if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{file}: tool.{TABLE}: {table!r} is not a table")
    return table


def overlay(settings: Settings, mapping: Mapping[str, Any], where: str) -> Settings:
    """`settings` changed by a mapping of keys as in pyproject.toml (or in camel case).

    A value of None changes nothing. Raises ConfigError, which begins with `where`.
    """
    changes: dict[str, Any] = {}
    for key, value in mapping.items():
        name = key_of(key)
        if name not in _KEYS:
            raise ConfigError(f"{where}: unknown setting {key!r}; known are {', '.join(_KEYS)}")
        if value is None:
            continue
        try:
            changes[name.replace("-", "_")] = _KEYS[name](value)
        except ValueError as error:
            raise ConfigError(f"{where}: {key}: {value!r} is {error}") from error
    return replace(settings, **changes)


def key_of(name: str) -> str:
    """A key as pyproject.toml spells it, of one in camel case."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"-\1", name).lower()


def no_rule(selector: str) -> str:
    """What to say of a selector that means no rule."""
    return f"{selector!r} is no rule; `sentry-migrate rule --all` lists them"


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not true or false")
    return value


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise ValueError("not a list of strings")
    return tuple(value)


def _patterns(value: Any) -> tuple[str, ...]:
    lines = _strings(value)
    if (line := patterns.wrong(lines)) is not None:
        raise ValueError(f"not a list of patterns: {line!r} is no pattern")
    return lines


def _version(value: Any) -> Version:
    if not isinstance(value, str):
        raise ValueError('not a string such as "2.12" or "latest"')
    return sdk.parse_version(value)


def _severities(value: Any) -> tuple[tuple[str, Severity], ...]:
    levels = [level.value for level in Severity]
    if not isinstance(value, Mapping) or not all(level in levels for level in value.values()):
        raise ValueError(f"not a table from selectors to one of {', '.join(levels)}")
    return tuple((selector, Severity(level)) for selector, level in value.items())


def _ignores(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, Mapping):
        raise ValueError("not a table from glob patterns to lists of selectors")
    if (line := patterns.wrong(value)) is not None:
        raise ValueError(f"not a table from glob patterns: {line!r} is no pattern")
    return tuple((pattern, _strings(selectors)) for pattern, selectors in value.items())


_KEYS: Mapping[str, Callable[[Any], Any]] = {
    "select": _strings,
    "extend-select": _strings,
    "ignore": _strings,
    "sdk-version": _version,
    "unsafe-fixes": _bool,
    "severity": _severities,
    "per-file-ignores": _ignores,
    "exclude": _patterns,
    "extend-exclude": _patterns,
    "force-exclude": _bool,
    "respect-gitignore": _bool,
}
