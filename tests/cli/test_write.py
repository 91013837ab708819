"""A file is replaced wholly or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sentry_migrate.project import atomic_write

ROOT_USER = hasattr(os, "geteuid") and os.geteuid() == 0
WINDOWS = pytest.mark.skipif(os.name == "nt", reason="files have other permissions and locks there")


def leftovers(directory: Path) -> list[str]:
    """Names in `directory` but for the file itself and the repository."""
    return sorted(path.name for path in directory.iterdir() if path.name not in ("a.py", ".git"))


def test_a_file_that_changed_meanwhile_is_left_alone(here: Path) -> None:
    (here / "a.py").write_bytes(b"newer")
    with pytest.raises(atomic_write.ChangedError):
        atomic_write.replace("a.py", b"older", b"fixed")
    assert (here / "a.py").read_bytes() == b"newer"
    assert leftovers(here) == []


def test_a_file_that_is_what_was_wanted_already_is_left_alone(here: Path) -> None:
    (here / "a.py").write_bytes(b"fixed")
    (here / "a.py").chmod(0o444)
    before = (here / "a.py").stat()
    atomic_write.replace("a.py", b"older", b"fixed")
    assert (here / "a.py").stat() == before
    assert leftovers(here) == []


def test_a_file_that_is_gone_is_not_made(here: Path) -> None:
    with pytest.raises(FileNotFoundError):
        atomic_write.replace("a.py", b"older", b"fixed")
    assert leftovers(here) == []
    assert not (here / "a.py").exists()


@pytest.mark.parametrize("step", ["replace", "chmod"])
def test_a_failure_on_the_way_leaves_the_old_file_and_nothing_else(
    here: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    (here / "a.py").write_bytes(b"old")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, step, refuse)
    with pytest.raises(PermissionError):
        atomic_write.replace("a.py", b"old", b"fixed")
    assert (here / "a.py").read_bytes() == b"old"
    assert leftovers(here) == []


def test_a_read_only_file_is_left_alone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a.py").write_bytes(b"old")
    (here / "a.py").chmod(0o444)
    if ROOT_USER:  # nothing is read-only for root; ask as if we were not
        monkeypatch.setattr(os, "access", lambda path, mode: os.stat(path).st_mode & 0o222 != 0)
    with pytest.raises(PermissionError):
        atomic_write.replace("a.py", b"old", b"fixed")
    assert (here / "a.py").read_bytes() == b"old"


@pytest.mark.skipif(ROOT_USER, reason="root may write anywhere")
@WINDOWS
def test_a_read_only_directory_is_left_alone(here: Path) -> None:
    (here / "a.py").write_bytes(b"old")
    here.chmod(0o555)
    try:
        with pytest.raises(PermissionError):
            atomic_write.replace("a.py", b"old", b"fixed")
    finally:
        here.chmod(0o755)
    assert (here / "a.py").read_bytes() == b"old"


@WINDOWS
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o640])
def test_permissions_stay(here: Path, mode: int) -> None:
    (here / "a.py").write_bytes(b"old")
    (here / "a.py").chmod(mode)
    atomic_write.replace("a.py", b"old", b"fixed")
    assert (here / "a.py").read_bytes() == b"fixed"
    assert stat.S_IMODE((here / "a.py").stat().st_mode) == mode
    assert leftovers(here) == []


def test_a_link_stays_a_link(here: Path) -> None:
    (here / "real").mkdir()
    (here / "real/b.py").write_bytes(b"old")
    (here / "a.py").symlink_to("real/b.py")
    atomic_write.replace("a.py", b"old", b"fixed")
    assert (here / "a.py").is_symlink()
    assert (here / "real/b.py").read_bytes() == b"fixed"


@WINDOWS
def test_readers_see_the_old_file_or_the_new_one(here: Path) -> None:
    (here / "a.py").write_bytes(b"old")
    with open(here / "a.py", "rb") as reader:
        atomic_write.replace("a.py", b"old", b"fixed")
        assert reader.read() == b"old"
    assert (here / "a.py").read_bytes() == b"fixed"
