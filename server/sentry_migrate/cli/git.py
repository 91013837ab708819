"""The few questions and orders that git gets: what is changed, and a commit.

Nothing that a repository's configuration names is run on the way, except for what git itself needs
to read and store files: no hooks, no monitor of the file system.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

_QUIETLY = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")

_NAMES = ("--name-only", "--no-ext-diff", "--no-textconv", "--diff-filter=d", "-z")


class GitError(Exception):
    """git did not do what it was told; str() is what it said."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree."""

    root: str
    """The absolute path of its top directory."""

    def changed(self) -> list[str]:
        """Tracked files that differ from the last commit, relative to the root. Raises GitError."""
        listed = _git(self.root, "status", "--porcelain", "-z", "--untracked-files=no")
        entries = iter(listed.split("\0"))
        found = []
        for entry in entries:
            if entry:
                found.append(entry[3:])
            if entry[:1] in ("R", "C"):
                next(entries, None)  # where it was before
        return found

    def staged(self) -> list[str]:
        """Files whose staged content differs from the last commit, relative to the root, with
        forward slashes. Raises GitError."""
        return self._names("diff", "--cached", *_NAMES)

    def since(self, reference: str) -> list[str]:
        """Files that differ from where the branch left another one, and new ones; relative to the
        root, with forward slashes. Raises GitError."""
        commit = f"{reference}^{{commit}}"
        other = _git(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", commit)
        base = _git(self.root, "merge-base", other.strip(), "HEAD").strip()
        new = self._names("ls-files", "--others", "--exclude-standard", "-z", "--full-name")
        return [*self._names("diff", *_NAMES, base), *new]

    def _names(self, *arguments: str) -> list[str]:
        return list(filter(None, _git(self.root, *arguments).split("\0")))

    def commit(self, paths: Sequence[str], message: str) -> str:
        """Commit these files, and nothing else; its short name. Raises GitError."""
        _git(self.root, "add", "--", *paths)
        _git(self.root, "commit", "--quiet", "--message", message, "--", *paths)
        return _git(self.root, "rev-parse", "--short", "HEAD").strip()


def repository(directory: str) -> Repository | None:
    """The repository that holds a directory; None without one, or without git."""
    try:
        root = _git(directory, "rev-parse", "--show-toplevel").removesuffix("\n")
    except (GitError, OSError):
        return None
    return Repository(os.path.normpath(root)) if root else None


def _git(directory: str, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *_QUIETLY, *arguments],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = os.fsdecode(done.stderr or done.stdout).strip()
        raise GitError(said.splitlines()[-1] if said else f"exit code {done.returncode}")
    return os.fsdecode(done.stdout)
