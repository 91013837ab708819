"""A copy has what tests need, and nothing that would lead them back to the project."""

from __future__ import annotations

import os
from pathlib import Path

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
