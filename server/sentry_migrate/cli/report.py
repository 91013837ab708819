"""`sentry-migrate report`: how much is left to migrate, as a page, Markdown or JSON.

Owns where the report goes, what its links lead to and the exit code. Files are found and analysed
as `check` does it; counting and writing are `report/`'s.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.file_results import FileResults, ReadingOptions, file_results
from sentry_migrate.cli.files_to_check import shown
from sentry_migrate.cli.output import encoded, lay_out, not_written, put_bytes
from sentry_migrate.cli.selected import written_settings
from sentry_migrate.project import atomic_write, boundaries, regular_files, requirements
from sentry_migrate.project.config import ConfigError
from sentry_migrate.project.versions import LATEST
from sentry_migrate.report import formats, source_links, trend, visible
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.listing import Sheet


@dataclass(frozen=True, slots=True)
class Options(ReadingOptions):
    """What was typed, settings aside."""

    output_format: str | None = None
    """One of `formats.MIGRATION`; None for HTML, or for what a terminal shows."""
    output_file: str | None = None
    """None for standard output."""
    since_report: str | None = None
    """An earlier report in JSON, to compare with."""
    links: str | None = None
    """A template of report/source_links.py; None for links from the report's place to the files."""


def run(options: Options, choose: Choose) -> int:
    """Analyse and report; the exit code. Raises ConfigError before anything is written."""
    earlier = None if options.since_report is None else _earlier(options.since_report)
    selection = _selection(options, choose)
    found = file_results(options, choose)
    entries, failed = found.entries, found.failed
    if not (found.coverage.files or entries):
        said = "warning: nothing was checked: no Python or dependency file was found"
        print(said, file=sys.stderr)
    passed_over = () if earlier is None else tuple(_passed_over(earlier, found))
    compared = trend.Comparison(selection, earlier, passed_over, found.coverage)
    laid_out = options.output_format is None and options.output_file is None
    if laid_out and sys.stdout.isatty():
        lay_out(_rendered(entries, replace(options, output_format="markdown"), compared))
        return 2 if failed else 0
    data = encoded(_rendered(entries, options, compared))
    if options.output_file is None:
        put_bytes(data, sys.stdout)
    else:
        try:
            atomic_write.put(options.output_file, data)
            print(f"Wrote {visible.plain(options.output_file)}.", file=sys.stderr)
        except OSError as reason:
            not_written(options.output_file, reason)
            return 2
    return 2 if failed else 0


_CHOOSING = (
    *("select", "extend-select", "ignore", "per-file-ignores", "sdk-version"),
    *("exclude", "extend-exclude", "respect-gitignore"),
)
"""The settings that decide which findings there are."""


def _selection(options: Options, choose: Choose) -> dict[str, Any]:
    """Which files and rules a report is about. Raises ConfigError."""
    settings = choose(options.home)
    written = written_settings(settings)
    chosen = {name: written[name] for name in _CHOOSING}
    if settings.sdk_version == (requirements.detect(Path(options.home)) or LATEST):
        chosen["sdk-version"] = None  # nobody gave it; a migration raises what is required
    paths = sorted(map(boundaries.name_in_project, options.paths))
    chosen["exclude"] = [*chosen["exclude"], *options.exclude]
    made = {"paths": paths, "owner": sorted(options.owners), **chosen}
    selection: dict[str, Any] = json.loads(json.dumps(made))  # as the earlier report has it
    return selection


def _passed_over(earlier: trend.Earlier, found: FileResults) -> Iterator[str]:
    """The files of an earlier report that are still there, and that this one tells nothing of."""
    unread = {entry.path for entry in found.entries if entry.problem}
    looked = {shown(path) for path in found.coverage.files} - unread
    for path, count in earlier.files.items():
        if count and os.path.normpath(path) not in looked and os.path.lexists(path):
            yield path


def _earlier(file: str) -> trend.Earlier:
    """An earlier report. Raises ConfigError."""
    try:
        return trend.read(regular_files.read(file))
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None)
        why = f"cannot read the earlier report: {said}" if said else str(error)
        raise ConfigError(f"{file}: {why}") from None


def _rendered(entries: Sequence[Entry], options: Options, compared: trend.Comparison) -> str:
    sheets = [Sheet(entry, _link_to(entry, options)) for entry in entries]
    write = formats.writer(formats.MIGRATION, options.output_format or "html")
    written: str = write(sheets, _summaries, os.path.basename(os.getcwd()), compared)
    return written


def _link_to(entry: Entry, options: Options) -> source_links.LinkTo:
    file = os.path.abspath(entry.path)
    path = entry.path
    if options.links is None:
        beside = os.path.dirname(os.path.abspath(options.output_file or "report.html"))
        try:
            path = os.path.relpath(file, beside)
        except ValueError:  # on another drive
            path = ""
    template = options.links or (source_links.RELATIVE if path else "{uri}")
    uri = Path(file).as_uri()
    path = path.replace(os.sep, "/")

    def place(offset: int) -> source_links.SourceLink:
        link = source_links.link(template, path, uri, *entry.in_file(offset))
        return source_links.SourceLink(entry.label(offset), link)

    return place


def _summaries() -> Mapping[str, str]:
    """What the rules find, in their words."""
    from sentry_migrate.rules import RULES

    return {rule.code: rule.summary for rule in RULES.values()}
