"""What `check` would look at, with which settings: `--show-files` and `--show-settings`.

Owns how settings are written for a person. Nothing is read but names and settings.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.file_results import ReadingOptions
from sentry_migrate.cli.files_to_check import shown
from sentry_migrate.cli.output import put, trouble
from sentry_migrate.cli.owners import owned_by
from sentry_migrate.project import config, files
from sentry_migrate.project.config import Settings


def show_files(options: ReadingOptions, choose: Choose) -> int:
    """Write the names of the files that may be checked; the exit code. Raises ConfigError."""
    failed: list[str] = []

    def unread(path: str, error: OSError) -> None:
        if error.errno == errno.ELOOP:  # as `check` does
            return
        failed.append(path)
        trouble(shown(path), error.strerror or str(error))

    owned = owned_by(options.owners, options.paths) if options.owners else None
    given = options.paths, choose, options.exclude, unread
    walk = files.discover(*given, notebooks=True, scripts=True)
    found = {
        one.path
        for one in walk
        if (owned is None or owned(one.path)) and (one.named or _is_taken(one, choose))
    }
    put("".join(f"{shown(path)}\n" for path in sorted(found)), sys.stdout)
    return 2 if failed else 0


def _is_taken(found: files.Found, choose: Choose) -> bool:
    settings = choose(os.path.dirname(found.path))
    return not found.skipped() and not files.excluded(found.path, settings)


def show_settings(directory: str, choose: Choose) -> int:
    """Write the settings of a directory as JSON, under the names of their keys, with the file that
    they are from; the exit code. Raises ConfigError."""
    settings = choose(directory)
    place = None if settings.root is None else str(settings.root / config.FILE)
    put(json.dumps({"file": place, **written_settings(settings)}, indent=2) + "\n", sys.stdout)
    return 0


def written_settings(settings: Settings) -> dict[str, Any]:
    """Settings as plain values, under the names of their keys."""
    return dict(_written(settings))


def _written(settings: Settings) -> Iterator[tuple[str, Any]]:
    for one in fields(settings):
        value = getattr(settings, one.name)
        if one.name == "root":
            continue
        if one.name == "code_style":  # of other tools, by ruff's names for it
            yield "line-length", value.columns
            yield "force-single-line", value.imports.single
            yield "force-sort-within-sections", value.imports.mixed
            continue
        if one.name == "exclude" and value is None:
            value = sorted(files.DEFAULT_EXCLUDE)
        if one.name == "sdk_version":
            value = ".".join(map(str, value))
        if one.name == "severity":
            value = {selector: severity.value for selector, severity in value}
        if one.name == "per_file_ignores":
            value = dict(value)
        yield one.name.replace("_", "-"), value
