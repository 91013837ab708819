"""The tests that Windows runs are found there: no module needs what only Unix has to be imported."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def collected(*tests: str) -> subprocess.CompletedProcess[str]:
    """What pytest prints that looks for tests where Python has nothing of Unix."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    path = os.pathsep.join((str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")))
    return subprocess.run(
        [*command, "-c", "pyproject.toml", "-p", "contributing.without_unix", *tests],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.timeout(900)
def test_all_tests_are_found_without_what_only_unix_has() -> None:
    done = collected("tests")
    assert re.findall(r"^ERROR .*", done.stdout, re.MULTILINE) == []
    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, done.stdout[-4000:] + done.stderr


@pytest.mark.parametrize(
    "line", ["import fcntl", "import os\nUSER = os.geteuid()", "from signal import SIGKILL"]
)
def test_a_module_that_needs_it_is_not(tmp_path: Path, line: str) -> None:
    module = tmp_path / "test_needs_unix.py"
    module.write_text(f"{line}\n\n\ndef test_it() -> None: ...\n", encoding="utf-8")
    done = collected(str(module))
    assert "ERROR" in done.stdout
