"""A project under git, from the first run to done: its tests pass on the real 2.x at each commit, and
`undo` leads back to the first byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.conftest import SERVER, read_tree, write_tree
from differential.environments import NEW, install
from sentry_migrate.report.stages import UNCHECKED

pytestmark = pytest.mark.network

NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": [
                "%matplotlib inline\n",
                "from sentry_sdk import configure_scope\n",
                "\n",
                "def tag(value):\n",
                "    with configure_scope() as scope:\n",
                "        scope.set_tag('cell', value)",
            ],
        }
    ],
    "metadata": {"language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
SHOP = {
    "requirements.txt": "sentry-sdk>=1.40,<2\n",
    "pyproject.toml": '[project]\nname = "shop"\n',
    "shop/__init__.py": "",
    "shop/views.py": """\
import sentry_sdk
from sentry_sdk import push_scope


def view(tenant):
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("tenant", tenant)
    sentry_sdk.capture_message("viewed")


def pay(order):
    with push_scope() as scope:
        scope.set_tag("order", order)
        sentry_sdk.capture_message("paid")
    sentry_sdk.capture_message("done")
""",
    "shop/settings.py": """\
import sentry_sdk

SENT = []


def keep(event, hint):
    SENT.append((event["message"], sorted(event.get("tags", {}).items())))


def start():
    sentry_sdk.init("https://a@example.com/1", before_send=keep, default_integrations=False)


start()
with sentry_sdk.configure_scope() as scope:
    scope.set_tag("part", "shop")
""",
    "notes/tag.ipynb": json.dumps(NOTEBOOK, indent=1) + "\n",
    "tests/__init__.py": "",
    "tests/test_shop.py": """\
import unittest

from shop import settings, views


class Shop(unittest.TestCase):
    def test_what_is_sent(self):
        views.view("a")
        views.pay(3)
        own = [("part", "shop"), ("tenant", "a")]
        paid = sorted([*own, ("order", 3)])
        assert settings.SENT == [("viewed", own), ("paid", paid), ("done", own)], settings.SENT
""",
}
STAGES = (
    "Require sentry-sdk 2.x",
    "Migrate to sentry-sdk 2.x: 3 fixes",
    "Migrate to sentry-sdk 2.x: ",
)
MOST = 8
"""More stages than any project has."""


def test_each_commit_is_green_and_the_way_leads_back(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write_tree(tmp_path, SHOP)
    state = tmp_path_factory.mktemp("state")
    names = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "A"), ("EMAIL", "a@example.com"))
    }
    env = {**os.environ, **names, "SENTRY_MIGRATE_STATE_DIR": str(state)}

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
        )
        return done.stdout

    def tool(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sentry_migrate", *arguments],
            cwd=tmp_path, env={**env, "PYTHONPATH": str(SERVER)}, input="y\ny\ny\n",
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "Start")
    before = files(tmp_path)
    for _ in range(MOST):
        ran = tool("next")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        if all(line in ran.stdout for line in UNCHECKED):
            break
    else:
        raise AssertionError(ran.stdout)
    assert git("status", "--porcelain") == ""
    assert b"configure_scope" not in b"".join(files(tmp_path).values())
    commits = git("log", "--reverse", "--format=%H").split()
    subjects = git("log", "--reverse", "--format=%s").splitlines()
    assert [one.startswith(stage) for one, stage in zip(subjects[1:], STAGES, strict=True)] == [
        True
    ] * 3
    base = install(NEW)
    for commit in commits:
        tree = tmp_path_factory.mktemp("commit")
        git("worktree", "add", "--quiet", "--detach", str(tree), commit)
        tested = subprocess.run(
            [str(base / "frameworks/bin/python"), "-m", "unittest", "discover", "-s", "tests", "-t", "."],
            cwd=tree, env={**os.environ, "PYTHONPATH": str(base / NEW), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert tested.returncode == 0, f"{commit}\n{tested.stderr}"
        assert "Ran 1 test" in tested.stderr
    while tool("undo").returncode == 0:
        pass
    assert files(tmp_path) == before


def files(root: Path) -> dict[str, bytes]:
    """What is in the working tree."""
    return {name: data for name, data in read_tree(root).items() if not name.startswith(".git/")}
