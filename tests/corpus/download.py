"""Published packages, as pip pins them by hash, unpacked into a directory."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path


def unpack(pins: Path, wheels: Path, target: Path, *, apart: bool = False) -> Path:
    """Download the wheels that the requirement file `pins` names and unpack them into `target`.

    With `apart`, each package gets a directory of its own, named as in `pins`.
    """
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    where = ["--only-binary=:all:", "--dest", str(wheels), "-r", str(pins)]
    subprocess.run([*pip, *where], check=True, timeout=600)
    names = {
        _normal(line.partition("==")[0]): line.partition("==")[0]
        for line in pins.read_text().splitlines()
        if "==" in line
    }
    for wheel in sorted(wheels.iterdir()):
        package = names[_normal(wheel.name.split("-", 1)[0])]
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target / package if apart else target)
    return target


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
