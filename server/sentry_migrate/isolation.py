"""Where this program and its child processes import from: never from the folder that is checked.

`-m` puts the working directory before everything else that is imported from, an empty entry of
PYTHONPATH means it, and any other entry may lie in it. A project's own `queue.py` or `click.py` is
not what we mean, and code of a project is never run.

What Python itself imports before it reaches us (for `-m`, in some versions, `runpy` and what that
needs) cannot be helped from here, nor can a folder `sentry_migrate` in the working directory, which
`-m` prefers to us. `enter` is called before anything else is imported. So this module, and those
that Python loads on the way to it, import nothing that is not loaded yet, and have no `from
__future__`, which is an import like any other.
"""

import os
import sys

_HOME = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
"""The directory this package is in."""

# The package first, from the directory that the parent has it from and no other; then whatever the
# interpreter brings along, which -I and -S leave as its standard library, before the rest.
_CHILD = """\
import sys
sys.path.insert(0, {home!a})
import sentry_migrate
sys.path[:1] = []
sys.path += {path!a}
from {module} import main
main()
"""


def enter() -> None:
    """From now on, import from the standard library and what is installed only."""
    sys.path[:] = _installed((sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix))


def worker() -> tuple[str, ...]:
    """The command that starts a child process to analyse in, in the one way all are started.

    It ignores Python's environment variables, runs no `sitecustomize` and no `.pth` file, and
    imports from where this process would, but from its own standard library first.
    """
    return _child("sentry_migrate.worker.answers")


def command(*arguments: str) -> tuple[str, ...]:
    """What runs `sentry-migrate` with these arguments, started in the same way."""
    return (*_child("sentry_migrate.cli"), *arguments)


def _child(module: str) -> tuple[str, ...]:
    own = () if os.environ.get("PYTHONHOME") else (sys.prefix, sys.base_prefix)
    options = ["-I", "-S"]
    if sys.dont_write_bytecode:
        options.append("-B")
    if sys.flags.utf8_mode:
        options += ["-X", "utf8"]
    if sys.pycache_prefix:
        options += ["-X", f"pycache_prefix={sys.pycache_prefix}"]
    code = _CHILD.format(home=_HOME, path=_installed(own), module=module)
    return (sys.executable, *options, "-c", code)


def _installed(own: tuple[str, ...]) -> list[str]:
    """The entries of `sys.path` that may be imported from; below `own` is what Python has there."""
    here = _place("")
    named = "" if sys.flags.ignore_environment else os.environ.get("PYTHONPATH", "")
    given = {_place(entry) for entry in named.split(os.pathsep)}
    kept: list[str] = []
    last: list[str] = []
    for entry in sys.path:
        place = _place(entry)
        if not os.path.isabs(entry) or (place == here != _HOME):
            continue
        if place == here:
            last.append(entry)  # we are here ourselves, and so may be somebody's `queue.py`
        elif (
            place == _HOME
            or (place not in given and (not _below(place, here) or _below_any(place, own)))
            or _holds_distributions(place)
        ):
            kept.append(entry)
    return kept + last


def _place(entry: str) -> str:
    """Where an entry leads; an empty one is the working directory."""
    try:
        return os.path.realpath(entry)
    except OSError:  # that was deleted, so nothing can be imported from it
        return "\0"


def _below_any(place: str, directories: tuple[str, ...]) -> bool:
    return any(_below(place, os.path.realpath(directory)) for directory in directories)


def _below(place: str, directory: str) -> bool:
    return place.startswith(os.path.join(directory, ""))


def _holds_distributions(place: str) -> bool:
    """Whether something was installed there, as `pip install --target` does it, say."""
    try:
        return any(name.endswith(".dist-info") for name in os.listdir(place))
    except OSError:
        return False  # not there, or a zip file
