"""Since when each name of sentry-sdk is there: makes the table that every inserted name is asked in.

    python tests/differential/releases.py

downloads every 2.x release that the table is to cover, once, and reads what each has. Owns the
table's form; what one release has, `inside/inventory.py` tells.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from differential.environments import HERE, ROOT, install
from sentry_migrate.project.versions import FIRST, LATEST, parse_version
from sentry_migrate.sdk.releases import TABLE

INVENTORY = HERE / "inside" / "inventory.py"


def published() -> list[str]:
    """The 2.x releases up to the newest that the rewrites are proved on, oldest first."""
    return [word for word in listed() if FIRST <= parse_version(word) <= LATEST]


def listed() -> list[str]:
    """Every 2.x release, oldest first, younger ones than the rewrites are proved on too."""
    command = [sys.executable, "-m", "pip", "index", "versions", "sentry-sdk"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    line = next(line for line in told.splitlines() if line.startswith("Available versions: "))
    found = [word for word in line.partition(": ")[2].split(", ") if word.startswith("2.")]
    return sorted(found, key=parse_version)


def wheel(version: str) -> Path:
    """The release as pip hands it out, which Python can import from as it is."""
    store = ROOT / ".cache" / "releases"
    pattern = f"sentry_sdk-{version}-*.whl"
    if not any(store.glob(pattern)):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*command, "--dest", str(store), f"sentry-sdk=={version}"], check=True)
    return next(store.glob(pattern))


def inventory(path: Path) -> frozenset[str]:
    """Every public name of the SDK at `path`, a directory or a wheel."""
    python = install() / "frameworks" / "bin" / "python"
    done = subprocess.run(
        [str(python), "-W", "ignore", str(INVENTORY)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=300,
    )
    return frozenset(json.loads(done.stdout))


def since(found: Sequence[tuple[str, frozenset[str]]]) -> dict[str, str]:
    """By name, the first of the releases from which on all have it; of what the last one has."""
    result: dict[str, str] = {}
    for at, (_, names) in reversed(list(enumerate(found))):
        after = found[at + 1][1] if at + 1 < len(found) else frozenset()
        newest = at + 1 == len(found)
        for name in names:
            if newest or (name in after and result.get(name) == found[at + 1][0]):
                result[name] = found[at][0]
    return result


def table(since: Mapping[str, str]) -> str:
    """The file: by release, the names that are there from it on, a line for each."""
    releases: dict[str, list[str]] = {}
    for name, release in sorted(since.items()):
        releases.setdefault(release, []).append(name)
    ordered = dict(sorted(releases.items(), key=lambda item: parse_version(item[0])))
    return json.dumps(ordered, indent=0) + "\n"


def main() -> None:
    """Write the table anew."""
    releases = published()
    wheels = [wheel(version) for version in releases]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(zip(releases, pool.map(inventory, wheels), strict=True))
    TABLE.write_text(table(since(found)), encoding="utf-8")


if __name__ == "__main__":
    main()
