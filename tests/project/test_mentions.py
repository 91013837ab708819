"""Which files are looked at: the same here and in the VS Code client."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from sentry_migrate.project.dependency_files import kind_of
from sentry_migrate.project.patterns import compiled

CLIENT = Path(__file__).parents[2] / "vscode-client/src/selector.ts"

FOLDERS = (
    "",
    "requirements/",
    "requirements/deep/",
    "my-requirements/",
    "src/",
    "workflows/",
    ".circleci/",
)
STEMS = (
    *("pyproject", "setup", "Pipfile", "requirements", "dev-requirements-3", "base", "poetry"),
    *("tox", "constraints", "my-constraints", "environment", "environment-dev", "compose"),
    *("docker-compose", "docker-compose.prod", "mkdocs", "pylock"),
    *("pixi", "conda-lock", ".pre-commit-config", "Makefile", "meta", "recipe"),
    *("Dockerfile", "Containerfile", "a.Dockerfile", ".gitlab-ci", "Procfile"),
    *("uv", "hatch", "env", "action", "azure-pipelines", ".travis", "bitbucket-pipelines"),
    *(".readthedocs", "justfile", "Taskfile", "dependabot", "renovate", ".renovaterc"),
    *("conda", "Jenkinsfile", "cloudbuild", "cloudbuild.prod", "devcontainer", "a.gitlab-ci"),
)
SUFFIXES = (
    "",
    *(".toml", ".cfg", ".txt", ".in", ".lock", ".py", ".md", ".ini", ".yml", ".yaml", ".sh"),
    *(".pip", ".json", ".json5", ".bat", ".ps1", ".mk"),
)
NAMES = [f"p/{''.join(parts)}" for parts in itertools.product(FOLDERS, STEMS, SUFFIXES)]


@pytest.fixture(scope="module")
def sent() -> tuple[str, ...]:
    """The patterns of the dependency files that the client sends."""
    text = CLIENT.read_text(encoding="utf-8")
    listed = re.search(r"DEPENDENCY_FILES = \[(.*?)\]", text, re.DOTALL)
    assert listed is not None
    return tuple(re.findall(r'"([^"]+)"', listed.group(1)))


def test_the_client_sends_what_the_server_reads_and_nothing_else(sent: tuple[str, ...]) -> None:
    """But for what tools write, which is long and of no use in an editor."""
    read = [name for name in NAMES if kind_of(name) not in (None, "lock")]
    assert len(read) > 50
    assert [name for name in NAMES if compiled(sent).match_file(name)] == read
