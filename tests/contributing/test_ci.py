"""What `server/docs/ci.md` shows: valid for who reads it, and doing what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cli.conftest import SERVER, write_tree
from cli.samples import AFTER, BEFORE, CLEAN, UNSAFE
from cli.test_next import git
from contributing.test_github import ROOT, problems, read

PAGE = (ROOT / "server/docs/ci.md").read_text(encoding="utf-8")
ACTION = ROOT / ".github/actions/check/action.yml"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a POSIX shell")


def snippet(start: str) -> str:
    """The code block that begins so."""
    (found,) = re.findall(rf"^```\w+\n({re.escape(start)}.*?)^```", PAGE, re.M | re.S)
    return str(found)


def data(start: str) -> Any:
    return YAML(typ="safe").load(snippet(start))


# the beginning of a block: what validates it, the name of its file
VALID = {
    "# .github/workflows/sentry.yml": ("vendor.github-workflows", "sentry.yml"),
    "# .gitlab-ci.yml": ("vendor.gitlab-ci", ".gitlab-ci.yml"),
    "{\n": ("vendor.renovate", "renovate.json"),
}


@pytest.mark.parametrize("start", VALID)
def test_a_snippet_is_valid(tmp_path: Path, start: str) -> None:
    schema, name = VALID[start]
    (tmp_path / name).write_text(snippet(start), encoding="utf-8")
    assert problems(schema, tmp_path / name) == ""


def test_the_action_is_valid(tmp_path: Path) -> None:
    assert problems("vendor.github-actions", ACTION) == ""
    spoilt = tmp_path / "action.yml"
    spoilt.write_text(ACTION.read_text(encoding="utf-8").replace("using: composite", "use: x"))
    assert problems("vendor.github-actions", spoilt) != ""


def test_the_workflow_uses_the_action_as_it_is() -> None:
    step = data("# .github/workflows/sentry.yml")["jobs"]["sentry-migrate"]["steps"][1]
    assert (
        step["uses"].partition("/sentry-migrate/")[2].partition("@")[0] == ".github/actions/check"
    )
    assert step["with"].keys() <= read(ACTION)["inputs"].keys()


@pytest.fixture
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the command, and a `pip` that installs nothing."""
    place = tmp_path_factory.mktemp("bin")
    command = f'exec "{sys.executable}" -m sentry_migrate "$@"\n'
    for name, text in (("sentry-migrate", command), ("pip", "exit 0\n"), ("python", "exit 0\n")):
        (place / name).write_text(f"#!/bin/sh\n{text}")
        (place / name).chmod(0o755)
    return place


def shell(script: str, here: Path, programs: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run commands as the host's runner does."""
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    state = {"SENTRY_MIGRATE_STATE_DIR": str(programs / "state")}
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(SERVER), "PATH": path, **state, **env},
        capture_output=True,
        text=True,
        check=False,
    )


# name → inputs of the action, exit code, what is annotated
CHECKED: dict[str, tuple[dict[str, str], int, Sequence[str]]] = {
    "everything": ({"PATHS": ".", "ARGUMENTS": ""}, 1, ("a.py", "d e/b.py")),
    "two paths": ({"PATHS": "c.py\nd e\n", "ARGUMENTS": "\n"}, 1, ("d e/b.py",)),
    "a clean one": ({"PATHS": "c.py", "ARGUMENTS": ""}, 0, ()),
    "an argument": ({"PATHS": ".", "ARGUMENTS": "--exclude\nd e/\n"}, 1, ("a.py",)),
    "what the branch changes": ({"PATHS": ".", "ARGUMENTS": "--since\nHEAD\n"}, 1, ("a.py",)),
    "nothing for the shell": (
        {"PATHS": "$(touch ran)", "ARGUMENTS": "`touch ran`"},
        2,
        ("`touch ran`", "$(touch ran)"),
    ),
}


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize(("inputs", "code", "named"), CHECKED.values(), ids=CHECKED)
def test_the_action_annotates(
    tmp_path: Path, programs: Path, inputs: dict[str, str], code: int, named: Sequence[str]
) -> None:
    write_tree(tmp_path, {"d e/b.py": BEFORE, "c.py": CLEAN})
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "Start")
    write_tree(tmp_path, {"a.py": BEFORE})
    step = read(ACTION)["runs"]["steps"][1]
    assert step["env"] == {"PATHS": "${{ inputs.paths }}", "ARGUMENTS": "${{ inputs.arguments }}"}
    done = shell(step["run"], tmp_path, programs, **inputs)
    assert done.returncode == code, done.stderr
    assert re.findall(r"file=([^,]+),", done.stdout) == list(named)
    assert not (tmp_path / "ran").exists()


@POSIX
@pytest.mark.network
def test_the_action_installs_its_own_version(tmp_path: Path) -> None:
    (tmp_path / "path").touch()
    (step, _) = read(ACTION)["runs"]["steps"]
    env = {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTION_PATH": str(ACTION.parent),
        "GITHUB_PATH": str(tmp_path / "path"),
    }
    done = shell(step["run"], tmp_path, tmp_path, **env)
    assert done.returncode == 0, done.stderr
    installed = Path((tmp_path / "path").read_text().strip(), "sentry-migrate")
    bare = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    said = subprocess.run([installed, "--version"], env=bare, capture_output=True, check=True)
    assert said.stdout.startswith(b"sentry-migrate ")


@POSIX
@pytest.mark.slow
def test_the_report_for_merge_requests(tmp_path: Path, programs: Path) -> None:
    write_tree(tmp_path, {"a.py": BEFORE, "c.py": CLEAN})
    job = data("# .gitlab-ci.yml")["sentry-migrate"]
    done = shell("\n".join(job["script"]), tmp_path, programs)
    assert done.returncode == 1
    report = tmp_path / job["artifacts"]["reports"]["codequality"]
    assert [one["location"]["path"] for one in json.loads(report.read_text())] == ["a.py"]


SCRIPTS = {
    "multi-gitter": snippet("#!/bin/sh\n# multi-gitter"),
    "batch changes": data("# batch.yaml")["steps"][0]["run"],
    "renovate": json.loads(snippet("{\n"))["packageRules"][0]["postUpgradeTasks"]["commands"][0],
}


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_one_repository_of_many(tmp_path: Path, programs: Path, script: str) -> None:
    """What is proved is made, and what is left is no failure."""
    write_tree(tmp_path, {"a.py": BEFORE, "b.py": UNSAFE})
    done = shell(script, tmp_path, programs)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.py").read_text() == AFTER
    assert (tmp_path / "b.py").read_text() == UNSAFE


def test_the_image_is_made_of_this_project() -> None:
    lines = (ROOT / ".github/Containerfile").read_text(encoding="utf-8").splitlines()
    assert [line.split()[0] for line in lines if line[:1].isupper()] == [
        *("FROM", "COPY", "RUN", "WORKDIR", "ENTRYPOINT")
    ]
    assert 'ENTRYPOINT ["sentry-migrate"]' in lines
