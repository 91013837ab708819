"""What is shown, when, and for which version."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, ClassVar

import pytest

from lsp.capabilities import CLIENTS, ENCODINGS, NOTHING, PUSHED, VSCODE, offering
from lsp.conftest import Start
from lsp.wire import Client, ServerError, covered, span

URI = "file:///w/a.py"
USE = "import sentry_sdk\nsentry_sdk.old_name()\n"


def words(text: str, diagnostics: list[dict[str, Any]], encoding: str = "utf-16") -> list[str]:
    return [covered(text, one["range"], encoding) for one in diagnostics]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "old_name\n",  # no mention of the SDK
        "import sentry_sdk\n",
        "import sentry_sdk\nold_name  # sentry-migrate: ignore[SEN901]\n",
    ],
)
async def test_nothing_to_show(start: Start, text: str) -> None:
    client = await start()
    client.open(URI, text)
    assert await client.diagnostics(URI) == []


@pytest.mark.parametrize(
    ("name", "language", "text"),
    [
        ("other", "plaintext", USE),
        ("other", "markdown", USE),
        ("other", "toml", USE),
        ("notes.txt", "plaintext", "sentry-sdk==1.45.0\n"),
        ("poetry.toml", "toml", 'sentry-sdk = "^1.45"\n'),
    ],
)
async def test_other_files_are_left_alone(
    start: Start, name: str, language: str, text: str
) -> None:
    client = await start()
    client.open(f"file:///w/{name}", text, language=language)
    client.open(URI, USE)
    await client.diagnostics(URI)
    assert f"file:///w/{name}" not in client.displayed


@pytest.mark.parametrize(
    ("name", "language", "text", "count"),
    [
        ("requirements.txt", "pip-requirements", "sentry-sdk>=2.1\n", 0),
        ("requirements.txt", "pip-requirements", "Django\nSentry-SDK==1.45.0\n", 1),
        ("pyproject.toml", "toml", '[project]\ndependencies = ["sentry-sdk<2"]\n', 1),
        ("setup.cfg", "ini", "[options]\ninstall_requires =\n  sentry-sdk<2\n", 1),
    ],
)
async def test_dependency_files(
    start: Start, name: str, language: str, text: str, count: int
) -> None:
    client = await start(command="real")
    uri = f"file:///w/{name}"
    client.open(uri, text, language=language)
    found = await client.diagnostics(uri)
    assert len(found) == count
    titles = [
        action["title"] for one in found for action in await client.actions(uri, one["range"])
    ]
    assert any(title.startswith("Ignore") for title in titles) is (count > 0 and "cfg" not in name)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "before",
    ["", "'😀'; ", "'é\u2028ß'; ", "\x0c", "'\U0001f600' * 2 +\\\r\n "],
    ids=["plain", "emoji", "separator", "form feed", "crlf"],
)
async def test_positions(start: Start, encoding: str, before: str) -> None:
    client = await start(offering(PUSHED, encoding), encoding)
    text = f"import sentry_sdk\r\n{before}sentry_sdk.old_name(); '😀'; lost"
    client.open(URI, text)
    assert words(text, await client.diagnostics(URI), encoding) == ["old_name", "lost"]


@pytest.mark.parametrize("name", CLIENTS)
async def test_what_a_client_cannot_show_is_left_out(start: Start, name: str) -> None:
    capabilities = CLIENTS[name]
    client = await start(capabilities)
    client.open(URI, USE)
    if "diagnostic" in capabilities.get("textDocument", {}):
        params = {"textDocument": {"uri": URI}}
        (found,) = (await client.request("textDocument/diagnostic", params))["items"]
    else:
        (found,) = await client.diagnostics(URI)
    assert found["code"] == "SEN901"
    assert found["source"] == "sentry-migrate"
    assert found["severity"] == 2
    publish = capabilities.get("textDocument", {}).get("publishDiagnostics", {})
    assert ("tags" in found) is bool(publish.get("tagSupport"))
    assert ("codeDescription" in found) is bool(publish.get("codeDescriptionSupport"))
    assert ("relatedInformation" in found) is bool(publish.get("relatedInformation"))


async def test_a_newer_version_supersedes(start: Start) -> None:
    client = await start()
    client.open(URI, USE)
    for version in range(2, 30):
        client.replace(URI, version, USE + "lost\n" * version)
    found = await client.diagnostics(URI, 29)
    assert len(found) == 30
    versions = [m["params"]["version"] for w, m in client.trace if _publishes(w, m)]
    assert versions == sorted(versions)
    assert len(versions) < 10  # typing does not cost an analysis per key


def _publishes(who: str, message: dict[str, Any]) -> bool:
    return who == "server" and message.get("method") == "textDocument/publishDiagnostics"


async def test_an_old_version_or_unknown_document_is_ignored(start: Start) -> None:
    client = await start()
    client.open(URI, USE, version=5)
    client.replace(URI, 4, "")
    client.replace("file:///w/unknown.py", 1, USE)
    client.replace(URI, 6, USE + "lost")
    assert len(await client.diagnostics(URI, 6)) == 2


async def test_findings_survive_a_syntax_error_and_move_along(start: Start) -> None:
    client = await start()
    client.open(URI, USE)
    await client.diagnostics(URI)
    client.change(URI, 2, [{"range": span(USE, 0, 0, "utf-16"), "text": "def def '😀'\n"}])
    text = "def def '😀'\n" + USE
    found = await client.diagnostics(URI, 2)
    assert words(text, found) == ["old_name"]
    actions = await client.actions(URI, found[0]["range"])
    assert [action["title"] for action in actions] == ["Explain SEN901 (old-name)"]
    at = text.index("old_name") + 3
    client.change(URI, 3, [{"range": span(text, at, at + 2, "utf-16"), "text": ""}])
    assert len(await client.diagnostics(URI, 3)) == 1  # shortened, but still there
    start_ = text.index("sentry_sdk.old")
    edited = text[:at] + text[at + 2 :]
    gone = {"range": span(edited, start_, len(edited), "utf-16"), "text": ""}
    client.change(URI, 4, [gone])
    assert await client.diagnostics(URI, 4) == []


BROKEN = """\
from sentry_sdk import Hub

def one(:
    Hub.current.capture_message("a")

Hub.current.capture_message("b"
Hub.current.capture_message("c")
"""


async def test_a_syntax_error_from_the_start_costs_its_statement(start: Start) -> None:
    client = await start(command="real")
    client.open(URI, BROKEN)
    found = await client.diagnostics(URI)
    codes = [one["range"]["start"]["line"] for one in found if one["code"] == "SEN201"]
    assert codes == [3, 6]
    for one in found:
        actions = await client.actions(URI, one["range"])
        assert all("command" in action for action in actions)  # nothing edits such a text
    client.replace(URI, 2, BROKEN.replace("one(:", "one():"))
    found = await client.diagnostics(URI, 2)
    assert [one["range"]["start"]["line"] for one in found if one["code"] == "SEN201"] == [3, 6]
    client.replace(URI, 3, BROKEN.replace("one(:", "one():").replace('"b"', '"b")'))
    found = await client.diagnostics(URI, 3)
    assert [one["range"]["start"]["line"] for one in found if one["code"] == "SEN201"] == [3, 5, 6]


async def test_a_syntax_error_from_the_start_is_no_message(start: Start) -> None:
    client = await start()
    client.open(URI, "def def\n" + USE)
    assert await client.diagnostics(URI) == []
    assert not [m for _, m in client.trace if m.get("method") == "window/showMessage"]


@pytest.mark.parametrize("word", ["CRASH", "RAISE"])
async def test_a_crash_costs_one_file(start: Start, word: str) -> None:
    client = await start()
    client.open(URI, USE + word)
    (told,) = await client.diagnostics(URI)
    assert told["severity"] == 3
    assert "could not analyse" in told["message"]
    client.open("file:///w/b.py", USE)
    assert len(await client.diagnostics("file:///w/b.py")) == 1
    client.replace(URI, 2, USE)
    assert len(await client.diagnostics(URI, 2)) == 1
    assert not [m for _, m in client.trace if m.get("method") == "window/showMessage"]


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "vscode-vfs://github/o/r/a.py",
        "file:///outside/of/all.py",
        f"file:///w/{'long' * 99}/a.py",
        "http://[::1",
        "http://[x]/a.py",
        "file:///w/a%00b.py",
    ],
)
async def test_any_uri_is_served(start: Start, uri: str) -> None:
    client = await start(rootUri="file:///w")
    client.open(uri, USE)
    found = await client.diagnostics(uri)
    (action, *_) = await client.actions(uri, found[0]["range"])
    assert "new_name" in client.applied(await client.edit_of(action), uri, USE)


async def test_closing_clears(start: Start) -> None:
    client = await start()
    client.open(URI, USE)
    assert await client.diagnostics(URI)
    client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    assert await client.diagnostics(URI, None) == []


async def test_another_language_clears(start: Start) -> None:
    client = await start()
    client.open(URI, USE)
    assert await client.diagnostics(URI)
    client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    await client.until(lambda: not client.displayed[URI]["diagnostics"])
    client.open(URI, USE, version=2, language="plaintext")
    await asyncio.sleep(0.3)
    assert client.displayed[URI]["diagnostics"] == []


async def test_two_spellings_of_a_uri_are_one_document(start: Start) -> None:
    client = await start()
    client.open("file:///c%3A/a.py", USE)
    await client.diagnostics("file:///c%3A/a.py")
    client.replace("file:///c:/a.py", 2, "import sentry_sdk\n")
    assert await client.diagnostics("file:///c%3A/a.py", 2) == []


async def test_many_findings_are_capped(start: Start) -> None:
    client = await start(configuration={"maxFindings": 3})
    client.open(URI, "import sentry_sdk\n" + "lost\n" * 10)
    found = await client.diagnostics(URI)
    assert len(found) == 4
    assert found[3]["message"].startswith("7 more")
    assert found[3]["severity"] == 3


async def test_a_client_that_pulls_is_not_pushed_to(start: Start) -> None:
    client = await start(VSCODE)
    assert client.capabilities["diagnosticProvider"]["workspaceDiagnostics"] is True
    assert client.capabilities["diagnosticProvider"]["interFileDependencies"] is True
    client.open(URI, USE)
    params = {"textDocument": {"uri": URI}}
    report = await client.request("textDocument/diagnostic", params)
    assert (report["kind"], len(report["items"])) == ("full", 1)
    again = await client.request(
        "textDocument/diagnostic", {**params, "previousResultId": report["resultId"]}
    )
    assert again == {"kind": "unchanged", "resultId": report["resultId"]}
    client.replace(URI, 2, USE + "lost")
    newer = await client.request(
        "textDocument/diagnostic", {**params, "previousResultId": report["resultId"]}
    )
    assert (newer["kind"], len(newer["items"])) == ("full", 2)
    assert not client.displayed


async def test_pulling_an_unknown_document(start: Start) -> None:
    client = await start(VSCODE)
    params = {"textDocument": {"uri": "file:///w/none.py"}}
    assert (await client.request("textDocument/diagnostic", params))["items"] == []


async def test_a_client_that_does_not_pull_cannot(start: Start) -> None:
    client = await start(NOTHING)
    assert "diagnosticProvider" not in client.capabilities
    with pytest.raises(ServerError, match="-32601"):
        await client.request("textDocument/diagnostic", {"textDocument": {"uri": URI}})


async def test_cancelling_answers_at_once(start: Start) -> None:
    client = await start(VSCODE)
    client.open(URI, USE + "HANG")
    number, future = client.post("textDocument/diagnostic", {"textDocument": {"uri": URI}})
    await asyncio.sleep(0.2)
    client.notify("$/cancelRequest", {"id": number})
    response = await asyncio.wait_for(future, 10)
    assert response["error"]["code"] == -32800


async def test_the_server_answers_while_an_analysis_hangs(start: Start) -> None:
    client = await start(VSCODE)
    client.open(URI, USE + "HANG")
    client.post("textDocument/diagnostic", {"textDocument": {"uri": URI}})
    await asyncio.sleep(0.2)
    params = {"textDocument": {"uri": "file:///w/none.py"}, "position": {"line": 0, "character": 0}}
    assert await client.request("textDocument/hover", params, patience=10) is None


class TestSavingOnly:
    """`run: onSave`: what is shown is what was found on opening or saving, moved along."""

    SETTING: ClassVar[dict[str, Any]] = {"run": "onSave"}
    DOCUMENT: ClassVar[dict[str, Any]] = {"textDocument": {"uri": URI}}
    BEFORE: ClassVar[dict[str, Any]] = {"range": span(USE, 0, 0, "utf-16"), "text": "lost\n"}
    WHERE = span(USE, 0, 0, "utf-16")

    @staticmethod
    def versions(client: Client) -> list[int]:
        return [m["params"]["version"] for who, m in client.trace if _publishes(who, m)]

    async def pulled(self, client: Client) -> list[dict[str, Any]]:
        report = await client.request("textDocument/diagnostic", self.DOCUMENT)
        found: list[dict[str, Any]] = report["items"]
        return found

    @pytest.mark.parametrize("asked", [False, True], ids=["", "after actions"])
    async def test_saving_only(self, start: Start, asked: bool) -> None:
        client = await start(configuration=self.SETTING)
        client.open(URI, USE)
        await client.diagnostics(URI)
        client.change(URI, 2, [self.BEFORE])
        if asked:  # they are about the newest text all the same
            assert "SEN903" in str(await client.actions(URI, self.WHERE))
        client.open("file:///w/other.py", USE)
        await client.diagnostics("file:///w/other.py")
        assert self.versions(client) == [1, 1]
        client.notify("textDocument/didSave", self.DOCUMENT)
        assert len(await client.diagnostics(URI, 2)) == 2
        assert self.versions(client) == [1, 1, 2]

    async def test_a_client_that_pulls(self, start: Start) -> None:
        client = await start(VSCODE, configuration=self.SETTING)
        client.open(URI, USE)
        (before,) = await self.pulled(client)
        client.change(URI, 2, [self.BEFORE])
        (moved,) = await self.pulled(client)
        assert words("lost\n" + USE, [moved]) == ["old_name"]
        assert moved["message"] == before["message"]
        client.replace(URI, 3, "")
        assert await self.pulled(client) == []
        client.replace(URI, 4, f"{USE}lost\n")
        assert await self.pulled(client) == []
        client.notify("textDocument/didSave", self.DOCUMENT)
        refresh = "workspace/diagnostic/refresh"
        await client.until(lambda: [m for _, m in client.trace if m.get("method") == refresh])
        assert len(await self.pulled(client)) == 2

    @pytest.mark.parametrize("text", ["def def", "CRASH"])
    async def test_over_an_unsaved_failure(self, start: Start, text: str) -> None:
        client = await start(VSCODE, configuration=self.SETTING)
        client.open(URI, USE)
        before = await self.pulled(client)
        client.replace(URI, 2, f"{USE}{text}")
        assert await self.pulled(client) == before
        client.replace(URI, 3, f"{USE}lost")
        assert await self.pulled(client) == before

    async def test_opened_with_a_failure(self, start: Start) -> None:
        client = await start(VSCODE, configuration=self.SETTING)
        client.open(URI, f"{USE}def def")
        assert await self.pulled(client) == []
        client.replace(URI, 2, USE)
        assert await self.pulled(client) == []
        client.notify("textDocument/didSave", self.DOCUMENT)
        assert len(await self.pulled(client)) == 1

    async def test_new_settings_are_for_the_newest_text(self, start: Start) -> None:
        client = await start(configuration=self.SETTING)
        client.open(URI, USE)
        await client.diagnostics(URI)
        client.change(URI, 2, [self.BEFORE])
        client.configuration = {**self.SETTING, "ignore": ["SEN901"]}
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        assert [one["code"] for one in await client.diagnostics(URI, 2)] == ["SEN903"]


@pytest.mark.parametrize(
    "settings", [{"ignore": ["ALL"]}, {"rules": {"SEN901": "off"}}, {"enable": False}]
)
async def test_findings_kept_over_a_syntax_error_end_with_their_settings(
    start: Start, settings: dict[str, Any]
) -> None:
    client = await start()
    client.open(URI, USE)
    await client.diagnostics(URI)
    client.replace(URI, 2, f"{USE}def def")
    (found,) = await client.diagnostics(URI, 2)
    client.configuration = settings
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    await client.until(lambda: not client.displayed[URI]["diagnostics"])
    assert await client.actions(URI, found["range"]) == []


async def test_findings_kept_over_a_syntax_error_say_what_they_said(start: Start) -> None:
    text = "from sentry_sdk import Hub\nHub.current.capture_message('m')\n"
    client = await start(command="real")
    client.open(URI, text)
    before = [one["message"] for one in await client.diagnostics(URI)]
    client.replace(URI, 2, f"{text}def (\n")
    assert [one["message"] for one in await client.diagnostics(URI, 2)] == before


async def test_tracing(start: Start) -> None:
    client = await start(trace="verbose")
    client.open(URI, USE)
    await client.diagnostics(URI)
    traces = [m["params"] for _, m in client.trace if m.get("method") == "$/logTrace"]
    assert any(URI in trace["message"] and trace["verbose"] for trace in traces)
    client.notify("$/setTrace", {"value": "off"})
    count = len(traces)
    client.replace(URI, 2, USE)
    await client.diagnostics(URI, 2)
    assert len([m for _, m in client.trace if m.get("method") == "$/logTrace"]) == count


@pytest.mark.parametrize(
    ("configuration", "found"),
    [
        ({}, set()),
        ({"select": ["later"]}, {"SEN306"}),
        ({"extendSelect": ["later"]}, {"SEN306"}),
        ({"select": ["ALL"], "ignore": ["later", "info"]}, set()),
        ({"select": ["later"], "rules": {"later": "off"}}, set()),
        ({"select": ["later"], "sdkVersion": "2.69"}, set()),
    ],
)
async def test_a_group_of_rules(
    start: Start, configuration: dict[str, Any], found: set[str]
) -> None:
    client = await start(command="real", configuration=configuration)
    client.open(URI, "import sentry_sdk\nsentry_sdk.init(send_default_pii=True)\n")
    assert {one["code"] for one in await client.diagnostics(URI)} == found


@pytest.mark.parametrize(("level", "logged"), [("error", False), ("info", True)])
async def test_log_levels(start: Start, level: str, logged: bool) -> None:
    """The installed command, as an editor starts it."""
    command = (sys.executable, "-m", "sentry_migrate", "server", "--log-level", level)
    client = await start(command=command)
    client.open(URI, "import sentry_sdk\nsentry_sdk.Hub.current\n")
    assert len(await client.diagnostics(URI)) == 1
    lines = [m["params"] for _, m in client.trace if m.get("method") == "window/logMessage"]
    assert bool(lines) is logged
    assert not any("Hub" in line["message"] for line in lines)  # never the source


async def test_what_the_client_is_told_is_not_printed_too(
    start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    """Editors show standard error beside the log, as errors."""
    client = await start()
    client.open("file:///w/a.py", USE)
    await client.diagnostics("file:///w/a.py")
    assert await client.stop() == 0
    told = [
        m["params"]["message"] for _, m in client.trace if m.get("method") == "window/logMessage"
    ]
    assert any("findings in" in line for line in told)
    assert "findings in" not in capfd.readouterr().err
