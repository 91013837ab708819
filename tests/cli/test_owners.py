"""`--owner`: the files that a CODEOWNERS file gives to somebody."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree
from cli.samples import AFTER, BEFORE
from sentry_migrate.cli.owners import PLACES

pytest.importorskip("codeowners")

NAMES = ("a.py", "docs/b.py", "docs/more/c.py", "shop/d.py", "shop/views/e.py", "x y.py")
FILES = dict.fromkeys(NAMES, BEFORE)
# name → the file, the owners that are asked for, the files that are theirs
OWNED: dict[str, tuple[str, Sequence[str], Sequence[str]]] = {
    "all": ("* @all\n", ("@all",), NAMES),
    "a folder": ("/shop/ @org/shop\n", ("@org/shop",), ("shop/d.py", "shop/views/e.py")),
    "the last line that fits": ("* @all\nshop/ @org/shop\n", ("@all",), NAMES[:3] + NAMES[5:]),
    "a line that takes away": ("* @all\nshop/\n", ("@all",), NAMES[:3] + NAMES[5:]),
    "one level, unlike .gitignore": ("docs/* @docs\n", ("@docs",), ("docs/b.py",)),
    "any level": ("docs/** @docs\n", ("@docs",), ("docs/b.py", "docs/more/c.py")),
    "an ending": ("*.py @py\n", ("@py",), NAMES),
    "a space": ("x\\ y.py @x\n", ("@x",), ("x y.py",)),
    "a star for a space": ("x*y.py @x\n", ("@x",), ("x y.py",)),
    "any sign for a space": ("x?y.py @x\n", ("@x",), ("x y.py",)),
    "no sign for a space": ("xy.py @x\nx_y.py @x\n", ("@x",), ()),
    "two owners of a line": ("a.py @x @y\n", ("@y",), ("a.py",)),
    "two that are asked for": ("a.py @x\ndocs/b.py @y\n", ("@x", "@y"), ("a.py", "docs/b.py")),
    "in other letters": ("a.py @Org/Shop\n", ("@org/shop",), ("a.py",)),
    "an address": ("a.py me@example.com\n", ("me@example.com",), ("a.py",)),
    "a remark": ("# * @x\na.py @x # and more\n", ("@x",), ("a.py",)),
    "sections of GitLab": ("[One]\n* @x\n[Two]\n* @y\na.py @z\n", ("@x",), NAMES),
    "the last of a section": ("[One]\n* @x\n[Two]\n* @y\na.py @z\n", ("@y",), NAMES[1:]),
    "nothing": ("none.py @x\n", ("@x",), ()),
}


@pytest.mark.parametrize(("text", "owners", "theirs"), OWNED.values(), ids=OWNED)
def test_whose_files_are_looked_at(
    run: Run, here: Path, text: str, owners: Sequence[str], theirs: Sequence[str]
) -> None:
    write_tree(here, {**FILES, "CODEOWNERS": text})
    options = [word for owner in owners for word in ("--owner", owner)]
    report = json.loads(run("report", "--output-format", "json", *options).text)
    assert sorted(report["files"]) == sorted(theirs)
    before = read_tree(here)
    run("check", "--fix", *options)
    after = {name: (AFTER if name in theirs else BEFORE).encode() for name in NAMES}
    assert read_tree(here) == {**before, **after}


@pytest.mark.parametrize("place", PLACES)
def test_where_the_file_is(
    run: Run, here: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(here, {**FILES, place: "/shop/ @shop\n"})
    monkeypatch.chdir(here / "shop")
    report = json.loads(run("report", "--output-format", "json", "--owner", "@shop").text)
    assert sorted(report["files"]) == ["d.py", "views/e.py"]


def test_the_first_place_counts(run: Run, here: Path) -> None:
    write_tree(here, {**FILES, **{place: f"a.py @{at}\n" for at, place in enumerate(PLACES)}})
    assert run("check", "--owner", "@0").code == 1
    assert run("check", "--owner", "@1").code == 2


def test_a_stage_is_about_the_owners_files(run: Run, here: Path) -> None:
    write_tree(here, {**FILES, "CODEOWNERS": "shop/ @shop\n"})
    ran = run("next", "--yes", "--no-commit", "--allow-dirty", "--owner", "@shop")
    assert (ran.code, "Apply safe fixes: 2 fixes in 2 files." in ran.text) == (0, True), ran.err
    assert run("check", "shop").code == 0
    assert run("check", "docs").code == 1
    ran = run("next", "--yes", "--no-commit", "--allow-dirty", "--owner", "@shop")
    assert "No sentry-sdk 1.x code is left in 2 files." in ran.text


# name → the file, the arguments, what is said
REFUSED: dict[str, tuple[str | None, Sequence[str], str]] = {
    "no file": (None, ("check", "--owner", "@x"), " has no CODEOWNERS file"),
    "nobody": ("* @x\n", ("check", "--owner", "@y"), "CODEOWNERS does not name @y"),
    "one of two": ("* @x\n", ("report", "--owner", "@x", "--owner", "@y"), "does not name @y"),
    "a name without its sign": (
        "* @x\n",
        ("status", "--owner", "x"),
        "does not name x; did you mean @x?",
    ),
    "a pattern that does not end": ("a[b @x\n", ("tasks", "--owner", "@x"), "CODEOWNERS: untermin"),
    "standard input": ("* @x\n", ("check", "-", "--owner", "@x"), "standard input"),
}


@pytest.mark.parametrize(("text", "arguments", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(
    run: Run, here: Path, text: str | None, arguments: Sequence[str], said: str
) -> None:
    write_tree(here, {**FILES, **({} if text is None else {"CODEOWNERS": text})})
    before = read_tree(here)
    ran = run(*arguments)
    assert (ran.code, said in ran.err) == (2, True), ran.err
    assert read_tree(here) == before


def test_without_the_library(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(here, {**FILES, "CODEOWNERS": "* @x\n"})
    monkeypatch.setitem(sys.modules, "codeowners", None)
    ran = run("check", "--owner", "@x")
    assert (ran.code, "pip install 'sentry-migrate[owners]'" in ran.err) == (2, True)
