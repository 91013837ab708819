"""The commands that `next` names for what tools write: run by the real tools."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest
from pip._internal.models.index import PyPI

from cli.conftest import Run, write_tree
from cli.samples import BEFORE
from cli.test_next import git, shop, subjects  # noqa: F401

pytestmark = [pytest.mark.network, pytest.mark.timeout(600)]
PACKAGES = {
    "pip-compile": "pip-tools==7.6.2",
    "pipenv": "pipenv==2026.10.3",
    "poetry": "poetry==2.5.1",
    "uv": "uv==0.13.9",
}
"""By the command that each of them has."""
PROJECT = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.10"\n'
NEEDS = 'dependencies = ["sentry-sdk==1.45.1"]\n'
POETRY = (
    '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "^3.10"\n'
    'sentry-sdk = {version = "^1.45", extras = ["pure-eval"]}\n'
)
PIPFILE = f'[[source]]\nurl = "{PyPI.simple_url}"\nverify_ssl = true\nname = "pypi"\n'
COMPILE = "pip-compile --generate-hashes --output-file=requirements/{0}.txt requirements/{0}.in"

# name → what people write, the commands that first make the rest of it, the lock files
PROJECTS: dict[str, tuple[Mapping[str, str], Sequence[str], Sequence[str]]] = {
    "uv": ({"pyproject.toml": PROJECT + NEEDS}, ["uv lock"], ["uv.lock"]),
    "uv, in a group and as a constraint": (
        {
            "pyproject.toml": PROJECT
            + '[dependency-groups]\ndev = ["sentry-sdk~=1.45"]\n'
            + '[tool.uv]\nconstraint-dependencies = ["sentry-sdk<2"]\n'
        },
        ["uv lock"],
        ["uv.lock"],
    ),
    "uv, exported": (
        {"pyproject.toml": PROJECT + NEEDS},
        ["uv lock", "uv export -o requirements.txt"],
        ["uv.lock", "requirements.txt"],
    ),
    "uv pip compile": (
        {"requirements.in": "sentry-sdk<2\n"},
        ["uv pip compile requirements.in -o requirements.txt"],
        ["requirements.txt"],
    ),
    "pip-tools": (
        {"requirements.in": "sentry-sdk==1.45.1\n"},
        ["pip-compile requirements.in"],
        ["requirements.txt"],
    ),
    "pip-tools, one for another": (
        {
            "requirements/web.in": "sentry-sdk<2\n",
            "requirements/all.in": "-c web.txt\n-r web.in\nidna\n",
        },
        [COMPILE.format("web"), COMPILE.format("all")],
        ["requirements/web.txt", "requirements/all.txt"],
    ),
    "poetry": ({"pyproject.toml": POETRY}, ["poetry lock"], ["poetry.lock"]),
    "poetry, as the standard has it": (
        {"pyproject.toml": f"{PROJECT}{NEEDS}[tool.poetry]\npackage-mode = false\n"},
        ["poetry lock"],
        ["poetry.lock"],
    ),
    "pipenv": (
        {"Pipfile": f'{PIPFILE}[packages]\nsentry-sdk = "<2"\n'},
        ["pipenv lock"],
        ["Pipfile.lock"],
    ),
    "pipenv, to develop": (
        {"Pipfile": f'{PIPFILE}[packages]\nidna = "*"\n[dev-packages]\nsentry-sdk = "~=1.45"\n'},
        ["pipenv lock"],
        ["Pipfile.lock"],
    ),
}


Do: TypeAlias = Callable[[str, Path], object]


@pytest.fixture(scope="module")
def do(tmp_path_factory: pytest.TempPathFactory) -> Do:
    """Runs a command somewhere, with a tool that is installed when it is first needed."""
    home = tmp_path_factory.mktemp("tools")
    subprocess.run([sys.executable, "-m", "venv", home / "env"], check=True)
    place = home / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    kept = {name: str(home) for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "LOCALAPPDATA")}
    path = os.pathsep.join((str(place), os.environ["PATH"]))
    env = {**os.environ, **kept, "PATH": path, "POETRY_VIRTUALENVS_IN_PROJECT": "true"}

    @cache
    def install(tool: str) -> None:
        command = [place / "python", "-m", "pip", "install", "-q", PACKAGES[tool]]
        subprocess.run(command, check=True)

    def run(command: str, where: Path) -> None:
        install(command.split()[0])
        subprocess.run(command.split(), cwd=where, env=env, check=True, capture_output=True)

    return run


def locked(here: Path, name: str) -> str:
    """The release that a lock file has."""
    text = (here / name).read_text()
    found = re.search(r'sentry-sdk(?:==|"\nversion = "|": \{[^}]*"version": "==)([\d.]+)', text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("written", "made", "locks"), PROJECTS.values(), ids=PROJECTS)
def test_what_is_named_raises_what_is_locked(
    run: Run,
    shop: Path,  # noqa: F811
    do: Do,
    written: Mapping[str, str],
    made: Sequence[str],
    locks: Sequence[str],
) -> None:
    for path in (shop / "requirements.txt", *(shop / "shop").iterdir()):
        path.unlink()
    write_tree(shop, {**written, "app.py": BEFORE, ".gitignore": ".venv\n"})

    for command in made:
        do(command, shop)
    assert {locked(shop, name) for name in locks} == {"1.45.1"}
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "--all", "--message", "Pins")
    ran = run("next", "--yes")
    raised = {name: (shop / name).read_text() for name in written}
    assert (ran.code, raised != dict(written)) == (1, True)
    named = re.findall(r"^(\S+): Run `(.+)`\.$", ran.text, re.MULTILINE)
    assert [name for name, _ in named] == [*locks]
    for _, command in named:
        do(command, shop)
    assert {locked(shop, name)[0] for name in locks} == {"2"}
    assert {name: (shop / name).read_text() for name in written} == raised
    git(shop, "commit", "--quiet", "--all", "--message", "Raised")
    assert run("next", "--yes").code == 0
    assert (subjects(shop)[:2], git(shop, "status", "--porcelain")) == (
        ["Migrate to sentry-sdk 2.x: 1 fix in 1 file", "Raised"],
        "",
    )
