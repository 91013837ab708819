"""Which files git says have changed: what `check --since` and `check --staged` look at.

The rest of the project is read all the same, as for any other file that is named.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import click

from sentry_migrate.cli.git import GitError, Repository, repository
from sentry_migrate.project.files import is_read


def changed(paths: Sequence[str], since: str | None) -> tuple[str, ...]:
    """The Python and dependency files and notebooks at or below `paths` that differ from where the
    branch left `since`, or are new; with None, those that are staged. Relative to the working
    directory; what is looked at is what is on disk.

    Raises click.UsageError where git has no answer.
    """
    found: dict[str, None] = {}
    for path in map(os.path.abspath, paths):
        directory = path if os.path.isdir(path) else os.path.dirname(path)
        option = "--staged" if since is None else "--since"
        try:
            kept = repository(directory)
            if kept is None:
                raise click.UsageError(f"{option} needs a git repository.")
            names = kept.staged() if since is None else kept.since(since)
        except GitError as error:
            raise click.UsageError(f"{option}: git: {error}.") from None
        found.update(dict.fromkeys(_below(path, kept, names)))
    return tuple(found)


def _below(path: str, kept: Repository, names: Iterable[str]) -> Iterable[str]:
    """The files at or below an absolute path, as they are reached from the working directory."""
    inside = os.path.relpath(os.path.realpath(path), os.path.realpath(kept.root))
    for name in names:
        file = os.path.relpath(name, inside).replace("/", os.sep)
        full = path if file == os.curdir else os.path.join(path, file)
        if is_read(full) and not file.startswith(os.pardir + os.sep) and os.path.isfile(full):
            yield os.path.relpath(full)
