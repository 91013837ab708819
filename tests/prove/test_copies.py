"""A copy has what tests need, and nothing that would lead them back to the project."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cli.conftest import write_tree
from sentry_migrate.prove.copies import copy_project

KEPT = ("app.py", "a b/ü.py", ".env", "data/.git-keep", "env.py", "sub/module.py")
LEFT = (".git/HEAD", ".venv/x", ".tox/x", "sub/.git", "mine/pyvenv.cfg", "a/__pycache__/x.pyc")


def test_what_is_copied(tmp_path: Path) -> None:
    write_tree(tmp_path / "project", dict.fromkeys((*KEPT, *LEFT), ""))
    (tmp_path / "project" / "link").symlink_to("nowhere")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "project" / "pipe")
    copy_project(str(tmp_path / "project"), str(tmp_path / "copy"))
    found = {path.relative_to(tmp_path / "copy").as_posix() for path in tmp_path.glob("copy/**/*")}
    files = {name for name in found if not (tmp_path / "copy" / name).is_dir()}
    assert files == {*KEPT, "link"}


LINKS = {
    # where it stands and leads → where it leads in the copy; None if it is the same
    ("link", "../beside.txt"): "beside.txt",
    ("sub/deep/link", "../../../beside.txt"): "beside.txt",
    ("folder", "../other"): "other",
    ("sub/up", "../app.py"): None,
    ("sub/back", "../../project/app.py"): None,
    ("nowhere", "gone"): None,
    ("gone", "../gone"): "gone",
    ("here", "."): None,
}


@pytest.mark.skipif(sys.platform == "win32", reason="not everyone may make links")
def test_links_out_of_the_project_lead_where_they_led(tmp_path: Path) -> None:
    write_tree(tmp_path, {"project/app.py": "", "beside.txt": "b", "other/x.txt": "x"})
    for name, target in LINKS:
        link = tmp_path / "project" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
    copy_project(str(tmp_path / "project"), str(tmp_path / "scratch" / "project"))
    for (name, target), wanted in LINKS.items():
        found = os.readlink(tmp_path / "scratch" / "project" / name)
        assert found == (target if wanted is None else str(tmp_path / wanted))
    assert (tmp_path / "scratch/project/folder/x.txt").read_text() == "x"
