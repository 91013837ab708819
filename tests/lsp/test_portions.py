"""Migrating many files in portions: stopping in between, going on, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import write_tree
from lsp.capabilities import PUSHED, without
from lsp.conftest import Start
from lsp.test_workspace import asked_edits, command, folder, popups
from lsp.wire import Client, ServerError
from project.test_dropped import OBS, ROWS

USE = "import sentry_sdk\r\nold_name\r\n"
DONE = USE.replace("old_name", "new_name")
HUB = "import sentry_sdk\n\n\ndef f():\n    sentry_sdk.Hub.current.capture_message('é')\n"
COUNT = 110


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for number in range(COUNT):
        (tmp_path / f"m{number:03}.py").write_text(USE, newline="")
    return tmp_path


def sizes(client: Client) -> list[int]:
    """How many files were in each edit."""
    return [len(one["edit"]["documentChanges"]) for one in asked_edits(client)]


def written(tree: Path, text: str = DONE) -> int:
    """How many files have a text."""
    return sum(path.read_bytes() == text.encode() for path in tree.glob("*.py"))


def while_edit(client: Client, number: int, act: Callable[[], Any]) -> None:
    """Have something happen while the client makes the edit of a number. What it gives, if that is
    not None, is the answer."""

    def apply(params: Any) -> Any:
        if len(asked_edits(client)) == number and (answer := act()) is not None:
            return answer
        return {"applied": client.make(params["edit"])}

    client.answer["workspace/applyEdit"] = apply


async def test_in_portions_and_all_taken_back(start: Start, tree: Path) -> None:
    client = await start(PUSHED, **folder(tree))
    opened = (tree / "m007.py").as_uri()
    client.open(opened, USE)
    result = await command(client, "fixWorkspace")
    assert result == {"applied": True, "fixed": COUNT, "found": COUNT, "files": COUNT}
    assert (sizes(client), written(tree)) == ([50, 50, 10], COUNT - 1)
    assert client.documents[opened][1] == DONE
    assert await command(client, "undo") == {"undone": COUNT, "left": []}
    assert sizes(client)[3:] == [50, 50, 10]
    assert written(tree, USE) == COUNT
    assert client.documents[opened][1] == USE
    assert popups(client) == []
    with pytest.raises(ServerError, match="no migration to take back"):
        await command(client, "undo")


async def test_stopped_and_gone_on_with(start: Start, tree: Path) -> None:
    client = await start(PUSHED, **folder(tree))

    def cancel() -> None:
        begun = [m["params"] for _, m in client.trace if m.get("method") == "$/progress"]
        client.notify("window/workDoneProgress/cancel", {"token": begun[-1]["token"]})

    while_edit(client, 1, cancel)
    first = await command(client, "fixWorkspace")
    assert first == {
        "applied": True, "fixed": 50, "found": COUNT, "files": 50, "cancelled": True,
    }  # fmt: skip
    assert written(tree) == 50
    second = await command(client, "fixWorkspace")
    assert (second["fixed"], second["found"], written(tree)) == (COUNT - 50, COUNT - 50, COUNT)
    assert popups(client) == []
    assert await command(client, "undo") == {"undone": COUNT, "left": []}
    assert written(tree, USE) == COUNT
    with pytest.raises(ServerError, match="no migration to take back"):
        await command(client, "undo")


@pytest.mark.parametrize(
    ("first", "second", "undone"),
    [
        ({}, {}, COUNT),
        ({"rules": ["SEN901"]}, {"rules": ["SEN901"], "tell": True}, COUNT),
        ({}, {"rules": ["SEN901"]}, COUNT - 50),
        ({"rules": ["SEN901"]}, {}, COUNT - 50),
        ({}, {"within": "TREE"}, COUNT - 50),
    ],
)
async def test_what_goes_on_is_taken_back_with_what_it_goes_on_with(
    start: Start, tree: Path, first: Any, second: Any, undone: int
) -> None:
    client = await start(PUSHED, **folder(tree))
    while_edit(client, 2, lambda: {"applied": False})
    assert (await command(client, "fixWorkspace", first))["fixed"] == 50
    second = {name: tree.as_uri() if one == "TREE" else one for name, one in second.items()}
    assert (await command(client, "fixWorkspace", second))["fixed"] == COUNT - 50
    assert await command(client, "undo") == {"undone": undone, "left": []}
    assert written(tree, USE) == undone


async def test_a_refusal_stops_it(start: Start, tree: Path) -> None:
    client = await start(PUSHED, **folder(tree))
    while_edit(client, 2, lambda: {"applied": False, "failureReason": "full"})
    result = await command(client, "fixWorkspace")
    assert result == {"applied": True, "fixed": 50, "found": COUNT, "files": 50}
    assert (sizes(client), written(tree)) == ([50, 50], 50)
    assert popups(client) == ["The editor did not apply the migration: full"]


async def test_a_file_that_is_gone_as_the_edit_arrives_is_skipped(start: Start, tree: Path) -> None:
    client = await start(PUSHED, **folder(tree))
    while_edit(client, 2, lambda: (tree / "m055.py").unlink() or {"applied": False})
    result = await command(client, "fixWorkspace")
    assert (result["fixed"], result["found"], popups(client)) == (COUNT - 1, COUNT - 1, [])
    assert await command(client, "undo") == {"undone": COUNT - 1, "left": []}


async def test_what_changes_in_between_is_skipped_and_named(start: Start, tree: Path) -> None:
    client = await start(PUSHED, **folder(tree))
    while_edit(client, 1, lambda: (tree / "m105.py").write_text("x = 1\n") and None)
    result = await command(client, "fixWorkspace")
    assert (result["fixed"], result["found"], sizes(client)) == (109, COUNT, [50, 50, 9])
    assert popups(client) == ["Changed meanwhile, so not migrated: m105.py. Run the command again."]


def changed(tree: Path, client: Client) -> None:
    (tree / "m003.py").write_text("x = 1\n")


def deleted(tree: Path, client: Client) -> None:
    (tree / "m003.py").unlink()


def opened(tree: Path, client: Client) -> None:
    client.open((tree / "m003.py").as_uri(), DONE + "typed\n")


def other_line_ends(tree: Path, client: Client) -> None:
    (tree / "m003.py").write_text(DONE.replace("\r\n", "\n"), newline="")


@pytest.mark.parametrize(
    ("act", "left"),
    [(changed, ["m003.py"]), (deleted, ["m003.py"]), (opened, ["m003.py"]), (other_line_ends, [])],
)
async def test_what_was_changed_since_stays(
    start: Start, tmp_path: Path, act: Callable[[Path, Client], None], left: list[str]
) -> None:
    for number in range(5):
        (tmp_path / f"m{number:03}.py").write_text(USE, newline="")
    client = await start(PUSHED, **folder(tmp_path))
    await command(client, "fixWorkspace")
    act(tmp_path, client)
    before = {path: path.read_bytes() for path in tmp_path.glob("m003.py")}
    assert await command(client, "undo") == {"undone": 5 - len(left), "left": left}
    assert written(tmp_path, USE) >= 4
    assert not left or {path: path.read_bytes() for path in tmp_path.glob("m003.py")} == before


async def test_an_undo_that_is_refused(start: Start, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(USE, newline="")
    client = await start(PUSHED, **folder(tmp_path))
    await command(client, "fixWorkspace")
    client.refuse_edits = True
    assert await command(client, "undo") == {"undone": 0, "left": []}
    assert popups(client) == ["The editor did not apply the undo"]
    client.refuse_edits = False
    assert await command(client, "undo") == {"undone": 1, "left": []}


TAKES = {
    "pyproject.toml": "",
    "app/__init__.py": "",
    "app/obs.py": OBS,
    "app/use.py": ROWS["a user"][0]["app/use.py"],
}
"""A module loses a name, because nobody takes it now."""
PUSHES = {
    "a.py": "import sentry_sdk\n\n\ndef f():\n    with sentry_sdk.configure_scope() as scope:\n        scope.transaction = 'n'\n",
    "b.py": "import sentry_sdk\n\n\ndef g():\n    with sentry_sdk.push_scope() as scope:\n        scope.set_tag('a', 'b')\n        sentry_sdk.capture_message('y')\n",
}
"""The fix of one is proved, because the other pushes no scope now."""


@pytest.mark.parametrize(
    ("files", "order", "touched", "undone"),
    [
        (TAKES, ["use.py", "obs.py"], "app/obs.py", 0),
        (TAKES, ["use.py", "obs.py"], "app/use.py", 1),
        (PUSHES, ["b.py", "a.py"], "a.py", 0),
        (PUSHES, ["b.py", "a.py"], "b.py", 1),
    ],
)
async def test_what_rests_on_others_is_made_after_them_and_taken_back_before(
    start: Start, tmp_path: Path, files: dict[str, str], order: list[str], touched: str, undone: int
) -> None:
    write_tree(tmp_path, files)
    client = await start(PUSHED, command="real", **folder(tmp_path))
    await command(client, "fixWorkspace")
    (asked,) = asked_edits(client)
    uris = [one["textDocument"]["uri"] for one in asked["edit"]["documentChanges"]]
    assert [uri.rpartition("/")[2] for uri in uris] == order
    with (tmp_path / touched).open("a") as file:
        file.write("# by hand\n")
    made = {name: (tmp_path / name).read_text() for name in files}
    assert (await command(client, "undo"))["undone"] == undone
    now = {name: (tmp_path / name).read_text() for name in files}
    kept = [name for name in files if now[name] == made[name] != files[name]]
    assert (touched in kept, len(kept)) == (True, 2 - undone)


TOLD = [
    # the rules, whether the client makes the edit, and what is told
    (["SEN901"], True, "2 of 2 fixed in 2 files."),
    (["SEN901"], False, "Nothing was changed."),
    (["SEN903"], True, "No finding of SEN903 has a safe fix."),
]


@pytest.mark.parametrize(("rules", "makes", "words"), TOLD)
async def test_a_menu_entry_tells_what_became_of_it(
    start: Start, tmp_path: Path, rules: list[str], makes: bool, words: str
) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(USE)
    client = await start(PUSHED, **folder(tmp_path))
    client.refuse_edits = not makes
    await command(client, "fixWorkspace", {"rules": rules, "tell": True})
    assert popups(client)[-1] == words


@pytest.mark.slow
async def test_three_hundred_files(start: Start, tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"m{number:03}.py").write_text(HUB)
    client = await start(
        without(PUSHED, "window", "workDoneProgress"), command="real", **folder(tmp_path)
    )
    params = {"command": "sentry-migrate.fixWorkspace", "arguments": []}
    result = await client.request("workspace/executeCommand", params, 300)
    assert result == {"applied": True, "fixed": 300, "found": 300, "files": 300}
    assert sizes(client) == [50] * 6
    assert written(tmp_path, HUB.replace("Hub.current.", "")) == 300


WITHIN: dict[str, tuple[Any, set[str] | None]] = {
    "a folder": ("sub", {"sub/b.py", "sub/opened.py", "sub/deep/c.py"}),
    "a file": ("sub/b.py", {"sub/b.py"}),
    "a document": ("sub/opened.py", {"sub/opened.py"}),
    "everything": ("", {"a.py", "sub/b.py", "sub/opened.py", "sub/deep/c.py", "subs/d.py"}),
    "nothing there": ("none", set()),
    "no file": ("untitled:sub", None),
    "no URI": (7, None),
}


@pytest.mark.parametrize(("within", "wanted"), WITHIN.values(), ids=WITHIN)
async def test_one_folder(
    start: Start, tmp_path: Path, within: Any, wanted: set[str] | None
) -> None:
    names = ["a.py", "sub/b.py", "sub/opened.py", "sub/deep/c.py", "subs/d.py"]
    write_tree(tmp_path, dict.fromkeys(names, "import sentry_sdk\nold_name\n"))
    (tmp_path / "sub/opened.py").write_text("")
    client = await start(PUSHED, **folder(tmp_path))
    client.open((tmp_path / "sub/opened.py").as_uri(), USE)
    client.open("untitled:sub/x.py", USE)
    asked = (
        (tmp_path / within).as_uri() if isinstance(within, str) and wanted is not None else within
    )
    if wanted is None:
        with pytest.raises(ServerError, match="within"):
            await command(client, "fixWorkspace", {"within": asked})
    else:
        await command(client, "fixWorkspace", {"within": asked})
    uris = {
        one["textDocument"]["uri"]
        for edit in asked_edits(client)
        for one in edit["edit"]["documentChanges"]
    }
    assert uris == {(tmp_path / name).as_uri() for name in wanted or ()}
