"""The whole backlog, and migrating all of it: over files that are not open."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest

from lsp.capabilities import NOTHING, PUSHED, VSCODE, without
from lsp.conftest import Start
from lsp.wire import ROOT, Client, ServerError
from sentry_migrate.lsp.documents.documents import Part, Snapshot, Unit
from sentry_migrate.lsp.documents.uris import path_of
from sentry_migrate.lsp.features.migration_report import ReportBuilder
from sentry_migrate.model import CheckResult, Finding, Severity
from sentry_migrate.report import html
from sentry_migrate.text.lines import LineIndex

USE = "import sentry_sdk\r\n'😀'; old_name\r\n"
BACKLOG = {"diagnosticMode": "workspace"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(USE, newline="")
    (tmp_path / "b.py").write_text("import sentry_sdk\nrisky; lost\n")
    (tmp_path / "clean.py").write_text("import sentry_sdk\n")
    (tmp_path / "broken.py").write_text("import sentry_sdk\ndef def\n")
    return tmp_path


def folder(tree: Path) -> dict[str, Any]:
    return {"workspaceFolders": [{"uri": tree.as_uri(), "name": "w"}], "rootUri": tree.as_uri()}


async def backlog(
    client: Client, previous: dict[str, str] | None = None, **params: Any
) -> list[dict[str, Any]]:
    ids = [{"uri": uri, "value": value} for uri, value in (previous or {}).items()]
    result = await client.request("workspace/diagnostic", {"previousResultIds": ids, **params})
    items: list[dict[str, Any]] = result["items"]
    return items


def by_name(items: list[dict[str, Any]]) -> dict[str, int]:
    return {item["uri"].rpartition("/")[2]: len(item["items"]) for item in items}


class TestBacklog:
    async def test_off_by_default(self, start: Start, tree: Path) -> None:
        client = await start(VSCODE, **folder(tree))
        assert await backlog(client) == []

    async def test_not_announced_to_a_client_that_is_pushed_to(self, start: Start) -> None:
        client = await start(PUSHED)
        with pytest.raises(ServerError, match="-32601"):
            await backlog(client)

    async def test_every_file_with_something_to_show(self, start: Start, tree: Path) -> None:
        client = await start(VSCODE, configuration=BACKLOG, **folder(tree))
        items = await backlog(client)
        assert by_name(items) == {"a.py": 1, "b.py": 2}
        assert all(item["kind"] == "full" and item["version"] is None for item in items)

    async def test_open_files_are_left_to_their_own_requests(
        self, start: Start, tree: Path
    ) -> None:
        client = await start(VSCODE, configuration=BACKLOG, **folder(tree))
        client.open((tree / "a.py").as_uri(), USE)
        assert by_name(await backlog(client)) == {"b.py": 2}

    async def test_streamed(self, start: Start, tree: Path) -> None:
        for number in range(45):
            (tree / f"m{number}.py").write_text(USE)
        client = await start(VSCODE, configuration=BACKLOG, **folder(tree))
        assert await backlog(client, partialResultToken="p", workDoneToken="w") == []
        values = [m["params"] for _, m in client.trace if m.get("method") == "$/progress"]
        parts = [v["value"]["items"] for v in values if v["token"] == "p"]
        assert len(parts) == 3
        assert sum(map(len, parts)) == 47
        kinds = [v["value"]["kind"] for v in values if v["token"] == "w"]
        assert (kinds[0], kinds[-1]) == ("begin", "end")
        assert "report" in kinds

    async def test_held_while_nothing_changes_then_only_the_news(
        self, start: Start, tree: Path
    ) -> None:
        client = await start(VSCODE, configuration=BACKLOG, **folder(tree))
        previous = {item["uri"]: item["resultId"] for item in await backlog(client)}
        waiting = asyncio.ensure_future(backlog(client, previous, workDoneToken="w"))
        await asyncio.sleep(0.5)
        changes = [{"uri": (tree / "a.py").as_uri(), "type": 2}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        await asyncio.sleep(0.5)  # it looks, and finds the same
        assert not waiting.done()
        (tree / "b.py").unlink()
        (tree / "new.py").write_text("import sentry_sdk\nlost\n")
        changes = [{"uri": (tree / "b.py").as_uri(), "type": 3}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        items = await waiting
        assert {item["uri"].rpartition("/")[2]: item["kind"] for item in items} == {
            "a.py": "unchanged",
            "b.py": "full",
            "new.py": "full",
        }
        shown = [m["params"]["value"] for _, m in client.trace if m.get("method") == "$/progress"]
        kinds = [value["kind"] for value in shown]
        assert (kinds[0], kinds[-1], kinds.count("begin")) == ("begin", "end", 1)
        gone = next(item for item in items if item["uri"].endswith("b.py"))
        assert gone["items"] == []

    async def test_turning_it_off_clears(self, start: Start, tree: Path) -> None:
        client = await start(VSCODE, configuration=BACKLOG, **folder(tree))
        previous = {item["uri"]: item["resultId"] for item in await backlog(client)}
        client.configuration = {}
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        assert by_name(await backlog(client, previous)) == {"a.py": 0, "b.py": 0}

    @pytest.mark.parametrize("mode", ["openFiles", "workspace"])
    async def test_a_closed_file_shows_what_the_disk_has(
        self, start: Start, tree: Path, mode: str
    ) -> None:
        client = await start(VSCODE, configuration={"diagnosticMode": mode}, **folder(tree))
        uri = (tree / "a.py").as_uri()
        client.open(uri, USE + "lost\n")
        previous = {item["uri"]: item["resultId"] for item in await backlog(client)}
        waiting = asyncio.ensure_future(backlog(client, previous))
        await asyncio.sleep(0.2)
        document = {"textDocument": {"uri": uri}}
        assert len((await client.request("textDocument/diagnostic", document))["items"]) == 2
        client.notify("textDocument/didClose", document)
        items = await waiting if mode == "workspace" else await asyncio.wait_for(waiting, 10)
        if not items:  # nothing was held: the next request tells
            items = await backlog(client, previous)
        told = next(item for item in items if item["uri"] == uri)
        assert len(told["items"]) == (1 if mode == "workspace" else 0)

    @pytest.mark.parametrize(("name", "left"), [("clean.py", 0), ("a.py", 1)])
    async def test_a_closed_file_does_not_keep_what_was_never_saved(
        self, start: Start, tree: Path, name: str, left: int
    ) -> None:
        client = await start(VSCODE, configuration=BACKLOG, **folder(tree))
        previous = {item["uri"]: item["resultId"] for item in await backlog(client)}
        uri = (tree / name).as_uri()
        client.open(uri, "import sentry_sdk\nlost; lost; lost\n")
        document = {"textDocument": {"uri": uri}}
        assert len((await client.request("textDocument/diagnostic", document))["items"]) == 3
        client.notify("textDocument/didClose", document)
        told = next(item for item in await backlog(client, previous) if item["uri"] == uri)
        assert (told["kind"], len(told["items"])) == ("full", left)

    @pytest.mark.parametrize("late", [False, True], ids=["", "and asked for once more"])
    async def test_a_closed_file_shows_what_an_edit_had_taken_away(
        self, start: Start, tree: Path, late: bool
    ) -> None:
        client = await start(VSCODE, configuration=BACKLOG, **folder(tree))
        previous = {item["uri"]: item["resultId"] for item in await backlog(client)}
        uri = (tree / "b.py").as_uri()
        document = {"textDocument": {"uri": uri}}
        client.open(uri, (tree / "b.py").read_text())
        assert len((await client.request("textDocument/diagnostic", document))["items"]) == 2
        waiting = asyncio.ensure_future(backlog(client, previous))
        client.replace(uri, 2, "x = 1\n")
        assert (await client.request("textDocument/diagnostic", document))["items"] == []
        client.notify("textDocument/didClose", document)
        items = await waiting
        if late:
            previous = {item["uri"]: item["resultId"] for item in items}
            assert (await client.request("textDocument/diagnostic", document))["items"] == []
            items = await backlog(client, previous)
        told = next(item for item in items if item["uri"] == uri)
        assert (told["kind"], len(told["items"])) == ("full", 2)

    async def test_turning_it_off_ends_a_request_that_is_held(
        self, start: Start, tree: Path
    ) -> None:
        client = await start(VSCODE, configuration=BACKLOG, **folder(tree))
        previous = {item["uri"]: item["resultId"] for item in await backlog(client)}
        waiting = asyncio.ensure_future(backlog(client, previous))
        await asyncio.sleep(0.3)
        client.configuration = {}
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        assert by_name(await waiting) == {"a.py": 0, "b.py": 0}

    async def test_cancelled(self, start: Start, tree: Path) -> None:
        client = await start(VSCODE, configuration=BACKLOG, **folder(tree))
        previous = {item["uri"]: item["resultId"] for item in await backlog(client)}
        ids = [{"uri": uri, "value": value} for uri, value in previous.items()]
        number, future = client.post("workspace/diagnostic", {"previousResultIds": ids})
        await asyncio.sleep(0.2)
        client.notify("$/cancelRequest", {"id": number})
        assert (await asyncio.wait_for(future, 10))["error"]["code"] == -32800

    async def test_shutting_down_answers_it(self, start: Start, tree: Path) -> None:
        client = await start(VSCODE, configuration=BACKLOG, **folder(tree))
        previous = {item["uri"]: item["resultId"] for item in await backlog(client)}
        ids = [{"uri": uri, "value": value} for uri, value in previous.items()]
        _, future = client.post("workspace/diagnostic", {"previousResultIds": ids})
        await asyncio.sleep(0.2)
        assert await client.stop() == 0
        assert "error" in await asyncio.wait_for(future, 10)

    async def test_a_hanging_file_does_not_delay_the_open_one(
        self, start: Start, tree: Path
    ) -> None:
        (tree / "aa.py").write_text("import sentry_sdk\nHANG\n")
        client = await start(VSCODE, configuration=BACKLOG, **folder(tree))
        number, _ = client.post("workspace/diagnostic", {"previousResultIds": []})
        client.open("file:///elsewhere.py", USE)
        params = {"textDocument": {"uri": "file:///elsewhere.py"}}
        report = await client.request("textDocument/diagnostic", params, patience=10)
        assert len(report["items"]) == 1
        client.notify("$/cancelRequest", {"id": number})


async def command(client: Client, name: str, *arguments: Any) -> Any:
    params = {"command": f"sentry-migrate.{name}", "arguments": list(arguments)}
    return await client.request("workspace/executeCommand", params)


def edited(client: Client) -> set[str]:
    """Names of the files that the client was asked to change."""
    return {
        change["textDocument"]["uri"].rpartition("/")[2]
        for asked in asked_edits(client)
        for change in asked["edit"]["documentChanges"]
    }


def asked_edits(client: Client) -> list[dict[str, Any]]:
    return [m["params"] for _, m in client.trace if m.get("method") == "workspace/applyEdit"]


def popups(client: Client) -> list[str]:
    return [
        m["params"]["message"] for _, m in client.trace if m.get("method") == "window/showMessage"
    ]


class TestPushed:
    """The backlog of a client that does not pull."""

    @staticmethod
    async def shows(client: Client, tree: Path, **counts: int) -> None:
        def found() -> dict[str, int]:
            return {
                path.stem: len(client.displayed[path.as_uri()]["diagnostics"])
                for path in tree.glob("*.py")
                if path.as_uri() in client.displayed
            }

        await client.until(lambda: counts.items() <= found().items())

    async def test_off_by_default(self, start: Start, tree: Path) -> None:
        client = await start(PUSHED, **folder(tree))
        client.open((tree / "new.py").as_uri(), USE)
        await client.diagnostics((tree / "new.py").as_uri())
        assert len(client.displayed) == 1

    async def test_pushed(self, start: Start, tree: Path) -> None:
        client = await start(PUSHED, configuration=BACKLOG, **folder(tree))
        await self.shows(client, tree, a=1, b=2)
        assert all(shown.get("version") is None for shown in client.displayed.values())
        assert (tree / "clean.py").as_uri() not in client.displayed

    async def test_as_files_change(self, start: Start, tree: Path) -> None:
        client = await start(PUSHED, configuration=BACKLOG, **folder(tree))
        await self.shows(client, tree, a=1, b=2)
        (tree / "a.py").write_text("import sentry_sdk\n")
        (tree / "new.py").write_text("import sentry_sdk\nlost\n")
        gone = (tree / "b.py").as_uri()
        (tree / "b.py").unlink()
        changes = [{"uri": (tree / "a.py").as_uri(), "type": 2}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        await self.shows(client, tree, a=0, new=1)
        await client.until(lambda: not client.displayed[gone]["diagnostics"])

    async def test_an_open_file_is_shown_as_it_is(self, start: Start, tree: Path) -> None:
        client = await start(PUSHED, configuration=BACKLOG, **folder(tree))
        await self.shows(client, tree, a=1, b=2)
        uri = (tree / "a.py").as_uri()
        client.open(uri, "import sentry_sdk\n", version=5)
        assert await client.diagnostics(uri, 5) == []
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        await self.shows(client, tree, a=1)
        assert client.displayed[uri].get("version") is None

    async def test_a_uri_spelled_in_two_ways_is_shown_once(self, start: Start, tree: Path) -> None:
        (tree / "a+b@(1).py").write_text(USE)
        client = await start(PUSHED, configuration=BACKLOG, **folder(tree))
        await self.shows(client, tree, b=2)
        theirs = f"{tree.as_uri()}/a+b@(1).py"
        (ours,) = (uri for uri in client.displayed if unquote(uri) == unquote(theirs))
        assert ours != theirs

        def counts() -> list[int]:
            return [
                len(client.displayed.get(uri, {}).get("diagnostics", ())) for uri in (ours, theirs)
            ]

        await client.until(lambda: counts() == [1, 0])
        client.open(theirs, USE + "lost")
        await client.until(lambda: counts() == [0, 2])
        client.replace(theirs, 2, "x = 1")
        await client.until(lambda: counts() == [0, 0])
        client.replace(theirs, 3, USE + "lost")
        await client.until(lambda: counts() == [0, 2])
        client.notify("textDocument/didClose", {"textDocument": {"uri": theirs}})
        await client.until(lambda: counts() == [1, 0])

    async def test_the_last_folder_stays_removed(self, start: Start, tree: Path) -> None:
        (tree / "y").mkdir()
        (tree / "y" / "c.py").write_text(USE)
        client = await start(PUSHED, configuration=BACKLOG, **folder(tree))
        await self.shows(client, tree, a=1, b=2)
        old = {"uri": tree.as_uri(), "name": "w"}
        new = {"uri": (tree / "y").as_uri(), "name": "y"}
        inside = (tree / "y" / "c.py").as_uri()
        await client.until(lambda: inside in client.displayed)
        news = "workspace/didChangeWorkspaceFolders"
        client.notify(news, {"event": {"added": [new], "removed": [old]}})
        await self.shows(client, tree, a=0, b=0)
        assert (await command(client, "report"))["findings"] == 1
        client.notify(news, {"event": {"added": [], "removed": [new]}})
        await client.until(lambda: not client.displayed[inside]["diagnostics"])
        assert (await command(client, "report"))["findings"] == 0

    @pytest.mark.parametrize("folders", [None, []])
    async def test_a_root_without_folders(self, start: Start, tree: Path, folders: Any) -> None:
        keys = {"workspaceFolders": folders, "rootUri": tree.as_uri()}
        client = await start(PUSHED, configuration=BACKLOG, **keys)
        await self.shows(client, tree, a=1, b=2)

    async def test_turning_it_off_clears(self, start: Start, tree: Path) -> None:
        client = await start(PUSHED, configuration=BACKLOG, **folder(tree))
        await self.shows(client, tree, a=1, b=2)
        client.configuration = {}
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        await self.shows(client, tree, a=0, b=0)


class TestFixFile:
    URI = "file:///w/a.py"

    @pytest.mark.parametrize("arguments", [[], [None], [3], [{}], ["file:///not/open.py"]])
    async def test_wrong_arguments(self, start: Start, arguments: list[Any]) -> None:
        client = await start()
        with pytest.raises(ServerError, match="-32602"):
            await command(client, "fixFile", *arguments)

    @pytest.mark.parametrize(
        "options",
        [3, {"rules": "old-name"}, {"rules": [1]}, {"rules": ["choice", "no"]}, {"rules": ["S"]}],
    )
    async def test_wrong_options(self, start: Start, options: Any) -> None:
        client = await start()
        client.open(self.URI, USE)
        with pytest.raises(ServerError, match="-32602"):
            await command(client, "fixFile", self.URI, options)

    @pytest.mark.parametrize(
        ("text", "options", "fixed"),
        [
            ("lost", {}, 0),
            ("risky", {}, 0),
            ("old_name; risky", {}, 1),
            ("old_name; risky", {"unsafe": True}, 2),
            ("old_name; choice", {"rules": ["choice"]}, 1),
            ("old_name; choice", {"rules": ["SEN904"]}, 1),
            ("old_name; choice", {"rules": ["SEN9"]}, 2),
            ("old_name; choice", {"rules": ["ALL"]}, 2),
            ("old_name; choice", {"rules": []}, 0),
        ],
    )
    async def test_fixed(self, start: Start, text: str, options: Any, fixed: int) -> None:
        client = await start()
        client.open(self.URI, f"import sentry_sdk\n{text}")
        result = await command(client, "fixFile", self.URI, options)
        assert result == {
            "applied": fixed > 0,
            "fixed": fixed,
            "found": fixed,
            "files": min(1, fixed),
        }
        assert len(asked_edits(client)) == min(1, fixed)

    @pytest.mark.parametrize(
        ("text", "settings", "reason"),
        [
            ("def def old_name", {}, "the file is not valid Python: invalid syntax"),
            ("old_name", {"enable": False}, "the setting sentry-migrate.enable is off"),
            ("CRASH old_name", {}, "the analysis process ended with exit code 7"),
        ],
    )
    async def test_why_nothing_can_be_done_is_said(
        self, start: Start, text: str, settings: dict[str, Any], reason: str
    ) -> None:
        client = await start(configuration=settings)
        client.open(self.URI, f"import sentry_sdk\n{text}")
        result = await command(client, "fixFile", self.URI)
        assert result["reason"].startswith(reason)
        assert (result["applied"], result["found"], asked_edits(client)) == (False, 0, [])
        assert popups(client) == [f"Cannot migrate a.py: {result['reason']}"]

    async def test_a_refusal_is_said(self, start: Start) -> None:
        client = await start()
        refusal = {"applied": False, "failureReason": "the file is read-only"}
        client.answer["workspace/applyEdit"] = lambda params: refusal
        client.open(self.URI, USE)
        assert await command(client, "fixFile", self.URI) == {
            "applied": False,
            "fixed": 0,
            "found": 1,
            "files": 0,
        }
        assert len(popups(client)) == 1
        assert "read-only" in popups(client)[0]

    async def test_a_preview_that_is_discarded_is_nothing_to_tell(self, start: Start) -> None:
        client = await start()
        client.refuse_edits = True
        client.open(self.URI, "import sentry_sdk\nrisky\n")
        assert await command(client, "fixFile", self.URI, {"unsafe": True}) == {
            "applied": False,
            "fixed": 0,
            "found": 1,
            "files": 0,
        }
        assert popups(client) == []

    async def test_a_client_that_cannot_apply_edits(self, start: Start) -> None:
        client = await start(NOTHING)
        client.open(self.URI, USE)
        assert await command(client, "fixFile", self.URI) == {
            "applied": False,
            "fixed": 0,
            "found": 1,
            "files": 0,
        }
        assert asked_edits(client) == []
        assert len(popups(client)) == 1


class TestFixWorkspace:
    BOTH = frozenset(("a.py", "open.py"))

    async def test_one_edit_over_open_and_closed_files(self, start: Start, tree: Path) -> None:
        client = await start(PUSHED, **folder(tree))
        (tree / "closed.py").write_text(USE, newline="")
        uri = (tree / "a.py").as_uri()
        client.open(uri, "import sentry_sdk\nchoice", version=4)
        result = await command(client, "fixWorkspace")
        assert result == {"applied": True, "fixed": 2, "found": 2, "files": 2, "unread": 1}
        (asked,) = asked_edits(client)
        documents = {
            change["textDocument"]["uri"].rpartition("/")[2]: change["textDocument"]["version"]
            for change in asked["edit"]["documentChanges"]
        }
        assert documents == {"a.py": 4, "closed.py": None}
        (mark,) = asked["edit"]["changeAnnotations"].values()
        assert mark["needsConfirmation"] is False
        assert (tree / "closed.py").read_bytes().decode() == USE.replace("old_name", "new_name")

    @pytest.mark.parametrize(
        ("uri", "fixed"),
        [
            ("untitled:Untitled-1", 1),
            ("git:/home/me/shop.py?%7B%22ref%22%3A%22HEAD%22%7D", 0),
            ("vscode-local-history:/shop.py", 0),
            ("https://example.org/shop.py", 0),
        ],
    )
    async def test_a_view_of_what_is_kept_elsewhere_stays(
        self, start: Start, uri: str, fixed: int
    ) -> None:
        client = await start(PUSHED)
        client.open(uri, USE)
        assert (await command(client, "report"))["findings"] == fixed
        assert (await command(client, "fixWorkspace"))["fixed"] == fixed

    @pytest.mark.parametrize(
        ("options", "changed"),
        [
            ({"rules": ["lost"]}, set()),
            ({"rules": ["risky"]}, set()),
            ({"rules": ["risky"], "unsafe": True}, {"b.py"}),
            ({"rules": ["old-name"]}, {"a.py"}),
        ],
    )
    async def test_one_rule_everywhere(
        self, start: Start, tree: Path, options: Any, changed: set[str]
    ) -> None:
        client = await start(PUSHED, **folder(tree))
        assert (await command(client, "fixWorkspace", options))["fixed"] == len(changed)
        assert edited(client) == changed

    @pytest.mark.parametrize(
        ("settings", "fixed"),
        [
            ({}, BOTH),
            ({"enable": False}, set()),
            ({"rules": {"old-name": {"autofix": False}}}, set()),
            ({"rules": {"migration": {"autofix": False}}}, set()),
            ({"rules": {"later": {"autofix": False}}}, BOTH),
            ({"rules": {"ALL": {"autofix": False}, "SEN901": {"autofix": True}}}, BOTH),
        ],
    )
    async def test_what_settings_keep_from_fixing_is_kept_in_closed_files_too(
        self, start: Start, tree: Path, settings: dict[str, Any], fixed: set[str]
    ) -> None:
        client = await start(PUSHED, configuration=settings, **folder(tree))
        client.open((tree / "open.py").as_uri(), USE)
        await command(client, "fixWorkspace")
        assert edited(client) == fixed

    @pytest.mark.parametrize(
        ("chosen", "fixed"),
        [(None, 1), (["ALL"], 1), (["SEN9"], 1), (["SEN901"], 1), (["old-name"], 1), ([], 0)],
    )
    async def test_only_its_own_name_brings_in_what_fix_all_leaves_out(
        self, start: Start, tmp_path: Path, chosen: list[str] | None, fixed: int
    ) -> None:
        settings = {"rules": {"SEN901": {"autofix": False}}}
        client = await start(PUSHED, configuration=settings, **folder(tmp_path))
        text = "import sentry_sdk\nold_name; choice\n"
        (tmp_path / "closed.py").write_text(text)
        uri = (tmp_path / "open.py").as_uri()
        client.open(uri, text)
        options = {} if chosen is None else {"rules": chosen}
        assert (await command(client, "fixFile", uri, options))["fixed"] == fixed
        client.replace(uri, 9, text)
        assert (await command(client, "fixWorkspace", options))["fixed"] == 2 * fixed

    async def test_cancelled_before_it_begins(self, start: Start, tree: Path) -> None:
        client = await start(PUSHED, **folder(tree))

        def cancel(params: Any) -> None:
            client.notify("window/workDoneProgress/cancel", {"token": params["token"]})

        client.answer["window/workDoneProgress/create"] = cancel
        assert (await command(client, "fixWorkspace"))["cancelled"]
        assert await command(client, "report") == {"cancelled": True}

    async def test_progress_and_cancel(self, start: Start, tree: Path) -> None:
        (tree / "z.py").write_text("import sentry_sdk\nHANG\n")
        client = await start(PUSHED, **folder(tree))
        params = {"command": "sentry-migrate.fixWorkspace"}
        number, future = client.post("workspace/executeCommand", params)
        await client.until(lambda: [m for _, m in client.trace if m.get("method") == "$/progress"])
        client.notify("$/cancelRequest", {"id": number})
        assert (await asyncio.wait_for(future, 10))["error"]["code"] == -32800
        await client.until(
            lambda: [
                m
                for _, m in client.trace
                if m.get("method") == "$/progress" and m["params"]["value"]["kind"] == "end"
            ]
        )
        assert asked_edits(client) == []

    async def test_a_client_without_progress(self, start: Start, tree: Path) -> None:
        client = await start(without(PUSHED, "window", "workDoneProgress"), **folder(tree))
        assert (await command(client, "fixWorkspace"))["fixed"] == 1
        assert not [m for _, m in client.trace if "rogress" in m.get("method", "")]


class TestReport:
    LINKS = "command:go?{arguments}"

    async def test_counts(self, start: Start, tree: Path) -> None:
        client = await start(PUSHED, **folder(tree))
        client.open((tree / "a.py").as_uri(), "import sentry_sdk\nchoice")
        result = await command(client, "report")
        assert result["findings"] == 3
        assert {rule["code"]: rule["manual"] for rule in result["rules"]} == {
            "SEN902": 0,
            "SEN903": 1,
            "SEN904": 0,
        }
        assert result["files"] == {(tree / "b.py").as_uri(): 2, (tree / "a.py").as_uri(): 1}
        assert next(iter(result["failures"])).endswith("broken.py")
        assert "| SEN903 lost | 0 | 0 | 1 |" in result["markdown"]
        assert "| `b.py` | 0 | 1 | 1 |" in result["markdown"]
        assert "html" not in result

    async def test_a_cancelled_one_is_none(self, start: Start, tree: Path) -> None:
        (tree / "z.py").write_text("import sentry_sdk\nHANG\n")
        client = await start(PUSHED, **folder(tree))
        params = {"command": "sentry-migrate.report", "arguments": [{"format": "html"}]}
        _, future = client.post("workspace/executeCommand", params)
        tokens = await client.until(
            lambda: [
                m["params"]["token"]
                for _, m in client.trace
                if m.get("method") == "$/progress" and m["params"]["value"]["kind"] == "report"
            ]
        )
        client.notify("window/workDoneProgress/cancel", {"token": tokens[0]})
        while not future.done():  # it waits for the file that hangs
            workers = (await command(client, "debugInformation"))["workers"]
            if (pid := workers["background"]["pid"]) is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        assert (await future)["result"] == {"cancelled": True}

    async def test_a_page(self, start: Start, tree: Path) -> None:
        client = await start(PUSHED, **folder(tree))
        uri = (tree / "a.py").as_uri()
        client.open(uri, USE)
        options = {"format": "html", "links": self.LINKS}
        result = await command(client, "report", options)
        assert {"findings", "files", "rules", "failures", "markdown"} < result.keys()
        page = result["html"]
        assert page.startswith("<!DOCTYPE html>")
        assert f"<bdi>{tree.name}</bdi>" in page
        assert re.findall("<h3[^>]*><bdi>(.*?)</bdi>", page) == ["a.py", "b.py"]
        links = [json.loads(unquote(link)) for link in re.findall(r'"command:go\?(.*?)"', page)]
        # The emoji before the use is two units of UTF-16.
        assert [uri, 1, 6] in links
        assert [(tree / "b.py").as_uri(), 1, 7] in links

    async def test_several_folders_are_told_apart(self, start: Start, tmp_path: Path) -> None:
        folders = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "a.py").write_text(USE)
            folders.append({"uri": (tmp_path / name).as_uri(), "name": name})
        client = await start(PUSHED, workspaceFolders=folders)
        client.open("untitled:new", USE)
        page = (await command(client, "report", {"format": "html"}))["html"]
        names = re.findall("<h3[^>]*><bdi>(.*?)</bdi>", page)
        assert names == ["one/a.py", "two/a.py", "untitled:new"]

    async def test_a_notebook_is_shown_by_its_cells(self, start: Start) -> None:
        client = await start(PUSHED)
        cells = [("nb:1", "import sentry_sdk\n"), ("nb:2", "x = 1\nold_name"), ("nb:3", "lost")]
        client.notify(
            "notebookDocument/didOpen",
            {
                "notebookDocument": {
                    "uri": "file:///w/n.ipynb",
                    "notebookType": "jupyter-notebook",
                    "version": 1,
                    "cells": [{"kind": 2, "document": uri} for uri, _ in cells],
                },
                "cellTextDocuments": [
                    {"uri": uri, "languageId": "python", "version": 1, "text": text}
                    for uri, text in cells
                ],
            },
        )
        result = await command(client, "report", {"format": "html", "links": self.LINKS})
        assert result["files"] == {"file:///w/n.ipynb": 2}
        found = re.findall(r'<li><a href="command:go\?(.*?)">(.*?)</a>', result["html"])
        assert [(json.loads(unquote(link)), label) for link, label in found] == [
            (["nb:2", 1, 0], "[2] 2:1"),
            (["nb:3", 0, 0], "[3] 1:1"),
        ]

    @pytest.mark.parametrize(
        "options",
        [3, "html", {"format": "pdf"}, {"links": "{uri}"}, {"format": "html", "links": 1},
         {"format": "html", "links": "{file}"}],
    )  # fmt: skip
    async def test_wrong_options(self, start: Start, options: Any) -> None:
        client = await start()
        with pytest.raises(ServerError, match="-32602"):
            await command(client, "report", options)

    async def test_a_large_page_does_not_stall_the_server(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """5,000 findings are written while the loop turns: the page is not begun before it did."""
        turned = threading.Event()
        page = html.page

        def patient(*arguments: Any) -> str:
            assert turned.wait(20), "the loop stood still"
            return page(*arguments)

        monkeypatch.setattr(html, "page", patient)
        builder = ReportBuilder()
        for number in range(500):
            text = "with sentry_sdk.configure_scope() as scope:\n" * 10
            uri = f"file:///w/p{number % 40}/m{number}.py"
            found = tuple(
                Finding("SEN1", "old", "`old` goes", at, at + 4, Severity.WARNING, "")
                for at in range(0, len(text), 44)
            )
            part = Part(Snapshot(uri, 0, "python", LineIndex(text)), 0)
            builder.add(Unit(uri, text, (part,)), CheckResult(found))
        workspace = SimpleNamespace(folders={}, root_uri="file:///w")
        session = SimpleNamespace(
            greeted=asyncio.Event(),
            rules={},
            rooted=True,
            server=SimpleNamespace(workspace=workspace),
        )
        session.greeted.set()
        writing = asyncio.create_task(builder.result(session, self.LINKS))  # type: ignore[arg-type]
        await asyncio.sleep(0.01)
        turned.set()
        assert (await writing)["findings"] == 5_000


async def test_debug_information_holds_no_source(start: Start) -> None:
    client = await start()
    client.open("file:///w/a.py", USE + "# secret")
    await client.diagnostics("file:///w/a.py")
    result = await command(client, "debugInformation")
    assert result["workers"]["editor"]["starts"] == 1
    assert result["documents"][0]["findings"] == 1
    assert result["versions"]["fake"] == "1"
    assert "secret" not in str(result)


async def test_restarting_the_analysis(start: Start) -> None:
    client = await start()
    client.open("file:///w/a.py", USE + "CRASH")
    await client.diagnostics("file:///w/a.py")
    before = (await command(client, "debugInformation"))["workers"]["editor"]
    await command(client, "restartAnalysis")
    client.replace("file:///w/a.py", 2, USE)
    assert len(await client.diagnostics("file:///w/a.py", 2)) == 1
    after = (await command(client, "debugInformation"))["workers"]["editor"]
    assert after["pid"] != before["pid"]


class TestExplain:
    URI = "sentry-migrate:/rules/push-scope-with.md"

    async def shown(self, client: Client, *arguments: Any) -> list[dict[str, Any]]:
        await command(client, "explain", *arguments)
        return [m["params"] for _, m in client.trace if m.get("method") == "window/showDocument"]

    async def test_in_a_document_of_ours(self, start: Start) -> None:
        client = await start(PUSHED, command="real")
        assert await self.shown(client, "SEN102") == [{"uri": self.URI, "takeFocus": True}]
        registered = [
            one
            for _, m in client.trace
            if m.get("method") == "client/registerCapability"
            for one in m["params"]["registrations"]
        ]
        (pages,) = [one for one in registered if one["method"] == "workspace/textDocumentContent"]
        assert pages["registerOptions"] == {"schemes": ["sentry-migrate"]}
        page = await client.request("workspace/textDocumentContent", {"uri": self.URI})
        assert page["text"].startswith("# push-scope-with (SEN102)")

    async def test_in_a_file(self, start: Start) -> None:
        client = await start(without(PUSHED, "workspace", "textDocumentContent"), command="real")
        (asked,) = await self.shown(client, "SEN102")
        file = Path(path_of(asked["uri"]) or "")
        assert file.read_text().startswith("# push-scope-with (SEN102)")

    @pytest.mark.parametrize(
        ("capabilities", "code"), [(NOTHING, "SEN102"), (PUSHED, "SEN901")], ids=["", "no page"]
    )
    async def test_in_words(self, start: Start, capabilities: Any, code: str) -> None:
        client = await start(capabilities, command="real" if code == "SEN102" else "fake")
        assert await self.shown(client, code) == []
        assert code in popups(client)[0]

    @pytest.mark.parametrize(
        ("code", "words", "heading"),
        [
            ("SEN102", "`new_scope()` forks only", "# push-scope-with (SEN102)"),
            ("client-is-none", "Can you rule out", "# Doubts"),
        ],
    )
    async def test_words_name_the_file(
        self, start: Start, code: str, words: str, heading: str
    ) -> None:
        client = await start(NOTHING, command="real")
        await self.shown(client, code)
        (said,) = popups(client)
        assert words in said
        assert Path(said.partition(" More: ")[2]).read_text().startswith(heading)

    @pytest.mark.parametrize("code", ["client-is-none", "one-client"])
    @pytest.mark.parametrize("ours", [True, False], ids=["a document of ours", "a file"])
    async def test_a_question_is_shown_where_it_is(
        self, start: Start, code: str, ours: bool
    ) -> None:
        fewer = without(PUSHED, "workspace", "textDocumentContent")
        client = await start(PUSHED if ours else fewer, command="real")
        (asked,) = await self.shown(client, code)
        page = ROOT / "server/docs/doubts.md"
        line = page.read_text().splitlines()[asked["selection"]["start"]["line"]]
        assert line == f"## `{code}`"
        assert asked["uri"] == ("sentry-migrate:/doubts.md" if ours else page.as_uri())

    @pytest.mark.parametrize(
        "uri",
        [
            *(
                "sentry-migrate:/rules/../../README.md",
                "sentry-migrate:/etc/passwd",
                "file:///x.md",
            ),
            *("sentry-migrate:/rules/no-such-rule.md", "sentry-migrate:/rules/", "", "x"),
            "sentry-migrate:/rules/push-scope-with.md/x",
        ],
    )
    async def test_nothing_else_is_a_page(self, start: Start, uri: str) -> None:
        client = await start()
        with pytest.raises(ServerError, match="there is no page"):
            await client.request("workspace/textDocumentContent", {"uri": uri})

    @pytest.mark.parametrize("arguments", [(), ("SEN999",), (None,), ({"a": 1},)])
    async def test_no_rule(self, start: Start, arguments: tuple[Any, ...]) -> None:
        client = await start()
        with pytest.raises(ServerError, match="unknown rule"):
            await command(client, "explain", *arguments)


class TestLens:
    URI = "file:///w/a.py"

    async def lens(self, client: Client) -> Any:
        params = {"textDocument": {"uri": self.URI}}
        return await client.request("textDocument/codeLens", params)

    async def test_off_by_default(self, start: Start) -> None:
        client = await start()
        client.open(self.URI, USE)
        assert await self.lens(client) is None

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("", None),
            ("lost", "1 Sentry 1.x use"),
            ("lost; old_name", "2 Sentry 1.x uses · migrate file (1 safe)"),
        ],
    )
    async def test_title(self, start: Start, text: str, title: str | None) -> None:
        client = await start(configuration={"codeLens": True})
        client.open(self.URI, f"import sentry_sdk\n{text}")
        lenses = await self.lens(client)
        assert [lens["command"]["title"] for lens in lenses] == ([title] if title else [])

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("", None),
            ("sentry_sdk.Hub\n", "1 Sentry 1.x use"),
            ("with sentry_sdk.push_scope(): f()\n", "1 Sentry 1.x use · migrate file (1 safe)"),
        ],
    )
    async def test_a_comment_that_silences_nothing_is_no_use(
        self, start: Start, text: str, title: str | None
    ) -> None:
        client = await start(configuration={"codeLens": True}, command="real")
        client.open(self.URI, f"import sentry_sdk  # noqa: SEN101\n{text}")
        lenses = await self.lens(client)
        assert [lens["command"]["title"] for lens in lenses] == ([title] if title else [])
