"""The server's end of a worker process.

Owns the child: starting it, one question at a time, a time budget for each, killing and starting
again with back-off. Refuses to know what is asked, or why.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Literal, cast

from sentry_migrate import frames

logger = logging.getLogger(__name__)

_START_BUDGET = 60.0  # seconds until the first frame: a cold disk may be slow
_START_ATTEMPTS = 3
_LONGEST_WAIT = 1.0  # seconds; a start is tried only when somebody asks or a good worker died
_DECODE_IN_THREAD = 100_000  # bytes; below it decoding takes less than a thread costs


class LostError(Exception):
    """There is no answer: the worker died over the question, twice, or took too long."""

    def __init__(self, kind: Literal["crash", "timeout"], message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Lane:
    """One worker process at a time, and whoever waits for it."""

    def __init__(self, command: Sequence[str], greet: Callable[[frames.Hello], None]) -> None:
        self._command = tuple(command)
        self._greet = greet
        self._lock = asyncio.Lock()
        self._process: Process | None = None
        self._starting: asyncio.Task[Process] | None = None
        self._exchange: asyncio.Task[frames.Answer] | None = None
        self._watchers: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._closed = False
        self.starts = 0
        """How many processes were started."""

    def start(self) -> None:
        """Start the process without waiting for it."""
        if self._closed or (self._starting is not None and not self._starting.done()):
            return
        self._starting = asyncio.create_task(self._spawn())
        self._starting.add_done_callback(_retrieve)

    @property
    def pid(self) -> int | None:
        """The living process, for people."""
        return self._process.pid if self._process else None

    async def ask(self, question: frames.Question, budget: float) -> frames.Answer:
        """The worker's answer within `budget` seconds. Raises LostError.

        Cancelling gives up the place in the queue; a question already asked runs to its end.
        """
        async with self._lock:
            while self._exchange is not None and not self._exchange.done():
                await asyncio.wait({self._exchange})
            self._exchange = asyncio.create_task(self._ask(question, budget))
            self._exchange.add_done_callback(_retrieve)
            return await asyncio.shield(self._exchange)

    async def _ask(self, question: frames.Question, budget: float) -> frames.Answer:
        data = await asyncio.to_thread(frames.pack, question)
        for _ in range(2):  # a death may be somebody else's doing, a second one is this question's
            process = await self._running()
            try:
                answer = await asyncio.wait_for(_round_trip(process, data), budget)
            except asyncio.TimeoutError:
                self._kill(process)
                raise LostError("timeout", f"no answer within {budget:.0f} s") from None
            except (OSError, EOFError, ValueError):
                self._kill(process)
                continue
            self._failures = 0
            if isinstance(answer, frames.Failed):
                raise LostError("crash", answer.message)
            return answer
        raise LostError("crash", "the analysis process died")

    async def _running(self) -> Process:
        for _ in range(_START_ATTEMPTS):
            if self._process is not None and self._process.returncode is None:
                return self._process
            self.start()
            if self._starting is None:
                break
            try:
                return await asyncio.shield(self._starting)
            except (OSError, EOFError, ValueError, asyncio.TimeoutError) as error:
                logger.error("the analysis process does not start: %s", error or type(error))
        raise LostError("crash", "the analysis process does not start; the log says why")

    async def _spawn(self) -> Process:
        if self._failures:
            await asyncio.sleep(min(0.05 * 2 ** min(self._failures, 10), _LONGEST_WAIT))
        self._failures += 1
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, limit=1 << 20
        )
        self.starts += 1
        try:
            if self._closed:
                raise EOFError("the server is leaving")
            hello = await asyncio.wait_for(_read(process), _START_BUDGET)
        except BaseException:
            _end(process)
            raise
        if not isinstance(hello, frames.Hello):
            _end(process)
            raise ValueError("the analysis process did not say hello")
        self._process = process
        self._failures -= 1
        watcher = asyncio.create_task(self._watch(process))
        self._watchers.add(watcher)
        watcher.add_done_callback(self._watchers.discard)
        self._greet(hello)
        return process

    async def _watch(self, process: Process) -> None:
        code = await process.wait()
        if self._process is process:
            self._process = None
            self._failures += 1
            if not self._closed:
                logger.warning("the analysis process ended with %s; starting another", code)
                self.start()

    def _kill(self, process: Process) -> None:
        if self._process is process:
            self._process = None
            self._failures += 1
        _end(process)

    def restart(self) -> None:
        """End the process, whatever it does, and start another at once."""
        process, self._process = self._process, None
        self._failures = 0
        if process is not None:
            _end(process)
        self.start()

    def close(self) -> None:
        """End the process for good."""
        self._closed = True
        if self._starting is not None:
            self._starting.cancel()
        if self._process is not None:
            _end(self._process)

    def kill(self) -> None:
        """End the process from any thread, with no event loop to help."""
        self._closed = True
        process = self._process
        if process is not None and process.returncode is None:
            with suppress(OSError):
                os.kill(process.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)


async def _round_trip(process: Process, data: bytes) -> frames.Answer:
    assert process.stdin is not None
    process.stdin.write(data)
    await process.stdin.drain()
    return await _read(process)


async def _read(process: Process) -> frames.Answer:
    assert process.stdout is not None
    header = await process.stdout.readexactly(frames.HEADER.size)
    body = await process.stdout.readexactly(frames.HEADER.unpack(header)[0])
    small = len(body) < _DECODE_IN_THREAD
    answer = frames.unpack(body) if small else await asyncio.to_thread(frames.unpack, body)
    return cast("frames.Answer", answer)


def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()


def _retrieve(task: asyncio.Task[object]) -> None:
    """Take the exception, so that asyncio does not complain when nobody waits any more."""
    if not task.cancelled():
        task.exception()
