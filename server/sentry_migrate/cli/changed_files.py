"""Which files git says have changed: what `check --since` and `check --staged` look at.

The rest of the project is read all the same, as for any other file that is named. With `--staged`,
all of it is what is staged: what the commit will hold, and not what is on disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import click

from sentry_migrate.cli.git import GitError, Repository, Staged, repository
from sentry_migrate.project.files import is_read


@dataclass(frozen=True, slots=True)
class Changed:
    """Which files, and what is in them."""

    paths: tuple[str, ...]
    """Relative to the working directory."""
    deleted: tuple[str, ...] = ()
    """Those that are no longer there, in the same way."""
    staged: Mapping[str, Staged] = field(default_factory=dict)
    """By real path, what is staged of tracked files that are something else on disk; with `since`
    none, as what is on disk counts then."""


def changed(paths: Sequence[str], since: str | None, write: bool) -> Changed:
    """The Python and dependency files and notebooks at or below `paths` that differ from where the
    branch left `since`, or are new; with None, those that are staged, of which none may have other
    changes if the run is to `write`.

    Raises click.UsageError where git has no answer.
    """
    found: dict[str, None] = {}
    deleted: dict[str, None] = {}
    staged: dict[str, Staged] = {}
    for path in map(os.path.abspath, paths):
        directory = path if os.path.isdir(path) else os.path.dirname(path)
        option = "--staged" if since is None else "--since"
        try:
            kept = repository(directory)
            if kept is None:
                raise click.UsageError(f"{option} needs a git repository.")
            names = kept.staged() if since is None else kept.since(since)
            others = kept.not_as_staged() if since is None else {}
        except GitError as error:
            raise click.UsageError(f"{option}: git: {error}.") from None
        for full in _below(path, kept, names):
            other = others.get(_name(full, kept))
            if other is not None and (reason := _refusal(other, write)):
                raise click.UsageError(f"--staged: {os.path.relpath(full)} {reason}.")
            if os.path.isfile(full):
                found[os.path.relpath(full)] = None
            elif not os.path.lexists(full):
                deleted[os.path.relpath(full)] = None
        staged.update({kept.path(name): it for name, it in others.items()})
    # Fixes are made for what is around them on disk, where they are written.
    return Changed(tuple(found), tuple(deleted), {} if write else staged)


def _refusal(staged: Staged, write: bool) -> str:
    """Why what is staged of a file cannot be looked at."""
    if staged.status == "U":
        return "has conflicts; resolve them first"
    if staged.status == "D":
        return "is staged, but not on disk; restore it, or stage that it is deleted"
    if write:
        return (
            "has changes that are not staged, among which nothing is changed; stage them, or put "
            "them away with `git stash --keep-index`"
        )
    return ""


def _name(path: str, kept: Repository) -> str:
    """What git calls a file."""
    directory = os.path.realpath(os.path.dirname(path))
    return os.path.relpath(os.path.join(directory, os.path.basename(path)), kept.root).replace(
        os.sep, "/"
    )


def _below(path: str, kept: Repository, names: Iterable[str]) -> Iterable[str]:
    """The files at or below an absolute path, as absolute paths."""
    inside = os.path.relpath(os.path.realpath(path), kept.root)
    for name in names:
        file = os.path.relpath(name, inside).replace("/", os.sep)
        full = path if file == os.curdir else os.path.join(path, file)
        if is_read(full) and not file.startswith(os.pardir + os.sep):
            yield full
