"""Which scope of 2.x takes the place of 1.x's one: makes the table that members are asked in.

    python tests/differential/scope_members.py

uses each member of 1.x's `Scope` in 1.x and on each scope of several 2.x releases, and compares.
Owns the table's form; what a use does on one SDK, `inside/scope_members.py` tells.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from differential.environments import HERE, OLD, RELEASES, install
from sentry_migrate.sdk.scope_members import TABLE

PROBE = HERE / "inside" / "scope_members.py"
Probed = dict[str, dict[str, Any]]
_NOTHING = (None, [], {})


def probed(version: str, members: Sequence[str] = ()) -> Probed:
    """What each member does on each scope of a release; of 1.x's own members if none are given."""
    base = install(version)
    done = subprocess.run(
        [str(base / "frameworks" / "bin" / "python"), "-W", "ignore", str(PROBE)],
        check=True,
        input=json.dumps(members).encode(),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(base / version), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=600,
    )
    return dict(json.loads(done.stdout))


def places(old: Probed, new: Probed, name: str) -> list[set[str]]:
    """By use of a member and state, the scopes of 2.x on which all is as on 1.x's."""
    result = []
    for at, use in enumerate(old[name]["hub"]):
        if all(str(state[0]).startswith("raises") for state in use):
            continue  # a property that can only be set
        if not _seen(use, old[""]["hub"][0]):
            result.append(set())
            continue
        for state, found in enumerate(use):
            result.append(
                {
                    scope
                    for scope in ("current", "isolation")
                    if new[name][scope] is not None and new[name][scope][at][state] == found
                }
            )
    return result or [set()]


def _seen(use: list[Any], baseline: list[Any]) -> bool:
    """Whether anything is seen of a use: it gives something, or something else is sent."""
    return any(
        state[0] not in _NOTHING or state[1:] != plain[1:]
        for state, plain in zip(use, baseline, strict=True)
    )


def home(found: Sequence[set[str]], function: str | None) -> str:
    """The scope that a member is of, in the words of the table."""
    everywhere = set.intersection(*found)
    if len(everywhere) == 2:
        return "either"
    if everywhere:
        return everywhere.pop()
    return "rather current" if function or {"current"} in found else "neither"


def table(old: Probed, releases: Sequence[Probed]) -> dict[str, list[str]]:
    """By scope, the members; and those with which a pushed scope is as 1.x's is."""
    result: dict[str, list[str]] = {}
    for name in sorted(old.keys() - {""}):
        found = [one for new in releases for one in places(old, new, name)]
        where = home(found, releases[-1][name]["function"])
        result.setdefault(where, []).append(name)
        if where != "neither" and all(
            new[name]["pushed"] == old[name]["pushed"] for new in releases
        ):
            result.setdefault("pushed", []).append(name)
    return dict(sorted(result.items()))


def main() -> None:
    """Write the table anew."""
    old = probed(OLD)
    names = sorted(old.keys() - {""})
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        releases = list(pool.map(lambda release: probed(release, names), RELEASES))
    found = table(old, releases)
    TABLE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
