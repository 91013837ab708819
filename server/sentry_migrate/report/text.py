"""Findings for people: `full` with the line of code, `concise` with one line each, a summary.

Owns the words and the layout. A line is a list of parts, a part is text or (text, style), so that
the same lines go to a terminal in colour and to a pipe without.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeAlias

from sentry_migrate.model import Applicability, Finding, Fix, Severity
from sentry_migrate.report.entry import Entry, fixable

Part: TypeAlias = "str | tuple[str, str]"
Line: TypeAlias = "list[Part]"

_STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.INFORMATION: "bold cyan",
    Severity.HINT: "bold blue",
}
_TAB = 4


def concise(entries: Iterable[Entry]) -> Iterator[Line]:
    """`path:row:column: CODE [*] message`; the star means that `--fix` mends it."""
    for entry in entries:
        for finding in entry.findings:
            row, column = entry.place(finding.start)
            yield [
                (entry.path, "bold"),
                (f":{row}:{column}: ", "cyan"),
                *_headline(finding, entry.unsafe),
            ]


def full(entries: Iterable[Entry]) -> Iterator[Line]:
    """Each finding with its line of code, the fix, why it is unsafe, and the other ways."""
    for entry in entries:
        for finding in entry.findings:
            row, column = entry.place(finding.start)
            margin = " " * len(str(row))
            yield _headline(finding, entry.unsafe)
            yield [(f"{margin}--> ", "blue"), f"{entry.path}:{row}:{column}"]
            yield [(f"{margin} |", "blue")]
            code, before, carets = _excerpt(entry, finding.start, finding.end)
            yield [(f"{row} | ", "blue"), code]
            yield [(f"{margin} | ", "blue"), before, (carets, _STYLES[finding.severity])]
            yield from _help(finding)
            yield [""]


def _headline(finding: Finding, unsafe: bool) -> Line:
    star: Line = [("[*] ", "cyan")] if fixable(finding, unsafe) else []
    return [(f"{finding.code} ", _STYLES[finding.severity]), *star, finding.message]


def _help(finding: Finding) -> Iterator[Line]:
    if finding.fix:
        yield from _describe("help", finding.fix)
    if finding.remedy:
        yield [("help", "bold green"), f": {finding.remedy}"]
    for fix in finding.alternatives:
        yield from _describe("or", fix)


def _describe(label: str, fix: Fix) -> Iterator[Line]:
    yield [(label, "bold green"), f": {fix.message}"]
    if fix.applicability is not Applicability.SAFE and fix.reason:
        yield [("note", "bold"), f": {fix.applicability.value}: {fix.reason}"]


def _excerpt(entry: Entry, start: int, end: int) -> tuple[str, str, str]:
    """The line of code, and what to put below it: blanks and carets.

    Characters a terminal would act on are made visible; a span of several lines is marked on its
    first line.
    """
    lines = entry.lines
    line = lines.line_of(start)
    first, last = lines.start(line), lines.end(line)
    before = _visible(lines.text[first:start])
    marked = _visible(lines.text[start : min(end, last)])
    code = before + marked + _visible(lines.text[min(end, last) : last])
    return code.rstrip(), " " * _width(before), "^" * max(1, _width(marked))


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        " " * _TAB if char == "\t" else char if char.isprintable() else "\ufffd" for char in text
    )


def _width(text: str) -> int:
    """Columns of a terminal that `text` takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def problem(entry: Entry) -> Iterator[Line]:
    """Why a file was not analysed or not written."""
    if entry.problem:
        row, column = entry.place(entry.problem.offset)
        place = f":{row}:{column}" if entry.problem.name == "syntax-error" else ""
        yield [
            (f"{entry.path}{place}: ", "bold"),
            (entry.problem.name, "bold red"),
            f": {entry.problem.message}",
        ]


def would_fix(applied: int, changed: int) -> Iterator[Line]:
    """What a diff comes to."""
    if changed:
        yield [f"Would fix {_count(applied, 'finding')} in {_count(changed, 'file')}."]
    else:
        yield ["Nothing to fix."]


def summary(entries: Iterable[Entry], applied: int) -> Iterator[Line]:
    """How many findings remain, how many were fixed, and how many could be."""
    total = now = later = problems = 0
    for entry in entries:
        problems += entry.problem is not None
        for finding in entry.findings:
            total += 1
            now += fixable(finding, entry.unsafe)
            later += fixable(finding, True) and not fixable(finding, entry.unsafe)
    if problems:
        yield [("Failed", "bold red"), f" on {_count(problems, 'file')}."]
    if not total and not applied:
        if not problems:
            yield [("No sentry-sdk 1.x code found.", "bold green")]
        return
    found = f"Found {_count(total + applied, 'finding')}"
    yield [f"{found} ({applied} fixed, {total} remaining)." if applied else f"{found}."]
    if now:
        more = f" ({later} more with `--unsafe-fixes`)" if later else ""
        yield [("[*]", "cyan"), f" {_count(now, 'fix', 'fixes')} available with `--fix`{more}."]
    elif later:
        yield [f"{_count(later, 'fix', 'fixes')} available with `--fix --unsafe-fixes`."]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def show(lines: Iterable[Line], stream: TextIO) -> None:
    """Write lines, in colour if `stream` is a terminal (and NO_COLOR and its kin allow it)."""
    if stream.isatty() or os.environ.get("FORCE_COLOR"):
        from rich.console import Console
        from rich.text import Text

        console = Console(file=stream, soft_wrap=True, highlight=False)
        for line in lines:
            console.print(Text.assemble(*line))
    else:
        stream.writelines(plain(line) + "\n" for line in lines)


def plain(line: Line) -> str:
    """The line without styles."""
    return "".join(part if isinstance(part, str) else part[0] for part in line)
