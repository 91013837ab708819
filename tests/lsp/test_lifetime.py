"""No process outlives its reason, whatever dies first."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lsp.capabilities import PUSHED
from lsp.conftest import Start
from lsp.processes import alive, children, gone
from lsp.wire import COMMANDS, ROOT, Client

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

URI = "file:///w/a.py"
USE = "import sentry_sdk\nsentry_sdk.old_name()\n"


async def running(start: Start, text: str = USE, **params: Any) -> tuple[Client, int, list[int]]:
    """A client, its server's process and the workers', busy if the text makes them."""
    client = await start(PUSHED, command=COMMANDS["fake"], **params)
    client.orderly = False
    client.open("file:///w/first.py", USE)
    await client.diagnostics("file:///w/first.py")
    client.open(URI, text)
    if "HANG" not in text:
        await client.diagnostics(URI)
    assert client.process
    pid = client.process.pid
    workers = children(pid)
    assert workers
    return client, pid, workers


@pytest.mark.parametrize("text", [USE, USE + "HANG"], ids=["idle", "busy"])
class TestNothingIsLeft:
    async def test_after_shutdown_and_exit(self, start: Start, text: str) -> None:
        client, pid, workers = await running(start, text)
        await client.request("shutdown")
        client.notify("exit")
        assert await gone([pid, *workers], 2) == []
        assert await client.process.wait() == 0  # type: ignore[union-attr]

    async def test_after_exit_alone(self, start: Start, text: str) -> None:
        client, pid, workers = await running(start, text)
        client.notify("exit")
        assert await gone([pid, *workers], 2) == []
        assert await client.process.wait() == 1  # type: ignore[union-attr]

    async def test_after_the_end_of_input(self, start: Start, text: str) -> None:
        client, pid, workers = await running(start, text)
        client._writer.close()
        assert await gone([pid, *workers], 2) == []

    async def test_after_the_server_is_killed(self, start: Start, text: str) -> None:
        client, pid, workers = await running(start, text)
        client.kill()
        assert await gone([pid, *workers], 2) == []

    async def test_after_the_server_is_terminated(self, start: Start, text: str) -> None:
        _, pid, workers = await running(start, text)
        os.kill(pid, signal.SIGTERM)
        assert await gone([pid, *workers], 2) == []

    async def test_after_the_process_of_the_client_is_killed(self, start: Start, text: str) -> None:
        options = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        try:
            # Its pipe stays open: another process, this one, holds the other end.
            _, pid, workers = await running(start, text, processId=options.pid)
        finally:
            options.kill()
            options.wait()
        assert await gone([pid, *workers], 2.5) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell")
async def test_after_nobody_reads_any_more(start: Start) -> None:
    """Nothing is written that would fail, and the other pipe stays open."""
    client, pid, workers = await running(start, "")
    transport = client.process._transport.get_pipe_transport(1)  # type: ignore[attr-defined]
    transport.close()
    assert await gone([pid, *workers], 5) == []


async def test_after_the_whole_client_is_killed(tmp_path: Path) -> None:
    """An editor that holds the pipes itself, killed without a word."""
    program = f"""
import asyncio, sys
sys.path[:0] = [{str(ROOT / "tests")!r}]
from lsp.wire import COMMANDS, Client
from lsp.processes import children
async def main():
    client = Client()
    await client.start(COMMANDS["fake"])
    await client.initialize()
    client.open({URI!r}, {USE!r})
    await client.diagnostics({URI!r})
    print(client.process.pid, *children(client.process.pid), flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "server")}
    options = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env=env, cwd=tmp_path
    )
    assert options.stdout
    pids = [int(word) for word in options.stdout.readline().split()]
    assert len(pids) >= 2
    options.kill()
    options.wait()
    assert await gone(pids, 2) == []


@pytest.mark.parametrize(
    "process",
    [
        pytest.param(None, id="none"),
        pytest.param(2**22 + 1, id="in another namespace"),
        *(pytest.param(number, id=f"no process: {number}") for number in (0, -1, 2**31, 2**40)),
    ],
)
async def test_a_client_whose_process_is_not_seen_is_served(start: Start, process: Any) -> None:
    client = await start(PUSHED, processId=process)
    client.open(URI, USE)
    assert await client.diagnostics(URI)


class TestTcp:
    async def connected(self) -> tuple[subprocess.Popen[bytes], Client]:
        env = {**os.environ, "PYTHONPATH": str(ROOT / "server")}
        server = subprocess.Popen([*COMMANDS["fake"], "--tcp"], stderr=subprocess.PIPE, env=env)
        assert server.stderr
        line = await asyncio.to_thread(server.stderr.readline)
        port = int(line.rpartition(b":")[2])
        client = Client()
        client.attach(*await asyncio.open_connection("127.0.0.1", port))
        await client.initialize(PUSHED)
        client.open(URI, USE)
        assert len(await client.diagnostics(URI)) == 1
        return server, client

    async def test_shutdown_and_exit(self) -> None:
        server, client = await self.connected()
        workers = children(server.pid)
        await client.request("shutdown")
        client.notify("exit")
        assert await asyncio.to_thread(server.wait, 5) == 0
        assert await gone(workers, 2) == []

    async def test_disconnecting_ends_it(self) -> None:
        server, client = await self.connected()
        workers = children(server.pid)
        client._writer.close()
        assert await asyncio.to_thread(server.wait, 5) == 1
        assert await gone(workers, 2) == []

    async def test_so_does_resetting_the_connection(self) -> None:
        """As the system does for a client that dies with something unread."""
        server, client = await self.connected()
        workers = children(server.pid)
        connection = client._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client._writer.transport.abort()
        assert await asyncio.to_thread(server.wait, 5) == 1
        assert await gone(workers, 2) == []
        assert server.stderr
        assert b"Traceback" not in server.stderr.read()


async def test_a_print_does_not_break_the_protocol(start: Start, tmp_path: Path) -> None:
    program = tmp_path / "noisy.py"
    program.write_text(
        "from lsp.fake_server import build, run, FAKE_WORKER\n"
        "from sentry_migrate.lsp.features import hover\n"
        "session = build(FAKE_WORKER)\n"
        "print('noise')\n"
        "@session.server.command('noise')\n"
        "async def noise(*a):\n"
        "    print('more noise', flush=True)\n"
        "    import os; os.write(1, b'raw noise')\n"
        "import sys; sys.stdout.flush = lambda: None\n"
        "run(session, None, 'info')\n"
    )
    client = Client()
    env_command = ("env", f"PYTHONPATH={ROOT / 'server'}:{ROOT / 'tests'}", sys.executable)
    await client.start((*env_command, str(program)))
    try:
        await client.initialize(PUSHED)
        await client.request("workspace/executeCommand", {"command": "noise"})
        assert await client.stop() == 0
    finally:
        client.kill()


def test_alive_sees_zombies_as_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not alive(child.pid)
    child.wait()
