"""Settings: what the user chose, from pyproject.toml, the command line or an editor.

Owns reading and validating `[tool.sentry-migrate]`. Refuses to know the rules: a selector is
text here, and the engine matches it against the registry.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from sentry_migrate import doubts
from sentry_migrate.model import Severity
from sentry_migrate.project import code_style, patterns, regular_files, requirements, toml
from sentry_migrate.project.code_style import CodeStyle
from sentry_migrate.project.setting_keys import Reader, key_of, nearest, read_by
from sentry_migrate.project.versions import FIRST, LATEST, Version

__all__ = [
    "FIRST",
    "LATEST",
    "ConfigError",
    "Settings",
    "Version",
    "load",
    "overlay",
    "read",
]

TABLE = "sentry-migrate"
FILE = "pyproject.toml"

_MAY_BE_OURS = re.compile(rb"sentry[-_]?migrate", re.IGNORECASE)
"""The name of the table, and what is easily written in its place."""

_SETTINGS = read_by(Reader.PROJECT)

Probe = Callable[[Path], "dict[str, Any] | None"]


class ConfigError(ValueError):
    """A setting is wrong; str() names the place, the value and what is allowed."""


class NotAFileError(ConfigError):
    """In the place of the settings is a directory, a pipe or a link that leads nowhere."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices that change findings or fixes. Selectors are codes (`SEN101`), prefixes (`SEN1`),
    names (`push-scope-with`), groups (`later`) or `ALL`."""

    select: tuple[str, ...] = ()
    """Empty means the default set: the group `migration`."""
    extend_select: tuple[str, ...] = ()
    """In addition to `select` or the default set."""
    ignore: tuple[str, ...] = ()
    """Taken away last."""
    sdk_version: Version = LATEST
    """The oldest sentry-sdk 2.x the migrated code must run on."""
    unsafe_fixes: bool = False
    assume: tuple[str, ...] = ()
    """Codes of doubts that are answered for the project."""
    strict: bool = False
    """Whether nothing at all is assumed."""
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
    baseline: str | None = None
    """The file with the findings that are accepted, relative to `root`."""
    root: Path | None = None
    """The directory of the configuration file; None without one."""
    code_style: CodeStyle = code_style.DEFAULT
    """What the project's formatter, linter and sorter of imports ask for."""

    @property
    def assumed(self) -> frozenset[str]:
        """The codes of the doubts that keep no fix from being safe."""
        return frozenset() if self.strict else doubts.DEFAULT.union(self.assume)

    @property
    def baseline_file(self) -> str | None:
        """The absolute name of `baseline`."""
        return (
            None
            if self.baseline is None
            else os.path.abspath(os.path.join(self.root or "", self.baseline))
        )

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

    def without(self, selectors: Collection[str]) -> Settings:
        """The settings with some selectors written nowhere."""

        def kept(written: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(selector for selector in written if selector not in selectors)

        return replace(
            self,
            select=kept(self.select),
            extend_select=kept(self.extend_select),
            ignore=kept(self.ignore),
            per_file_ignores=tuple((one, kept(group)) for one, group in self.per_file_ignores),
            severity=tuple(pair for pair in self.severity if pair[0] not in selectors),
        )


def relative(path: PurePath, root: Path | None) -> str:
    """`path` below `root` with forward slashes; the path itself where it is elsewhere."""
    name = os.path.relpath(path, root) if root and path.is_absolute() else str(path)
    return PurePath(str(path) if name.startswith("..") else name).as_posix()


def load(
    path: Path,
    table: Probe | None = None,
    specifiers: requirements.Probe = requirements.specifiers_in,
    style: code_style.Probe | None = None,
) -> Settings:
    """The settings for a file or directory: the nearest pyproject.toml with our table decides.

    Without an `sdk-version` there, the project's own requirements give it. `table`, `specifiers`
    and `style` are `table_in`, `requirements.specifiers_in` and `code_style.said_in`, or versions
    of them that remember. Raises ConfigError.
    """
    directory = Path(os.path.abspath(path))
    if not os.path.isdir(directory):
        directory = directory.parent
    settings = Settings(code_style=code_style.detect(directory, style))
    if (nearest := nearest_table(directory, table)) is not None:
        here, found = nearest
        settings = overlay(replace(settings, root=here), found, str(here / FILE))
        if "sdk-version" in found:
            return settings
    return replace(settings, sdk_version=requirements.detect(directory, specifiers) or LATEST)


def nearest_table(
    directory: Path, table: Probe | None = None
) -> tuple[Path, dict[str, Any]] | None:
    """Our table nearest to an absolute directory, and where it is.

    A directory or a pipe in its place has no table, unless `table` raises NotAFileError. Raises
    ConfigError.
    """
    for here in (directory, *directory.parents):
        try:
            found = (table or table_in)(here)
        except NotAFileError:
            if table is not None:
                raise
            continue
        if found is not None:
            return here, found
    return None


def read(file: Path) -> Settings:
    """The settings of one configuration file. Raises ConfigError, also if it has no table."""
    if not os.path.lexists(file):
        raise ConfigError(f"{file}: no such file")
    table = table_of(file)
    if table is None:
        raise ConfigError(f"{file}: no [tool.{TABLE}] table in the file")
    root = Path(os.path.abspath(file)).parent
    settings = Settings(root=root, code_style=code_style.detect(root))
    settings = overlay(settings, table, str(file))
    if "sdk-version" in table:
        return settings
    return replace(settings, sdk_version=requirements.detect(root) or LATEST)


def table_in(directory: Path) -> dict[str, Any] | None:
    """`[tool.sentry-migrate]` of the pyproject.toml in a directory; None without one.

    Raises ConfigError.
    """
    return table_of(directory / FILE)


def table_of(file: Path) -> dict[str, Any] | None:
    """`[tool.sentry-migrate]` of a file; None if the file or the table is missing.

    Raises ConfigError.
    """
    try:
        data = regular_files.read(file)
    except OSError as error:
        if not os.path.lexists(file):
            return None
        if not os.path.isfile(file):
            raise NotAFileError(f"{file}: is not a regular file") from None
        raise ConfigError(f"{file}: cannot read the file: {error.strerror}") from error
    if not _MAY_BE_OURS.search(data):
        return None  # somebody else's file; whether it is well-formed is not our business
    try:
        tool = toml.parse(data.decode()).get("tool", {})
    except ValueError as error:  # of which a text that is not UTF-8 is one
        if TABLE.encode() not in data:
            return None
        raise ConfigError(f"{file}: not valid TOML: {error}") from error
    if not isinstance(tool, dict):
        return None
    table = tool.get(TABLE)
    for key in tool if table is None else ():
        if _MAY_BE_OURS.fullmatch(key.encode()):
            said = f"no settings are read from 'tool.{key}'; did you mean 'tool.{TABLE}'?"
            raise ConfigError(f"{file}: {said}")
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
        if name not in _SETTINGS:
            known = ", ".join(_SETTINGS)
            hint = nearest(name, _SETTINGS)
            raise ConfigError(f"{where}: unknown setting {key!r}; expected one of {known}{hint}")
        if value is None:
            continue
        try:
            changed = _SETTINGS[name].check(value)
            if name == "assume":  # an answer stays one, whoever gives another
                changed = tuple(dict.fromkeys((*settings.assume, *changed)))
            changes[name.replace("-", "_")] = changed
        except ValueError as error:
            inside, wrong, problem = error.args if len(error.args) == 3 else ("", value, error)
            raise ConfigError(f"{where}: {key}{inside}: {wrong!r} is {problem}") from error
    return replace(settings, **changes)


def holds(value: Any, selector: str) -> bool:
    """Whether the value of a setting has a selector in it."""
    if isinstance(value, Mapping):
        return selector in value or any(holds(inner, selector) for inner in value.values())
    return isinstance(value, list | tuple) and selector in value


def no_rule(selector: str) -> str:
    """What to say of a selector that means no rule."""
    return f"unknown rule {selector!r}; `sentry-migrate rule` lists all rules"
