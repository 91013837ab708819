"""A notebook is one program; its cells are where things are shown and changed."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import types

from lsp.capabilities import ENCODINGS, PUSHED, VSCODE, offering
from lsp.conftest import Start
from lsp.wire import Client, covered, span
from sentry_migrate.lsp.documents.convert import changes
from sentry_migrate.lsp.documents.documents import Documents
from sentry_migrate.text.edits import Edit, apply

BOOK = "file:///w/a.ipynb"
FIX = ["notebook.source.fixAll"]
WHERE = span("", 0, 0, "utf-16")


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


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_a_cell_that_is_pulled_answers_with_what_is_its_own(
    start: Start, encoding: str
) -> None:
    client = await start(offering(VSCODE, encoding), encoding)
    open_book(client, TEXTS)
    pulled = [await pull(client, number) for number in TEXTS]
    assert [one["kind"] for one in pulled] == ["full"] * 3
    assert [
        [covered(TEXTS[number], d["range"], encoding) for d in one["items"]]
        for number, one in enumerate(pulled)
    ] == [[], ["old_name"], ["lost", "old_name"]]


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        # what cell 2 becomes, and which cells have another answer then
        ("lost\nold_name\n", []),
        ("lost\n", [2]),
        ("lost; lost\nold_name\n", [2]),
        ("x = 1\n", [2]),
        ("def def", [2]),  # what was found in it before is not in it any more
    ],
)
async def test_a_cell_that_is_pulled_again_answers_with_what_is_new(
    start: Start, text: str, changed: list[int]
) -> None:
    client = await start(VSCODE)
    open_book(client, TEXTS)
    names = [(await pull(client, number))["resultId"] for number in TEXTS]
    edit = {"document": {"uri": cell_uri(2), "version": 2}, "changes": [{"text": text}]}
    change_book(client, 2, {"cells": {"textContent": [edit]}})
    again = [await pull(client, number, names[number]) for number in TEXTS]
    assert [number for number in TEXTS if again[number]["kind"] == "full"] == changed
    assert all("items" not in one for one in again if one["kind"] == "unchanged")


async def test_a_cell_that_is_pulled_is_not_pushed_as_well(start: Start) -> None:
    client = await start(VSCODE)
    open_book(client, TEXTS)
    assert len(await client.diagnostics(cell_uri(1))) == 1
    assert len((await pull(client, 1))["items"]) == 1
    await client.until(lambda: client.displayed[cell_uri(1)]["diagnostics"] == [])
    edit = {"document": {"uri": cell_uri(1), "version": 2}, "changes": [{"text": "risky; lost"}]}
    change_book(client, 2, {"cells": {"textContent": [edit]}})
    assert len((await pull(client, 1))["items"]) == 2
    assert client.displayed[cell_uri(1)]["diagnostics"] == []
    assert len(client.displayed[cell_uri(2)]["diagnostics"]) == 2  # nobody pulled that


@pytest.mark.parametrize("number", [1, 7], ids=["deleted", "never there"])
async def test_a_cell_that_is_not_there_has_nothing(start: Start, number: int) -> None:
    client = await start(VSCODE)
    open_book(client, TEXTS)
    array = {"start": 1, "deleteCount": 1}
    closed = [{"uri": cell_uri(1)}]
    change_book(client, 2, {"cells": {"structure": {"array": array, "didClose": closed}}})
    assert (await pull(client, number))["items"] == []
    assert len((await pull(client, 2))["items"]) == 2


async def pull(client: Client, number: int, previous: str | None = None) -> dict[str, Any]:
    """The answer of one cell."""
    params: dict[str, Any] = {"textDocument": {"uri": cell_uri(number)}}
    if previous is not None:
        params["previousResultId"] = previous
    answer: dict[str, Any] = await client.request("textDocument/diagnostic", params)
    return answer


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
    assert changes(unit, [Edit(0, 26, "x")]) is None
    assert changes(unit, [Edit(21, 21, "x\n    ")]) is None
    assert changes(unit, [Edit(5, 13, "x")]) is not None
    assert changes(unit, [Edit(30, 30, "x")]) is not None


LINES = ("a\nbc", "de\nf", "%x")
"""Joined: `a`, `bc`, `de`, `f`, a comment for the magic, and its name in one more."""


@pytest.mark.parametrize(
    ("edits", "after"),
    [
        ([Edit(0, 1, "x"), Edit(5, 6, "x")], ("x\nbc", "xe\nf")),
        ([Edit(2, 5, "")], ("a", "de\nf")),  # the line end between them is ours
        ([Edit(0, 5, "")], ("", "de\nf")),
        ([Edit(0, 2, ""), Edit(2, 5, "")], ("", "de\nf")),
        ([Edit(2, 5, "x\n")], ("a\nx", "de\nf")),
        ([Edit(3, 5, "x\n")], ("a\nbx", "de\nf")),
        ([Edit(2, 5, ""), Edit(5, 6, "x")], ("a", "xe\nf")),
        ([Edit(2, 6, "x")], ("a", "xe\nf")),
        ([Edit(2, 5, ""), Edit(5, 8, "")], ("a", "f")),
        ([Edit(1, 1, "x"), Edit(2, 5, "")], ("ax", "de\nf")),
        ([Edit(4, 4, "\nx")], ("a\nbc\nx", "de\nf")),
        ([Edit(5, 5, "x\n")], ("a\nbc", "x\nde\nf")),
        ([Edit(8, 10, "")], ("a\nbc", "de")),
        ([Edit(3, 6, "x")], None),
        ([Edit(3, 5, "x")], None),
        ([Edit(3, 5, "")], None),
        ([Edit(4, 5, "")], None),
        ([Edit(8, 13, "")], None),  # over the magic
        ([Edit(10, 11, "")], None),
        ([Edit(13, 15, "")], None),
        ([Edit(15, 15, "")], ("a\nbc", "de\nf")),
        ([Edit(16, 16, "x\n")], None),
    ],
)
def test_an_edit_is_of_one_cell(edits: list[Edit], after: tuple[str, ...] | None) -> None:
    unit = Documents().open_notebook(opened_book(*LINES))
    assert unit.text == "a\nbc\nde\nf\n#-\n# type: x\n"
    found = changes(unit, edits)
    assert (found is None) is (after is None)
    texts = {cell_uri(number): text for number, text in enumerate(LINES)}
    for place, own, _ in found or ():
        texts[place.uri] = apply(texts[place.uri], own)
    assert after is None or tuple(texts.values()) == (*after, "%x")


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


async def test_an_old_change_is_ignored(start: Start) -> None:
    client = await start()
    open_book(client, TEXTS)
    document = {"uri": cell_uri(1), "version": 0}
    old = {"cells": {"textContent": [{"document": document, "changes": [{"text": "lost"}]}]}}
    change_book(client, 0, old)
    document = {"uri": cell_uri(2), "version": 2}
    new = {"cells": {"textContent": [{"document": document, "changes": [{"text": "risky"}]}]}}
    change_book(client, 1, new)  # some editors send several changes of one version
    assert [d["code"] for d in await client.diagnostics(cell_uri(2), 2)] == ["SEN902"]
    assert [d["code"] for d in await client.diagnostics(cell_uri(1))] == ["SEN901"]


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
    assert client.displayed[cell_uri(1)]["diagnostics"] == []
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
    await client.until(lambda: not client.displayed[cell_uri(1)]["diagnostics"])


async def test_a_cell_that_becomes_text_is_cleared(start: Start) -> None:
    client = await start()
    open_book(client, TEXTS)
    assert await client.diagnostics(cell_uri(1))
    change_book(client, 2, {"cells": {"data": [{"kind": 1, "document": cell_uri(1)}]}})
    await client.until(lambda: not client.displayed[cell_uri(1)]["diagnostics"])


async def test_a_cell_that_goes_is_cleared(start: Start) -> None:
    """Though the client does not say that its document closed."""
    client = await start()
    open_book(client, TEXTS)
    assert await client.diagnostics(cell_uri(1))
    change_book(client, 2, {"cells": {"structure": {"array": {"start": 1, "deleteCount": 1}}}})
    await client.until(lambda: not client.displayed[cell_uri(1)]["diagnostics"])


async def test_a_text_cell_is_not_code(start: Start) -> None:
    client = await start()
    open_book(client, TEXTS, markup=1)
    await client.diagnostics(cell_uri(2))
    assert cell_uri(1) not in client.displayed


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
    await client.until(lambda: not client.displayed[cell_uri(2)]["diagnostics"])
    assert await client.actions(cell_uri(1), WHERE) == []


async def test_findings_survive_a_syntax_error_in_another_cell(start: Start) -> None:
    client = await start()
    open_book(client, TEXTS)
    await client.diagnostics(cell_uri(2))
    document = {"uri": cell_uri(0), "version": 2}
    edits = [{"text": TEXTS[0] + "\n\ndef def"}]
    change_book(client, 2, {"cells": {"textContent": [{"document": document, "changes": edits}]}})
    await client.diagnostics(cell_uri(0), 2)
    (found,) = client.displayed[cell_uri(1)]["diagnostics"]
    assert covered(TEXTS[1], found["range"], "utf-16") == "old_name"


HUB = "from sentry_sdk import Hub"
SENDS = "Hub.current.capture_message('x')"
SENT = "sentry_sdk.capture_message('x')"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([HUB, SENDS], ["from sentry_sdk import capture_message", "capture_message('x')"]),
        ([f"import sentry_sdk\n{HUB}", SENDS], ["import sentry_sdk", SENT]),
        ([f"import sentry_sdk\r\n{HUB}", SENDS], ["import sentry_sdk", SENT]),
        (["import sentry_sdk", HUB, SENDS], ["import sentry_sdk", "", SENT]),
        (["import sentry_sdk", HUB, "", SENDS], ["import sentry_sdk", "", "", SENT]),
        (["import sentry_sdk", f"{SENDS}\n{HUB}"], ["import sentry_sdk", SENT]),
        (
            ["import sentry_sdk", "x = 1  # sentry-migrate: ignore", "x"],
            ["import sentry_sdk", "x = 1", "x"],
        ),
        (
            ["import sentry_sdk\n# sentry-migrate: ignore", "x = 1"],
            ["import sentry_sdk", "x = 1"],
        ),
    ],
)
async def test_fixes_leave_cells_as_a_person_would(
    start: Start, before: list[str], after: list[str]
) -> None:
    client = await start(command="real")
    open_book(client, cells(*before))
    await client.diagnostics(cell_uri(0))
    (action,) = await client.actions(cell_uri(0), WHERE, FIX)
    edit = await client.edit_of(action)
    assert [client.applied(edit, cell_uri(n), text) for n, text in enumerate(before)] == after


@pytest.mark.parametrize(
    ("before", "found", "after"),
    [
        (
            [
                "import sentry_sdk",
                "%%time\nwith sentry_sdk.Hub(sentry_sdk.Hub.current, sentry_sdk.Scope()): f()",
            ],
            1,
            [
                "import sentry_sdk\nimport sentry_sdk.scope",
                "%%time\nwith sentry_sdk.scope.use_isolation_scope(\n"
                "    sentry_sdk.Scope()\n), sentry_sdk.scope.use_scope(sentry_sdk.Scope()):\n"
                "    f()",
            ],
        ),
        (
            ["import sentry_sdk\nwith sentry_sdk.init():\n    f()", "g()"],
            0,
            [
                "import sentry_sdk\nsentry_sdk.init()\ntry:\n    f()\n"
                "finally:\n    sentry_sdk.get_client().close()",
                "g()",
            ],
        ),
    ],
)
async def test_what_comes_after_the_last_line_of_a_cell_stays_in_it(
    start: Start, before: list[str], found: int, after: list[str]
) -> None:
    client = await start(command="real", configuration={"select": ["migration", "later"]})
    open_book(client, cells(*before))
    (diagnostic,) = await client.diagnostics(cell_uri(found))
    action, *_ = await client.actions(cell_uri(found), diagnostic["range"])
    edit = await client.edit_of(action)
    assert [client.applied(edit, cell_uri(n), text) for n, text in enumerate(before)] == after


@pytest.mark.parametrize(
    "magic",
    [
        "%timeit Hub.current",
        "%%timeit Hub.current\npass",
        "%%bash\necho $Hub",
        "t = %timeit -o Hub.current.client",
        "if 1:\n    Hub?",
        "Hub?",
        "?Hub",
        "!echo {Hub}",
        "!echo \\\n {Hub}",
    ],
)
async def test_what_a_magic_reads_stays_imported(start: Start, magic: str) -> None:
    client = await start(command="real")
    open_book(client, cells(HUB, magic))
    assert [d["code"] for d in await client.diagnostics(cell_uri(0))] == ["SEN612"]
    change_book(client, 2, insertion(1, SENDS))
    assert [d["code"] for d in await client.diagnostics(cell_uri(9))] == ["SEN201"]
    (action,) = await client.actions(cell_uri(0), WHERE, FIX)
    edit = await client.edit_of(action)
    assert client.applied(edit, cell_uri(0), HUB) == f"{HUB}, capture_message"


def insertion(at: int, text: str) -> dict[str, Any]:
    """The change that brings cell 9."""
    array = {"start": at, "deleteCount": 0, "cells": [{"kind": 2, "document": cell_uri(9)}]}
    return {"cells": {"structure": {"array": array, "didOpen": [item(9, text)]}}}


@pytest.mark.parametrize("magic", ["%timeit Hubs.current", "# Hub?", "%time 'sentry_sdk.hub'"])
async def test_what_no_magic_reads_does_not(start: Start, magic: str) -> None:
    client = await start(command="real")
    open_book(client, cells(f"import os\n{HUB}", magic))
    assert [d["code"] for d in await client.diagnostics(cell_uri(0))] == ["SEN226"]


@pytest.mark.parametrize(
    ("first", "offered"),
    [
        ("x = 1", True),
        ("\n\nx = 1", True),
        ("", True),
        ("\n\n!ls", False),
        ("!ls", False),
        ("%%bash\nls", False),
        ("\n%%bash\nls", False),
        (" \n\n%%!\nls", False),
    ],
)
async def test_nothing_is_written_above_a_magic(start: Start, first: str, offered: bool) -> None:
    """Not above the blank lines before it either: a cell magic is one in the first lines only."""
    client = await start(command="real")
    open_book(client, cells(first, f"{HUB}\n{SENDS}"))
    (found, *_) = await client.diagnostics(cell_uri(1))
    actions = await client.actions(cell_uri(1), found["range"])
    titles = [action["title"] for action in actions]
    assert any(title.startswith("Ignore") for title in titles)
    assert any("in this file" in title and "Ignore" in title for title in titles) == offered
