"""Runs tests on mutants, each in a process of its own that dies with it."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import CodeType, ModuleType

from mutants import compiled

MEMORY = 4 << 30
"""Bytes a mutant may take: one that never stops collecting must not cost the machine."""

PASSED, FAILED, INTERRUPTED, UNUSABLE = 0, 1, 2, 4
"""Exit codes of pytest; a mutant that cannot be imported interrupts the collection, or makes a
conftest.py unusable that imports it."""


class BrokenError(Exception):
    """The tests say nothing about mutants, because they fail or find nothing without one."""


def where(module: str) -> Path:
    """The file of a module. Raises ValueError if there is none.

    Nothing is imported: a mutant would not replace what is there already.
    """
    package, *parts = module.split(".")
    spec = importlib.util.find_spec(package)
    for place in spec.submodule_search_locations or () if spec is not None else ():
        path = Path(place, *parts).with_suffix(".py")
        if path.is_file():
            return path
    raise ValueError(f"there is no module {module}")


def baseline(module: str, tests: Sequence[str]) -> float:
    """Seconds the tests take without a mutant. Raises BrokenError if they do not pass."""
    began = time.monotonic()
    process = _start(module, None, tests)
    process.join()
    if process.exitcode != PASSED:
        command = f"python -m pytest {' '.join(tests)}"
        raise BrokenError(f"the tests of {module} do not pass without a mutant: {command}")
    return time.monotonic() - began


def survivors(
    module: str, numbers: Sequence[int], tests: Sequence[str], jobs: int, seconds: float
) -> Iterator[tuple[int, bool]]:
    """Each number and whether its mutant survived, as they end, `jobs` at a time.

    One that takes longer than `seconds` has not survived: somebody would notice.
    """
    todo = list(reversed(numbers))
    running: dict[BaseProcess, tuple[int, float]] = {}
    try:
        while todo or running:
            while todo and len(running) < jobs:
                number = todo.pop()
                running[_start(module, number, tests)] = (number, time.monotonic() + seconds)
            wait([process.sentinel for process in running], timeout=1)
            for process, (number, end) in list(running.items()):
                if process.is_alive() and time.monotonic() < end:
                    continue
                late = process.is_alive()
                process.kill()
                process.join()
                del running[process]
                if not late and process.exitcode not in (PASSED, FAILED, INTERRUPTED, UNUSABLE):
                    late = process.exitcode is not None and process.exitcode < 0  # killed: memory
                    if not late:
                        raise BrokenError(
                            f"pytest ended with {process.exitcode} on mutant {number}"
                        )
                yield number, not late and process.exitcode == PASSED
    finally:
        for process in running:
            process.kill()
            process.join()


def _start(module: str, number: int | None, tests: Sequence[str]) -> BaseProcess:
    # A fork has pytest and the parser imported already, and nothing of ours.
    process = multiprocessing.get_context("fork").Process(
        target=_test, args=(module, number, tests), daemon=True
    )
    process.start()
    return process


def _test(module: str, number: int | None, tests: Sequence[str]) -> None:
    import resource

    import pytest
    from hypothesis import Phase, settings

    # The first failure is enough, and a score is the same at each run. Profiles that tests load
    # themselves build on this one.
    settings.register_profile(
        "mutants",
        phases=(Phase.explicit, Phase.generate),
        derandomize=True,
        database=None,
        deadline=None,
    )
    settings.load_profile("mutants")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    if number is not None:
        path = where(module)
        code = compiled(path.read_text(encoding="utf-8"), number, str(path))
        sys.meta_path.insert(0, _Finder(module, path, code))
    options = ["-x", "-q", "-m", "not slow", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=no"]
    os._exit(int(pytest.main([*options, *tests])))


class _Finder(importlib.abc.MetaPathFinder):
    """Gives one module other code than its file has."""

    def __init__(self, module: str, path: Path, code: CodeType) -> None:
        self._module = module
        self._path = path
        self._code = code

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._module:
            return None
        loader = _Loader(fullname, str(self._path), self._code)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, code: CodeType) -> None:
        super().__init__(fullname, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        return self._code
