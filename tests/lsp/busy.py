"""Sessions that make the server work hard: a large document, many findings, a whole workspace."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from lsp.capabilities import PUSHED, VSCODE
from lsp.conftest import Start
from lsp.test_workspace import BACKLOG, backlog, command, folder
from lsp.wire import Client, span

TESTS = Path(__file__).parents[1]
_CODE = (
    f"import sys; sys.path.insert(0, {str(TESTS)!r}); from lsp.measured_server import main; main()"
)
COMMAND = (sys.executable, "-c", _CODE)
URI = "file:///large.py"
USES = 300
LARGE = "import sentry_sdk\n" + "old_name; x = 'é'\n" * USES + "x = 1  # filler\n" * 20_000
WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 30_000, "character": 0}}


async def opened(start: Start, **more: Any) -> Client:
    client = await start(PUSHED, command=COMMAND, **more)
    client.open(URI, LARGE)
    assert len(await client.diagnostics(URI)) == USES
    return client


async def typing(start: Start, directory: Path) -> None:
    client = await opened(start)
    for version in range(2, 60):
        at = span(LARGE, version, version, "utf-16")
        client.change(URI, version, [{"range": at, "text": "# "}])
    await client.diagnostics(URI, 59)


async def actions_for_everything(start: Start, directory: Path) -> None:
    client = await opened(start)
    shown = client.displayed[URI]["diagnostics"]
    actions = await client.actions(URI, WHOLE, context=shown)
    assert 30 <= len(actions) <= 200
    for kind in ("source.fixAll", "quickfix"):
        for action in await client.actions(URI, WHOLE, only=[kind]):
            if action.get("kind", "").startswith("source"):
                await client.edit_of(action)
    assert await command(client, "fixFile", URI) == {
        "applied": True,
        "fixed": USES,
        "found": USES,
        "files": 1,
    }


async def pulling(start: Start, directory: Path) -> None:
    client = await start(VSCODE, command=COMMAND)
    client.open(URI, LARGE)
    document = {"textDocument": {"uri": URI}}
    first = await client.request("textDocument/diagnostic", document)
    again = {**document, "previousResultId": first["resultId"]}
    assert (await client.request("textDocument/diagnostic", again))["kind"] == "unchanged"


async def a_whole_workspace(start: Start, directory: Path) -> None:
    for number in range(100):
        (directory / f"m{number}.py").write_text("import sentry_sdk\n" + "old_name\n" * 20)
    client = await start(VSCODE, command=COMMAND, configuration=BACKLOG, **folder(directory))
    assert len(await backlog(client)) == 100
    assert (await command(client, "report"))["findings"] == 2000
    assert (await command(client, "fixWorkspace"))["fixed"] == 2000


SESSIONS = (typing, actions_for_everything, pulling, a_whole_workspace)
