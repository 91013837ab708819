"""`python -m sentry_migrate` is the `sentry-migrate` command."""

from sentry_migrate.cli import main

if __name__ == "__main__":
    main()
