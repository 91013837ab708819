"""Which files say what a project depends on, by name.

Owns the names. Refuses to know what is in such a file: `declared_requirements.py` reads it.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Mapping
from typing import Literal

Kind = Literal[
    "toml",
    "pipfile",
    "pixi",
    "requirements",
    "ini",
    "conda",
    "hooks",
    "lock",
    "compose",
    "install",
    "loose",
    "updates",
]

PATTERNS: Mapping[str, Kind] = {
    "pyproject.toml": "toml",
    "tox.toml": "toml",
    "uv.toml": "toml",
    "hatch.toml": "toml",
    "Pipfile": "pipfile",
    "pixi.toml": "pixi",
    "*requirements*.txt": "requirements",
    "*requirements*.in": "requirements",
    "*requirements*.pip": "requirements",
    "requirements/*.txt": "requirements",
    "requirements/*.in": "requirements",
    "requirements/*.pip": "requirements",
    "requirements/*/*.txt": "requirements",
    "requirements/*/*.in": "requirements",
    "*constraints*.txt": "requirements",
    "*constraints*.in": "requirements",
    "constraints/*.txt": "requirements",
    "setup.cfg": "ini",
    "tox.ini": "ini",
    "workflows/*.yml": "install",
    "workflows/*.yaml": "install",
    "action.yml": "install",
    "action.yaml": "install",
    ".circleci/*.yml": "install",
    "azure-pipelines*.yml": "install",
    ".travis.yml": "install",
    "bitbucket-pipelines.yml": "install",
    ".readthedocs.yml": "install",
    ".readthedocs.yaml": "install",
    "Taskfile.yml": "install",
    "Taskfile.yaml": "install",
    "justfile": "install",
    "*.gitlab-ci.yml": "install",
    "*.mk": "install",
    "*.bat": "loose",
    "*.ps1": "loose",
    "Jenkinsfile": "loose",
    "cloudbuild*.yml": "loose",
    "cloudbuild*.yaml": "loose",
    "devcontainer.json": "loose",
    "dependabot.yml": "updates",
    "dependabot.yaml": "updates",
    "renovate.json": "updates",
    "renovate.json5": "updates",
    ".renovaterc": "updates",
    ".renovaterc.json": "updates",
    "conda-lock.yml": "lock",
    "*.conda-lock.yml": "lock",
    "pixi.lock": "lock",
    "*environment*.yml": "conda",
    "*environment*.yaml": "conda",
    "conda.yml": "conda",
    "conda.yaml": "conda",
    "env.yml": "conda",
    "env.yaml": "conda",
    "meta.yaml": "conda",
    "recipe.yaml": "conda",
    ".pre-commit-config.yaml": "hooks",
    "Pipfile.lock": "lock",
    "poetry.lock": "lock",
    "uv.lock": "lock",
    "pdm.lock": "lock",
    "pylock.toml": "lock",
    "pylock.*.toml": "lock",
    "docker-compose*.yml": "compose",
    "docker-compose*.yaml": "compose",
    "compose*.yml": "compose",
    "compose*.yaml": "compose",
    "Dockerfile": "install",
    "Dockerfile.*": "install",
    "*.Dockerfile": "install",
    "Containerfile": "install",
    "Containerfile.*": "install",
    "Makefile": "install",
    "*.sh": "install",
    "*.bash": "install",
    "Procfile": "install",
    "Procfile.*": "install",
}
"""Names of files, or of files in a directory, as glob patterns, and how they are read. Code that
lists requirements is read as code."""

SCRIPTS = ("setup.py", "noxfile.py")
"""Python files that list requirements."""


_SUFFIXES = tuple({os.path.splitext(pattern)[1] or pattern for pattern in PATTERNS})
_PREFIXES = tuple(pattern[:-1] for pattern in PATTERNS if pattern.endswith(".*"))
_COMPILED = tuple(
    (pattern.count("/"), re.compile(fnmatch.translate(pattern)), kind)
    for pattern, kind in PATTERNS.items()
)


def kind_of(path: str | os.PathLike[str] | None) -> Kind | None:
    """How a file is read for what the project depends on; None for every other file."""
    directory, name = os.path.split(path or "")
    if not name.endswith(_SUFFIXES) and not name.startswith(_PREFIXES):
        return None
    above, parent = os.path.split(directory)
    ends = (name, f"{parent}/{name}", f"{os.path.basename(above)}/{parent}/{name}")
    return next((kind for at, pattern, kind in _COMPILED if pattern.fullmatch(ends[at])), None)


def lists_requirements(path: str | os.PathLike[str] | None) -> bool:
    """Whether a file, code or not, may say what the project depends on."""
    return os.fspath(path or "").endswith(".py") or kind_of(path) is not None
