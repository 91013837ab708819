"""Whoever builds a release from the same sources gets the same bytes, wherever and whenever."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from contributing.test_contributing import LEFT_OUT, ROOT

pytestmark = [
    pytest.mark.network,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform == "win32", reason="modes of files are as on Unix"),
]
CLIENT = "vscode-client"
MODULES = ROOT / CLIENT / "node_modules"
LEFT = ("bundled/old.py", "dist/old.js", "LICENSE", "CHANGELOG.md")
"""What building the extension leaves in its folder."""
HERE = {"TZ": "America/Lima", "LC_ALL": "C"}
ELSEWHERE = {"TZ": "Asia/Tokyo", "LC_ALL": "en_US.UTF-8"}


def run(command: Sequence[str | Path], root: Path, env: dict[str, str]) -> None:
    plain = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(command, cwd=root, env={**plain, **env}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def checkouts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two copies of the sources. The second has other modes and times, and what builds leave."""
    roots = [tmp_path_factory.mktemp(name) / "project" for name in ("here", "elsewhere")]
    for root in roots:
        shutil.copytree(ROOT, root, ignore=LEFT_OUT)
        for name in LEFT:
            (root / CLIENT / name).unlink(missing_ok=True)
        for folder in ("bundled", "dist"):
            shutil.rmtree(root / CLIENT / folder, ignore_errors=True)
        (root / ".cache").mkdir()
        (root / ".cache/bundle").symlink_to(ROOT / ".cache/bundle")
        if MODULES.exists():
            (root / CLIENT / "node_modules").symlink_to(MODULES)
    (ROOT / ".cache/bundle").mkdir(parents=True, exist_ok=True)
    for path in roots[1].rglob("*"):
        if not path.is_symlink() and "node_modules" not in path.parts:
            path.chmod(path.stat().st_mode & 0o700)  # as with a umask of 077
            os.utime(path, (1_000_000_000, 1_000_000_000))
    for name in LEFT:
        (roots[1] / CLIENT / name).parent.mkdir(exist_ok=True)
        (roots[1] / CLIENT / name).write_text("left over")
    return roots


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_wheel_and_the_source_distribution(checkouts: list[Path], tmp_path: Path) -> None:
    backend = tmp_path / "backend"
    install = ["-m", "pip", "install", "--quiet", f"--target={backend}", "hatchling"]
    run([sys.executable, *install], ROOT, {})
    for root, env in zip(checkouts, (HERE, ELSEWHERE), strict=True):
        build = ["-m", "hatchling", "build", "-d", str(root / "made")]
        run([sys.executable, *build], root, {**env, "PYTHONPATH": str(backend)})
    first, second = (digests(root / "made") for root in checkouts)
    assert len(first) == 2
    assert first == second


@pytest.mark.skipif(not MODULES.exists(), reason="npm ci --ignore-scripts has not run")
def test_the_extension(checkouts: list[Path]) -> None:
    for root, env in zip(checkouts, (HERE, ELSEWHERE), strict=True):
        (root / "package").mkdir()
        script = root / CLIENT / "scripts/package.mjs"
        # Looking for secrets, which `npm run package` does, takes most of the time.
        options = ["--out", root / "package/it.vsix", "--allow-package-all-secrets"]
        run(["node", script, *options], root, {**env, "PYTHON": sys.executable})
    first, second = (digests(root / "package") for root in checkouts)
    assert len(first) == 1
    assert first == second
