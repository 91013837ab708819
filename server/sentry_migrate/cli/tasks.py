"""`sentry-migrate tasks`: what is left to migrate, as a list of tasks in a file.

Owns where the list goes, and that no file is replaced that somebody else wrote. Files are found and
analysed as `check` does it; the list itself is `report/`'s.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from dataclasses import dataclass

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.file_results import ReadingOptions, file_results
from sentry_migrate.cli.output import encoded, not_written, put_bytes, say
from sentry_migrate.cli.undo import command
from sentry_migrate.cli.written_files import Written, put
from sentry_migrate.project import atomic_write, regular_files
from sentry_migrate.report import formats
from sentry_migrate.report.tasks import MARK

_SIGNATURE = b"<!-- sentry-migrate tasks: "
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
    """Whether to replace a file that is not a list of tasks, or that somebody has changed."""


def run(options: Options, choose: Choose) -> int:
    """Analyse and write; the exit code. Raises ConfigError before anything is written."""
    file = options.output_file or FILES[options.output_format]
    lost = "" if file == "-" else _lost(file, options.output_format)
    if lost and not options.force:
        say(f"error: {file} {lost}; --force replaces it", sys.stderr)
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
    if options.output_format == "markdown":
        data += _signature(data)
    written = Written()
    try:
        if lost:
            put(file, data, written)
        else:  # what `undo` takes back is what a run before this one did to the code
            atomic_write.put(file, data)
    except OSError as reason:
        not_written(file, reason)
        return 2
    undo = f" `{command(written.kept)}` restores what was there." if written.kept else ""
    say(f"Wrote {file}.{undo}", sys.stderr)
    return 2 if failed else 0


def _lost(file: str, output_format: str) -> str:
    """What would be lost if a file is replaced; nothing where there is none, or an earlier list as
    it was written."""
    no_list = "is not a list of tasks"
    try:
        before = regular_files.read(file)
    except FileNotFoundError:
        return ""
    except OSError:
        return no_list
    if output_format != "markdown":
        return "" if _is_document(before) else no_list
    if not before.startswith(MARK.encode()):
        return no_list
    content = before.replace(b"\r\n", b"\n")
    own, sign, _ = content.rpartition(_SIGNATURE)
    is_own = content == own + _signature(own) if sign else b"- [x]" not in content.lower()
    return "" if is_own else "has ticks or notes that somebody made"


def _signature(data: bytes) -> bytes:
    """The last line of a list, by which it is seen that nobody has changed it."""
    return _SIGNATURE + hashlib.blake2b(data, digest_size=8).hexdigest().encode() + b" -->\n"


def _is_document(before: bytes) -> bool:
    """Whether this is an earlier list in JSON."""
    with suppress(ValueError, RecursionError):
        import json

        listed = json.loads(before)
        return isinstance(listed, list) and all(
            isinstance(one, dict) and {"id", "rewrites", "check"} <= one.keys() for one in listed
        )
    return False
