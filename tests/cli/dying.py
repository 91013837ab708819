"""A child that does what the file says instead of analysing it."""

from __future__ import annotations

import os
import signal
import sys
import time

from sentry_migrate import __version__, isolation
from sentry_migrate.model import CheckResult, Failure
from sentry_migrate.worker import frames, process

COMMAND = (
    sys.executable,
    "-c",
    f"import sys; sys.path[:0] = {sys.path!r}; from cli import dying; dying.main()",
)


def check(job: frames.Check) -> frames.Checked:
    """Die, hang, fail, exit or answer."""
    if b"segfault" in job.data:
        os.kill(os.getpid(), signal.SIGSEGV)
        time.sleep(600)  # the signal may reach another thread first
    if b"hang" in job.data:
        time.sleep(600)
    while b"busy" in job.data:
        pass
    if b"fail" in job.data:
        raise ValueError("on purpose")
    if b"exit" in job.data:
        os._exit(7)
    return frames.Checked(CheckResult(failure=Failure("decode", "analysed")))


def main() -> None:
    """Be such a child."""
    hello = frames.Hello((), (("sentry-migrate", __version__),))
    process.run(lambda: (hello, {frames.Check: check}))


def replace_children() -> None:
    """Have the pool start such children."""
    isolation.worker = lambda: COMMAND  # type: ignore[assignment]
