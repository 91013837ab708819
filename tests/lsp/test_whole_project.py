"""A fix is safe for the project, whichever of its files are open: as on the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Run, here, run, write_tree
from cli.test_call_chains import AFTER, BEFORE, CHAINS, TAG
from cli.test_not_followed import OPTIONS
from cli.test_whole_run import BY_HAND, GOES, NAMED, PROJECT, PUSHES, SIMPLE
from lsp.capabilities import PUSHED, VSCODE
from lsp.conftest import Start
from lsp.test_workspace import BACKLOG, command, folder
from lsp.wire import Client, ServerError

CALLER = """import sentry_sdk
def view(x):
    with sentry_sdk.push_scope() as scope:
        scope.set_extra("a", f"{x}")
        sentry_sdk.capture_message("in")
"""
HARMLESS = "import sentry_sdk\nclass A:\n    def __str__(self):\n        return ''\n"
TAGS = HARMLESS.replace("return ''", "sentry_sdk.set_tag('a', 'b')")
SILENT = "class A:\n    def __str__(self):\n        return ''\n"
LOGS = "import logging\n" + SILENT.replace("return ''", "logging.error('a')")
THROUGH = {
    "b.py": "import sentry_sdk\nclass B:\n    def __str__(self):\n        return f'{self.c}'\n",
    "c.py": TAGS,
}
__all__ = ["here", "run"]  # fixtures
BESIDE: dict[str, Any] = {**PUSHES, **GOES}


def plant(root: Path, a: str, beside: Any) -> str:
    files = beside if isinstance(beside, dict) else {"b.py": beside}
    write_tree(root, {**PROJECT, "a.py": a, **files})
    return (root / "a.py").as_uri()


def contents(root: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(root.glob("*.py"))}


async def fix(client: Client, uri: str) -> str:
    """What fix-all would insert; nothing where it has nothing to fix."""
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    actions = await client.actions(uri, everything, only=["source.fixAll"])
    try:
        return str(await client.edit_of(actions[0])) if actions else ""
    except ServerError:  # what is safe has changed since
        return "nothing yet"


async def becomes(client: Client, uri: str, name: str) -> None:
    """Wait until fix-all inserts this name, or nothing where it is empty."""
    deadline = asyncio.get_running_loop().time() + 40
    while name not in (found := await fix(client, uri)) or bool(name) != bool(found):
        assert asyncio.get_running_loop().time() < deadline, found
        await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("beside", "capabilities"),
    [
        *(pytest.param(beside, PUSHED, id=name) for name, beside in BESIDE.items()),
        *(
            pytest.param(BESIDE[name], VSCODE, id=f"{name}, pulled")
            for name in ("by hand", "nothing")
        ),
    ],
)
async def test_an_open_document(
    start: Start, tmp_path: Path, run: Run, beside: Any, capabilities: Any
) -> None:
    uri = plant(tmp_path, NAMED, beside)
    client = await start(capabilities, command="real", **folder(tmp_path))
    client.open(uri, NAMED)
    result = await command(client, "fixFile", uri)
    run("check", "--fix", str(tmp_path / "a.py"))
    assert bool(result["fixed"]) == ((tmp_path / "a.py").read_text() != NAMED)


@pytest.mark.parametrize(
    ("a", "beside", "opened"),
    [
        *(pytest.param(NAMED, BESIDE[name], (), id=name) for name in list(BESIDE)[::4]),
        *(
            pytest.param(a, beside, opened, id=f"{name}, {who} open")
            for name, a, beside in (
                ("by hand", NAMED, BY_HAND),
                ("goes", NAMED, SIMPLE),
                ("a class", CALLER, TAGS),
                ("a pure class", CALLER, HARMLESS),
                ("through a class", CALLER, THROUGH),
            )
            for who, opened in (("none", ()), ("a", ("a.py",)), ("b", ("b.py",)))
        ),
    ],
)
async def test_the_workspace(
    start: Start, tmp_path: Path, run: Run, a: str, beside: Any, opened: tuple[str, ...]
) -> None:
    plant(tmp_path / "ours", a, beside)
    plant(tmp_path / "theirs", a, beside)
    client = await start(PUSHED, command="real", **folder(tmp_path / "ours"))
    for path in (tmp_path / "ours" / name for name in opened):
        if path.exists():
            client.open(path.as_uri(), path.read_text())
    await command(client, "fixWorkspace")
    texts = contents(tmp_path / "ours")
    for name in opened:
        if name in texts:
            texts[name] = client.documents[(tmp_path / "ours" / name).as_uri()][1]
    run("check", "--fix", str(tmp_path / "theirs"))
    assert texts == contents(tmp_path / "theirs")


FOLLOWED = (
    *("by name", "by a star", "passed on by two stars", "a class of a base", "four files"),
    *("a method of a class there", "a file that uses the SDK", "passed on", "another module's"),
    *("an everyday method", "broken"),
)


@pytest.mark.parametrize(
    ("name", "main"),
    [
        *(pytest.param(name, BEFORE, id=f"{name}, before init") for name in FOLLOWED),
        *(pytest.param(name, AFTER, id=f"{name}, at the start") for name in FOLLOWED[::4]),
    ],
)
async def test_calls_through_other_files(
    start: Start, tmp_path: Path, run: Run, name: str, main: str
) -> None:
    beside = {"main.py": main, "pool.py": "import threading\n", **CHAINS[name][0]}
    uri = plant(tmp_path, TAG, beside)
    client = await start(PUSHED, command="real", **folder(tmp_path))
    client.open(uri, TAG)
    result = await command(client, "fixFile", uri)
    run("check", "--fix", str(tmp_path / "a.py"))
    assert bool(result["fixed"]) == ((tmp_path / "a.py").read_text() != TAG)
    assert bool(result["fixed"]) is not CHAINS[name][1]


async def test_calls_through_other_files_as_they_change(start: Start, tmp_path: Path) -> None:
    uri = plant(tmp_path, TAG, {"main.py": BEFORE, **CHAINS["four files"][0]})
    client = await start(PUSHED, command="real", **folder(tmp_path))
    client.open(uri, TAG)
    await becomes(client, uri, "")
    for text, name in (("def on(): pass\n", "get_"), ("import a\ndef on(): a.tag()\n", "")):
        (tmp_path / "d.py").write_text(text)
        changes = [{"uri": (tmp_path / "d.py").as_uri(), "type": 2}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        await becomes(client, uri, name)


@pytest.mark.parametrize("name", ["four files", "another module's"])
async def test_the_workspace_with_calls(start: Start, tmp_path: Path, run: Run, name: str) -> None:
    for root in ("ours", "theirs"):
        plant(tmp_path / root, TAG, {"main.py": BEFORE, **CHAINS[name][0]})
    client = await start(PUSHED, command="real", **folder(tmp_path / "ours"))
    await command(client, "fixWorkspace")
    run("check", "--fix", str(tmp_path / "theirs"))
    assert contents(tmp_path / "ours") == contents(tmp_path / "theirs")


async def hovers(client: Client, uri: str, at: tuple[int, int], words: str) -> None:
    """Wait until the words are said of a place."""
    position = {"line": at[0], "character": at[1]}
    where = {"textDocument": {"uri": uri}, "position": position}
    deadline = asyncio.get_running_loop().time() + 40  # until then a file may not be read yet
    while words not in (said := str(await client.request("textDocument/hover", where))):
        assert asyncio.get_running_loop().time() < deadline, said
        await asyncio.sleep(0.1)


async def test_the_place_is_told(start: Start, tmp_path: Path) -> None:
    uri = plant(tmp_path, NAMED, {"pkg/b.py": BY_HAND})
    client = await start(PUSHED, command="real", **folder(tmp_path))
    client.open(uri, NAMED)
    await becomes(client, uri, "")
    await hovers(client, uri, (2, 9), "pkg/b.py:2")


UNFOLLOWED = OPTIONS["a parameter's"][0]


async def test_an_option_that_another_file_gives_to_init(start: Start, tmp_path: Path) -> None:
    write_tree(tmp_path, {**PROJECT, **UNFOLLOWED})
    uri = (tmp_path / "p.py").as_uri()
    client = await start(VSCODE, command="real", **folder(tmp_path))
    client.open(uri, UNFOLLOWED["p.py"])
    await hovers(client, uri, (1, 12), "init-with-locals")


@pytest.mark.parametrize(
    ("name", "counted"), [("a parameter's", {"SEN301": 1, "SEN302": 1}), ("another key", {})]
)
async def test_such_options_in_files_that_are_not_open(
    start: Start, tmp_path: Path, name: str, counted: dict[str, int]
) -> None:
    write_tree(tmp_path, {**PROJECT, **OPTIONS[name][0]})
    client = await start(VSCODE, configuration=BACKLOG, command="real", **folder(tmp_path))
    rules = (await command(client, "report"))["rules"]
    assert {one["code"]: one["manual"] for one in rules} == counted


@pytest.mark.parametrize(
    ("a", "kept", "gone", "before", "after"),
    [
        pytest.param(NAMED, BY_HAND, "import sentry_sdk\n", "", "get_current_scope", id="a push"),
        pytest.param(NAMED, BY_HAND, "", "", "get_current_scope", id="nothing left"),
        pytest.param(CALLER, TAGS, HARMLESS, "isolation_scope", "new_scope", id="a class"),
    ],
)
class TestWhatChanges:
    async def test_another_document(
        self, start: Start, tmp_path: Path, a: str, kept: str, gone: str, before: str, after: str
    ) -> None:
        uri = plant(tmp_path, a, kept)
        other = (tmp_path / "b.py").as_uri()
        client = await start(PUSHED, command="real", **folder(tmp_path))
        client.open(uri, a)
        client.open(other, kept)
        await becomes(client, uri, before)
        for version, text in enumerate([gone, kept, gone], 2):
            client.replace(other, version, text)
            await becomes(client, uri, after if text == gone else before)

    async def test_a_file(
        self, start: Start, tmp_path: Path, a: str, kept: str, gone: str, before: str, after: str
    ) -> None:
        uri = plant(tmp_path, a, kept)
        other = tmp_path / "b.py"
        client = await start(VSCODE, command="real", **folder(tmp_path))
        client.open(uri, a)
        await becomes(client, uri, before)
        for text in (gone, kept, gone):
            other.write_text(text)
            changes = [{"uri": other.as_uri(), "type": 2}]
            client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
            await becomes(client, uri, after if text == gone else before)

    async def test_a_document_that_is_closed_counts_as_its_file(
        self, start: Start, tmp_path: Path, a: str, kept: str, gone: str, before: str, after: str
    ) -> None:
        uri = plant(tmp_path, a, kept)
        other = (tmp_path / "b.py").as_uri()
        client = await start(PUSHED, command="real", **folder(tmp_path))
        client.open(uri, a)
        client.open(other, gone)
        await becomes(client, uri, after)
        client.notify("textDocument/didClose", {"textDocument": {"uri": other}})
        await becomes(client, uri, before)


async def test_a_class_of_a_file_without_the_sdk(start: Start, tmp_path: Path) -> None:
    uri = plant(tmp_path, CALLER, LOGS)
    client = await start(VSCODE, command="real", **folder(tmp_path))
    client.open(uri, CALLER)
    await becomes(client, uri, "isolation_scope")
    (tmp_path / "b.py").write_text(SILENT)
    changes = [{"uri": (tmp_path / "b.py").as_uri(), "type": 2}]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    await becomes(client, uri, "new_scope")


@pytest.mark.parametrize("opened", [False, True], ids=["closed", "open"])
@pytest.mark.parametrize(("beside", "safe"), [(BY_HAND, 0), ("import sentry_sdk\n", 1)])
async def test_files_that_are_not_open(
    start: Start, tmp_path: Path, beside: str, safe: int, opened: bool
) -> None:
    plant(tmp_path, NAMED, beside)
    client = await start(VSCODE, configuration=BACKLOG, command="real", **folder(tmp_path))
    if opened:
        client.open((tmp_path / "b.py").as_uri(), beside)
    counts = await command(client, "report")
    (rule,) = (one for one in counts["rules"] if one["code"] == "SEN101")
    assert (rule["safe"], rule["unsafe"]) == (safe, 1 - safe)


async def test_a_file_that_settings_leave_out_counts(start: Start, tmp_path: Path) -> None:
    uri = plant(tmp_path, NAMED, {"old/b.py": BY_HAND})
    (tmp_path / "pyproject.toml").write_text('[tool.sentry-migrate]\nextend-exclude = ["old"]\n')
    client = await start(PUSHED, command="real", **folder(tmp_path))
    client.open(uri, NAMED)
    assert (await command(client, "fixFile", uri))["fixed"] == 0
    assert (await command(client, "fixWorkspace"))["fixed"] == 0


async def test_a_simple_block_elsewhere_goes_with_the_workspace_only(
    start: Start, tmp_path: Path
) -> None:
    uri = plant(tmp_path, NAMED, SIMPLE)
    client = await start(PUSHED, command="real", **folder(tmp_path))
    client.open(uri, NAMED)
    assert (await command(client, "fixFile", uri))["fixed"] == 0
    await command(client, "fixWorkspace")
    assert "get_current_scope" in client.documents[uri][1]
    assert "push_scope" not in (tmp_path / "b.py").read_text()
