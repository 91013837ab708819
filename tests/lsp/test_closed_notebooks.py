"""Notebooks that are not open: found, fixed and taken back in their files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lsp.capabilities import PUSHED
from lsp.conftest import Start
from lsp.test_overview import rows
from lsp.test_workspace import asked_edits, command, folder, popups
from lsp.wire import Client, ServerError
from sentry_migrate.text.notebook import codes

BOOK = r"""{
 "cells": [
  {"cell_type": "markdown", "source": ["Hub.current.capture_message('x')"], "metadata": {}},
  {
   "cell_type":"code",   "execution_count": 7, "id": "a1", "metadata": {"x": 1.50},
   "outputs": [{"name": "stdout", "output_type": "stream", "text": ["sentry_sdk.Hub\n"]}],
   "source": ["%matplotlib inline\n", "import sentry_sdk\n",
     "name = 'é'"]
  },
  {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null,
   "source": "def f():\n\tsentry_sdk.Hub.current.capture_message(name)\n\tprint(\"\u00fc\")"},
  {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null,
   "source": ["!ls\n", "with sentry_sdk.configure_scope() as scope:\n", "    f(scope)"]}
 ],
 "metadata": {"language_info": {"name": "python"}, "kernelspec": {"display_name": "ü"}},
 "nbformat": 4, "nbformat_minor": 5}"""
DONE = BOOK.replace("tsentry_sdk.Hub.current.capture", "tsentry_sdk.capture")
CODE = "import sentry_sdk\nsentry_sdk.Hub.current.capture_message('x')\n"
CODE_DONE = CODE.replace("Hub.current.", "")
OTHERS = {
    "r.ipynb": BOOK.replace('"name": "python"', '"name": "R"'),
    "old.ipynb": BOOK.replace('"nbformat": 4', '"nbformat": 3'),
    "broken.ipynb": BOOK[:-1],
    "none.ipynb": BOOK.replace("sentry_sdk", "other_sdk"),
    ".ipynb_checkpoints/b.ipynb": BOOK,
    "notes.txt": BOOK,
}
"""Nothing is done in these."""
FILES = {"b.ipynb": BOOK, "a.py": CODE, **OTHERS}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    return tmp_path


async def begun(start: Start, tree: Path) -> tuple[Client, str]:
    client = await start(PUSHED, command="real", **folder(tree))
    return client, (tree / "b.ipynb").as_uri()


def open_book(client: Client, uri: str, text: str, version: int = 1) -> list[str]:
    """Opens it as a notebook; the URIs of its cells."""
    cells = [f"vscode-notebook-cell:/{number}" for number, _ in enumerate(codes(text))]
    items = [
        {"uri": cell, "languageId": "python", "version": version, "text": code}
        for cell, code in zip(cells, codes(text), strict=True)
    ]
    client.documents.update({one["uri"]: (version, one["text"]) for one in items})
    book = {
        "uri": uri, "notebookType": "jupyter-notebook", "version": version,
        "cells": [{"kind": 2, "document": cell} for cell in cells],
    }  # fmt: skip
    params = {"notebookDocument": book, "cellTextDocuments": items}
    client.notify("notebookDocument/didOpen", params)

    def replace(cell: str, version: int, after: str) -> None:
        client.documents[cell] = version, after
        document = {"uri": cell, "version": version}
        change = {"cells": {"textContent": [{"document": document, "changes": [{"text": after}]}]}}
        told = {"notebookDocument": {"uri": uri, "version": version}, "change": change}
        client.notify("notebookDocument/didChange", told)

    client.change_cell = replace
    return cells


def close_book(client: Client, uri: str, cells: list[str]) -> None:
    named = [{"uri": cell} for cell in cells]
    for cell in cells:
        del client.documents[cell]
    params = {"notebookDocument": {"uri": uri}, "cellTextDocuments": named}
    client.notify("notebookDocument/didClose", params)


def left_alone(tree: Path, *changed: str) -> None:
    held = {name: (tree / name).read_bytes() for name in FILES if name not in changed}
    assert held == {name: text.encode() for name, text in FILES.items() if name not in changed}


async def test_is_found_fixed_and_taken_back_to_the_byte(start: Start, tree: Path) -> None:
    client, uri = await begun(start, tree)
    found = await command(client, "overview")
    assert [row.split(" ")[:3] for row in rows(found) if "ipynb" in row] == [
        ["proved", "SEN201", "b.ipynb:2"],
        ["toDecide", "before-init", "b.ipynb:2"],
    ]
    items = [
        item
        for section in ("proved", "toDecide")
        for group in found[section]
        for file in group["files"]
        for item in file["items"]
        if item["uri"] == uri
    ]
    assert [item["cell"] for item in items] == [3, 4]
    assert items[0]["range"]["start"] == {"line": 1, "character": 1}
    assert found["files"] == 2

    at = items[0]["range"]["start"]
    before, after = codes(BOOK)[1], codes(DONE)[1]
    shown = await command(client, "previewFix", uri, "SEN201", at, 3)
    assert (shown["before"], shown["after"]) == ({uri: before}, {uri: after})
    magic, at_magic = codes(BOOK)[2], items[1]["range"]["start"]
    shown = await command(client, "previewFix", uri, items[1]["code"], at_magic, 4)
    assert (shown["before"], shown["after"][uri].partition("\n")[0]) == ({uri: magic}, "!ls")
    for wrong in ((uri, "SEN201", at, 2), (uri, "SEN202", at, 3), (uri + "x", "SEN201", at, 3)):
        with pytest.raises(ServerError, match="changed since"):
            await command(client, "previewFix", *wrong)

    report = await command(client, "report", {"format": "html"})
    assert report["files"][uri] == 2
    assert "[3] 2:2" in report["html"]

    client.configuration = {"diagnosticMode": "workspace"}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    module = (tree / "a.py").as_uri()
    await client.until(lambda: client.displayed.get(module, {}).get("diagnostics"))
    assert [one for one in client.displayed if one.endswith(".ipynb")] == []

    done = await command(client, "fixWorkspace")
    assert (done["fixed"], done["files"]) == (2, 2)
    assert (tree / "b.ipynb").read_bytes() == DONE.encode()
    left_alone(tree, "b.ipynb", "a.py")
    assert await command(client, "undo") == {"undone": 2, "left": []}
    left_alone(tree)
    assert popups(client) == []


async def test_an_open_one_goes_by_its_cells(start: Start, tree: Path) -> None:
    client, uri = await begun(start, tree)
    cells = open_book(client, uri, BOOK)
    done = await command(client, "fixWorkspace")
    assert (done["fixed"], done["files"]) == (2, 2)
    assert [client.documents[cell][1] for cell in cells] == codes(DONE)
    left_alone(tree, "a.py")
    assert uri not in json.dumps(asked_edits(client))
    # It is saved, with other changes, and closed: then it is taken back in its file.
    (tree / "b.ipynb").write_bytes(DONE.replace("1.50", "2").encode())
    close_book(client, uri, cells)
    assert await command(client, "undo") == {"undone": 2, "left": []}
    assert (tree / "b.ipynb").read_text("utf-8") == BOOK.replace("1.50", "2")


async def test_one_that_is_edited_as_json_is_left_alone(start: Start, tree: Path) -> None:
    client, uri = await begun(start, tree)
    client.open(uri, BOOK, language="json")
    client.replace(uri, 2, BOOK + "\n")
    done = await command(client, "fixWorkspace")
    assert (done["fixed"], done["files"], client.documents[uri][1]) == (1, 1, BOOK + "\n")
    left_alone(tree, "a.py")


async def test_one_that_is_open_as_json_is_fixed_there(start: Start, tree: Path) -> None:
    client, uri = await begun(start, tree)
    client.open(uri, BOOK, language="json")
    assert (await command(client, "fixWorkspace"))["fixed"] == 2
    assert client.documents[uri][1] == DONE
    assert (await command(client, "undo"))["undone"] == 2
    assert client.documents[uri][1] == BOOK


async def test_is_taken_back_in_its_cells_if_it_was_opened_since(start: Start, tree: Path) -> None:
    client, uri = await begun(start, tree)
    await command(client, "fixWorkspace")
    cells = open_book(client, uri, DONE)
    assert await command(client, "undo") == {"undone": 2, "left": []}
    assert [client.documents[cell][1] for cell in cells] == codes(BOOK)
    left_alone(tree, "b.ipynb")


CHANGED: dict[str, Callable[[str], str]] = {
    "a line": lambda text: text.replace("name = ", "name_ = "),
    "a cell less": lambda text: text.replace('"code"', '"raw"', 1),
    "no JSON": lambda text: text[:-1],
}


async def test_what_was_changed_since_stays(start: Start, tree: Path) -> None:
    for number, _ in enumerate(CHANGED):
        (tree / f"c{number}.ipynb").write_bytes(BOOK.encode())
    client, _ = await begun(start, tree)
    await command(client, "fixWorkspace")
    for number, change in enumerate(CHANGED.values()):
        (tree / f"c{number}.ipynb").write_bytes(change(DONE).encode())
    left = [f"c{number}.ipynb" for number, _ in enumerate(CHANGED)]
    assert await command(client, "undo") == {"undone": 2, "left": left}
    for number, change in enumerate(CHANGED.values()):
        assert (tree / f"c{number}.ipynb").read_text("utf-8") == change(DONE)


async def test_a_module_keeps_what_a_notebook_takes(start: Start, tree: Path) -> None:
    takes = json.dumps("from obs import push_scope\nprint(push_scope)")
    taking = BOOK.replace('["%matplotlib inline\\n", "import sentry_sdk\\n",', f"[{takes},")
    obs = "from sentry_sdk import push_scope\n\n\ndef f():\n    with push_scope() as scope:\n        scope.set_tag('a', 'b')\n"
    for name in FILES:
        (tree / name).unlink()
    (tree / "obs.py").write_text(obs)
    (tree / "taking.ipynb").write_text(taking.replace('"print', '"\\n", "print'))
    client, _ = await begun(start, tree)
    await command(client, "fixWorkspace")
    kept = (tree / "obs.py").read_text()
    assert "push_scope" in kept.splitlines()[0]
