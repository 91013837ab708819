from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "vscode-client" / "scripts"
sys.path.insert(0, str(SCRIPTS))  # the scripts import each other by name


def make(output: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run bundle.py."""
    program = [sys.executable, str(SCRIPTS / "bundle.py"), f"--output={output}", *options]
    return subprocess.run(program, capture_output=True, text=True)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of this run alone, whichever of its processes asks."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def bundle(shared: Path) -> Path:
    """The bundle for this machine, made once; not to be changed."""
    fcntl = pytest.importorskip("fcntl", reason="pythons are run as on Unix")
    output = shared / "bundled"
    with (shared / "bundled.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.exists():
            done = make(output)
            assert done.returncode == 0, done.stderr
    return output
