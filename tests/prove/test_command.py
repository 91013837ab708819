"""What the arguments of `prove` come to."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from sentry_migrate.cli import prove as proof
from sentry_migrate.cli.prove_command import prove
from sentry_migrate.prove import runs

NEWER = '[project]\nname = "x"\nversion = "1"\ndependencies = ["sentry-sdk>=2.12"]\n'
# arguments, pyproject.toml → options of `check`, or what is wrong
ROWS: dict[str, tuple[list[str], str, list[str] | str]] = {
    "nothing": ([], "", []),
    "a rule": (["--select", "SEN1"], "", ["--select", "SEN1"]),
    "an older release": (["--new", "2.0.0"], "", ["--sdk-version", "2.0.0"]),
    "older than what is required": (["--new", "2.1"], NEWER, ["--sdk-version", "2.1"]),
    "the one that is required": (["--new", "2.12.0"], NEWER, []),
    "newer than what is required": (["--new", "2.35.0"], NEWER, []),
    "settings that cannot be read": (["--new", "2.0.0"], "[tool.sentry-migrate]\nno = 1\n", []),
    "no release of 2.x": (["--new", "1.45.1"], "", "'1.45.1' is not a release of 2.x"),
    "no release of 1.x": (["--old", "2.0.0"], "", "'2.0.0' is not a release of 1.x"),
    "no release": (["--old", "../x"], "", "'../x' is not a release of 1.x"),
    "a source to record to": (["--record", "app.py", "--", "true"], "", "would be lost"),
    "a new source to record to": (["--record", "new.ipynb", "--", "true"], "", "would be lost"),
    "a folder to record to that is not there": (["--record", "no/x", "--", "true"], "", "no is no directory"),
    "a folder itself to record to": (["--record", ".", "--", "true"], "", "is a directory"),
    "a file without a name to record to": (["--record", "", "--", "true"], "", "is empty"),
    "releases": (["--old", "1.40.0", "--new", "2.75.0"], "", []),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "project", "wanted"), ROWS.values(), ids=ROWS)
def test_arguments(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: list[str],
    project: str,
    wanted: list[str] | str,
) -> None:
    (tmp_path / "pyproject.toml").write_text(project)
    given: list[Sequence[str]] = []
    (tmp_path / "app.py").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(proof, "run", lambda options: given.append(options.fixer.arguments))
    done = CliRunner().invoke(prove, ["--in", str(tmp_path), *typed])
    if isinstance(wanted, str):
        assert (done.exit_code, given) == (2, [])
        assert wanted in done.output
    else:
        assert given == [wanted]


# what is typed, where such a program is → which is started; None where there is none
PROGRAMS: dict[str, tuple[str, list[str], str | None]] = {
    "a name": ("x", ["path/x", "copy/x", "root/x"], "path/x"),
    "a name that is only in the project": ("x", ["copy/x", "root/x"], None),
    "a file of the project": ("./x", ["copy/x", "root/x", "path/x"], "copy/x"),
    "a file in a folder": ("bin/x", ["copy/bin/x", "root/bin/x"], "copy/bin/x"),
    "an environment that is not copied": (".venv/bin/x", ["root/.venv/bin/x"], "root/.venv/bin/x"),
    "beside the project": ("../venv/x", ["venv/x"], "venv/x"),
    "nowhere": ("./x", ["path/x"], None),
    "another file": ("./x", ["copy/y", "root/y"], None),
}


@pytest.mark.skipif(sys.platform == "win32", reason="programs have other names")
@pytest.mark.parametrize(("typed", "there", "started"), PROGRAMS.values(), ids=PROGRAMS)
def test_which_program_is_started(
    tmp_path: Path, typed: str, there: list[str], started: str | None
) -> None:
    for place in ("copy", "root"):
        (tmp_path / place).mkdir()
    for place in there:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("")
        (tmp_path / place).chmod(0o755)
    places = (str(tmp_path / "copy"), str(tmp_path / "root"))
    environment = {"PATH": str(tmp_path / "path")}
    if started is None:
        with pytest.raises(runs.NotRecordedError, match="is not a command here"):
            runs._program((typed, "-q"), environment, *places)
    else:
        found = runs._program((typed, "-q"), environment, *places)
        assert Path(found).resolve() == tmp_path / started
