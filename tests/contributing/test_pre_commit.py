"""The hooks for pre-commit: which files they are given, and what they make of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from cli.conftest import write_tree
from cli.samples import AFTER, BEFORE
from project.test_mentions import NAMES
from sentry_migrate.project.dependency_files import kind_of
from sentry_migrate.project.modules import is_python
from sentry_migrate.text.notebook import is_notebook

ROOT = Path(__file__).parents[2]
HOOKS = {
    one["id"]: one
    for one in YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_is_given_what_the_command_reads(hook: str) -> None:
    given = re.compile(HOOKS[hook]["files"])
    names = [*NAMES, "a.ipynb", "a/b.ipynb", "ipynb", "a.ipynb.txt", "a_ipynb"]
    read = [one for one in names if is_python(one) or is_notebook(one) or kind_of(one) is not None]
    assert len(read) > 100
    assert [name for name in names if given.search(name)] == read


TREE = {
    "app.py": BEFORE,
    "use.py": "from obs import push_scope\nwith push_scope() as scope:\n    scope.set_tag('a', 'b')\n",
    "obs.py": "from sentry_sdk import push_scope\n",
    "requirements.txt": "sentry-sdk==1.40.0\n",
    "notes.txt": "sentry-sdk==1.40.0\n",
    "book.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": BEFORE}], "nbformat": 4}),
}
PLACE = re.compile(r"^[^\s:]+:(?:cell \d+:)?\d+:\d+: \w+", re.MULTILINE)


@pytest.fixture(scope="module")
def pre_commit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real program, in an environment of its own."""
    home = tmp_path_factory.mktemp("pre-commit")
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    python = home / "bin/python"
    subprocess.run([python, "-m", "pip", "install", "-q", "pre-commit==4.7.0"], check=True)
    return home / "bin/pre-commit"


@pytest.mark.network
@pytest.mark.skipif(sys.platform == "win32", reason="the paths are those of a POSIX system")
def test_the_real_program_finds_what_the_command_finds(pre_commit: Path, tmp_path: Path) -> None:
    write_tree(tmp_path, TREE)
    env = {**os.environ, "PRE_COMMIT_HOME": str(pre_commit.parent.parent / "cache")}
    env |= {"SENTRY_MIGRATE_CACHE_DIR": str(tmp_path.parent / "cache")}
    env.pop("PYTHONPATH", None)

    def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=600
        )

    assert run("git", "init", "-q").returncode == 0
    assert run("git", "add", ".").returncode == 0
    checked = run(sys.executable, "-m", "sentry_migrate", "check", "--output-format=concise", ".")
    places = set(PLACE.findall(checked.stdout))
    assert {place.partition(":")[0] for place in places} == TREE.keys() - {"notes.txt"}
    found = run(pre_commit, "try-repo", str(ROOT), "sentry-migrate", "--all-files")
    assert found.returncode == 1, found.stderr
    assert set(PLACE.findall(found.stdout)) == places
    alone = run(pre_commit, "try-repo", str(ROOT), "sentry-migrate-fix", "--files", "app.py")
    assert alone.returncode == 1, alone.stderr
    assert (tmp_path / "app.py").read_text() == AFTER
    assert (tmp_path / "use.py").read_text() == TREE["use.py"]
