"""What the formats for other programs have in common: a finding or a problem as one item.

Owns names of files as other programs resolve them, from the working directory with forward
slashes, and fingerprints that stay the same while other lines are added or fixed.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sentry_migrate.model import Finding, Severity
from sentry_migrate.project.boundaries import name_in_project
from sentry_migrate.report.entry import Entry
from sentry_migrate.report.surroundings import after, around, code_of_line, is_repeated
from sentry_migrate.text.edits import Edit

LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "note",
    Severity.HINT: "note",
}
"""Of an item, in the words that most formats share."""


_CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Variables with the directory in which GitHub or GitLab has checked out a repository."""


@dataclass(frozen=True, slots=True)
class Item:
    """A finding, or why a file has none."""

    entry: Entry
    code: str
    """Of the rule, or the name of the problem."""
    message: str
    start: int
    end: int
    """0-based code point offsets, the end exclusive."""
    severity: Severity
    finding: Finding | None = None

    @property
    def file(self) -> str:
        """The file's name."""
        return file_of(self.entry)

    @property
    def file_in_repository(self) -> str:
        """The file's name from the root of the repository that a CI job has checked out, which
        shows the item there; where no such job runs, as `file`."""
        roots = (os.environ.get(name) for name in _CHECKOUTS)
        path = os.path.realpath(self.entry.path)
        for root in map(os.path.realpath, filter(None, roots)):
            if path.startswith(os.path.join(root, "")):
                return os.path.relpath(path, root).replace(os.sep, "/")
        return self.file

    @property
    def url(self) -> str:
        """The page of the rule; empty for a problem."""
        return self.finding.url if self.finding is not None else ""

    @property
    def level(self) -> str:
        """One of `LEVELS`."""
        return LEVELS[self.severity]

    @property
    def advice(self) -> str:
        """What to do about it: by a fix, or by hand; empty for a problem."""
        if self.finding is None:
            return ""
        return self.finding.fix.message if self.finding.fix is not None else self.finding.remedy

    @property
    def code_line(self) -> str:
        """The line of code where it begins."""
        return code_of_line(self.entry.lines, self.entry.lines.line_of(self.start))

    @property
    def scope(self) -> str:
        """The names of the functions and classes around it, with dots between."""
        return around(self.entry.lines)[self.entry.lines.line_of(self.start)]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Of the preferred fix."""
        fix = self.finding.fix if self.finding is not None else None
        return fix.edits if fix is not None else ()


def file_of(entry: Entry) -> str:
    """The name of a file."""
    return entry.path.replace(os.sep, "/")


def items(entries: Iterable[Entry]) -> Iterator[Item]:
    """One item for each problem and finding, by file and place."""
    for entry in entries:
        if entry.problem is not None:
            at = entry.problem.offset or 0
            name, message = entry.problem.name, entry.problem.message
            yield Item(entry, name, message, at, at, Severity.ERROR)
        for one in entry.findings:
            yield Item(entry, one.code, one.message, one.start, one.end, one.severity, one)


def fingerprints(found: Iterable[Item]) -> Iterator[tuple[Item, str]]:
    """Each item with its fingerprint: of the file, the rule, the text of the line, the functions
    and classes around it, and which of those on the line it is, of how many. Where the same line
    is there more than once, the next line counts too: a fingerprint is never that of another item
    because the first was fixed, and that of a line that is there once stays while others are."""
    return ((item, names[0]) for item, names in all_names(found))


def all_names(found: Iterable[Item]) -> Iterator[tuple[Item, tuple[str, str]]]:
    """Each item with its fingerprint, and with the one that it has, or had, where the same line is
    there more than once."""
    files: dict[str, str] = {}  # asking for one looks at all directories above it
    every = []
    for item in found:
        path = item.entry.path
        if path not in files:  # standard input has no place
            files[path] = name_in_project(path) if os.path.lexists(path) else item.file
        every.append((item, *_alike(item, files[path])))
    own = _numbered((item, alike) for item, alike, _ in every)
    beside = _numbered((item, alike) for item, _, alike in every)
    return (
        (item, names)
        for (item, *_), names in zip(every, zip(own, beside, strict=True), strict=True)
    )


def _numbered(every: Iterable[tuple[Item, str]]) -> Iterator[str]:
    """The fingerprint of each, of what it is alike in, which one it is, and of how many."""
    every = list(every)
    counts = Counter((id(item.entry), alike) for item, alike in every)
    seen: Counter[tuple[int, str]] = Counter()
    for item, alike in every:
        key = (id(item.entry), alike)
        seen[key] += 1
        made = f"{alike}\0{seen[key]}\0{counts[key]}".encode("utf-8", "surrogatepass")
        yield hashlib.blake2b(made, digest_size=16).hexdigest()


def _alike(item: Item, file: str) -> tuple[str, str]:
    """What counts of an item, and what does where the line is there more than once. `file` is its
    name from the root of its project, wherever the run began."""
    lines = item.entry.lines
    line = lines.line_of(item.start)
    own = "\0".join((file, item.code, item.code_line, item.scope))
    beside = f"{own}\0{after(lines, line)}"
    return beside if is_repeated(lines, line) else own, beside
