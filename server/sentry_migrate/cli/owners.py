"""Who owns which files, by the CODEOWNERS file of the repository: what `--owner` is about.

Owns where that file is, and what several sections of it mean together. What its lines mean, the
library `codeowners` knows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence

from sentry_migrate.project import boundaries, regular_files
from sentry_migrate.project.config import ConfigError

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where GitHub and GitLab look for the file, in this order."""


def owned_by(owners: Collection[str], paths: Sequence[str]) -> Callable[[str], bool]:
    """Whether the file at a path is owned by one of the owners, such as `@org/team`, in the
    repository that holds the first of `paths`.

    Raises ConfigError where nobody can tell, or nothing is theirs.
    """
    try:
        # An extra, which may be missing where types are checked, too.
        from codeowners import MASK, CodeOwners  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        needed = "`pip install 'sentry-migrate[owners]'`"
        raise ConfigError(f"--owner: the package `codeowners` is missing; {needed}") from None
    first = os.path.realpath(paths[0])
    root = boundaries.root_of(first if os.path.isdir(first) else os.path.dirname(first))
    file, text = _read(root)
    try:
        known = CodeOwners(text)
    except ValueError as error:
        raise ConfigError(f"{file}: {error}") from None
    named = {name.casefold() for _, _, owners, *_ in known.paths for _, name in owners}
    asked = {owner.casefold() for owner in owners}
    for owner in owners:
        if owner.casefold() not in named:
            meant = f"@{owner}" if f"@{owner}".casefold() in named else ""
            hint = f"; did you mean {meant}?" if meant else ""
            raise ConfigError(f"--owner: {file} does not name {owner}{hint}")

    def owned(path: str) -> bool:
        name = os.path.relpath(os.path.realpath(path), root).replace(os.sep, "/")
        sections: dict[str | None, set[str]] = {}
        for pattern, _, found, _, section in known.paths:  # those that count come first
            # The library writes a line's spaces so that `*` means none, in whatever name.
            if pattern.search(name) or pattern.search(name.replace(" ", MASK)):
                sections.setdefault(section, {owner.casefold() for _, owner in found})
        return any(asked & names for names in sections.values())

    return owned


def _read(root: str) -> tuple[str, str]:
    for place in PLACES:
        file = os.path.join(root, *place.split("/"))
        try:
            return place, regular_files.read(file).decode("utf-8-sig", "replace")
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ConfigError(f"{place}: {error.strerror or error}") from None
    raise ConfigError(f"--owner: {root} has no CODEOWNERS file")
