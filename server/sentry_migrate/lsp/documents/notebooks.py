"""A notebook's cells, as the client lists them.

Owns their order. Refuses to know their text.
"""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types


@dataclass(frozen=True, slots=True)
class Notebook:
    """One version of a notebook's structure."""

    uri: str
    version: int
    cells: tuple[tuple[str, bool], ...]
    """Each cell's document URI, and whether it is a code cell."""

    @property
    def code_cells(self) -> tuple[tuple[int, str], ...]:
        """Which each code cell is of all cells, from 1, and the URI of its document."""
        return tuple((at, uri) for at, (uri, code) in enumerate(self.cells, 1) if code)


def opened(document: types.NotebookDocument) -> Notebook:
    """The structure of a notebook just opened."""
    return Notebook(document.uri, document.version, tuple(_cell(cell) for cell in document.cells))


def changed(
    notebook: Notebook, version: int, change: types.NotebookDocumentChangeEvent
) -> Notebook:
    """The structure after `change`, whose changes of text are ignored here."""
    cells = list(notebook.cells)
    if change.cells is not None:
        if change.cells.structure is not None:
            array = change.cells.structure.array
            new = [_cell(cell) for cell in array.cells or ()]
            cells[array.start : array.start + array.delete_count] = new
        updated = dict(_cell(cell) for cell in change.cells.data or ())
        cells = [(uri, updated.get(uri, code)) for uri, code in cells]
    return Notebook(notebook.uri, version, tuple(cells))


def _cell(cell: types.NotebookCell) -> tuple[str, bool]:
    return cell.document, cell.kind == types.NotebookCellKind.Code
