"""The command line. Knows the engine and the reports; never the trees and rules inside.

This package imports nothing, and `main` only when called: a child process of the engine imports
the program it was started from again, and must not pay for it.
"""

from __future__ import annotations


def main() -> None:
    """The `sentry-migrate` command."""
    import io
    import sys

    from sentry_migrate.cli.commands import cli

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # code may hold what a terminal cannot show
            stream.reconfigure(errors="backslashreplace")
    cli(prog_name="sentry-migrate")
