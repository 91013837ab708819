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

from sentry_migrate.project import atomic_write
from sentry_migrate.project.config import Settings, relative
from sentry_migrate.project.dependency_files import kind_of
from sentry_migrate.project.patterns import compiled
from sentry_migrate.project.regular_files import read
from sentry_migrate.project.scripts import ends_as_python, is_script, named_as_script
from sentry_migrate.text.notebook import is_notebook

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

DEFAULT_EXCLUDE = frozenset(
    (
        *(".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints"),
        *(".mypy_cache", ".nox", ".pants.d", ".pyenv", ".pytest_cache", ".pytype"),
        *(".ruff_cache", ".svn", ".tox", ".venv", ".vscode", "__pycache__", "__pypackages__"),
        *("_build", "buck-out", "dist", "node_modules", "site-packages", "venv"),
    )
)
"""Names of directories that hold no code of the project: what ruff excludes, and bytecode."""


MANY = 20_000
"""More directories than a project has: somebody's home, or a disk."""


class TooManyError(Exception):
    """There are more directories than were to be walked."""


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
    """A file, and what decides whether it is excluded."""

    path: str
    named: bool
    """Whether the user named the file itself."""
    ignores: tuple[Patterns, ...] = ()
    """From .gitignore files, outermost first."""
    excludes: tuple[Patterns, ...] = ()

    def skipped(self) -> bool:
        """Whether a pattern excludes the file."""
        return self.excluded() or _matches(self.path, False, self.ignores, ())

    def excluded(self) -> bool:
        """Whether a pattern of the settings or the command line does."""
        return _matches(self.path, False, (), self.excludes)


def is_read(path: str) -> bool:
    """Whether a file of this name is one of those that are checked, or a script that is there."""
    known = ends_as_python(path) or is_notebook(path) or kind_of(path) is not None
    return known or is_script(path)


def discover(
    paths: Iterable[str],
    settings_for: Callable[[str], Settings],
    exclude: tuple[str, ...] = (),
    failed: Callable[[str, OSError], None] = lambda path, error: None,
    temporary: Callable[[str], None] = lambda path: None,
    excluded: Callable[[str], None] = lambda path: None,
    most: int | None = None,
    notebooks: bool = False,
    scripts: bool = False,
    by_default: Callable[[str], None] = lambda path: None,
    other: Callable[[Found], None] | None = None,
) -> Iterator[Found]:
    """The files at `paths`: those that are files, and Python and dependency files below those that
    are directories, in no particular order; with `notebooks` and `scripts` without an ending, these
    too. `exclude` counts from the working directory.

    `settings_for` gives the settings for a directory. `failed` is told of directories and named
    files that cannot be read, `temporary` of what atomic_write.py leaves if it is killed,
    `excluded` of directories and named files that patterns of the settings or `exclude` match,
    `by_default` of directories that no pattern matches, and whose name is one of DEFAULT_EXCLUDE
    that does not begin with a dot, and `other` of all other files.
    Symbolic links to files are followed, to directories only if named. Raises TooManyError once
    more than `most` directories were walked.
    """
    for path in map(os.path.abspath, paths):
        if os.path.isdir(path):
            settings = settings_for(path)
            patterns = exclusions(settings, exclude)
            told = failed, temporary, excluded, by_default, other
            yield from _walk(path, settings, patterns, *told, most, notebooks, scripts)
        elif os.path.exists(path):
            settings = settings_for(os.path.dirname(path))
            if not settings.force_exclude or not is_excluded(path, settings, exclude):
                yield Found(path, True)
            else:
                excluded(path)
        else:
            failed(path, FileNotFoundError(2, "No such file or directory"))


def _walk(
    top: str,
    settings: Settings,
    excludes: tuple[Patterns, ...],
    failed: Callable[[str, OSError], None],
    temporary: Callable[[str], None],
    excluded: Callable[[str], None],
    by_default: Callable[[str], None],
    other: Callable[[Found], None] | None,
    most: int | None,
    notebooks: bool,
    scripts: bool,
) -> Iterator[Found]:
    names = DEFAULT_EXCLUDE if settings.exclude is None else frozenset[str]()
    git = settings.respect_gitignore
    stack = [(top, _outer_ignores(top) if git else ())]
    walked = 0
    while stack:
        directory, ignores = stack.pop()
        walked += 1
        if most is not None and walked > most:
            raise TooManyError(top)
        try:
            with os.scandir(directory) as scan:
                entries = list(scan)
        except OSError as error:
            failed(directory, error)
            continue
        if git and any(entry.name == ".gitignore" for entry in entries):
            ignores = (*ignores, *_read_patterns(directory, ".gitignore"))
        for entry in entries:
            ours = ends_as_python(entry.name) or kind_of(entry.path)
            try:
                file = (ours or (notebooks and is_notebook(entry.name))) and entry.is_file()
                folder = not file and entry.is_dir(follow_symlinks=False)
                if scripts and not folder and not ours and named_as_script(entry.name):
                    file = entry.is_file() and is_script(entry.path)
            except OSError as error:  # a link to itself, or into a directory that must not be read
                failed(entry.path, error)
                continue
            if file:
                yield Found(entry.path, False, ignores, excludes)
            elif atomic_write.is_temporary(entry.name):
                temporary(entry.path)
            elif folder and entry.name in names:
                if entry.name[0] != "." and entry.name != "__pycache__":
                    if not _matches(entry.path, True, ignores, excludes):
                        by_default(entry.path)
            elif folder:
                if _matches(entry.path, True, (), excludes):
                    excluded(entry.path)
                elif not _matches(entry.path, True, ignores, ()):
                    stack.append((entry.path, ignores))
            elif other is not None and not ours:
                other(Found(entry.path, False, ignores, excludes))


def exclusions(settings: Settings, exclude: tuple[str, ...] = ()) -> tuple[Patterns, ...]:
    """The patterns of the settings, and of the command line."""
    root = str(settings.root) if settings.root else os.getcwd()
    own = (settings.exclude or ()) + settings.extend_exclude
    pairs = ((root, own), (os.getcwd(), exclude))
    return tuple(Patterns(_base(base), compiled(lines)) for base, lines in pairs if lines)


def excluded(path: str, settings: Settings, exclude: tuple[str, ...] = ()) -> bool:
    """Whether patterns of the settings, or of the command line, exclude the file at `path`."""
    return _matches(path, False, (), exclusions(settings, exclude))


def is_excluded(path: str, settings: Settings, exclude: tuple[str, ...] = ()) -> bool:
    """Whether a file that no walk found is excluded: by a pattern, or by the default names."""
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
    return os.path.exists(directory / ".git")


def _read_patterns(directory: str, name: str) -> Iterator[Patterns]:
    try:
        data = read(os.path.join(directory, name))
    except OSError:
        return
    lines = tuple(data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n"))
    if any(line and not line.startswith("#") for line in lines):
        yield Patterns(_base(directory), compiled(lines))


def _base(directory: str) -> str:
    return directory if directory.endswith(os.sep) else directory + os.sep


def _in_default(path: str, settings: Settings) -> bool:
    """Whether a directory on the way to `path` is excluded by name: from the configuration file,
    or from the root of the file system where that does not stand above it."""
    name = relative(PurePath(path), settings.root or Path.cwd())
    return not DEFAULT_EXCLUDE.isdisjoint(PurePath(name).parent.parts)
