"""Child processes that answer one question at a time and may die doing so.

Owns starting, feeding, timing out and replacing children. Refuses to know what they do. The pools
of the standard library are of no use here: one death fails every job, and children survive a
parent that was killed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Death:
    """Why there is no answer."""

    reason: str
    timeout: bool = False


@dataclass(slots=True, eq=False)
class _Child(Generic[_Item, _Answer]):
    """A process, our end of the line to it, and what it is doing."""

    process: BaseProcess
    line: Connection
    job: int | None = None
    deadline: float = 0.0

    @classmethod
    def start(cls, function: Callable[[_Item], _Answer]) -> _Child[_Item, _Answer]:
        # Fresh interpreters: a forked one would keep its siblings' lines open, and its parent's
        # streams.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, function), daemon=True)
        process.start()
        theirs.close()  # or the end of the child would not be the end of the line
        return cls(process, ours)

    def ask(self, job: int, item: _Item, seconds: float) -> None:
        """Give the child something to do. If it is dead, `answer` will tell."""
        self.job, self.deadline = job, time.monotonic() + seconds
        with suppress(OSError):
            self.line.send(item)

    def answer(self) -> _Answer | Death:
        """What the child says, or that it died. Blocks until then."""
        self.job = None
        try:
            said: _Answer | Death = self.line.recv()
            return said
        except (EOFError, OSError):
            self.process.join()
            return Death(_last_words(self.process.exitcode or 0))

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.line.close()


def answers(
    function: Callable[[_Item], _Answer], items: Sequence[_Item], processes: int, seconds: float
) -> Iterator[_Answer | Death]:
    """`function` of every item, in order, computed in at most `processes` children.

    A child that dies, fails or takes longer than `seconds` costs its item only. `function` must
    be importable by name, items and answers picklable.
    """
    known: dict[int, _Answer | Death] = {}
    waiting = iter(range(len(items)))
    children: list[_Child[_Item, _Answer]] = []
    try:
        children += [_Child.start(function) for _ in range(min(processes, len(items)))]
        for child in children:
            job = next(waiting)
            child.ask(job, items[job], seconds)
        for number in range(len(items)):
            while number not in known:
                for index, done, answer in _next_answers(children):
                    known[done] = answer
                    following = next(waiting, None)
                    if following is None:
                        continue
                    if not children[index].process.is_alive():
                        children[index].end()
                        children[index] = _Child.start(function)
                    children[index].ask(following, items[following], seconds)
            yield known.pop(number)
    finally:
        for child in children:
            child.end()


def _next_answers(
    children: Sequence[_Child[_Item, _Answer]],
) -> Iterator[tuple[int, int, _Answer | Death]]:
    """(which child, job, answer) of the busy children that answered, died or ran out of time."""
    busy = {
        child.line: (index, child) for index, child in enumerate(children) if child.job is not None
    }
    patience = min(child.deadline for _, child in busy.values()) - time.monotonic()
    ready = wait(list(busy), max(0.0, patience))
    for line, (index, child) in busy.items():
        job = child.job
        assert job is not None
        if line in ready:
            yield index, job, child.answer()
        elif time.monotonic() >= child.deadline:
            child.process.kill()
            child.process.join()
            child.job = None
            yield index, job, Death("took too long", timeout=True)


def _last_words(code: int) -> str:
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def _serve(line: Connection, function: Callable[[Any], Any]) -> None:
    """The life of a child: answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_die_with, args=(parent.sentinel,), daemon=True).start()
    while True:
        try:
            item = line.recv()
        except EOFError:
            return
        try:
            line.send(function(item))
        except Exception as error:
            line.send(Death(f"failed: {type(error).__name__}: {error}"))


def _die_with(sentinel: int) -> None:
    """The end of the line tells only a child that listens; this one may be busy for long."""
    wait([sentinel])
    os._exit(1)
