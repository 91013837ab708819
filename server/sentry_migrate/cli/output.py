"""Where each part of a report goes: findings to one stream, problems to standard error."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from sentry_migrate.report import json, statistics, text
from sentry_migrate.report.entry import Entry


def report(
    entries: Sequence[Entry],
    applied: int,
    output_format: str,
    counts: bool,
    quiet: bool,
    stream: TextIO,
) -> None:
    """Write findings, or with `counts` how often each rule fired, and a summary to `stream`.

    `applied` findings were fixed and are not among `entries`.
    """
    if output_format == "json":
        table = statistics.count(entries) if counts else ()
        stream.write(statistics.dumps(table) if counts else json.dumps(entries))
        return
    if counts:
        text.show(statistics.table(statistics.count(entries)), stream)
    elif output_format == "concise":
        text.show(text.concise(entries), stream)
    else:
        text.show(text.full(entries), stream)
    if not quiet:
        text.show(text.summary(entries, applied), stream)


def error(entry: Entry) -> None:
    """Say what went wrong with a file."""
    text.show(text.problem(entry), sys.stderr)


def would_fix(applied: int, changed: int) -> None:
    """Say how much a diff covers."""
    text.show(text.would_fix(applied, changed), sys.stderr)
