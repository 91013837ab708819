"""How much is left to migrate: counts by file, by rule and by what can be done, and two writers.

Owns the counting for the command line and the server alike; the server imports this, so it knows
findings and nothing of the analysis. The page with the findings themselves is `html.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sentry_migrate.model import Applicability, Finding
from sentry_migrate.report.entry import OFF, Coverage, Entry, Problem
from sentry_migrate.report.questions import Question, questions, remedy, waiting
from sentry_migrate.report.uncounted import uncounted
from sentry_migrate.report.visible import fence, plain

Kind = Literal["safe", "unsafe", "manual"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Findings by what can be done."""

    safe: int = 0
    unsafe: int = 0
    manual: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.safe + self.unsafe + self.manual

    def __add__(self, other: Counts) -> Counts:
        """The counts of both."""
        return Counts(
            self.safe + other.safe, self.unsafe + other.unsafe, self.manual + other.manual
        )


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """One rule's findings."""

    code: str
    name: str
    url: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Summary:
    """What some files come to."""

    examined: int
    """Files that were looked at: those that mention the SDK."""
    total: Counts
    files: tuple[tuple[str, Counts], ...]
    """The files with findings, most first, equals in the order they were given."""
    rules: tuple[RuleCounts, ...]
    """By code."""
    problems: tuple[tuple[str, Problem], ...]
    """The files that could not be analysed, in the order they were given."""
    questions: tuple[Question, ...] = ()
    """What the unsafe fixes wait for, those first that settle most."""
    strict: bool = False
    """Whether no answer makes fixes safe, by the settings."""
    looked: int | None = None
    """How many files there were to look at, also without a use of the SDK; None if nobody knows."""
    off: bool = False
    """Whether the editor's settings turn the server off for all files."""
    uncounted: tuple[str, ...] = ()
    """What may be of 1.x, too, and is not a finding."""


def kind(finding: Finding) -> Kind:
    """What can be done; a fix that nobody applies is a help for doing it by hand."""
    fix = finding.fix
    if fix is None or fix.applicability is Applicability.DISPLAY:
        return "manual"
    return "safe" if fix.applicability is Applicability.SAFE else "unsafe"


def count(findings: Iterable[Finding]) -> Counts:
    """The findings by what can be done."""
    kinds = [kind(finding) for finding in findings]
    return Counts(kinds.count("safe"), kinds.count("unsafe"), kinds.count("manual"))


def summarize(entries: Iterable[Entry], coverage: Coverage | None = None) -> Summary:
    """Count. `coverage` is what was looked at, if that is known."""
    entries = list(entries)
    examined, strict = 0, False
    files: dict[str, Counts] = {}
    problems: list[tuple[str, Problem]] = []
    fired: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for entry in entries:
        examined += 1
        strict |= entry.strict
        if entry.problem:
            problems.append((entry.path, entry.problem))
        for finding in entry.findings:
            fired[finding.code, finding.name].append(finding)
        if entry.findings:
            files[entry.path] = files.get(entry.path, Counts()) + count(entry.findings)
    rules = tuple(
        RuleCounts(code, name, found[0].url, count(found))
        for (code, name), found in sorted(fired.items())
    )
    ranked = sorted(files.items(), key=lambda file: -file[1].total)
    total = sum((counts for _, counts in ranked), Counts())
    looked = None if coverage is None else len(coverage.files)
    unclear = tuple(uncounted(entries, coverage or Coverage()))
    asked = questions(finding for found in fired.values() for finding in found)
    off = bool(entries) and all(entry.off for entry in entries)
    return Summary(
        examined, total, tuple(ranked), rules, tuple(problems), asked, strict, looked, off, unclear
    )


def data(summary: Summary) -> dict[str, Any]:
    """As plain values: what the server answers, and the JSON of the command line."""
    return {
        "findings": summary.total.total,
        "examined": summary.examined,
        "files": {path: counts.total for path, counts in summary.files},
        "rules": [
            {
                "code": rule.code,
                "name": rule.name,
                "safe": rule.counts.safe,
                "unsafe": rule.counts.unsafe,
                "manual": rule.counts.manual,
            }
            for rule in summary.rules
        ],
        "doubts": [
            {
                "code": one.doubt.code,
                "question": one.doubt.question,
                "alone": one.alone,
                "together": one.together,
            }
            for one in summary.questions
        ],
        "failures": {path: said(problem) for path, problem in summary.problems},
    }


def said(problem: Problem) -> str:
    """Why a file could not be analysed, in a line."""
    return f"{problem.name}: {problem.message}"


def headline(summary: Summary) -> str:
    """The outcome in a sentence."""
    if summary.total.total:
        uses, files = summary.total.total, len(summary.files)
        return f"{plural(uses, 'use')} of the sentry-sdk 1.x API in {plural(files, 'file')}."
    if summary.problems:
        return "No uses of the sentry-sdk 1.x API were found in what could be analysed."
    if summary.off:
        return f"Nothing was checked: {OFF}."
    if summary.looked == 0:
        return "Nothing was checked: no Python or dependency file was found."
    where = "" if summary.looked is None else f" in {plural(summary.looked, 'file')}"
    if summary.uncounted:
        return f"No finding is left{where}. Not counted: {plain(', '.join(summary.uncounted))}."
    return f"No uses of the sentry-sdk 1.x API are left{where}."


def plural(number: int, word: str, several: str = "") -> str:
    """`1 file`, `1,234 files`; `several` is the plural that is not made with an s."""
    return f"{number:,} {word if number == 1 else several or word + 's'}"


def markdown(summary: Summary) -> str:
    """For an issue or a pull request: tables by rule and by file, and what was not analysed."""
    parts = [headline(summary)]
    if summary.total.total:
        rules = ((f"{rule.code} {rule.name}", rule.counts) for rule in summary.rules)
        files = ((_code(path), counts) for path, counts in summary.files)
        parts += [_table("rule", rules), _table("file", files)]
    if summary.questions:
        asked = (
            f"- {waiting(one)}: {one.doubt.question} {remedy(one.doubt, summary.strict)}"
            for one in summary.questions
        )
        parts += ["Answers that would make fixes safe:", "\n".join(asked)]
    if summary.problems:
        failed = plural(len(summary.problems), "file")
        lines = (f"- {_code(path)}: {plain(said(why))}" for path, why in summary.problems)
        parts += [f"{failed} could not be analysed:", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _table(title: str, rows: Iterable[tuple[str, Counts]]) -> str:
    lines = [f"| {title} | safe fix | unsafe fix | by hand |", "|---|--:|--:|--:|"]
    lines += [f"| {name} | {of.safe} | {of.unsafe} | {of.manual} |" for name, of in rows]
    return "\n".join(lines)


def _code(name: str) -> str:
    """A name as code, whatever it holds. A table's cell ends at a bar even in code."""
    name = plain(name).replace("|", "\\|")
    mark = fence(name)
    return f"{mark}{name}{mark}" if len(mark) == 1 else f"{mark} {name} {mark}"
