"""No edit is of a text that is gone, none is made twice, and no silence stops anything."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lsp.capabilities import NOTHING, PUSHED, VSCODE, without
from lsp.conftest import Start
from lsp.test_workspace import (
    BACKLOG,
    asked_edits,
    backlog,
    by_name,
    command,
    edited,
    folder,
    popups,
)
from lsp.wire import Client
from sentry_migrate.lsp.wire.requests import answered

USE = "import sentry_sdk\nold_name\n"
DONE = USE.replace("old_name", "new_name")
SLOW = "import sentry_sdk\n# SLOW\n"
LINKS = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")


def reported(client: Client) -> int:
    """How many files were looked at, as progress tells."""
    return sum(
        m.get("method") == "$/progress" and m["params"]["value"]["kind"] == "report"
        for _, m in client.trace
    )


async def meanwhile(client: Client, act: Callable[[], None], name: str = "fixWorkspace") -> Any:
    """The command's result, if something happens once it is well under way."""
    running = asyncio.ensure_future(command(client, name))
    await client.until(lambda: reported(client) >= 21)
    act()
    return await running


@pytest.fixture
def many(tmp_path: Path) -> Path:
    for number in range(120):
        (tmp_path / f"m{number:03}.py").write_text(SLOW if number in (30, 31) else USE)
    return tmp_path


async def test_what_changed_while_files_were_looked_at(start: Start, many: Path) -> None:
    client = await start(PUSHED, **folder(many))
    opened = (many / "m010.py").as_uri()
    client.open(opened, USE)
    files = [many / f"m{number:03}.py" for number in range(120)]

    def act() -> None:
        files[3].write_text("# a line on top\n" + USE)
        files[5].unlink()
        files[7].write_text("import sentry_sdk\n")
        client.open(files[8].as_uri(), "x = 1\n" + USE)
        client.replace(opened, 2, "y = 1\n" + USE)
        changes = [{"uri": files[3].as_uri(), "type": 2}, {"uri": files[5].as_uri(), "type": 3}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})

    result = await meanwhile(client, act)
    documents = [part for one in asked_edits(client) for part in one["edit"]["documentChanges"]]
    versions = {one["textDocument"]["uri"]: one["textDocument"]["version"] for one in documents}
    assert len(documents) == len(versions)
    assert result == {"applied": True, "fixed": 116, "found": 116, "files": 116}
    assert (versions[opened], versions[files[8].as_uri()]) == (2, 1)
    assert files[5].as_uri() not in versions
    assert files[7].as_uri() not in versions
    assert files[3].read_text() == "# a line on top\n" + DONE
    assert client.documents[opened][1] == "y = 1\n" + DONE
    assert client.documents[files[8].as_uri()][1] == "x = 1\n" + DONE
    assert files[8].read_text() == USE


async def test_a_document_that_was_closed_is_fixed_on_disk(start: Start, many: Path) -> None:
    client = await start(PUSHED, **folder(many))
    path = many / "m010.py"
    client.open(path.as_uri(), "x = 1\n" + USE)
    document = {"textDocument": {"uri": path.as_uri()}}
    await meanwhile(client, lambda: client.notify("textDocument/didClose", document))
    assert path.read_text() == DONE


async def test_the_report_counts_what_there_is(start: Start, many: Path) -> None:
    client = await start(PUSHED, **folder(many))

    def act() -> None:
        (many / "m003.py").write_text(USE + "old_name\n")
        (many / "m005.py").unlink()
        (many / "m007.py").write_text("import sentry_sdk\n")
        client.open((many / "m008.py").as_uri(), USE + "lost; lost\n")

    files = (await meanwhile(client, act, "report"))["files"]
    counts = {uri.rpartition("/")[2]: count for uri, count in files.items()}
    assert (counts["m003.py"], counts["m008.py"]) == (2, 3)
    assert counts.keys() & {"m005.py", "m007.py"} == set()
    assert len(counts) == 116


class TestRefused:
    URI = "file:///w/a.py"

    def refuse(self, client: Client, times: int, change: bool) -> None:
        """Turn edits down, and type before the answer if `change`."""
        left = [times]

        def answer(params: Any) -> Any:
            if left[0] == 0:
                return {"applied": client.make(params["edit"])}
            left[0] -= 1
            if change:
                version, text = client.documents[self.URI]
                client.replace(self.URI, version + 1, "x = 1\n" + text)
            return {"applied": False}

        client.answer["workspace/applyEdit"] = answer

    @pytest.mark.parametrize(
        ("times", "change", "asked", "fixed", "said"),
        [(1, True, 2, 1, 0), (2, True, 2, 0, 1), (1, False, 1, 0, 1), (0, True, 1, 1, 0)],
    )
    async def test_once_more_if_it_moved(
        self, start: Start, times: int, change: bool, asked: int, fixed: int, said: int
    ) -> None:
        client = await start()
        client.open(self.URI, USE)
        self.refuse(client, times, change)
        assert (await command(client, "fixFile", self.URI))["fixed"] == fixed
        assert len(asked_edits(client)) == asked
        assert len(popups(client)) == said
        named = "a.py" if change else "did not apply the migration"
        assert all(named in text for text in popups(client))
        assert client.documents[self.URI][1].endswith(DONE if fixed else USE)


@pytest.mark.parametrize("capabilities", [PUSHED, VSCODE, NOTHING], ids=["", "pulls", "bare"])
async def test_it_is_told_that_this_is_a_refactoring(start: Start, capabilities: Any) -> None:
    apply = {**capabilities, "workspace": {**capabilities.get("workspace", {}), "applyEdit": True}}
    client = await start(apply)
    client.open("file:///w/a.py", USE)
    await command(client, "fixFile", "file:///w/a.py")
    (asked,) = asked_edits(client)
    knows = capabilities.get("workspace", {}).get("workspaceEdit", {}).get("metadataSupport")
    assert asked.get("metadata") == ({"isRefactoring": True} if knows else None)


@pytest.mark.parametrize("capabilities", [PUSHED, {**NOTHING, "workspace": {"applyEdit": True}}])
async def test_a_file_that_was_deleted_is_not_counted(
    start: Start, tmp_path: Path, capabilities: Any
) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(USE)
    client = await start(capabilities, **folder(tmp_path))

    async def answer(params: Any) -> Any:
        (tmp_path / "a.py").unlink()
        return {"applied": True}

    client.answer["workspace/applyEdit"] = answer
    done = await command(client, "fixWorkspace")
    assert (done["fixed"], done["found"], done["files"]) == (1, 2, 1)
    (said,) = popups(client)
    assert "a.py" in said


class TestTwoAtOnce:
    """The second of two commands is about what the first one made."""

    def slow(self, client: Client) -> None:
        async def answer(params: Any) -> Any:
            await asyncio.sleep(0.5)
            return {"applied": client.make(params["edit"])}

        client.answer["workspace/applyEdit"] = answer

    @pytest.mark.parametrize(
        "capabilities", [PUSHED, {**NOTHING, "workspace": {"applyEdit": True}}]
    )
    async def test_of_files_that_are_not_open(
        self, start: Start, tmp_path: Path, capabilities: Any
    ) -> None:
        (tmp_path / "a.py").write_text(USE * 3)
        client = await start(capabilities, **folder(tmp_path))
        self.slow(client)
        done = await asyncio.gather(*(command(client, "fixWorkspace") for _ in range(2)))
        assert (tmp_path / "a.py").read_text() == DONE * 3
        assert sum(one["fixed"] for one in done) == 3

    @pytest.mark.parametrize("other", ["fixFile", "fixWorkspace"])
    async def test_of_a_document_without_versions(self, start: Start, other: str) -> None:
        uri = "file:///w/a.py"
        client = await start({**NOTHING, "workspace": {"applyEdit": True}})
        client.open(uri, USE * 3)
        self.slow(client)
        arguments = (uri,) if other == "fixFile" else ()
        running = command(client, "fixFile", uri), command(client, other, *arguments)
        done = await asyncio.gather(*running)
        assert client.documents[uri][1] == DONE * 3
        assert sum(one["fixed"] for one in done) == 3

    async def test_of_the_settings(self, start: Start, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text("[tool.sentry-migrate]\n")
        client = await start(PUSHED, **folder(tmp_path))
        uri = (tmp_path / "a.py").as_uri()
        client.open(uri, "import sentry_sdk\nrisky\n")
        self.slow(client)
        codes = ("other-threads", "one-client")
        await asyncio.gather(*(command(client, "assume", uri, code) for code in codes))
        text = (tmp_path / "pyproject.toml").read_text()
        assert text.count("assume") == 1
        assert all(f'"{code}"' in text for code in codes)

    async def test_while_a_person_is_asked(self, start: Start) -> None:
        uri, asked, free = "file:///w/a.py", asyncio.Event(), asyncio.Event()
        client = await start(PUSHED)
        client.open(uri, "import sentry_sdk\nrisky\n")

        async def answer(params: Any) -> Any:
            asked.set()
            await free.wait()
            return {"applied": client.make(params["edit"])}

        client.answer["workspace/applyEdit"] = answer
        asyncio.get_running_loop().call_later(5, free.set)
        first = asyncio.ensure_future(command(client, "fixFile", uri, {"unsafe": True}))
        await asked.wait()
        second = await command(client, "fixFile", uri, {"unsafe": True})
        assert second["applied"] is False
        assert any("waiting to be confirmed" in text for text in popups(client))
        assert (await first)["applied"]


@LINKS
class TestOneFile:
    """Whatever it is called."""

    @pytest.fixture
    def linked(self, tmp_path: Path) -> Path:
        tree = tmp_path / "w"
        (tree / "real").mkdir(parents=True)
        (tree / "real/é.py").write_text(USE)
        (tree / "ln.py").symlink_to("real/é.py")
        os.link(tree / "real/é.py", tree / "hard.py")
        (tree / "other.py").write_text(USE)
        (tmp_path / "folder").symlink_to(tree / "real")
        return tree

    async def test_that_is_not_open(self, start: Start, linked: Path) -> None:
        client = await start(VSCODE, configuration=BACKLOG, **folder(linked))
        assert len(by_name(await backlog(client))) == 2
        assert len((await command(client, "report"))["files"]) == 2
        assert (await command(client, "fixWorkspace"))["fixed"] == 2
        assert {path.read_text() for path in linked.rglob("*.py")} == {DONE}

    @pytest.mark.parametrize("name", ["real/é.py", "ln.py", "hard.py", "../folder/é.py"])
    async def test_that_is_open(self, start: Start, linked: Path, name: str) -> None:
        client = await start(PUSHED, **folder(linked))
        uri = Path(os.path.normpath(linked / name)).as_uri()
        client.open(uri, "x = 1\n" + USE, version=7)
        result = await command(client, "fixWorkspace")
        assert (result["fixed"], edited(client)) == (2, {uri.rpartition("/")[2], "other.py"})
        assert client.documents[uri] == (8, "x = 1\n" + DONE)
        assert (linked / "real/é.py").read_text() == USE

    async def test_that_is_open_under_two_names(self, start: Start, linked: Path) -> None:
        client = await start(PUSHED, **folder(linked))
        for name in ("ln.py", "hard.py"):
            client.open((linked / name).as_uri(), USE)
        assert (await command(client, "fixWorkspace"))["fixed"] == 2
        fixed = [text for _, text in client.documents.values() if text == DONE]
        assert len(fixed) == 1


class TestSilence:
    async def test_progress_that_is_never_granted(self, start: Start, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text(USE)
        client = await start(PUSHED, **folder(tmp_path))
        client.mute.add("window/workDoneProgress/create")
        assert (await command(client, "fixWorkspace"))["fixed"] == 1

    async def test_a_client_that_answers_nothing(self, start: Start, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text(USE)
        client = await start(VSCODE, **folder(tmp_path))
        client.mute |= {
            "client/registerCapability",
            "workspace/configuration",
            "workspace/diagnostic/refresh",
            "workspace/codeLens/refresh",
            "window/workDoneProgress/create",
        }
        assert (await command(client, "report"))["findings"] == 1

    async def test_an_edit_waits_for_a_person_and_ends_with_the_client(self, start: Start) -> None:
        client = await start()
        client.mute.add("workspace/applyEdit")
        client.open("file:///w/a.py", "import sentry_sdk\nrisky\n")
        params = {
            "command": "sentry-migrate.fixFile",
            "arguments": ["file:///w/a.py", {"unsafe": True}],
        }
        _, future = client.post("workspace/executeCommand", params)
        await client.until(lambda: asked_edits(client))
        assert not future.done()
        client.orderly = False
        assert client.process
        assert client.process.stdin
        client.process.stdin.close()
        assert await asyncio.wait_for(client.process.wait(), 20) == 1

    @pytest.mark.parametrize("late", [False, True])
    async def test_a_deadline(self, late: bool) -> None:
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        if not late:
            future.set_result("answer")
        assert await answered(future, 0.01, otherwise="none") == ("none" if late else "answer")
        assert future.cancelled() is late


LEAVING: list[tuple[str, str]] = [
    # what is asked and never done, what the client says just before it shuts the server down
    ("textDocument/codeLens", ""),
    ("textDocument/codeLens", "$/cancelRequest"),
    ("textDocument/codeLens", "textDocument/didClose"),
    ("workspace/diagnostic", ""),
    ("workspace/diagnostic", "$/cancelRequest"),
    ("workspace/diagnostic", "textDocument/didClose"),
]
POLLING = without(VSCODE, "workspace", "didChangeWatchedFiles")
"""The server looks at the files itself now and then, so that its wait has an end of its own."""


@pytest.mark.parametrize("pause", [0, 0.3])
@pytest.mark.parametrize(("method", "last"), LEAVING)
async def test_leaving_answers_what_was_asked(
    start: Start, tmp_path: Path, method: str, last: str, pause: float
) -> None:
    client = await start(POLLING, configuration=BACKLOG, **folder(tmp_path))
    client.orderly = False
    await backlog(client)  # the next one is held open
    client.open("file:///w/a.py", USE + "HANG")
    document = {"textDocument": {"uri": "file:///w/a.py"}}
    asked = {"previousResultIds": []} if method.startswith("workspace") else document
    waiting = [client.post(method, asked) for _ in range(20)]
    await asyncio.sleep(pause)
    for number, _ in waiting if last == "$/cancelRequest" else ():
        client.notify(last, {"id": number})
    if last == "textDocument/didClose":
        client.notify(last, document)
    _, shutdown = client.post("shutdown")
    client.notify("exit")
    for _, future in waiting:
        answer = await asyncio.wait_for(future, 10)
        done = last == "textDocument/didClose" and "result" in answer
        assert done or answer["error"]["code"] == -32800
    assert (await shutdown)["result"] is None
    assert client.process
    assert await asyncio.wait_for(client.process.wait(), 10) == 0


class TestNews:
    """Pushed diagnostics of files that are not open, as a branch is switched."""

    async def switched(
        self,
        start: Start,
        tree: Path,
        write: Callable[[list[Path]], list[Path]],
        count: int = 300,
        news: frozenset[str] = frozenset(),
    ) -> tuple[Client, list[str]]:
        """What was pushed since files were written, of which `write` gives those to name, up to a
        second after those and the `news` were."""
        paths = [tree / f"m{number:03}.py" for number in range(count)]
        for path in paths:
            path.write_text(USE)
        client = await start(PUSHED, configuration=BACKLOG, **folder(tree))
        await client.until(lambda: len(client.displayed) == count, 300)
        before = len(client.trace)
        named = write(paths)
        changes = [{"uri": path.as_uri(), "type": 2} for path in named]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})

        def pushed() -> list[str]:
            told = (m for who, m in client.trace[before:] if who == "server")
            return [
                m["params"]["uri"].rpartition("/")[2]
                for m in told
                if m.get("method") == "textDocument/publishDiagnostics"
            ]

        awaited = news | {path.name for path in named}
        await client.until(lambda: set(pushed()) >= awaited, 300)
        await asyncio.sleep(1)
        return client, pushed()

    async def test_only_what_is_new_is_told(self, start: Start, tmp_path: Path) -> None:
        def write(paths: list[Path]) -> list[Path]:
            for path in paths:
                path.write_text(USE)  # another time stamp
            for path in paths[7:9]:
                path.write_text(USE + "lost\n")
            return paths[7:9]

        _, pushed = await self.switched(start, tmp_path, write)
        assert sorted(pushed) == ["m007.py", "m008.py"]

    async def test_what_is_named_comes_first(self, start: Start, tmp_path: Path) -> None:
        def write(paths: list[Path]) -> list[Path]:
            for path in paths:
                path.write_text(USE + "lost\n")
            return [paths[290], paths[295]]

        _, pushed = await self.switched(start, tmp_path, write)
        assert pushed[:2] == ["m290.py", "m295.py"]

    @pytest.mark.slow
    @pytest.mark.timeout(600)
    async def test_a_branch_of_thousands_of_files(self, start: Start, tmp_path: Path) -> None:
        """All get another time stamp, and a hundred another text, two of which are named."""

        def write(paths: list[Path]) -> list[Path]:
            for number, path in enumerate(paths):
                path.write_text(USE + "lost\n" * (number % 50 == 40))
            return [paths[4990], paths[2490]]

        news = frozenset(f"m{number:03}.py" for number in range(40, 5_000, 50))
        _, pushed = await self.switched(start, tmp_path, write, 5_000, news)
        assert set(pushed[:2]) == {"m4990.py", "m2490.py"}
        assert sorted(pushed) == sorted(news)

    async def test_the_time_stamp_alone_is_not_believed(self, start: Start, tmp_path: Path) -> None:
        def write(paths: list[Path]) -> list[Path]:
            status = paths[3].stat()
            paths[3].write_text(USE.replace("old_name", "lost; 12"))
            os.utime(paths[3], ns=(status.st_atime_ns, status.st_mtime_ns))
            return [paths[3]]

        client, pushed = await self.switched(start, tmp_path, write)
        assert pushed == ["m003.py"]
        (shown,) = client.displayed[(tmp_path / "m003.py").as_uri()]["diagnostics"]
        assert shown["code"] == "SEN903"


async def test_the_same_is_not_pushed_again(start: Start) -> None:
    client = await start()
    client.open("file:///w/a.py", USE)
    await client.diagnostics("file:///w/a.py")
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    await asyncio.sleep(1)
    client.replace("file:///w/a.py", 2, USE)  # a version of its own is news
    await client.diagnostics("file:///w/a.py", 2)
    pushed = [m for _, m in client.trace if m.get("method") == "textDocument/publishDiagnostics"]
    assert [m["params"]["version"] for m in pushed] == [1, 2]


class TestWithoutResolving:
    """Edits are made at once, of the newest text that the server knows, or not at all."""

    URI = "untitled:a.py"  # no other file takes anything from it, so no index is waited for
    TEXT = (
        "import sentry_sdk  # SLOW\n" + "old_name\n" * 8
    )  # each edit takes half a second to check
    AFTER = "x = 1\n" + USE
    WHOLE = without(PUSHED, "textDocument", "codeAction")

    def ask(self, client: Client) -> asyncio.Future[Any]:
        place = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        document = {"textDocument": {"uri": self.URI}}
        params = {**document, "range": place, "context": {"diagnostics": []}}
        return client.post("textDocument/codeAction", params)[1]

    async def test_a_change_while_edits_are_made(self, start: Start) -> None:
        client = await start(self.WHOLE)
        client.open(self.URI, self.TEXT)
        await client.diagnostics(self.URI)
        asked = self.ask(client)
        await asyncio.sleep(0.1)
        client.replace(self.URI, 2, self.AFTER)
        assert (await asyncio.wait_for(asked, 30))["error"]["code"] == -32801

    @pytest.mark.parametrize("versions", [True, False])
    @pytest.mark.parametrize("known", [True, False])
    async def test_a_change_at_once(self, start: Start, known: bool, versions: bool) -> None:
        client = await start(
            self.WHOLE if versions else without(self.WHOLE, "workspace", "workspaceEdit")
        )
        client.open(self.URI, self.TEXT)
        if known:
            await client.diagnostics(self.URI)
        asked = self.ask(client)
        client.replace(self.URI, 2, self.AFTER)
        answer = await asyncio.wait_for(asked, 30)
        if "error" in answer:
            assert answer["error"]["code"] == -32801
            answer = await asyncio.wait_for(self.ask(client), 30)
        edits = [one["edit"] for one in answer["result"] if "edit" in one]
        after = [client.applied(edit, self.URI, self.AFTER) for edit in edits]
        ignored = self.AFTER.replace("name", "name  # sentry-migrate: ignore[SEN901]")
        assert after == ["x = 1\n" + DONE, ignored]
        named = [
            one["textDocument"]["version"] for e in edits for one in e.get("documentChanges", ())
        ]
        assert named == [2, 2] * versions
