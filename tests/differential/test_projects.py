"""Projects of several files on the real SDK: what ran before one file is fixed, runs after it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.conftest import inline
from differential.environments import NEW, install
from sentry_migrate.cli.commands import cli
from sentry_migrate.worker import pool

pytestmark = pytest.mark.network

OBS = """\
from sentry_sdk import configure_scope, push_scope
def tag(key, value):
    with configure_scope() as scope:
        scope.set_tag(key, value)
def note():
    with push_scope() as scope:
        scope.set_tag('a', 'b')
"""
MOCK = "from unittest.mock import DEFAULT, patch\nimport pk.obs\nfrom pk import obs\n"

USES = {
    "import": "from pk.obs import configure_scope, push_scope\n",
    "relative import": "from .obs import push_scope as p\nfrom . import obs\nobs.configure_scope\n",
    "star": "from pk.obs import *\npush_scope\nconfigure_scope\n",
    "attribute": "import pk.obs\npk.obs.push_scope\npk.obs.configure_scope\n",
    "renamed": "import pk.obs as o\no.push_scope\no.configure_scope\n",
    "getattr": "from pk import obs\n[getattr(obs, n) for n in ('push_scope', 'configure_scope')]\n",
    "importlib": "import importlib\nm = importlib.import_module('pk.obs')\nm.push_scope\nm.configure_scope\n",
    "sys.modules": "import sys, pk.obs\nsys.modules['pk.obs'].push_scope\n",
    "vars": "from pk import obs\nvars(obs)['push_scope']\nobs.__dict__['configure_scope']\n",
    "patch": MOCK + "with patch('pk.obs.push_scope'), patch('pk.obs.configure_scope'): pass\n",
    "patch.object": MOCK + "with patch.object(obs, 'push_scope'): pass\n",
    "patch.multiple": MOCK + "with patch.multiple('pk.obs', push_scope=DEFAULT): pass\n",
    "patch in pieces": MOCK + "NAME = 'pk.obs'\nwith patch(f'{NAME}.push_scope'): pass\n",
    "monkeypatch": (
        "import pytest\nfrom pk import obs\nm = pytest.MonkeyPatch()\n"
        "m.setattr(obs, 'push_scope', print)\nm.setattr('pk.obs.configure_scope', print)\n"
    ),
    "through a third module": "from pk.more import push_scope, again\nagain.configure_scope\n",
    "nothing": "from pk.obs import tag\nimport sentry_sdk\nsentry_sdk.push_scope\n",
}
MORE = "from .obs import *\nfrom pk import obs as again\n"
RUN = """
import importlib, json, sys
result = []
for directory in sys.argv[1:]:
    sys.path.insert(0, directory)
    try:
        importlib.import_module("pk.use")
        result.append("")
    except Exception as error:
        result.append(repr(error))
    for name in [name for name in sys.modules if name.split(".")[0] == "pk"]:
        del sys.modules[name]
    del sys.path[0]
print(json.dumps(result))
"""


def ran(directories: list[Path]) -> dict[str, str]:
    """What each project's use ends with; empty if it runs."""
    base = install(NEW)
    environment = {**os.environ, "PYTHONPATH": str(base / NEW), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [
        str(base / "frameworks/bin/python"),
        "-W",
        "ignore",
        "-c",
        RUN,
        *map(str, directories),
    ]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment, timeout=300
    )
    errors = json.loads(done.stdout.splitlines()[-1])
    return dict(zip((path.name for path in directories), errors, strict=True))


@pytest.mark.parametrize("asked", ["pk/obs.py", "."])
@pytest.mark.parametrize("unsafe", [False, True])
def test_what_ran_still_runs(
    asked: str, unsafe: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool.Pool, "run", inline)
    directories = []
    for kind, use in USES.items():
        files = {"pyproject.toml": "", "pk/__init__.py": "", "pk/obs.py": OBS, "pk/use.py": use}
        if "third" in kind:
            files["pk/more.py"] = MORE
        for name, text in files.items():
            path = tmp_path / kind / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        directories.append(tmp_path / kind)
    before = ran(directories)
    able = {kind for kind, error in before.items() if not error}
    assert able >= USES.keys() - {"monkeypatch"}  # which needs pytest
    for directory in directories:
        monkeypatch.chdir(directory)
        CliRunner().invoke(cli, ["check", "--fix", *(["--unsafe-fixes"] if unsafe else []), asked])
        if "patch" in directory.name and not unsafe and asked == ".":
            continue  # the mocks may move along
        waits = "patch" in directory.name and not unsafe
        assert ("new_scope" in (directory / "pk/obs.py").read_text()) != waits
    assert {
        kind: error for kind, error in ran(directories).items() if kind in able
    } == dict.fromkeys(able, "")
    assert " push_scope" not in (tmp_path / "nothing/pk/obs.py").read_text()
