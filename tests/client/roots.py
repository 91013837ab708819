"""Makes the Debian roots whose Pythons run the bundle: `python tests/client/roots.py [SUITE...]`.

Each is a directory below `.cache/roots`, named after its suite, with at least `python3` in it; one
that is there already is left alone, whoever made it. Needs root and debootstrap. The packages come
from wherever this machine's apt takes its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOTS = Path(__file__).parents[2] / ".cache" / "roots"

SUITES = {
    "bullseye": "3.9, which is too old",
    "trixie": "3.13",
    "sid": "the newest",
}
"""What each is for."""


def mirror() -> list[str]:
    """Where apt takes packages from; nothing if that cannot be told, and debootstrap chooses."""
    for file in sorted(Path("/etc/apt").glob("sources.list*/*.sources")):
        found = re.search(r"^URIs:\s*(\S+/debian/?)(\s|$)", file.read_text(), re.MULTILINE)
        if found:
            return [found[1]]
    listed = Path("/etc/apt/sources.list")
    lines = listed.read_text() if listed.exists() else ""
    found = re.search(r"^deb\s+(?:\[.*?\]\s+)?(\S+/debian/?)\s", lines, re.MULTILINE)
    return [found[1]] if found else []


def make(suite: str) -> None:
    """Make a root. Raises CalledProcessError; then there is none, and not half of one."""
    unfinished = ROOTS / f"{suite}.{os.getpid()}"
    ROOTS.mkdir(parents=True, exist_ok=True)
    base = ["debootstrap", "--variant=minbase", "--include=ca-certificates,python3"]
    try:
        subprocess.run([*base, suite, str(unfinished), *mirror()], check=True, stdout=sys.stderr)
        unfinished.rename(ROOTS / suite)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def main(suites: Sequence[str]) -> int:
    """The exit code: 1 if a root could not be made."""
    failed = []
    for suite in suites or SUITES:
        try:
            if not (ROOTS / suite / "usr/bin/python3").exists():
                make(suite)
        except (OSError, subprocess.CalledProcessError) as error:
            failed.append(f"{suite}: {error}")
    for line in failed:
        print(line, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
