"""Since when each name of 1.x is not as it was: makes the table that rules ask for removed names.

    python tests/differential/changes.py

downloads every 2.x release up to the newest that the rewrites are proved on, once, and compares
each with 1.x. Owns the table's form; what a difference is, `differences.py` knows.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from differential.differences import differences
from differential.environments import OLD, install
from differential.releases import published, wheel
from differential.surface import Definition, Surface, lookup, read
from sentry_migrate.sdk.changes import (
    MODULES,
    MOVED,
    PARAMETERS,
    REEXPORTS,
    REMOVED,
    TABLE,
    VALUES,
)

KINDS = {
    "module removed": MODULES,
    "import removed": REEXPORTS,
    "moved": MOVED,
    "removed": REMOVED,
    "value": VALUES,
    "parameter removed": PARAMETERS,
    "parameter place": PARAMETERS,
    "parameter required": PARAMETERS,
}
Entries = dict[tuple[str, str], str]
"""By kind and name, what the table says besides."""


def release(path: Path) -> Surface:
    """What the release in a wheel has."""
    with tempfile.TemporaryDirectory() as directory, zipfile.ZipFile(path) as opened:
        opened.extractall(directory)
        return read(Path(directory) / "sentry_sdk")


def entries(old: Surface, new: Surface) -> Entries:
    """What a release has no more as it was, as far as the table has it."""
    return {(kind, name): where for kind, name, where in _entries(old, new)}


def _entries(old: Surface, new: Surface) -> Iterator[tuple[str, str, str]]:
    for one in differences(old, new):
        kind = KINDS.get(one.kind)
        if kind == PARAMETERS:
            function = one.name.partition("(")[0]
            before, after = lookup(old, function), lookup(new, function)
            # A method is found by its class's rules, and the parameters of `init()` are options.
            if before is not None and after is not None and before.kind != "class":
                yield kind, function, f"{_written(before)} → {_written(after)}"
        elif kind is not None:
            yield kind, one.name, "" if kind == MODULES else one.detail


def _written(function: Definition) -> str:
    marks = {"*": "*", "**": "**"}
    return ", ".join(marks.get(one.kind, "") + one.name for one in function.parameters)


def table(found: Sequence[tuple[str, Entries]]) -> str:
    """The file, of the releases, oldest first: by kind and release, the names that changed then."""
    since: dict[tuple[str, str], str] = {}
    last = found[-1][1]
    after = ""
    for version, known in reversed(found):
        for key in last:
            if since.get(key, "") == after and _is_changed(known, key[1]):
                since[key] = version
        after = version
    result: dict[str, dict[str, dict[str, str]]] = {}
    order = [version for version, _ in found]
    for key, version in sorted(since.items(), key=lambda item: (order.index(item[1]), item[0])):
        result.setdefault(key[0], {}).setdefault(version, {})[key[1]] = last[key]
    return json.dumps(dict(sorted(result.items())), indent=0, ensure_ascii=False) + "\n"


def _is_changed(known: Entries, name: str) -> bool:
    """Whether a release has the name no more as it was, whatever became of it later."""
    kinds = (PARAMETERS, VALUES, MOVED, REMOVED, REEXPORTS)
    modules = accumulate(name.split("."), "{}.{}".format)
    return any((kind, name) in known for kind in kinds) or any(
        (MODULES, module) in known for module in modules
    )


@cache
def _old() -> Surface:
    return read(install(OLD) / OLD / "sentry_sdk")


def _of(version: str) -> tuple[str, Entries]:
    return version, entries(_old(), release(wheel(version)))


def main() -> None:
    """Write the table anew."""
    versions = published()
    for version in versions:
        wheel(version)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(_of, versions))
    TABLE.write_text(table(found), encoding="utf-8")


if __name__ == "__main__":
    main()
