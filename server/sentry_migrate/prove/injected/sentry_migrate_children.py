"""Gives processes that are started with an environment of their own what the recorder needs."""

from __future__ import annotations

import functools
import importlib
import os
from collections.abc import Callable, Mapping
from typing import Any

_PREFIX = "SENTRY_MIGRATE_"
_TEST = "SENTRY_MIGRATE_TEST"
_ENV = 10
"""Where `env` stands among the arguments of `Popen`, without the instance."""

_recorder = importlib.import_module("sentry_migrate_recorder")
_ours = {
    name: value for name, value in os.environ.items() if name.startswith(_PREFIX) and name != _TEST
}
_lists = (
    ("PYTHONPATH", os.pathsep, os.environ.get("SENTRY_MIGRATE_OVERLAY", "")),
    ("PYTEST_PLUGINS", ",", "sentry_migrate_pytest"),
)


def completed(env: Any) -> Any:
    """An environment with what is missing; the same one where nothing is. None is this process's,
    from which a test may have removed it."""
    given = os.environ if env is None else env
    if not isinstance(given, Mapping):
        return env
    known = {os.fsdecode(name): os.fsdecode(value) for name, value in given.items()}
    missing = {name: value for name, value in _ours.items() if name not in known}
    test = _recorder.current.test
    if test and known.get(_TEST) != test:  # it may be a copy that an earlier test made
        missing[_TEST] = test
    for name, separator, first in _lists:
        have = [one for one in known.get(name, "").split(separator) if one]
        if first.split(separator)[0] not in have:
            missing[name] = separator.join([first, *have])
    if not missing:
        return env
    rest = {name: value for name, value in given.items() if os.fsdecode(name) not in missing}
    return {**rest, **missing}


def complete_popen(module: Any) -> None:
    """Of `subprocess`, which `asyncio` uses, too."""
    start = module.Popen.__init__

    @functools.wraps(start)
    def init(self: Any, *args: Any, **named: Any) -> None:
        if len(args) > _ENV:
            args = (*args[:_ENV], completed(args[_ENV]), *args[_ENV + 1 :])
        else:
            named["env"] = completed(named.get("env"))
        start(self, *args, **named)

    module.Popen.__init__ = init


def complete_os() -> None:
    """`os.exec*()` and `os.spawn*()` with an environment call `os.execve()`."""
    for name in ("execve", "posix_spawn", "posix_spawnp"):
        if hasattr(os, name):
            setattr(os, name, _with_environment(getattr(os, name)))


def _with_environment(start: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(start)
    def started(path: Any, argv: Any, env: Any, *rest: Any, **named: Any) -> Any:
        return start(path, argv, completed(env), *rest, **named)

    return started
