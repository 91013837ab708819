"""A baseline accepts the findings that it lists, and not one more."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Run, write_tree
from cli.samples import AFTER, BEFORE, BROKEN, CLEAN, UNSAFE
from sentry_migrate.project import atomic_write
from sentry_migrate.report import formats

LINE = "with sentry_sdk.configure_scope() as scope:"
CONTENT = f"""\
{{
  "version": 1,
  "findings": [
    {{"path": "a.py", "rule": "SEN101", "line": "{LINE}", "in": "view", "count": 1}},
    {{"path": "pkg/b.py", "rule": "SEN101", "line": "{LINE}", "count": 1}}
  ]
}}
"""
FILES = {"a.py": BEFORE, "pkg/b.py": UNSAFE}
BASELINE = ("check", "--baseline", "known.json")
UPDATE = (*BASELINE, "--update-baseline")
ACCEPTED = "Not counted: 2 findings accepted by the baseline.\n"
DEEPER = UNSAFE.replace("\n", "\n    ").replace("\n    \n", "\nif True:\n")
MORE = '\n\nwith sentry_sdk.push_scope() as other:\n    other.set_tag("a", "b")\n'


@pytest.fixture
def known(run: Run, here: Path) -> Path:
    """A baseline of everything in `FILES`."""
    write_tree(here, FILES)
    ran = run(*UPDATE)
    assert (ran.code, ran.err) == (0, "Wrote 2 findings to known.json.\n")
    assert ran.text == f"No finding is left in 2 files.\n{ACCEPTED}"
    return here / "known.json"


def test_the_file(run: Run, known: Path) -> None:
    assert known.read_text() == CONTENT
    run(*UPDATE)
    assert known.read_text() == CONTENT


def edit(name: str, change: Callable[[str], str]) -> Callable[[Path], object]:
    """Change a file."""
    return lambda here: (here / name).write_text(change((here / name).read_text()))


# name → what happens to the files, how many findings are new, how many are gone
CHANGES: dict[str, tuple[Callable[[Path], object], int, int]] = {
    "nothing": (lambda here: None, 0, 0),
    "lines above": (edit("a.py", lambda code: "# new\n\n" + code), 0, 0),
    "lines below": (edit("a.py", lambda code: code + "\n\nx = 1\n"), 0, 0),
    "deeper": (lambda here: (here / "pkg/b.py").write_text(DEEPER), 0, 0),
    "other names": (edit("a.py", lambda code: code.replace("request", "asked")), 0, 0),
    "another function": (edit("a.py", lambda code: code.replace("view", "page")), 0, 0),
    "other line endings": (edit("a.py", lambda code: code.replace("\n", "\r\n")), 0, 0),
    "an unrelated file": (lambda here: (here / "c.py").write_text(CLEAN), 0, 0),
    "the same line once more": (edit("a.py", lambda code: code + BEFORE.partition("\n")[2]), 1, 0),
    "the same twice more": (edit("a.py", lambda code: code + 2 * BEFORE.partition("\n")[2]), 2, 0),
    "another line": (edit("a.py", lambda code: code + MORE), 1, 0),
    "another line above": (edit("a.py", lambda code: code.replace("\n\n\ndef", MORE + "\n\ndef", 1)), 1, 0),
    "another name in the line": (edit("a.py", lambda code: code.replace("scope:", "s:").replace("scope.", "s.")), 1, 1),
    "a comment in the line": (edit("a.py", lambda code: code.replace("scope:", "scope:  # new")), 1, 1),
    "another file": (lambda here: (here / "c.py").write_text(BEFORE), 1, 0),
    "a renamed file": (lambda here: (here / "a.py").rename(here / "c.py"), 0, 0),
    "a moved file": (lambda here: (here / "a.py").rename(here / "pkg/a.py"), 0, 0),
    "a renamed folder": (lambda here: (here / "pkg").rename(here / "lib"), 0, 0),
    "a file that took the name of another": (lambda here: (here / "a.py").rename(here / "pkg/b.py"), 0, 1),
    "a copied file": (lambda here: (here / "c.py").write_text(BEFORE), 1, 0),
    "renamed and copied": (lambda here: [(here / name).write_bytes((here / "a.py").read_bytes()) for name in ("c.py", "d.py")] + [(here / "a.py").unlink()], 1, 0),
    "renamed, with one more": (lambda here: [(here / "a.py").rename(here / "c.py"), edit("c.py", lambda code: code + MORE)(here)], 1, 0),
    "renamed and rewritten": (lambda here: [(here / "a.py").rename(here / "c.py"), edit("c.py", lambda code: code.replace("scope:", "s:").replace("scope.", "s."))(here)], 1, 1),
    "renamed and fixed": (lambda here: [(here / "a.py").unlink(), (here / "c.py").write_text(AFTER)], 0, 1),
    "a deleted file and another function": (lambda here: [(here / "a.py").unlink(), (here / "c.py").write_text(BEFORE.replace("view", "page"))], 1, 1),
    "a fixed file": (lambda here: (here / "a.py").write_text(AFTER), 0, 1),
    "an empty file": (lambda here: (here / "a.py").write_text(""), 0, 1),
    "a deleted file": (lambda here: (here / "a.py").unlink(), 0, 1),
    "all fixed": (lambda here: [(here / name).write_text(CLEAN) for name in FILES], 0, 2),
    "a suppressed finding": (edit("a.py", lambda code: "# sentry-migrate: ignore-file\n" + code), 0, 1),
    "a broken file": (lambda here: (here / "a.py").write_text(BROKEN), 0, 0),
    "an excluded file": (lambda here: (here / "pyproject.toml").write_text("[tool.sentry-migrate]\nexclude = ['a.py']\n"), 0, 0),
    "a rule that is not selected": (lambda here: (here / "pyproject.toml").write_text("[tool.sentry-migrate]\nignore = ['SEN101']\n"), 0, 0),
}  # fmt: skip


@pytest.mark.parametrize(("change", "new", "gone"), CHANGES.values(), ids=CHANGES)
def test_what_is_new_and_what_is_gone(
    run: Run, here: Path, known: Path, change: Callable[[Path], object], new: int, gone: int
) -> None:
    change(here)
    ran = run(*BASELINE, "--output-format", "json")
    found = json.loads(ran.out)
    problems = [one for one in found if one["code"] is None or not one["code"].startswith("SEN")]
    assert len(found) - len(problems) == new
    assert ran.code == (1 if new or problems or gone else 0)
    of = "is no longer found; `check --prune-baseline` removes it."
    if gone == 2:
        of = "are no longer found; `check --prune-baseline` removes them."
    plural = "s" if gone == 2 else ""
    assert (f"error: {gone} finding{plural} of the baseline {of}" in ran.err) == (gone > 0)
    assert ("of the baseline" in ran.err) == (gone > 0)
    assert known.read_text() == CONTENT
    assert run(*BASELINE, "--exit-zero").code == 0
    for option, left in (("--prune-baseline", 2 - gone), ("--update-baseline", 2 + new - gone)):
        fails = bool(problems or (new and left < 2 + new - gone))
        assert run(*BASELINE, option).code == fails
        again = run(*BASELINE)
        assert (again.code, "of the baseline" in again.err) == (fails, False)
        listed = json.loads(known.read_text())["findings"]
        assert sum(one["count"] for one in listed) == left


ALIKE = BEFORE + BEFORE.partition("\n\n\n")[2].replace("view", "page")
OTHER_FIRST = ALIKE.replace("view", "first", 1).replace("page", "view")

# name → the code that is accepted, the code then, the lines that are new
PLACES = {
    "behind": (BEFORE, ALIKE, [8]),
    "before": (BEFORE, OTHER_FIRST, [5]),
    "behind, in a function of the same name": (BEFORE, ALIKE.replace("page", "view"), [8]),
    "both moved": (ALIKE, ALIKE.replace("view", "a").replace("page", "b"), []),
    "one renamed": (ALIKE, ALIKE.replace("view", "a"), []),
    "changed places": (ALIKE, ALIKE.replace("view", "x").replace("page", "view").replace("x(", "page("), []),
    "one of two is gone": (ALIKE, BEFORE, []),
}  # fmt: skip


@pytest.mark.parametrize("places", [True, False])
@pytest.mark.parametrize(("before", "after", "new"), PLACES.values(), ids=PLACES)
def test_which_of_equal_lines_is_new(
    run: Run, here: Path, before: str, after: str, new: list[int], places: bool
) -> None:
    """A baseline without places, of an earlier version, still says how many."""
    write_tree(here, {"a.py": before})
    run(*UPDATE)
    known = here / "known.json"
    if not places:
        known.write_text(re.sub(r' "in": "\w+",', "", known.read_text()))
    write_tree(here, {"a.py": after})
    found = [
        one["location"]["row"] for one in json.loads(run(*BASELINE, "--output-format", "json").out)
    ]
    assert found == new if places else len(found) == len(new)


@pytest.mark.parametrize("name", formats.FINDINGS)
def test_every_format_has_only_what_is_new(run: Run, here: Path, known: Path, name: str) -> None:
    known_findings = run(*BASELINE, "--output-format", name)
    assert known_findings.code == 0
    assert "SEN101" not in known_findings.text.replace("SEN101/", "")
    (here / "c.py").write_text(BEFORE)
    ran = run(*BASELINE, "--output-format", name)
    assert (ran.code, "SEN101" in ran.text) == (1, True)
    alone = run("check", "--output-format", name, "c.py")
    assert ran.text.count("SEN101") == alone.text.count("SEN101")


@pytest.mark.parametrize("name", formats.STATISTICS)
def test_statistics_count_only_what_is_new(run: Run, known: Path, name: str) -> None:
    ran = run(*BASELINE, "--statistics", "--output-format", name)
    assert (ran.code, "SEN101" in ran.text) == (0, False)


# name → arguments, how many findings the baseline has after an update of a.py, once it is fixed
PARTS = {
    "one file": (("a.py",), 1),
    "the other file": (("pkg",), 2),
    "everything": ((".",), 1),
    "another rule": (("--select", "SEN2"), 2),
    "another rule in one file": (("--select", "SEN2", "a.py"), 2),
    "without the rule": (("--ignore", "configure-scope-with"), 2),
    "the rule": (("--select", "SEN101"), 1),
    "excluded": (("--exclude", "a.py"), 2),
}
# The same where a.py is not fixed, but under another name, or deleted.
MOVED = {
    "another folder, moved": ("m.py", ("pkg",), 2, False),
    "its new name": ("m.py", ("m.py",), 2, False),
    "its folder, moved": ("m.py", (".",), 2, False),
    "its new folder": ("pkg/m.py", ("pkg",), 2, False),
    "another folder, deleted": (None, ("pkg",), 2, False),
    "another file, deleted": (None, ("pkg/b.py",), 2, False),
    "its folder, deleted": (None, (".",), 1, True),
}


@pytest.mark.parametrize(("arguments", "left"), PARTS.values(), ids=PARTS)
def test_a_run_of_a_part_says_nothing_of_the_rest(
    run: Run, here: Path, known: Path, arguments: tuple[str, ...], left: int
) -> None:
    (here / "a.py").write_text(CLEAN)
    ran = run(*BASELINE, *arguments)
    assert (ran.code, "of the baseline is no longer" in ran.err) == (left == 1, left == 1)
    assert run(*UPDATE, *arguments).code == 0
    assert len(json.loads(known.read_text())["findings"]) == left


@pytest.mark.parametrize(("name", "arguments", "left", "gone"), MOVED.values(), ids=MOVED)
def test_a_run_of_a_part_keeps_what_is_elsewhere(
    run: Run,
    here: Path,
    known: Path,
    name: str | None,
    arguments: tuple[str, ...],
    left: int,
    gone: bool,
) -> None:
    if name is None:
        (here / "a.py").unlink()
    else:
        (here / "a.py").rename(here / name)
    assert run(*BASELINE, *arguments).code == int(gone)
    for option in ("--prune-baseline", "--update-baseline"):
        assert run(*BASELINE, option, *arguments).code == 0
        listed = json.loads(known.read_text())["findings"]
        assert sum(one["count"] for one in listed) == left
    assert run(*BASELINE).code == int(name is None and left == 2)


@pytest.mark.parametrize("option", [("--since", "HEAD"), ("--staged",)], ids=" ".join)
@pytest.mark.parametrize("name", ["a.py", "pkg/b.py", None])
def test_a_change_that_deletes_is_told_what_is_gone(
    run: Run, here: Path, known: Path, option: tuple[str, ...], name: str | None
) -> None:
    git = partial(subprocess.run, cwd=here, check=True, capture_output=True)
    shutil.rmtree(here / ".git")
    git(["git", "init", "-q"])
    git(["git", "add", "-A"])
    git([*["git", "-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "a"]])
    if name is not None:
        (here / name).unlink()
    git(["git", "add", "-A"])
    ran = run(*BASELINE, *option)
    assert (ran.code, "is no longer found" in ran.err) == ((1, True) if name else (0, False))
    assert run(*BASELINE, *option, "--prune-baseline").code == 0
    assert len(json.loads(known.read_text())["findings"]) == (1 if name else 2)


def test_line_ends_stay(run: Run, here: Path, known: Path) -> None:
    known.write_bytes(CONTENT.replace("\n", "\r\n").encode())
    (here / "a.py").unlink()
    assert run(*BASELINE, "--prune-baseline").code == 0
    data = known.read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") == CONTENT.count("\n") - 1


def changed(**what: Any) -> str:
    content = json.loads(CONTENT)
    content["findings"][0] |= what
    return json.dumps(content)


MISSING = "does not exist; `--update-baseline` writes it"
JSON = "is not valid JSON: "
OTHER = "not a baseline of this version; restore the file, or delete it and write another"
# name → content, what is said
DAMAGED: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", JSON),
    "cut": (CONTENT[:100], JSON),
    "in conflict": (CONTENT.replace("    {", "<<<<<<< HEAD\n    {", 1), "has the marks of a merge conflict; keep"),
    "not UTF-8": (b'{"version": "\xff"}', JSON),
    "deep": ("[" * 100_000, JSON),
    "a list": ("[]", OTHER),
    "a string": ('"x"', OTHER),
    "null": ("null", OTHER),
    "no version": ('{"findings": []}', OTHER),
    "a version that is true": (CONTENT.replace('"version": 1', '"version": true'), OTHER),
    "a version with a point": (CONTENT.replace('"version": 1', '"version": 1.0'), OTHER),
    "findings by name": ('{"version": 1, "findings": {}}', OTHER),
    "a later version": (CONTENT.replace('"version": 1', '"version": 2'), OTHER),
    "no findings": ('{"version": 1}', OTHER),
    "findings that are none": ('{"version": 1, "findings": [1]}', OTHER),
    "findings that are no list": ('{"version": 1, "findings": 1}', OTHER),
    "no count": (CONTENT.replace(', "count": 1', ""), OTHER),
    "a count that is no number": (changed(count="1"), OTHER),
    "a count that is true": (changed(count=True), OTHER),
    "nothing counted": (changed(count=0), OTHER),
    "less than nothing": (changed(count=-1), OTHER),
    "a path that is a number": (changed(path=1), OTHER),
    "a place that is a number": (changed(**{"in": 1}), OTHER),
    "a line that is a list": (changed(line=[]), OTHER),
}  # fmt: skip


@pytest.mark.parametrize("arguments", [BASELINE, UPDATE, (*BASELINE, "--fix")], ids=" ".join)
@pytest.mark.parametrize(("content", "said"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_baseline(
    run: Run, here: Path, content: str | bytes, said: str, arguments: tuple[str, ...]
) -> None:
    write_tree(here, {**FILES, "known.json": content})
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.startswith("error: known.json: ")
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert (here / "a.py").read_text() == BEFORE
    assert (here / "known.json").read_bytes() == (
        content if isinstance(content, bytes) else content.encode()
    )


# name → arguments, what is said
WRONG = {
    "missing": (BASELINE, MISSING),
    "missing, for a file": ((*BASELINE, "a.py"), MISSING),
    "missing, while fixing": ((*BASELINE, "--fix"), MISSING),
    "missing, for nothing": ((*BASELINE, "empty"), MISSING),
    "a directory": (("check", "--baseline", "pkg"), "pkg: cannot read the baseline: "),
    "below a file": (("check", "--baseline", "a.py/x"), "a.py/x: cannot read the baseline: "),
    "not named": (("check", "--update-baseline"), "--update-baseline: no baseline is named"),
    "none to prune": (("check", "--prune-baseline"), "--prune-baseline: no baseline is named"),
    "missing, to prune": ((*BASELINE, "--prune-baseline"), MISSING),
    "in no directory, to write": (
        ("check", "--fix", "--baseline", "no/known.json", "--update-baseline"),
        "no is no directory that can be written to",
    ),
    "without a name": (("check", "--baseline", ""), "the name of the file is empty"),
    "both": ((*UPDATE, "--prune-baseline"), "cannot be used with --prune-baseline"),
    "missing, with a diff": ((*BASELINE, "--diff"), MISSING),
    "an update with a diff": ((*UPDATE, "--diff"), "cannot be used with --diff"),
    "an update of standard input": ((*UPDATE, "-"), "cannot be used with standard input"),
    "for a report": (("report", "--baseline", "known.json"), "No such option"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_wrong_arguments(run: Run, here: Path, arguments: tuple[str, ...], said: str) -> None:
    write_tree(here, FILES)
    (here / "empty").mkdir()
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, b"")
    assert said in ran.err
    assert (here / "a.py").read_text() == BEFORE
    assert not (here / "known.json").exists()


def test_a_baseline_that_cannot_be_written(
    run: Run, here: Path, known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "c.py").write_text(BEFORE)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(atomic_write, "put", refuse)
    ran = run(*UPDATE, "--no-cache")
    assert ran.code == 2
    assert ran.err == (
        "warning: this run cannot be undone: Permission denied\n"
        "known.json: io-error: not written: Permission denied\n"
    )
    assert known.read_text() == CONTENT


EMPTY = '{"version": 1, "findings": []}'
SETTING = "[tool.sentry-migrate]\nbaseline = 'ci/known.json'\n"


def test_as_a_setting(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(here, {**FILES, "pyproject.toml": SETTING, "ci/x": ""})
    assert MISSING in run("check").err
    assert run("check", "--update-baseline").code == 0
    paths = [one["path"] for one in json.loads((here / "ci/known.json").read_text())["findings"]]
    assert paths == ["../a.py", "../pkg/b.py"]
    assert run("check").code == 0
    assert run("check", "--isolated").code == 1
    assert run("check", "--diff").code == 1
    monkeypatch.chdir(here / "pkg")
    assert run("check").code == 0
    assert run("check", "..").text.endswith(ACCEPTED)
    write_tree(here, {"pkg/c.py": BEFORE})
    assert run("check", "b.py").code == 0
    assert run("check").code == 1


@pytest.mark.parametrize("value", ["1", "''", "[]", "true"])
def test_a_wrong_setting(run: Run, here: Path, value: str) -> None:
    write_tree(here, {**FILES, "pyproject.toml": f"[tool.sentry-migrate]\nbaseline = {value}\n"})
    ran = run("check")
    assert (ran.code, "not the name of a file" in ran.err) == (2, True)


def test_each_project_has_its_own(run: Run, here: Path) -> None:
    setting = SETTING.replace("ci/", "")
    write_tree(here, {"one/pyproject.toml": setting, "one/a.py": BEFORE, "two/a.py": BEFORE})
    ran = run("check", "--update-baseline")
    assert ran.err == "Wrote 1 finding to one/known.json.\n"
    assert (ran.code, "two/a.py" in ran.text, "one/a.py" in ran.text) == (1, True, False)
    write_tree(here, {"two/pyproject.toml": setting})
    assert run("check", "--update-baseline").code == 0
    assert (here / "one/known.json").read_text() == (here / "two/known.json").read_text()


NESTED = "[tool.sentry-migrate]\nignore = ['SEN2']\n"

# name → files that come, those that go, arguments, findings that are new, what is said
STRANGERS: dict[str, tuple[dict[str, str], Sequence[str], Sequence[str], int, str]] = {
    "no baseline": ({"pkg/pyproject.toml": NESTED}, (), (), 1, "pkg/pyproject.toml"),
    "another": ({"pkg/pyproject.toml": SETTING, "pkg/ci/known.json": EMPTY}, (), (), 1, "pkg/pyproject.toml"),
    "the same": ({"pkg/pyproject.toml": SETTING.replace("ci/", "../ci/")}, (), (), 0, ""),
    "not looked at": ({"pkg/pyproject.toml": NESTED}, (), ("a.py",), 0, ""),
    "deleted too": ({"pkg/pyproject.toml": NESTED}, ("pkg/b.py",), (), 0, ""),
    "no settings of the tool": ({"pkg/pyproject.toml": "[project]\nname = 'b'\n"}, (), (), 0, ""),
    "for all": ({"pkg/pyproject.toml": NESTED}, (), ("--baseline", "ci/known.json"), 0, ""),
}  # fmt: skip


@pytest.mark.parametrize(
    ("files", "deleted", "arguments", "new", "said"), STRANGERS.values(), ids=STRANGERS
)
def test_files_that_have_another_baseline_now(
    run: Run,
    here: Path,
    files: dict[str, str],
    deleted: Sequence[str],
    arguments: Sequence[str],
    new: int,
    said: str,
) -> None:
    write_tree(here, {**FILES, "pyproject.toml": SETTING, "ci/x": ""})
    run("check", "--update-baseline")
    content = (here / "ci/known.json").read_bytes()
    write_tree(here, files)
    for name in deleted:
        (here / name).unlink()
    ran = run("check", *arguments, "--output-format", "concise")
    assert (ran.code, ran.text.count("SEN101")) == (int(bool(new)), new)
    assert "no longer found" not in ran.err
    warning = f"warning: {said} does not name the baseline ci/known.json, which has 1 finding of"
    assert (warning in ran.err) if said else "does not name" not in ran.err
    assert run("check", *arguments, "--output-format", "concise") == ran
    run("check", *arguments, "--prune-baseline")
    assert (here / "ci/known.json").read_bytes() == content


def test_fixes_are_made_and_taken_off_the_baseline(run: Run, here: Path, known: Path) -> None:
    ran = run(*BASELINE, "--fix")
    assert (ran.code, (here / "a.py").read_text()) == (1, AFTER)
    assert "1 finding of the baseline is no longer found" in ran.err
    (here / "a.py").write_text(BEFORE)
    ran = run(*BASELINE, "--fix-only")
    assert (ran.code, "warning: 1 finding of the baseline is no longer found" in ran.err) == (
        0,
        True,
    )
    (here / "a.py").write_text(BEFORE)
    assert run(*BASELINE, "--fix", "--prune-baseline").code == 0
    (here / "a.py").write_text(BEFORE)
    assert run(*BASELINE).code == 1
    (here / "a.py").write_text(AFTER)
    assert run(*UPDATE, "--fix", "--unsafe-fixes").code == 0
    assert json.loads(known.read_text()) == {"version": 1, "findings": []}
    assert run(*BASELINE).text == "No sentry-sdk 1.x code is left in 2 files.\n"


@pytest.mark.parametrize(
    ("name", "code"), [("a.py", 0), ("pkg/a.py", 1), ("", 1)], ids=["known", "other", "no name"]
)
def test_standard_input(run: Run, known: Path, name: str, code: int) -> None:
    named = ("--stdin-filename", name) if name else ()
    assert run(*BASELINE, "-", *named, stdin=BEFORE.encode()).code == code


SPAN = """\
from sentry_sdk import Hub


def charge():
    with Hub.current.start_span(op="charge", description="the charge"):
        pass
"""
IMPORTS = """\
from sentry_sdk import Hub, configure_scope, push_scope


def hub():
    return Hub


def tag():
    with configure_scope() as scope:
        scope.set_tag("a", "b")
"""
# name → (the code, what its fixes leave of what is accepted)
SAME_LINE = {
    "a call and its argument": (SPAN, "SEN203", {"SEN401"}),
    "an import and another name of it": (IMPORTS, "SEN101", {"SEN612"}),
}


@pytest.mark.parametrize("how", ["fix", "fix and prune", "apply", "fix only"])
@pytest.mark.parametrize(("code", "rule", "left"), SAME_LINE.values(), ids=SAME_LINE)
def test_what_is_left_in_a_line_that_was_fixed_stays_accepted(
    run: Run,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    code: str,
    rule: str,
    left: set[str],
) -> None:
    monkeypatch.setenv("SENTRY_MIGRATE_STATE_DIR", str(here / ".state"))
    named = "[tool.sentry-migrate]\nbaseline = 'known.json'\n"
    write_tree(here, {"a.py": code})
    found = json.loads(run("check", "--output-format", "json").text)
    run(*UPDATE)
    write_tree(here, {"pyproject.toml": named})
    if how == "apply":
        ids = [one["id"] for one in found if one["code"] == rule]
        assert run("apply", *ids).code == 0
    else:
        options = {"fix": (), "fix and prune": ("--prune-baseline",), "fix only": ("--fix-only",)}
        run(*BASELINE, "--fix", "--unsafe-fixes", "--select", rule, *options[how])
    assert (here / "a.py").read_text() != code
    run(*BASELINE, "--prune-baseline")
    ran = run(*BASELINE)
    assert (ran.code, ran.err) == (0, "")
    kept = {one["rule"] for one in json.loads((here / "known.json").read_text())["findings"]}
    assert left <= kept
    assert rule not in kept
    if how in ("apply", "fix and prune"):
        assert run("undo").code == 0
        assert (run(*BASELINE).code, (here / "a.py").read_text()) == (0, code)


def test_a_finding_that_was_not_accepted_stays_new_in_a_line_that_was_fixed(
    run: Run, here: Path, known: Path
) -> None:
    (here / "a.py").write_text(BEFORE + SPAN)
    run(*BASELINE, "--fix", "--select", "SEN203", "--unsafe-fixes")
    ran = run(*BASELINE)
    assert (ran.code, "SEN401" in ran.text) == (1, True)
