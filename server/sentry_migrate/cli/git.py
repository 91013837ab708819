"""The few questions and orders that git gets: what has changed, and a commit.

Nothing that the repository's own configuration names is run to answer a question: no hooks, no
monitor of the file system, no filters of files. A commit goes without hooks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_QUIETLY = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
_NO_PROGRAMS = ("--no-ext-diff", "--no-textconv", "--no-renames")
_NAMES = ("--name-only", *_NO_PROGRAMS, "-z")
_REGULAR = "100"  # and not a link or a submodule
_SUBMODULE = "160000 "
_FILTERS = r"^filter\..*\.(clean|process|required)$"
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")


class GitError(Exception):
    """git did not do what it was told; str() is what it said."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What is staged of a file that is not like that on disk."""

    root: str
    """Of the working tree."""
    blob: str
    """Its name to git; empty while a merge waits for somebody to choose."""
    status: str
    """What is on disk, in a letter of git's: `D` for nothing, `U` for a conflict."""

    def read(self) -> bytes:
        """The bytes. Raises OSError."""
        try:
            return _said(self.root, "cat-file", "blob", self.blob)
        except GitError as error:
            raise OSError(5, f"git: {error}") from None


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree."""

    root: str
    """The absolute path of its top directory."""

    def path(self, name: str) -> str:
        """The absolute path of what git calls so."""
        return os.path.join(self.root, *name.split("/"))

    def changed(self) -> list[str]:
        """Tracked files that differ from the last commit, relative to the root, with forward
        slashes. Raises GitError."""
        options = ("--porcelain", "-z", "--untracked-files=no", "--ignore-submodules=dirty")
        entries = iter(self._names("status", *options))
        found = []
        for entry in entries:
            found.append(entry[3:])
            if entry[:1] in ("R", "C"):
                next(entries, None)  # where it was before
        return found

    def unstaged(self) -> list[str]:
        """Tracked files that differ from what is staged and are there; otherwise as `changed`."""
        return self._names("diff", *_NAMES, "--diff-filter=d")

    def staged(self) -> list[str]:
        """Files whose staged content differs from the last commit, or that are deleted there;
        otherwise as `changed`."""
        return self._names("diff", "--cached", *_NAMES)

    def not_as_staged(self) -> dict[str, Staged]:
        """Tracked files that differ from what is staged, by name as `changed` has it, with what is
        staged. Raises GitError."""
        words = iter(self._names("diff", "--raw", "--no-abbrev", *_NO_PROGRAMS, "-z"))
        found: dict[str, Staged] = {}
        for word in words:
            mode, _, blob, _, status = word.lstrip(":").split(" ")
            name = next(words)
            if mode.startswith(_REGULAR) or status == "U":
                found.setdefault(name, Staged(self.root, "" if status == "U" else blob, status))
        return found

    def submodules(self) -> list[str]:
        """Directories of other repositories that this one names; otherwise as `changed`."""
        listed = self._names("ls-files", "--stage", "-z", "--full-name")
        return [one.partition("\t")[2] for one in listed if one.startswith(_SUBMODULE)]

    def since(self, reference: str) -> list[str]:
        """Files that differ from where the branch left another one, new and deleted ones too;
        otherwise as `changed`."""
        commit = f"{reference}^{{commit}}"
        try:
            other = _git(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", commit)
            base = _git(self.root, "merge-base", other.strip(), "HEAD").strip()
        except GitError:
            raise GitError(f"{reference!r} is not a commit that this branch comes from") from None
        new = self._names("ls-files", "--others", "--exclude-standard", "-z", "--full-name")
        return [*self._names("diff", *_NAMES, base), *new]

    def untracked(self, paths: Collection[str]) -> list[str]:
        """Those of some absolute paths that git does not know. Raises GitError."""
        known = self._names("ls-files", "-z", "--full-name", "--", *paths) if paths else []
        have = set(map(self.path, known))
        return [path for path in paths if os.path.realpath(path) not in have]

    def has_committed(self, paths: Collection[str]) -> bool:
        """Whether the last commit has some absolute paths as they are. Raises GitError."""
        changed = set(map(self.path, self.changed()))
        return changed.isdisjoint(map(os.path.realpath, paths)) and not self.untracked(paths)

    def holds(self, path: str) -> bool:
        """Whether a file is in this working tree, and not in one inside it."""
        return _top(os.path.dirname(os.path.realpath(path))) == self.root

    def refuse_what_goes_on(self) -> None:
        """Raises GitError where a merge, or the like, is under way, or another git is at work: no
        other commit is possible."""
        for name in _UNDER_WAY:
            if os.path.exists(self._own(name)):
                what = name.partition("_HEAD")[0].replace("_", "-").lower()
                raise GitError(f"a {what} is under way; finish it first")
        if os.path.lexists(lock := self._own("index.lock")):
            raise GitError(f"{lock} is there: wait for the git at work; if none is, delete it")

    def commit(self, paths: Sequence[str], message: str) -> str:
        """Commit these files, and nothing else; its short name.

        Raises GitError, after which what was staged is staged, and nothing else.
        """
        new = self.untracked(paths)
        try:
            if new:
                _git(self.root, "add", "--intent-to-add", "--", *new)
            _git(self.root, "commit", "--quiet", "--message", message, "--only", "--", *paths)
        except GitError:
            if new:
                _git(self.root, "reset", "--quiet", "--", *new)
            raise
        return _git(self.root, "rev-parse", "--short", "HEAD").strip()

    def _own(self, name: str) -> str:
        """The path of one of git's own files."""
        return os.path.join(self.root, _git(self.root, "rev-parse", "--git-path", name).strip())

    def _names(self, *arguments: str) -> list[str]:
        return list(filter(None, _git(self.root, *arguments, filters=False).split("\0")))


def repository(directory: str) -> Repository | None:
    """The repository that holds an absolute directory; None if none does.

    Raises GitError if there seems to be one and git does not open it.
    """
    top = _top(os.path.realpath(directory))
    if top is None:
        return None
    root = _git(directory, "rev-parse", "--show-toplevel").removesuffix("\n")
    if not root:
        raise GitError("this is not a working tree")
    return Repository(os.path.realpath(root))


def _top(directory: str) -> str | None:
    """The nearest directory with a `.git`, from a real path upwards."""
    for one in (Path(directory), *Path(directory).parents):
        if os.path.lexists(one / ".git"):
            return str(one)
    return None


def _program() -> str:
    """git, from directories that PATH names in full: not from the one that is checked."""
    named = filter(os.path.isabs, os.environ.get("PATH", os.defpath).split(os.pathsep))
    found = shutil.which("git", path=os.pathsep.join(named))
    if found is None:
        raise GitError("there is no program `git`")
    return found


def _git(directory: str, *arguments: str, filters: bool = True) -> str:
    """What git says in a directory. Without `filters`, no program reads files for it."""
    return os.fsdecode(_said(directory, *arguments, filters=filters))


def _said(directory: str, *arguments: str, filters: bool = True) -> bytes:
    """The same as bytes."""
    command = [_program(), *_QUIETLY, *(() if filters else _without_filters(directory))]
    done = subprocess.run(
        [*command, *arguments],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = os.fsdecode(done.stderr or done.stdout).strip()
        told = _told(said)[:2]  # the reason may stand in a line before
        raise GitError("; ".join(told) or f"exit code {done.returncode}")
    return done.stdout


def _without_filters(directory: str) -> Iterator[str]:
    """Settings that take the place of those that name programs which read files."""
    try:
        listed = _git(directory, "config", "--null", "--name-only", "--get-regexp", _FILTERS)
    except GitError:  # there are none
        return
    for key in filter(None, listed.split("\0")):
        yield from ("-c", f"{key}={'false' if key.endswith('.required') else ''}")


def _told(said: str) -> list[str]:
    """The lines of a message that say what is wrong, without what marks them; the first of all
    where none is marked."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(("hint:", "warning:"))]
    marked = [
        line.removeprefix(mark).rstrip(".")
        for mark in ("fatal: ", "error: ")
        for line in lines
        if line.startswith(mark)
    ]
    return marked or [line.rstrip(".") for line in lines[:1]]
