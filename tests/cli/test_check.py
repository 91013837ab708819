"""`sentry-migrate check`: what is printed, what is written, how it exits."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import pytest

from cli.conftest import Run, inline, read_tree, write_tree
from cli.samples import (
    AFTER,
    AFTER_2_0,
    BEFORE,
    BROKEN,
    CLEAN,
    UNDECODABLE,
    UNSAFE,
    UNSAFE_AFTER,
)
from sentry_migrate.cli.commands import cli
from sentry_migrate.project import regular_files
from sentry_migrate.worker import pool
from sentry_migrate.worker.frames import Check

NO_RULE = "; `sentry-migrate rule` lists all rules\n"
Tree = dict[str, "str | bytes"]
CONFIG = "[tool.sentry-migrate]\n"

# what: (files, arguments, words on standard error)
FAILS: dict[str, tuple[Tree, str, str]] = {
    "unknown option": ({}, "--fixx", "No such option"),
    "unknown format": ({}, "--output-format xml", "'xml' is not one of"),
    "no processes": ({}, "--jobs 0", "0 is not in the range"),
    "input and files": ({"a.py": CLEAN}, "- a.py", "`-` cannot be combined"),
    "missing path": ({"a.py": CLEAN}, "a.py gone.py", "gone.py: io-error: No such file"),
    "bad version": ({"a.py": CLEAN}, "--sdk-version 1.9", "'--sdk-version': '1.9' is below 2.0"),
    "version 3": ({"a.py": CLEAN}, "--sdk-version 3.0", "'--sdk-version': '3.0' is above 2.x"),
    "unknown rule": ({"a.py": CLEAN}, "--select SEN999", f"error: --select: unknown rule 'SEN999'{NO_RULE}"),
    "unknown rule ignored": ({"a.py": CLEAN}, "--ignore nope", f"error: --ignore: unknown rule 'nope'{NO_RULE}"),
    "unknown rule typed beside a table": (
        {"a.py": CLEAN, "pyproject.toml": CONFIG + "ignore = ['SEN1']"},
        "--extend-select SEN999",
        f"error: --extend-select: unknown rule 'SEN999'{NO_RULE}",
    ),
    "unknown rule typed for standard input": ({}, "--select SEN999 -", f"error: --select: unknown rule 'SEN999'{NO_RULE}"),
    "a name for standard input, without it": (
        {"a.py": CLEAN},
        "--stdin-filename a.py",
        "--stdin-filename needs `-`, for standard input, as the only path",
    ),
    "a name for standard input, and a file": (
        {"a.py": CLEAN},
        "--stdin-filename a.py a.py",
        "--stdin-filename needs `-`, for standard input, as the only path",
    ),
    "missing configuration": ({"a.py": CLEAN}, "--config gone.toml", "gone.toml: no such file"),
    "another configuration, and none": (
        {"a.py": CLEAN, "c.toml": CONFIG},
        "--config c.toml --isolated",
        "--config cannot be used with --isolated",
    ),
    "bad configuration": ({"a.py": CLEAN, "pyproject.toml": CONFIG + "a = 1"}, "", "unknown setting 'a'"),
    "unknown rule in configuration": (
        {"a.py": CLEAN, "pyproject.toml": CONFIG + "ignore = ['nope']"},
        "",
        f"{os.sep}pyproject.toml: ignore: unknown rule 'nope'{NO_RULE}",
    ),
    "unknown rule in configuration in camel case": (
        {"a.py": CLEAN, "pyproject.toml": CONFIG + "ignore = ['ALL']\nextendSelect = ['SEN1', 'nope']"},
        "",
        f"{os.sep}pyproject.toml: extendSelect: unknown rule 'nope'{NO_RULE}",
    ),
    "wrong value in camel case": (
        {"a.py": CLEAN, "pyproject.toml": CONFIG + "sdkVersion = '1.0'"},
        "",
        f"{os.sep}pyproject.toml: sdkVersion: '1.0' is below 2.0",
    ),
    "unknown rule in configuration of one part": (
        {"a.py": BEFORE, "b/a.py": BEFORE, "b/pyproject.toml": CONFIG + "per-file-ignores = {a = ['nope']}"},
        "--fix",
        f"{os.sep}b{os.sep}pyproject.toml: per-file-ignores: unknown rule 'nope'{NO_RULE}",
    ),
    "unknown rule in a configuration with a name": (
        {"a.py": CLEAN, "bad.toml": CONFIG + "severity.nope = 'hint'"},
        "--config bad.toml",
        f"error: bad.toml: severity: unknown rule 'nope'{NO_RULE}",
    ),
    "no pattern typed": ({"a.py": CLEAN}, "--exclude b --exclude !", "invalid pattern '!'"),
    "no pattern in configuration": (
        {"a.py": CLEAN, "pyproject.toml": CONFIG + "exclude = ['!']"},
        "",
        "pyproject.toml: exclude: ['!'] is not a list of patterns: invalid pattern '!'",
    ),
    "bad configuration of one part": (
        {"a.py": BEFORE, "b/a.py": BEFORE, "b/pyproject.toml": CONFIG + "a = 1"},
        "--fix",
        "unknown setting 'a'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tree", "arguments", "words"), FAILS.values(), ids=FAILS)
def test_a_run_that_cannot_do_its_work_exits_with_2(
    run: Run, here: Path, tree: Tree, arguments: str, words: str
) -> None:
    write_tree(here, tree)
    before = read_tree(here)
    ran = run("check", *arguments.split())
    assert (ran.code, words in ran.err) == (2, True), ran.err
    assert read_tree(here) == before


# files, arguments, exit code
CODES: list[tuple[Tree, str, int]] = [
    ({}, "", 0),
    ({"a.py": CLEAN}, "", 0),
    ({"a.py": BEFORE.replace("sentry_sdk", "other")}, "", 0),
    ({"a.py": BEFORE}, "", 1),
    ({"a.py": BEFORE}, "--exit-zero", 0),
    ({"a.py": BEFORE}, "--ignore configure-scope-with", 0),
    ({"a.py": BEFORE}, "--ignore SEN", 0),
    ({"a.py": BEFORE}, "--select push-scope-with", 0),
    ({"a.py": BEFORE}, "--select push-scope-with,SEN101", 1),
    ({"a.py": BEFORE}, "--select push-scope-with --extend-select SEN101", 1),
    ({"a.py": BEFORE}, "--exclude a.py", 0),
    ({"a.py": BEFORE}, "a.py --exclude a.py", 1),
    ({"a.py": BEFORE}, "a.py --exclude a.py --force-exclude", 0),
    ({"a.py": BEFORE, ".gitignore": "a.py\n"}, "", 0),
    ({"a.py": BEFORE, ".gitignore": "!\na.py\n"}, "", 0),
    ({"a.py": BEFORE, ".gitignore": "!\n[z-a]x\n"}, "", 1),
    ({"a.py": BEFORE, ".gitignore": "a.py\n"}, "--no-respect-gitignore", 1),
    ({"a.py": BEFORE, "pyproject.toml": CONFIG + 'ignore = ["SEN1"]'}, "", 0),
    ({"a.py": BEFORE, "pyproject.toml": CONFIG + 'ignore = ["SEN1"]'}, "--isolated", 1),
    ({"a.py": BEFORE, "pyproject.toml": CONFIG + 'exclude = ["a.py"]'}, "", 0),
    ({"b/a.py": BEFORE, "b/pyproject.toml": CONFIG + 'exclude = ["a.py"]'}, "", 0),
    ({"a.py": BEFORE, "c.toml": CONFIG + 'ignore = ["SEN1"]'}, "--config c.toml", 0),
    ({"a.py": BEFORE, "pyproject.toml": CONFIG + 'per-file-ignores = {"a.py" = ["SEN1"]}'}, "", 0),
    ({"b/a.py": BEFORE, "pyproject.toml": CONFIG + 'per-file-ignores = {"/a.py" = ["SEN1"]}'}, "", 1),
    ({"requirements.txt": "sentry-sdk>=1.40,<3\n"}, "--select requirements-pin", 1),
    ({"requirements.txt": "sentry-sdk>=2,<3\n"}, "--select requirements-pin", 0),
    ({"setup.py": "R = ['sentry-sdk>=1.16']\n"}, "--select requirements-pin", 1),
    ({"uv.lock": '[[package]]\nname = "sentry-sdk"\nversion = "1.40.0"\n'}, "--fix --unsafe-fixes", 1),
    ({"docker-compose.yml": "x:\n  image: getsentry/sentry:20.5.1\n"}, "", 1),
    ({"requirements.txt": "sentry-sdk==1.40\n"}, "--select requirements-pin", 1),
    ({"pyproject.toml": "project.dependencies = ['sentry-sdk~=1.40']\n"}, "--select requirements-pin", 1),
    ({"a.py": BROKEN}, "", 1),
    ({"a.py": BROKEN}, "--exit-zero", 0),
    ({"a.py": UNDECODABLE}, "", 1),
    ({"a.py": b"name = '\xff'\n"}, "", 0),  # nothing of ours: not decoded, not parsed
    ({"a.py": "def view(:\n"}, "", 0),
    ({"a.py": BEFORE}, "--fix", 0),
    ({"a.py": UNSAFE}, "--fix", 1),
    ({"a.py": UNSAFE}, "--fix --unsafe-fixes", 0),
    ({"a.py": UNSAFE, "pyproject.toml": CONFIG + "unsafe-fixes = true"}, "--fix", 0),
    ({"a.py": UNSAFE, "pyproject.toml": CONFIG + "unsafe-fixes = true"}, "--fix --no-unsafe-fixes", 1),
    ({"a.py": BEFORE}, "--diff", 1),
    ({"a.py": BEFORE}, "--diff --exit-zero", 0),
    ({"a.py": CLEAN}, "--diff", 0),
    ({"a.py": UNSAFE}, "--diff", 0),
    ({"a.py": UNSAFE}, "--diff --unsafe-fixes", 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("tree", "arguments", "code"), CODES, ids=[f"{tree} {args}"[:90] for tree, args, _ in CODES]
)
def test_exit_codes(run: Run, here: Path, tree: Tree, arguments: str, code: int) -> None:
    write_tree(here, tree)
    ran = run("check", *arguments.split())
    assert ran.code == code, ran.text + ran.err
    if "--fix" not in arguments:
        assert {name: data for name, data in read_tree(here).items() if name in tree} == {
            name: data if isinstance(data, bytes) else data.encode() for name, data in tree.items()
        }


# what: (bytes before, arguments, bytes after)
REWRITES: dict[str, tuple[str | bytes, str, str | bytes]] = {
    "broken stays": (BROKEN, "", BROKEN),
    "undecodable stays": (UNDECODABLE, "", UNDECODABLE),
    "unsafe stays": (UNSAFE, "", UNSAFE),
    "unsafe if asked": (UNSAFE, "--unsafe-fixes", UNSAFE_AFTER),
    "safe": (BEFORE, "", AFTER),
    "for an older SDK": (BEFORE, "--sdk-version 2.0", AFTER_2_0),
    "both": (BEFORE + UNSAFE, "", AFTER + UNSAFE),
    "CRLF": (BEFORE.replace("\n", "\r\n"), "", AFTER.replace("\n", "\r\n")),
    "no final newline": (BEFORE.rstrip(), "", AFTER.rstrip()),
    "byte order mark": ("\ufeff" + BEFORE, "", "\ufeff" + AFTER),
    "latin-1": (
        f"# coding: latin-1\nname = 'é'\n{BEFORE}".encode("latin-1"),
        "",
        f"# coding: latin-1\nname = 'é'\n{AFTER}".encode("latin-1"),
    ),
    "form feed": ("\x0c\n" + BEFORE, "", "\x0c\n" + AFTER),
}


@pytest.mark.parametrize(("before", "arguments", "after"), REWRITES.values(), ids=REWRITES)
def test_fix_writes(
    run: Run, here: Path, before: str | bytes, arguments: str, after: str | bytes
) -> None:
    write_tree(here, {"a.py": before})
    wanted = after if isinstance(after, bytes) else after.encode()
    run("check", "--fix", *arguments.split())
    assert (here / "a.py").read_bytes() == wanted
    run("check", "--fix", *arguments.split())
    assert (here / "a.py").read_bytes() == wanted


@pytest.mark.parametrize(("before", "arguments", "after"), REWRITES.values(), ids=REWRITES)
def test_fix_filters_standard_input(
    run: Run, before: str | bytes, arguments: str, after: str | bytes
) -> None:
    data = before if isinstance(before, bytes) else before.encode()
    ran = run("check", "--fix", "-", *arguments.split(), stdin=data)
    assert ran.out == (after if isinstance(after, bytes) else after.encode())
    assert ran.err


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs `patch`")
@pytest.mark.parametrize(("before", "arguments", "after"), REWRITES.values(), ids=REWRITES)
def test_diff_is_a_patch(
    run: Run, here: Path, before: str | bytes, arguments: str, after: str | bytes
) -> None:
    write_tree(here, {"sub dir/a.py": before})
    ran = run("check", "--diff", *arguments.split())
    wanted = after if isinstance(after, bytes) else after.encode()
    assert (ran.out == b"") is (wanted == (here / "sub dir/a.py").read_bytes())
    patch = ["patch", "--binary", "--quiet", "-p0"]
    subprocess.run(patch, input=ran.out, check=True)
    assert (here / "sub dir/a.py").read_bytes() == wanted


# what: (bytes in, arguments, exit code, words of the report)
STDIN: dict[str, tuple[bytes, str, int, str]] = {
    "nothing": (b"", "", 0, "No sentry-sdk 1.x code is left in 1 file."),
    "undecodable": (UNDECODABLE, "", 1, "-: decode-error: "),
    "broken": (BROKEN.encode(), "", 1, r"-:\d+:\d+: syntax-error: ."),
    "broken, named": (
        BROKEN.encode(),
        "--stdin-filename x/y.py",
        1,
        r"x/y.py:\d+:\d+: syntax-error",
    ),
    "finding": (BEFORE.encode(), "", 1, "--> -:5:10"),
    "finding, named": (BEFORE.encode(), "--stdin-filename x/y.py", 1, "--> x/y.py:5:10"),
    "diff": (BEFORE.encode(), "--diff --stdin-filename x/y.py", 1, r"--- x/y.py\n\+\+\+ x/y.py\n"),
}


@pytest.mark.parametrize(("data", "arguments", "code", "words"), STDIN.values(), ids=STDIN)
def test_standard_input(run: Run, data: bytes, arguments: str, code: int, words: str) -> None:
    ran = run("check", "-", *arguments.split(), stdin=data)
    assert ran.code == code
    assert re.search(words, ran.text + ran.err), ran.text + ran.err


def test_no_path_is_looked_at_before_its_turn() -> None:
    """A file that cannot be read is one problem of a run, and one that is not read is none."""
    paths = {
        f"{command.name} {parameter.name}": parameter.type
        for command in cli.commands.values()
        for parameter in command.params
        if isinstance(parameter.type, click.Path)
    }
    assert {"check paths", "check stdin_filename", "check config", "report paths"} <= paths.keys()
    for name, kind in paths.items():
        assert not any((kind.exists, kind.readable, kind.writable, kind.executable)), name


def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_checked(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(here, {"a.py": BEFORE, "b.py": BEFORE})
    access, read = os.access, regular_files.read

    def refused(path: Any, mode: int, **given: Any) -> bool:
        return not str(path).endswith("a.py") and access(path, mode, **given)

    def unreadable(path: Any, named: bool = False) -> bytes:
        if str(path).endswith("a.py"):
            raise PermissionError(13, "Permission denied")
        return read(path, named)

    monkeypatch.setattr(os, "access", refused)
    monkeypatch.setattr(regular_files, "read", unreadable)
    ran = run("check", "a.py", "b.py")
    assert (ran.code, ran.err) == (2, "a.py: io-error: Permission denied\n")
    assert "--> b.py:5:10" in ran.text
    ran = run("check", "--fix", "--stdin-filename", "a.py", "-", stdin=BEFORE.encode())
    assert (ran.code, ran.out) == (0, AFTER.encode())


# what: (files, arguments, is the text looked at?)
EXCLUDED = 'extend-exclude = ["a.py"]\n'
FILTERS: dict[str, tuple[Tree, str, bool]] = {
    "excluded": ({"pyproject.toml": CONFIG + EXCLUDED}, "--force-exclude --stdin-filename a.py", False),
    "excluded, by the setting": (
        {"pyproject.toml": CONFIG + EXCLUDED + "force-exclude = true\n"},
        "--stdin-filename a.py",
        False,
    ),
    "excluded below": ({"pyproject.toml": CONFIG + EXCLUDED}, "--force-exclude --stdin-filename b/a.py", False),
    "excluded by --exclude": ({}, "--force-exclude --exclude a.py --stdin-filename a.py", False),
    "a default name on the way": ({}, "--force-exclude --stdin-filename .venv/x.py", False),
    "a default name further up": ({}, "--force-exclude --stdin-filename b/node_modules/c/x.py", False),
    "not forced": ({"pyproject.toml": CONFIG + EXCLUDED}, "--stdin-filename a.py", True),
    "not forced, over the setting": (
        {"pyproject.toml": CONFIG + EXCLUDED + "force-exclude = true\n"},
        "--no-force-exclude --stdin-filename a.py",
        True,
    ),
    "not forced, by --exclude": ({}, "--exclude a.py --stdin-filename a.py", True),
    "not forced, a default name": ({}, "--stdin-filename .venv/x.py", True),
    "another name": ({"pyproject.toml": CONFIG + EXCLUDED}, "--force-exclude --stdin-filename b.py", True),
    "no name": ({"pyproject.toml": CONFIG + EXCLUDED}, "--force-exclude --exclude -", True),
    "gitignored, which is no exclusion": ({".gitignore": "a.py\n"}, "--force-exclude --stdin-filename a.py", True),
    "no default names": (
        {"pyproject.toml": CONFIG + "exclude = []\n"},
        "--force-exclude --stdin-filename .venv/x.py",
        True,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tree", "arguments", "looked"), FILTERS.values(), ids=FILTERS)
def test_what_is_left_out_of_standard_input(
    run: Run, here: Path, tree: Tree, arguments: str, looked: bool
) -> None:
    write_tree(here, tree)
    given = ("check", *arguments.split(), "-")
    found = run(*given, "--output-format", "json", stdin=BEFORE.encode())
    assert (found.code, len(json.loads(found.out))) == ((1, 1) if looked else (0, 0))
    fixed = run(*given, "--fix", stdin=BEFORE.encode())
    assert (fixed.code, fixed.out) == (0, (AFTER if looked else BEFORE).encode())
    diff = run(*given, "--diff", stdin=BEFORE.encode())
    assert (diff.code, bool(diff.out)) == (int(looked), looked)


@pytest.mark.parametrize("data", [BEFORE.replace("\n", "\r\n").encode(), UNDECODABLE, b"", b"\x00"])
def test_what_is_left_out_comes_out_as_the_same_bytes(run: Run, data: bytes) -> None:
    ran = run(
        "check", "--fix", "--force-exclude", "--stdin-filename", ".venv/x.py", "-", stdin=data
    )
    assert (ran.code, ran.out) == (0, data)


def test_settings_for_standard_input_are_those_of_its_name(run: Run, here: Path) -> None:
    write_tree(here, {"old/pyproject.toml": CONFIG + 'sdk-version = "2.0"\n'})
    ran = run("check", "--fix", "-", "--stdin-filename", "old/a.py", stdin=BEFORE.encode())
    assert ran.out == AFTER_2_0.encode()
    assert run("check", "--fix", "-", stdin=BEFORE.encode()).out == AFTER.encode()


def test_each_file_has_the_version_of_its_own_requirements(run: Run, here: Path) -> None:
    write_tree(
        here, {"a/requirements.txt": "sentry-sdk>=2.0,<2.12", "a/a.py": BEFORE, "b.py": BEFORE}
    )
    assert run("check", "--fix").code == 0
    assert (here / "a/a.py").read_text() == AFTER_2_0
    assert (here / "b.py").read_text() == AFTER


def test_one_file_found_twice_is_checked_once(run: Run, here: Path) -> None:
    write_tree(here, {"a/a.py": BEFORE})
    (here / "b.py").symlink_to("a/a.py")
    ran = run("check", ".", "a", "a/a.py", "b.py", "--output-format", "json")
    assert len(json.loads(ran.out)) == 1


@pytest.mark.parametrize("meddle", ["change", "remove", "forbid"])
def test_a_file_that_cannot_be_written_is_told_and_the_rest_is_fixed(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, meddle: str
) -> None:
    write_tree(here, {"a.py": BEFORE, "b.py": BEFORE})

    def meddling(workers: pool.Pool, jobs: Sequence[Check]) -> Iterator[pool.FileCheck]:
        results = list(inline(workers, jobs))
        if meddle == "change":
            (here / "a.py").write_text("newer")
        elif meddle == "remove":
            (here / "a.py").unlink()
        else:
            (here / "a.py").unlink()
            (here / "a.py").mkdir()
        return iter(results)

    monkeypatch.setattr(pool.Pool, "run", meddling)
    ran = run("check", "--fix")
    assert ran.code == 2
    assert "a.py: io-error: not fixed: " in ran.err
    assert (here / "b.py").read_text() == AFTER
    assert "(1 fixed, 0 remaining)" in ran.text
    if meddle == "change":
        assert (here / "a.py").read_text() == "newer"


def test_json_has_the_shape_of_ruff(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": f"name = '😀'; {BEFORE}", "b.py": BROKEN})
    finding, problem = json.loads(run("check", "--output-format", "json").out)
    assert len({finding.pop("id"), problem.pop("id")}) == 2
    assert problem == {
        "code": None,
        "name": "syntax-error",
        "message": problem["message"],
        "filename": str(here / "b.py"),
        "cell": None,
        "location": problem["location"],
        "end_location": problem["location"],
        "severity": "error",
        "url": None,
        "fixed": False,
        "proved_by_tests": 0,
        "remedy": None,
        "fix": None,
        "alternatives": [],
    }
    assert problem["message"]
    assert problem["location"].keys() == {"row", "column"}
    fix = finding.pop("fix")
    assert {frozenset(other) for other in finding.pop("alternatives")} == {frozenset(fix)}
    assert finding.pop("message")
    assert finding.pop("url").endswith(f"/server/docs/rules/{finding['name']}.md")
    assert finding == {
        "code": "SEN101",
        "name": "configure-scope-with",
        "filename": str(here / "a.py"),
        "cell": None,
        "location": {"row": 5, "column": 10},
        "end_location": {"row": 5, "column": 36},
        "severity": "warning",
        "fixed": False,
        "proved_by_tests": 0,
        "remedy": None,
    }
    assert fix.pop("message")
    edits = fix.pop("edits")
    assert fix == {"applicability": "safe", "reason": None, "doubts": [], "assumes": []}
    assert apply_edits((here / "a.py").read_text(), edits) == f"name = '😀'; {AFTER}"


def apply_edits(text: str, edits: list[dict[str, Any]]) -> str:
    """What a reader of the JSON would do with it."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)

    def offset(place: dict[str, int]) -> int:
        return starts[place["row"] - 1] + place["column"] - 1

    for edit in reversed(edits):
        start, end = offset(edit["location"]), offset(edit["end_location"])
        text = text[:start] + edit["content"] + text[end:]
    return text


def test_json_of_nothing_is_an_empty_array(run: Run) -> None:
    assert json.loads(run("check", "--output-format", "json").out) == []


def test_problems_in_json_are_told_on_standard_error_too(run: Run, here: Path) -> None:
    write_tree(here, {"b.py": BROKEN})
    ran = run("check", "gone.py", "b.py", "--output-format", "json")
    names = {item["name"]: item["filename"] for item in json.loads(ran.out)}
    assert names == {"io-error": str(here / "gone.py"), "syntax-error": str(here / "b.py")}
    assert re.search(r"b.py:\d+:\d+: syntax-error", ran.err)
    assert "gone.py: io-error" in ran.err


ASKED = (
    "1 fix depends on one question: May data that is set before `init()` be sent? If yes, add "
    '`assume = ["before-init"]`.\n`sentry-migrate doubt before-init` says how to find out.\n'
)
UNDO = "`sentry-migrate undo` restores the files as they were.\n"
# arguments, standard output
TEXTS = {
    "--output-format concise --quiet": (
        "a.py:5:10: SEN101 [*] {message}\nb/c.py:3:6: SEN101 {message}\n"
    ),
    "--output-format concise": (
        "a.py:5:10: SEN101 [*] {message}\nb/c.py:3:6: SEN101 {message}\n"
        "Found 2 findings.\n[*] 1 fix available with `--fix` (1 more with `--unsafe-fixes`).\n"
        + ASKED
    ),
    "--output-format concise --unsafe-fixes": (
        "a.py:5:10: SEN101 [*] {message}\nb/c.py:3:6: SEN101 [*] {message}\n"
        "Found 2 findings.\n[*] 2 fixes available with `--fix`.\n"
    ),
    "--output-format concise --fix": (
        "b/c.py:3:6: SEN101 {message}\nFound 2 findings (1 fixed, 1 remaining).\n"
        + UNDO
        + "1 fix available with `--fix --unsafe-fixes`.\n"
        + ASKED
    ),
    "--output-format concise --fix --unsafe-fixes": (
        "Found 2 findings (2 fixed, 0 remaining).\n"
        + UNDO
        + "No sentry-sdk 1.x code is left in 2 files.\n"
    ),
    "--statistics -q": "2  SEN101  [-]  configure-scope-with\n",
    "--statistics -q --unsafe-fixes": "2  SEN101  [*]  configure-scope-with\n",
    "--statistics -q --ignore SEN1": "",
}


@pytest.mark.parametrize(("arguments", "expected"), TEXTS.items())
def test_text(run: Run, here: Path, arguments: str, expected: str) -> None:
    write_tree(here, {"a.py": BEFORE, "b/c.py": UNSAFE})
    message = json.loads(run("check", "--output-format", "json").out)[0]["message"]
    assert run("check", *arguments.split()).text == expected.replace("{message}", message)


def test_statistics_as_json(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BEFORE, "b/c.py": UNSAFE})
    ran = run("check", "--statistics", "--output-format", "json")
    assert json.loads(ran.out) == [
        {
            "code": "SEN101",
            "name": "configure-scope-with",
            "count": 2,
            "fixable": 1,
            "fixable_unsafe": 1,
            "assumed": 0,
        }
    ]


def test_severity_comes_from_the_settings(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BEFORE, "pyproject.toml": CONFIG + 'severity.SEN101 = "hint"\n'})
    (finding,) = json.loads(run("check", "--output-format", "json").out)
    assert finding["severity"] == "hint"


def test_quiet_diff_says_nothing_else(run: Run, here: Path) -> None:
    write_tree(here, {"a.py": BEFORE})
    assert run("check", "--diff", "-q").err == ""
    assert "Would fix 1 finding in 1 file." in run("check", "--diff").err


_SUPPRESSED = BEFORE.replace("import", "# sentry-migrate: ignore-file\nimport", 1)
CLEAN_FILE = {"a.py": CLEAN}
# what: (files, arguments, the lines that end the run)
NOTEBOOK = '{"cells": [{"cell_type": "code", "source": ["import sentry_sdk"]}], "nbformat": 4}'
IN_R = NOTEBOOK.replace('"nbformat"', '"metadata": {"kernelspec": {"language": "R"}}, "nbformat"')
ENDS: dict[str, tuple[Tree, str, list[str]]] = {
    "nothing at all": ({}, "", ["Nothing was checked: no Python or dependency file was found."]),
    "no Python": (
        {"a.txt": BEFORE},
        "",
        ["Nothing was checked: no Python or dependency file was found."],
    ),
    "nothing left": (
        {**CLEAN_FILE, "b/c.py": "x = 1\n", "requirements.txt": "click\n"},
        "",
        ["No sentry-sdk 1.x code is left in 3 files."],
    ),
    "found by two names": (CLEAN_FILE, ". a.py", ["No sentry-sdk 1.x code is left in 1 file."]),
    "fixed": (
        {"a.py": BEFORE},
        "--fix",
        ["No sentry-sdk 1.x code is left in 1 file."],
    ),
    "what Git ignores is not of the project": (
        {**CLEAN_FILE, ".gitignore": "b.py\nc/\n", "b.py": BEFORE, "c/a.py": BEFORE},
        "",
        ["No sentry-sdk 1.x code is left in 1 file."],
    ),
    "excluded by default": (
        {**CLEAN_FILE, "dist/sub/b.py": BEFORE, "venv/c.py": BEFORE},
        "",
        [
            "No finding is left in 1 file.",
            "Not counted: 2 directories with code that mentions `sentry_sdk`, which are "
            "excluded by default.",
        ],
    ),
    "excluded by default, one of them": (
        {**CLEAN_FILE, "sub/_build/b.py": BEFORE, "sub/dist/b.py": "x = 1\n"},
        "",
        [
            "No finding is left in 1 file.",
            "Not counted: 1 directory with code that mentions `sentry_sdk`, which is excluded "
            "by default.",
        ],
    ),
    "excluded by default and ignored by Git": (
        {**CLEAN_FILE, ".gitignore": "dist/\n", "dist/b.py": BEFORE},
        "",
        ["No sentry-sdk 1.x code is left in 1 file."],
    ),
    "excluded by default, with other code": (
        {**CLEAN_FILE, "dist/b.py": "x = 1\n", "dist/b.txt": BEFORE, "node_modules/b.js": BEFORE},
        "",
        ["No sentry-sdk 1.x code is left in 1 file."],
    ),
    "what was installed": (
        {
            **CLEAN_FILE,
            "venv/pyvenv.cfg": "",
            "venv/lib/b.py": BEFORE,
            ".venv/b.py": BEFORE,
            "site-packages/b.py": BEFORE,
            "site-packages/b-1.dist-info/METADATA": "",
            "dist/sentry_sdk/api.py": BEFORE,
            "__pycache__/b.py": BEFORE,
        },
        "",
        ["No sentry-sdk 1.x code is left in 1 file."],
    ),
    "an excluded file without the SDK": (
        {**CLEAN_FILE, "b.py": "x = 1\n"},
        "--exclude b.py",
        ["No sentry-sdk 1.x code is left in 2 files."],
    ),
    "excluded": (
        {**CLEAN_FILE, "b.py": BEFORE, "c/a.py": BEFORE},
        "--exclude b.py --exclude c/",
        ["No finding is left in 1 file.", "Not counted: 2 excluded files or directories."],
    ),
    "excluded by settings further down": (
        {**CLEAN_FILE, "b/pyproject.toml": CONFIG + "exclude = ['a.py']", "b/a.py": BEFORE},
        "",
        ["No finding is left in 2 files.", "Not counted: 1 excluded file or directory."],
    ),
    "suppressed": (
        {"a.py": _SUPPRESSED},
        "",
        ["No finding is left in 1 file.", "Not counted: 1 finding suppressed by comments."],
    ),
    "suppressed in a requirement file": (
        {"requirements.txt": "sentry-sdk==1.45.1  # sentry-migrate: ignore\n"},
        "",
        ["No finding is left in 1 file.", "Not counted: 1 finding suppressed by comments."],
    ),
    "suppressed in setup.cfg": (
        {
            "setup.cfg": "[options]\ninstall_requires =\n    # sentry-migrate: ignore\n    sentry-sdk<2\n"
        },
        "",
        ["No finding is left in 1 file.", "Not counted: 1 finding suppressed by comments."],
    ),
    "a requirement not selected": (
        {"requirements.txt": "sentry-sdk==1.45.1\n"},
        "--select SEN1",
        ["No finding is left in 1 file.", "Not counted: 1 finding of rules that are not selected."],
    ),
    "suppressed, after fixing": (
        {"a.py": _SUPPRESSED, "b.py": BEFORE},
        "--fix",
        ["No finding is left in 2 files.", "Not counted: 1 finding suppressed by comments."],
    ),
    "not selected": (
        {"a.py": BEFORE},
        "--select SEN5",
        [
            "No finding is left in 1 file.",
            "Not counted: 1 finding of rules that are not selected.",
        ],
    ),
    "notebooks": (
        {**CLEAN_FILE, "b.ipynb": NOTEBOOK, "c/d.ipynb": NOTEBOOK, "e.ipynb": '{"cells": []}'},
        "",
        ["No sentry-sdk 1.x code is left in 4 files."],
    ),
    "notebooks in other languages": (
        {**CLEAN_FILE, "b.ipynb": IN_R, "c/d.ipynb": IN_R, "e.ipynb": '{"cells": []}'},
        "",
        [
            "No finding is left in 2 files.",
            "Not counted: 2 notebooks in another language than Python.",
        ],
    ),
    "a notebook alone": (
        {"b.ipynb": IN_R},
        "b.ipynb",
        [
            "Nothing was checked: no Python or dependency file was found.",
            "Not counted: 1 notebook in another language than Python.",
        ],
    ),
    "notebooks that are no concern": (
        {
            **CLEAN_FILE,
            ".gitignore": "b.ipynb\n",
            "b.ipynb": IN_R,
            "c/d.ipynb": IN_R,
            ".ipynb_checkpoints/e.ipynb": NOTEBOOK,
        },
        "--exclude *.ipynb",
        ["No sentry-sdk 1.x code is left in 1 file."],
    ),
    "of no group that is on by default": (
        {"a.py": "import sentry_sdk\nsentry_sdk.init(profiles_sample_rate=1.0)\n"},
        "",
        ["No sentry-sdk 1.x code is left in 1 file."],
    ),
    "broken": ({"a.py": BROKEN, "b.py": CLEAN}, "", ["Failed on 1 file."]),
}


@pytest.mark.parametrize(("files", "arguments", "ends"), ENDS.values(), ids=ENDS)
def test_a_run_ends_with_what_is_left(
    run: Run, here: Path, files: Tree, arguments: str, ends: list[str]
) -> None:
    write_tree(here, files)
    lines = run("check", *arguments.split()).text.splitlines()
    assert lines[-len(ends) :] == ends
    if len(ends) == 1:
        assert not any(line.startswith("Not counted") for line in lines)


IN_CI = {"github": "file={},", "gitlab": '"path": "{}"', "sarif": '"uri": "{}"'}


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
@pytest.mark.parametrize(("output_format", "said"), IN_CI.items())
def test_a_ci_job_is_told_files_from_the_root_of_the_repository(
    run: Run,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    output_format: str,
    said: str,
) -> None:
    write_tree(here, {"app/a.py": "import sentry_sdk\nsentry_sdk.Hub.current.flush()\n"})
    monkeypatch.chdir(here / "app")
    told = ("check", "--output-format", output_format)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert said.format("a.py") in run(*told).text
    monkeypatch.setenv(variable, str(here))
    assert said.format("app/a.py") in run(*told).text
    monkeypatch.setenv(variable, str(here / "elsewhere"))
    assert said.format("a.py") in run(*told).text
