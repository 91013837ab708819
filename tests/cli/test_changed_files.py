"""`check --since` and `check --staged`: only what git says has changed, with the rest around it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cli.conftest import Run, write_tree
from cli.samples import AFTER, BEFORE, CLEAN
from cli.test_next import git

KNOWN = {"a.py": BEFORE, "d/b.py": BEFORE, "d/e/c.py": BEFORE, "requirements.txt": "sentry-sdk<2\n"}


@pytest.fixture
def project(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project under git, with a branch `base`."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.com")
    write_tree(here, {**KNOWN, ".gitignore": "ignored.py\n"})
    git(here, "init", "--quiet", "--initial-branch", "base")
    git(here, "add", ".")
    git(here, "commit", "--quiet", "--message", "Start")
    git(here, "checkout", "--quiet", "-b", "work")
    return here


def edit(*names: str) -> Callable[[Path], object]:
    def change(here: Path) -> None:
        for name in names:
            path = here / name
            path.write_text((path.read_text() if path.exists() else BEFORE) + "# more\n")

    return change


def staged(*names: str) -> Callable[[Path], object]:
    def change(here: Path) -> None:
        edit(*names)(here)
        git(here, "add", *names)

    return change


def committed(*names: str) -> Callable[[Path], object]:
    def change(here: Path) -> None:
        staged(*names)(here)
        git(here, "commit", "--quiet", "--message", "More")

    return change


def removed(here: Path) -> None:
    git(here, "rm", "--quiet", "a.py")


def moved(here: Path) -> None:
    git(here, "mv", "a.py", "z.py")


def base_moves_on(here: Path) -> None:
    """What others did on the base meanwhile is no change of the branch."""
    committed("a.py")(here)
    git(here, "checkout", "--quiet", "base")
    committed("d/b.py")(here)
    git(here, "checkout", "--quiet", "work")


# name → what happens, arguments, the files that are looked at
CHANGES: dict[str, tuple[Callable[[Path], object], Sequence[str], Sequence[str]]] = {
    "nothing": (lambda here: None, ("--since", "base"), ()),
    "an edit": (edit("a.py"), ("--since", "base"), ("a.py",)),
    "an edit, not staged": (edit("a.py"), ("--staged",), ()),
    "an edit, staged": (staged("a.py"), ("--staged",), ("a.py",)),
    "one staged of two": (
        lambda here: (edit("a.py")(here), staged("d/b.py")(here)),
        ("--staged",),
        ("d/b.py",),
    ),
    "a commit": (committed("a.py"), ("--since", "base"), ("a.py",)),
    "a commit, nothing staged": (committed("a.py"), ("--staged",), ()),
    "since the commit before": (committed("a.py"), ("--since", "HEAD~1"), ("a.py",)),
    "since now": (committed("a.py"), ("--since", "HEAD"), ()),
    "a new file": (edit("new.py"), ("--since", "base"), ("new.py",)),
    "an ignored file": (edit("ignored.py"), ("--since", "base"), ()),
    "a file of another kind": (edit("notes.txt"), ("--since", "base"), ()),
    "a dependency file": (edit("requirements.txt"), ("--since", "base"), ("requirements.txt",)),
    "a removed file": (removed, ("--staged",), ()),
    "a moved file": (moved, ("--staged",), ("z.py",)),
    "the base moves on": (base_moves_on, ("--since", "base"), ("a.py",)),
    "in a folder": (edit("a.py", "d/b.py"), ("--since", "base", "d"), ("d/b.py",)),
    "in a file": (edit("a.py", "d/b.py"), ("--since", "base", "a.py"), ("a.py",)),
    "in another folder": (edit("a.py", "d/b.py"), ("--since", "base", "d/e"), ()),
    "excluded": (edit("a.py", "d/b.py"), ("--since", "base", "--exclude", "d"), ("a.py",)),
    "a name with spaces": (
        edit("d/a b\N{LATIN SMALL LETTER E WITH ACUTE}.py"),
        ("--since", "base"),
        ("d/a b\N{LATIN SMALL LETTER E WITH ACUTE}.py",),
    ),
}


@pytest.mark.parametrize(("change", "arguments", "looked_at"), CHANGES.values(), ids=CHANGES)
def test_only_what_changed_is_looked_at(
    run: Run,
    project: Path,
    change: Callable[[Path], object],
    arguments: Sequence[str],
    looked_at: Sequence[str],
) -> None:
    change(project)
    ran = run("check", "--output-format", "json", *arguments)
    found = {
        Path(one["filename"]).relative_to(project).as_posix() for one in json.loads(ran.out or "[]")
    }
    assert found == set(looked_at)
    assert ran.code == bool(looked_at)


def test_from_a_folder(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit("a.py", "d/b.py")(project)
    monkeypatch.chdir(project / "d")
    assert "b.py:5:10" in run("check", "--since", "base", "--output-format", "concise").text
    assert "Found 1 finding" in run("check", "--since", "base").text
    assert "a.py" in run("check", "--since", "base", "..").text


def test_the_rest_counts(run: Run, project: Path) -> None:
    """A use of a name that a file which did not change re-exports."""
    write_tree(project, {"obs.py": "from sentry_sdk import push_scope\n", "use.py": CLEAN})
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "More")
    (project / "use.py").write_text("from obs import push_scope\nwith push_scope():\n    pass\n")
    assert "use.py:2:6" in run("check", "--since", "HEAD", "--output-format", "concise").text


def test_only_that_is_fixed(run: Run, project: Path) -> None:
    edit("a.py")(project)
    assert run("check", "--fix", "--since", "base").code == 0
    assert (project / "a.py").read_text() == AFTER + "# more\n"
    assert (project / "d/b.py").read_text() == BEFORE


@pytest.mark.parametrize("form", ["json", "gitlab", "sarif", "rdjson"])
@pytest.mark.parametrize("which", [("--staged",), ("--since", "base")], ids=" ".join)
def test_a_program_is_told_too_that_nothing_changed(
    run: Run, project: Path, form: str, which: Sequence[str]
) -> None:
    printed = run("check", *which, "--output-format", form)
    assert (printed.code, printed.err) == (0, "No Python or dependency file has changed.\n")
    assert run("check", *which, "--output-format", form, "-o", "found.json").code == 0
    assert json.loads(printed.text) == json.loads((project / "found.json").read_text())
    assert run("check", *which, "--output-format", form, "-o", "no/x.json").code == 2
    assert run("check", *which, "--output-format", form, "--fix-only").text == ""


# name → arguments, what is said
WRONG = {
    "no such reference": (("--since", "nowhere"), "--since: git: 'nowhere' is not a commit"),
    "an option in its place": (("--since", "--output=x"), "--since: git: '--output=x' is not a"),
    "nothing": (("--since", ""), "--since: git: '' is not a commit"),
    "both": (("--since", "base", "--staged"), "--staged cannot be used with --since"),
    "standard input": (("--staged", "-"), "standard input"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_told(run: Run, project: Path, arguments: Sequence[str], said: str) -> None:
    ran = run("check", *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert not (project / "x").exists()


def test_without_a_repository(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BEFORE})
    (here / ".git").rmdir()
    ran = run("check", "--staged")
    assert (ran.code, "--staged needs a git repository" in ran.err) == (2, True)


def test_no_program_of_the_repository_is_run(run: Run, project: Path) -> None:
    """A filter that is configured for a file's attribute, and a `git` in the working directory."""
    write_tree(
        project, {".gitattributes": "*.py filter=f\n", "git": f"#!/bin/sh\ntouch {project}/ran\n"}
    )
    (project / "git").chmod(0o755)
    git(project, "config", "filter.f.clean", f"touch {project}/ran; cat")
    edit("a.py")(project)
    for arguments in (("--since", "HEAD"), ("--staged",)):
        run("check", *arguments)
    assert not (project / "ran").exists()
