"""What the arguments of `prove` come to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from sentry_migrate.cli import prove as proof
from sentry_migrate.cli.prove_command import prove

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
