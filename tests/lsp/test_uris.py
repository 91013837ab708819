"""What documents and files are called: no name is mistaken for another, and none stops the rest."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from lsp.capabilities import PUSHED, VSCODE
from lsp.conftest import Start
from lsp.test_workspace import BACKLOG, USE, backlog, by_name, command, folder
from lsp.wire import Client
from sentry_migrate.lsp.documents import uris

posix = pytest.mark.skipif(sys.platform != "linux", reason="names are bytes only there")


@posix
@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///w/a.py", "/w/a.py"),
        ("file:///w/a;b.py", "/w/a;b.py"),
        ("file:///w/a%3Bb.py", "/w/a;b.py"),
        ("file:///w/a%23b.py", "/w/a#b.py"),
        ("file:///w/a%2523.py", "/w/a%23.py"),
        ("file:///w/caf%C3%A9.py", "/w/caf\u00e9.py"),
        ("file:///w/caf\u00e9.py", "/w/caf\u00e9.py"),
        ("file:///w/caf%E9.py", "/w/caf\udce9.py"),
        ("file://localhost/w/a.py", "/w/a.py"),
        ("file://host/a.py", "//host/a.py"),
        ("file:///c%3A/a.py", "/c:/a.py"),
        ("file:///", "/"),
        ("FILE:///w/a.py", "/w/a.py"),
        ("file:///w/\ud800.py", None),
        ("file:///w/a%00b.py", None),
        ("file:a.py", None),
        ("file:", None),
        ("file://host", None),
        ("a.py", None),
        ("/w/a.py", None),
        ("", None),
        ("http://[::1", None),
        ("untitled:Untitled-1", None),
        ("git:/w/a.py", None),
        ("vscode-notebook-cell:/w/n.ipynb#c1", None),
    ],
)
def test_the_path_of(uri: str, path: str | None) -> None:
    assert uris.path_of(uri) == path


@posix
def test_every_path_comes_back() -> None:
    chance = random.Random(0)
    for _ in range(5_000):
        name = bytes(chance.choice([*range(1, 47), *range(48, 256)]) for _ in range(4))
        path = os.fsdecode(b"/w/x" + name)
        assert uris.path_of(uris.uri_of(path)) == path


def test_no_uri_is_an_error() -> None:
    chance = random.Random(0)
    parts = (
        *("file:", "//", "/", "[", "]", "%", "%00", "%E9", "%ED%A0%80", "\ud800", "\udce9"),
        *("#", "?", ";", "c:", ":99999", "@", "..", "\n", "\u2028", "\0", "git:", "a"),
    )
    for _ in range(20_000):
        uri = "".join(chance.choices(parts, k=chance.randint(0, 6)))
        uris.key(uri)
        path = uris.path_of(uri)
        if path is not None:
            assert uris.uri_of(path).isascii()


@pytest.mark.parametrize(
    ("left", "right", "one"),
    [
        ("file:///c%3A/a.py", "file:///c:/a.py", True),
        ("file:///w/caf%C3%A9.py", "file:///w/caf\u00e9.py", True),
        ("file:///w/caf%E9.py", "file:///w/caf%E8.py", False),
        ("file:///w/caf%E9.py", "file:///w/caf\u00e9.py", False),
        ("file:///w/caf%E9.py", "file:///w/caf\ufffd.py", False),
        ("file:///w/a%2525.py", "file:///w/a%25.py", False),
    ],
)
def test_same(left: str, right: str, one: bool) -> None:
    assert uris.same(left, right) is one


ODD = (b"caf\xe9.py", b"d\xe9/m.py", b"\xff.py", b"a;b.py", b"a\nb.py")
LEFT_OUT = 3
"""How many of them no message has a place for."""


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    for name in (*ODD, b"plain.py"):
        path = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name)))
        path.parent.mkdir(exist_ok=True)
        path.write_text(USE, newline="")
    return tmp_path


def faults(client: Client) -> list[str]:
    return [
        message["params"]["message"]
        for who, message in client.trace
        if who == "server"
        and message.get("method") == "window/logMessage"
        and message["params"]["type"] == 1
    ]


@posix
@pytest.mark.parametrize("kind", ["fake", "real"])
async def test_an_odd_name_costs_only_itself(start: Start, odd: Path, kind: str) -> None:
    text = "import sentry_sdk\nsentry_sdk.Hub.current.flush()\n"
    for path in odd.rglob("*.py") if kind == "real" else ():
        path.write_text(text)
    client = await start(PUSHED, command=kind, **folder(odd))
    result = await command(client, "fixWorkspace", {"unsafe": True})
    wanted = len(ODD) + 1 - LEFT_OUT
    assert result == {"applied": True, "fixed": wanted, "found": wanted, "files": wanted}
    assert "Hub" not in (odd / "plain.py").read_text()
    said = [m["params"] for _, m in client.trace if m.get("method") == "window/showMessage"]
    assert ["UTF-8" in one["message"] for one in said] == [True]
    assert "d?/m.py" in said[0]["message"]
    report = await command(client, "report", {"format": "html"})
    assert len(report["files"]) == LEFT_OUT
    report["html"].encode()
    assert faults(client) == []


@posix
@pytest.mark.parametrize("capabilities", [VSCODE, PUSHED], ids=["pulled", "pushed"])
async def test_the_backlog_has_odd_names(start: Start, odd: Path, capabilities: Any) -> None:
    client = await start(capabilities, configuration=BACKLOG, **folder(odd))
    if capabilities is VSCODE:
        found = by_name(await backlog(client))
    else:
        await client.until(lambda: len(client.displayed) == len(ODD) + 1)
        found = by_name([{**one, "items": one["diagnostics"]} for one in client.displayed.values()])
    assert found == dict.fromkeys(
        ("caf%E9.py", "m.py", "%FF.py", "a%3Bb.py", "a%0Ab.py", "plain.py"), 1
    )
    assert faults(client) == []


@posix
@pytest.mark.parametrize(
    "uri",
    [
        "file://host/x.py",
        "file:///w/\ud800/x.py",
        "file:///w/\ud800.py",
        "file:///w/caf%E9.py",
        "untitled:\ud800",
        "file:x.py",
        "",
    ],
)
async def test_an_odd_document_costs_only_itself(start: Start, tmp_path: Path, uri: str) -> None:
    (tmp_path / "plain.py").write_text(USE, newline="")
    client = await start(PUSHED, **folder(tmp_path))
    client.open(uri, USE)
    await client.diagnostics(uri)
    assert len((await command(client, "report", {"format": "html"}))["files"]) == 2
    result = await command(client, "fixWorkspace")
    assert (result["fixed"], result["files"]) == (2, 2)
    assert "new_name" in client.documents[uri][1]
    assert faults(client) == []
