"""`sentry-migrate status` and `next`: a migration in stages, each a commit."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from cli.conftest import SERVER, Run, read_tree, write_tree
from cli.samples import AFTER, BEFORE, BROKEN, CLEAN, UNSAFE, UNSAFE_AFTER
from sentry_migrate.cli import journal
from sentry_migrate.cli.commands import cli
from sentry_migrate.cli.git import Repository
from sentry_migrate.project import atomic_write
from sentry_migrate.project.boundaries import root_of
from sentry_migrate.report.stages import UNCHECKED

BY_HAND = "import sentry_sdk\nsentry_sdk.push_scope()\n"
REQUIRED = "flask\nsentry-sdk>=1.16,<2\n"
RAISED = "flask\nsentry-sdk>=2.15,<3\n"
SHOP = {
    "requirements.txt": REQUIRED,
    "shop/views.py": BEFORE,
    "shop/settings.py": UNSAFE,
    "shop/old.py": BY_HAND,
}
ASSUMED = '[tool.sentry-migrate]\nassume = ["before-init"]\n'
STAGES: tuple[tuple[Sequence[str], bytes, dict[str, str], str], ...] = (
    ((), b"y\n", {"requirements.txt": RAISED}, "Require sentry-sdk 2.x"),
    (
        ("--yes",),
        b"",
        {"shop/views.py": AFTER},
        "Migrate to sentry-sdk 2.x: 1 fix in 1 file",
    ),
    (
        (),
        b"y\n",
        {"shop/settings.py": UNSAFE_AFTER, "pyproject.toml": ASSUMED},
        "Migrate to sentry-sdk 2.x: fixes that assume before-init",
    ),
)
"""Arguments, answers, what the commit changes, its first line."""


def git(here: Path, *arguments: str) -> str:
    given = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments]
    return subprocess.run(given, cwd=here, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def shop(
    here: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A project under git."""
    monkeypatch.setenv("SENTRY_MIGRATE_STATE_DIR", str(tmp_path_factory.mktemp("state")))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.com")
    write_tree(here, SHOP)
    git(here, "init", "--quiet")
    git(here, "add", ".")
    git(here, "commit", "--quiet", "--message", "Start")
    return here


def files(here: Path) -> dict[str, bytes]:
    """What is in the working tree."""
    return {name: data for name, data in read_tree(here).items() if not name.startswith(".git/")}


def subjects(here: Path) -> list[str]:
    return git(here, "log", "--format=%s").splitlines()


def test_from_the_first_run_to_what_is_left_and_back(run: Run, shop: Path) -> None:
    """Each stage is one commit of just its files; `undo` goes back to the first byte."""
    before = files(shop)
    now = dict(before)
    assert "1.  Raise the requirement  1 fix in requirements.txt" in run().text
    for arguments, answers, changes, title in STAGES:
        ran = run("next", *arguments, stdin=answers)
        assert ran.code == 0
        now |= {name: text.encode() for name, text in changes.items()}
        assert files(shop) == now
        assert subjects(shop)[0] == title
        assert set(git(shop, "show", "--format=", "--name-only").split()) == set(changes)
        assert git(shop, "status", "--porcelain") == ""
    ran = run("next")
    assert ran.code == 1
    assert "shop/old.py:2:1: SEN105" in ran.text
    assert len(subjects(shop)) == 1 + len(STAGES)
    (shop / "shop/old.py").write_text(CLEAN)
    git(shop, "commit", "--quiet", "--all", "--message", "By hand")
    ran = run("next")
    assert ran.code == 0
    assert all(line in ran.text for line in UNCHECKED)
    assert ran.text == run().text
    for _ in STAGES:
        assert run("undo").code == 0
    (shop / "shop/old.py").write_text(BY_HAND)
    assert files(shop) == before


def test_a_commit_counts_what_its_fixes_brought_about(run: Run, shop: Path) -> None:
    """The import that others took is not used any longer once they are fixed."""
    uses = UNSAFE.replace("import sentry_sdk\n", "from shop.obs import configure_scope\n")
    obs = "from sentry_sdk import configure_scope\n"
    write_tree(shop, {"shop/obs.py": obs, "shop/use.py": uses.replace("sentry_sdk.", "")})
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "--message", "Uses")
    for _ in range(2):
        run("next", "--yes")
    ran = run("next", stdin=b"y\n")
    assert (ran.code, "Fixed 4 findings in 3 files." in ran.err) == (0, True)
    body = git(shop, "log", "-1", "--format=%b")
    assert "- SEN101 configure-scope-with: 2\n- SEN612 left-over-import: 2\n" in body
    assert (shop / "shop/obs.py").read_text() == ""


def test_a_quiet_one_says_only_what_is_left(run: Run, shop: Path) -> None:
    for _ in range(2):
        ran = run("next", "--yes", "-q")
        assert (ran.code, ran.text, ran.err) == (0, "", "")
    assert "because of --yes" in run("next", "--yes", "--quiet").text
    ran = run("next", "-q", stdin=b"y\n")
    assert (ran.code, "Yes?" in ran.text, "Committed" in ran.text) == (0, True, False)
    ran = run("next", "-q")
    assert (ran.code, "shop/old.py:2:1: SEN105" in ran.text) == (1, True)
    (shop / "shop/old.py").write_text(CLEAN)
    git(shop, "commit", "--quiet", "--all", "--message", "By hand")
    ran = run("next", "-q")
    assert (ran.code, ran.text, ran.err) == (0, "", "")


# name → arguments, answers, exit code, a part of what is said
UNDONE: dict[str, tuple[Sequence[str], bytes, int, str]] = {
    "declined": ((), b"n\n", 1, "Raise the requirement"),
    "nobody there to answer": ((), b"", 1, "Raise the requirement? [Y/n]"),
    "standard input": (("-",), b"", 2, "standard input"),
    "no place for the text": (("--pr-text", "no/pr.md"), b"y\n", 2, "no is no directory"),
    "a wrong setting": (("--select", "SEN999"), b"", 2, "SEN999"),
    "no such folder": (("nowhere",), b"", 2, "nowhere"),
    "no such folder beside another": (
        ("nowhere", "shop", "--yes"),
        b"",
        2,
        "no such file or directory: nowhere",
    ),
    "another beside no such folder": (
        ("shop", "nowhere", "--yes"),
        b"",
        2,
        "no such file or directory: nowhere",
    ),
    "only what is left by hand": (("shop/old.py", "--yes"), b"", 1, "shop/old.py:2:1"),
    "only a question": (("shop/settings.py", "--yes"), b"", 1, "because of --yes"),
    "answers that do not count": (("shop/settings.py", "--strict"), b"y\n", 1, "`strict` assumes"),
    "a source for the text": (("--yes", "--pr-text", "shop/old.py"), b"", 2, "would be lost"),
    "a question without a yes": (("shop/settings.py",), b"n\n", 1, "No answer was yes"),
    "nothing to do": (("--select", "SEN6", "--yes"), b"", 0, "4 findings of rules that are not"),
}


@pytest.mark.parametrize(("arguments", "answers", "code", "said"), UNDONE.values(), ids=UNDONE)
def test_nothing_is_changed(
    run: Run, shop: Path, arguments: Sequence[str], answers: bytes, code: int, said: str
) -> None:
    before = files(shop)
    ran = run("next", *arguments, stdin=answers)
    assert ran.code == code
    assert said in ran.text + ran.err
    assert files(shop) == before
    assert subjects(shop) == ["Start"]


def edited(shop: Path) -> None:
    (shop / "shop/views.py").write_text(BEFORE + "# more\n")


def staged(shop: Path) -> None:
    edited(shop)
    git(shop, "add", "shop/views.py")


def deleted(shop: Path) -> None:
    (shop / "shop/old.py").unlink()


def renamed(shop: Path) -> None:
    git(shop, "mv", "shop/old.py", "shop/new.py")


def untracked(shop: Path) -> None:
    (shop / "notes.txt").write_text("x\n")


@pytest.mark.parametrize("change", [edited, staged, deleted, renamed])
def test_a_dirty_tree_is_left_alone(run: Run, shop: Path, change: Callable[[Path], None]) -> None:
    change(shop)
    before = files(shop)
    ran = run("next", "--yes")
    assert ran.code == 2
    assert "1 file changed since the last commit: shop/" in ran.err
    assert files(shop) == before
    assert run("next", "--yes", "--allow-dirty").code == 0
    assert git(shop, "show", "--format=", "--name-only").split() == ["requirements.txt"]


TAKES_BACK = "`sentry-migrate undo` takes back what an earlier run wrote."
COMMITTED = "What the run wrote is in the last commit"


# what was done before → whether it is told that `undo` takes it back
BEFORE_NEXT: dict[str, tuple[Callable[[Run, Path], object], bool]] = {
    "a run": (lambda run, shop: run("next", "--yes", "--no-commit"), True),
    "a fix": (lambda run, shop: run("check", "--fix"), True),
    "an undone stage": (lambda run, shop: (run("next", "--yes"), run("undo")), False),
    "a change by hand": (lambda run, shop: edited(shop), False),
    "a stage and a change by hand": (lambda run, shop: (run("next", "--yes"), edited(shop)), False),
    "a run and a change of its file": (
        lambda run, shop: (run("check", "--fix", "shop/views.py"), edited(shop)),
        False,
    ),
}


@pytest.mark.parametrize(("change", "undoes"), BEFORE_NEXT.values(), ids=BEFORE_NEXT)
def test_a_dirty_tree_is_told_of_an_undo_that_there_is(
    run: Run, shop: Path, change: Callable[[Run, Path], object], undoes: bool
) -> None:
    change(run, shop)
    ran = run("next", "--yes")
    assert ran.code == 2
    assert "changed since the last commit" in ran.err
    assert (TAKES_BACK in ran.err) is undoes
    assert run("undo", "--diff").code == 1 if undoes else True


# how a run was made, and undone → whether the last commit still has it
UNDOING = {
    "a stage": (("next", "--yes"), ("undo",), True),
    "quietly": (("next", "--yes"), ("undo", "-q"), False),
    "only shown": (("next", "--yes"), ("undo", "--diff"), False),
    "a stage without a commit": (("next", "--yes", "--no-commit"), ("undo",), False),
    "a fix": (("check", "--fix"), ("undo",), False),
    "a part of a fix": (("check", "--fix"), ("undo", "shop/views.py"), False),
}


@pytest.mark.parametrize(("arguments", "undo", "told"), UNDOING.values(), ids=UNDOING)
def test_undo_tells_of_the_commit_that_stays(
    run: Run, shop: Path, arguments: Sequence[str], undo: Sequence[str], told: bool
) -> None:
    run(*arguments)
    assert (COMMITTED in run(*undo).text) is told


def both(shop: Path) -> None:
    edited(shop)
    (shop / "shop/old.py").write_text(BY_HAND + "# more\n")


def clean(_: Path) -> None:
    """As committed."""


def without_git(shop: Path) -> None:
    edited(shop)
    (shop / ".git").rename(shop / ".not-git")


MIXED = "neither committed nor staged: `git diff` shows them together with the fixes; `sentry-migrate undo` takes back the fixes alone."
ONE = f"warning: 1 file has changes that are {MIXED}"
FIX = ("check", "--fix", "--unsafe-fixes")
# name → what a person did, the run, what is said of it
MIXING: dict[str, tuple[Callable[[Path], None], Sequence[str], str]] = {
    "a change": (edited, FIX, ONE),
    "two": (both, FIX, f"warning: 2 files have changes that are {MIXED}"),
    "quietly": (edited, (*FIX, "-q"), ONE),
    "for programs": (edited, (*FIX, "--output-format", "json"), ONE),
    "a single file": (edited, (*FIX, "shop/views.py"), ""),
    "nothing to fix": (edited, (*FIX, "shop/old.py"), ""),
    "no fix": (edited, ("check",), ""),
    "a diff": (edited, ("check", "--diff"), ""),
    "what is staged": (staged, FIX, ""),
    "what git does not know": (untracked, FIX, ""),
    "a file that is gone": (deleted, FIX, ""),
    "nothing": (clean, FIX, ""),
    "no repository": (without_git, FIX, ""),
    "a person who wants it": (edited, ("next", "--yes", "--allow-dirty"), ""),
}


@pytest.mark.parametrize(("change", "arguments", "said"), MIXING.values(), ids=MIXING)
def test_fixes_of_many_files_among_other_changes_are_told(
    run: Run, shop: Path, change: Callable[[Path], None], arguments: Sequence[str], said: str
) -> None:
    change(shop)
    warned = [line for line in run(*arguments).err.splitlines() if line.startswith("warning")]
    assert warned == ([said] if said else [])


def test_chosen_fixes_of_many_files_are_told_too(run: Run, shop: Path) -> None:
    edited(shop)
    found = json.loads(run("check", "--output-format", "json").text)
    assert ONE in run("apply", *(one["id"] for one in found if one["fix"])).err


def test_files_that_git_does_not_know_are_no_reason(run: Run, shop: Path) -> None:
    untracked(shop)
    assert run("next", "--yes").code == 0
    assert git(shop, "status", "--porcelain") == "?? notes.txt\n"


def test_other_staged_changes_stay_staged(run: Run, shop: Path) -> None:
    staged(shop)
    assert run("next", "--yes", "--allow-dirty").code == 0
    assert git(shop, "diff", "--cached", "--name-only").split() == ["shop/views.py"]


@pytest.mark.parametrize("hook", ["pre-commit", "commit-msg", "post-commit", "prepare-commit-msg"])
def test_nothing_of_the_repository_is_run(run: Run, shop: Path, hook: str) -> None:
    for name in (f".git/hooks/{hook}", "monitor"):
        (shop / name).parent.mkdir(exist_ok=True)
        (shop / name).write_text(f"#!/bin/sh\ntouch {shop}/ran\nexit 1\n")
        (shop / name).chmod(0o755)
    git(shop, "config", "core.fsmonitor", str(shop / "monitor"))
    assert run("next", "--yes").code == 0
    assert not (shop / "ran").exists()


def test_without_a_repository(run: Run, here: Path, tmp_path: Path) -> None:
    write_tree(here, SHOP)
    (here / ".git").rmdir()
    ran = run("next", "--yes")
    assert ran.code == 2
    assert "this is not a git repository; --no-commit" in ran.err
    assert (here / "requirements.txt").read_text() == REQUIRED
    assert run("next", "--yes", "--no-commit").code == 0
    assert (here / "requirements.txt").read_text() == RAISED


def test_no_commit(run: Run, shop: Path) -> None:
    assert run("next", "--yes", "--no-commit").code == 0
    assert (shop / "requirements.txt").read_text() == RAISED
    assert subjects(shop) == ["Start"]


def test_another_git_is_at_work(run: Run, shop: Path) -> None:
    (shop / ".git/index.lock").write_text("")
    ran = run("next", "--yes", "--allow-dirty")
    assert (ran.code, ".git/index.lock is there" in ran.err) == (2, True)
    assert (shop / "requirements.txt").read_text() == REQUIRED


def test_git_refuses(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is changed stays, with the way back."""
    commit = Repository.commit

    def locked(tree: Repository, paths: Sequence[str], message: str) -> str:
        (shop / ".git/index.lock").write_text("")
        return commit(tree, paths, message)

    monkeypatch.setattr(Repository, "commit", locked)
    ran = run("next", "--yes", "--allow-dirty")
    assert ran.code == 2
    assert "not committed: git:" in ran.err
    assert "undoes the changes" in ran.err
    assert (shop / "requirements.txt").read_text() == RAISED


def test_another_run_was_faster(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = Repository.commit

    def twice(tree: Repository, paths: Sequence[str], message: str) -> str:
        commit(tree, paths, message)
        return commit(tree, paths, message)

    monkeypatch.setattr(Repository, "commit", twice)
    ran = run("next", "--yes")
    assert (ran.code, "another run has committed the same" in ran.err) == (0, True)
    assert "undoes the changes" not in ran.err
    assert len(subjects(shop)) == 2


@pytest.mark.parametrize("file", ["pr.md", "-"])
def test_the_text_of_a_pull_request(run: Run, shop: Path, file: str) -> None:
    ran = run("next", "--yes", "--pr-text", file)
    text = ran.text if file == "-" else (shop / file).read_text()
    parts = ("# Require sentry-sdk 2.x\n", "- SEN901 requirements-pin: 1\n", "## Proof\n")
    for part in (*parts, "- requirements.txt:2:11: SEN901 "):
        assert part in text
    if file == "-":  # which another program reads
        assert text.startswith(parts[0])
        assert "Committed 1 file as " in ran.err


MAPPED = """\
from flask import request
import sentry_sdk
from sentry_sdk import push_scope


def charge():
    with push_scope() as scope:
        scope.set_tag("charge", request.headers)
        sentry_sdk.capture_message("x")
"""
TWO_DOUBTS = """\
from sentry_sdk import configure_scope


def start(n):
    with configure_scope() as scope:
        scope.clear()
        n.fill(scope)
"""


def test_what_fixes_assume_is_said(run: Run, shop: Path) -> None:
    """Also of what nobody was asked, because it is assumed by default."""
    write_tree(shop, {"shop/old.py": MAPPED})
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "Mapped")
    ran = run("next", "--yes", "shop/old.py", "--pr-text", "-")
    assert "assume `foreign-values`" in ran.err
    for text in (ran.text, git(shop, "log", "-1", "--format=%B")):
        assert "stays the same, as far as this holds: foreign-values (" in text
    assert "- foreign-values: `sentry-migrate doubt foreign-values`" in ran.text


def test_an_answer_that_settles_nothing_alone(run: Run, shop: Path) -> None:
    write_tree(shop, {"shop/old.py": TWO_DOUBTS})
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "Two")
    ran = run("next", "shop/old.py", stdin=b"y\nn\nn\nn\n")
    assert (ran.code, "other questions are open" in ran.text) == (1, True), ran
    assert subjects(shop)[0].startswith("Assume for sentry-sdk 2.x: ")


def test_smaller_steps(run: Run, shop: Path) -> None:
    """By folder and by rule."""
    assert run("next", "--yes", "shop").code == 0
    assert subjects(shop)[0].startswith("Migrate to sentry-sdk 2.x: 1 fix")
    assert run("next", "--yes", "--select", "SEN901").code == 0
    assert subjects(shop)[0] == "Require sentry-sdk 2.x"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", ASSUMED),
        (
            "[project]\r\nname = 'x'\r\n",
            "[project]\r\nname = 'x'\r\n\r\n" + ASSUMED.replace("\n", "\r\n"),
        ),
        ('[tool.sentry-migrate]\nassume = ["other"]', None),
    ],
)
def test_where_the_answer_goes(run: Run, shop: Path, text: str, made: str | None) -> None:
    write_tree(shop, {"pyproject.toml": text})
    ran = run("next", "shop/settings.py", "--no-commit", stdin=b"y\n")
    after = (shop / "pyproject.toml").read_bytes().decode()
    assert (ran.code, after) == ((0, made) if made else (2, text))


EXCLUDES = "requirements.txt still excludes sentry-sdk 2.x: `sentry-migrate next "


@pytest.mark.parametrize(
    ("arguments", "pinned", "told"),
    [
        (("shop",), REQUIRED, True),
        (("shop/settings.py",), REQUIRED, True),
        ((".", "--select", "SEN1"), REQUIRED, True),
        ((".",), REQUIRED, False),  # it is the first stage
        (("shop",), RAISED, False),
        (("shop",), "flask\n", False),
    ],
)
def test_a_part_of_the_project_is_told_of_the_requirement(
    run: Run, shop: Path, arguments: Sequence[str], pinned: str, told: bool
) -> None:
    write_tree(shop, {"requirements.txt": pinned})
    said = run("status", *arguments).text
    assert (EXCLUDES in said, "left elsewhere" in said) == (told, told)
    assert (
        EXCLUDES in run("next", *arguments, "--no-commit", "--allow-dirty", "--yes").err
    ) is told


POETRY = '[[package]]\nname = "sentry-sdk"\nversion = "1.40.0"\n'
HASHED = "sentry-sdk==1.45.1 \\\n    --hash=sha256:00\n"
COMPILED = "# This file is autogenerated by pip-compile\n#\n#    pip-compile requirements.in\n#\nsentry-sdk==1.4.0\n"
COMPILE = "requirements.txt:5:11: Run `pip-compile --upgrade-package sentry-sdk requirements.in`."
LATER = "or now `next --ignore requirements-pin` to leave it for later."
# name → the dependency files, the size of the stage, what a tool has to do, what `next` commits
TOOLS: dict[str, tuple[dict[str, str], str, str, str]] = {
    "a lock file": (
        {"poetry.lock": POETRY},
        "1 place in poetry.lock without a fix",
        "poetry.lock:3:12: Run `poetry update sentry-sdk`.",
        "",
    ),
    "hashes": (
        {"requirements.txt": HASHED},
        "1 place in requirements.txt without a fix",
        "requirements.txt:1:11: Regenerate the file with the tool that wrote the hashes.",
        "",
    ),
    "a generated file": (
        {"requirements.txt": COMPILED},
        "1 place in requirements.txt without a fix",
        COMPILE,
        "",
    ),
    "a generated file and another": (
        {"dev/requirements.in": REQUIRED, "requirements.txt": COMPILED},
        "1 fix in dev/requirements.in, 1 place in requirements.txt without a fix",
        COMPILE,
        "dev/requirements.in",
    ),
    "a lock file of 2.x": (
        {"poetry.lock": POETRY.replace("1.40", "2.20"), "requirements.txt": REQUIRED},
        "1 fix in requirements.txt",
        "",
        "requirements.txt",
    ),
}


@pytest.mark.parametrize(("pins", "size", "command", "raised"), TOOLS.values(), ids=TOOLS)
def test_a_requirement_that_a_tool_has_to_raise_comes_first_too(
    run: Run, shop: Path, pins: dict[str, str], size: str, command: str, raised: str
) -> None:
    (shop / "requirements.txt").unlink()
    write_tree(shop, pins)
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "--all", "--message", "Pins")
    said = run("status").text
    assert f"1.  Raise the requirement  {size}\n" in said
    assert said.splitlines()[-1].startswith(
        "Next: `sentry-migrate next` raises" if raised else f"Next: {command}"
    )
    ran = run("next", "--yes")
    assert (ran.code, f"{command}\n" in ran.text, LATER in ran.text) == (
        int(bool(command)),
        True,
        bool(command),
    )
    changed = git(shop, "show", "--format=", "--name-only").split()
    assert changed == ([raised] if raised else sorted({*pins, "requirements.txt"}))
    assert ("requirements-pin: 1\n" in git(shop, "log", "-1", "--format=%b")) == bool(raised)
    later = run("next", "--yes", *(("--ignore", "requirements-pin") if command else ()))
    assert (later.code, subjects(shop)[0].endswith("1 fix in 1 file")) == (0, True)
    left = "still excludes sentry-sdk 2.x: " + command.partition(": ")[2]
    assert (left in run("status", "shop").text) == bool(command)


POETRY_NEW = POETRY.replace("1.40", "2.20")
PROJECT = "[project]\ndependencies = [\n    'sentry-sdk<2',\n]\n"
PIPFILE = "[packages]\nsentry-sdk = '==1.40.0'\n"
PIPFILE_LOCK = '{"default": {"sentry-sdk": {"version": "==1.40.0"}}}\n'
# name → the dependency files, those that must follow with their commands; none where it is committed
FOLLOWERS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a lock file": (
        {"pyproject.toml": PROJECT, "uv.lock": POETRY},
        {"uv.lock": "Run `uv lock --upgrade-package sentry-sdk`."},
    ),
    "a lock file that has 2.x": (
        {"pyproject.toml": PROJECT, "poetry.lock": POETRY_NEW},
        {"poetry.lock": "Run `poetry update sentry-sdk`."},
    ),
    "a lock file of the workspace": (
        {"packages/a/pyproject.toml": PROJECT, "uv.lock": POETRY_NEW},
        {"uv.lock": "Run `uv lock --upgrade-package sentry-sdk`."},
    ),
    "a Pipfile": (
        {"Pipfile": PIPFILE, "Pipfile.lock": PIPFILE_LOCK},
        {"Pipfile.lock": "Run `pipenv upgrade --lock-only sentry-sdk`."},
    ),
    "pixi": (
        {"pixi.toml": "[dependencies]\nsentry-sdk = '1.*'\n", "pixi.lock": "version: 6\n"},
        {"pixi.lock": "Run `pixi update sentry-sdk`."},
    ),
    "a generated file with its source": (
        {"requirements.in": REQUIRED, "requirements.txt": COMPILED},
        {"requirements.txt": COMPILE.partition(": ")[2]},
    ),
    "generated files, each with what it is read for": (
        {
            "requirements/app.in": "--constraint=web.txt\nsentry-sdk<2\n",
            "requirements/app.txt": COMPILED,
            "requirements/all.in": "-c app.txt\n-r ../requirements/web.txt\nsentry-sdk<2\n",
            "requirements/all.txt": COMPILED,
            "requirements/web.in": REQUIRED,
            "requirements/web.txt": COMPILED,
        },
        {f"requirements/{name}.txt": COMPILE.partition(": ")[2] for name in ("web", "app", "all")},
    ),
    "a lock file of something else": (
        {"requirements.txt": REQUIRED, "poetry.lock": POETRY_NEW},
        {},
    ),
    "a lock file of another project": (
        {"pyproject.toml": PROJECT, "other/uv.lock": POETRY_NEW},
        {},
    ),
    "a lock file of a project above": (
        {"packages/a/pyproject.toml": PROJECT, "poetry.lock": POETRY_NEW},
        {},
    ),
    "a lock file that is not committed": (
        {"pyproject.toml": PROJECT, "uv.lock": POETRY_NEW, ".gitignore": "uv.lock\n"},
        {},
    ),
    "a generated file that has 2.x": (
        {"requirements.in": REQUIRED, "requirements.txt": COMPILED.replace("1.4.0", "2.20")},
        {},
    ),
}


@pytest.mark.parametrize(("pins", "follow"), FOLLOWERS.values(), ids=FOLLOWERS)
def test_a_requirement_is_committed_with_what_follows_it(
    run: Run, shop: Path, pins: dict[str, str], follow: dict[str, str]
) -> None:
    (shop / "requirements.txt").unlink()
    write_tree(shop, pins)
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "--all", "--message", "Pins")
    ran = run("next", "--yes")
    assert (ran.code, "belong in one commit" in ran.text) == (int(bool(follow)), bool(follow))
    assert subjects(shop)[0] == ("Pins" if follow else "Require sentry-sdk 2.x")
    assert bool(git(shop, "diff", "--name-only")) == bool(follow)
    said = "\n".join(f"{name}: {remedy}" for name, remedy in follow.items())
    if follow:
        assert f"\n{said}\n" in ran.text
        assert "--ignore" not in ran.text
        assert run("next", "--yes").code == 2
        assert run("undo").code == 0
        assert git(shop, "diff", "--name-only") == ""


@pytest.mark.parametrize("text", [None, "", '[tool.sentry-migrate]\nselect = ["SEN1"]\n'])
def test_an_answer_is_undone_with_its_fixes(run: Run, shop: Path, text: str | None) -> None:
    write_tree(shop, {} if text is None else {"pyproject.toml": text})
    before = read_tree(shop)
    assert run("next", "shop/settings.py", "--no-commit", stdin=b"y\n").code == 0
    assert b"before-init" in (shop / "pyproject.toml").read_bytes()
    assert b"get_isolation_scope" in (shop / "shop/settings.py").read_bytes()
    ran = run("undo")
    assert ran.code == 0
    assert read_tree(shop) == before
    assert "Restored pyproject.toml." in ran.text
    assert run("undo").code == 2  # there is no journal of the answer alone


def test_what_is_broken_is_said(run: Run, shop: Path) -> None:
    write_tree(shop, {"shop/bad.py": BROKEN})
    ran = run("next", "--yes")
    assert ran.code == 1
    assert "shop/bad.py:3:10: syntax-error" in ran.err
    assert subjects(shop)[0] == "Require sentry-sdk 2.x"


def test_alone_it_tells_what_there_is(run: Run, shop: Path) -> None:
    alone = run()
    assert (alone.code, alone.out) == (0, run("status").out)
    lines = alone.text.splitlines()
    assert lines[0] == "4 findings in 4 files (3 in Python, 1 in dependency files):"
    assert lines[5] == "5.  Run the tests          with sentry-sdk 2.x, after each stage"
    assert lines[-1].startswith("Next: `sentry-migrate next` raises")


def merging(shop: Path) -> None:
    git(shop, "checkout", "--quiet", "-b", "other")
    (shop / "notes.txt").write_text("x\n")
    git(shop, "add", "notes.txt")
    git(shop, "commit", "--quiet", "--message", "Notes")
    git(shop, "checkout", "--quiet", "-")
    (shop / "more.txt").write_text("x\n")
    git(shop, "add", "more.txt")
    git(shop, "commit", "--quiet", "--message", "More")
    git(shop, "merge", "--quiet", "--no-ff", "--no-commit", "other")


def broken(shop: Path) -> None:
    (shop / ".git/config").write_text("[core\n")


def not_installed(shop: Path) -> None:
    os.environ["PATH"] = str(shop)


def nested(shop: Path) -> None:
    (shop / "requirements.txt").write_text(RAISED)
    git(shop, "commit", "--quiet", "--all", "--message", "Raise")
    write_tree(shop, {"inner/a.py": BEFORE})
    git(shop / "inner", "init", "--quiet")


def linked(shop: Path) -> None:
    (shop / "requirements.txt").write_text(RAISED)
    (shop.parent / "outside.py").write_text(BEFORE)
    (shop / "link.py").symlink_to("../outside.py")
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "--all", "--message", "Link")


def draft(shop: Path) -> None:
    (shop / "requirements.txt").write_text(RAISED)
    git(shop, "commit", "--quiet", "--all", "--message", "Raise")
    (shop / "draft.py").write_text(BEFORE)


# name → what is so, what is said
REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "a merge is under way": (merging, "a merge is under way; finish it first"),
    "git does not read its settings": (broken, "error: git: bad config line 1"),
    "git is not installed": (not_installed, "error: git: there is no program `git`"),
    "a repository inside": (nested, "not in this repository: inner/a.py."),
    "a link that leads out": (linked, "not in this repository: link.py."),
    "a file that git does not know": (draft, "not tracked by git: draft.py."),
}


@pytest.mark.parametrize(("state", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_committed_is_not_written(
    run: Run,
    shop: Path,
    monkeypatch: pytest.MonkeyPatch,
    state: Callable[[Path], None],
    said: str,
) -> None:
    monkeypatch.setenv("PATH", os.environ["PATH"])
    state(shop)
    before = files(shop)
    ran = run("next", "--yes")
    assert ran.code == 2
    assert said in ran.err
    assert files(shop) == before


@pytest.mark.parametrize("tracked", [True, False])
def test_a_baseline_loses_what_a_stage_mends(run: Run, shop: Path, tracked: bool) -> None:
    """In the same commit, if it has the file, and `undo` restores both."""
    write_tree(shop, {"pyproject.toml": "[tool.sentry-migrate]\nbaseline = 'known.json'\n"})
    run("check", "--update-baseline")
    write_tree(shop, {".gitignore": "" if tracked else "known.json\n"})
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "--all", "--message", "Baseline")
    before = files(shop)
    done = ["requirements.txt", "shop/views.py"]
    for name in done:
        assert run("next", "--yes").code == 0
        changed = git(shop, "show", "--format=", "--name-only").split()
        assert changed == (["known.json", name] if tracked else [name])
        assert (run("check").code, git(shop, "status", "--porcelain")) == (0, "")
    assert len(json.loads((shop / "known.json").read_text())["findings"]) == 2
    for _ in done:
        assert run("undo").code == 0
    assert files(shop) == before
    assert run("check").code == 0


def test_a_baseline_of_other_projects_is_not_needed(run: Run, shop: Path) -> None:
    setting = "[tool.sentry-migrate]\nbaseline = 'known.json'\n"
    inner = {"src/one/pyproject.toml": "[tool.sentry-migrate]\n", "src/one/a.py": BEFORE}
    write_tree(shop, {"pyproject.toml": setting, **inner})
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "--message", "Two projects")
    assert run("next", "--yes", "src").code == 0


def submodule(shop: Path, name: str) -> Path:
    """A repository inside, which the project names."""
    write_tree(shop, {f"{name}/inner.py": BEFORE, f"{name}/requirements.txt": REQUIRED})
    for arguments in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "-m", "Start")):
        git(shop / name, *arguments)
    git(shop, "-c", "advice.addEmbeddedRepo=false", "add", name)
    git(shop, "commit", "--quiet", "--message", "Submodule")
    return shop / name


@pytest.mark.parametrize("name", ["vendor/lib", "a [b] #c"])
def test_submodules_are_left_alone(run: Run, shop: Path, name: str) -> None:
    inner = submodule(shop, name)
    told = f"Left alone: {name}. Run `sentry-migrate next` in a submodule to migrate it.\n"
    (inner / "notes.py").write_text("x = 1\n")  # a change of its own
    before = files(inner)
    for title in ("Require sentry-sdk 2.x", "Migrate to sentry-sdk 2.x: 1 fix in 1 file"):
        ran = run("next", "--yes")
        assert (ran.code, told in ran.text, subjects(shop)[0]) == (0, True, title)
    assert files(inner) == before
    assert told not in run("next", "--yes", "shop").text
    ran = run("next", "--yes", name)
    assert (ran.code, told in ran.text) == (0, False)
    assert subjects(inner)[0] == "Require sentry-sdk 2.x"
    ran = run("next", "--yes")  # which the submodule's new commit is a change of
    assert (ran.code, f"1 file changed since the last commit: {name}." in ran.err) == (2, True)
    git(shop, "commit", "--quiet", "--all", "--message", "Submodule")
    named = run("next", "--yes", "shop", f"{name}/inner.py")
    assert (named.code, "not in this repository: " in named.err) == (2, True)


def test_what_the_user_has_changed_is_fixed_and_not_committed(run: Run, shop: Path) -> None:
    write_tree(shop, {"requirements.txt": RAISED, "shop/more.py": BEFORE})
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "--message", "Raise")
    edited(shop)
    write_tree(shop, {"draft.py": BEFORE})
    ran = run("next", "--yes", "--allow-dirty")
    assert ran.code == 0
    assert "Not committed: draft.py, shop/views.py, which had changes before" in ran.err
    assert (shop / "draft.py").read_text() == AFTER
    assert git(shop, "show", "--format=", "--name-only").split() == ["shop/more.py"]
    assert "- SEN101 configure-scope-with: 1\n" in git(shop, "log", "-1", "--format=%b")
    assert subjects(shop)[0] == "Migrate to sentry-sdk 2.x: 1 fix in 1 file"


def test_a_commit_that_fails_leaves_nothing_staged(run: Run, shop: Path) -> None:
    """So that `undo` and a commit of the user's do not make it after all."""
    git(shop, "config", "commit.gpgsign", "true")
    git(shop, "config", "gpg.program", "false")
    before = files(shop)
    for arguments in ((), ("shop/settings.py",)):  # the second makes a file too
        ran = run("next", *arguments, stdin=b"y\n")
        assert (ran.code, "undoes the changes" in ran.err) == (2, True)
        assert git(shop, "diff", "--cached", "--name-only") == ""
        assert run("undo").code == 0
        (shop / "pyproject.toml").unlink(missing_ok=True)
        assert files(shop) == before
        assert git(shop, "status", "--porcelain") == ""


def test_a_file_that_cannot_be_written_is_not_counted(
    run: Run, shop: Path, unwritable: Callable[[str], None]
) -> None:
    write_tree(shop, {"requirements.txt": RAISED, "shop/more.py": BEFORE})
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "--message", "More")
    unwritable("views.py")
    ran = run("next", "--yes")
    assert ran.code == 2
    assert subjects(shop)[0] == "Migrate to sentry-sdk 2.x: 1 fix in 1 file"
    assert "- SEN101 configure-scope-with: 1\n" in git(shop, "log", "-1", "--format=%b")


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_the_commit_is_made_although_nobody_reads(shop: Path) -> None:
    command = f"{sys.executable} -m sentry_migrate next --yes | head -n 1"
    env = {**os.environ, "PYTHONPATH": str(SERVER), "PYTHONUNBUFFERED": "1"}
    subprocess.run(["bash", "-c", command], cwd=shop, env=env, check=True, capture_output=True)
    assert subjects(shop)[0] == "Require sentry-sdk 2.x"
    assert git(shop, "status", "--porcelain") == ""


# name → files, exit code of `next`, the last lines
NOTHING: dict[str, tuple[dict[str, str], int, str]] = {
    "what is broken": ({"a.py": BROKEN}, 1, "Failed on 1 file."),
    "what is suppressed": (
        {"a.py": "import sentry_sdk\nsentry_sdk.push_scope()  # sentry-migrate: ignore\n"},
        0,
        "Not counted: 1 finding suppressed by comments.",
    ),
    "no file at all": ({}, 0, "Nothing was checked: no Python or dependency file was found."),
}


@pytest.mark.parametrize(("tree", "code", "last"), NOTHING.values(), ids=NOTHING)
def test_nothing_is_claimed_over_what_was_not_counted(
    run: Run, here: Path, tree: dict[str, str], code: int, last: str
) -> None:
    write_tree(here, tree)
    (here / ".git").rmdir()
    for command in ("status", "next"):
        ran = run(command)
        assert ran.code == (code if command == "next" else 0)
        assert ran.text.splitlines()[-1] == last


TWO_QUESTIONS = (
    UNSAFE
    + "def report(scope_of):\n    with sentry_sdk.configure_scope() as s:\n        scope_of(s)\n"
)


def test_what_waits_for_another_answer_is_not_counted(run: Run, shop: Path) -> None:
    write_tree(shop, {"requirements.txt": RAISED, "shop/settings.py": TWO_QUESTIONS})
    git(shop, "commit", "--quiet", "--all", "--message", "Raise")
    ran = run("next", "shop/settings.py", stdin=b"y\nn\n")
    assert ran.code == 0
    assert "2 questions, on which 2 fixes" in ran.text
    assert "- SEN101 configure-scope-with: 1\n" in git(shop, "log", "-1", "--format=%b")


VIEWS = {f"shop/v{number}.py": f"# {number}\n{BEFORE}" for number in range(5)}
STAGED = {"requirements.txt": REQUIRED, **VIEWS}
DONE = {
    "requirements.txt": RAISED,
    **{name: code.replace(BEFORE, AFTER) for name, code in VIEWS.items()},
}
KILLS = 10


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is a copy of this process")
@pytest.mark.parametrize(
    ("command", "seed"),
    [(("check", "--fix", "--unsafe-fixes", "-q"), seed) for seed in range(14)]
    + [(("next", "--yes"), seed) for seed in range(6)],
)
def test_a_staged_run_that_is_killed_goes_on(
    run: Run,
    shop: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    command: Sequence[str],
    seed: int,
) -> None:
    """200 kills: every file is old or new, and what was begun is finished by the next run."""
    moments = random.Random(f"{seed} {command}")
    for _ in range(KILLS):
        here = tmp_path_factory.mktemp("shop")
        state = tmp_path_factory.mktemp("state")
        monkeypatch.setenv("SENTRY_MIGRATE_STATE_DIR", str(state))
        monkeypatch.chdir(here)
        write_tree(here, STAGED)
        if command[0] == "next":
            git(here, "init", "--quiet")
            git(here, "add", ".")
            git(here, "commit", "--quiet", "--message", "Start")
        before = files(here)
        after = {name: text.encode() for name, text in DONE.items()}
        killed(command, state, moments)
        left = files(here)
        assert {name for name in before if left[name] not in (before[name], after[name])} == set()
        assert all(
            map(
                atomic_write.is_temporary,
                (os.path.basename(one) for one in left if one not in before),
            )
        )
        journal.latest(root_of(str(here)))  # raises for one that is damaged
        if command[0] == "next" and git(here, "status", "--porcelain"):
            assert run("undo").code == 0
            assert git(here, "status", "--porcelain") == ""
        while run(*command).code == 0 and files(here) != after:
            pass
        assert files(here) == after
        while run("undo").code == 0:
            pass
        assert files(here) == before


def killed(command: Sequence[str], state: Path, moments: random.Random) -> None:
    """Run a command in a copy of this process, and kill that: mostly while it writes."""
    child = os.fork()
    if not child:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        try:
            cli(list(command), prog_name="sentry-migrate")
        finally:
            os._exit(0)
    ended = False
    if moments.random() < 0.2:
        time.sleep(moments.uniform(0, 0.3))
    else:
        while not (ended := os.waitpid(child, os.WNOHANG)[0] != 0) and not [*state.rglob("*.zip")]:
            time.sleep(0.0005)
        time.sleep(moments.uniform(0, 0.02))
    if not ended:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with suppress(ProcessLookupError, PermissionError):
        while True:  # git ends by itself
            os.killpg(child, 0)
            time.sleep(0.001)
