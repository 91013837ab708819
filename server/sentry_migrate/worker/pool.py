"""Analysing many files in child processes, for a caller that waits.

libcst can end its process with a segmentation fault, so nothing is parsed in the process that
holds the results: a death costs one file. Owns how many children there are and the order of
results. Refuses to know where files come from and how results are shown.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from sentry_migrate import isolation
from sentry_migrate.model import CheckResult, Failure, Finding
from sentry_migrate.project.defined_code import Looked
from sentry_migrate.project.plan_words import spelled
from sentry_migrate.text.notebook import source_of
from sentry_migrate.text.source import DecodeError, Source
from sentry_migrate.worker import interruptions
from sentry_migrate.worker.frames import Answer, Check, Checked, Look, Question, Seen
from sentry_migrate.worker.lane import Lane, LostError, NotStartedError

SECONDS = 120.0
"""Processor time that the analysis of one file may take, unless told otherwise."""

_WORTHWHILE = 4  # files that take as long as starting one more process


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What came of one file."""

    path: str
    result: CheckResult
    """Of the fixed text, if it was to be fixed."""
    source: Source = Source("")  # noqa: RUF009
    """What `result` speaks of; empty where nothing in it has a place."""
    applied: tuple[Finding, ...] = ()
    """What was fixed; places count in the text before."""
    fixed: bytes | None = None
    """The bytes to write; None where nothing changes."""
    looked: tuple[Looked, ...] = ()
    """What it rests on in other files, beside what the question said."""

    @property
    def answer(self) -> Checked:
        """The answer that this was made of."""
        return Checked(self.result, self.applied, self.fixed, self.looked)

    @property
    def assumes(self) -> tuple[str, ...]:
        """The codes of the doubts that the fixes rest on."""
        fixes = (finding.fix for finding in self.applied if finding.fix is not None)
        return tuple(dict.fromkeys(one.code for fix in fixes for one in fix.assumes))


class Pool:
    """Children that analyse files for as long as this is entered; none where there is nothing to
    analyse."""

    def __init__(self, processes: int, seconds: float = SECONDS) -> None:
        """`processes` is how many children run at most, `seconds` how long one file may take."""
        self._processes = processes
        self._seconds = seconds
        self._loop = asyncio.new_event_loop()
        self._lanes: list[Lane] = []
        self._tasks: list[_Task] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        with interruptions.noted(lambda: None):
            if self._lanes:
                self._loop.run_until_complete(_end(self._lanes, self._tasks))
            self._loop.close()

    def run(self, jobs: Sequence[Check]) -> Iterator[FileCheck]:
        """The result of every job, in order."""
        useful = max(1, min(self._processes, len(jobs) // _WORTHWHILE)) if jobs else 0
        for job, answer in zip(jobs, self._answers(jobs, useful), strict=True):
            if isinstance(answer, LostError):
                failure = Failure(answer.kind, str(answer))
                answer = Checked(CheckResult(failure=failure, plan=spelled(job.data)))
            assert isinstance(answer, Checked)
            yield made(job, answer)

    def look(self, asked: Sequence[Look]) -> Iterator[Seen | None]:
        """The answer to every question, in order; None where there is none."""
        for answer in self._answers(asked, min(self._processes, len(asked))):
            yield answer if isinstance(answer, Seen) else None

    def _answers(self, asked: Sequence[Question], useful: int) -> Iterator[Answer | LostError]:
        """The answer to every question, in order, by as many children as are `useful`."""
        loop = self._loop
        self._lanes += (Lane(isolation.worker()) for _ in range(useful - len(self._lanes)))
        results = [loop.create_future() for _ in asked]
        waiting = deque(zip(asked, results, strict=True))
        lanes = self._lanes[:useful]
        self._tasks = [loop.create_task(_work(lane, waiting, self._seconds)) for lane in lanes]
        for result in results:
            while not result.done():
                for task in self._tasks:
                    if task.done():
                        task.result()  # raises what went wrong
                if all(task.done() for task in self._tasks):
                    lanes = _left(lanes, self._tasks, waiting)
                    work = (_work(lane, waiting, self._seconds) for lane in lanes)
                    self._tasks = [loop.create_task(one) for one in work]
                _wait(loop, {result, *(task for task in self._tasks if not task.done())})
            yield result.result()


def _wait(loop: asyncio.AbstractEventLoop, futures: set[asyncio.Future[Any]]) -> None:
    """Run the loop until the first of `futures` is done. Raises KeyboardInterrupt."""
    waiting = loop.create_task(asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED))
    with interruptions.noted(lambda: loop.call_soon_threadsafe(waiting.cancel)) as noted:
        try:
            loop.run_until_complete(waiting)
        except asyncio.CancelledError:
            if not noted:
                raise
    interruptions.go_on(noted)


_Task: TypeAlias = asyncio.Task[NotStartedError | None]
_Waiting: TypeAlias = deque[tuple[Question, asyncio.Future[Answer | LostError]]]


def _left(lanes: Sequence[Lane], tasks: Sequence[_Task], waiting: _Waiting) -> list[Lane]:
    """The lanes that can go on with what a lane that could not gave back. Where none can, that has
    failed: each file would try for as long as the first did."""
    errors = [task.result() for task in tasks]
    left = [lane for lane, error in zip(lanes, errors, strict=True) if error is None]
    error = next(filter(None, errors))
    while waiting and not left:
        waiting.popleft()[1].set_result(error)
    return left


async def _work(lane: Lane, waiting: _Waiting, seconds: float) -> NotStartedError | None:
    """Work through what waits; the error where the lane cannot go on, and others may."""
    while waiting:
        question, result = waiting.popleft()
        try:
            result.set_result(await lane.ask(question, seconds))
        except NotStartedError as error:
            waiting.appendleft((question, result))
            return error
        except LostError as error:
            result.set_result(error)
    return None


async def _end(lanes: Sequence[Lane], tasks: Sequence[_Task]) -> None:
    """End the children and all that waits for them."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*(lane.ended() for lane in lanes), return_exceptions=True)
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.wait(rest, timeout=5) if rest else None


def made(job: Check, answer: Checked) -> FileCheck:
    """The answer with the text that its offsets count in."""
    source = Source("")
    result, failure = answer.result, answer.result.failure
    if result.findings or (failure is not None and failure.offset is not None):
        data = job.data if answer.fixed is None else answer.fixed
        with suppress(DecodeError):  # which the answer says
            source = source_of(job.path, data)
    return FileCheck(job.path, result, source, answer.applied, answer.fixed, answer.looked)
