"""What the writers are given: one file with its findings and what went wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sentry_migrate.model import Applicability, CheckResult, Failure, Finding
from sentry_migrate.text.edits import Edit
from sentry_migrate.text.lines import LineIndex
from sentry_migrate.text.notebook import Cell, NotebookSource
from sentry_migrate.text.source import Source

_NAMES = {
    "syntax": "syntax-error",
    "unsupported": "unsupported-syntax",
    "decode": "decode-error",
    "crash": "internal-error",
    "timeout": "timeout",
    "size": "too-large",
    "settings": "settings-error",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file could not be analysed or written."""

    name: str
    """One of the above, or `io-error`."""
    message: str
    offset: int | None = None
    """Where, as a 0-based code point offset; None for the whole file."""

    @classmethod
    def of(cls, failure: Failure) -> Problem:
        """The problem an analysis reports."""
        return cls(_NAMES[failure.kind], failure.message, failure.offset)


OFF = "the setting sentry-migrate.enable is off"
"""Why nothing is known of a file where the editor's settings turn the server off."""


@dataclass(eq=False, slots=True)
class Coverage:
    """What a run looked at, and what it did not."""

    files: set[str] = field(default_factory=set)
    """Paths of the Python and dependency files and notebooks that were read."""
    excluded: set[str] = field(default_factory=set)
    """Paths of what the settings or the command line exclude: directories, and files that mention
    Sentry."""
    by_default: set[str] = field(default_factory=set)
    """Paths of directories with code that mentions the SDK, which are excluded by default."""
    notebooks: set[str] = field(default_factory=set)
    """Paths of notebooks that mention Sentry and are not in Python."""
    mentions: list[str] = field(default_factory=list)
    """What names a sentry-sdk 1.x, or an option of it, in files that nobody here understands:
    `sentry-sdk==1.45.1 in a.nix:3`."""
    cut: set[str] = field(default_factory=set)
    """Paths of notebooks of which not all can be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file. Offsets in findings count in `lines.text`."""

    path: str
    """As it is to be shown."""
    lines: LineIndex
    findings: tuple[Finding, ...] = ()
    problem: Problem | None = None
    unsafe: bool = False
    """Whether unsafe fixes are asked for here."""
    suppressed: int = 0
    """How many findings comments suppress."""
    unselected: int = 0
    """How many more rules of the migration would have, that the settings do not select."""
    unseen: tuple[int, ...] = ()
    """The lines where `init()` gets options that the code does not show."""
    spelled: tuple[int, ...] = ()
    """The lines that spell an option that 2.x refuses, of which nothing is known."""
    hubs: tuple[int, ...] = ()
    """The lines that use something as a hub of which nothing is known."""
    worked_out: tuple[int, ...] = ()
    """The lines with names of the SDK that the code does not show, or has as text."""
    off: bool = False
    """Whether nothing was looked for: the editor's settings turn the server off here."""
    accepted: int = 0
    """How many more findings the baseline accepts."""
    fixed: bool = False
    """Whether the findings were fixed: `lines` are the text before."""
    proved: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """By offset of a finding and which of its rewrites, 0 for the preferred: in how many of the
    project's tests it ran and was equal."""
    notebook: NotebookSource | None = None
    """Where `lines` are in a notebook, if the file is one."""
    strict: bool = False
    """Whether the settings assume nothing."""

    @classmethod
    def of(cls, path: str, source: Source, findings: tuple[Finding, ...] = ()) -> Entry:
        """What was found in a text."""
        notebook = source if isinstance(source, NotebookSource) else None
        return cls(path, LineIndex(source.text), findings, notebook=notebook)

    def with_result(self, result: CheckResult) -> Entry:
        """The entry with all that an analysis of its text says."""
        return replace(
            self,
            findings=result.findings,
            problem=Problem.of(result.failure) if result.failure else None,
            suppressed=result.suppressed,
            unselected=result.unselected,
            unseen=result.unseen,
            spelled=result.spelled,
            hubs=result.hubs,
            worked_out=result.worked_out,
            off=result.off,
        )

    def place(self, offset: int) -> tuple[int, int]:
        """(row, column) of an offset, both 1-based, the column in code points; in a notebook, in
        the cell."""
        line, column = self.lines.position(offset)
        cell = self._cell(offset)
        return line + 1 - (self.lines.line_of(cell.start) if cell is not None else 0), column + 1

    def cell(self, offset: int) -> int | None:
        """The number, from 1, of the cell that holds an offset; None outside of notebooks."""
        cell = self._cell(offset)
        return None if cell is None else cell.number

    def label(self, offset: int) -> str:
        """`row:column` of an offset, in a notebook after `cell number:`."""
        row, column = self.place(offset)
        cell = self.cell(offset)
        return f"{row}:{column}" if cell is None else f"cell {cell}:{row}:{column}"

    def in_file(self, offset: int) -> tuple[LineIndex, int]:
        """The file's own text, of which `lines` are a part in a notebook, and where an offset is
        there."""
        if self.notebook is None:
            return self.lines, offset
        return self.notebook.file, self.notebook.offset_in_file(offset)

    def place_in_file(self, offset: int) -> tuple[int, int]:
        """(row, column) of an offset as `place` has it, in the file's own text."""
        lines, at = self.in_file(offset)
        line, column = lines.position(at)
        return line + 1, column + 1

    def edits_in_cells(self, edits: Sequence[Edit]) -> Sequence[Edit]:
        """Edits of the text, in a notebook each in one cell."""
        return edits if self.notebook is None else self.notebook.edits_in_cells(edits)

    def edits_in_file(self, edits: Sequence[Edit]) -> Sequence[Edit]:
        """What edits of the text come to in the file's own."""
        return edits if self.notebook is None else self.notebook.edits_in_file(edits)

    def _cell(self, offset: int) -> Cell | None:
        return None if self.notebook is None else self.notebook.cell_at(offset)


def fixable(finding: Finding, unsafe: bool) -> bool:
    """Whether `--fix` (with `unsafe`: and `--unsafe-fixes`) applies the finding's fix."""
    fix = finding.fix
    return fix is not None and (
        fix.applicability is Applicability.SAFE
        or (unsafe and fix.applicability is Applicability.UNSAFE)
    )
