"""Ctrl-C where it must not cut something in two."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def noted(then: Callable[[], object]) -> Iterator[list[int]]:
    """Have Ctrl-C call `then` and be noted in the list. An exception in the midst of the loop's own
    code would leave tasks and processes that nobody can end."""
    noted: list[int] = []
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not ours or threading.current_thread() is not threading.main_thread():
        yield noted  # somebody else cares
        return

    def note(number: int, _: object) -> None:
        noted.append(number)
        then()

    signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def postponed() -> Iterator[None]:
    """Have Ctrl-C wait until the block is over. Raises KeyboardInterrupt then."""
    with noted(lambda: None) as interruptions:
        yield
    if interruptions:
        raise KeyboardInterrupt
