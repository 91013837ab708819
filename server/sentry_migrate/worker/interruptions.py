"""Ctrl-C, or SIGTERM where that is ignored, where it must not cut something in two."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def noted(then: Callable[[], object]) -> Iterator[list[int]]:
    """Have an interruption call `then` and be noted in the list. An exception in the midst of the
    loop's own code would leave tasks and processes that nobody can end."""
    noted: list[int] = []
    interrupting = _interrupting()
    if interrupting is None or threading.current_thread() is not threading.main_thread():
        yield noted  # somebody else cares
        return

    def note(number: int, _: object) -> None:
        noted.append(number)
        then()

    before = signal.signal(interrupting, note)
    try:
        yield noted
    finally:
        signal.signal(interrupting, before)


def _interrupting() -> int | None:
    """The signal that interrupts a run; None where none does."""
    ctrl_c = signal.getsignal(signal.SIGINT)
    if ctrl_c is signal.default_int_handler:
        return signal.SIGINT
    ends = ctrl_c is signal.SIG_IGN and callable(signal.getsignal(signal.SIGTERM))
    return signal.SIGTERM if ends else None


def go_on(noted: Sequence[int]) -> None:
    """Have what was noted interrupt now. Raises KeyboardInterrupt then."""
    for number in noted[:1]:
        signal.raise_signal(number)


@contextmanager
def postponed() -> Iterator[None]:
    """Have an interruption wait until the block is over. Raises KeyboardInterrupt then."""
    with noted(lambda: None) as interruptions:
        yield
    go_on(interruptions)
