"""What is bundled is pinned, and what is pinned is what the project asks for."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from client.conftest import SCRIPTS

from bundle_lock import (  # isort: skip  # found where client.conftest put it
    LOCK,
    NATIVE,
    PYTHONS,
    ROOT,
    TARGETS,
    Pin,
    read,
    required,
    unmet,
    write,
)

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PINS = read(LOCK.read_text(encoding="utf-8"))


def test_the_lock_satisfies_the_project() -> None:
    program = [sys.executable, str(SCRIPTS / "bundle_lock.py"), "--check"]
    done = subprocess.run(program, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("requirement", "reason"),
    [
        ("pygls>=3", "pygls>=3: the lock has 2.1.1"),
        ("Py.GLS<2", "Py.GLS<2: not in the lock"),
        ("Markdown_It.Py<2", "Markdown_It.Py<2: the lock has 4.3.0"),
        ("flask", "flask: not in the lock"),
        ("flask; python_version < '3.11'", 'flask; python_version < "3.11": not in the lock'),
        ("flask; sys_platform == 'win32'", 'flask; sys_platform == "win32": not in the lock'),
        ("flask; python_version < '3.10'", None),
        ("flask; extra == 'dev'", None),
        ("pygls>=2.1.1,<2.2", None),
        ("tomli>=2.0; python_version < '3.11'", None),
    ],
)
def test_what_the_lock_does_not_satisfy(requirement: str, reason: str | None) -> None:
    pins = [
        Pin("pygls", "2.1.1", ()),
        Pin("tomli", "2.5.0", ()),
        Pin("markdown-it-py", "4.3.0", ()),
    ]
    assert unmet([requirement], pins) == ([reason] if reason else [])


def test_there_and_back() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert write(read(text)) == text


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin.name)
def test_every_file_is_known_by_its_hash(pin: Pin) -> None:
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", digest) for digest in pin.hashes)
    if pin.name == NATIVE:
        targets, rest = divmod(len(pin.hashes), len(PYTHONS))
        assert rest == 0, "a target has wheels for some Pythons only"
        assert 0 < targets <= len(TARGETS)
    else:
        assert len(pin.hashes) == 1


def test_the_oldest_python_is_the_projects() -> None:
    run = (ROOT / "vscode-client" / "bundled-src" / "run.py").read_text(encoding="utf-8")
    oldest = re.search(r'^requires-python = ">=(.+)"', PYPROJECT, re.MULTILINE)
    assert oldest
    assert oldest[1] == PYTHONS[0]
    assert f"OLDEST = ({PYTHONS[0].replace('.', ', ')})" in run


def test_what_only_some_pythons_need_is_in_the_lock() -> None:
    assert {"tomli", "exceptiongroup"} <= {pin.name for pin in PINS}
    assert any(line.startswith("tomli") for line in required(PYPROJECT))
