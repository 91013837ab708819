"""One quick fix of a file and of the tests that patch its names: as the whole run makes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Run, here, read_tree, run, write_tree
from cli.test_moved import BASE, CONFIGURE, OTHER_TEST, ROWS, TEST, VIEWS
from lsp.capabilities import NEOVIM, NOTHING, PUSHED, VSCODE
from lsp.conftest import Start
from lsp.test_workspace import command, folder
from lsp.wire import Client, ServerError

__all__ = ["here", "run"]  # fixtures

USE = {"start": {"line": 2, "character": 10}, "end": {"line": 2, "character": 10}}
CODE = "app/views.py"
KINDS = ("two names", "two modules", "wraps", "a suppressed mock", "the name in a comment")
MORE = (
    *("a rule that is not chosen", "a test that is excluded", "one of two uses suppressed"),
    *("another file that copies the name", "several at once, entered no more"),
)


def spelled(root: Path) -> dict[str, str]:
    return {path: data.decode() for path, data in read_tree(root).items()}


async def offered(client: Client, uri: str) -> list[dict[str, Any]]:
    """The quick fixes, once the workspace is read."""
    await command(client, "fixFile", uri, {"rules": ["SEN401"]})  # which finds nothing here
    return await client.actions(uri, USE)


async def opened(
    start: Start, root: Path, files: dict[str, str], capabilities: Any = VSCODE, *paths: str
) -> tuple[Client, str]:
    write_tree(root, files)
    client = await start(capabilities, command="real", **folder(root))
    for path in (CODE, *paths):
        client.open((root / path).as_uri(), files[path])
    return client, (root / CODE).as_uri()


def together(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [action for action in actions if " and its tests (" in action["title"]]


@pytest.mark.parametrize("paths", [(), ("tests/test_a.py",)], ids=["closed", "open"])
@pytest.mark.parametrize("capabilities", [VSCODE, NEOVIM, NOTHING], ids=["vscode", "nvim", "bare"])
@pytest.mark.parametrize("files", [BASE, CONFIGURE], ids=["entered", "entered no more"])
async def test_the_edit_is_that_of_the_run(
    start: Start,
    tmp_path: Path,
    run: Run,
    files: dict[str, str],
    capabilities: Any,
    paths: tuple[str, ...],
) -> None:
    client, uri = await opened(start, tmp_path / "ours", files, capabilities, *paths)
    action = (await offered(client, uri))[0]
    assert action["title"].endswith("in this file and its tests (2 files)")
    edit = await client.edit_of(action)
    for change in edit.get("documentChanges", ()):
        where = change["textDocument"]
        known = client.documents.get(where["uri"])
        assert where["version"] == (known[0] if known else None)
    write_tree(tmp_path / "theirs", files)
    run("check", "--no-cache", "--fix", str(tmp_path / "theirs"))
    for path, text in spelled(tmp_path / "theirs").items():
        where = (tmp_path / "ours" / path).as_uri()
        assert client.applied(edit, where, files[path]) == text
    assert spelled(tmp_path / "ours") == files


@pytest.mark.parametrize("name", [*KINDS, *MORE])
async def test_offered_where_the_run_is_safe(start: Start, tmp_path: Path, name: str) -> None:
    files, moves = ROWS[name]
    client, uri = await opened(start, tmp_path, files)
    alone = name != "two modules"  # of which this would be only one
    assert bool(together(await offered(client, uri))) is (moves and alone)


async def test_a_single_fix_is_unsafe_beside_it(start: Start, tmp_path: Path) -> None:
    client, uri = await opened(start, tmp_path, BASE, PUSHED)
    actions = await offered(client, uri)
    assert [one["title"] for one in actions[:2]] == [
        "Fix all SEN102 problems in this file and its tests (2 files)",
        "Replace with `new_scope()` (unsafe)",
    ]
    assert [one.get("isPreferred") for one in actions[:2]] == [True, None]


GONE = {
    "another test": ("tests/test_b.py", OTHER_TEST),
    "a test that nobody understands": ("tests/test_a.py", OTHER_TEST),
    "a test that is gone": ("tests/test_a.py", ""),
}


@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open"])
@pytest.mark.parametrize(("path", "text"), GONE.values(), ids=GONE)
async def test_nothing_is_made_of_what_changed(
    start: Start, tmp_path: Path, path: str, text: str, is_open: bool
) -> None:
    files = {**BASE, path: BASE.get(path, "")}
    client, uri = await opened(start, tmp_path, files, VSCODE, *([path] if is_open else []))
    (action,) = together(await offered(client, uri))
    where = (tmp_path / path).as_uri()
    if is_open:
        client.replace(where, 2, text)
    else:
        (tmp_path / path).write_text(text)
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": where, "type": 2}]})
    with pytest.raises(ServerError):
        await client.edit_of(action)


async def test_a_test_is_fixed_as_it_is_by_then(start: Start, tmp_path: Path) -> None:
    client, uri = await opened(start, tmp_path, BASE, VSCODE, "tests/test_a.py")
    (action,) = together(await offered(client, uri))
    where = (tmp_path / "tests/test_a.py").as_uri()
    client.replace(where, 2, "\n" + TEST)
    edit = await client.edit_of(action)
    assert client.applied(edit, where, "\n" + TEST) == "\n" + TEST.replace("push_", "new_")
    assert client.applied(edit, uri, VIEWS) == VIEWS.replace("push_", "new_")
