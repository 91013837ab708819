"""`sentry-migrate mcp`: the commands as tools for coding agents, over the Model Context Protocol.

Owns which commands are tools, and what an agent is told of them. Each call is a run of the command
of its own, in the working directory of this one; nothing is known here of what it does.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Sequence

import click

from sentry_migrate import __version__, isolation
from sentry_migrate.doubts import DOUBTS

_INSTRUCTIONS = """\
Migrates Python code from sentry-sdk 1.x to 2.x. Start with `status`. `fix` makes only what is
proved to send the same to Sentry. For the rest, `check` has the findings with their IDs, the
rewrites, what could not be proved and the question that settles it; ask the person, then `apply`
single fixes. Run the project's tests after each step. `undo` restores what the last run changed.
"""
_FAILED = 2


def run() -> None:
    """Serve until standard input ends."""
    try:
        from mcp.server import MCPServer
    except ImportError:
        needed = "install it with `pip install 'sentry-migrate[mcp]'`"
        raise click.ClickException(f"The package `mcp` is missing; {needed}.") from None
    server = MCPServer(
        "sentry-migrate", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING"
    )
    for tool in (status, check, plan, explain, fix, apply, undo):
        server.tool(structured_output=False)(tool)
    server.run("stdio")


async def status(paths: Sequence[str] = (".",)) -> str:
    """What is left to migrate, in the order in which it is best done, and what to do next."""
    return await _output("status", "--", *paths)


async def check(paths: Sequence[str] = (".",)) -> str:
    """The findings, as JSON: each with its ID, place, rule, fix, alternatives, and why a fix is not
    safe. Changes nothing."""
    return await _output("check", "--output-format", "json", "--", *paths)


async def plan(paths: Sequence[str] = (".",), unsafe: bool = False) -> str:
    """The patch that `fix` would make; with `unsafe`, also what is not proved. Changes nothing."""
    options = ("--unsafe-fixes",) if unsafe else ()
    return await _output("check", "--diff", *options, "--", *paths)


async def explain(name: str) -> str:
    """What a rule finds, why, and when its fix is safe; or what a doubt asks, how to find the
    answer, and what happens if it is wrong. `name` is the code or name of either."""
    return await _output("doubt" if name in DOUBTS else "rule", "--", name)


async def fix(paths: Sequence[str] = (".",)) -> str:
    """Make the safe fixes. The JSON has what was fixed (`fixed: true`) and what is left."""
    return await _output("check", "--fix", "--output-format", "json", "--", *paths)


async def apply(ids: Sequence[str], paths: Sequence[str] = (".",)) -> str:
    """Make single fixes, safe or not, by the IDs of `check`; `ID/2` is the second alternative."""
    places = [word for path in paths for word in ("--in", path)]
    return await _output("apply", *places, "--", *ids)


async def undo() -> str:
    """Restore the files that the last run of `fix` or `apply` changed."""
    return await _output("undo")


async def _output(*arguments: str) -> str:
    """What a run says. Raises ToolError if it could not do its work."""
    from mcp.server.mcpserver.exceptions import ToolError

    done = await _ran(*arguments)
    said = done.stdout + done.stderr
    if done.returncode >= _FAILED or done.returncode < 0:
        raise ToolError(said.strip() or f"exit code {done.returncode}")
    return said


async def _ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    process = await asyncio.create_subprocess_exec(
        *isolation.command(*arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        out, err = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        raise
    code = process.returncode or 0
    return subprocess.CompletedProcess(arguments, code, out.decode(), err.decode())
