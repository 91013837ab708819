"""The life of a child process, so that the parser can neither stall nor end its parent.

Owns frames on standard input and output, a stack deep enough for deep trees, the processor time of
each question, and the end of the process at the end of input. Refuses to know who asks and what.
"""

from __future__ import annotations

import ctypes
import gc
import os
import queue
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

from sentry_migrate.worker import frames

Handlers = Mapping[type[Any], Callable[[Any], frames.Answer]]

# libcst recurses in native code and in Python, both in proportion to the depth of the tree: an
# expression of 3,000 nested parentheses overflows the usual 8 MB.
_STACKS = (512 << 20, 128 << 20, 32 << 20)
_RECURSION = 20_000
_WATCH = 0.05  # seconds between two looks at the time used, where there is no timer for it


def run(load: Callable[[], tuple[frames.Hello, Handlers]]) -> None:
    """Say hello, then answer with the handlers that `load` gives, until standard input ends.

    The main thread only reads, so that the end of input is seen during a long analysis too.
    """
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent; we see its end
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # a parent may ignore it
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not break a frame
    questions: queue.SimpleQueue[tuple[frames.Message, float | None]] = queue.SimpleQueue()
    warnings.simplefilter("ignore")  # what Python has to say of escapes in somebody's strings
    sys.setrecursionlimit(_RECURSION)
    _start_deep(lambda: _work(load, questions, output))
    source = os.fdopen(os.dup(0), "rb")
    while (question := frames.read(source)) is not None:
        questions.put(question)
    os._exit(0)


_ALLOCATIONS = 50_000
"""Objects between two collections. A tree has some ten thousand that all stay as long as it does:
looking through them after each 700 takes a fifth of an analysis."""


def _collect_rarely() -> None:
    """Have Python look for garbage less often, and never among what is loaded already."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 20)


def _start_deep(target: Callable[[], None]) -> None:
    for size in _STACKS:
        try:
            threading.stack_size(size)
            threading.Thread(target=target, daemon=True).start()
        except (RuntimeError, ValueError):
            continue  # an address space limit; try a smaller stack
        threading.stack_size(0)
        return
    os._exit(frames.NO_THREAD)


def _work(
    load: Callable[[], tuple[frames.Hello, Handlers]],
    questions: queue.SimpleQueue[tuple[frames.Message, float | None]],
    output: BinaryIO,
) -> None:
    try:
        hello, handlers = load()
        _collect_rarely()
        _send(output, hello)
        while True:
            question, seconds = questions.get()
            try:
                with processor_time(seconds):
                    answer = handlers[type(question)](question)
            except Exception as error:
                reason = f"{type(error).__name__}: {error}"[:300]
                answer = frames.Failed(reason, traceback.format_exc())
            _send(output, answer)
    except BaseException:
        traceback.print_exc()
    os._exit(1)  # without us the process can do nothing; its parent starts another


def _send(output: BinaryIO, message: frames.Message) -> None:
    output.write(frames.pack(message))
    output.flush()


@contextmanager
def processor_time(seconds: float | None) -> Iterator[None]:
    """End the process if this takes more than `seconds` of processor time, all threads counted.

    By the clock, a busy machine would decide what can be analysed. Where the kernel has a timer
    for it, that ends native code too; elsewhere (Windows) a thread looks, which native code may
    hold up, and the parent's far longer patience comes in.
    """
    if seconds is None:
        yield
    elif hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)  # SIGPROF, which nobody handles
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    else:
        done = threading.Event()
        end = time.process_time() + seconds
        threading.Thread(target=_watch, args=(done, end), daemon=True).start()
        try:
            yield
        finally:
            done.set()


def _watch(done: threading.Event, end: float) -> None:
    while not done.wait(_WATCH):
        if time.process_time() > end:
            os._exit(frames.ENDED)


def _die_with_parent() -> None:
    """On Linux, have the kernel kill us when the parent is gone.

    The end of input tells us too, but a native parser at work may not let us read it for seconds.
    """
    if sys.platform == "linux":
        parent = os.getppid()
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)  # it died just before we asked
