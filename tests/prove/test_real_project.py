"""A real project with its own tests, which coverage watches, from the package index as pinned."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from differential import environments
from sentry_migrate.cli import prove
from sentry_migrate.prove.fixes import Fixer

pytestmark = [pytest.mark.slow, pytest.mark.network]

SOURCE = (
    "h-pyramid-sentry==1.2.4 "
    "--hash=sha256:d6353d851a233f786162ae1ea445d051b8baa153157ffec6307771fbd8573872\n"
)
NEEDS = (
    *("celery==5.4.0", "coverage==7.10.7", "h-matchers==1.2.17", "pyramid==2.1"),
    *("pyramid-retry==2.1.1", "pytest==8.4.2", "setuptools==80.9.0", "sqlalchemy==2.0.43"),
)


def test_h_pyramid_sentry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sdks = environments.install(environments.OLD, environments.NEW)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    pip = [python, "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *NEEDS], check=True)
    (tmp_path / "source.txt").write_text(SOURCE)
    pinned = ["-r", str(tmp_path / "source.txt"), "--no-binary", ":all:", "--no-deps"]
    subprocess.run([*pip, "download", *pinned, "-d", str(tmp_path)], check=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    (project,) = tmp_path.glob("h-pyramid-sentry-*/")
    monkeypatch.setenv("PYTHONPATH", "src")
    command = (python, "-m", "coverage", "run", "-m", "pytest", "-W", "ignore", "tests/unit")
    options = prove.Options(
        str(project), command, Fixer(unsafe=True), str(sdks), python,
        environments.OLD, environments.NEW, output_format="json",
    )  # fmt: skip
    assert prove.run(options) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["tests"] == 24
    (fix,) = found["fixes"]
    assert (fix["name"], fix["applicability"]) == ("configure-scope-with", "unsafe")
    # Two tests have a mock for the function that is replaced.
    assert (fix["verdict"], len(fix["tests"])) == ("different", 2)
    assert {one["cause"] for one in found["differences"]} == {"fix"}
    assert not os.path.exists(project / ".coverage")
