"""Which releases of the SDK a project has, and is to have."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import write_tree
from sentry_migrate.prove.environments import new_release, old_release

LAST, NEWEST = "==1.45.1", ">=2,<3"
LOCK = '[[package]]\nname = "sentry-sdk"\nversion = "{}"\n'
PROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = ["{}"]\n'
# name → (files, what is wanted of 1.x, what of 2.x)
ROWS: dict[str, tuple[dict[str, str], str, str]] = {
    "nothing": ({}, LAST, NEWEST),
    "no version": ({"requirements.txt": "sentry-sdk\n"}, LAST, NEWEST),
    "exactly": ({"requirements.txt": "sentry-sdk==1.38.0\n"}, "==1.38.0", NEWEST),
    "in three signs": ({"requirements.txt": "sentry-sdk===1.38.0\n"}, "==1.38.0", NEWEST),
    "constraints": ({"constraints.txt": "sentry-sdk==1.38.0\n"}, "==1.38.0", NEWEST),
    "in a folder": ({"requirements/prod.txt": "sentry-sdk==1.38.0\n"}, "==1.38.0", NEWEST),
    "of another package": ({"requirements.txt": "sentry-sdks==1.38.0\n"}, LAST, NEWEST),
    "in a comment": ({"requirements.txt": "# sentry-sdk==1.38.0\n"}, LAST, NEWEST),
    "an extra and a marker": (
        {"requirements.txt": "sentry-sdk[flask]==1.38.0 ; python_version >= '3.7'\n"}, "==1.38.0", NEWEST,
    ),
    "a range that has the last": ({"pyproject.toml": PROJECT.format("sentry-sdk>=1.40,<2")}, LAST, NEWEST),
    "a range below the last": (
        {"pyproject.toml": PROJECT.format("sentry-sdk>=1.20,<1.30")}, ">=1,<2,<1.30,>=1.20", NEWEST,
    ),
    "all of a minor release": (
        {"requirements.txt": "sentry-sdk==1.38.*\n"}, ">=1,<2,==1.38.*", NEWEST,
    ),
    "Poetry": (
        {"pyproject.toml": '[tool.poetry.dependencies]\nsentry-sdk = "~1.38"\n'}, ">=1,<2,<1.39,>=1.38", NEWEST,
    ),
    "a range and an exact one": (
        {"pyproject.toml": PROJECT.format("sentry-sdk>=1.40,<2"), "requirements.txt": "sentry-sdk==1.41.0"}, "==1.41.0", NEWEST,
    ),
    "a lock before others": (
        {"uv.lock": LOCK.format("1.39.2"), "requirements.txt": "sentry-sdk==1.41.0"}, "==1.39.2", NEWEST,
    ),
    "a lock of 2.x": ({"uv.lock": LOCK.format("2.5.0")}, LAST, ">=2,<3,==2.5.0"),
    "below a 2.x": ({"requirements.txt": "sentry-sdk>=1.40,<2.10\n"}, LAST, ">=2,<3,<2.10,>=1.40"),
    "2.x alone": ({"requirements.txt": "sentry-sdk>=2.1,<2.10\n"}, LAST, ">=2,<3,<2.10,>=2.1"),
    "a 2.x exactly": ({"requirements.txt": "sentry-sdk==2.5.0\n"}, LAST, ">=2,<3,==2.5.0"),
    "what cannot be read": ({"requirements.txt": "sentry-sdk>=one\n"}, LAST, NEWEST),
}  # fmt: skip


@pytest.mark.parametrize(("files", "old", "new"), ROWS.values(), ids=ROWS)
def test_releases(tmp_path: Path, files: dict[str, str], old: str, new: str) -> None:
    write_tree(tmp_path, files)
    assert (old_release(str(tmp_path)), new_release(str(tmp_path))) == (old, new)
