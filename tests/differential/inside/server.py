"""Runs programs for another process: a JSON line asks, a JSON line answers.

The SDK and the frameworks a program names are imported once; each program runs in a fork, so
that what it leaves in the SDK dies with it.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import sys
import time
from typing import Any

import harness


def main() -> None:
    # The answers go to the real standard output; anything else that prints goes elsewhere.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        job = json.loads(line)
        for name in job.pop("preload", ()):
            importlib.import_module(name)
        answers.write(_in_a_fork(job, job.pop("timeout")) + "\n")
        answers.flush()


def _in_a_fork(job: dict[str, Any], timeout: float) -> str:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            answer = harness.dump(harness.run(**job))
        except BaseException as error:
            answer = json.dumps({"broken": f"{type(error).__name__}: {error}"})
        with os.fdopen(write, "w") as pipe:
            pipe.write(answer)
        os._exit(0)
    os.close(write)
    try:
        return _read_all(read, timeout)
    finally:
        os.close(read)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _read_all(pipe: int, timeout: float) -> str:
    deadline = time.monotonic() + timeout
    chunks: list[bytes] = []
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return json.dumps({"broken": f"took more than {timeout} seconds"})
        chunk = os.read(pipe, 1 << 16)
        if not chunk:
            return b"".join(chunks).decode() or json.dumps({"broken": "died without an answer"})
        chunks.append(chunk)


if __name__ == "__main__":
    main()
