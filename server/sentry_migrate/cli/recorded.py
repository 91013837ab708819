"""`sentry-migrate prove --record` and `--compare`: what a command that works by hand sends."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence

from sentry_migrate.cli.output import say
from sentry_migrate.cli.prove import REASONS, refused, tell
from sentry_migrate.project import atomic_write, regular_files
from sentry_migrate.prove.recordings import joined, read, releases
from sentry_migrate.prove.runs import Runner
from sentry_migrate.prove.summary import Difference, Result
from sentry_migrate.prove.verdicts import Comparison


def record(command: Sequence[str], file: str) -> int:
    """Run a command where it is, and keep what it would send; the exit code."""
    python = shutil.which("python") or sys.executable
    runner = Runner(tuple(command), python, os.getcwd(), default_client=False)
    try:
        with tempfile.TemporaryDirectory(prefix="sentry-migrate-") as scratch:
            code = runner.attend(scratch)
            data = joined(scratch)
            if data:
                atomic_write.put(file, data)
        sent = sum(len(test.sent) for test in read(data).values())
    except REASONS as error:
        return refused(error)
    if not data:
        return refused("the command ran no Python that takes PYTHONPATH from its environment")
    ended = f"the command exited with {code}"
    if code and not sent:
        return refused(f"{ended}, and nothing was sent; {file} says only that")
    say(f"Wrote to {file} what would have been sent ({sent}); {ended}.", sys.stderr)
    return 0


def compare(old: str, new: str, output_format: str) -> int:
    """Compare two recordings; the exit code."""
    try:
        data = [regular_files.read(file) for file in (old, new)]
        sides = [read(one) for one in data]
    except REASONS as error:
        return refused(error)
    for file, side in zip((old, new), sides, strict=True):
        if not side:
            return refused(f"{file} is not a recording of `prove --record`")
    if not any(test.sent for side in sides for test in side.values()):
        return refused("nothing was sent in either recording")
    # What another release of the SDK sends of its own accord does not count.
    left = sides[1] if releases(data[0]) != releases(data[1]) else {}
    compared = Comparison(sides[0], sides[0], sides[1], left)
    found = [Difference(name, "unexplained", ()) for name in compared.different()]
    result = Result(old, new, (), {}, found, compared)
    tell(result, output_format)
    return 1 if found else 0
