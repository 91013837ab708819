"""The command line. Knows the engine and the reports; never the trees and rules inside.

This package imports nothing but where to import from (see `isolation`), and `main` the rest only
when called.
"""

from sentry_migrate import isolation


def main() -> None:
    """The `sentry-migrate` command."""
    isolation.enter()
    from sentry_migrate.cli.outermost import run

    run()
