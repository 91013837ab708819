"""The data of the migration view, and what a person chooses in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from lsp.capabilities import NOTHING, PUSHED
from lsp.conftest import Start
from lsp.test_workspace import command, folder, popups
from lsp.wire import Client, ServerError

FILES = {
    "a.py": "import sentry_sdk\nold_name\n'😀'; old_name; lost\n",
    "sub/b.py": "import sentry_sdk\nrisky; noted\n",
    "clean.py": "import sentry_sdk\n",
    "broken.py": "import sentry_sdk\ndef def\n",
    "pyproject.toml": "[project]\nname = 'x'\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def rows(found: dict[str, Any]) -> list[str]:
    """Section, group, file and what is offered, one line for each item."""
    return [
        f"{section} {group['id']} {file['name']}:{item['range']['start']['line'] + 1} {item['fix']}"
        for section in ("proved", "toDecide", "byHand")
        for group in found[section]
        for file in group["files"]
        for item in file["items"]
    ]


async def test_everything_has_its_place(start: Start, tree: Path) -> None:
    client = await start(PUSHED, **folder(tree))
    found = await command(client, "overview")
    assert rows(found) == [
        "proved SEN901 a.py:2 Replace with new_name",
        "proved SEN901 a.py:3 Replace with new_name",
        "toDecide other-threads sub/b.py:2 Replace with new_name (unsafe)",
        "byHand SEN903 a.py:3 ",
        "byHand SEN906 sub/b.py:2 Note it down",
    ]
    assert found["files"] == 2
    assert found["headline"] == "5 uses of the sentry-sdk 1.x API in 2 files."
    broken = {"uri": (tree / "broken.py").as_uri(), "name": "broken.py"}
    assert [{**one, "reason": ""} for one in found["unread"]] == [{**broken, "reason": ""}]
    (group,) = found["proved"]
    assert (group["label"], group["question"], group["count"]) == ("old_name", False, 2)
    (question,) = found["toDecide"]
    assert question["question"] is True
    assert question["label"].endswith("?")


async def test_an_open_document_counts_as_it_is(start: Start, tree: Path) -> None:
    client = await start(PUSHED, **folder(tree))
    client.open((tree / "a.py").as_uri(), "import sentry_sdk\nrisky\n")
    found = await command(client, "overview")
    assert rows(found)[0].startswith("toDecide other-threads a.py:2")
    assert len(rows(found)) == 3


USES = "import sentry_sdk\nold_name\n"
PARSED = "No uses of the sentry-sdk 1.x API were found in what could be analysed."
BROKEN_TABLE = {"pyproject.toml": '[tool.sentry-migrate]\nignore = ["SEN901"\n'}
NOTHING_LEFT: dict[str, tuple[dict[str, str], list[str], str]] = {
    # the files, what could not be read and why, and the headline
    "nothing": ({"a.py": "import sentry_sdk\n"}, [], "No uses of the sentry-sdk 1.x API are left."),
    "suppressed": (
        {"a.py": "import sentry_sdk\nold_name  # sentry-migrate: ignore\n"},
        [],
        "No finding is left. Not counted: 1 finding suppressed by comments.",
    ),
    "no Python": ({"a.py": f"{USES}def def\n"}, ["a.py: the file is not valid Python: "], PARSED),
    "settings": (
        {"a.py": USES, **BROKEN_TABLE},
        ["a.py: its settings cannot be read: pyproject.toml: not valid TOML"],
        PARSED,
    ),
    "settings that are not ours": (
        {"a.py": "import sentry_sdk\n", "pyproject.toml": "[project\n"},
        [],
        "No uses of the sentry-sdk 1.x API are left.",
    ),
}


@pytest.mark.parametrize("opened", [False, True], ids=["closed", "open"])
@pytest.mark.parametrize(("files", "unread", "words"), NOTHING_LEFT.values(), ids=NOTHING_LEFT)
async def test_nothing_is_claimed_of_what_was_not_read(
    start: Start,
    tmp_path: Path,
    files: dict[str, str],
    unread: list[str],
    words: str,
    opened: bool,
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    client = await start(PUSHED, **folder(tmp_path))
    if opened:
        client.open((tmp_path / "a.py").as_uri(), files["a.py"])
    found = await command(client, "overview")
    said = [f"{one['name']}: {one['reason']}" for one in found["unread"]]
    assert (rows(found), found["headline"]) == ([], words)
    assert [one.startswith(start) for one, start in zip(said, unread, strict=True)] == [True] * len(
        unread
    )


async def test_what_cannot_be_read_is_told_where_nothing_is_changed(
    start: Start, tmp_path: Path
) -> None:
    for name, text in {"a.py": USES, **BROKEN_TABLE}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    client = await start(PUSHED, **folder(tmp_path))
    result = await command(client, "fixWorkspace", {"tell": True})
    assert result == {"applied": False, "fixed": 0, "found": 0, "files": 0, "unread": 1}
    assert popups(client)[-1] == "No finding has a safe fix. 1 file could not be read."


OFF = "the setting sentry-migrate.enable is off"
UNASKED: dict[str, tuple[dict[str, str], str, str]] = {
    # the files, the headline, and what a migration says
    "all": (
        {"a.py": USES, "b.py": USES},
        f"Nothing was checked: {OFF}.",
        f"No finding has a safe fix. For 2 files, {OFF}.",
    ),
    "nothing to look at": (
        {"a.py": "x = 1\n"},
        "No uses of the sentry-sdk 1.x API are left.",
        "No finding has a safe fix.",
    ),
}


@pytest.mark.parametrize("opened", [False, True], ids=["closed", "open"])
@pytest.mark.parametrize(("files", "words", "told"), UNASKED.values(), ids=UNASKED)
async def test_nothing_is_claimed_where_the_server_is_off(
    start: Start, tmp_path: Path, files: dict[str, str], words: str, told: str, opened: bool
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    settings = {"enable": False}
    client = await start(PUSHED, configuration=settings, command="real", **folder(tmp_path))
    if opened:
        client.open((tmp_path / "a.py").as_uri(), files["a.py"])
    found = await command(client, "overview")
    assert (rows(found), found["unread"], found["headline"]) == ([], [], words)
    report = await command(client, "report", {"format": "html"})
    assert report["markdown"].startswith(words)
    assert words in report["html"]
    await command(client, "fixWorkspace", {"tell": True})
    assert popups(client)[-1] == told


async def test_the_server_is_off_for_one_folder(start: Start, tmp_path: Path) -> None:
    for name, text in {"a/a.py": "import sentry_sdk\n", "b/b.py": USES}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    uris = [(tmp_path / name).as_uri() for name in ("a", "b")]
    client = Client()
    client.by_scope = {uris[1]: {"enable": False}}
    await client.start("fake")
    await client.initialize(PUSHED, workspaceFolders=[{"uri": u, "name": u[-1]} for u in uris])
    found = await command(client, "overview")
    assert found["headline"] == f"No finding is left. Not counted: 1 file where {OFF}."
    assert await client.stop() == 0


def place(text: str, pattern: str) -> dict[str, int]:
    """Where a pattern begins, in UTF-16 units."""
    match = re.search(pattern, text)
    assert match
    before = text[: match.start()]
    line = before.count("\n")
    return {"line": line, "character": len(before.rpartition("\n")[2].encode("utf-16-le")) // 2}


async def opened(start: Start, tree: Path, name: str = "a.py") -> tuple[Client, str]:
    client = await start(PUSHED, **folder(tree))
    uri = (tree / name).as_uri()
    client.open(uri, FILES[name])
    return client, uri


async def test_one_fix_is_applied_and_no_other(start: Start, tree: Path) -> None:
    client, uri = await opened(start, tree)
    at = place(FILES["a.py"], "(?<=; )old_name")
    shown = await command(client, "previewFix", uri, "SEN901", at)
    wanted = FILES["a.py"].replace("; old_name", "; new_name")
    assert shown == {"title": "Replace with new_name", "reason": "", "after": {uri: wanted}}
    assert client.documents[uri][1] == FILES["a.py"]
    assert await command(client, "applyFix", uri, "SEN901", at) == {"applied": True}
    assert client.documents[uri][1] == wanted


IMPORTS = """import os
from sentry_sdk.hub import Hub

def f():
    print(Hub.current.client)
    print('😀', Hub.current.client)

def g():
    print(Hub.current.client, Hub.current.client)
"""


@pytest.mark.parametrize("name", ["applyFix", "ignore"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
async def test_several_at_once_though_lines_move(
    start: Start, tmp_path: Path, name: str, encoding: str, line_end: str
) -> None:
    text = IMPORTS.replace("\n", line_end)
    (tmp_path / "a.py").write_text(text, encoding="utf-8", newline="")
    client = await start(PUSHED, encoding=encoding, command="real", **folder(tmp_path))
    uri = (tmp_path / "a.py").as_uri()
    client.open(uri, text)
    found = await command(client, "overview")
    items = [
        item for group in found["toDecide"] for file in group["files"] for item in file["items"]
    ]
    places = [[item["uri"], item["code"], item["range"]["start"]] for item in items]
    assert len(places) == 4
    assert await command(client, name, places) == {"applied": True, "made": 4}
    after = client.documents[uri][1]
    if name == "applyFix":
        assert after.count("print(get_client()") == 2
        assert after.count("get_client()") == 4
    else:
        assert after.count("# sentry-migrate: ignore[SEN213]") == 3
    assert (await command(client, "overview"))["toDecide"] == []


SEVERAL_WRONG: dict[str, tuple[Any, str]] = {
    "no list": ([7], "expected the URI"),
    "one is gone": (
        [
            ["URI", "SEN901", {"line": 1, "character": 0}],
            ["URI", "SEN901", {"line": 0, "character": 0}],
        ],
        "changed since",
    ),
    "two files": (
        [
            ["URI", "SEN901", {"line": 1, "character": 0}],
            ["OTHER", "SEN902", {"line": 1, "character": 0}],
        ],
        "changed since",
    ),
}


@pytest.mark.parametrize(("places", "words"), SEVERAL_WRONG.values(), ids=SEVERAL_WRONG)
async def test_several_of_which_one_is_not_there(
    start: Start, tree: Path, places: Any, words: str
) -> None:
    client, uri = await opened(start, tree)
    other = (tree / "sub/b.py").as_uri()
    client.open(other, FILES["sub/b.py"])
    named = {"URI": uri, "OTHER": other}
    given = [[named[one[0]], *one[1:]] if isinstance(one, list) else one for one in places]
    with pytest.raises(ServerError, match=words):
        await command(client, "applyFix", given)
    assert client.documents[uri][1] == FILES["a.py"]
    assert await command(client, "applyFix", []) == {"applied": True, "made": 0}


async def test_several_until_the_editor_refuses(start: Start, tree: Path) -> None:
    client, uri = await opened(start, tree)
    asked: list[Any] = []

    def once(params: Any) -> Any:
        asked.append(params)
        return {"applied": len(asked) < 2 and client.make(params["edit"])}

    client.answer["workspace/applyEdit"] = once
    places = [
        [uri, "SEN901", place(FILES["a.py"], word)] for word in ("(?<=; )old_name", "old_name")
    ]
    assert await command(client, "applyFix", places) == {"applied": False, "made": 1}
    assert popups(client) == ["The editor did not apply the fix"]
    assert client.documents[uri][1] == FILES["a.py"].replace("; old_name", "; new_name")


@pytest.mark.parametrize(
    ("word", "code"), [("lost", "SEN903"), ("(?<=; )old_name", "SEN901"), ("old_name", "SEN901")]
)
async def test_one_finding_is_skipped(start: Start, tree: Path, word: str, code: str) -> None:
    client, uri = await opened(start, tree)
    at = place(FILES["a.py"], word)
    assert await command(client, "ignore", uri, code, at) == {"applied": True}
    lines = FILES["a.py"].split("\n")
    lines[at["line"]] += f"  # sentry-migrate: ignore[{code}]"
    assert client.documents[uri][1] == "\n".join(lines)


async def test_what_is_not_proved_says_why(start: Start, tree: Path) -> None:
    client, uri = await opened(start, tree, "sub/b.py")
    shown = await command(client, "previewFix", uri, "SEN902", place(FILES["sub/b.py"], "risky"))
    assert (shown["title"], shown["reason"]) == ("Replace with new_name (unsafe)", "cannot be sure")


async def test_a_refusal_is_told(start: Start, tree: Path) -> None:
    client, uri = await opened(start, tree)
    client.answer["workspace/applyEdit"] = lambda params: {"applied": False}
    at = place(FILES["a.py"], "old_name")
    assert await command(client, "applyFix", uri, "SEN901", at) == {"applied": False}
    assert popups(client) == ["The editor did not apply the fix"]


AT = {"line": 1, "character": 0}
WRONG: dict[str, tuple[tuple[Any, ...], str]] = {
    "nothing": ((), "expected the URI"),
    "no position": (("URI", "SEN901"), "expected the URI"),
    "half a position": (("URI", "SEN901", {"line": 1}), "expected the URI"),
    "no text": ((1, "SEN901", AT), "expected the URI"),
    "another rule": (("URI", "SEN902", AT), "changed since"),
    "another place": (("URI", "SEN901", {"line": 0, "character": 0}), "changed since"),
    "inside of a use": (("URI", "SEN901", {"line": 1, "character": 2}), "changed since"),
    "no fix": (("URI", "SEN903", {"line": 2, "character": 16}), "changed since"),
    "not open": (("file:///w/none.py", "SEN901", AT), "changed since"),
}


@pytest.mark.parametrize("name", ["applyFix", "previewFix", "ignore"])
@pytest.mark.parametrize(("arguments", "words"), WRONG.values(), ids=WRONG)
async def test_what_is_not_there(
    start: Start, tree: Path, name: str, arguments: tuple[Any, ...], words: str
) -> None:
    client, uri = await opened(start, tree)
    if name == "ignore" and arguments == WRONG["no fix"][0]:
        arguments = ("URI", "SEN901", {"line": 2, "character": 16})
    given = [uri if one == "URI" else one for one in arguments]
    with pytest.raises(ServerError, match=words):
        await command(client, name, *given)
    assert client.documents[uri][1] == FILES["a.py"]


async def test_a_question_is_answered_once(start: Start, tree: Path) -> None:
    client, uri = await opened(start, tree, "sub/b.py")
    done = await command(client, "assume", [uri], "other-threads")
    file = (tree / "pyproject.toml").as_uri()
    assert done == {"applied": True, "uris": [file]}
    once = (tree / "pyproject.toml").read_text()
    assert 'assume = ["other-threads"]' in once
    again = await command(client, "assume", [uri], "other-threads")
    assert again == {"applied": True, "uris": []}
    assert (tree / "pyproject.toml").read_text() == once


TABLE = "[project]\nname = 'x'\n"
HAS = '[tool.sentry-migrate]\nassume = ["other-threads"]\n'
STRICT = "[tool.sentry-migrate]\nstrict = true\n"
PROJECTS: dict[str, tuple[dict[str, str], list[str], list[str]]] = {
    # the files named pyproject.toml by folder, those that get the answer, and what is said
    "each its own": (
        dict.fromkeys(("one", "two", "two/in"), TABLE),
        ["one", "two", "two/in"],
        [],
    ),
    "one has it": ({"one": HAS, "two": TABLE}, ["two"], []),
    "one has none": ({"two": TABLE}, ["two"], ["Some fixes are still waiting for this answer:"]),
    "one lets no answer count": (
        {"one": STRICT, "two": TABLE},
        ["two"],
        ["Some fixes are still waiting for this answer:"],
    ),
    "nested": ({"one": TABLE, "one/sub": HAS, "two": TABLE}, ["one", "two"], []),
}


@pytest.mark.parametrize("opened", [False, True], ids=["closed", "open"])
@pytest.mark.parametrize(("projects", "written", "said"), PROJECTS.values(), ids=PROJECTS)
async def test_a_question_is_answered_for_all_that_wait(
    start: Start,
    tmp_path: Path,
    projects: dict[str, str],
    written: list[str],
    said: list[str],
    opened: bool,
) -> None:
    code = "import sentry_sdk\nrisky\n"
    files = [tmp_path / name for name in ("one/a.py", "one/sub/b.py", "two/c.py", "two/in/d.py")]
    settings = {tmp_path / folder / "pyproject.toml": text for folder, text in projects.items()}
    for path, text in {**dict.fromkeys(files, code), **settings}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    folders = [{"uri": (tmp_path / name).as_uri(), "name": name} for name in ("one", "two")]
    client = await start(PUSHED, workspaceFolders=folders)
    if opened:
        client.open(files[0].as_uri(), code)
    uris = [path.as_uri() for path in files]
    before = len(popups(client))
    done = await command(client, "assume", uris, "other-threads")
    changed = [(tmp_path / name / "pyproject.toml").as_uri() for name in written]
    assert done == {"applied": True, "uris": changed}
    for path, text in settings.items():
        now = path.read_text(encoding="utf-8")
        assert ("other-threads" in now) == ("other-threads" in text or path.as_uri() in changed)
    shown = popups(client)[before:]
    assert [one[: len(start)] for one, start in zip(shown, said, strict=True)] == said


@pytest.mark.parametrize("uris", [[], [7], None, 7, {}, ["file:///a.py", None]])
async def test_an_answer_for_nothing(start: Start, tree: Path, uris: Any) -> None:
    client, _ = await opened(start, tree)
    with pytest.raises(ServerError, match="expected the URIs"):
        await command(client, "assume", uris, "other-threads")


@pytest.mark.parametrize("doubt", ["no-such-doubt", None, [], {}, ["x"], 1, True])
async def test_no_answer(start: Start, tree: Path, doubt: Any) -> None:
    client, uri = await opened(start, tree, "sub/b.py")
    with pytest.raises(ServerError, match="expected the URIs"):
        await command(client, "assume", [uri], doubt)


BY_HAND = "add `other-threads` to the setting `sentry-migrate.assume` of the editor"
NO_PLACE: dict[str, tuple[str | None, dict[str, Any], str]] = {
    "no file": (None, {}, f"no pyproject.toml can be read here; {BY_HAND}"),
    "no file that is read": ("", {"configurationPreference": "editorOnly"}, BY_HAND),
    "no answer counts": ("[tool.sentry-migrate]\nstrict = true\n", {}, "lets no answer count"),
    "no TOML": ("[project\n", {}, "cannot be edited as it is written; add `other-threads` to"),
    "no list": ("[tool]\nsentry-migrate = {}\n", {}, "cannot be edited as it is written"),
}


@pytest.mark.parametrize(("text", "settings", "words"), NO_PLACE.values(), ids=NO_PLACE)
async def test_an_answer_without_a_place(
    start: Start, tree: Path, text: str | None, settings: dict[str, Any], words: str
) -> None:
    file = tree / "pyproject.toml"
    file.unlink() if text is None else file.write_text(text)
    client = await start(PUSHED, configuration=settings, **folder(tree))
    uri = (tree / "sub/b.py").as_uri()
    client.open(uri, FILES["sub/b.py"])
    with pytest.raises(ServerError, match=re.escape(words)):
        await command(client, "assume", uri, "other-threads")
    assert (file.read_text() if file.exists() else None) == text


async def test_a_client_that_cannot_edit(start: Start, tree: Path) -> None:
    client = await start(NOTHING, **folder(tree))
    uri = (tree / "a.py").as_uri()
    client.open(uri, FILES["a.py"])
    with pytest.raises(ServerError, match="cannot apply edits"):
        await command(client, "applyFix", uri, "SEN901", AT)


PINNED = "flask\nsentry-sdk==1.45.1\n"
REQUIRES: dict[str, tuple[dict[str, str], dict[str, Any] | None]] = {
    "a pin": ({"requirements.txt": PINNED}, {"specifier": "1.45.1", "exact": True}),
    "a range": ({"requirements.txt": "sentry-sdk<2\n"}, {"specifier": "<2", "exact": False}),
    "2.x": ({"requirements.txt": "sentry-sdk==2.12.0\n"}, None),
    "no requirement": ({}, None),
    "not to be looked at": (
        {
            "requirements.txt": PINNED,
            "pyproject.toml": '[tool.sentry-migrate]\nignore = ["SEN901"]\n',
        },
        None,
    ),
}


@pytest.mark.parametrize(("files", "wanted"), REQUIRES.values(), ids=REQUIRES)
async def test_what_the_project_requires(
    start: Start, tmp_path: Path, files: dict[str, str], wanted: dict[str, Any] | None
) -> None:
    for name, text in {"a.py": "import sentry_sdk\nsentry_sdk.Hub.current\n", **files}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    client = await start(PUSHED, command="real", **folder(tmp_path))
    found = await command(client, "overview")
    assert found["requires"] == wanted
    assert found["files"] == 1 + (wanted is not None)


async def test_a_question_has_a_page(start: Start, tree: Path) -> None:
    client, _ = await opened(start, tree)
    options = {"links": "x:{arguments}", "answer": "y:answer"}
    shown = await command(client, "question", "other-threads", options)
    assert 'href="y:answer"' in shown["html"]
    assert "sub/b.py" in shown["html"]
    assert "a.py" not in shown["html"].replace("sub/b.py", "")
    assert "y:answer" not in (await command(client, "question", "other-threads"))["html"]


@pytest.mark.parametrize(
    "arguments",
    [
        (), (None,), (7,), ("SEN901",), ("no-such-doubt",), ([],),
        ("other-threads", {"links": 7}), ("other-threads", {"links": "{what}"}),
        ("other-threads", {"answer": 7}), ("other-threads", 7),
    ],
)  # fmt: skip
async def test_no_page(start: Start, tree: Path, arguments: tuple[Any, ...]) -> None:
    client, _ = await opened(start, tree)
    with pytest.raises(ServerError):
        await command(client, "question", *arguments)
