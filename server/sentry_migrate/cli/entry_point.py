"""Runs a command and ends the process: repairs the standard streams, catches what nobody else did.

Whatever happens, a person sees one line on standard error and a documented exit code, and never a
traceback.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
import traceback
from contextlib import suppress
from typing import NoReturn

FAILED, INTERRUPTED, TERMINATED = 2, 130, 143


_ALLOCATIONS = 50_000
"""Objects between two collections. What is known of a project's files stays until the end: looking
through it after each 700 takes a tenth of a run."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, after something was done that a person has to know of."""


def run_and_exit() -> NoReturn:
    """Run the command line and end the process."""
    code, terminated = FAILED, list[int]()
    try:
        _repair_streams()
        _end_in_order(terminated)
        gc.set_threshold(_ALLOCATIONS, 20, 20)
        code = _command()
        sys.stdout.flush()
    except KeyboardInterrupt as interruption:
        code = TERMINATED if terminated else INTERRUPTED
        _say(str(interruption) or "interrupted")
    except OSError as error:
        if terminated or isinstance(error.__context__, KeyboardInterrupt):
            # Whoever ended this has closed what it writes to as well.
            code = TERMINATED if terminated else INTERRUPTED
        elif isinstance(error, BrokenPipeError):
            code = 1  # whoever read our output has seen enough
        else:
            _say(f"error: {_words(error)}")
    except MemoryError:
        _say("error: out of memory")
    except Exception as error:
        _say(f"error: {_bug(error)}")
    _leave(code)


def _end_in_order(terminated: list[int]) -> None:
    """Have SIGTERM, which is noted in the list, do what Ctrl-C does: it ends no write halfway and
    leaves no file and no process behind, also where Ctrl-C is ignored, as with `nohup`, or with `&`
    in a script."""

    def terminate(number: int, _: object) -> None:
        terminated.append(number)
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            raise KeyboardInterrupt
        signal.raise_signal(signal.SIGINT)

    if signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_IGN):
        signal.signal(signal.SIGTERM, terminate)


def _command() -> int:
    """The exit code of the command that was typed."""
    import click

    from sentry_migrate.cli.commands import cli

    try:
        os.getcwd()
    except OSError as error:
        raise OSError(error.errno, "the current folder no longer exists") from None
    try:
        cli(prog_name="sentry-migrate", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort as abort:
        raise abort.__cause__ or KeyboardInterrupt from None
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    return 0


def _repair_streams() -> None:
    """Have all three streams open, or what is opened next would take the place of one."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest number that is free
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        raise OSError("standard output is closed")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # code may hold what a terminal cannot show
            stream.reconfigure(errors="backslashreplace")


def _words(error: OSError) -> str:
    words = error.strerror or str(error) or type(error).__name__
    if error.filename is None:
        return words
    from sentry_migrate.report.visible import plain

    return f"{plain(os.fsdecode(error.filename))}: {words}"


def _bug(error: Exception) -> str:
    """One line on a fault of ours, what and where; or on a limit that looks like one."""
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return "cannot start a thread: no more threads and processes are allowed (`ulimit -u`)"
    last = traceback.extract_tb(error.__traceback__)[-1]
    words = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return (
        f"{words} ({os.path.basename(last.filename)}, line {last.lineno}); please report this bug"
    )


def _say(line: str) -> None:
    with suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)


def _leave(code: int) -> NoReturn:
    """Leave without trying once more to write what could not be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(code)
