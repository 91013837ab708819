"""Where each part of a report goes: findings to one stream, problems to standard error."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from typing import TextIO

from sentry_migrate.project import atomic_write
from sentry_migrate.report import formats, statistics, text, visible
from sentry_migrate.report.entry import Coverage, Entry, Problem
from sentry_migrate.text.lines import LineIndex


def report(
    entries: Sequence[Entry],
    output_format: str,
    stream: TextIO,
    *,
    coverage: Coverage,
    counts: bool,
    quiet: bool,
    file: str | None,
    fixed: Sequence[Entry],
    applied: int,
    assumed: Collection[str],
    ignored: int,
    undo: str,
) -> None:
    """Write findings, or with `counts` how often each rule fired, and a summary to `stream`; with
    `file`, the findings to that and the summary after them. Raises OSError for such a file.

    `applied` findings were fixed: they are in `fixed`. `assumed` are the codes of the doubts that
    their fixes rest on, `coverage` is what was looked at. `undo` is the command that undoes
    the run, if it wrote files; `ignored` findings are suppressed by comments that it added.
    """
    if counts:
        written = formats.writer(formats.STATISTICS, output_format)(statistics.count(entries))
    else:
        written = formats.findings(output_format, entries, fixed)
    alone = isinstance(written, str)
    if file is not None:
        lines = written if alone else "".join(f"{text.plain(line)}\n" for line in written)
        atomic_write.put(file, encoded(lines))
    elif alone:
        put(written, stream)
    else:
        text.show(written, stream)
    if alone and file is None:
        return
    if not quiet:
        if counts and any(entry.findings for entry in entries):
            text.show([statistics.LEGEND], stream)
        text.show(text.summary(entries, applied, coverage, assumed, undo, ignored), stream)
        text.show(text.waiting(entries), stream)


def put(written: str, stream: TextIO) -> None:
    """Write what programs read: in UTF-8, whatever a terminal here shows."""
    put_bytes(encoded(written), stream)


def lay_out(markdown: str) -> None:
    """Show Markdown to a person at a terminal."""
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))


def columns(rows: Iterable[Sequence[str]], stream: TextIO) -> None:
    """Write rows below each other; a terminal that is too narrow gets the last column in lines."""
    rows = list(rows)
    if stream.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        for _ in rows[0][:-1]:
            table.add_column(no_wrap=True)
        for row in rows:
            table.add_row(*map(Text, row))
        Console(file=stream).print(table)
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        put("  ".join(padded).rstrip() + "\n", stream)


def put_bytes(data: bytes, stream: TextIO) -> None:
    """Write bytes after all that was written before."""
    stream.flush()
    stream.buffer.write(data)
    stream.buffer.flush()


def encoded(written: str) -> bytes:
    """The text in UTF-8; bytes of a file name that are not UTF-8 are escaped."""
    return written.encode("utf-8", "backslashreplace")


def not_written(file: str, reason: OSError) -> None:
    """Report why a file was not written."""
    trouble(file, f"not written: {reason.strerror or reason}")


def trouble(file: str, message: str) -> None:
    """Say what went wrong with a file that is not among those that were analysed."""
    error(Entry(file, LineIndex(""), (), Problem("io-error", message)))


def say(line: str, stream: TextIO) -> None:
    """Write a line for a person."""
    text.show([[visible.plain(line)]], stream)


def error(entry: Entry) -> None:
    """Say what went wrong with a file."""
    text.show(text.problem(entry), sys.stderr)


def changes(
    entries: Iterable[Entry],
    applied: int,
    changed: int,
    assumed: Collection[str],
    ignored: int,
    *,
    done: bool = False,
    undo: str = "",
) -> None:
    """Say how much a diff covers, or what was `done`."""
    text.show(text.changes(entries, applied, changed, assumed, ignored, done, undo), sys.stderr)
