"""The parent's end of a worker process.

Owns the child: starting it, one question at a time, a time budget for each, killing and starting
again with back-off. Refuses to know what is asked, or why.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Literal, cast

from sentry_migrate.worker import frames

logger = logging.getLogger(__name__)
logger.addHandler(logging.NullHandler())  # the server writes a log; a command says it in its way

_START_BUDGET = 60.0  # seconds until the first frame: a cold disk may be slow
_START_ATTEMPTS = 3
_LONGEST_WAIT = 1.0  # seconds; a start is tried only when somebody asks or a good worker died
_ABANDONED = 1.0  # seconds that a question nobody waits for may go on: about what a start takes
_PATIENCE, _SLACK = 10.0, 30.0
"""Times the budget, and seconds, until a child that neither answers nor ends is given up: a budget
is processor time, of which a busy machine gives little, and a child that waits takes none."""
_DECODE_IN_THREAD = 100_000  # bytes; below it decoding takes less than a thread costs


class LostError(Exception):
    """There is no answer: the worker died over the question, twice, or took too long."""

    def __init__(self, kind: Literal["crash", "timeout"], message: str) -> None:
        super().__init__(message)
        self.kind = kind


class NotStartedError(LostError):
    """There is no answer: no worker could be started, which has nothing to do with the question."""


class Lane:
    """One worker process at a time, and whoever waits for it."""

    def __init__(
        self,
        command: Sequence[str],
        greet: Callable[[frames.Hello], None] = lambda hello: None,
        idle: float | None = None,
    ) -> None:
        """`idle` is after how many seconds without a question the process ends, until the next
        one; then it also ends soon over a question that nobody waits for. None keeps it,
        and starts another when it dies."""
        self._command = tuple(command)
        self._idle = idle
        self._rest: asyncio.TimerHandle | None = None
        self.greet = greet
        """Is told what each process says of itself when it is ready."""
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
        """Start the process, if there is none, without waiting for it."""
        if self._closed or (self._starting is not None and not self._starting.done()):
            return
        if self._process is not None and self._process.returncode is None:
            return
        self._starting = asyncio.create_task(self._spawn())
        self._starting.add_done_callback(_retrieve)

    @property
    def pid(self) -> int | None:
        """The living process, for people."""
        return self._process.pid if self._process else None

    async def ask(self, question: frames.Question, budget: float) -> frames.Answer:
        """The worker's answer, for `budget` seconds of its processor time. Raises LostError.

        Cancelling gives up the place in the queue; a question already asked runs to its end, unless
        the lane has an `idle` and that takes longer than a new start.
        """
        async with self._lock:
            while self._exchange is not None and not self._exchange.done():
                await asyncio.wait({self._exchange})
            if self._rest is not None:
                self._rest.cancel()
            self._exchange = asyncio.create_task(self._ask(question, budget))
            self._exchange.add_done_callback(self._asked)
            try:
                return await asyncio.shield(self._exchange)
            except asyncio.CancelledError:
                if self._idle is not None:
                    loop = asyncio.get_running_loop()
                    loop.call_later(_ABANDONED, self._abandon, self._exchange)
                raise

    def _asked(self, exchange: asyncio.Task[frames.Answer]) -> None:
        _retrieve(exchange)
        if exchange is self._exchange:  # no later one has begun
            self._end_later()

    def _abandon(self, exchange: asyncio.Task[frames.Answer]) -> None:
        """End a question that nobody waits for, with the process that is at it."""
        if not exchange.done():
            exchange.cancel()
            self._end_idle()

    def _end_later(self) -> None:
        if self._rest is not None:
            self._rest.cancel()  # one that stayed would end the process over a later question
        if self._idle is not None and not self._closed:
            self._rest = asyncio.get_running_loop().call_later(self._idle, self._end_idle)

    def _end_idle(self) -> None:
        if self._starting is not None and not self._starting.done():
            self._end_later()  # there is nothing to end yet
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    async def _ask(self, question: frames.Question, budget: float) -> frames.Answer:
        try:
            data = await asyncio.to_thread(frames.pack, question, budget)
        except ValueError as error:
            raise LostError("crash", str(error)) from error
        for _ in range(2):  # a death may be somebody else's doing, a second one is this question's
            process = await self._running()
            try:
                patience = _PATIENCE * budget + _SLACK
                answer = await asyncio.wait_for(_round_trip(process, data), patience)
            except asyncio.TimeoutError:
                self._kill(process)
                raise LostError("timeout", f"no answer within {patience:.0f} s") from None
            except (OSError, EOFError, ValueError):
                code = await self._exit_code(process)
                if code in frames.OUT_OF_TIME:
                    took = f"took more than {budget:g} s of processor time"
                    raise LostError("timeout", took) from None
                continue
            self._failures = 0
            if isinstance(answer, frames.Failed):
                logger.error("%s", answer.trace)
                raise LostError("crash", answer.message)
            return answer
        raise LostError("crash", f"the analysis process {_last_words(code)}")

    async def _running(self) -> Process:
        reason = "; see the log"
        for _ in range(_START_ATTEMPTS):
            if self._process is not None and self._process.returncode is None:
                return self._process
            self.start()
            if self._starting is None:
                break
            try:
                return await asyncio.shield(self._starting)
            except (OSError, EOFError, ValueError, asyncio.TimeoutError) as error:
                logger.error("cannot start the analysis process: %s", error or type(error))
                if isinstance(error, OSError) and error.strerror:
                    reason = f": {error.strerror}"
        raise NotStartedError("crash", f"cannot start the analysis process{reason}")

    async def _spawn(self) -> Process:
        if self._failures:
            await asyncio.sleep(min(0.05 * 2 ** min(self._failures, 10), _LONGEST_WAIT))
        self._failures += 1
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=PIPE,
            stdout=PIPE,
            limit=1 << 20,
            start_new_session=True,  # a terminal's Ctrl-C does not reach it, not even at its start
        )
        self.starts += 1
        try:
            if self._closed:
                raise EOFError("the lane is closed")
            hello = await asyncio.wait_for(_read(process), _START_BUDGET)
            if not isinstance(hello, frames.Hello):
                raise ValueError("the analysis process did not report that it is ready")
        except EOFError:
            if await self._exit_code(process) == frames.NO_THREAD:
                raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from None
            raise
        except BaseException:
            _end(process)
            await _gone(process)
            raise
        self._process = process
        self._failures -= 1
        watcher = asyncio.create_task(self._watch(process))
        self._watchers.add(watcher)
        watcher.add_done_callback(self._watchers.discard)
        self.greet(hello)
        return process

    async def _watch(self, process: Process) -> None:
        code = await process.wait()
        if self._process is process:
            self._process = None
            self._failures += 1
            if not self._closed and self._idle is None:
                logger.warning("the analysis process exited with %s; starting a new one", code)
                self.start()

    async def _exit_code(self, process: Process) -> int:
        """How a process ended that closed its output. Not killed at once: asking one that has just
        died to die takes its exit code away from whoever waits for that."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(process.wait(), 1)
        self._kill(process)
        return await process.wait()

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
        """End the process for good. Nobody is left waiting for an answer."""
        self._closed = True
        if self._rest is not None:
            self._rest.cancel()
        if self._starting is not None:
            self._starting.cancel()
        if self._process is not None:
            _end(self._process)

    async def ended(self) -> None:
        """End the process for good, and wait until nothing of it is left in the event loop."""
        process = self._process
        self.close()
        if self._starting is not None:
            await asyncio.wait({self._starting})
        if process is not None:
            await _gone(process)

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
    answer, _ = frames.unpack(body) if small else await asyncio.to_thread(frames.unpack, body)
    return cast("frames.Answer", answer)


def _last_words(code: int) -> str:
    if code < 0:
        with suppress(ValueError):
            return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()


async def _gone(process: Process) -> None:
    """Wait until nothing of a process that was ended is left in the event loop."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    with suppress(OSError):
        await process.stdin.wait_closed()
    with suppress(OSError, RuntimeError):  # somebody still reads, and sees the end
        await process.stdout.read()
    await process.wait()


def _retrieve(task: asyncio.Task[Any]) -> None:
    """Take the exception, so that asyncio does not complain when nobody waits."""
    if not task.cancelled():
        task.exception()
