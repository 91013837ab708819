"""`sentry-migrate mcp`: the commands as tools for coding agents, over the Model Context Protocol.

Owns which commands are tools, and what an agent is told of them. Each call is a run of the command
of its own, in the working directory of this one and for files in it, one run after the other.
Nothing is known here of what it does.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

import click

from sentry_migrate import __version__, isolation
from sentry_migrate.cli.agents import WITHIN
from sentry_migrate.doubts import DOUBTS
from sentry_migrate.project.repository import is_within

_INSTRUCTIONS = """\
Migrates Python code from sentry-sdk 1.x to 2.x. Start with `status`. `fix` makes only what is
proved to send the same to Sentry. For the rest, `check` has the findings with their IDs, the
rewrites, what could not be proved and the question that settles it; ask the person, then `apply`
single fixes. Run the project's tests after each step. `undo` restores what the last run changed.
"""
_FAILED = 2
_one_at_a_time = asyncio.Lock()
"""Clients do not wait, but a fix must not be made of a text that another is about to change."""


def run() -> None:
    """Serve until standard input ends."""
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
    except ImportError:
        needed = "install it with `pip install 'sentry-migrate[mcp]'`"
        raise click.ClickException(f"The package `mcp` is missing; {needed}.") from None

    class Server(MCPServer[Any]):
        """Refuses arguments that a tool does not have, where the package ignores them: an agent
        would take it that they counted."""

        async def list_tools(self) -> list[Any]:
            tools = await super().list_tools()
            for tool in tools:
                tool.input_schema["additionalProperties"] = False
            return tools

        async def call_tool(self, name: str, arguments: dict[str, Any], *context: Any) -> Any:
            for tool in await self.list_tools():
                known = tool.input_schema["properties"]
                if tool.name == name and (strange := arguments.keys() - known):
                    has = f"it has {', '.join(known)}" if known else "it has none"
                    raise ToolError(f"{name} has no argument {', '.join(sorted(strange))}; {has}")
            return await super().call_tool(name, arguments, *context)

    server = Server(
        "sentry-migrate", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING"
    )
    for tool in (status, check, plan, explain, fix, apply, undo):
        changes = tool in (fix, apply, undo)
        said = ToolAnnotations(
            read_only_hint=not changes, destructive_hint=changes, open_world_hint=False
        )
        server.tool(annotations=said, structured_output=False)(tool)
    server.run("stdio")


async def status(paths: Sequence[str] = (".",)) -> list[str]:
    """What is left to migrate, in the order in which it is best done, and what to do next."""
    return await _output("status", "--", *_inside(paths))


async def check(paths: Sequence[str] = (".",)) -> list[str]:
    """The findings, as JSON: each with its ID, place, rule, fix, alternatives, and why a fix is not
    safe. Changes nothing."""
    return await _output("check", "--output-format", "json", "--", *_inside(paths))


async def plan(paths: Sequence[str] = (".",), unsafe: bool = False) -> list[str]:
    """The patch that `fix` would make; with `unsafe`, also what is not proved. Changes nothing."""
    options = ("--unsafe-fixes",) if unsafe else ()
    return await _output("check", "--diff", *options, "--", *_inside(paths))


async def explain(name: str) -> list[str]:
    """What a rule finds, why, and when its fix is safe; or what a doubt asks, how to find the
    answer, and what happens if it is wrong. `name` is the code or name of either."""
    return await _output("doubt" if name in DOUBTS else "rule", "--", name)


async def fix(paths: Sequence[str] = (".",)) -> list[str]:
    """Make the safe fixes. The JSON has what was fixed (`fixed: true`) and what is left."""
    return await _output("check", "--fix", "--output-format", "json", "--", *_inside(paths))


async def apply(ids: Sequence[str], paths: Sequence[str] = (".",)) -> list[str]:
    """Make single fixes, safe or not, by the IDs of `check`; `ID/2` is the second alternative."""
    places = [word for path in _inside(paths) for word in ("--in", path)]
    return await _output("apply", *places, "--", *ids)


async def undo() -> list[str]:
    """Restore the files that the last run of `fix` or `apply` changed."""
    return await _output("undo")


def _inside(paths: Sequence[str]) -> Iterator[str]:
    """Paths as no command takes them for anything else. Raises ToolError for those that are not in
    the working directory, and for none, which would be all."""
    from mcp.server.mcpserver.exceptions import ToolError

    here = os.path.realpath(os.curdir)
    if not paths:
        raise ToolError("`paths` is empty; the whole working directory is `.`")
    for path in paths:
        real = os.path.realpath(path) if path and "\0" not in path else ""
        if not is_within(real, here):
            raise ToolError(f"{path!r} is not a path in the working directory, {here}")
        yield os.path.join(os.curdir, path)


async def _output(*arguments: str) -> list[str]:
    """What a run says: to standard output, which may be read by programs, and to people. Raises
    ToolError if it could not do its work."""
    from mcp.server.mcpserver.exceptions import ToolError

    async with _one_at_a_time:
        code, *said = await _ran(*arguments)
    if code >= _FAILED or code < 0:
        raise ToolError("".join(said).strip() or f"exit code {code}")
    return list(filter(None, said))


async def _ran(*arguments: str) -> tuple[int, str, str]:
    from anyio import CancelScope

    process = await asyncio.create_subprocess_exec(
        *isolation.command(*arguments),
        env={**os.environ, WITHIN: os.path.realpath(os.curdir)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        out, err = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        with CancelScope(shield=True):  # the next run begins when this one writes nothing more
            await process.communicate()
        raise
    # The lines of a file in a patch have its encoding.
    return process.returncode or 0, out.decode(errors="replace"), err.decode(errors="replace")
