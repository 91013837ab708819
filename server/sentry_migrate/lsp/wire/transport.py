"""Bytes to messages and back, in threads of their own.

Owns the two streams: a slow or silent client can stop neither the event loop nor the other
direction, and headers are read as HTTP has them (LSP 3.17 "Header Part"; pygls demands its own
spelling). Refuses to know what a message means.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import select
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sentry_migrate.lsp.wire.decoding import from_json, is_id, is_message
from sentry_migrate.lsp.wire.protocol import Protocol

logger = logging.getLogger(__name__)

_FAREWELL = 1.0
"""Seconds for the answers to requests that were under way when the client shut us down."""
_LOOK = 1.0
"""Seconds without a message after which to see whether anybody still reads."""
_LONGEST = 1 << 30
"""Bytes of a message. Who announces more is out of step, and where the next one begins is lost."""


class QueueWriter:
    """What pygls writes to. Returns at once; a thread does the waiting and the spelling out."""

    def __init__(self, stream: BinaryIO, lost: Callable[[], None] = lambda: None) -> None:
        """`lost` is called, in the thread, once nobody reads."""
        self._stream = stream
        self._lost = lost
        self._queue: queue.SimpleQueue[bytes | Callable[[], bytes] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="lsp-writer", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Put one message in the queue."""
        self._queue.put(data)

    def later(self, make: Callable[[], bytes]) -> None:
        """Put one message in the queue that is made when its turn has come."""
        self._queue.put(make)

    def close(self, timeout: float = 1.0) -> None:
        """Wait until everything is written, `timeout` seconds at most."""
        self._queue.put(None)
        self._thread.join(timeout)

    def _next(self) -> bytes | Callable[[], bytes] | None:
        while True:
            try:
                return self._queue.get(timeout=_LOOK)
            except queue.Empty:
                if _has_no_reader(self._stream):
                    raise BrokenPipeError from None

    def _run(self) -> None:
        try:
            while (data := self._next()) is not None:
                self._stream.write(data if isinstance(data, bytes) else data())
                self._stream.flush()
        except (OSError, ValueError):
            logger.info("the client closed the connection")
            self._lost()


def _has_no_reader(stream: BinaryIO) -> bool:
    """Whether nobody can ever read what is written; False where the system does not tell."""
    if sys.platform == "win32":
        return False
    poll = select.poll()
    try:
        poll.register(stream.fileno(), 0)  # errors are always told
        return any(events & (select.POLLERR | select.POLLNVAL) for _, events in poll.poll(0))
    except (OSError, ValueError):  # no file of the system
        return False


async def serve(protocol: Protocol, source: BinaryIO, sink: BinaryIO) -> int:
    """Handle messages until `exit` or the end of input. Returns the process's exit code.

    LSP 3.17 "Exit Notification": 0 after a shutdown request, otherwise 1.
    """
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    protocol.on_exit = ended.set

    def leave() -> None:
        with suppress(RuntimeError):  # the loop is closed: we are leaving
            loop.call_soon_threadsafe(ended.set)

    writer = QueueWriter(sink, leave)
    protocol.set_writer(writer)

    def read() -> None:
        try:
            for message in frames(source):
                loop.call_soon_threadsafe(receive, protocol, message)
        except OSError:
            logger.info("the client closed the connection")
        except Exception:
            if not loop.is_closed():
                logger.exception("cannot read from the client")
        leave()

    threading.Thread(target=read, name="lsp-reader", daemon=True).start()
    await ended.wait()
    await protocol.answer_pending(_FAREWELL)
    writer.close()
    if protocol.exit_code is not None:
        return protocol.exit_code
    return 0 if protocol._shutdown else 1


def receive(protocol: Protocol, data: Any) -> None:
    """Handle one message of the client. Never raises: one bad message must not end the session."""
    if protocol.exit_code is not None:
        return
    try:
        if is_message(data):
            protocol.handle_message(protocol.structure_message(data))
        else:
            _refuse(protocol, data)
    except Exception:
        logger.exception("cannot handle a message")


def _refuse(protocol: Protocol, data: Any) -> None:
    """Answer what is not JSON-RPC, if it looks like a request; it may hold source text."""
    logger.error("not a JSON-RPC message")
    if isinstance(data, dict) and "method" in data and is_id(data.get("id")):
        error = JsonRpcException("not a JSON-RPC message", types.ErrorCodes.InvalidRequest)
        protocol._send_response(data["id"], error=error.to_response_error())


def frames(stream: BinaryIO) -> Iterator[Any]:
    """The JSON values of a stream of framed messages, until it ends."""
    while True:
        length = _content_length(stream)
        if length is None:
            return
        body = stream.read(length)
        if len(body) < length:
            return
        try:
            message = from_json(body)
        except ValueError as error:
            logger.error("a message is not JSON: %s", error)
        except RecursionError:
            logger.error("a message is nested too deeply")
        else:
            yield message


def _content_length(stream: BinaryIO) -> int | None:
    """Read one header part. None at the end of the stream, or if it cannot be understood."""
    length: int | None = None
    empty = True
    while line := stream.readline(4096):
        if not line.strip():
            if length is None and not empty:
                logger.error("a message has no length; exiting")
                return None
            if length is not None:
                return length
            continue
        empty = False
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            digits = value.strip()
            if not digits.isdigit():
                logger.error("the length of a message is not a number; exiting")
                return None
            digits = digits.lstrip(b"0") or b"0"
            if len(digits) > len(str(_LONGEST)) or int(digits) > _LONGEST:
                logger.error("a message is longer than %d bytes; exiting", _LONGEST)
                return None
            length = int(digits)
    return None
