"""Bytes to messages: what is a frame, and what is survived."""

from __future__ import annotations

import asyncio
import io
import threading
from typing import Any

import pytest
from pygls.io_ import run_async

from sentry_migrate.lsp.transport import QueueWriter, frames


def framed(body: bytes, header: bytes = b"Content-Length: %d\r\n\r\n") -> bytes:
    return header % len(body) + body


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"Content-Length: 5",
        b"Content-Length: 5\r\n\r\n{}",
        b"Content-Length: five\r\n\r\n{}",
        b"Content-Length: -5\r\n\r\n{}",
        b"\r\n\r\n\r\n",
        framed(b"{"),
        framed(b"\xff\xfe"),
    ],
)
def test_no_message(stream: bytes) -> None:
    assert list(frames(io.BytesIO(stream))) == []


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: %d\r\n\r\n",
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


def test_one_bad_message_does_not_end_the_stream() -> None:
    stream = framed(b"{") + framed(b'{"a":1}')
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
    writer = QueueWriter(sink)
    writer.write(b"x")
    writer.write(b"y")
    writer.close()
