"""The command line. Knows the reports, the pages of rules and who drives the worker processes;
never trees and checks.

This package imports nothing but where to import from (see `isolation`), and `main` the rest only
when called.
"""

from sentry_migrate import isolation


def main() -> None:
    """The `sentry-migrate` command."""
    isolation.enter()
    from sentry_migrate.cli.entry_point import run_and_exit

    run_and_exit()
