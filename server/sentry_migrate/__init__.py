"""Find sentry-sdk 1.x code and rewrite it to 2.x."""

__version__ = "0.1.0"

REPOSITORY = "https://github.com/sentry-migrate/sentry-migrate"
"""Where the project is published. The extension's manifest and pyproject.toml name the same, which
a test compares."""
