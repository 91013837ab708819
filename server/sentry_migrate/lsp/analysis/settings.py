"""Which settings hold for a document.

Owns the editor's settings (section `sentry-migrate`, asked for once per workspace folder), and
whether they override those of the nearest pyproject.toml or the other way round. Refuses to know
what settings do. A wrong value is reported once, and the default applies instead.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from sentry_migrate.model import Severity
from sentry_migrate.project import config, selectors
from sentry_migrate.project.config import ConfigError, NotAFileError, Settings
from sentry_migrate.project.server_options import SECTION, ServerOptions, split
from sentry_migrate.project.setting_keys import key_of
from sentry_migrate.worker.frames import RuleDoc

logger = logging.getLogger(__name__)

_EDITOR = f"{SECTION} in the editor"


@dataclass(frozen=True, slots=True)
class Resolved:
    """Everything that was chosen for one document. Equal values give equal analyses."""

    settings: Settings = field(default_factory=Settings)
    options: ServerOptions = field(default_factory=ServerOptions)
    unreadable: str = ""
    """Why the file with the settings cannot be read, if it was not read before either: then it is
    not known which files and rules it excludes."""


def valid(mapping: Mapping[str, Any], where: str, say: Callable[[str], None]) -> dict[str, Any]:
    """The settings of a mapping that are right; `say` gets one text for each that is not."""
    right = {}
    for key, value in mapping.items():
        try:
            config.overlay(Settings(), {key: value}, where)
            right[key] = value
        except ConfigError as error:
            say(str(error))
    return right


def combine(base: Settings, options: ServerOptions, rest: Mapping[str, Any]) -> Settings:
    """The file's settings with the editor's on top. Raises ConfigError."""
    settings = config.overlay(base, rest, _EDITOR)
    off = tuple(selector for selector, level, _ in options.rules if level == "off")
    levels = tuple(
        (selector, Severity(level))
        for selector, level, _ in options.rules
        if level is not None and level != "off"
    )
    return replace(settings, ignore=settings.ignore + off, severity=settings.severity + levels)


def _beside(
    options: ServerOptions, rest: Mapping[str, Any], written: Collection[str]
) -> tuple[ServerOptions, dict[str, Any]]:
    """The editor's settings without those that a file has `written`."""
    rules = tuple(
        (selector, None if ("ignore" if level == "off" else "severity") in written else level, fix)
        for selector, level, fix in options.rules
    )
    left = {key: value for key, value in rest.items() if key_of(key) not in written}
    return replace(options, rules=rules), left


_Tables = dict[str, dict[str, Any]]
"""What is written in each file, by its path."""
_Read: TypeAlias = tuple[Settings, _Tables, str]
"""What holds, what is written, and why that is not known."""


def _places(said: Mapping[str, Mapping[str, Any]], selector: str) -> list[str]:
    """Where a selector is written: the file, and the key as it is spelled there."""
    return [
        f"{where}: {key}"
        for where, table in said.items()
        for key, value in table.items()
        if config.holds(value, selector)
    ]


class Store:
    """The settings asked for so far, until the client or a file says that they changed."""

    def __init__(
        self,
        fetch: Callable[[str | None], Awaitable[Any]],
        folder_of: Callable[[str], tuple[str | None, Path | None]],
        complain: Callable[[str], None],
        rules: Callable[[], Awaitable[Collection[RuleDoc]]],
    ) -> None:
        self._rules = rules
        self._fetch = fetch
        self._folder_of = folder_of
        self._complain = complain
        self._said: set[str] = set()
        self._said_before: set[str] = set()
        self._mappings: dict[str | None, asyncio.Task[Any]] = {}
        self._files: dict[tuple[Path, bool], asyncio.Task[_Read]] = {}
        self._good: dict[Path, _Read] = {}
        self._resolved: dict[tuple[str | None, Path | None], Resolved] = {}

    def forget(self) -> None:
        """Ask again for everything."""
        if self._resolved:  # else nobody asked, and nothing was said or found right
            self._said_before, self._said = self._said, set()
        self._mappings = {}
        self._files = {}
        self._resolved = {}

    async def resolve(self, uri: str, path: str | None) -> Resolved:
        """The settings for a document. Never raises."""
        folder, root = self._folder_of(uri)
        directory = Path(path).parent if path is not None else root
        known = self._resolved.get((folder, directory))
        if known is not None:
            return known
        store = self._resolved
        mapping = await self._mapping(folder)
        options, rest = split(mapping, self._say)
        settings, tables, unreadable = Settings(), _Tables(), ""
        if directory is not None:
            only = options.configuration_preference == "editorOnly"
            settings, tables, unreadable = await self._file(directory, only)
        if options.configuration_preference == "filesystemFirst":
            options, rest = _beside(options, rest, frozenset[str]().union(*tables.values()))
        if rest:  # in a thread, as patterns need a library that takes a while to import
            rest = await asyncio.to_thread(valid, rest, _EDITOR, self._say)
        if settings.root is None:
            settings = replace(settings, root=root)  # the editor's patterns are relative to it
        said = {_EDITOR: mapping, **tables} if isinstance(mapping, Mapping) else tables
        resolved = await self._without_unknown(combine(settings, options, rest), options, said)
        resolved = replace(resolved, unreadable=unreadable)
        if store is self._resolved:
            store[folder, directory] = resolved
        return resolved

    async def _without_unknown(
        self, settings: Settings, options: ServerOptions, said: Mapping[str, Mapping[str, Any]]
    ) -> Resolved:
        """What was chosen without selectors that mean no rule, each of which is said."""
        written = (*settings.selectors(), *(selector for selector, _, _ in options.rules))
        rules = await self._rules() if written else ()
        wrong = selectors.unknown(written, rules) if rules else ()
        for selector in wrong:
            for place in _places(said, selector):
                self._say(f"{place}: {config.no_rule(selector)}")
        if wrong:
            settings = settings.without(wrong)
            options = replace(options, rules=tuple(r for r in options.rules if r[0] not in wrong))
        return Resolved(settings, options)

    async def _mapping(self, folder: str | None) -> Any:
        task = self._mappings.get(folder)
        if task is None:
            task = asyncio.ensure_future(self._fetch(folder))
            self._mappings[folder] = task
        return await asyncio.shield(task)

    async def _file(self, directory: Path, only: bool) -> _Read:
        task = self._files.get((directory, only))
        if task is None:
            task = asyncio.ensure_future(asyncio.to_thread(self._load, directory, only))
            self._files[directory, only] = task
        return await asyncio.shield(task)

    def _load(self, directory: Path, only: bool) -> _Read:
        """What holds in a directory, and what a file says; with `only`, none is read. While a file
        cannot be read, what it said last holds."""

        def written(here: Path) -> dict[str, Any] | None:
            try:
                return config.table_in(here)
            except NotAFileError as error:
                known = self._good.get(directory)
                if known is not None and known[0].root == here:
                    raise
                self._say(f"{error}, so it counts as missing")
                return None

        try:
            nearest = None if only else config.nearest_table(directory, written)
        except ConfigError as error:
            self._say(str(error))
            return self._good.get(directory) or (Settings(), {}, str(error))
        tables = {}
        if nearest is not None:
            here, table = nearest
            tables[here] = valid(table, str(here / config.FILE), self._say)
        try:
            found = {str(here / config.FILE): table for here, table in tables.items()}
            result = config.load(directory, tables.get), found, ""
        except OSError as error:  # a name that is too long
            logger.warning("%s: %s", directory, error)
            return Settings(), {}, ""
        if nearest is not None:
            self._good[directory] = result
        elif not only:
            self._good.pop(directory, None)
        return result

    def _say(self, message: str) -> None:
        if message not in self._said | self._said_before:
            self._complain(message)
        self._said.add(message)
