"""What the repository's host reads is valid, and agrees with the project."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import sentry_migrate

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# schema: files
VALID = {
    "vendor.github-workflows": WORKFLOWS,
    "vendor.github-issue-forms": sorted((GITHUB / "ISSUE_TEMPLATE").glob("[!c]*.yml")),
    "vendor.github-issue-config": [GITHUB / "ISSUE_TEMPLATE/config.yml"],
}


def problems(schema: str, *files: Path) -> str:
    """What the validator prints; empty if all files are valid."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, timeout=120)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize(("schema", "files"), VALID.items(), ids=VALID)
def test_it_is_valid(schema: str, files: list[Path]) -> None:
    assert files
    assert problems(schema, *files) == ""


SPOILT = {
    "an unknown key": ("runs-on:", "run-on:"),
    "no jobs": ("jobs:", "job:"),
    "an unknown event": ("  pull_request:", "  pull_requests:"),
}


@pytest.mark.parametrize(("right", "wrong"), SPOILT.values(), ids=SPOILT)
def test_the_validator_looks(tmp_path: Path, right: str, wrong: str) -> None:
    text = (GITHUB / "workflows/tests.yml").read_text(encoding="utf-8")
    assert right in text
    spoilt = tmp_path / "tests.yml"
    spoilt.write_text(text.replace(right, wrong), encoding="utf-8")
    assert problems("vendor.github-workflows", spoilt) != ""


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def test_every_python_that_is_named_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [
        label.rpartition(" ")[2]
        for label in project["classifiers"]
        if re.search(r":: 3\.\d+$", label)
    ]
    matrix = read(GITHUB / "workflows/tests.yml")["jobs"]["fast"]["strategy"]["matrix"]
    assert matrix["python"] == named
    assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}


def test_an_extension_is_made_for_each_platform_there_is_a_parser_for() -> None:
    """All but Macs with Intel processors; tests/client shows that none can be made for those."""
    lock = runpy.run_path(str(ROOT / "vscode-client/scripts/bundle_lock.py"))
    possible = lock["TARGETS"].keys() - {"darwin-x64"}
    job = read(GITHUB / "workflows/release.yml")["jobs"]["extension"]
    assert sorted(job["strategy"]["matrix"]["target"]) == sorted(possible)


def test_there_is_one_version() -> None:
    client = ROOT / "vscode-client"
    package = json.loads((client / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((client / "package-lock.json").read_text(encoding="utf-8"))
    assert {package["version"], lock["version"]} == {sentry_migrate.__version__}


def test_the_changelog_is_open() -> None:
    heads = re.findall(r"^## (.*)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert heads[0] == "Unreleased"
    assert heads[1].split()[0] == sentry_migrate.__version__


@pytest.mark.parametrize("path", WORKFLOWS, ids=[path.name for path in WORKFLOWS])
def test_what_a_workflow_runs_exists(path: Path) -> None:
    """Paths and scripts in commands, and a limit of time for every job."""
    text = path.read_text(encoding="utf-8")
    scripts = json.loads((ROOT / "vscode-client/package.json").read_text(encoding="utf-8"))
    for name in re.findall(r"(?:tests|server|vscode-client)/[\w./-]*\w", text):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"npm run ([\w:]+)", text):
        assert name in scripts["scripts"]
    for name in re.findall(r"python -m (sentry_migrate[\w.]+)", text):
        __import__(name)
    for job in read(path)["jobs"].values():
        assert job["timeout-minutes"] <= 60


def test_the_hooks_run_what_exists() -> None:
    hooks = read(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    assert hooks
    for hook in hooks:
        words = hook["entry"].split()
        assert words[:2] == ["python", "-m"]
        __import__(words[2])
