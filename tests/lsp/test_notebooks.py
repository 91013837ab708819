"""A notebook is one program; its cells are where things are shown and changed."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from lsprotocol import types

from lsp.capabilities import ENCODINGS, PUSHED, VSCODE, offering
from lsp.conftest import Start
from lsp.wire import Client, covered, span
from sentry_migrate.lsp.convert import changes
from sentry_migrate.lsp.documents import Documents
from sentry_migrate.lsp.notebooks import blank, join
from sentry_migrate.text.edits import Edit

BOOK = "file:///w/a.ipynb"
FIX = ["notebook.source.fixAll"]
WHERE = span("", 0, 0, "utf-16")


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "x = 1\n",
        "x = a % b\n",
        "x = [a\n % b]\n",
        "x != y",
        "f(a)  # what?\n",
        "'''\ntext\n'''",
        "def f():\n    return 1\n",
        "lambda: 0",
        "a if b else c",
    ],
)
def test_python_is_left_alone(cell: str) -> None:
    assert blank(cell) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "%matplotlib inline",
        "!pip install sentry-sdk",
        "x = 1\r\n!ls\r\ny = 2",
        "files = !ls",
        "a, b = %sql select",
        "x = %time",
        "?print",
        "print?",
        "a.b??",
        "if x:\n  print?",
        "for x in y:\n    %time f(x)",
        "if x:\n    !ls",
        "if x:\n  !",
        "%%time\nf()",
        "%%bash\nfor x in *; do echo $x; done\n\nexit",
        "%%html\n<b>\n",
        "%timeit -n 3 f()",
    ],
)
def test_the_rest_becomes_harmless_in_place(cell: str) -> None:
    result = blank(cell)
    assert len(result) == len(cell)
    assert [i for i, c in enumerate(result) if c in "\r\n"] == [
        i for i, c in enumerate(cell) if c in "\r\n"
    ]
    ast.parse(result)


def test_a_python_magic_leaves_its_cell() -> None:
    assert blank("%%time\nold_name").endswith("\nold_name")


def test_join() -> None:
    assert join([]) == ("", [])
    assert join(["a", "", "b\n"]) == ("a\n\nb\n\n", [0, 2, 3])


def cell_uri(number: int) -> str:
    return f"vscode-notebook-cell:/w/a.ipynb#{number}"


def cells(*texts: str) -> dict[int, str]:
    return dict(enumerate(texts))


def open_book(client: Client, texts: dict[int, str], markup: int | None = None) -> None:
    client.notify(
        "notebookDocument/didOpen",
        {
            "notebookDocument": {
                "uri": BOOK,
                "notebookType": "jupyter-notebook",
                "version": 1,
                "cells": [
                    {"kind": 1 if number == markup else 2, "document": cell_uri(number)}
                    for number in texts
                ],
            },
            "cellTextDocuments": [item(number, text) for number, text in texts.items()],
        },
    )


def item(number: int, text: str, language: str = "python", version: int = 1) -> dict[str, Any]:
    return {"uri": cell_uri(number), "languageId": language, "version": version, "text": text}


def change_book(client: Client, version: int, change: dict[str, Any]) -> None:
    document = {"uri": BOOK, "version": version}
    client.notify("notebookDocument/didChange", {"notebookDocument": document, "change": change})


TEXTS = cells("%pip install sentry-sdk\nimport sentry_sdk", "'😀'; old_name", "lost\nold_name\n")


@pytest.mark.parametrize("capabilities", [PUSHED, VSCODE], ids=["pushed", "also if others pull"])
@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_findings_are_shown_in_their_cell(
    start: Start, capabilities: Any, encoding: str
) -> None:
    client = await start(offering(capabilities, encoding), encoding)
    open_book(client, TEXTS)
    assert await client.diagnostics(cell_uri(0)) == []
    (one,) = await client.diagnostics(cell_uri(1))
    assert covered(TEXTS[1], one["range"], encoding) == "old_name"
    two = await client.diagnostics(cell_uri(2))
    assert [covered(TEXTS[2], d["range"], encoding) for d in two] == ["lost", "old_name"]
    assert one["relatedInformation"][0]["location"]["uri"] == cell_uri(0)


async def test_fixes_go_to_their_cell(start: Start) -> None:
    client = await start()
    open_book(client, TEXTS)
    (found,) = await client.diagnostics(cell_uri(1))
    (action, *_) = await client.actions(cell_uri(1), found["range"])
    edit = await client.edit_of(action)
    assert [d["textDocument"] for d in edit["documentChanges"]] == [
        {"uri": cell_uri(1), "version": 1}
    ]
    assert client.applied(edit, cell_uri(1), TEXTS[1]) == "'😀'; new_name"


@pytest.mark.parametrize("only", [["source.fixAll"], ["source"], ["source.fixAll.sentry-migrate"]])
async def test_a_cell_is_not_fixed_by_source_actions(start: Start, only: list[str]) -> None:
    client = await start()
    open_book(client, TEXTS)
    assert await client.actions(cell_uri(1), WHERE, only) == []


@pytest.mark.parametrize("only", [FIX, ["notebook"], ["notebook.source.fixAll.sentry-migrate"]])
async def test_a_notebook_is_fixed_at_once(start: Start, only: list[str]) -> None:
    client = await start()
    open_book(client, TEXTS)
    (action,) = await client.actions(cell_uri(0), WHERE, only)
    edit = await client.edit_of(action)
    after = {n: client.applied(edit, cell_uri(n), text) for n, text in TEXTS.items()}
    assert after == cells(TEXTS[0], "'😀'; new_name", "lost\nnew_name\n")


async def test_a_file_is_not_a_notebook(start: Start) -> None:
    client = await start()
    client.open("file:///w/a.py", "import sentry_sdk\nold_name")
    assert await client.actions("file:///w/a.py", WHERE, FIX) == []


def test_a_fix_that_would_rewrite_a_magic_is_not_made() -> None:
    unit = Documents().open_notebook(opened_book("with old_name():\n    %time f()\n"))
    over, beside = Edit(0, 26, "x"), Edit(5, 13, "x")
    assert changes(unit, [over], None) is None
    assert changes(unit, [beside], None) is not None


def test_an_edit_over_two_cells_is_not_made() -> None:
    unit = Documents().open_notebook(opened_book("ab", "cd"))
    assert changes(unit, [Edit(1, 4, "x")], None) is None
    assert changes(unit, [Edit(1, 3, "x")], None) is None  # the line end between them is ours
    assert changes(unit, [Edit(0, 1, "x"), Edit(3, 4, "x")], None) is not None


def opened_book(*texts: str) -> types.DidOpenNotebookDocumentParams:
    code = types.NotebookCellKind.Code
    return types.DidOpenNotebookDocumentParams(
        types.NotebookDocument(
            BOOK,
            "jupyter-notebook",
            1,
            [types.NotebookCell(code, cell_uri(n)) for n in range(len(texts))],
        ),
        [types.TextDocumentItem(cell_uri(n), "python", 1, text) for n, text in enumerate(texts)],
    )


async def test_text_changes(start: Start) -> None:
    client = await start()
    open_book(client, TEXTS)
    await client.diagnostics(cell_uri(2))
    document = {"uri": cell_uri(1), "version": 2}
    edits = [{"range": span(TEXTS[1], 0, 4, "utf-16"), "text": "lost"}]
    change_book(client, 2, {"cells": {"textContent": [{"document": document, "changes": edits}]}})
    assert [d["code"] for d in await client.diagnostics(cell_uri(1), 2)] == ["SEN903", "SEN901"]


async def test_cells_come_go_and_move(start: Start) -> None:
    client = await start()
    open_book(client, TEXTS)
    await client.diagnostics(cell_uri(2))
    array = {"start": 0, "deleteCount": 2, "cells": [{"kind": 2, "document": cell_uri(7)}]}
    structure = {
        "array": array,
        "didOpen": [item(7, "import sentry_sdk\nrisky")],
        "didClose": [{"uri": cell_uri(0)}, {"uri": cell_uri(1)}],
    }
    change_book(client, 2, {"cells": {"structure": structure}})
    assert [d["code"] for d in await client.diagnostics(cell_uri(7))] == ["SEN902"]
    assert client.shown[cell_uri(1)]["diagnostics"] == []
    swap = {
        "start": 0,
        "deleteCount": 2,
        "cells": [{"kind": 2, "document": cell_uri(n)} for n in (2, 7)],
    }
    change_book(client, 3, {"cells": {"structure": {"array": swap}}})
    document = {"uri": cell_uri(2), "version": 2}
    edits = [{"text": "old_name"}]
    change_book(client, 4, {"cells": {"textContent": [{"document": document, "changes": edits}]}})
    (found,) = await client.diagnostics(cell_uri(2), 2)
    assert found["range"]["start"] == {"line": 0, "character": 0}


async def test_another_language_clears_a_cell(start: Start) -> None:
    client = await start()
    open_book(client, TEXTS)
    assert await client.diagnostics(cell_uri(1))
    array = {"start": 1, "deleteCount": 1, "cells": [{"kind": 2, "document": cell_uri(1)}]}
    structure = {
        "array": array,
        "didOpen": [item(1, TEXTS[1], "sql", 2)],
        "didClose": [{"uri": cell_uri(1)}],
    }
    change_book(client, 2, {"cells": {"structure": structure}})
    await client.until(lambda: not client.shown[cell_uri(1)]["diagnostics"])


async def test_a_text_cell_is_not_code(start: Start) -> None:
    client = await start()
    open_book(client, TEXTS, markup=1)
    await client.diagnostics(cell_uri(2))
    assert cell_uri(1) not in client.shown


async def test_closing_clears(start: Start) -> None:
    client = await start()
    open_book(client, TEXTS)
    assert await client.diagnostics(cell_uri(2))
    client.notify(
        "notebookDocument/didClose",
        {
            "notebookDocument": {"uri": BOOK},
            "cellTextDocuments": [{"uri": cell_uri(n)} for n in TEXTS],
        },
    )
    await client.until(lambda: not client.shown[cell_uri(2)]["diagnostics"])
    assert await client.actions(cell_uri(1), WHERE) == []


async def test_findings_survive_a_syntax_error_in_another_cell(start: Start) -> None:
    client = await start()
    open_book(client, TEXTS)
    await client.diagnostics(cell_uri(2))
    document = {"uri": cell_uri(0), "version": 2}
    edits = [{"text": TEXTS[0] + "\n\ndef def"}]
    change_book(client, 2, {"cells": {"textContent": [{"document": document, "changes": edits}]}})
    await client.diagnostics(cell_uri(0), 2)
    (found,) = client.shown[cell_uri(1)]["diagnostics"]
    assert covered(TEXTS[1], found["range"], "utf-16") == "old_name"
