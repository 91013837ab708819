"""`sentry-migrate report`: how much is left to migrate, as a page, Markdown or JSON.

Owns where the report goes, what its links lead to and the exit code. Files are found and analysed
as `check` does it; counting and writing are `report/`'s.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sentry_migrate.cli.choose import Choose
from sentry_migrate.cli.gather import FAILED, Selection, analysed, gather
from sentry_migrate.cli.output import error
from sentry_migrate.engine import write
from sentry_migrate.report import html, json, places, summary
from sentry_migrate.report.entry import Entry, Problem
from sentry_migrate.report.listing import Sheet
from sentry_migrate.text.lines import LineIndex


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed, settings aside."""

    paths: tuple[str, ...]
    output_format: str = "html"
    """`html`, `markdown` or `json`."""
    output_file: str | None = None
    """None for standard output."""
    links: str | None = None
    """A template of report/places.py; None for links from the report's place to the files."""
    exclude: tuple[str, ...] = ()
    jobs: int = 1


def run(options: Options, choose: Choose) -> int:
    """Analyse and report; the exit code. Raises ConfigError before anything is written."""
    jobs, entries = gather(Selection(options.paths, options.exclude), choose)
    entries += (entry for _, _, entry in analysed(jobs, options.jobs))
    for entry in entries:
        if entry.problem:
            error(entry)
    failed = any(entry.problem and entry.problem.name in FAILED for entry in entries)
    data = _rendered(entries, options).encode()
    if options.output_file is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        try:
            write.put(options.output_file, data)
        except OSError as reason:
            problem = Problem("io-error", f"not written: {reason.strerror or reason}")
            error(Entry(options.output_file, LineIndex(""), (), problem))
            return 2
    return 2 if failed else 0


def _rendered(entries: Sequence[Entry], options: Options) -> str:
    if options.output_format == "html":
        sheets = [Sheet(entry, _places(entry, options)) for entry in entries]
        return html.page(sheets, _summaries(entries), os.path.basename(os.getcwd()))
    counted = summary.summarize(entries)
    if options.output_format == "json":
        return json.text(summary.data(counted))
    return summary.markdown(counted)


def _places(entry: Entry, options: Options) -> places.Places:
    file = os.path.abspath(entry.path)
    path = entry.path
    if options.links is None:
        beside = os.path.dirname(os.path.abspath(options.output_file or "report.html"))
        try:
            path = os.path.relpath(file, beside)
        except ValueError:  # on another drive
            path = ""
    template = options.links or (places.RELATIVE if path else "{uri}")
    uri = Path(file).as_uri()
    return places.in_file(template, path.replace(os.sep, "/"), uri, entry.lines)


def _summaries(entries: Sequence[Entry]) -> Mapping[str, str]:
    """What the rules find, in their words. Without findings the rules are not even loaded."""
    if not any(entry.findings for entry in entries):
        return {}
    from sentry_migrate.rules import RULES

    return {rule.code: rule.summary for rule in RULES.values()}
