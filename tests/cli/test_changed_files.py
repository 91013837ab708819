"""`check --since` and `check --staged`: only what git says has changed, with the rest around it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree
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


def write(name: str, text: str) -> Callable[[Path], object]:
    return lambda here: (here / name).write_text(text)


def stage(*names: str) -> Callable[[Path], object]:
    return lambda here: git(here, "add", *names)


SHIFTED = "# a\n# b\n" + BEFORE
USES = "from obs import push_scope\nwith push_scope():\n    pass\n"

# name → what happens, where the findings of what is staged are
AS_STAGED: dict[str, tuple[Sequence[Callable[[Path], object]], Sequence[str]]] = {
    "changed since": ((staged("a.py"), write("a.py", SHIFTED)), ["a.py:5:10"]),
    "mended since, not staged": ((staged("a.py"), write("a.py", AFTER)), ["a.py:5:10"]),
    "mended and staged, old on disk": ((write("a.py", AFTER), stage("a.py"), write("a.py", BEFORE)), []),
    "empty on disk": ((staged("a.py"), write("a.py", "")), ["a.py:5:10"]),
    "broken on disk": ((staged("a.py"), write("a.py", "def (")), ["a.py:5:10"]),
    "a new one": ((staged("new.py"), write("new.py", "")), ["new.py:5:10"]),
    "other ends of lines": (
        (staged("a.py"), lambda here: (here / "a.py").write_bytes(SHIFTED.replace("\n", "\r\n").encode())),
        ["a.py:5:10"],
    ),
    "a name with spaces": ((staged("d/a b.py"), write("d/a b.py", "")), ["d/a b.py:5:10"]),
    "what it re-exports is staged alone": (
        (
            write("obs.py", "from sentry_sdk import push_scope\n"),
            write("use.py", USES),
            stage("obs.py", "use.py"),
            write("obs.py", "def push_scope(): ...\n"),
        ),
        ["obs.py:1:24", "use.py:2:6"],
    ),
    "what it re-exports is not staged": (
        (
            write("obs.py", "def push_scope(): ...\n"),
            write("use.py", USES),
            stage("obs.py", "use.py"),
            write("obs.py", "from sentry_sdk import push_scope\n"),
        ),
        [],
    ),
    "the settings that are staged": (
        (
            staged("a.py"),
            write("pyproject.toml", "[tool.sentry-migrate]\nignore = ['SEN101']\n"),
            stage("pyproject.toml"),
            write("pyproject.toml", ""),
        ),
        [],
    ),
    "a dependency file": (
        (
            write("requirements.txt", "x\nsentry-sdk<2\n"),
            stage("requirements.txt"),
            write("requirements.txt", "x\n"),
        ),
        ["requirements.txt:2:11"],
    ),
    "a link on disk": (
        (staged("a.py"), lambda here: ((here / "a.py").unlink(), (here / "a.py").symlink_to("d/b.py"))),
        ["a.py:5:10"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "found"), AS_STAGED.values(), ids=AS_STAGED)
def test_what_is_staged_is_looked_at(
    run: Run, project: Path, changes: Sequence[Callable[[Path], object]], found: Sequence[str]
) -> None:
    for change in changes:
        change(project)
    ran = run("check", "--staged", "--output-format", "concise")
    places = [line.split(": SEN")[0] for line in ran.text.splitlines() if ": SEN" in line]
    assert (places, ran.code) == (found, int(bool(found)))
    patched = run("check", "--staged", "--diff", "--select", "SEN101").text
    assert (BEFORE.splitlines()[4] in patched) == any(":5:10" in one for one in found)


# name → what happens after a change is staged, arguments, what is said
NOT_FIXED: dict[str, tuple[Callable[[Path], object], Sequence[str], str]] = {
    "fixes": (write("a.py", SHIFTED), ("--fix",), "a.py has changes that are not staged"),
    "fixes alone": (write("a.py", SHIFTED), ("--fix-only",), "a.py has changes that are not"),
    "comments": (write("a.py", SHIFTED), ("--add-ignores",), "a.py has changes that are not"),
    "other comments": (write("a.py", SHIFTED), ("--todo",), "a.py has changes that are not"),
    "gone": (lambda here: (here / "a.py").unlink(), (), "a.py is staged, but not on disk"),
}


@pytest.mark.parametrize(("change", "arguments", "said"), NOT_FIXED.values(), ids=NOT_FIXED)
def test_what_is_staged_by_half_is_not_changed(
    run: Run, project: Path, change: Callable[[Path], object], arguments: Sequence[str], said: str
) -> None:
    staged("a.py", "d/b.py")(project)
    change(project)
    before, index = texts(project), git(project, "diff", "--cached")
    ran = run("check", "--staged", *arguments)
    assert (ran.code, ran.out, said in ran.err) == (2, b"", True)
    assert texts(project) == before
    assert git(project, "diff", "--cached") == index


def texts(project: Path) -> dict[str, bytes]:
    return {name: data for name, data in read_tree(project).items() if ".git/" not in name}


def test_a_conflict_is_told(run: Run, project: Path) -> None:
    committed("a.py")(project)
    git(project, "checkout", "--quiet", "base")
    write("a.py", BEFORE + "# other\n")(project)
    git(project, "commit", "--quiet", "--all", "--message", "Other")
    with suppress(subprocess.CalledProcessError):
        git(project, "merge", "--quiet", "work")
    ran = run("check", "--staged")
    assert (ran.code, "a.py has conflicts" in ran.err) == (2, True)


def test_what_is_staged_is_fixed_beside_other_changes(run: Run, project: Path) -> None:
    staged("a.py")(project)
    edit("d/b.py")(project)
    assert run("check", "--staged", "--fix").code == 0
    assert (project / "a.py").read_text() == AFTER + "# more\n"
    assert (project / "d/b.py").read_text() == BEFORE + "# more\n"


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
