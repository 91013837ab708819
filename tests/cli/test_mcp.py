"""`sentry-migrate mcp`, driven by the official client."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import SERVER, Run, write_tree
from cli.samples import AFTER, BEFORE, CLEAN, UNSAFE, UNSAFE_AFTER

pytestmark = pytest.mark.slow
TOOLS = {"status", "check", "plan", "explain", "fix", "apply", "undo"}


def session(here: Path, steps: Callable[[Any], Awaitable[None]]) -> None:
    """Have the steps done with a client of a server that runs in a directory."""
    from mcp import ClientSession
    from mcp.client.stdio import StdioServerParameters, stdio_client

    async def talk() -> None:
        env = {**os.environ, "PYTHONPATH": str(SERVER)}
        env |= {"SENTRY_MIGRATE_STATE_DIR": str(here.parent / "state")}
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "sentry_migrate", "mcp"], cwd=here, env=env
        )
        async with stdio_client(server) as streams, ClientSession(*streams) as client:
            await client.initialize()
            await steps(client)

    asyncio.run(asyncio.wait_for(talk(), 240))


async def called(client: Any, tool: str, **arguments: Any) -> str:
    """What a tool says; it must not fail."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return str(result.content[0].text)


def test_from_what_is_there_to_done_and_back(here: Path) -> None:
    files = {"a.py": BEFORE, "b.py": UNSAFE, "c.py": CLEAN}
    write_tree(here, files)

    def now() -> dict[str, str]:
        return {name: (here / name).read_text() for name in files}

    async def steps(client: Any) -> None:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        assert "Apply proved fixes     1 fix in a.py" in await called(client, "status")
        found = json.loads(await called(client, "check"))
        assert [one["code"] for one in found] == ["SEN101", "SEN101"]
        assert "+    scope = sentry_sdk.get_isolation_scope()" in await called(client, "plan")
        assert "b.py" in await called(client, "plan", unsafe=True, paths=["b.py"])
        assert now() == files
        fixed = json.loads(await called(client, "fix"))
        assert [one["fixed"] for one in fixed] == [True, False]
        assert now() == {**files, "a.py": AFTER}
        await called(client, "apply", ids=[found[1]["id"]])
        assert now() == {**files, "a.py": AFTER, "b.py": UNSAFE_AFTER}
        for _ in range(2):
            await called(client, "undo")
        assert now() == files

    session(here, steps)


def test_what_is_explained_and_what_fails(here: Path) -> None:
    write_tree(here, {"a.py": BEFORE})

    async def steps(client: Any) -> None:
        assert "before-init" in await called(client, "explain", name="before-init")
        for name in ("SEN101", "configure-scope-with"):
            assert "SEN101" in await called(client, "explain", name=name)
        for tool, arguments in (
            ("explain", {"name": "no-such-thing"}),
            ("apply", {"ids": ["0" * 32]}),
            ("apply", {"ids": ["--force"]}),
            ("check", {"paths": ["nowhere"]}),
            ("check", {"paths": ["--fix"]}),
            ("undo", {}),
        ):
            result = await client.call_tool(tool, arguments)
            assert result.is_error, tool
            assert "Traceback" not in result.content[0].text
        assert (here / "a.py").read_text() == BEFORE

    session(here, steps)


def test_nothing_of_the_project_is_run(here: Path) -> None:
    ran = here / "ran"
    for name in ("click.py", "asyncio.py", "mcp.py", "sitecustomize.py", "json.py"):
        write_tree(here, {name: f"open({str(ran)!r}, 'w')\n"})
    write_tree(here, {"a.py": BEFORE})

    async def steps(client: Any) -> None:
        await called(client, "fix")

    session(here, steps)
    assert (here / "a.py").read_text() == AFTER
    assert not ran.exists()


def test_without_the_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    ran = run("mcp")
    assert ran.code == 1
    assert "pip install 'sentry-migrate[mcp]'" in ran.err
