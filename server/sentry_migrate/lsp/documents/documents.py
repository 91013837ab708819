"""What the client has open: one immutable snapshot per version.

Owns the text of documents and the unit each belongs to: a file alone, or all code cells of a
notebook as one source. Refuses to know findings. Positions are the client's, offsets are 0-based
code points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from lsprotocol import types

from sentry_migrate.lsp.documents import notebooks
from sentry_migrate.lsp.documents.uris import key, path_of, same
from sentry_migrate.project.dependency_files import kind_of
from sentry_migrate.text import cells
from sentry_migrate.text.edits import Edit, apply, between
from sentry_migrate.text.lines import Encoding, LineIndex
from sentry_migrate.text.notebook import is_notebook

PYTHON = "python"

Batch = tuple[Edit, ...]
"""Edits by position that count in one and the same text."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One version of one document."""

    uri: str
    version: int
    language: str
    lines: LineIndex

    @property
    def text(self) -> str:
        """The text as the client holds it."""
        return self.lines.text


@dataclass(frozen=True, slots=True)
class Part:
    """A document inside a unit; `start` is where its text begins in the unit's."""

    snapshot: Snapshot
    start: int
    cell: int | None = None
    """Which it is of all cells of a notebook, from 1."""

    @property
    def end(self) -> int:
        """Where its text ends in the unit's."""
        return self.start + len(self.snapshot.text)


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """What is analysed as one text. Two units are the same only if they are one object."""

    uri: str
    text: str
    parts: tuple[Part, ...]
    notebook: bool = False
    serial: int = field(default_factory=count(1).__next__)
    """Names this object to the client, in an action it may resolve later."""

    @property
    def path(self) -> str | None:
        """The file's path; None for an untitled document or another scheme."""
        return path_of(self.uri)

    @property
    def current(self) -> bool:
        """Whether it is a file, or is to become one; other schemes show what is kept elsewhere."""
        scheme, colon, _ = self.uri.partition(":")
        return not colon or scheme in ("file", "untitled")

    @property
    def body(self) -> str:
        """The text of all parts."""
        return self.text[: self.parts[-1].end + 1] if self.parts else ""

    @property
    def python(self) -> bool:
        """Whether it is Python source."""
        return any(part.snapshot.language == PYTHON for part in self.parts)

    @property
    def relevant(self) -> bool:
        """Whether it is Python, or a file that says what a project depends on."""
        return self.python or kind_of(self.path) is not None

    def locate(self, start: int, end: int) -> Part | None:
        """The part that holds a whole span; None if none does."""
        for part in self.parts:
            if part.start <= start and end <= part.end:
                return part
        return None

    def pieces(self, edits: Iterable[Edit]) -> list[tuple[Part, Edit]] | None:
        """The edits, each with the part it is in; None if one cannot be made in single parts, see
        `cells.cut`."""
        if not self.notebook:
            return [(self.parts[0], edit) for edit in edits]
        own = [(part.start, part.snapshot.text) for part in self.parts]
        found = cells.cut(self.text, own, edits)
        return None if found is None else [(self.parts[at], edit) for at, edit in found]

    def part(self, uri: str) -> Part | None:
        """The part that is the document `uri`."""
        return next((part for part in self.parts if same(part.snapshot.uri, uri)), None)


@dataclass(slots=True)
class Documents:
    """Every open document. Only the handlers of text synchronisation change it."""

    encoding: Encoding = "utf-16"
    _units: dict[str, Unit] = field(default_factory=dict)
    _notebooks: dict[str, notebooks.Notebook] = field(default_factory=dict)
    _cells: dict[str, Snapshot] = field(default_factory=dict)
    _owner: dict[str, str] = field(default_factory=dict)
    _raw: dict[str, Unit] = field(default_factory=dict)
    """Files of notebooks that are open as what they are, which is JSON: no unit of code."""

    def __iter__(self) -> Iterator[Unit]:
        """The units, files and notebooks alike."""
        return iter(tuple(self._units.values()))

    def modules(self) -> dict[str, str]:
        """By path, the texts of those that are Python modules."""
        return {
            path: unit.text
            for unit in self
            if (path := unit.path) is not None and unit.python and not unit.notebook
        }

    def get(self, uri: str) -> Unit | None:
        """The unit a document, cell or notebook belongs to."""
        name = key(uri)
        return self._units.get(self._owner.get(name, name))

    def raw(self) -> dict[str, str]:
        """By path, the JSON of notebooks that are open as such."""
        return {path: unit.text for unit in self._raw.values() if (path := unit.path) is not None}

    def open(self, item: types.TextDocumentItem) -> Unit:
        """A text document was opened."""
        return self._put(_snapshot(item))

    def change(
        self,
        identifier: types.VersionedTextDocumentIdentifier,
        changes: Sequence[types.TextDocumentContentChangeEvent],
    ) -> tuple[Unit, list[Batch]] | None:
        """A text document changed. Each batch of edits counts in the text the ones before it left.

        None for a document that is not open, or a version that is not newer.
        """
        name = key(identifier.uri)
        unit = self._raw.get(name) or self._units.get(name)
        if unit is None or unit.notebook:
            return None
        old = unit.parts[0].snapshot
        if identifier.version <= old.version:
            return None
        lines, batches = apply_changes(old.lines, changes, self.encoding)
        return self._put(Snapshot(old.uri, identifier.version, old.language, lines)), batches

    def close(self, uri: str) -> Unit | None:
        """A text document was closed."""
        name = key(uri)
        return (self._raw if name in self._raw else self._units).pop(name, None)

    def _put(self, snapshot: Snapshot) -> Unit:
        unit = Unit(snapshot.uri, snapshot.text, (Part(snapshot, 0),))
        raw = is_notebook(snapshot.uri) and not unit.python
        (self._raw if raw else self._units)[key(snapshot.uri)] = unit
        return unit

    def open_notebook(self, params: types.DidOpenNotebookDocumentParams) -> Unit:
        """A notebook was opened."""
        document = params.notebook_document
        self._notebooks[key(document.uri)] = notebooks.opened(document)
        self._open_cells(key(document.uri), params.cell_text_documents)
        return self._join(key(document.uri))

    def change_notebook(
        self, params: types.DidChangeNotebookDocumentParams
    ) -> tuple[Unit, list[Batch], list[str]] | None:
        """A notebook changed: the unit, the edits to it, and URIs that are no longer its parts.

        None for a notebook that is not open, or a version that is older.
        """
        name = key(params.notebook_document.uri)
        old = self._units.get(name)
        notebook = self._notebooks.get(name)
        version = params.notebook_document.version
        # Editors may send several changes of one version.
        if old is None or notebook is None or version < notebook.version:
            return None
        self._notebooks[name] = notebooks.changed(notebook, version, params.change)
        cells = params.change.cells
        if cells is not None and cells.structure is not None:
            for item in cells.structure.did_close or ():
                self._forget_cell(item.uri)
            self._open_cells(name, cells.structure.did_open or ())
        for content in (cells.text_content or ()) if cells is not None else ():
            cell = self._cells.get(key(content.document.uri))
            if cell is not None:
                lines, _ = apply_changes(cell.lines, content.changes, self.encoding)
                self._cells[key(cell.uri)] = Snapshot(
                    cell.uri, content.document.version, cell.language, lines
                )
        unit = self._join(name)
        left = {part.snapshot.uri for part in old.parts}
        left.difference_update(part.snapshot.uri for part in unit.parts)
        return unit, [(between(old.body, unit.body),)], sorted(left)

    def close_notebook(self, params: types.DidCloseNotebookDocumentParams) -> Unit | None:
        """A notebook was closed."""
        name = key(params.notebook_document.uri)
        for item in params.cell_text_documents:
            self._forget_cell(item.uri)
        self._notebooks.pop(name, None)
        return self._units.pop(name, None)

    def _open_cells(self, notebook: str, items: Iterable[types.TextDocumentItem]) -> None:
        for item in items:
            self._cells[key(item.uri)] = _snapshot(item)
            self._owner[key(item.uri)] = notebook

    def _forget_cell(self, uri: str) -> None:
        self._cells.pop(key(uri), None)
        self._owner.pop(key(uri), None)

    def _join(self, name: str) -> Unit:
        notebook = self._notebooks[name]
        known = ((at, self._cells.get(key(uri))) for at, uri in notebook.code_cells)
        code = [(at, cell) for at, cell in known if cell and cell.language == PYTHON]
        text, starts = cells.join([cell.text for _, cell in code])
        parts = tuple(Part(cell, start, at) for (at, cell), start in zip(code, starts, strict=True))
        unit = Unit(notebook.uri, text, parts, notebook=True)
        self._units[name] = unit
        return unit


def _snapshot(item: types.TextDocumentItem) -> Snapshot:
    return Snapshot(item.uri, item.version, str(item.language_id), LineIndex(item.text))


def apply_changes(
    lines: LineIndex, changes: Sequence[Any], encoding: Encoding
) -> tuple[LineIndex, list[Batch]]:
    """The text after LSP content changes, and the batches of edits they were, in their order.

    Each change counts in the text the ones before it left. An editor with many cursors sends many
    changes from the end of the text to its start; those are one batch, and cost one.
    """
    combined = _descending(lines, changes, encoding) if len(changes) > 1 else None
    if combined is not None:
        return LineIndex(apply(lines.text, combined)), [combined]
    batches: list[Batch] = []
    for change in changes:
        edit = _edit(lines, change, encoding)
        text = lines.text
        lines = LineIndex(text[: edit.start] + edit.text + text[edit.end :])
        batches.append((edit,))
    return lines, batches


def _edit(lines: LineIndex, change: Any, encoding: Encoding) -> Edit:
    span = getattr(change, "range", None)
    if span is None:
        return between(lines.text, change.text)
    start = lines.offset(span.start.line, span.start.character, encoding)
    end = lines.offset(span.end.line, span.end.character, encoding)
    return Edit(min(start, end), max(start, end), change.text)


def _descending(lines: LineIndex, changes: Sequence[Any], encoding: Encoding) -> Batch | None:
    """The changes as one batch, if each lies wholly before the one before it; else None.

    Then a change leaves the lines and columns of all later ones as they were. Not so at a place
    past the end of its line: what it clamps to moves with the text inserted there.
    """
    edits = []
    limit = (1 << 31, 0)
    for change in changes:
        span = getattr(change, "range", None)
        if span is None:
            return None
        start = (span.start.line, span.start.character)
        end = (span.end.line, span.end.character)
        edit = _edit(lines, change, encoding)
        if not start <= end < limit or lines.position(edit.start, encoding) != start:
            return None
        edits.append(edit)
        limit = start
    return tuple(reversed(edits))
