"""Servers, and their workers, forked from a process that has imported everything.

Importing takes most of a second for each of the two, which hundreds of tests would pay one after
the other. A fork is a process like any other, with pipes, memory and an end of its own. Tests of
how the command starts and ends run the command.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from asyncio.streams import FlowControlMixin
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Literal, NoReturn

from lsp import fake_server, fake_worker
from lsp.capabilities import VSCODE
from sentry_migrate.lsp.server import build, run
from sentry_migrate.lsp.session.session import Session
from sentry_migrate.worker import answers, process

TESTS = Path(__file__).parents[1]
SERVER = TESTS.parent / "server"
Kind = Literal["fake", "real"]
"""Which worker the server has: the one of `fake_worker.py`, or its own."""
LEVELS = {"fake": "debug", "real": "info"}
LIMIT = 1 << 26
"""Bytes of a line that a reader takes."""


class Forked:
    """A forked server, with the attributes of `asyncio.subprocess.Process` that are used here."""

    pid: int
    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader
    returncode: int | None = None

    def kill(self) -> None:
        with suppress(ProcessLookupError):  # it ended, and nobody has said so yet
            os.kill(self.pid, signal.SIGKILL)

    async def wait(self) -> int:
        """The exit code, once there is one; the negative number of a signal."""
        return await asyncio.shield(self._end)

    async def _ended(self, status: asyncio.StreamReader) -> int:
        self.returncode = int(await status.readline())
        self.stdin.close()
        return self.returncode


async def fork(kind: Kind) -> Forked:
    """A new server, in this directory and with this process's environment."""
    return await _forked(_template(os.getpid()), kind)


async def _forked(template: socket.socket, kind: Kind) -> Forked:
    (stdin, to), (found, stdout), (news, status) = os.pipe(), os.pipe(), os.pipe()
    told = {"kind": kind, "environment": dict(os.environ), "directory": os.getcwd()}
    socket.send_fds(template, [json.dumps(told).encode()], [stdin, stdout, 2, status])
    for end in (stdin, stdout, status):
        os.close(end)
    forked = Forked()
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(FlowControlMixin, os.fdopen(to, "wb"))
    forked.stdin = asyncio.StreamWriter(transport, protocol, None, loop)
    forked.stdout = await _reader(found)
    state = await _reader(news)
    forked.pid = int(await state.readline())
    forked._end = loop.create_task(forked._ended(state))
    return forked


async def _reader(end: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=LIMIT)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(end, "rb")
    )
    return reader


@functools.cache
def _template(_parent: int) -> socket.socket:
    """The connection to the process that forks, one for each process of the tests."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    path = os.pathsep.join((str(SERVER), str(TESTS)))
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, __file__, str(theirs.fileno())]
    subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()
    return ours


def main(servers: socket.socket) -> None:
    """Fork for every request until there is nobody left to ask."""
    sessions = {"fake": build(fake_server.FAKE_WORKER), "real": build()}
    # What decodes a client's first message is made when it comes, which takes as long as all else.
    hello = {"processId": None, "rootUri": None, "capabilities": VSCODE}
    message = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello}
    for session in sessions.values():
        session.server.protocol.structure_message(message)
    loaded = {"fake": fake_worker.load(), "real": answers.load()}
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a keeper
    template, workers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    while True:
        for ready in select.select([servers, workers], [], [])[0]:
            request, fds, _, _ = socket.recv_fds(ready, 1 << 20, 4)
            if not request:
                return
            if os.fork() == 0:
                servers.close()
                workers.close()
                told = json.loads(request)
                kind = told["kind"]
                if ready is servers:
                    _keep(told, fds, partial(_serve, sessions[kind], kind, template))
                _keep(told, fds, partial(process.run, partial(loaded.get, kind)))
            for fd in fds:
                os.close(fd)


def _keep(request: dict[str, Any], fds: list[int], run_it: Callable[[], None]) -> NoReturn:
    """Fork once more, so that somebody waits for the process and can say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, status = fds
    pid = os.fork()
    if pid == 0:
        os.close(status)
        _become(request, streams, run_it)
    for fd in streams:
        os.close(fd)
    os.write(status, b"%d\n" % pid)
    _, ended = os.waitpid(pid, 0)
    with suppress(BrokenPipeError):  # who started it is gone
        os.write(status, b"%d\n" % os.waitstatus_to_exitcode(ended))
    os._exit(0)


def _become(request: dict[str, Any], streams: list[int], run_it: Callable[[], None]) -> NoReturn:
    try:
        for number, fd in enumerate(streams):
            os.dup2(fd, number)
            os.close(fd)
        os.environ.clear()
        os.environ.update(request["environment"], PYTHONPATH=str(SERVER))
        os.chdir(request["directory"])
        run_it()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(70)  # both end by themselves


def _serve(session: Session, kind: Kind, template: socket.socket) -> None:
    start = asyncio.create_subprocess_exec
    worker = {"fake": fake_worker.__name__.rpartition(".")[2], "real": answers.__name__}[kind]

    async def start_faster(*command: str, **more: Any) -> Any:
        own = worker in command[-1]
        return await (_forked(template, kind) if own else start(*command, **more))

    asyncio.create_subprocess_exec = start_faster  # type: ignore[assignment]
    run(session, None, LEVELS[kind])


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
