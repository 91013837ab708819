"""Findings for people: `full` with the line of code, `concise` with one line each, a summary.

Owns the words and the layout. A line is a list of parts, a part is text or (text, style), so that
the same lines go to a terminal in colour and to a pipe without.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TextIO, TypeAlias

from sentry_migrate.model import Applicability, Assumption, Finding, Fix, Severity
from sentry_migrate.report import visible
from sentry_migrate.report.entry import Coverage, Entry, fixable
from sentry_migrate.report.questions import assumptions, questions, remedy, resting
from sentry_migrate.report.questions import waiting as count_waiting

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
    """`path:row:column: CODE [*] message`, `path:cell number:row:column: …` in a notebook; the star
    means that `--fix` mends it."""
    for entry in entries:
        for finding in entry.findings:
            codes = ", ".join(dict.fromkeys(one.code for one in _assumes(finding)))
            yield [
                (shown(entry), "bold"),
                (f":{entry.label(finding.start)}: ", "cyan"),
                *_headline(finding, entry.unsafe),
                f" (assumes {codes})" if codes else "",
            ]


def grouped(entries: Iterable[Entry]) -> Iterator[Line]:
    """The findings of each file below its name."""
    for entry in entries:
        if entry.findings:
            yield [(shown(entry), "bold"), ":"]
            places = [entry.label(finding.start) for finding in entry.findings]
            width = max(map(len, places))
            for finding, place in zip(entry.findings, places, strict=True):
                yield [(f"  {place:<{width}}  ", "cyan"), *_headline(finding, entry.unsafe)]
            yield [""]


def full(entries: Iterable[Entry]) -> Iterator[Line]:
    """Each finding with its line of code, the fix, why it is unsafe, and the other ways."""
    for entry in entries:
        for finding in entry.findings:
            row, _ = entry.place(finding.start)
            margin = " " * len(str(row))
            yield _headline(finding, entry.unsafe)
            yield [(f"{margin}--> ", "blue"), f"{shown(entry)}:{entry.label(finding.start)}"]
            yield [(f"{margin} |", "blue")]
            code, before, carets = _excerpt(entry, finding.start, finding.end)
            yield [(f"{row} | ", "blue"), code]
            yield [(f"{margin} | ", "blue"), before, (carets, _STYLES[finding.severity])]
            yield from _help(finding, entry)
            yield [""]


def _headline(finding: Finding, unsafe: bool) -> Line:
    star: Line = [("[*] ", "cyan")] if fixable(finding, unsafe) else []
    return [(f"{finding.code} ", _STYLES[finding.severity]), *star, finding.message]


def _assumes(finding: Finding) -> Sequence[Assumption]:
    return finding.fix.assumes if finding.fix is not None else ()


def _help(finding: Finding, entry: Entry) -> Iterator[Line]:
    if finding.fix:
        yield from _describe("help", finding.fix, entry.proved.get((finding.start, 0), 0))
    if finding.remedy:
        yield [("help", "bold green"), f": {finding.remedy}"]
    for number, fix in enumerate(finding.alternatives, 1):
        yield from _describe("or", fix, entry.proved.get((finding.start, number), 0))


def _describe(label: str, fix: Fix, tests: int) -> Iterator[Line]:
    yield [(label, "bold green"), f": {fix.message}"]
    if fix.applicability is not Applicability.SAFE and fix.reason:
        yield [("note", "bold"), f": {fix.applicability.value}: {fix.reason}"]
    for words in assumptions(fix):
        yield [("note", "bold"), f": {words}"]
    if tests:
        said = f": equal in {_count(tests, 'test')} of the project, by `prove`"
        yield [("note", "bold"), said]


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
        at = entry.problem.offset
        place = "" if at is None else f":{entry.label(at)}"
        yield [
            (f"{shown(entry)}{place}: ", "bold"),
            (entry.problem.name, "bold red"),
            f": {entry.problem.message}",
        ]


def changes(
    entries: Iterable[Entry],
    applied: int,
    changed: int,
    assumed: Collection[str] = (),
    ignored: int = 0,
    done: bool = False,
    undo: str = "",
) -> Iterator[Line]:
    """What a diff, or a run that is `done`, comes to, and the codes of what it assumes."""
    problems = sum(entry.problem is not None for entry in entries)
    yield from _failed(problems)
    if applied:
        fixed = "Fixed" if done else "Would fix"
        yield [f"{fixed} {_count(applied, 'finding')} in {_count(changed, 'file')}."]
    if ignored:
        yield _ignored(ignored, "Suppressed" if done else "Would suppress")
    if changed:
        yield from _undo(undo)
        yield from _resting("The fixes that were made" if done else "The changes", assumed)
    elif not problems:
        yield ["Nothing to fix."]


def _ignored(count: int, verb: str) -> Line:
    return [f"{verb} {_count(count, 'finding')} with comments."]


def _undo(command: str) -> Iterator[Line]:
    if command:
        yield [f"`{visible.plain(command)}` restores the files as they were."]


def _failed(problems: int) -> Iterator[Line]:
    if problems:
        yield [("Failed", "bold red"), f" on {_count(problems, 'file')}."]


def summary(
    entries: Sequence[Entry],
    applied: int,
    coverage: Coverage,
    assumed: Collection[str] = (),
    undo: str = "",
    ignored: int = 0,
) -> Iterator[Line]:
    """How many findings remain, how many were fixed, on which assumptions, and how many could be;
    that nothing is left only where nothing may be that was not counted.

    `assumed` are the codes of what the fixes that were made rest on, `undo` is the command that
    takes them back, and `ignored` findings are suppressed by comments that were added.
    """
    total = now = later = problems = 0
    offered: list[Fix | None] = []
    for entry in entries:
        problems += entry.problem is not None
        for finding in entry.findings:
            total += 1
            offered.append(finding.fix)
            now += fixable(finding, entry.unsafe)
            later += fixable(finding, True) and not fixable(finding, entry.unsafe)
    yield from _failed(problems)
    if total or applied:
        found = f"Found {_count(total + applied, 'finding')}"
        yield [f"{found} ({applied} fixed, {total} remaining)." if applied else f"{found}."]
    if ignored:
        yield _ignored(ignored, "Suppressed")
    yield from _undo(undo)
    uncounted = list(_uncounted(entries, coverage))
    if not total and not problems:
        yield _clean(coverage, not uncounted)
    if uncounted:
        yield [f"Not counted: {', '.join(uncounted)}."]
    yield from _resting("The fixes that were made", assumed)
    if now:
        more = f" ({later} more with `--unsafe-fixes`)" if later else ""
        yield [("[*]", "cyan"), f" {_count(now, 'fix', 'fixes')} available with `--fix`{more}."]
    elif later:
        yield [f"{_count(later, 'fix', 'fixes')} available with `--fix --unsafe-fixes`."]
    _, codes = resting(fix for fix in offered if fix is not None)
    yield from _resting("Safe fixes", codes)


def nothing_found(entries: Sequence[Entry], coverage: Coverage) -> tuple[bool, Sequence[Line]]:
    """Whether nothing of 1.x is left where there is no finding, and what there is to say of it."""
    problems = sum(entry.problem is not None for entry in entries)
    uncounted = list(_uncounted(entries, coverage))
    lines = [*_failed(problems)] if problems else [_clean(coverage, not uncounted)]
    if uncounted:
        lines.append([f"Not counted: {', '.join(uncounted)}."])
    return bool(coverage.files) and not problems and not uncounted, lines


def _clean(coverage: Coverage, whole: bool) -> Line:
    """What a run without a finding comes to; `whole` says whether it counted everything."""
    if not coverage.files:
        return ["Nothing was checked: no Python or dependency file was found."]
    files = _count(len(coverage.files), "file")
    if whole:
        return [(f"No sentry-sdk 1.x code is left in {files}.", "bold green")]
    return [f"No finding is left in {files}."]


def _uncounted(entries: Sequence[Entry], coverage: Coverage) -> Iterator[str]:
    """What may be of 1.x too, and is not a finding."""
    if suppressed := sum(entry.suppressed for entry in entries):
        yield f"{_count(suppressed, 'finding')} suppressed by comments"
    if unselected := sum(entry.unselected for entry in entries):
        yield f"{_count(unselected, 'finding')} of rules that are not selected"
    if accepted := sum(entry.accepted for entry in entries):
        yield f"{_count(accepted, 'finding')} accepted by the baseline"
    if unseen := [f"{entry.path}:{line}" for entry in entries for line in entry.unseen]:
        yield f"options of `init()` that the code does not show in {_places(unseen)}"
    spelled = [f"{entry.path}:{line}" for entry in entries for line in entry.spelled]
    if spelled and not any(entry.findings for entry in entries):
        yield f"{_REFUSED}, which `init()` of 2.x refuses, in {_places(spelled)}"
    if excluded := len(coverage.excluded):
        yield _count(excluded, "excluded file or directory", "excluded files or directories")
    if default := len(coverage.by_default):
        count = _count(default, "directory", "directories")
        which = "which is" if default == 1 else "which are"
        yield f"{count} with code that mentions `sentry_sdk`, {which} excluded by default"
    if notebooks := len(coverage.notebooks):
        yield f"{_count(notebooks, 'notebook')} in another language than Python"
    if cut := len(coverage.cut):
        yield f"{_count(cut, 'notebook')} of which not all can be read"


_REFUSED = "`with_locals` or `request_bodies`"
_PLACES = 3
"""Places that are named one by one."""


def _places(every: Sequence[str]) -> str:
    more = f" and {len(every) - _PLACES} more" if len(every) > _PLACES else ""
    return ", ".join(every[:_PLACES]) + more


def _resting(what: str, codes: Collection[str]) -> Iterator[Line]:
    if codes:
        listed = ", ".join(f"`{code}`" for code in codes)
        yield [f"{what} assume {listed}; `--strict` assumes nothing."]


_QUESTIONS = 5
"""As many as a person reads at the end of a run; the report lists all."""


def waiting(entries: Iterable[Entry]) -> Iterator[Line]:
    """The questions whose answers would make fixes safe, those first that settle most."""
    asked = [entry for entry in entries if not entry.unsafe]
    found = questions(one for entry in asked for one in entry.findings)
    strict = any(entry.strict for entry in asked)
    for question in found[:_QUESTIONS]:
        doubt = question.doubt
        yield [f"{count_waiting(question)}: {doubt.question} {remedy(doubt, strict)}"]
    if found:
        more = len(found) - _QUESTIONS
        rest = f"{more} more in `sentry-migrate report`; " if more > 0 else ""
        code = found[0].doubt.code
        yield [f"{rest}`sentry-migrate doubt {code}` says how to find out."]


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


def shown(entry: Entry) -> str:
    """The file's name with what a terminal would act upon, or not show, spelled out."""
    return visible.plain(entry.path)


def plain(line: Line) -> str:
    """The line without styles."""
    return "".join(part if isinstance(part, str) else part[0] for part in line)
