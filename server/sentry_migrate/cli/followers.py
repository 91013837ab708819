"""Which files a tool has to write again once a requirement is raised, in the same commit: with the
earlier ones the project cannot be installed.

Owns which file follows which, by name and place. Runs no tool.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sentry_migrate.cli.git import Repository
from sentry_migrate.project import regular_files
from sentry_migrate.project.dropped_names import written_together
from sentry_migrate.project.generated import command, is_generated
from sentry_migrate.project.repository import upwards
from sentry_migrate.report.stages import Stage

_LOCKS = {
    "Pipfile": ("Pipfile.lock",),
    "pixi.toml": ("pixi.lock",),
    "pyproject.toml": ("pdm.lock", "pixi.lock", "poetry.lock", "pylock.toml", "uv.lock"),
    "environment.yml": ("conda-lock.yml",),
}
_OF_A_WORKSPACE = "uv.lock"
_SOURCES = ("pyproject.toml", "setup.cfg", "setup.py")
"""What compiled requirements may come from, besides `*.in`."""
_READ = re.compile(r"^\s*(?:-[cr]|--constraint|--requirement)[\s=]*(\S+)", re.MULTILINE)


def followers(stage: Stage, tree: Repository) -> dict[str, str]:
    """The files that must follow what the fixes of a stage change, each with the remedy; those that
    are not committed need not. Raises GitError."""
    changed = [os.path.abspath(path) for path in stage.fixes().paths]
    found = {lock: command("", os.path.basename(lock), "lock") for lock in _locks(changed)}
    for entry, finding in stage.by_hand:
        path = os.path.abspath(entry.path)
        if is_generated(path, entry.lines.text, finding.end) and _is_compiled(path, changed):
            found[path] = finding.remedy
    unknown = tree.untracked(list(found))
    needs = {path: _read_for(path) for path in found}
    order = (path for group in written_together(found, needs) for path in group)
    return {path: found[path] for path in order if path not in unknown}


def _locks(changed: list[str]) -> Iterator[str]:
    for path in changed:
        directory, name = os.path.split(path)
        for lock in _LOCKS.get(name, ()):
            above = upwards(Path(directory)) if lock == _OF_A_WORKSPACE else [Path(directory)]
            there = (str(place / lock) for place in above)
            yield from filter(os.path.isfile, there)


def _read_for(path: str) -> list[str]:
    """The files that must be written before compiled requirements, as their source names them."""
    source = f"{os.path.splitext(path)[0]}.in"
    try:
        text = regular_files.read(source).decode("utf-8", "replace")
    except OSError:
        return []
    directory = os.path.dirname(path)
    return [os.path.normpath(os.path.join(directory, one)) for one in _READ.findall(text)]


def _is_compiled(path: str, changed: list[str]) -> bool:
    """Whether a file in the same directory is changed that this one may be compiled from."""
    return path.endswith(".txt") and any(
        os.path.dirname(one) == os.path.dirname(path)
        and (one.endswith(".in") or os.path.basename(one) in _SOURCES)
        for one in changed
    )
