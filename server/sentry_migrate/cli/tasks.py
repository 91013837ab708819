"""`sentry-migrate tasks`: what is left to migrate, as a list of tasks in a file.

Owns where the list goes, and that no file is replaced that somebody else wrote. Files are found and
analysed as `check` does it; the list itself is `report/`'s.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.file_results import ReadingOptions, file_results
from sentry_migrate.cli.output import encoded, not_written, put_bytes
from sentry_migrate.project import atomic_write, regular_files
from sentry_migrate.report import formats, visible
from sentry_migrate.report.tasks import MARK

FILES = {"markdown": "MIGRATION_TASKS.md", "json": "MIGRATION_TASKS.json"}
"""Where the list goes if nobody says, in the working directory."""


@dataclass(frozen=True, slots=True)
class Options(ReadingOptions):
    """What was typed, settings aside."""

    output_format: str = "markdown"
    """One of `formats.TASKS`."""
    output_file: str | None = None
    """None for the format's own file, `-` for standard output."""
    force: bool = False
    """Whether to replace a file that is not a list of tasks."""


def run(options: Options, choose: Choose) -> int:
    """Analyse and write; the exit code. Raises ConfigError before anything is written."""
    file = options.output_file or FILES[options.output_format]
    if file != "-" and not options.force and not _is_list(file, options.output_format):
        name = visible.plain(file)
        print(f"error: {name} is not a list of tasks; --force replaces it", file=sys.stderr)
        return 2
    found = file_results(options, choose)
    entries, failed = found.entries, found.failed
    missing = [path for path in options.paths if not os.path.lexists(path)]
    if missing:  # an earlier list is worth more than one of nothing
        return 2
    if not (found.coverage.files or entries):
        print("error: no Python or dependency file was found; no list is written", file=sys.stderr)
        return 2
    data = encoded(formats.writer(formats.TASKS, options.output_format)(entries))
    if file == "-":
        put_bytes(data, sys.stdout)
        return 2 if failed else 0
    try:
        atomic_write.put(file, data)
    except OSError as reason:
        not_written(file, reason)
        return 2
    print(f"Wrote {visible.plain(file)}.", file=sys.stderr)
    return 2 if failed else 0


def _is_list(file: str, output_format: str) -> bool:
    """Whether nothing is lost if a file is replaced: there is none, or an earlier list."""
    try:
        before = regular_files.read(file)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    if output_format == "markdown":
        return before.startswith(MARK.encode())
    with suppress(ValueError, RecursionError):
        import json

        listed = json.loads(before)
        return isinstance(listed, list) and all(
            isinstance(one, dict) and {"id", "rewrites", "check"} <= one.keys() for one in listed
        )
    return False
