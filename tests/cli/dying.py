"""What a child does instead of analysing, by what the file says; imported by the child."""

from __future__ import annotations

import os
import signal
import time

from sentry_migrate.engine.pool import Job, Result
from sentry_migrate.model import Report


def examine(job: Job) -> Result:
    """Die, hang, fail, exit or answer."""
    if b"segfault" in job.data:
        os.kill(os.getpid(), signal.SIGSEGV)
    if b"hang" in job.data:
        time.sleep(600)
    if b"fail" in job.data:
        raise ValueError("on purpose")
    if b"exit" in job.data:
        os._exit(7)
    return Result(job.path, Report(), f"{job.path} analysed")
