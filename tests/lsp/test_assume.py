"""Answering a doubt from the editor: which file gets the answer, and when there is no such offer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from lsp.capabilities import NOTHING, PUSHED, VSCODE
from lsp.conftest import Start
from lsp.wire import Client, apply_edits, span
from sentry_migrate.doubts import DOUBTS

TEXT = "import sentry_sdk\nrisky\n"
OFFER = f"Assume other-threads: {DOUBTS['other-threads'].question}"
SAFE = "Replace with new_name"
UNSAFE = f"{SAFE} (unsafe)"
TABLE = "[tool.sentry-migrate]\n"
ANSWERED = f'{TABLE}assume = ["other-threads"]\n'


async def offers(client: Client, uri: str, text: str = TEXT) -> list[dict[str, Any]]:
    at = text.index("risky") if "risky" in text else 0
    actions = await client.actions(uri, span(text, at, at, "utf-16"))
    return [one for one in actions if one["title"].startswith("Assume")]


async def opened(
    start: Start, folder: Path, capabilities: Any = PUSHED, text: str = TEXT, **keys: Any
) -> tuple[Client, str]:
    (folder / "pkg").mkdir()
    file = folder / "pkg/a.py"
    folders = [{"uri": folder.as_uri(), "name": "w"}]
    client = await start(capabilities, workspaceFolders=folders, **keys)
    client.open(file.as_uri(), text)
    await client.diagnostics(file.as_uri())
    return client, file.as_uri()


def changed(edit: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    if "changes" in edit:
        return dict(edit["changes"])
    return {one["textDocument"]["uri"]: one["edits"] for one in edit["documentChanges"]}


@pytest.mark.parametrize("capabilities", [PUSHED, VSCODE, NOTHING], ids=["push", "code", "none"])
@pytest.mark.parametrize("before", ["", TABLE], ids=["no table", "table"])
async def test_the_answer_goes_into_the_nearest_file(
    start: Start, tmp_path: Path, capabilities: Any, before: str
) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(before)
    client = await start(capabilities, workspaceFolders=[{"uri": tmp_path.as_uri(), "name": "w"}])
    uri = (tmp_path / "a.py").as_uri()
    client.open(uri, TEXT)
    (action,) = await offers(client, uri)
    assert action["title"] == OFFER
    ((where, edits),) = changed(await client.edit_of(action)).items()
    assert where == file.as_uri()
    assert apply_edits(before, edits, "utf-16") == ANSWERED
    assert file.read_text() == before, "only the client writes"


async def test_an_open_file_is_edited_as_it_is_open(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("")
    client, uri = await opened(start, tmp_path)
    unsaved = "# not saved\n" + TABLE
    client.open(file.as_uri(), unsaved, version=7, language="toml")
    (action,) = await offers(client, uri)
    ((_, edits),) = changed(await client.edit_of(action)).items()
    assert apply_edits(unsaved, edits, "utf-16") == "# not saved\n" + ANSWERED


async def test_no_offer_where_the_open_file_has_the_answer(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(TABLE)
    client, uri = await opened(start, tmp_path)
    client.open(file.as_uri(), ANSWERED, language="toml")
    assert await offers(client, uri) == []


UNOFFERED = {
    "no file": (None, {}),
    "not well-formed": (TABLE[1:], {}),
    "cannot be edited": (f'{TABLE}assume = "x"\n', {}),
    "strict": (f"{TABLE}strict = true\n", {}),
    "the file is not read": (TABLE, {"configurationPreference": "editorOnly"}),
    "answered": (ANSWERED, {}),
    "nothing that is TOML, and nothing of ours": ("a = [", {}),
    "answered in the editor": (TABLE, {"assume": ["other-threads"]}),
}


@pytest.mark.parametrize(("content", "configuration"), UNOFFERED.values(), ids=UNOFFERED)
async def test_no_offer(
    start: Start, tmp_path: Path, content: str | None, configuration: dict[str, Any]
) -> None:
    if content is not None:
        (tmp_path / "pyproject.toml").write_text(content)
    client, uri = await opened(start, tmp_path, configuration=configuration)
    assert await offers(client, uri) == []


async def test_no_offer_outside_the_folders(start: Start, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "w").mkdir()
    client, uri = await opened(start, tmp_path / "w")
    assert await offers(client, uri) == []


@pytest.mark.parametrize("text", ["import sentry_sdk\nold_name\n", "import sentry_sdk\nlost\n"])
async def test_no_offer_without_a_doubt(start: Start, tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    client, uri = await opened(start, tmp_path, text=text)
    actions = await client.actions(uri, span(text, 18, 20, "utf-16"))
    assert actions
    assert not any(one["title"].startswith("Assume") for one in actions)


async def test_what_is_assumed_is_in_the_title_and_the_hover(start: Start, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(ANSWERED)
    client, uri = await opened(start, tmp_path)
    place = span(TEXT, TEXT.index("risky"), TEXT.index("risky"), "utf-16")
    (first, *_) = await client.actions(uri, place)
    assert first["title"] == "Replace with new_name (assumes other-threads)"
    params = {"textDocument": {"uri": uri}, "position": place["start"]}
    found = await client.request("textDocument/hover", params)
    assert "assumes `other-threads`: cannot be sure" in found["contents"]["value"]


async def test_the_hover_asks(start: Start, tmp_path: Path) -> None:
    client, uri = await opened(start, tmp_path)
    place = span(TEXT, TEXT.index("risky"), TEXT.index("risky"), "utf-16")
    params = {"textDocument": {"uri": uri}, "position": place["start"]}
    found = await client.request("textDocument/hover", params)
    assert "`other-threads`: Can threads" in found["contents"]["value"]


async def test_a_wrong_code_is_said_with_the_nearest(start: Start, tmp_path: Path) -> None:
    client, _ = await opened(start, tmp_path, configuration={"assume": ["other-thread"]})
    shown = [
        m["params"]["message"] for _, m in client.trace if m.get("method") == "window/showMessage"
    ]
    assert len(shown) == 1
    assert "assume" in shown[0]
    assert "'other-threads'?" in shown[0]


@pytest.mark.parametrize(
    ("other", "soon", "later"),
    [
        ("LONG", [UNSAFE], [SAFE]),
        ("LONG some", [UNSAFE], [UNSAFE, OFFER]),
        ("some", [UNSAFE, OFFER], None),
        ("", [SAFE], None),
    ],
)
async def test_nobody_is_asked_what_reading_the_other_files_tells(
    start: Start, tmp_path: Path, other: str, soon: list[str], later: list[str] | None
) -> None:
    text = "import sentry_sdk\nshared\n"
    for name, content in {
        "pyproject.toml": "",
        "a.py": text,
        "b.py": f"sentry_sdk\n{other}\n",
    }.items():
        (tmp_path / name).write_text(content)
    client = await start(PUSHED, workspaceFolders=[{"uri": tmp_path.as_uri(), "name": "w"}])
    uri = (tmp_path / "a.py").as_uri()
    client.open(uri, text)
    place = span(text, text.index("shared"), text.index("shared"), "utf-16")
    expected = ("Replace", "Assume")

    async def menu() -> list[str]:
        offered = await client.actions(uri, place)
        return [one["title"] for one in offered if one["title"].startswith(expected)]

    async def asked() -> bool:
        params = {"textDocument": {"uri": uri}, "position": place["start"]}
        found = await client.request("textDocument/hover", params)
        return "`other-threads`: " in found["contents"]["value"]

    assert await menu() == soon
    assert await asked() == (OFFER in soon)
    if later is not None:
        deadline = asyncio.get_running_loop().time() + 30
        while await menu() != later:
            assert asyncio.get_running_loop().time() < deadline
        assert await asked() == (OFFER in later)
