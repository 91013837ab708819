"""Which files to check, and their bytes.

Owns walking directories, exclusions and .gitignore. Refuses to know Python: a file is a name and
bytes here. Paths are absolute. A walk reads directories and nothing else; patterns are matched
against directories on the way, but against files only by `Found.skipped`, which the caller asks
after its own cheaper tests have left a handful.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from sentry_migrate.config import Settings, relative
from sentry_migrate.modules import SUFFIXES
from sentry_migrate.patterns import compiled

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_DEPENDENCY_NAMES = frozenset(("pyproject.toml", "setup.cfg", "Pipfile"))
_LIST_SUFFIXES = (".txt", ".in")

DEFAULT_EXCLUDE = frozenset(
    (
        *(".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints"),
        *(".mypy_cache", ".nox", ".pants.d", ".pyenv", ".pytest_cache", ".pytype"),
        *(".ruff_cache", ".svn", ".tox", ".venv", ".vscode", "__pycache__", "__pypackages__"),
        *("_build", "buck-out", "dist", "node_modules", "site-packages", "venv"),
    )
)
"""Names of directories that hold no code of one's own: what ruff leaves out, and bytecode."""

_CHUNK = 1 << 22


def holds_dependencies(path: str) -> bool:
    """Whether a file is read for requirements instead of Python: by its name, as the engine's
    analysis decides (which cannot be asked without loading the parser)."""
    directory, name = os.path.split(path)
    return name in _DEPENDENCY_NAMES or (
        name.endswith(_LIST_SUFFIXES)
        and ("requirements" in name or os.path.basename(directory) == "requirements")
    )


class Patterns(NamedTuple):
    """Patterns in gitignore syntax and the directory, with a separator at its end, they count
    from."""

    base: str
    spec: GitIgnoreSpec

    def verdict(self, path: str, directory: bool) -> bool | None:
        """True: matched. False: matched by a negated pattern. None: not matched."""
        if not path.startswith(self.base):
            return None
        name = path[len(self.base) :].replace(os.sep, "/")
        return self.spec.check_file(name + "/" if directory else name).include


class Found(NamedTuple):
    """A file, and what decides whether it is to be left out."""

    path: str
    named: bool
    """Whether the user named the file itself."""
    ignores: tuple[Patterns, ...] = ()
    """From .gitignore files, outermost first."""
    excludes: tuple[Patterns, ...] = ()

    def skipped(self) -> bool:
        """Whether a pattern leaves the file out."""
        return _matches(self.path, False, self.ignores, self.excludes)


def discover(
    paths: Iterable[str],
    settings_for: Callable[[str], Settings],
    exclude: tuple[str, ...] = (),
    failed: Callable[[str, OSError], None] = lambda path, error: None,
) -> Iterator[Found]:
    """The files at `paths`: those that are files, and Python and dependency files below those that
    are directories, in no particular order. `exclude` counts from the working directory.

    `settings_for` gives the settings for a directory. `failed` is told of directories and named
    files that cannot be read. Symbolic links to files are followed, to directories only if named.
    """
    for path in map(os.path.abspath, paths):
        if os.path.isdir(path):
            settings = settings_for(path)
            yield from _walk(path, settings, exclusions(settings, exclude), failed)
        elif os.path.exists(path):
            settings = settings_for(os.path.dirname(path))
            if not settings.force_exclude or not left_out(path, settings, exclude):
                yield Found(path, True)
        else:
            failed(path, FileNotFoundError(2, "No such file or directory"))


def _walk(
    top: str,
    settings: Settings,
    excludes: tuple[Patterns, ...],
    failed: Callable[[str, OSError], None],
) -> Iterator[Found]:
    names = DEFAULT_EXCLUDE if settings.exclude is None else frozenset[str]()
    git = settings.respect_gitignore
    stack = [(top, _outer_ignores(top) if git else ())]
    while stack:
        directory, ignores = stack.pop()
        try:
            with os.scandir(directory) as scan:
                entries = list(scan)
        except OSError as error:
            failed(directory, error)
            continue
        if git and any(entry.name == ".gitignore" for entry in entries):
            ignores = (*ignores, *_read_patterns(directory, ".gitignore"))
        for entry in entries:
            ours = entry.name.endswith(SUFFIXES) or holds_dependencies(entry.path)
            if ours and entry.is_file():
                yield Found(entry.path, False, ignores, excludes)
            elif (
                entry.is_dir(follow_symlinks=False)
                and entry.name not in names
                and not _matches(entry.path, True, ignores, excludes)
            ):
                stack.append((entry.path, ignores))


def exclusions(settings: Settings, exclude: tuple[str, ...] = ()) -> tuple[Patterns, ...]:
    """The patterns of the settings, and of the command line."""
    root = str(settings.root) if settings.root else os.getcwd()
    own = (settings.exclude or ()) + settings.extend_exclude
    pairs = ((root, own), (os.getcwd(), exclude))
    return tuple(Patterns(_base(base), compiled(lines)) for base, lines in pairs if lines)


def excluded(path: str, settings: Settings, exclude: tuple[str, ...] = ()) -> bool:
    """Whether patterns of the settings, or of the command line, leave the file at `path` out."""
    return _matches(path, False, (), exclusions(settings, exclude))


def left_out(path: str, settings: Settings, exclude: tuple[str, ...] = ()) -> bool:
    """Whether a file that no walk came by is left out: by its patterns, or the default names."""
    return (settings.exclude is None and _in_default(path, settings)) or excluded(
        path, settings, exclude
    )


def _matches(
    path: str, directory: bool, ignores: tuple[Patterns, ...], excludes: tuple[Patterns, ...]
) -> bool:
    if any(patterns.verdict(path, directory) for patterns in excludes):
        return True
    for patterns in reversed(ignores):  # the innermost file that says anything decides
        verdict = patterns.verdict(path, directory)
        if verdict is not None:
            return verdict
    return False


def _outer_ignores(top: str) -> tuple[Patterns, ...]:
    """The .gitignore files above `top` in its repository, outermost first."""
    chain: list[Patterns] = []
    for parent in Path(top).parents if not _is_root(Path(top)) else ():
        chain = [*_read_patterns(str(parent), ".gitignore"), *chain]
        if _is_root(parent):
            return (*_read_patterns(str(parent), ".git/info/exclude"), *chain)
    # Outside a repository, nothing above what was named counts.
    return tuple(_read_patterns(top, ".git/info/exclude"))


def _is_root(directory: Path) -> bool:
    return (directory / ".git").exists()


def _read_patterns(directory: str, name: str) -> Iterator[Patterns]:
    try:
        with open(os.path.join(directory, name), encoding="utf-8", errors="replace") as file:
            lines = tuple(line.rstrip("\r\n") for line in file)
    except OSError:
        return
    if any(line and not line.startswith("#") for line in lines):
        yield Patterns(_base(directory), compiled(lines))


def _base(directory: str) -> str:
    return directory if directory.endswith(os.sep) else directory + os.sep


def _in_default(path: str, settings: Settings) -> bool:
    """Whether a directory on the way to `path` is left out by name: from the configuration file,
    or from the root of the file system where that does not stand above it."""
    name = relative(PurePath(path), settings.root or Path.cwd())
    return not DEFAULT_EXCLUDE.isdisjoint(PurePath(name).parent.parts)


def read(path: str) -> bytes:
    """The bytes of a file. Raises OSError. Twice as fast as `open`, and a tree has thousands."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        data = os.read(descriptor, _CHUNK)
        while chunk := os.read(descriptor, _CHUNK):  # a pipe gives what it has, a file all it can
            data += chunk
        return data
    finally:
        os.close(descriptor)
