"""The lowest sentry-sdk 2.x that a project allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import write_tree
from sentry_migrate.project import requirements
from sentry_migrate.project.specifiers import lowest
from sentry_migrate.project.versions import Version

# specifiers, the lowest 2.x they allow
FLOORS: dict[tuple[str, ...], Version | None] = {
    (): None,
    ("",): None,
    ("nonsense",): None,
    ("==1.45.1",): None,
    (">=1.40,<2",): None,
    ("~=1.40",): None,
    (">=3",): None,
    (">=1.40",): (2, 0, 0),
    (">=1.40,<3",): (2, 0, 0),
    ("<3",): (2, 0, 0),
    (">=2.8,<3",): (2, 8, 0),
    ("~=2.8",): (2, 8, 0),
    ("~=2.8.3",): (2, 8, 3),
    ("==2.19.*",): (2, 19, 0),
    ("==2.19.2",): (2, 19, 2),
    (">2.5",): (2, 5, 1),
    (">=2,!=2.0.0",): (2, 0, 1),
    (">=2.0.0rc1",): (2, 0, 0),
    ("==2.*,!=2.0.*",): (2, 1, 0),
    (">=2.90",): (2, 90, 0),
    (">=2.20", ">=2.9", "==1.45"): (2, 9, 0),
}


@pytest.mark.parametrize(("specifiers", "floor"), FLOORS.items(), ids=map(str, FLOORS))
def test_lowest(specifiers: tuple[str, ...], floor: Version | None) -> None:
    assert lowest([(one, "pep508") for one in specifiers]) == floor


# what: (file, text, specifiers as they stand there)
READS: dict[str, tuple[str, str, list[str]]] = {
    "another package": ("requirements.txt", "sentry-sdk-tools==2.1\nmy-sentry-sdk==3\n", []),
    "commented out": ("requirements.txt", "# sentry-sdk==2.1\n", []),
    "option line": ("requirements.txt", "-r sentry-requirements.txt\n--pre\n", []),
    "direct reference": ("requirements.txt", "sentry-sdk @ https://example.com/a.whl", []),
    "requirements": ("requirements.txt", "a==1\nsentry-sdk[flask]>=2.1  # why\n", [">=2.1"]),
    "other spelling": ("requirements.txt", "Sentry_SDK==2.1 ; python_version > '3'\n", ["==2.1"]),
    "hashes": ("requirements.txt", "sentry-sdk==2.1 \\\n    --hash=sha256:ab\n", ["==2.1"]),
    "hashes with CRLF": ("requirements.txt", "sentry-sdk==2.1 \\\r\n --hash=sha256:ab\r\n", ["==2.1"]),
    "project": ("pyproject.toml", "project.dependencies = ['a', 'sentry-sdk>=2.3']", [">=2.3"]),
    "optional": ("pyproject.toml", "project.optional-dependencies.x = ['sentry-sdk>=2.3']", [">=2.3"]),
    "groups": (
        "pyproject.toml",
        "[dependency-groups]\na = [{include-group = 'b'}, 'sentry-sdk==2.4']\nb = []",
        ["==2.4"],
    ),
    "Poetry caret": ("pyproject.toml", "[tool.poetry.dependencies]\nsentry-sdk = '^2.5'", ["^2.5"]),
    "Poetry tilde": ("pyproject.toml", "[tool.poetry.dependencies]\nsentry-sdk = '~2.5'", ["~2.5"]),
    "Poetry table": (
        "pyproject.toml",
        "[tool.poetry.group.dev.dependencies]\nsentry-sdk = {version = '2.5', extras = ['x']}",
        ["2.5"],
    ),
    "Poetry alternatives": (
        "pyproject.toml",
        "[tool.poetry.dependencies]\nsentry-sdk = '^1.9 || >=2.5 <3'",
        ["^1.9 || >=2.5 <3"],
    ),
    "Poetry any": ("pyproject.toml", "[tool.poetry.dependencies]\nsentry-sdk = '*'", ["*"]),
    "Poetry git": ("pyproject.toml", "[tool.poetry.dependencies]\nsentry-sdk = {git = 'x'}", []),
    "uv": ("pyproject.toml", "[tool.uv]\ndev-dependencies = ['sentry-sdk==2.6']", ["==2.6"]),
    "odd shapes": ("pyproject.toml", "project = 1\ntool = []\n", []),
    "setup.cfg": (
        "setup.cfg",
        "[options]\ninstall_requires =\n  a\n  sentry-sdk>=2.7\n[options.extras_require]\nx = sentry-sdk<3",
        [">=2.7", "<3"],
    ),
    "setup.py": ("setup.py", "setup(install_requires=[\"sentry-sdk>=2.8\", 'b'])", [">=2.8"]),
    "Pipfile": ("Pipfile", "[packages]\nsentry-sdk = {version = '==2.9'}", ["==2.9"]),
    "Pipfile.lock": ("Pipfile.lock", '{"default": {"sentry-sdk": {"version": "==2.9.1"}}}', ["==2.9.1"]),
    "poetry.lock": ("poetry.lock", '[[package]]\nname = "sentry-sdk"\nversion = "2.10.0"\n', ["==2.10.0"]),
    "lock of another": ("poetry.lock", '[[package]]\nname = "sentry-sdk-x"\nversion = "2.10.0"\n', []),
    "tox": ("tox.ini", "[testenv]\ndeps =\n  sentry-sdk>=2.8,<3\n", [">=2.8,<3"]),
    "constraints": ("dev-constraints.txt", "sentry-sdk==2.8.0\n", ["==2.8.0"]),
    "conda": ("environment.yml", "dependencies:\n  - sentry-sdk=2.8\n", ["=2.8"]),
    "conda's pip": ("environment.yml", "dependencies:\n  - pip:\n    - sentry-sdk>=2.8\n", [">=2.8"]),
    "Hatch": ("pyproject.toml", "[tool.hatch.envs.default]\ndependencies = ['sentry-sdk>=2.8']", [">=2.8"]),
    "the build": ("pyproject.toml", "[build-system]\nrequires = ['sentry-sdk>=2.8']", [">=2.8"]),
    "Pipenv's own groups": ("Pipfile", "[custom-packages]\nsentry-sdk = '==2.8'", ["==2.8"]),
    "a comment behind": ("setup.cfg", "[options]\ninstall_requires =\n  sentry-sdk>=2.8 # why\n", [">=2.8"]),
    "for Python 2 only": ("requirements.txt", "sentry-sdk==1.5; python_version < '3'\n", []),
    "nox": ("noxfile.py", "session.install('sentry-sdk==2.8')\n", ["==2.8"]),
    "other code": ("conf.py", "x = 'sentry-sdk==2.8'\n", []),
    "a sentence": ("setup.py", "x = 'sentry-sdk>=2.8 is needed'\n", []),
    "another list": ("pyproject.toml", "[tool.mine]\nx = ['sentry-sdk>=2.8']", []),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "specifiers"), READS.values(), ids=READS)
def test_reads(name: str, text: str, specifiers: list[str]) -> None:
    assert [pin for pin, _ in requirements.specifiers(name, text)] == specifiers


# what: (files, floor as seen from a/b)
TREES: dict[str, tuple[dict[str, str | bytes], Version | None]] = {
    "nothing": ({}, None),
    "outside the repository": ({"a/.git/HEAD": "", "requirements.txt": "sentry-sdk==2.1"}, None),
    "beside, not above": ({"c/requirements.txt": "sentry-sdk==2.1"}, None),
    "not pinned": ({"requirements.txt": "sentry-sdk"}, None),
    "only 1.x": ({"requirements.txt": "sentry-sdk<2"}, None),
    "undecodable": ({"requirements.txt": b"\xff sentry-sdk==2.1"}, None),
    "broken TOML": ({"pyproject.toml": "sentry-sdk==2.1 ["}, None),
    "broken JSON": ({"Pipfile.lock": '{"sentry-sdk"'}, None),
    "TOML that is too deep": (
        {"pyproject.toml": f"# sentry-sdk\nx={'[' * 3000}{']' * 3000}"},
        None,
    ),
    "JSON that is too deep": ({"Pipfile.lock": '{"sentry-sdk":' + "[" * 100_000}, None),
    "broken setup.cfg": ({"setup.cfg": "sentry-sdk"}, None),
    "too deep beside a pin": (
        {"pyproject.toml": f"# sentry-sdk\nx={'[' * 3000}", "requirements.txt": "sentry-sdk==2.1"},
        (2, 1, 0),
    ),
    "above": ({"requirements-dev.txt": "sentry-sdk==2.1"}, (2, 1, 0)),
    "requirements directory": ({"requirements/base.in": "sentry-sdk==2.1"}, (2, 1, 0)),
    "nearest wins": (
        {"requirements.txt": "sentry-sdk==2.1", "a/setup.py": "'sentry-sdk==2.5'"},
        (2, 5, 0),
    ),
    "unpinned is passed over": (
        {"requirements.txt": "sentry-sdk==2.1", "a/setup.py": "'sentry-sdk'"},
        (2, 1, 0),
    ),
    "lowest of all in one directory": (
        {"requirements.txt": "sentry-sdk==2.9", "constraints.txt": "sentry-sdk>=2.4"},
        (2, 4, 0),
    ),
    "tox": ({"tox.ini": "[testenv]\ndeps = sentry-sdk>=2.8,<3\n"}, (2, 8, 0)),
    "conda": ({"environment.yml": "dependencies:\n  - sentry-sdk=2.8\n"}, (2, 8, 0)),
    "Poetry alternatives": (
        {"pyproject.toml": "[tool.poetry.dependencies]\nsentry-sdk = '^1.9 || >=2.5 <3'"},
        (2, 5, 0),
    ),
    "Poetry any": ({"pyproject.toml": "[tool.poetry.dependencies]\nsentry-sdk = '*'"}, None),
    "constraints directory": ({"constraints/base.txt": "sentry-sdk==2.1"}, (2, 1, 0)),
    "not a file of that directory": (
        {"requirements/setup.cfg": "[options]\ninstall_requires = sentry-sdk==2.1"},
        None,
    ),
    "lock file beside a bare name": (
        {
            "pyproject.toml": "project.dependencies = ['sentry-sdk']",
            "uv.lock": '[[package]]\nname = "sentry-sdk"\nversion = "2.10.0"\n',
        },
        (2, 10, 0),
    ),
}


@pytest.mark.parametrize(("tree", "floor"), TREES.values(), ids=TREES)
def test_detect(here: Path, tree: dict[str, str | bytes], floor: Version | None) -> None:
    write_tree(here, {"a/b/app.py": "", **tree})
    assert requirements.detect(here / "a" / "b") == floor
