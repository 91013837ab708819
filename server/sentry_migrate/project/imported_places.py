"""Which modules of a project an import runs, by the files that there are."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from sentry_migrate.project.modules import exists, named_place, project_of


class ModulesOnDisk:
    """The modules that there are, each looked up once: for a run in which files neither come nor
    go."""

    def __init__(self) -> None:
        self._modules: dict[str, bool] = {}
        self._directories: dict[str, bool] = {}
        self._roots: dict[str, tuple[str, ...]] = {}

    def imported(self, directory: str, home: str, names: Sequence[str] = ()) -> Iterator[str]:
        """The places of the modules that an import in a file in `directory` runs, as far as they
        are certain: `from home import names`, or `import home`.

        An absolute import means the nearest module above the file, up to the root of its project.
        """
        name = home.lstrip(".")
        first, _, more = name.partition(".")
        if name == home and first in sys.stdlib_module_names:
            return
        for root in (directory,) if name != home else self._above(directory):
            start = named_place(root, home[: len(home) - len(name)]) if name != home else root
            within = f"{start}{os.sep}{first}" if name else start
            if not self._is_module(within) and not self._is_directory(within):
                continue
            places = [within]
            for part in more.split(".") if more else ():
                within = f"{within}{os.sep}{part}"
                places.append(within)
            places += (f"{within}{os.sep}{one}" for one in names if one != "*")
            there = [place for place in places if self._is_module(place)]
            if there or self._is_directory(within):
                yield from there
                return

    def _above(self, directory: str) -> tuple[str, ...]:
        """Where the modules of a project may lie, from `directory` up."""
        if directory not in self._roots:
            last = project_of(directory)
            found = []
            at = directory
            while True:
                found += [at, os.path.join(at, "src")]
                above = os.path.dirname(at)
                if at in (last, above):
                    break
                at = above
            self._roots[directory] = tuple(found)
        return self._roots[directory]

    def _is_module(self, place: str) -> bool:
        known = self._modules.get(place)
        if known is None:
            known = self._modules[place] = exists(place)
        return known

    def _is_directory(self, path: str) -> bool:
        known = self._directories.get(path)
        if known is None:
            known = self._directories[path] = os.path.isdir(path)
        return known
