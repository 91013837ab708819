"""A notebook's cells, and its code cells as one Python text.

Owns the order of cells and what IPython allows in a cell that Python does not: magics, shell
commands and help, which become comments of the same length so that offsets stay true. Refuses to
know the text of cells between two calls.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lsprotocol import types

# Cell magics whose cell is Python all the same.
_PYTHON_CELLS = frozenset({"time", "timeit", "capture", "prun", "memit", "mprun", "lprun"})
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_LINE = re.compile(
    r"(?P<indent>[ \t]*)(?P<before>\w[\w.,\[\]' ]*=[ \t]*)?"
    r"(?P<magic>(?:%%?(?=[A-Za-z_])|!|\?)[^\r\n]*)|(?P<help>[ \t]*[\w.]+\?{1,2}[ \t]*)",
)


@dataclass(frozen=True, slots=True)
class Notebook:
    """One version of a notebook's structure."""

    uri: str
    version: int
    cells: tuple[tuple[str, bool], ...]
    """Each cell's document URI, and whether it is a code cell."""

    @property
    def code_cells(self) -> tuple[str, ...]:
        """Document URIs of the code cells, in order."""
        return tuple(uri for uri, code in self.cells if code)


def opened(document: types.NotebookDocument) -> Notebook:
    """The structure of a notebook just opened."""
    return Notebook(document.uri, document.version, tuple(_cell(cell) for cell in document.cells))


def changed(
    notebook: Notebook, version: int, change: types.NotebookDocumentChangeEvent
) -> Notebook:
    """The structure after `change`; text is not our concern."""
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


def join(cells: Sequence[str]) -> tuple[str, list[int]]:
    """The cells as one text, and where each begins in it. A line end follows every cell."""
    starts = []
    at = 0
    texts = []
    for cell in cells:
        starts.append(at)
        texts.append(blank(cell) + "\n")
        at += len(cell) + 1
    return "".join(texts), starts


def blank(cell: str) -> str:
    """The cell with everything that only IPython understands made harmless, length unchanged."""
    magic = _CELL_MAGIC.match(cell)
    if magic is not None and magic[1] not in _PYTHON_CELLS:
        return re.sub(r"[^\r\n]+", _comment, cell)
    return re.sub(r"[^\r\n]+", lambda line: _line(line[0]), cell)


def _comment(line: re.Match[str]) -> str:
    return "#" + line[0][1:]


def _line(line: str) -> str:
    match = _LINE.fullmatch(line)
    if match is None or not line.strip():
        return line
    if match["help"] is not None:
        return "#" + line[1:] if len(line) == len(line.lstrip()) else _statement("", line)
    prefix = match["indent"] + (match["before"] or "")
    if not prefix:
        return "#" + line[1:]
    return _statement(prefix, line)


def _statement(prefix: str, line: str) -> str:
    """`0` and a comment: a block, or the right side of an assignment, must not become empty."""
    prefix = prefix or line[: len(line) - len(line.lstrip())]
    rest = len(line) - len(prefix) - 1
    return prefix + "0" + ("#" + "-" * (rest - 1) if rest else "")
