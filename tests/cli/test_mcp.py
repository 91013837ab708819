"""`sentry-migrate mcp`, driven by the official client."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import SERVER, Run, write_tree
from cli.samples import AFTER, BEFORE, BROKEN, CLEAN, UNSAFE, UNSAFE_AFTER
from cli.test_notebooks import book
from sentry_migrate.cli import mcp_server
from sentry_migrate.cli.agents import WITHIN

pytestmark = pytest.mark.slow
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("explain", {"name": "no-such-thing"}, "no-such-thing"),
    ("explain", {}, "name"),
    ("apply", {"ids": ["0" * 32]}, "is not the ID of a finding"),
    ("apply", {"ids": ["--force"]}, "is not the ID of a finding"),
    ("apply", {"ids": []}, "Give either IDs"),
    ("apply", {"ids": "00000000"}, "ids"),
    ("apply", {"ids": [1]}, "ids"),
    ("check", {"paths": ["nowhere"]}, "No such file"),
    ("check", {"paths": ["--fix"]}, "No such file"),
    ("check", {"paths": ["-"]}, "No such file"),
    ("plan", {"unsafe": "perhaps"}, "unsafe"),
    ("fix", {"paths": [".."]}, "is not a path in the working directory"),
    ("fix", {"unsafe": True}, "fix has no argument unsafe; it has paths"),
    ("plan", {"z": 1, "path": "."}, "plan has no argument path, z; it has paths, unsafe"),
    ("undo", {"force": True}, "undo has no argument force; it has none"),
    ("undo", {}, "nothing to undo"),
    ("no-such-tool", {}, "no-such-tool"),
]
CHANGING = {"fix", "apply", "undo"}
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
        tools = (await client.list_tools()).tools
        hints = {one.name: one.annotations for one in tools}
        assert hints.keys() == TOOLS
        assert {name for name, one in hints.items() if not one.read_only_hint} == CHANGING
        assert {name for name, one in hints.items() if one.destructive_hint} == CHANGING
        assert all(one.input_schema["additionalProperties"] is False for one in tools)
        assert "Apply safe fixes       1 fix in a.py" in await called(client, "status")
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


@pytest.mark.parametrize(
    "paths",
    [[], [""], [".."], ["/"], ["a.py", "../outside/o.py"], ["link"], ["link/o.py"], ["a\0.py"],
     ["../outside"], ["d/../.."]],
)  # fmt: skip
def test_paths_that_are_not_in_the_working_directory(here: Path, paths: list[str]) -> None:
    from mcp.server.mcpserver.exceptions import ToolError

    write_tree(here, {"a.py": BEFORE, "d/b.py": BEFORE})
    (here / "link").symlink_to(here.parent)
    with pytest.raises(ToolError):
        [*mcp_server._inside(paths)]


@pytest.mark.parametrize(
    "path", [".", "a.py", "d", "d/../a.py", "-", "--fix", "../{}", "{}", "{}/d"]
)
def test_paths_that_are(here: Path, path: str) -> None:
    named = path.format(here.name if path.startswith("..") else here)
    (found,) = mcp_server._inside([named])
    assert (os.path.abspath(found), found[0] in "./") == (os.path.abspath(named), True)


# path of a link → where it leads, whether the run stays out of that
LINKS = {"out.py": ("../outside/o.py", True), "d/in.py": ("../../{}/a.py", False)}


@pytest.mark.parametrize(("name", "to", "out"), [(name, *row) for name, row in LINKS.items()])
@pytest.mark.parametrize("agent", [True, False])
def test_links_that_lead_out_of_the_working_directory(
    run: Run,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    to: str,
    out: bool,
    agent: bool,
) -> None:
    write_tree(here.parent, {"outside/o.py": BEFORE, f"{here.name}/a.py": BEFORE})
    write_tree(here, {"d/x": ""})
    (here / name).symlink_to(to.format(here.name))
    if agent:
        monkeypatch.setenv(WITHIN, os.path.realpath(here))
    ran = run("check", "--fix", ".")
    stays = out and agent
    assert (f"warning: {name} is skipped: it leads out of {here}" in ran.err) == stays
    assert (here / "a.py").read_text() == AFTER
    assert (here.parent / "outside/o.py").read_text() == (AFTER if out and not agent else BEFORE)
    (here / "a.py").write_text(CLEAN)
    ran = run("undo")
    assert (ran.code, "--force" in ran.err) == (2, not agent)


def test_an_agent_restores_nothing_elsewhere(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(here, {"pyproject.toml": "", "a.py": BEFORE, "d/b.py": BEFORE})
    run("check", "--fix")
    monkeypatch.setenv(WITHIN, os.path.realpath(here / "d"))
    monkeypatch.chdir(here / "d")
    ran = run("undo")
    outside = f"the last run also changed {os.path.realpath(here / 'a.py')}, which is not in"
    assert (ran.code, outside in ran.err) == (2, True)
    assert (here / "d/b.py").read_text() == AFTER


def test_what_is_explained_and_what_fails(here: Path) -> None:
    write_tree(here, {"a.py": BEFORE})

    async def steps(client: Any) -> None:
        assert "before-init" in await called(client, "explain", name="before-init")
        for name in ("SEN101", "configure-scope-with"):
            assert "SEN101" in await called(client, "explain", name=name)
        for tool, arguments, said in WRONG:
            result = await client.call_tool(tool, arguments)
            assert (result.is_error, said in result.content[0].text) == (True, True), arguments
            assert "Traceback" not in result.content[0].text
        assert (here / "a.py").read_text() == BEFORE

    session(here, steps)


def test_what_people_and_programs_read_is_kept_apart(here: Path) -> None:
    """Also where a patch has lines that are not UTF-8."""
    latin = b"# -*- coding: latin-1 -*-\n" + f"{BEFORE}# \xe9\n".encode("latin-1")
    write_tree(here, {"a.py": latin, "b.py": BROKEN, "-": "", "n.ipynb": book(BEFORE)})

    async def steps(client: Any) -> None:
        assert "get_isolation_scope" in await called(client, "plan", paths=["a.py"])
        for tool in ("check", "fix"):
            result = await client.call_tool(tool, {})
            assert not result.is_error
            found, said = (one.text for one in result.content)
            assert [one["fixed"] for one in json.loads(found)] == [*2 * [tool == "fix"], False]
            assert "b.py:3:" in said
        assert "get_isolation_scope" in (here / "n.ipynb").read_text()
        assert (here / "a.py").read_bytes() != latin
        await called(client, "undo")
        assert (here / "a.py").read_bytes() == latin

    session(here, steps)


def test_calls_at_the_same_time(here: Path) -> None:
    """Each finds what the one before left; one that is cancelled leaves all or nothing."""
    old, new = (
        first + second.partition("\n\n")[2]
        for first, second in ((BEFORE, UNSAFE), (AFTER, UNSAFE_AFTER))
    )
    write_tree(here, {"a.py": old})

    def now() -> str:
        return (here / "a.py").read_text()

    async def steps(client: Any) -> None:
        ids = [one["id"] for one in json.loads(await called(client, "check"))]
        calls = [("apply", {"ids": [name]}) for name in ids]
        results = await asyncio.gather(*(client.call_tool(*call) for call in calls))
        assert [result.is_error for result in results] == [False, False]
        assert now() == new
        results = await asyncio.gather(*(client.call_tool("undo", {}) for _ in calls))
        assert [result.is_error for result in results] == [False, False]
        assert now() == old
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(client.call_tool("fix", {}), 0.5)
        await called(client, "fix")
        assert now() == AFTER + UNSAFE.partition("\n\n")[2]
        result = await client.call_tool("apply", {"ids": [ids[0]]})
        assert (result.is_error, "is not the ID of" in result.content[0].text) == (True, True)

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
