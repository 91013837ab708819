"""What the repository's host reads is valid, and agrees with the project."""

from __future__ import annotations

import json
import os
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


def named_addresses() -> dict[str, str]:
    """Every address at which the two packages say that the project is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    package = json.loads((ROOT / "vscode-client/package.json").read_text(encoding="utf-8"))
    return {
        **{f"pyproject.toml: {name}": url for name, url in project["urls"].items()},
        "package.json: repository": package["repository"]["url"],
        "package.json: bugs": package["bugs"]["url"],
        "package.json: homepage": package["homepage"],
    }


@pytest.mark.parametrize(("name", "url"), named_addresses().items(), ids=named_addresses())
def test_there_is_one_repository(name: str, url: str) -> None:
    assert re.fullmatch(re.escape(sentry_migrate.REPOSITORY) + r"(\.git|[#/].+)?", url)


def test_the_publisher_is_named_in_one_place() -> None:
    """It is a placeholder until there is an account, and then to be replaced there only."""
    package = (ROOT / "vscode-client/package.json").read_text(encoding="utf-8")
    publisher = json.loads(package)["publisher"]
    names = ("*.ts", "*.mts", "*.mjs", "*.json", "*.yml", "*.toml", "*.md")
    folders = [ROOT / "vscode-client" / folder for folder in ("src", "test", "scripts")]
    listed = [
        path
        for folder in [*folders, GITHUB, ROOT / "server"]
        for n in names
        for path in folder.rglob(n)
    ]
    listed += [*ROOT.glob("*.md"), ROOT / "pyproject.toml", ROOT / "vscode-client/README.md"]
    assert package.count(publisher) == 1
    assert [path for path in listed if publisher in path.read_text(encoding="utf-8")] == []


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
        modules, _, program = name.rpartition("/")
        if modules == "vscode-client/node_modules/.bin":
            assert program in installed_programs()
        else:
            assert (ROOT / name).exists(), name
    for name in re.findall(r"npm run ([\w:]+)", text):
        assert name in scripts["scripts"]
    for name in re.findall(r"python -m (sentry_migrate[\w.]+)", text):
        __import__(name)
    for job in read(path)["jobs"].values():
        assert job["timeout-minutes"] <= 60


def installed_programs() -> set[str]:
    """What `npm ci` installs for the extension."""
    lock = json.loads((ROOT / "vscode-client/package-lock.json").read_text(encoding="utf-8"))
    return {program for package in lock["packages"].values() for program in package.get("bin", ())}


def test_the_hooks_run_what_exists() -> None:
    hooks = read(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    assert hooks
    for hook in hooks:
        words = hook["entry"].split()
        assert words[:2] == ["python", "-m"]
        __import__(words[2])


def publishing() -> dict[str, Any]:
    job = read(GITHUB / "workflows/publish.yml")["jobs"]["marketplaces"]
    return {step["name"]: step for step in job["steps"] if "_PAT" in str(step.get("env"))}


TOKENS = {"Visual Studio Marketplace": "VSCE_PAT", "Open VSX": "OVSX_PAT"}


def test_the_extension_is_published_to_both_marketplaces() -> None:
    assert publishing().keys() == TOKENS.keys()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a POSIX shell")
@pytest.mark.parametrize(("name", "secret"), TOKENS.items(), ids=TOKENS)
@pytest.mark.parametrize("token", ["", "a-token"])
def test_nothing_is_published_without_a_token(
    tmp_path: Path, name: str, secret: str, token: str
) -> None:
    """The step's own commands, with programs that only tell what they were asked."""
    for package in ("packages/x-linux.vsix", "packages/x-win.vsix", "packages/x.tar.gz"):
        (tmp_path / package).parent.mkdir(exist_ok=True)
        (tmp_path / package).touch()
    for program in ("npx", "vscode-client/node_modules/.bin/vsce"):
        path = tmp_path / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('#!/bin/sh\necho "asked: $*"\n')
        path.chmod(0o755)
    step = publishing()[name]
    assert step["env"] == {secret: f"${{{{ secrets.{secret} }}}}"}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", secret: token},
        capture_output=True,
        text=True,
        check=True,
    )
    if token:
        packages = "--packagePath packages/x-linux.vsix packages/x-win.vsix"
        assert done.stdout.startswith("asked: ")
        assert done.stdout.endswith(f"publish --skip-duplicate {packages}\n")
    else:
        assert (
            done.stdout == f"::notice::The secret {secret} is not set, so nothing was uploaded.\n"
        )
