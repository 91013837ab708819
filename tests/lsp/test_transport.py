"""Bytes to messages: what is a frame, and what is survived."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from pygls.io_ import run_async

from lsp.conftest import Start
from lsp.wire import ROOT, Client
from sentry_migrate.lsp.wire.decoding import converter
from sentry_migrate.lsp.wire.protocol import Protocol, Server
from sentry_migrate.lsp.wire.transport import QueueWriter, frames, serve


def framed(body: bytes, header: bytes = b"Content-Length: %d\r\n\r\n") -> bytes:
    return header % len(body) + body


DEEP = b'{"jsonrpc":"2.0","method":"$/x","params":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"Content-Length: 5",
        b"Content-Length: 5\r\n\r\n{}",
        b"Content-Length: five\r\n\r\n{}",
        b"Content-Length: -5\r\n\r\n{}",
        b"Content-Length: 9999999999\r\n\r\n{}",
        b"Content-Length: 99999999999999999999999\r\n\r\n{}",
        b"Content-Length: " + b"9" * 4000 + b"\r\n\r\n{}",
        b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}",
        b"\r\n\r\n\r\n",
        b"Content-Length: +2\r\n\r\n{}",
        b"Content-Length: 2.0\r\n\r\n{}",
        b"Content-Length: 0x2\r\n\r\n{}",
        "Content-Length: \uff12\r\n\r\n{}".encode(),
        b"Content-Type: x\r\n\r\n{}" + framed(b"{}"),
        b"{}\r\n\r\n" + framed(b"{}"),
        framed(b"{"),
        framed(b'{"a": NaN}'),
        framed(b"-Infinity"),
        framed(b"\xff\xfe"),
        framed(DEEP),
    ],
)
def test_no_message(stream: bytes) -> None:
    assert list(frames(io.BytesIO(stream))) == []


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: %d\r\n\r\n",
        b"Content-Length: 00000000000000000000%d\r\n\r\n",
        b"content-length: %d\r\n\r\n",
        b"Content-Length:%d\r\n\r\n",
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %d\r\n\r\n",
        b"Content-Length: %d\r\nContent-Type: x\r\n\r\n",
    ],
)
def test_headers_are_as_http_has_them(header: bytes) -> None:
    stream = framed(b'{"a":1}', header) + framed('"é"'.encode(), header)
    assert list(frames(io.BytesIO(stream))) == [{"a": 1}, "é"]


def test_pygls_demands_its_own_spelling() -> None:
    class Reader:
        def __init__(self) -> None:
            self.stream = io.BytesIO(framed(b"{}", b"content-length: %d\r\n\r\n"))

        async def readline(self) -> bytes:
            return self.stream.readline()

        async def readexactly(self, n: int) -> bytes:
            return self.stream.read(n)

    class Seen:
        messages = 0

        def structure_message(self, data: Any) -> Any:
            return data

        def handle_message(self, data: Any) -> None:
            Seen.messages += 1

    asyncio.run(run_async(threading.Event(), Reader(), Seen()))  # type: ignore[arg-type]
    assert Seen.messages == 0


@pytest.mark.parametrize("bad", [b"{", DEEP], ids=["cut", "deep"])
def test_one_bad_message_does_not_end_the_stream(bad: bytes) -> None:
    stream = framed(bad) + framed(b'{"a":1}')
    assert list(frames(io.BytesIO(stream))) == [{"a": 1}]


class Slow(io.RawIOBase):
    """A client that reads nothing for a while."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.gate = threading.Event()

    def write(self, data: Any) -> int:
        self.gate.wait(10)
        self.written.append(bytes(data))
        return len(data)


def test_a_slow_reader_does_not_hold_up_the_server() -> None:
    sink = Slow()
    writer = QueueWriter(sink)  # type: ignore[arg-type]
    for number in range(1000):
        writer.write(b"%d" % number)
    assert sink.written == []
    sink.gate.set()
    writer.close()
    assert sink.written == [b"%d" % number for number in range(1000)]


def test_a_reader_that_left_is_no_error() -> None:
    sink = io.BytesIO()
    sink.close()
    told: list[bool] = []
    writer = QueueWriter(sink, lambda: told.append(True))
    writer.write(b"x")
    writer.write(b"y")
    writer.close()
    assert told == [True]


async def test_the_server_leaves_a_client_that_reads_no_more() -> None:
    """Its own end of the pipe may stay open: another process can have inherited it."""
    command = [sys.executable, "-m", "sentry_migrate.lsp"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "server")}
    with subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-3, env=env) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.close()
        message = {"jsonrpc": "2.0", "id": 1, "method": "shutdown"}
        process.stdin.write(framed(json.dumps(message).encode()))
        process.stdin.flush()
        try:
            assert await asyncio.to_thread(process.wait, 30) == 1
        finally:
            process.kill()


class Broken(io.RawIOBase):
    """A connection that is reset."""

    def readline(self, size: int | None = -1, /) -> bytes:
        raise ConnectionResetError


@pytest.mark.parametrize(
    ("source", "told"),
    [(io.BytesIO(b"Content-Length: " + b"9" * 5000), ["ERROR"]), (Broken(), [])],
    ids=["absurd", "reset"],
)
def test_what_cannot_be_followed_ends_the_session(
    source: Any, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """That a client is gone is not an error."""
    protocol = Server("t", "1", protocol_cls=Protocol, converter_factory=converter).protocol
    served = asyncio.wait_for(serve(protocol, source, io.BytesIO()), 10)
    assert asyncio.run(served) == 1
    assert [record.levelname for record in caplog.records] == told


class TestBesideTheProtocol:
    """Over the wire: what is no JSON-RPC, and what is said about it."""

    SECRET = "secret = 1"

    @staticmethod
    def log(client: Client) -> list[str]:
        return [
            m["params"]["message"]
            for _, m in client.trace
            if m.get("method") == "window/logMessage"
        ]

    async def test_its_text_is_not_logged(self, start: Start) -> None:
        client = await start()
        item = {"uri": "file:///a.py", "languageId": "python", "version": 1, "text": self.SECRET}
        message = {"method": "textDocument/didOpen", "params": {"textDocument": item}}
        client.raw(json.dumps(message).encode())
        client.raw(json.dumps([message]).encode())
        client.raw(json.dumps(self.SECRET).encode())
        client.raw(json.dumps({**message, "jsonrpc": "2.0", "id": [self.SECRET]}).encode())
        client.raw(json.dumps({**message, "jsonrpc": "2.0", "method": [self.SECRET]}).encode())
        await client.until(lambda: len([m for m in self.log(client) if "JSON-RPC" in m]) == 5)
        assert not any(self.SECRET in message for message in self.log(client))

    @pytest.mark.parametrize(
        "body",
        [
            b'{"id": 77, "method": "shutdown"}',
            b'{"jsonrpc": "1.0", "id": 77, "method": "shutdown"}',
            b'{"jsonrpc": 2.0, "id": 77, "method": "shutdown"}',
            b'{"jsonrpc": "2.0", "id": 77, "method": 5}',
            b'{"jsonrpc": "2.0", "id": 77, "method": null}',
            b'{"jsonrpc": "2.0", "id": 77, "method": ["shutdown"]}',
        ],
    )
    async def test_a_request_is_answered(self, start: Start, body: bytes) -> None:
        client = await start()
        client.raw(body)
        await client.until(
            lambda: [m for who, m in client.trace if who == "server" and m.get("id") == 77]
        )
        (answer,) = [m for who, m in client.trace if who == "server" and m.get("id") == 77]
        assert answer["error"]["code"] == -32600

    async def test_a_deep_message_does_no_harm(self, start: Start) -> None:
        client = await start()
        client.raw(DEEP)
        client.open("file:///a.py", "import sentry_sdk\nlost\n")
        assert len(await client.diagnostics("file:///a.py")) == 1

    async def test_an_absurd_length_ends_the_process(self, start: Start) -> None:
        client = await start()
        client.open("file:///a.py", "")
        await client.diagnostics("file:///a.py")
        client._writer.write(b"Content-Length: 99999999999999999999999\r\n\r\n" + b"x" * 99)
        await client.until(lambda: [m for m in self.log(client) if "is longer than" in m])
        assert client.process
        assert await asyncio.wait_for(client.process.wait(), 10) == 1
